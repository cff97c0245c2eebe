package sepa

import "strconv"

// Warnings of a report that was read all the same.
const (
	WarningNamespace     = "namespace"         // none, or not one of pain.002
	WarningDate          = "creation_date"     // absent or unreadable
	WarningAmount        = "amount"            // an original amount that is not a number
	WarningContradiction = "contradiction"     // accepted things inside a rejected whole
	WarningNotTransfers  = "not_our_transfers" // an answer to something else than pain.001
	WarningNoStatus      = "no_status"         // nothing is accepted or rejected, at any level
	WarningUnknownStatus = "unknown_status"    // a status that is no word of ISO 20022
	WarningUnlisted      = "rejects_unlisted"  // rejects are counted or implied, and not all named
)

var warningTexts = map[string]string{
	WarningNamespace:     "l’espace de noms XML n’est pas celui d’un pain.002",
	WarningDate:          "la date de création manque ou ne se lit pas",
	WarningAmount:        "un montant d’origine n’est pas un nombre",
	WarningContradiction: "un ensemble dit refusé contient quelque chose d’accepté : demandez à la banque",
	WarningNotTransfers:  "c’est une réponse à autre chose que nos virements",
	WarningNoStatus:      "la banque ne dit ni accepté ni refusé : demandez-lui ce que sont devenus les virements",
	WarningUnknownStatus: "un état n’est pas un mot de la norme : demandez à la banque ce qu’il veut dire",
	WarningUnlisted:      "la banque annonce des refus qu’elle ne nomme pas tous : demandez-lui lesquels",
}

// WarningText is what staff reads for a warning of a report, in French.
func WarningText(code string) string { return warningTexts[code] }

// contradicts tells that a rejected whole holds something accepted.
func (r Report) contradicts() bool {
	for _, b := range r.Batches {
		held := b.holdsAccepted()
		if (b.Status == StatusRejected && held) ||
			(r.GroupStatus == StatusRejected && (held || b.Status.accepts())) {
			return true
		}
	}
	return false
}

// unlisted tells that the bank rejected something that it does not name: a whole is partly
// accepted without a rejected part, or more rejects are counted (NbOfTxsPerSts) than listed.
func (r Report) unlisted() bool {
	listed, lists := 0, true // each rejected batch lists its transfers, or counts them
	for _, b := range r.Batches {
		if b.Status != StatusRejected && b.unlisted() {
			return true
		}
		lists = lists && (b.Status != StatusRejected || len(b.Transactions) > 0)
		listed += b.rejects()
	}
	if r.GroupStatus == StatusRejected || !lists {
		return false
	}
	return r.GroupStatus == PartlyAccepted && listed == 0 || counted(r.Counted) > listed
}

// unlisted is the same within one batch.
func (b BatchStatus) unlisted() bool {
	return b.Status == PartlyAccepted && b.rejects() == 0 || counted(b.Counted) > b.rejects()
}

// rejects is how many transfers of the batch are listed as rejected.
func (b BatchStatus) rejects() int {
	n := 0
	for _, t := range b.Transactions {
		if t.Status == StatusRejected {
			n++
		}
	}
	return n
}

// counted is how many transfers the bank says to have rejected; 0 when it says nothing readable.
func counted(all map[Status]string) int {
	n, err := strconv.Atoi(all[StatusRejected])
	if err != nil {
		return 0
	}
	return n
}
