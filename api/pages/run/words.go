package run

import (
	"cmp"
	"slices"
	"strings"

	"masp/api/pages"
	"masp/ledger/civil"
)

// states are the states of a run in the words of the pages, with what each is a sign of.
var states = map[string][2]string{
	"draft": {"Brouillon", "jaune"}, "in_review": {"À vérifier", "jaune"}, "approved": {"Approuvée", "vert"},
	"filed": {"Fichier créé", "vert"}, "handed_over": {"Remis à la banque", "vert"}, "settled": {"Exécutée", "vert"},
	"cancelled": {"Annulée", ""},
}

// StateName is the state of a run.
func (r runHead) StateName() string { return states[r.State][0] }

// StateClass is how its state looks.
func (r runHead) StateClass() string { return states[r.State][1] }

// approved tells that a run was signed by as many as it wants.
func (r runHead) approved() bool {
	return slices.Contains([]string{"approved", "filed", "handed_over", "settled"}, r.State)
}

var purposes = map[string]string{ //nolint:gosec // G101: words, no secrets
	"OFF_CYCLE": "Campagne entre deux mois", "EMERGENCY": "Campagne d'urgence", "MANUAL": "Paiement fait à la main",
	"PASS_THROUGH": "Argent à reverser", "RESTITUTION": "Restitution du reste", "REFUND_TO_PAYER": "Remboursement à l'organisme",
	"ESTATE_PAYOUT": "Versement à la succession",
}

func nameOf(purpose string, month civil.Month) string {
	if name, other := purposes[purpose]; other {
		return name + ", " + month.French()
	}
	return "Campagne " + month.FrenchOf()
}

// natures are what a transfer pays.
var natures = map[string]string{ //nolint:gosec // G101: words, no secrets
	"RENT": "Loyer", "RENTAL_CHARGE": "Charges locatives", "HOUSING_OTHER": "Énergie, eau, assurance", "DEBT_PLAN": "Dettes",
	"OTHER_BILL": "Autres factures", "REMITTANCE": "Versé à la personne", "PASS_THROUGH": "Argent reversé",
	"RESTITUTION": "Restitution", "REFUND_TO_PAYER": "Remboursement à l'organisme", "ESTATE_PAYOUT": "Succession",
	"PAYMENT": "Paiement",
}

func natureOf(code string) string {
	if name := natures[code]; name != "" {
		return name
	}
	return code
}

// Name is what it pays.
func (n nature) Name() string { return natureOf(n.Nature) }

// What is what a payment pays.
func (p payment) What() string {
	labels := make([]string, len(p.Lines))
	for i, l := range p.Lines {
		labels[i] = l.Label
	}
	return whatOf(labels, p.Kind)
}

// whatOf names what is paid once each, with how many dues when there are several.
func whatOf(labels []string, kind string) string {
	if len(labels) == 0 {
		return natureOf(kind)
	}
	var said []string
	for i, label := range labels {
		if slices.Index(labels, label) < i {
			continue
		}
		n := 0
		for _, other := range labels {
			if other == label {
				n++
			}
		}
		if n > 1 {
			label += " (" + pages.Count(n, "échéance", "échéances") + ")"
		}
		said = append(said, label)
	}
	return strings.Join(said, ", ")
}

// origins say where a payment comes from.
var origins = map[string]string{
	"LAST_MONTH": "identique au mois dernier", "DECISION": "changé par une décision validée",
	"EXCEPTION": "exception", "REST": "ce qui reste pour la personne",
}

// Origin is where the payment comes from.
func (p payment) Origin() string { return origins[p.From] }

var paymentStates = map[string]string{
	"draft": "Proposé", "scheduled": "Prévu", "in_transit": "En route", "settled": "Exécuté", "rejected": "Refusé par la banque",
	"returned": "Revenu", "cancelled": "Arrêté",
}

// StateName is where a payment stands.
func (p payment) StateName() string { return paymentStates[p.State] }

// Name is where so many payments stand.
func (p progress) Name() string { return paymentStates[p.State] }

// Failed tells that they came back.
func (p progress) Failed() bool { return p.State == "rejected" || p.State == "returned" }

// acts are what somebody did to a run.
var acts = map[string]string{
	"propose": "préparée", "edit": "modifiée", "submit": "soumise", "approve": "approuvée", "reopen": "reprise en brouillon",
	"file": "fichier créé", "hand_over": "remise à la banque", "cancel": "annulée", "comment": "commentée",
	"cancel_transfer": "un paiement arrêté", "void_file": "un fichier mis sans valeur",
}

// Name is the act.
func (a act) Name() string {
	name := cmp.Or(acts[a.Act], a.Act)
	if a.more > 0 {
		name += " " + pages.Number(a.more+1) + " fois"
	}
	return name
}

// prepared are those who have prepared the run as it was last submitted or is now; none of them signs it.
func (r review) prepared() (users []string) {
	for _, a := range r.Acts {
		if slices.Contains([]string{"propose", "edit", "submit"}, a.Act) && !slices.Contains(users, a.User) {
			users = append(users, a.User)
		}
	}
	return users
}

// signed are those who have signed the run as it was last submitted.
func (r review) signed() (users []string) {
	for _, a := range r.Acts {
		switch a.Act {
		case "submit":
			users = nil
		case "approve":
			users = append(users, a.User)
		}
	}
	return users
}

// Prepared names who has prepared the run.
func (r review) Prepared() string { return strings.Join(r.prepared(), ", ") }

// Signed names who has signed it.
func (r review) Signed() string { return strings.Join(r.signed(), ", ") }

// Day says when the banks carry the run out.
func (r review) Day() string {
	switch n := len(r.Days); n {
	case 0:
		return pages.Weekday(r.On)
	case 1:
		return pages.Weekday(r.Days[0])
	default:
		return "du " + pages.Weekday(r.Days[0]) + " au " + pages.Weekday(r.Days[n-1])
	}
}

// From names the accounts that pay, by what is needed to know them again.
func (r review) From() string {
	const most = 3
	if len(r.Accounts) > most {
		return pages.Count(len(r.Accounts), "compte", "comptes")
	}
	var ends []string
	for _, a := range r.Accounts {
		ends = append(ends, pages.IBANEnd(a.IBAN))
	}
	return strings.Join(ends, ", ")
}

// shortHash is a hash by its ends.
func shortHash(hash string) string {
	const shown = 4
	if len(hash) < 3*shown {
		return hash
	}
	return hash[:shown] + "…" + hash[len(hash)-shown:]
}
