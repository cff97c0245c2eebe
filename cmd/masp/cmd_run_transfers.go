package main

import (
	"fmt"
	"strings"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/payments"
	"masp/payments/sepa"
)

// printTransfers shows where the money goes, transfer by transfer: this is what is signed. The
// IBAN is masked unless all is asked for.
func printTransfers(out *printer, m payments.RunMandate, all bool) {
	for _, t := range m.Transfers {
		mark := "Virement"
		if t.Kind == ledger.Remittance {
			mark = "Versement"
		}
		out.print("  %-9s %s à %s (%s) %s, le %s, « %s »%s", mark, t.Amount.French(), t.Name, t.Creditor,
			frenchAccount(t, all), t.LeaveOn.FrenchShort(), t.Reference, stateOf(t))
		if t.Moved() {
			out.print("            %s %s part le %s ; la banque l'exécute le %s, premier jour ouvré",
				out.yellow("Décalé :"), t.Amount.French(), t.LeaveOn.FrenchShort(), t.ExecuteOn.FrenchShort())
		}
	}
}

// frenchAccount is the account that a transfer pays, or by what else it is paid.
func frenchAccount(t payments.Instruction, all bool) string {
	iban, err := sepa.ParseIBAN(t.IBAN)
	switch {
	case t.Means != "":
		return t.Means.French()
	case err != nil:
		return t.IBAN
	case all:
		return iban.Formatted()
	}
	return iban.Masked()
}

// stateOf says what became of a transfer that does not simply leave.
func stateOf(t payments.Instruction) string {
	switch t.State {
	case payments.InstructionCancelled:
		return " — annulé"
	case payments.Rejected:
		return " — refusé par la banque " + t.Reason
	case payments.Returned:
		return " — revenu " + t.Reason
	}
	return ""
}

// newPlan says what a coordinator changed in the remittances: to whom, and when.
func newPlan(a payments.Adjustment) string {
	if a.Kind != payments.ChangeRemit {
		return ""
	}
	return fmt.Sprintf(" vers %s, le %s", a.Remit.To, frenchDays(a.Remit.On))
}

func frenchDays(days []civil.Date) string {
	texts := make([]string, len(days))
	for i, d := range days {
		texts[i] = d.FrenchShort()
	}
	return strings.Join(texts, ", ")
}

func jsonTransfers(m payments.RunMandate) []map[string]any {
	list := make([]map[string]any, 0, len(m.Transfers))
	for _, t := range m.Transfers {
		list = append(list, map[string]any{
			"end_to_end_id": t.EndToEndID, "kind": t.Kind, "creditor": t.Creditor, "creditor_name": t.Name,
			"iban": t.IBAN, "reference": t.Reference, "amount": t.Amount, "leave_on": t.LeaveOn,
			"execute_on": t.ExecuteOn, "state": t.State, "reason": t.Reason, "means": t.Means,
		})
	}
	return list
}
