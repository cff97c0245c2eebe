package imports

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"

	"masp/imports/bankfile"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
)

// ErrNoStatement, ErrNoLine and ErrNoMatch: nothing has this number, for whoever asks.
var (
	ErrNoStatement = errors.New("no such statement")
	ErrNoLine      = errors.New("no such bank line")
	ErrNoMatch     = errors.New("no such match")
)

// StatementSearch says which statements are looked for: what is empty is not asked. Before is the
// number of the last one that was seen; the newest come first.
type StatementSearch struct {
	Account, State, Kind, Reason string
	Before                       int64
	Most                         int
}

// StoredStatement is a statement as it is kept, with the name and the hash of its file.
type StoredStatement struct {
	StatementOutcome
	SHA256 string
	Moved  money.Amount // what its booked lines bring, signed
}

// Original is the file that brought a statement, as the bank made it.
type Original struct {
	Name, SHA256 string
	Size         int64

	file int64
}

// Account is one of our bank accounts, with the last statement of its chain; 0 when none has come.
type Account struct {
	ID, IBAN, Holder, Model, PainVersion string
	Statement                            int64
	Ref                                  string
	Closing                              money.Amount
	ClosedOn                             civil.Date
}

// Statements finds statements, without what became of their lines.
func (s *Service) Statements(ctx context.Context, look StatementSearch) ([]StoredStatement, error) {
	found, err := findStatements(ctx, unit.Reader(ctx, s.DB), look)
	if err != nil {
		return nil, fmt.Errorf("find statements: %w", err)
	}
	return found, nil
}

// CountStatements is how many statements there are of a search.
func (s *Service) CountStatements(ctx context.Context, look StatementSearch) (int, error) {
	return counted(ctx, unit.Reader(ctx, s.DB), statementsWhere, look.args()...)
}

// Statement is one statement with what became of its lines; ErrNoStatement when there is none.
func (s *Service) Statement(ctx context.Context, id int64) (StoredStatement, error) {
	st, err := findStatement(ctx, unit.Reader(ctx, s.DB), id)
	if err != nil {
		return StoredStatement{}, fmt.Errorf("read statement %d: %w", id, err)
	}
	return st, nil
}

// Original finds the file of a statement; ErrNoStatement when there is none.
func (s *Service) Original(ctx context.Context, statement int64) (Original, error) {
	o, err := findOriginal(ctx, unit.Reader(ctx, s.DB), statement)
	if err != nil {
		return Original{}, fmt.Errorf("find the file of statement %d: %w", statement, err)
	}
	return o, nil
}

// Bytes reads the file piece after piece; the context must live as long as the reader.
func (s *Service) Bytes(ctx context.Context, o Original) io.Reader {
	return &partsReader{ctx: ctx, in: func() ledger.Querier { return unit.Reader(ctx, s.DB) }, file: o.file}
}

// ReplacedBy is the statement that stands in the place of another one; 0 when none does.
func (s *Service) ReplacedBy(ctx context.Context, id int64) (int64, error) {
	by, err := replacedBy(ctx, unit.Reader(ctx, s.DB), id)
	if err != nil {
		return 0, fmt.Errorf("look for what replaces statement %d: %w", id, err)
	}
	return by, nil
}

// LineSearch says which lines are looked for: what is empty is not asked. Text stands in the name of
// the other side, in the text or in the reference.
type LineSearch struct {
	Account, State, Text string
	Statement            int64
	From, To             civil.Date // of the bank's booking day
	Amount               *money.Amount
	EitherWay            *money.Amount // without sign: whether it came in or left
	Before               int64
	Most                 int
}

// StoredLine is a line of the bank as it is kept.
type StoredLine struct {
	ID, Statement       int64
	BankAccount         string
	Rank                int
	BookedOn, ValueOn   civil.Date
	Amount              money.Amount // signed: in is positive
	Counterparty, Text  string
	Reference, EndToEnd string
	Code, ReturnCode    string
	State               LineState
	Why                 string // French: as what it was recognised, or why not
	Entry               int64  // 0 for a line that is not booked
}

// Lines finds lines, the newest first.
func (s *Service) Lines(ctx context.Context, look LineSearch) ([]StoredLine, error) {
	found, err := findLines(ctx, unit.Reader(ctx, s.DB), look)
	if err != nil {
		return nil, fmt.Errorf("find bank lines: %w", err)
	}
	return found, nil
}

// CountLines is how many lines there are of a search.
func (s *Service) CountLines(ctx context.Context, look LineSearch) (int, error) {
	return counted(ctx, unit.Reader(ctx, s.DB), linesWhere, look.args()...)
}

// LineDetail is a line with the place where the bank says it and all that it has become.
type LineDetail struct {
	StoredLine
	File, SHA256, Ref string // of its statement
	Open              money.Amount
	Suggestions       []Suggestion
	Receipts          []UndoReceipt // what persons received by it
	Transfers         []LineTransfer
}

// LineTransfer is one of our transfers that a line executes (SETTLED) or gives back (RETURNED).
type LineTransfer struct {
	EndToEndID, Mandate, Meaning string
	Amount                       money.Amount
}

// Line is one line with what it has become; ErrNoLine when there is none.
func (s *Service) Line(ctx context.Context, id int64) (d LineDetail, err error) {
	err = ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) error {
		if d, err = findLine(ctx, tx, id); err != nil {
			return err
		}
		if d.Receipts, err = receiptsOfLine(ctx, tx, id); err != nil {
			return err
		}
		d.Transfers, err = transfersOfLine(ctx, tx, id)
		return err
	})
	if err != nil {
		return LineDetail{}, fmt.Errorf("read bank line %d: %w", id, err)
	}
	return d, nil
}

// detailsWithin is the size of a file above which nobody waits for a line of it to be found again.
const detailsWithin = 64 << 20

// Transactions reads those of a line again, from the file as it came. Of a very long file, none.
func (s *Service) Transactions(ctx context.Context, line int64) (all []Detail, err error) {
	err = ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) error {
		file, ordinal, rank, size, err := placeOfLine(ctx, tx, line)
		if err != nil || size > detailsWithin {
			return err
		}
		w := s.work(ctx, "")
		w.tx = tx
		const endless = -1 // the statement is not read to its end: it is proved elsewhere
		at := &statement{file: file, ordinal: ordinal, posted: rank - 1, entries: endless}
		lines, _, err := w.cursor(file).take(at, 1)
		if err == nil {
			all = lines[0].Details
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the transactions of bank line %d: %w", line, err)
	}
	return all, nil
}

// MatchSearch says which matches are looked for: what is empty is not asked.
type MatchSearch struct {
	Account string
	Line    int64
	Undone  *bool
	Said    bool  // only what persons have said, of which a restricted reader sees his own
	Before  int64 // the entry of the last one that was seen
	Most    int
}

// Match is what a line, or a part of it, was said to be: by the import, by a notice of the bank, by a
// person. Its entry says it, and no other entry does.
type Match struct {
	Entry, Line, Assignment int64
	By                      string // RECOGNISED, NOTICE, or the user
	What                    string // French
	Amount                  money.Amount
	UndoneBy, UndoneFor     string // empty while it stands
}

// Ask names the match to UndoMatch.
func (m Match) Ask(reason string) UndoAsk {
	return UndoAsk{Line: m.Line, Assignment: m.Assignment, Recognised: m.Assignment == 0, Reason: reason}
}

// Matches finds matches, the newest first, undone ones too.
func (s *Service) Matches(ctx context.Context, look MatchSearch) ([]Match, error) {
	found, err := findMatches(ctx, unit.Reader(ctx, s.DB), look, 0)
	if err != nil {
		return nil, fmt.Errorf("find matches: %w", err)
	}
	return found, nil
}

// Match is the match of an entry; ErrNoMatch when the entry is none.
func (s *Service) Match(ctx context.Context, entry int64) (Match, error) {
	return s.match(ctx, entry, false)
}

// MatchSaid is the match of an entry by which a person has said it; ErrNoMatch when the entry is none.
func (s *Service) MatchSaid(ctx context.Context, entry int64) (Match, error) {
	return s.match(ctx, entry, true)
}

func (s *Service) match(ctx context.Context, entry int64, said bool) (Match, error) {
	found, err := findMatches(ctx, unit.Reader(ctx, s.DB), MatchSearch{Most: 1, Said: said}, entry)
	if err == nil && len(found) == 0 {
		err = ErrNoMatch
	}
	if err != nil {
		return Match{}, fmt.Errorf("read the match of entry %d: %w", entry, err)
	}
	return found[0], nil
}

// FormatOf names what a file is by its first bytes: "camt.053.001.08", "pain.002.001.10", "PDF".
func FormatOf(content io.Reader) (name string, answer bool) {
	_, format, _ := bankfile.Open(content) // whoever imports it is told what is wrong with it
	return format.String(), format.Family == familyReport
}
