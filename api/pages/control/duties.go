package control

import (
	"context"
	"net/url"
	"time"

	"masp/api/pages"
	"masp/ledger/civil"
)

// approval is a run with who made it and who signed it.
type approval struct {
	Run         string      `json:"run"`
	Month       civil.Month `json:"month"`
	State       string      `json:"state"`
	ContentHash string      `json:"content_hash"`
	Prepared    []string    `json:"prepared_by"`
	Approvals   []struct {
		By          string    `json:"by"`
		At          time.Time `json:"at"`
		ContentHash string    `json:"content_hash"`
		SamePerson  bool      `json:"same_person"`
	} `json:"approvals"`
	Files []struct {
		Name        string `json:"name"`
		ContentHash string `json:"content_hash"`
		SHA256      string `json:"sha256"`
		Void        bool   `json:"void"`
	} `json:"files"`
}

// Same tells that somebody has signed what he made: never.
func (a approval) Same() bool {
	for _, s := range a.Approvals {
		if s.SamePerson {
			return true
		}
	}
	return false
}

// Equal tells that what was signed is what the run holds, and what its files were made of.
func (a approval) Equal() bool {
	for _, s := range a.Approvals {
		if s.ContentHash != a.ContentHash {
			return false
		}
	}
	for _, f := range a.Files {
		if !f.Void && f.ContentHash != a.ContentHash {
			return false
		}
	}
	return true
}

// Short is the beginning of the hash, for a table.
func (a approval) Short() string {
	const enough = 12
	return a.ContentHash[:min(enough, len(a.ContentHash))]
}

var runStates = map[string]string{
	"in_review": "À vérifier", "approved": "Approuvée", "filed": "Fichier créé", "handed_over": "Remis à la banque",
	"settled": "Exécutée", "cancelled": "Annulée",
}

// What says where the run stands.
func (a approval) What() string { return runStates[a.State] }

type approvalsShown struct {
	All  []approval
	Next string
}

// Bad counts the runs that somebody has signed alone.
func (s approvalsShown) Bad() (n int) {
	for _, a := range s.All {
		if a.Same() {
			n++
		}
	}
	return n
}

func showApprovals(ctx context.Context, v *pages.Visit) error {
	all, next, err := pages.Some[approval](ctx, v, "/v1/run_approvals?"+page(v).Encode())
	if err != nil {
		return err
	}
	return v.Show("controle_approbations.html", pages.Sheet{
		Title: numbered(v, "Approbations"), Data: approvalsShown{all, nextPage(v, next)}, Back: "/controle",
	})
}

// page is which page of a list is read.
func page(v *pages.Visit) url.Values {
	q := url.Values{"limit": {shownAtOnce}}
	if cursor := v.Query("suite"); cursor != "" {
		q.Set("cursor", cursor)
	}
	return q
}

// ibanChange is an IBAN that changed, with both persons.
type ibanChange struct {
	Creditor     string    `json:"creditor"`
	Name         string    `json:"name"`
	State        string    `json:"state"`
	Before       string    `json:"before_masked"`
	IBAN         string    `json:"iban_masked"`
	Evidence     string    `json:"evidence"`
	Load         string    `json:"load"`
	ProposedBy   string    `json:"proposed_by"`
	ProposedAt   time.Time `json:"proposed_at"`
	FirstBy      string    `json:"first_confirmed_by"`
	ConfirmedBy  string    `json:"confirmed_by"`
	ConfirmedAt  time.Time `json:"confirmed_at"`
	PayableFrom  time.Time `json:"payable_from"`
	AwaitsSecond bool      `json:"awaits_second"`
	Signs        []struct {
		Text string `json:"text"`
	} `json:"signs"`
}

var ibanStates = map[string]string{
	"payable": "Peut être payé", "held": "Confirmé, délai en cours", "to_confirm": "Attend une seconde personne", "to_sign": "Attend les signatures du chargement",
	"replaced": "Remplacé depuis", "superseded": "Abandonné", "refused": "Refusé par la banque",
}

// What says where the change stands.
func (c ibanChange) What() string { return ibanStates[c.State] }

// Alone tells that one person has proposed and confirmed it: never.
func (c ibanChange) Alone() bool { return c.ConfirmedBy != "" && c.ConfirmedBy == c.ProposedBy }

type ibansShown struct {
	All  []ibanChange
	Next string
}

func showIBANs(ctx context.Context, v *pages.Visit) error {
	all, next, err := pages.Some[ibanChange](ctx, v, "/v1/iban_changes?"+page(v).Encode())
	if err != nil {
		return err
	}
	return v.Show("controle_iban.html", pages.Sheet{
		Title: numbered(v, "IBAN changés"), Data: ibansShown{all, nextPage(v, next)}, Back: "/controle",
	})
}
