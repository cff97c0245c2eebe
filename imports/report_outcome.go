package imports

import (
	"fmt"
	"slices"
	"strings"

	"masp/payments/sepa"
)

// ReportOutcome is what a pain.002 did.
type ReportOutcome struct {
	// Kind is what the report speaks of: transfers, name_check, acknowledgement, direct_debits or
	// other.
	Kind      sepa.Kind `json:"kind"`
	MessageID string    `json:"message_id"`
	About     string    `json:"about"` // MsgId of our file
	// Information: an acknowledgement of the transport, the answer to something else than our
	// transfers, or a check of names: kept, and it gives nothing back.
	Information bool `json:"information"`
	// Rejected counts the transfers given back by this report, which Transfers lists; Again
	// counts those that an earlier report or a return has given back already.
	Rejected  int                `json:"rejected"`
	Transfers []RejectedTransfer `json:"transfers"`
	Again     int                `json:"again"`
	// Unknown counts rejections of nothing that we sent.
	Unknown int `json:"unknown"`
	// NameChecks are what the payees' banks say of their names, each about one of our creditors.
	NameChecks []NameCheck `json:"name_checks,omitempty"`
}

// RejectedTransfer is one transfer that the bank refused.
type RejectedTransfer struct {
	EndToEndID string `json:"end_to_end_id"`
	Mandate    string `json:"mandate"`
	Amount     string `json:"amount"`
	Reason     string `json:"reason"`
	// Text is French: what to do, and the bank's own words where they tell more.
	Text string `json:"text"`
}

// apart says why a report that is not about the fate of our transfers was kept.
var apart = map[sepa.Kind]string{
	sepa.KindAcknowledgement: "Accusé de transport (EBICS) gardé : " +
		"il ne dit rien des virements eux-mêmes.",
	sepa.KindDirectDebits: "Réponse à des prélèvements (pain.008) gardée : " +
		"elle ne parle d’aucun de nos virements.",
	sepa.KindOther: "Message de la banque gardé pour information : il ne refuse aucun virement.",
}

func (r *ReportOutcome) message() string {
	names := ""
	if len(r.NameChecks) > 0 {
		names = " Contrôle des noms, avant la signature : " + countNames(r.NameChecks) + "."
	}
	switch {
	case r.Kind == sepa.KindNameCheck && names == "":
		return "Contrôle des noms gardé : il ne parle d’aucun de nos destinataires. " +
			"Aucun virement n’est refusé."
	case r.Kind == sepa.KindNameCheck:
		return names[1:] + " Aucun virement n’est refusé."
	case apart[r.Kind] != "":
		return apart[r.Kind]
	}
	return r.fate() + names
}

// fate says what the bank refused.
func (r *ReportOutcome) fate() string {
	if r.Rejected == 0 && r.Unknown == 0 {
		return "La banque n’a refusé aucun virement de plus."
	}
	text := plural(r.Rejected, "virement refusé", "virements refusés") +
		" : l’argent est de nouveau disponible."
	if r.Unknown > 0 {
		text += fmt.Sprintf(
			" %s à aucun de nos virements : demandez à la banque.",
			plural(r.Unknown, "refus ne correspond", "refus ne correspondent"),
		)
	}
	return text
}

// ToDo says in French what a person has to do about it; nothing when nothing is to be done.
func (r *ReportOutcome) ToDo() string {
	var steps []string
	if r.Rejected > 0 {
		steps = append(steps, "vérifiez les IBAN avec les destinataires, puis payez de nouveau (masp alert list)")
	}
	if r.Unknown > 0 {
		steps = append(steps, "demandez à la banque de quels virements elle parle")
	}
	switch {
	case slices.ContainsFunc(r.NameChecks, func(c NameCheck) bool { return differs(c.Result) }):
		steps = append(steps, "vérifiez par appel les noms qui diffèrent, avant de signer")
	case r.Kind == sepa.KindNameCheck && len(r.NameChecks) == 0:
		steps = append(steps, "demandez à la banque de quels virements elle a contrôlé les noms")
	}
	return strings.Join(steps, " ; ")
}
