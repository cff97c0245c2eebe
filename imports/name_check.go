package imports

import (
	"fmt"
	"strings"
	"time"

	"masp/payments/sepa"
)

// AlertNameMismatch tells that a payee's bank knows the account under another name.
const AlertNameMismatch = "PAYEE_NAME_DIFFERS"

// NameCheck is what the bank of a payee says of his name (verification of payee). It is read
// before a signature; it never rejects a transfer (Reg. (EU) 2024/886 art. 5c).
type NameCheck struct {
	Creditor  string      `json:"creditor"`
	IBAN      string      `json:"iban"`                // masked
	OurName   string      `json:"our_name"`            // that was checked
	Result    sepa.Status `json:"result"`              // RCVC, RVMC, RVNM or RVNA
	BankName  string      `json:"bank_name,omitempty"` // that the bank gave, when it is close
	Reference string      `json:"reference,omitempty"` // EndToEndId of the transfer that was checked
	At        time.Time   `json:"checked_at"`
	Text      string      `json:"text"` // French: what it means and what to do
}

// differs tells a result that somebody must look at before he signs.
func differs(s sepa.Status) bool { return s == sepa.VerifiedClose || s == sepa.VerifiedNone }

// nameAtBank is the name that the bank gave in its answer: for a close match it stands where the
// original name was (formats 2.1); repeated as we wrote it, it says nothing.
func nameAtBank(status sepa.Status, said, ours string) string {
	if status != sepa.VerifiedClose ||
		strings.EqualFold(sepa.Transliterate(said), sepa.Transliterate(ours)) {
		return ""
	}
	return said
}

// explain is the French sentence on a check.
func (c NameCheck) explain() string {
	switch c.Result {
	case sepa.VerifiedFull:
		return "Le nom correspond au compte."
	case sepa.VerifiedClose:
		if c.BankName != "" {
			return fmt.Sprintf("Nom proche : la banque connaît ce compte sous le nom « %s ». "+
				"Corrigez le nom, ou vérifiez par appel.", c.BankName)
		}
		return "Nom proche, mais pas le même : vérifiez par appel."
	case sepa.VerifiedNone:
		return "Le compte n’est pas à ce nom : appelez le destinataire à un numéro connu " +
			"avant de signer."
	}
	return "La banque du destinataire n’a pas pu comparer le nom."
}

// countNames says how many names are which, in French.
func countNames(checks []NameCheck) string {
	n := map[sepa.Status]int{}
	for _, c := range checks {
		n[c.Result]++
	}
	return fmt.Sprintf("%s, %s, %s, %s",
		plural(n[sepa.VerifiedFull], "nom conforme", "noms conformes"),
		plural(n[sepa.VerifiedClose], "proche", "proches"),
		plural(n[sepa.VerifiedNone], "différent", "différents"),
		plural(n[sepa.VerifiedNotTested], "non comparé", "non comparés"))
}
