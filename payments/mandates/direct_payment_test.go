package mandates

import (
	"testing"

	"masp/ledger/civil"
)

func TestAnOrderOfTheJudgeHasTheLengthsOfTheLaw(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end  string
		used int
		want string
	}{
		"twenty-four months":  {"2028-10-31", 0, ""},
		"a day more":          {"2028-11-01", 0, "ORDER_TOO_LONG"},
		"forty-eight in all":  {"2028-10-31", 24, ""},
		"forty-nine in all":   {"2028-10-31", 25, "ORDERS_TOO_LONG"},
		"ended before it was": {"2026-10-31", 0, "ORDER_DATES_MISSING"},
	} {
		d := DirectPayment{Judgment: "TJ, 12/2026", Benefit: "APL", Start: on("2026-11-01"), End: on(c.end)}
		if got := broken(d.check(c.used, civil.Date{}, Catalogue())); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	d := DirectPayment{Judgment: "TJ, 12/2026", Benefit: "APL", Start: on("2026-11-01"), End: on("2027-10-31")}
	if got := broken(d.check(6, on("2026-11-01"), Catalogue())); got != "ORDERS_OVERLAP" {
		t.Errorf("an order that runs: got %q", got)
	}
	if d.Benefit = "SALAIRE"; broken(d.check(0, civil.Date{}, Catalogue())) != "BENEFIT_UNKNOWN" {
		t.Error("a benefit that nobody knows is accepted")
	}
}

func TestAPetitionThatLacksAFieldIsRefused(t *testing.T) {
	t.Parallel()
	whole := Petition{
		LastName: "Roux", FirstName: "Éva", Domicile: "1 rue des Lilas", Payers: []string{"CAF, 2 rue Haute"}, Landlord: "Office",
		Grounds: "Contrat rompu", On: on("2026-11-05"), SignedBy: "la présidente", UnpaidMonths: 2,
	}
	for want, spoil := range map[string]func(*Petition){
		"":                            func(*Petition) {},
		"DOMICILE_MISSING":            func(p *Petition) { p.Domicile = " " },
		"PAYERS_MISSING":              func(p *Petition) { p.Payers = nil },
		"LANDLORD_MISSING":            func(p *Petition) { p.Landlord = "" },
		"GROUNDS_MISSING":             func(p *Petition) { p.Grounds = "" },
		"DAY_MISSING":                 func(p *Petition) { p.On = civil.Date{} },
		"SIGNATORY_MISSING":           func(p *Petition) { p.SignedBy = "" },
		"RENT_NOT_UNPAID_LONG_ENOUGH": func(p *Petition) { p.UnpaidMonths = 1 },
	} {
		p := whole
		spoil(&p)
		if got := broken(p.Check()); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
