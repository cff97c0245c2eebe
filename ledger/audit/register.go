package audit

import (
	"slices"

	"masp/ledger/chain"
)

// registered are the tables whose every change must be followed by an act, in the order of their
// names. A migration registers each with masp.register.
var registered = []string{
	"aid_requests", "amendments", "archive_openings", "auditor_scopes", "authorised_benefits", "bank_accounts", "bank_locks", "beneficiaries", "benefit_tolerances",
	"benefits", "cards", "caseloads", "contribution_scales", "contributions", "conventions", "court_benefits", "cover_agreements", "credentials", "creditor_contacts", "creditor_ibans", "creditors", "day_closings", "debt_movements",
	"debt_plans", "debts", "devices", "diagnostics", "direct_payments", "dues", "earlier_accounts", "erasures", "evaluations", "expected_benefits",
	"handed_papers", "housing", "iban_confirmations", "load_signatures", "logins", "mandate_conventions", "mandate_terms", "mandates", "obligations", "organisations",
	"overindebtedness_steps", "payer_calendars", "payer_changes", "payer_numbers", "recognition_rules",
	"refused_rules", "renewals",
	"reserve_movements", "restorations", "retention_holds", "retention_settings", "retentions", "seizure_floors", "shared_obligations",
	"signature_limits", "statement_delays", "supports", "suspensions", "threat_notes", "user_identities", "users", "visits",
}

// Registered names the tables that the log of acts seals.
func Registered() []string { return slices.Clone(registered) }

// The codes of [RegisterFault].
const (
	ChangedWithoutAct = "CHANGED_WITHOUT_ACT" // a change that no act has followed
	RegisterChanged   = "REGISTER_CHANGED"    // rows that are not those of the acts
	RegisterHead      = "REGISTER_HEAD"       // registers that are not those of the last act
)

// RegisterFault is a registered table that is not what the acts have left.
type RegisterFault struct {
	Code  string
	Table string
	What  string // French, for the reader of the proof
}

// mix stands for the content of a table: how many rows, and the XOR of their SHA-256.
type mix struct {
	rows  int64
	words [4]int64
}

// with is what m becomes by a change; the same change again takes back its words.
func (m mix) with(change mix) mix {
	m.rows += change.rows
	for i, w := range change.words {
		m.words[i] ^= w
	}
	return m
}

// register is one row of the stored registers.
type register struct {
	table string
	mix   mix
}

// registersHash is what an act keeps of the registers, given in the order of their names.
func registersHash(all []register) chain.Hash {
	e := chain.New(1, "registers")
	for _, r := range all {
		e.Str(r.table).Int(r.mix.rows)
		for _, w := range r.mix.words {
			e.Int(w)
		}
	}
	return e.Sum()
}

// judge compares what a table holds with its register and with the changes that wait for an act.
// Before the first act nothing is signed: then changes may wait.
func judge(table string, stored, waiting, found mix, signed bool, report func(RegisterFault)) {
	if signed && waiting != (mix{}) {
		report(RegisterFault{ChangedWithoutAct, table, "la table a été modifiée sans qu'un acte le dise"})
	}
	if stored.with(waiting) != found {
		report(RegisterFault{RegisterChanged, table, "la table n'est plus celle que les actes ont laissée"})
	}
}
