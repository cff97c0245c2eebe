package imports

import (
	"fmt"
	"time"

	"masp/imports/bankfile"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// Outcome is what an import did, for people and for programs.
type Outcome struct {
	File    string           `json:"file"`
	SHA256  string           `json:"sha256,omitempty"`
	Format  string           `json:"format"`
	Outcome bankfile.Outcome `json:"outcome"`
	// AlreadyKnown: the same bytes came before, at ReceivedAt; nothing was done.
	AlreadyKnown bool              `json:"already_known"`
	ReceivedAt   time.Time         `json:"received_at,omitzero"`
	Reasons      []bankfile.Reason `json:"reasons"`
	// Statements are those of the file, in its order.
	Statements []StatementOutcome `json:"statements"`
	// Released are earlier statements that were held and that this import made continue.
	Released []StatementOutcome `json:"released,omitempty"`
	// Report is what a pain.002 did; nil for statements.
	Report *ReportOutcome `json:"report,omitempty"`
}

// StatementOutcome is what became of one statement.
type StatementOutcome struct {
	ID          int64        `json:"id,omitempty"`
	Account     string       `json:"account"` // IBAN
	BankAccount string       `json:"bank_account,omitempty"`
	Ref         string       `json:"ref"`
	Opening     money.Amount `json:"opening"`
	Closing     money.Amount `json:"closing"`
	From        civil.Date   `json:"from"`
	To          civil.Date   `json:"to"`
	// State is accepted or held; AlreadyKnown: it was stored before, with this content.
	State        string            `json:"state"`
	AlreadyKnown bool              `json:"already_known"`
	Reason       string            `json:"reason,omitempty"`
	Explanation  string            `json:"explanation,omitempty"` // French
	Warnings     []bankfile.Reason `json:"warnings,omitempty"`
	// How many lines it has, and what became of them.
	Lines    int `json:"lines"`
	Posted   int `json:"posted"`
	Matched  int `json:"matched"`
	Suspense int `json:"suspense"`
	Ignored  int `json:"ignored"`
	// Benefits counts the receipts of persons: one line may bring several.
	Benefits int `json:"benefits"`
}

// States of a statement (decisions 6).
const (
	stateHeld     = "held"
	stateAccepted = "accepted"
)

// Message says in French what the import did, in one or two sentences.
func (o Outcome) Message() string {
	if o.AlreadyKnown {
		return o.known()
	}
	switch {
	case o.Outcome == bankfile.Refused && len(o.Reasons) > 0:
		return o.Reasons[0].Message
	case o.Report != nil:
		return o.Report.message()
	}
	lines, held := 0, o.held()
	for _, s := range o.Statements {
		lines += s.Lines
	}
	text := fmt.Sprintf("%s, %s.", plural(len(o.Statements), "relevé reçu", "relevés reçus"),
		plural(lines, "mouvement", "mouvements"))
	if lines == 0 && len(o.Statements) == 1 {
		text = "Relevé reçu, aucun mouvement."
	}
	if held > 0 {
		text += fmt.Sprintf(" %s en attente : rien n’en a été enregistré dans les comptes.",
			plural(held, "relevé mis", "relevés mis"))
	}
	if len(o.Released) > 0 {
		text += fmt.Sprintf(" %s.",
			plural(len(o.Released), "relevé en attente a pu suivre", "relevés en attente ont pu suivre"))
	}
	return text
}

// known says when a file came that comes again, and whether something of it still waits.
func (o Outcome) known() string {
	at := o.ReceivedAt.In(civil.Paris)
	text := fmt.Sprintf("Déjà reçu le %s à %d h %02d. ", at.Format("02/01"), at.Hour(), at.Minute())
	if held := o.held(); held > 0 {
		return text + fmt.Sprintf("%s toujours en attente.", plural(held, "relevé", "relevés"))
	}
	return text + "Rien à faire."
}

// held counts the statements that wait.
func (o Outcome) held() int {
	held := 0
	for _, s := range o.Statements {
		if s.State == stateHeld {
			held++
		}
	}
	return held
}

// outcome says what became of a statement of this import.
func (st *statement) outcome() StatementOutcome {
	o := StatementOutcome{
		ID:          st.id,
		Account:     st.iban,
		BankAccount: st.account,
		Ref:         st.ref,
		Opening:     st.opening,
		Closing:     st.closing,
		From:        st.from,
		To:          st.to,
		State:       stateAccepted,
		Reason:      st.held.reason,
		Explanation: st.held.explanation,
		Warnings:    st.warnings,
		Lines:       len(st.lines),
	}
	if st.chainNo == 0 {
		o.State = stateHeld
	}
	return o
}

// count adds up what the lines were recognised as.
func (o *StatementOutcome) count(found []Recognition) {
	for _, r := range found {
		switch r.State {
		case LinePosted:
			o.Posted++
		case LineMatched:
			o.Matched++
		case LineSuspense:
			o.Suspense++
		case LineIgnored:
			o.Ignored++
		}
		for _, p := range r.Parts {
			if p.Benefit != "" {
				o.Benefits++
			}
		}
	}
}
