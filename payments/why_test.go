package payments

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"masp/payments/mandates"
)

func TestALineSaysTheRuleTheRankAndWhatStandsInItsWay(t *testing.T) {
	t.Parallel()
	policy := mandates.DefaultPolicy()
	policy.LivingFloor = euros("50.00")
	line := func(id string, class mandates.Class, amount string) DueLine {
		return DueLine{ID: id, Class: class, Creditor: "C-" + id, Label: id, Due: euros(amount)}
	}
	all := []DueLine{
		line("RENT", mandates.Rent, "300.00"), line("EDF", mandates.HousingOther, "70.00"),
		line("DEBT", mandates.DebtPlan, "40.00"), line("BILL", mandates.OtherBill, "10.00"),
	}
	contested := slices.Clone(all)
	contested[2].Block = mandates.ContestedDebt
	for name, c := range map[string]struct {
		lines     []DueLine
		available string
		want      string
	}{
		"enough": {all, "600.00", `
			RENT R-008 PAID_FIRST 1 600.00
			EDF R-056 PAID_ABOVE_FLOOR 3 300.00
			DEBT R-056 PAID_ABOVE_FLOOR 4 230.00
			BILL R-056 PAID_ABOVE_FLOOR 5 190.00`},
		"rent is short": {all, "250.00", `
			RENT R-055 INSUFFICIENT_FUNDS 1 250.00
			EDF R-008 RENT_FIRST 3 0.00 RENT lacks 50.00
			DEBT R-008 RENT_FIRST 4 0.00 RENT lacks 50.00
			BILL R-008 RENT_FIRST 5 0.00 RENT lacks 50.00`},
		"a bill stops the rest": {all, "400.00", `
			RENT R-008 PAID_FIRST 1 400.00
			EDF R-056 INSUFFICIENT_FUNDS 3 100.00
			DEBT R-063 HIGHER_PRIORITY_UNPAID 4 100.00 EDF lacks 20.00
			BILL R-063 HIGHER_PRIORITY_UNPAID 5 100.00 EDF lacks 20.00`},
		"the law blocks one": {contested, "600.00", `
			RENT R-008 PAID_FIRST 1 600.00
			EDF R-056 PAID_ABOVE_FLOOR 3 300.00
			DEBT R-072 CONTESTED_DEBT 4 230.00
			BILL R-056 PAID_ABOVE_FLOOR 5 230.00`},
	} {
		a := Allocate(Question{Policy: policy, Available: euros(c.available), FloorLeft: policy.LivingFloor, Lines: c.lines})
		var got strings.Builder
		for i, w := range a.Whys(policy) {
			fmt.Fprintf(&got, "\n\t\t\t%s %s %s %d %s", a.Lines[i].ID, w.Rule, w.Code, w.Rank, w.Available)
			if w.Blocking != "" {
				fmt.Fprintf(&got, " %s lacks %s", w.Blocking, w.Missing)
			}
		}
		if got.String() != c.want {
			t.Errorf("%s: got%s\nwant%s", name, got.String(), c.want)
		}
	}
}

// banned are the words that a page for the person never prints (ux 3.9), by their beginning.
var banned = strings.Fields(`solde crédit débit créditeur débiteur créance créancier virement prélèvement échéance
	apurement imputation opération encours provision écriture lettrage rapprochement sepa iban bic bénéficiaire
	prestation mandat régularisation notification montant effectuer procéder solliciter ci-dessous etc % masp`)

func TestThePersonReadsShortSentencesWithoutWordsOfTheTrade(t *testing.T) {
	t.Parallel()
	reasons := map[Status][]Reason{
		Paid: {""}, Reserved: {""}, Partial: {InsufficientFunds}, Deferred: {InsufficientFunds, HigherPriorityUnpaid},
		Blocked: {RentFirst, IBANNotOpen, mandates.ContestedDebt, mandates.OverIndebtednessFreeze, "ANOTHER_BLOCK"},
	}
	seen := make(map[string]bool)
	for status, list := range reasons {
		for _, reason := range list {
			for _, class := range append(mandates.Classes(), "UNKNOWN") {
				l := AllottedLine{
					DueLine: DueLine{Class: class, Label: "Échéance SEPA", Due: euros("1234567.89")},
					Paid:    euros("234567.89"), Status: status, Reason: reason,
				}
				text := l.ToPerson()
				seen[text] = true
				lintForPerson(t, text)
			}
		}
	}
	if len(seen) < 25 {
		t.Errorf("got %d different sentences, want one for each situation", len(seen))
	}
}

func lintForPerson(t *testing.T, text string) {
	t.Helper()
	for _, word := range banned {
		for _, said := range strings.Fields(strings.ToLower(text)) {
			if strings.HasPrefix(strings.Trim(said, ".,:;'«»"), word) || strings.Contains(said, "'"+word) {
				t.Errorf("%q says %q", text, word)
			}
		}
	}
	for sentence := range strings.SplitSeq(strings.TrimSuffix(text, "."), ". ") {
		sentence = strings.NewReplacer("\u202f", "", "\u00a0", " ", " :", "", "'", " ").Replace(sentence)
		if n := len(strings.Fields(sentence)); n > 12 {
			t.Errorf("%q has %d words, want at most 12", sentence, n)
		}
	}
}
