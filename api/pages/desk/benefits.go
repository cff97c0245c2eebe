package desk

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"masp/api/auth"
	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
)

func benefitPages() []pages.Page {
	return append([]pages.Page{get("/prestations", auth.ReadPersons, showBenefits)}, actPages(
		act{"/beneficiaires/:mandate/prestation", auth.WritePersons, expectBenefit},
	)...)
}

// benefitDays is on which day each benefit came (getBenefitDays).
type benefitDays struct {
	Day    civil.Date    `json:"day"`
	Months []civil.Month `json:"months"`
	Late   []struct {
		Mandate    string       `json:"mandate"`
		Person     string       `json:"person"`
		Benefit    string       `json:"benefit"`
		Payer      string       `json:"payer"`
		Period     civil.Month  `json:"period"`
		Amount     money.Amount `json:"amount"`
		ExpectedOn civil.Date   `json:"expected_on"`
	} `json:"late"`
	Rows []struct {
		Mandate string        `json:"mandate"`
		Person  string        `json:"person"`
		Benefit string        `json:"benefit"`
		Payer   string        `json:"payer"`
		Cells   []receivedDay `json:"cells"`
	} `json:"data"`
	Next string `json:"next_cursor"`
}

// receivedDay is what came of a benefit in a month.
type receivedDay struct {
	ExpectedOn civil.Date   `json:"expected_on"`
	ReceivedOn civil.Date   `json:"received_on"`
	Received   money.Amount `json:"received"`
	Status     string       `json:"status"`
}

// Text is what stands in a cell: the day, or what is missing.
func (d receivedDay) Text() string {
	switch {
	case d.ExpectedOn.IsZero():
		return "–"
	case d.ReceivedOn.IsZero():
		return said(expectedWords, d.Status)
	case d.Status == "MATCHED":
		return "le " + strconv.Itoa(d.ReceivedOn.Day())
	}
	return "le " + strconv.Itoa(d.ReceivedOn.Day()) + " : " + said(expectedWords, d.Status)
}

// Tone is how a cell is marked.
func (d receivedDay) Tone() string {
	return map[string]string{"MATCHED": "vert", "LATE": soon, "SHORT": soon, "OVER": soon, "MISSING": urgent}[d.Status]
}

func showBenefits(ctx context.Context, v *pages.Visit) error {
	q := url.Values{"limit": {strconv.Itoa(pageSize)}}
	if suite := v.Query("suite"); suite != "" {
		q.Set("cursor", suite)
	}
	var days benefitDays
	if err := v.Read(ctx, "/v1/benefit_days?"+q.Encode(), &days); err != nil {
		return err
	}
	p := pager{Page: 1, Pages: 1}
	if n, err := strconv.Atoi(v.Query("page")); err == nil && n > 1 && v.Query("suite") != "" {
		p.Page, p.First = n, here(v, "page", "", "suite", "")
	}
	title := "Prestations attendues"
	if days.Next != "" {
		p.Next = here(v, "page", strconv.Itoa(p.Page+1), "suite", days.Next)
	}
	if p.Page > 1 || p.Next != "" {
		title += " (page " + strconv.Itoa(p.Page) + ")"
	}
	return v.Show("bureau_prestations.html", pages.Sheet{Title: title, Data: map[string]any{"Days": days, "Pager": p}})
}

// payerWords are the bodies that pay benefits.
var payerWords = map[string]string{
	"CAF": "CAF", "MSA": "MSA", "CPAM": "CPAM", "CARSAT": "CARSAT", "CNAV": "CNAV", "DEPARTEMENT": "Département",
}

// expectBenefit notes what should come for a month of right.
func expectBenefit(ctx context.Context, v *pages.Visit) (deed, error) {
	f, err := readFile(ctx, v)
	if err != nil {
		return deed{}, err
	}
	var benefits []pages.Choice
	for _, b := range f.Benefits {
		if b.To.IsZero() {
			benefits = append(benefits, pages.Choice{Value: b.Benefit, Name: b.Benefit})
		}
	}
	home := "/beneficiaires/" + f.Mandate
	return deed{
		Title: "Noter une prestation attendue", Button: "Noter la prestation", Measure: &f.measure,
		Back: home, to: home,
		done: "Prestation attendue notée.",
		Asks: []ask{
			{
				Name: "benefit", Label: "Quelle prestation", Kind: asChoice, Choices: benefits,
				Need: "Choisissez la prestation.",
			},
			{
				Name: "payer", Label: "Qui la verse", Kind: asMenu, Need: "Choisissez qui la verse.",
				Choices: choices("", payerWords, "CAF", "MSA", "CPAM", "CARSAT", "CNAV", "DEPARTEMENT"),
			},
			{
				Name: "period", Label: "Mois du droit",
				Hint: "Année et mois, comme 2026-11. La CAF le paie le mois suivant", Kind: asMonth,
				Need: "Donnez le mois du droit.",
			},
			{
				Name: "amount", Label: "Montant", Hint: "Par exemple 573,49", Kind: asAmount,
				Need: "Écrivez le montant.",
			},
		},
		send: func(ctx context.Context, v *pages.Visit, body map[string]any) error {
			_, err := v.Act(ctx, http.MethodPost, addressOf(f.Mandate)+"/expected_benefits", body, "")
			return err
		},
	}, nil
}
