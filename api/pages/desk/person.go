package desk

import (
	"context"
	"net/url"
	"slices"
	"time"

	"masp/api/auth"
	"masp/api/pages"
	"masp/ledger/money"
	"masp/payments/mandates"
)

func showPerson(ctx context.Context, v *pages.Visit) error {
	f, err := readFile(ctx, v)
	if err != nil {
		return err
	}
	s, err := readSheet(ctx, v, "3")
	if err != nil {
		return err
	}
	var alerts []alert
	if v.May(auth.ReadAlerts) {
		if alerts, err = pages.All[alert](ctx, v, "/v1/alerts?mandate="+url.QueryEscape(f.Mandate)); err != nil {
			return err
		}
	}
	last := s.Months[len(s.Months)-1].Month
	data := map[string]any{
		"File": f, "Sheet": s, "Alerts": alerts, "Earlier": here(v, "mois", last.Add(-3).String()), "Later": "",
		"From": last.First(), "To": last.Last(), "Active": f.Status == "ACTIVE",
	}
	if last.Before(s.Day.MonthOf()) {
		data["Later"] = here(v, "mois", last.Add(3).String())
	} else {
		data["To"] = s.Day
	}
	return v.Show("bureau_personne.html", pages.Sheet{Title: "Dossier " + f.Mandate, Data: data, Back: "/beneficiaires"})
}

const fewMonths = 3

// alive is how many of the months have something to show, the last three at least.
func (s sheet) alive() int {
	for i, m := range s.Months {
		if !m.Opening.IsZero() || !m.In.IsZero() || !m.Out.IsZero() {
			return max(len(s.Months)-i, fewMonths)
		}
	}
	return fewMonths
}

// rentPaid tells of each month whether money has left for the landlord.
func (f file) rentPaid(s sheet) []bool {
	paid := make([]bool, len(s.Months))
	for _, o := range f.Obligations {
		if o.Class != mandates.Rent {
			continue
		}
		for _, r := range s.Rows {
			for i := range r.Amounts {
				paid[i] = paid[i] || r.Kind == "payee" && r.Name == f.Payee(o.Creditor) && r.Amounts[i].IsNegative()
			}
		}
	}
	return paid
}

// last is the sheet of its last months only.
func (s sheet) last(n int) sheet {
	from := max(0, len(s.Months)-n)
	s.Months = s.Months[from:]
	rows := s.Rows
	s.Rows = nil
	for _, r := range rows {
		r.Amounts = r.Amounts[from:]
		if slices.ContainsFunc(r.Amounts, func(a money.Amount) bool { return !a.IsZero() }) {
			s.Rows = append(s.Rows, r)
		}
	}
	return s
}

// event is one act on a file.
type event struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Action string    `json:"action"`
}

// What is what was done, in words.
func (e event) What() string { return said(actWords, e.Action) }

// showHistory is who has changed the file, and who has read it.
func showHistory(ctx context.Context, v *pages.Visit) error {
	f, err := readFile(ctx, v)
	if err != nil {
		return err
	}
	var feed struct {
		Data []event `json:"data"`
	}
	target := "/v1/events?limit=500&object_type=mandate&object=" + url.QueryEscape(f.Mandate)
	if err := v.Read(ctx, target, &feed); err != nil {
		return err
	}
	slices.Reverse(feed.Data)
	type reading struct {
		At   time.Time `json:"at"`
		By   string    `json:"by"`
		What string    `json:"what"`
	}
	reads, _, err := pages.Some[reading](ctx, v, addressOf(f.Mandate)+"/file_reads?limit=50")
	if err != nil {
		return err
	}
	return v.Show("bureau_historique.html", pages.Sheet{
		Title: "Historique du dossier " + f.Mandate, Back: "/beneficiaires/" + f.Mandate,
		Data: map[string]any{"File": f, "Events": feed.Data, "Reads": reads},
	})
}
