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
	// Members are the files of an archive, each with its own outcome; Statements and Released
	// are then those of all of them.
	Members []Outcome `json:"members,omitempty"`
	// Report is what a pain.002 did; nil for statements.
	Report *ReportOutcome `json:"report,omitempty"`
}

// StatementOutcome is what became of one statement.
type StatementOutcome struct {
	ID          int64  `json:"id,omitempty"`
	Account     string `json:"account"` // IBAN
	BankAccount string `json:"bank_account,omitempty"`
	Ref         string `json:"ref"`
	// Kind is BOOKED, or INTRADAY or NOTICE for what only informs and is never posted.
	Kind    string       `json:"kind"`
	Opening money.Amount `json:"opening"`
	Closing money.Amount `json:"closing"`
	From    civil.Date   `json:"from"`
	To      civil.Date   `json:"to"`
	// File is the name of the file that brought it first, and when; empty for the one at hand.
	File       string    `json:"file,omitempty"`
	ReceivedAt time.Time `json:"received_at,omitzero"`
	// State is accepted, held, or importing while it is long and not all of it is posted;
	// AlreadyKnown: it was stored before, with this content.
	State        string            `json:"state"`
	AlreadyKnown bool              `json:"already_known"`
	Reason       string            `json:"reason,omitempty"`
	Explanation  string            `json:"explanation,omitempty"` // French: why, and what to do
	Warnings     []bankfile.Reason `json:"warnings,omitempty"`
	// How many lines it has, how many are done with (posted, or kept of a notice), and what
	// became of those.
	Lines    int `json:"lines"`
	Done     int `json:"done"`
	Posted   int `json:"posted"`
	Matched  int `json:"matched"`
	Suspense int `json:"suspense"`
	Ignored  int `json:"ignored"`
	// Benefits counts the receipts of persons: one line may bring several.
	Benefits int `json:"benefits"`
}

// States of a statement (decisions 6).
const (
	stateHeld      = "held"
	stateImporting = "importing"
	stateAccepted  = "accepted"
)

// Waits tells that a statement, or a part of it, may still be posted: nobody has given it up.
func (o StatementOutcome) Waits() bool {
	return o.State != stateAccepted && o.Kind == kindBooked && o.Reason != HeldDropped
}

// state is the word for where a statement stands.
func (st *statement) state() string {
	switch {
	case st.chainNo != 0:
		return stateAccepted
	case st.importing:
		return stateImporting
	}
	return stateHeld
}

// Message says in French what the import did, in a few short sentences.
func (o Outcome) Message() string {
	switch {
	case o.AlreadyKnown:
		return o.known()
	case o.Outcome == bankfile.Refused && len(o.Reasons) > 0:
		return o.Reasons[0].Message
	case isNote(o.Reasons) && len(o.Members) == 0:
		return o.Reasons[0].Message
	case len(o.Members) > 0:
		return o.unpacked() + " " + o.received() + o.followed()
	case o.Report != nil:
		return o.Report.message()
	}
	return o.received() + o.followed()
}

// received counts each statement of a file once: accepted, known before, or waiting.
func (o Outcome) received() string {
	taken, lines, known, held := 0, 0, 0, 0
	told := 0 // only for information
	for _, s := range o.Statements {
		switch {
		case s.AlreadyKnown:
			known++
		case s.Kind != kindBooked:
			told++
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
	case taken > 0 || held+told == 0:
		parts = append(parts, fmt.Sprintf("%s, %s.", plural(taken, "relevé reçu", "relevés reçus"),
			plural(lines, "mouvement", "mouvements")))
	}
	if told > 0 {
		parts = append(parts, o.informs(told))
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

// informs says what is kept and never posted; a file has one kind of them.
func (o Outcome) informs(n int) string {
	if o.Statements[0].Kind == kindIntraday {
		return plural(n, "relevé provisoire : gardé, rien n’est enregistré.",
			"relevés provisoires : gardés, rien n’est enregistré.")
	}
	return plural(n, "avis de détail gardé", "avis de détail gardés") +
		" pour expliquer les lignes du relevé, qui seul est enregistré."
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
	held, dropped, unknown := 0, 0, o.ToIdentify()
	for _, s := range o.Statements {
		if s.Waits() {
			held++
		} else if s.Reason == HeldDropped {
			dropped++
		}
	}
	if held > 0 {
		text += fmt.Sprintf(" %s toujours en attente.", plural(held, "relevé", "relevés"))
	}
	if dropped > 0 {
		text += fmt.Sprintf(" %s.", plural(dropped, "relevé abandonné", "relevés abandonnés"))
	}
	text += o.followed()
	switch {
	case unknown > 0:
		text += fmt.Sprintf(" %s à identifier.", plural(unknown, "mouvement reste", "mouvements restent"))
	case len(o.Statements) == 0:
		text += " Ce qu’il dit est déjà pris en compte."
	case held+dropped+len(o.Released) == 0:
		text += " Rien à faire."
	}
	return text
}

// ToIdentify counts the lines of its statements that nobody has identified, as they stand now.
func (o Outcome) ToIdentify() (n int) {
	for _, s := range o.Statements {
		if s.Kind == kindBooked {
			n += s.Suspense
		}
	}
	return n
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
