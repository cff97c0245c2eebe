package desk

import (
	"context"
	"net/url"
	"strconv"

	"masp/api"
	"masp/api/auth"
	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
)

func personPages() []pages.Page {
	return []pages.Page{
		get("/beneficiaires", auth.ReadPersons, listPersons),
		get("/recherche", auth.ReadPersons, search),
		get("/paiements/:payment", auth.ReadRuns, showPayment),
		get("/beneficiaires/:mandate", auth.ReadPersons, showPerson),
		get("/beneficiaires/:mandate/visite", auth.ReadPersons, showVisit),
		get("/beneficiaires/:mandate/historique", auth.ReadEvents, showHistory),
	}
}

// measure is one line of the list of measures.
type measure struct {
	Mandate     string       `json:"mandate"`
	Person      string       `json:"person"`
	Status      string       `json:"status"`
	Coordinator string       `json:"coordinator"`
	From        civil.Date   `json:"from"`
	To          civil.Date   `json:"to"`
	EndedOn     civil.Date   `json:"ended_on"`
	Balance     money.Amount `json:"balance"`
	Reserve     money.Amount `json:"reserve"`
}

// StatusWord is how a measure stands, in words.
func (m measure) StatusWord() string { return said(statusWords, m.Status) }

// StatusTone is the tone of that.
func (m measure) StatusTone() string { return statusTone(m.Status) }

// pager is where a reader is in a list; its address keeps the filters.
type pager struct {
	Page, Pages int
	More        bool // than are counted: nobody knows how many pages there are
	Next, First string
}

const pageSize = 50

// pagerOf reads the page from the address and makes the addresses of the others.
func pagerOf(v *pages.Visit, next string, count int) pager {
	p := pager{Page: 1, Pages: max(1, (count+pageSize-1)/pageSize), More: count >= api.CountBound}
	if n, err := strconv.Atoi(v.Query("page")); err == nil && n > 1 && v.Query("suite") != "" {
		if p.Page = n; !p.More {
			p.Page = min(n, p.Pages)
		}
		p.First = here(v, "page", "", "suite", "")
	}
	if next != "" {
		p.Next = here(v, "page", strconv.Itoa(p.Page+1), "suite", next)
	}
	return p
}

// Title adds the page to the title of a list of several.
func (p pager) Title(title string) string {
	switch {
	case p.Pages < 2:
		return title
	case p.More:
		return title + " (page " + strconv.Itoa(p.Page) + ")"
	}
	return title + " (page " + strconv.Itoa(p.Page) + " sur " + strconv.Itoa(p.Pages) + ")"
}

// here is the address of this page with other values of some parameters; empty takes one away.
func here(v *pages.Visit, pairs ...string) string {
	q := v.URL.Query()
	for i := 0; i+1 < len(pairs); i += 2 {
		if q.Set(pairs[i], pairs[i+1]); pairs[i+1] == "" {
			q.Del(pairs[i])
		}
	}
	if len(q) == 0 {
		return v.URL.Path
	}
	return v.URL.Path + "?" + q.Encode()
}

// counted is a page of a list of the contract, with how many there are.
type counted[T any] struct {
	Data  []T    `json:"data"`
	Next  string `json:"next_cursor"`
	Count int    `json:"count"`
}

// listed reads the page of a list that the address asks for.
func listed[T any](ctx context.Context, v *pages.Visit, target string, q url.Values) (c counted[T], err error) {
	q.Set("limit", strconv.Itoa(pageSize))
	q.Set("count", "bounded")
	if suite := v.Query("suite"); suite != "" {
		q.Set("cursor", suite)
	}
	err = v.Read(ctx, target+"?"+q.Encode(), &c)
	return c, err
}

// choices are the codes of some words as answers, after one for all.
func choices(all string, words map[string]string, order ...string) []pages.Choice {
	var list []pages.Choice
	if all != "" {
		list = append(list, pages.Choice{Name: all})
	}
	for _, code := range order {
		list = append(list, pages.Choice{Value: code, Name: said(words, code)})
	}
	return list
}

func listPersons(ctx context.Context, v *pages.Visit) error {
	q := url.Values{}
	name := v.Query("nom")
	short := len([]rune(name)) == 1
	if name != "" && !short {
		q.Set("q", name)
	}
	if state := v.Query("etat"); state != "" {
		q.Set("status", state)
	}
	found, err := listed[measure](ctx, v, "/v1/mandates", q)
	if err != nil {
		return err
	}
	p := pagerOf(v, found.Next, found.Count)
	return v.Show("bureau_personnes.html", pages.Sheet{Title: p.Title("Bénéficiaires"), Data: map[string]any{
		"All": found.Data, "Count": found.Count, "Pager": p, "Name": name, "State": v.Query("etat"), "Short": short,
		"States": choices("Toutes les mesures", statusWords,
			"ACTIVE", "PENDING_SIGNATURE", "SUSPENDED", "ENDED", "DECEASED", "CLOSED"),
	}})
}

// foundAll is what a word leads to (search).
type foundAll struct {
	Persons     []measure      `json:"persons"`
	Payments    []foundPayment `json:"payments"`
	Creditors   []foundPayee   `json:"creditors"`
	Lines       []foundLine    `json:"bank_lines"`
	Obligations []foundDue     `json:"obligations"`
}

type foundPayment struct {
	Payment  string       `json:"payment"`
	Person   string       `json:"person"`
	Creditor string       `json:"creditor_name"`
	Amount   money.Amount `json:"amount"`
	On       civil.Date   `json:"on"`
	State    string       `json:"state"`
	Line     string       `json:"bank_line"`
}

// StateWord is where the payment stands.
func (p foundPayment) StateWord() string { return said(paymentWords, p.State) }

type foundPayee struct {
	Creditor string `json:"creditor"`
	Name     string `json:"name"`
	IBAN     string `json:"iban_masked"`
	Kind     string `json:"kind"`
	State    string `json:"state"`
}

type foundLine struct {
	Line         string       `json:"line"`
	BookedOn     civil.Date   `json:"booked_on"`
	Amount       money.Amount `json:"amount"`
	Counterparty string       `json:"counterparty"`
	State        string       `json:"state"`
}

// StateWord is what is known of the line.
func (l foundLine) StateWord() string { return said(lineWords, l.State) }

type foundDue struct {
	Mandate   string       `json:"mandate"`
	Person    string       `json:"person"`
	Label     string       `json:"label"`
	Reference string       `json:"reference"`
	Amount    money.Amount `json:"amount"`
}

// Empty tells that a word leads nowhere.
func (f foundAll) Empty() bool {
	return len(f.Persons)+len(f.Payments)+len(f.Creditors)+len(f.Lines)+len(f.Obligations) == 0
}

const shortestWord, longestWord = 2, 64

// search is from everywhere, and no further than what its reader reaches.
func search(ctx context.Context, v *pages.Visit) error {
	word := v.Query("q")
	data := struct {
		foundAll
		Asked bool
	}{}
	if n := len([]rune(word)); n >= shortestWord && n <= longestWord {
		data.Asked = true
		if err := v.Read(ctx, "/v1/search?"+url.Values{"q": {word}}.Encode(), &data.foundAll); err != nil {
			return err
		}
	}
	return v.Show("bureau_recherche.html", pages.Sheet{Title: "Recherche", Data: data})
}

// paymentProof is a payment with what it rests on, and the line of the bank that proves it.
type paymentProof struct {
	Payment   string       `json:"payment"`
	Run       string       `json:"run"`
	Mandate   string       `json:"mandate"`
	Creditor  string       `json:"creditor"`
	To        string       `json:"creditor_name"`
	Amount    money.Amount `json:"amount"`
	ExecuteOn civil.Date   `json:"execute_on"`
	Reference string       `json:"reference"`
	State     string       `json:"state"`
	Reason    string       `json:"reason"`
	File      string       `json:"file"`
	Why       string       `json:"explanation"`
	Covers    []struct {
		Label  string       `json:"label"`
		DueOn  civil.Date   `json:"due_on"`
		Amount money.Amount `json:"amount"`
		Why    string       `json:"explanation"`
	} `json:"covers"`
}

// showPayment answers "has it left?": what it is, where it stands, and the bank's own line.
func showPayment(ctx context.Context, v *pages.Visit) error {
	var p paymentProof
	if err := v.Read(ctx, "/v1/payments/"+url.PathEscape(v.Path("payment")), &p); err != nil {
		return err
	}
	var found foundAll
	if v.May(auth.ReadPersons) {
		if err := v.Read(ctx, "/v1/search?q="+url.QueryEscape(p.Payment), &found); err != nil {
			return err
		}
	}
	data := map[string]any{"Pay": p, "State": said(paymentWords, p.State), "Found": foundPayment{}}
	for _, f := range found.Payments {
		if f.Payment == p.Payment {
			data["Found"] = f
		}
	}
	return v.Show("bureau_paiement.html", pages.Sheet{Title: "Paiement " + p.Payment, Data: data})
}
