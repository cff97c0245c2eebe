package payments_test

import (
	"slices"
	"strings"
	"testing"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/mandates"
)

// plain turns the thin spaces of French amounts into ordinary ones.
var plain = strings.NewReplacer("\u202f", " ", "\u00a0", " ")

// explain is the sentence of one line.
func explain(a payments.Allotment, line string) string {
	return a.Explanations()[slices.IndexFunc(a.Lines, func(l payments.AllottedLine) bool { return l.ID == line })]
}

func TestEachLineSaysWhyInFrenchWithFigures(t *testing.T) {
	t.Parallel()
	rent := payments.DueLine{ID: "rent", Class: mandates.Rent, Creditor: "L", Label: "Loyer", Due: money.MustParse("459.20")}
	charges := payments.DueLine{ID: "charges", Class: mandates.RentalCharge, Creditor: "L", Label: "Charges", Due: money.MustParse("40.00")}
	power := payments.DueLine{ID: "power", Class: mandates.HousingOther, Creditor: "E", Label: "Électricité", Due: money.MustParse("52.00")}
	phone := payments.DueLine{ID: "phone", Class: mandates.OtherBill, Creditor: "T", Label: "Téléphone", Due: money.MustParse("9.99")}
	contested := payments.DueLine{ID: "debt", Class: mandates.DebtPlan, Creditor: "C", Label: "Trop-perçu", Due: money.MustParse("412.00"), Debt: "D", Block: mandates.ContestedDebt}
	odd := contested
	odd.Block = "SEIZURE"
	saved := payments.DueLine{ID: "saved", Class: mandates.Reserve, Label: "Provision", Due: money.MustParse("30.00")}
	stop := mandates.DefaultPolicy()
	whole := stop
	whole.PartialClasses = nil
	partial := stop
	partial.PartialClasses = []mandates.Class{mandates.HousingOther}

	for name, c := range map[string]struct {
		policy    mandates.Policy
		available string
		floor     string
		lines     []payments.DueLine
		ask, want string
	}{
		"paid":       {stop, "500.00", "0.00", []payments.DueLine{rent}, "rent", "Payé en premier, en entier : 459,20 € sur 500,00 € disponibles."},
		"paid below": {stop, "511.20", "0.00", []payments.DueLine{rent, power}, "power", "Payé en entier : 52,00 € sur les 52,00 € qui restaient."},
		"rent in part": {
			stop, "398.00", "0.00",
			[]payments.DueLine{rent},
			"rent",
			"Payé en partie : 398,00 € sur 459,20 €. Il manque 61,20 € pour payer le loyer en entier ; rien d'autre ne part avant.",
		},
		"rent whole or nothing": {
			whole, "398.00", "0.00",
			[]payments.DueLine{rent},
			"rent",
			"Il manque 61,20 € pour payer le loyer en entier (459,20 €) ; rien d'autre ne part avant. Il reste 398,00 €, mais le paiement en partie n'est pas prévu.",
		},
		"charges after an empty purse": {
			stop, "398.00", "0.00",
			[]payments.DueLine{rent, charges},
			"charges",
			"Il ne reste rien pour payer les charges locatives (40,00 €) ; rien d'autre ne part avant.",
		},
		"rent first": {
			stop, "398.00", "0.00",
			[]payments.DueLine{rent, charges, power},
			"power",
			"Bloqué : il manque 101,20 € pour le loyer et les charges en cours ; rien d'autre ne part avant.",
		},
		"floor kept": {
			stop, "520.00", "20.00",
			[]payments.DueLine{rent, power},
			"power",
			"Reporté : il manque 11,20 € pour payer 52,00 €. Il reste 40,80 € une fois gardé le reste à vivre de 20,00 €.",
		},
		"bill in part": {
			partial, "520.00", "20.00",
			[]payments.DueLine{rent, power},
			"power",
			"Payé en partie : 40,80 € sur 52,00 €. Il manque 11,20 € une fois gardé le reste à vivre de 20,00 €.",
		},
		"stopped by another": {
			stop, "500.00", "0.00",
			[]payments.DueLine{rent, power, phone},
			"phone",
			"En attente : « Électricité » passe avant, et il manque 11,20 € pour la payer en entier.",
		},
		"stopped below the floor": {
			stop, "469.20", "20.00",
			[]payments.DueLine{rent, power, phone},
			"power",
			"Reporté : il manque 62,00 € pour payer 52,00 €. Il reste 0,00 € une fois gardé le reste à vivre de 20,00 €.",
		},
		"rent first, nothing paid in part": {
			whole, "398.00", "0.00",
			[]payments.DueLine{rent, charges, power},
			"power",
			"Bloqué : il manque 101,20 € pour le loyer et les charges en cours ; rien d'autre ne part avant.",
		},
		"contested": {
			stop, "500.00", "0.00",
			[]payments.DueLine{contested},
			"debt",
			"Bloqué : la personne conteste cette dette, et la contestation suspend le remboursement. Rien n'est payé sur 412,00 €.",
		},
		"another block": {
			stop, "500.00", "0.00",
			[]payments.DueLine{odd},
			"debt",
			"Bloqué : motif « SEIZURE ». Rien n'est payé sur 412,00 €.",
		},
		"reserve": {stop, "500.00", "0.00", []payments.DueLine{saved}, "saved", "30,00 € mis de côté sur le compte de la personne."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := payments.Allocate(payments.Question{
				Policy: c.policy, Lines: c.lines,
				Available: money.MustParse(c.available), FloorLeft: money.MustParse(c.floor),
			})
			if got := plain.Replace(explain(a, c.ask)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestAlertsComeInTheOrderOfTheRulesAndReadInFrench(t *testing.T) {
	t.Parallel()
	a := payments.Allocate(payments.Question{
		Mandate: "M", Policy: mandates.DefaultPolicy(), Available: money.MustParse("10.00"), FloorLeft: money.MustParse("200.00"),
		Lines: []payments.DueLine{
			{ID: "plan", Class: mandates.DebtPlan, Creditor: "C", Label: "Plan 3/12", Due: money.MustParse("25.00"), Debt: "D"},
			{ID: "rent", Class: mandates.Rent, Creditor: "L", Label: "Loyer de mai", Due: money.MustParse("300.00")},
		},
		RemitTo: "SELF", RemitOn: []civil.Date{civil.MustParse("2026-05-07")},
	})
	var got []string
	for _, alert := range payments.Alerts(a) {
		got = append(got, plain.Replace(alert.French()))
	}
	want := "Reste à vivre non atteint : il manque 200,00 €.\n" +
		"Loyer ou charges impayés : Loyer de mai, il manque 290,00 €.\n" +
		"Échéance du plan manquée : Plan 3/12, 25,00 €."
	if text := strings.Join(got, "\n"); text != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
}

func TestSharesThatCannotBeSplitAreRefused(t *testing.T) {
	t.Parallel()
	line := payments.DueLine{ID: "rent", Due: money.Cents(100)}
	for name, shares := range map[string][]payments.Share{
		"nobody": nil, "no weight": {{"A", 0}}, "negative": {{"A", 2}, {"B", -1}}, "one twice": {{"A", 1}, {"A", 1}},
	} {
		if got, err := payments.SplitShares(line, shares); err == nil {
			t.Errorf("%s: got %v, want a refusal", name, got)
		}
	}
}

func FuzzAllocateAgreesWithASecondReadingOfTheRules(f *testing.F) {
	f.Add([]byte("rent first, then the others"))
	f.Fuzz(func(t *testing.T, bytes []byte) {
		i := -1
		q := inventQuestion(func(n int) int {
			if i++; i >= len(bytes) {
				return 0
			}
			return int(bytes[i]) % n
		})
		if got, want := asOracle(payments.Allocate(q)).print(), oracle(q).print(); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	})
}
