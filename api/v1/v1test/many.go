package v1test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"masp/api"
	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/migrations/dbtest"
	"masp/payments"
	"masp/payments/mandates"
	"masp/payments/mandates/load"
	"masp/payments/sepa"
)

// Many opens an office of c.martin with so many invented persons, on 7 December 2026. Their run of November
// was signed and filed; that of December, C-2026-12-1, is a draft with twelve exceptions, three of them
// blocking: three persons have too little for their rent, and nothing for themselves; three landlords have a
// new IBAN; three bills have changed by a decision. It is for who measures pages.
func Many(t testing.TB, site api.Site, persons int, options ...dbtest.Option) *Office {
	t.Helper()
	o := Crowd(t, site, persons, "700.00", options...)
	m := &month{o, t, t.Context()}
	m.first()
	m.second(persons)
	return o
}

// Crowd opens an office of c.martin on 1 November 2026 with so many invented persons, each holding so much on
// the one pooled account. Nothing has happened yet.
func Crowd(t testing.TB, site api.Site, persons int, each string, options ...dbtest.Option) *Office {
	t.Helper()
	db := dbtest.New(t, options...)
	db.SetClock(t, Moment("2026-11-01", 8))
	o := On(t, db, site)
	file := crowd(t, persons, each)
	loaded, err := (&load.Service{DB: db.App, Ledger: o.House.Ledger}).Load(t.Context(), auth.Principal{}, file)
	if err != nil {
		t.Fatal(err)
	}
	o.Tokens = map[string]string{}
	for _, token := range loaded.Tokens {
		o.Tokens[token.User] = token.Token
	}
	for _, user := range []string{"k.perrin", "k.sauvage"} {
		if _, err := o.House.Mandates.SignLoad(t.Context(), o.Who(t, user), loaded.SHA256); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// month plays what happens to a crowd.
type month struct {
	*Office
	t   testing.TB
	ctx context.Context
}

func (m *month) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

// first signs and files the run of November.
func (m *month) first() {
	m.t.Helper()
	m.At(m.t, "2026-11-05", 9)
	pay := m.House.Payments
	run, err := pay.Propose(m.ctx, m.Who(m.t, "c.martin"), payments.Ask{All: true})
	m.must(err)
	m.must(pay.DecideAll(m.ctx, m.Who(m.t, "c.martin"), run.ID, "vu avec les personnes"))
	run, err = pay.Submit(m.ctx, m.Who(m.t, "c.martin"), run.ID)
	m.must(err)
	_, err = pay.Approve(m.ctx, m.Who(m.t, "v.olivier"), run.ID, run.ContentHash)
	m.must(err)
	_, err = pay.File(m.ctx, m.Who(m.t, "v.olivier"), run.ID)
	m.must(err)
}

// second brings what is new in December, and proposes its run.
func (m *month) second(persons int) {
	m.t.Helper()
	m.At(m.t, "2026-12-01", 9)
	files := m.House.Mandates
	for i := 1; i <= 3; i++ {
		payee := fmt.Sprintf("C-BAIL-%d", i)
		_, err := files.ProposeIBAN(m.ctx, m.Who(m.t, "c.nadir"), payee, ibanOf(m.t, "00700", i), "RIB reçu par courrier")
		m.must(err)
		_, err = files.ConfirmIBAN(m.ctx, m.Who(m.t, "k.perrin"), payee)
		m.must(err)
		_, err = files.ChangeAmount(m.ctx, m.Who(m.t, "c.martin"), mandates.AmountChange{
			Obligation: fmt.Sprintf("O-%04d-ENERGY", i+6), ID: fmt.Sprintf("O-%04d-ENERGY-2", i+6), From: civil.MustParse("2026-12-01"), Amount: money.MustParse("71.20"),
		})
		m.must(err)
	}
	for i := 1; i <= persons; i++ {
		came := "700.00"
		if i >= 4 && i <= 6 {
			came = "100.00"
		}
		_, err := m.House.Ledger.Post(m.ctx, ledger.Entry{
			Journal: ledger.BankJournal, Kind: ledger.BankCredit, Source: fmt.Sprint("december ", i), Label: "Prestation", Actor: "test",
			Postings: []ledger.Posting{{
				Debit: ledger.Bank("BK-POOL"), Credit: ledger.Mandate(fmt.Sprintf("M-%04d", i)), Amount: money.MustParse(came),
			}},
		})
		m.must(err)
	}
	m.At(m.t, "2026-12-07", 9)
	_, err := m.House.Payments.Propose(m.ctx, m.Who(m.t, "c.martin"), payments.Ask{All: true})
	m.must(err)
}

func ibanOf(t testing.TB, branch string, n int) sepa.IBAN {
	t.Helper()
	iban, err := sepa.MakeFrenchIBAN("99999", branch, fmt.Sprintf("%011d", n))
	if err != nil {
		t.Fatal(err)
	}
	return iban
}

// crowd is the file of an organisation with so many persons: the staff of load.Example, one pooled account.
func crowd(t testing.TB, persons int, each string) []byte {
	t.Helper()
	var file map[string]any
	if err := json.Unmarshal(load.Example, &file); err != nil {
		t.Fatal(err)
	}
	iban := func(branch string, n int) string { return ibanOf(t, branch, n).String() }
	creditors := []any{
		map[string]any{"id": "C-OFFICE", "name": "Office des Trois Collines", "kind": "LANDLORD", "iban": iban("00500", 1)},
		map[string]any{"id": "C-LUMEN", "name": "Lumen Énergie", "kind": "ENERGY", "iban": iban("00500", 2)},
		map[string]any{"id": "C-VOIX", "name": "Voix Mobile", "kind": "TELECOM", "iban": iban("00500", 3)},
	}
	var people, measures, owed []any
	for i := 1; i <= persons; i++ {
		person, measure, creditor, lines := one(i, each, iban)
		people, measures = append(people, person), append(measures, measure)
		creditors, owed = append(creditors, creditor...), append(owed, lines...)
	}
	file["bank_accounts"] = file["bank_accounts"].([]any)[1:]
	file["creditors"], file["beneficiaries"], file["mandates"], file["obligations"] = creditors, people, measures, owed
	file["expected_benefits"], file["debts"] = []any{}, []any{}
	text, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// one is a person with her measure, her payees and what she pays each month.
func one(i int, holds string, iban func(string, int) string) (person, measure any, creditors, lines []any) {
	id := fmt.Sprintf("%04d", i)
	person = map[string]any{
		"id": "B-" + id, "civility": "Mme", "last_name": fmt.Sprintf("Exemple%d", i), "first_name": "Anne", "born_on": "1980-01-02", "department": "26",
	}
	const start, end = "2026-06-01", "2027-05-31"
	measure = map[string]any{
		"id": "M-" + id, "beneficiary": "B-" + id, "level": "MASP2", "department": "26", "threat_ground": "BOTH", "bank_account": "BK-POOL",
		"coordinator": "c.martin", "opening_balance": holds, "authorised_benefits": []string{"RSA"},
		"policy": map[string]any{"living_floor": "150.00"}, "remittance": map[string]any{"to": "C-SELF-" + id, "days": []int{12}},
		"contract": map[string]any{
			"start": start, "end": end, "signed_by_person_on": start, "signed_by_department_on": start, "signed_by_operator_on": start,
			"commitments": map[string]any{"person": []string{"Transmettre les factures"}, "operator": []string{"Payer le loyer en premier"}},
		},
	}
	landlord := "C-OFFICE"
	creditors = []any{map[string]any{"id": "C-SELF-" + id, "name": fmt.Sprintf("Anne Exemple%d", i), "kind": "BENEFICIARY", "iban": iban("00600", i)}}
	if i <= 3 {
		landlord = fmt.Sprintf("C-BAIL-%d", i)
		creditors = append(creditors, map[string]any{"id": landlord, "name": fmt.Sprintf("Bailleur inventé %d", i), "kind": "LANDLORD", "iban": iban("00510", i)})
	}
	for _, l := range [][4]string{
		{"RENT", landlord, fmt.Sprintf("%d.40", 280+i%60), "Loyer restant dû"},
		{"ENERGY", "C-LUMEN", "62.00", "Électricité"},
		{"PHONE", "C-VOIX", "19.90", "Téléphone"},
	} {
		class := map[string]string{"RENT": "RENT", "ENERGY": "HOUSING_OTHER", "PHONE": "OTHER_BILL"}[l[0]]
		lines = append(lines, map[string]any{
			"id": "O-" + id + "-" + l[0], "mandate": "M-" + id, "class": class, "creditor": l[1], "amount": l[2], "label": l[3],
			"reference": l[3] + " " + id, "frequency": "MONTHLY", "due_day": 10, "from": "2026-11-01",
		})
	}
	return person, measure, creditors, lines
}
