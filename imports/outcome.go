package imports

import (
	"fmt"
	"strings"
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
	// AlreadyKnown: the same bytes came before, at ReceivedAt, or other files brought every
	// statement of this one, the last at ReceivedAt. Nothing is booked twice.
	AlreadyKnown bool              `json:"already_known"`
	otherFile    bool              // the bytes are new, what they say is not
	ReceivedAt   time.Time         `json:"received_at,omitzero"`
	Reasons      []bankfile.Reason `json:"reasons"`
	// Statements are those of the file, in its order.
	Statements []StatementOutcome `json:"statements"`
	// Released are earlier statements that were held and that this import let continue.
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
	// File is the name of the file that brought it first, and when; empty for the one at hand.
	File       string    `json:"file,omitempty"`
	ReceivedAt time.Time `json:"received_at,omitzero"`
	// State is accepted or held; AlreadyKnown: it was stored before, with this content.
	State        string            `json:"state"`
	AlreadyKnown bool              `json:"already_known"`
	Reason       string            `json:"reason,omitempty"`
	Explanation  string            `json:"explanation,omitempty"` // French: why, and what to do
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

// Waits tells that a statement is held and may still be posted: nobody has given it up.
func (o StatementOutcome) Waits() bool { return o.State == stateHeld && o.Reason != HeldDropped }

// Message says in French what the import did, in a few short sentences.
func (o Outcome) Message() string {
	switch {
	case o.AlreadyKnown:
		return o.known()
	case o.Outcome == bankfile.Refused && len(o.Reasons) > 0:
		return o.Reasons[0].Message
	case o.Report != nil:
		return o.Report.message()
	}
	return o.received() + o.followed()
}

// received counts each statement of a file once: accepted, known before, or waiting.
func (o Outcome) received() string {
	taken, lines, known, held := 0, 0, 0, 0
	for _, s := range o.Statements {
		switch {
		case s.AlreadyKnown:
			known++
		case s.Waits():
			held++
		default:
			taken, lines = taken+1, lines+s.Lines
		}
	}
	var parts []string
	switch {
	case taken == 1 && lines == 0:
		parts = append(parts, "Relevé reçu, aucun mouvement.")
	case taken > 0 || held == 0:
		parts = append(parts, fmt.Sprintf("%s, %s.", plural(taken, "relevé reçu", "relevés reçus"),
			plural(lines, "mouvement", "mouvements")))
	}
	if known > 0 {
		parts = append(parts, fmt.Sprintf("%s : rien n’est compté deux fois.",
			plural(known, "relevé déjà reçu", "relevés déjà reçus")))
	}
	if held > 0 {
		parts = append(parts, fmt.Sprintf("%s en attente : rien n’en a été enregistré dans les comptes.",
			plural(held, "relevé mis", "relevés mis")))
	}
	return strings.Join(parts, " ")
}

// known says when it came that comes again, and whether something of it still waits.
func (o Outcome) known() string {
	at := o.ReceivedAt.In(civil.Paris)
	what := "Déjà reçu"
	if o.otherFile {
		what = "Relevé déjà reçu"
		if len(o.Statements) > 1 {
			what = fmt.Sprintf("%d relevés déjà reçus, le dernier", len(o.Statements))
		}
	}
	text := fmt.Sprintf("%s le %s à %d h %02d", what, at.Format("02/01"), at.Hour(), at.Minute())
	if o.otherFile {
		text += " dans un autre fichier"
	}
	text += "."
	held, dropped := 0, 0
	for _, s := range o.Statements {
		if s.Waits() {
			held++
		} else if s.State == stateHeld {
			dropped++
		}
	}
	if held > 0 {
		text += fmt.Sprintf(" %s toujours en attente.", plural(held, "relevé", "relevés"))
	}
	if dropped > 0 {
		text += fmt.Sprintf(" %s.", plural(dropped, "relevé abandonné", "relevés abandonnés"))
	}
	if held+dropped+len(o.Released) == 0 {
		text += " Rien à faire."
	}
	return text + o.followed()
}

// followed says that statements which waited have been posted.
func (o Outcome) followed() string {
	if len(o.Released) == 0 {
		return ""
	}
	return fmt.Sprintf(" %s.", plural(
		len(o.Released), "relevé en attente a pu suivre", "relevés en attente ont pu suivre",
	))
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
