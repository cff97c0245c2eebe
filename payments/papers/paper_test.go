package papers

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// measure is one that ended on 20 December 2026, with the account of its year: each ten days a benefit,
// a rent or a remittance; a rent that came back, and a fee.
func measure() Account {
	m := mandates.Summary{
		ID: "M-0001", Person: "Mme Façon Éva-Zoë", Department: "34", From: civil.MustParse("2026-01-01"), To: civil.MustParse("2026-12-31"),
		Status: mandates.Ended, EndedOn: civil.MustParse("2026-12-20"), EndReason: mandates.AutonomyRegained,
	}
	a := Account{Heading: Heading{
		Organisation: "Association des Peupliers", Siren: "999999999", Mandate: m, From: m.From, To: m.To, Today: civil.MustParse("2027-01-20"),
	}, Opening: money.Cents(4317)}
	var moves []movement
	var benefits []received
	var transfers []paid
	for i := range int64(36) {
		d := a.From.AddDays(int(i * 10))
		switch i % 3 {
		case 0:
			moves = append(moves, movement{i, d, ledger.BankCredit, money.Cents(57349), money.Amount{}})
			benefits = append(benefits, received{i, "Revenu de solidarité active", money.Cents(57349)})
		case 1:
			moves = append(moves, movement{i, d, ledger.Payment, money.Amount{}, money.Cents(22050)})
			transfers = append(transfers, paid{i, false, "PAYMENT", "RENT", "Office des Trois Collines", money.Cents(22050)})
		case 2:
			moves = append(moves, movement{i, d, ledger.Remittance, money.Amount{}, money.Cents(10839)})
			transfers = append(transfers, paid{i, false, "REMITTANCE", "", "Mme Façon Éva-Zoë", money.Cents(10839)})
		}
	}
	moves = append(moves, movement{99, a.To, ledger.Return, money.Cents(22050), money.Amount{}},
		movement{100, a.To, ledger.BankDebit, money.Amount{}, money.Cents(320)})
	transfers = append(transfers, paid{99, true, "PAYMENT", "RENT", "Office des Trois Collines", money.Cents(22050)})
	a.addUp(moves, benefits, transfers, itself)
	a.Parts = []Part{{"", a.Closing.Sub(money.Cents(5000))}, {ledger.Restricted, money.Cents(5000)}}
	a.Reserve = Reserve{Aside: money.Cents(4000), Used: money.Cents(1000), End: money.Cents(3000)}
	a.InTransit = money.Cents(10839)
	a.Debts = []DebtSum{{
		"D-1", mandates.KindRentArrears, "Office des Trois Collines", money.Cents(120000),
		money.Amount{},
		money.Cents(30000),
		money.Cents(15000), money.Cents(75000),
	}}
	return a
}

func TestAnAccountInWordsIsItsGolden(t *testing.T) {
	t.Parallel()
	a := measure()
	if !a.Proved() {
		t.Fatal("the account of the test does not add up")
	}
	final := Final{
		Account: a, Left: []mandates.ClosingStep{
			{Code: "RETURN_BALANCE", French: "le solde est à rendre à la personne", Amount: a.Closing}, {Code: "TELL_PAYERS", Count: 2},
		},
		Bills:    []Bill{{"Loyer", "Office des Trois Collines", money.Cents(22050), "par mois"}},
		Requests: []mandates.AidRequest{{AskedOn: a.From, AskedOf: "FSL de l'Hérault", Purpose: "dette d'énergie", Amount: money.Cents(30000)}},
	}
	for name, made := range map[string]Printed{"annual.txt": a, "final.txt": final} {
		file, got := filepath.Join("testdata", name), made.Paper().Text()
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
	}
}
