package imports

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"masp/imports/bankfile"
	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// DefaultLimit is the size in bytes above which a file is refused (decisions 9): the original
// is kept whole in one value of the database, which holds at most 1 GiB.
const DefaultLimit = 512 << 20

// errTooLarge stops the reading of a file above the limit.
var errTooLarge = errors.New("the file is larger than the limit")

// staged is a file that was read to its last byte, before anything is written.
type staged struct {
	raw        []byte
	format     bankfile.Format
	warnings   []bankfile.Reason
	statements []*statement
}

// statement is one statement of a file, with its lines.
type statement struct {
	id             int64 // 0 until it is stored
	ordinal        int   // in its file, from 1
	iban, ref, seq string
	account        string // our bank account; empty when the IBAN is not ours
	from, to       civil.Date
	opening        money.Amount
	closing        money.Amount
	entries        int
	balanced       bool // both balances are known
	hash           chain.Hash
	held           hold // what the file itself says against it
	warnings       []bankfile.Reason
	lines          []Line
	chainNo        int64
}

// hold is why a statement is held: a stable code and a French sentence; empty when it is not.
type hold struct{ reason, explanation string }

// reader keeps every byte that is read: the original is stored as it came.
type reader struct {
	from io.Reader
	kept bytes.Buffer
	left int64
}

func (r *reader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	r.kept.Write(p[:n])
	if r.left -= int64(n); r.left < 0 {
		return n, errTooLarge
	}
	return n, err
}

// stage reads the statements of a file. A *bankfile.FormatError refuses it whole; its Format
// may be that of another file of the bank, whose bytes are then in raw.
func stage(content io.Reader, limit int64) (*staged, error) {
	r := &reader{from: content, left: limit}
	in, format, err := bankfile.Open(r)
	if err != nil {
		if format.Family != familyReport {
			return &staged{format: format}, err
		}
		_, drained := io.Copy(io.Discard, r)
		return &staged{format: format, raw: r.kept.Bytes()}, errors.Join(drained, err)
	}
	s := &staged{format: format}
	if format.Kind() != bankfile.Final { // never posted: what it tells comes again
		return s, &bankfile.FormatError{
			Format: format, Code: bankfile.CodeNotStatement,
			Err: errors.New("this is " + format.String()),
		}
	}
	if err := s.statementsOf(in); err != nil {
		return s, err
	}
	if _, err := io.Copy(io.Discard, r); err != nil {
		return s, fmt.Errorf("read bank file: %w", err)
	}
	s.raw = r.kept.Bytes()
	return s, nil
}

// statementsOf reads every event of a file.
func (s *staged) statementsOf(in *bankfile.Reader) error {
	var current *statement
	var lineFault error
	for {
		event, err := in.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch e := event.(type) {
		case bankfile.StatementStart:
			current = &statement{ordinal: len(s.statements) + 1}
			s.statements, lineFault = append(s.statements, current), nil
		case bankfile.LineEvent:
			line, err := readLine(e.Line)
			lineFault = errors.Join(lineFault, err)
			current.lines = append(current.lines, line)
		case bankfile.StatementEnd:
			current.close(e, lineFault)
		case bankfile.FileEnd:
			s.warnings = e.Reasons
		}
	}
}

// close completes a statement with what is only known at its end.
func (st *statement) close(e bankfile.StatementEnd, lineFault error) {
	st.iban = strings.ReplaceAll(e.Statement.Account.ID(), " ", "")
	st.seq, st.entries = e.Statement.Sequence, e.Sums.Entries
	st.from, st.to = e.Statement.From, e.Statement.To
	st.balances(e.Statement)
	st.ref = firstOf(e.Statement.ID, e.Statement.Sequence, st.to.String())
	for i := range st.lines {
		st.lines[i].complete(st.to)
	}
	for _, reason := range e.Reasons {
		if reason.Outcome == bankfile.AcceptedWithWarnings {
			st.warnings = append(st.warnings, reason)
		}
	}
	st.held = judge(e, lineFault, st)
	st.hash = st.contentHash()
}

// balances reads the two balances, and takes the last day from the closing one.
func (st *statement) balances(s bankfile.Statement) {
	if s.Closing != nil && !s.Closing.On.IsZero() {
		st.to = s.Closing.On
	}
	if st.from.IsZero() {
		st.from = st.to
	}
	if s.Opening == nil || s.Closing == nil {
		return
	}
	var errs [2]error
	st.opening, errs[0] = s.Opening.Amount.Amount()
	st.closing, errs[1] = s.Closing.Amount.Amount()
	st.balanced = errors.Join(errs[:]...) == nil
}

// complete gives a line the days that the bank left out.
func (l *Line) complete(closingOn civil.Date) {
	if l.BookedOn.IsZero() {
		l.BookedOn = closingOn
	}
	if l.ValueOn.IsZero() {
		l.ValueOn = l.BookedOn
	}
}
