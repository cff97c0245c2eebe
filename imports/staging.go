package imports

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"masp/imports/bankfile"
	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// staged is what a file says, read to its last byte before anything is written: everything but
// its lines, which are read a second time when they are posted.
type staged struct {
	format     bankfile.Format
	warnings   []bankfile.Reason
	statements []*statement
}

// Kinds of statements, as the database names them. Only what is booked may ever be posted.
const (
	kindBooked   = "BOOKED"
	kindIntraday = "INTRADAY"
	kindNotice   = "NOTICE"
)

var kindOf = map[bankfile.Kind]string{
	bankfile.Final: kindBooked, bankfile.Intraday: kindIntraday, bankfile.Notice: kindNotice,
}

// statement is one statement of a file, without its lines.
type statement struct {
	id, file       int64 // 0 until it is stored
	ordinal        int   // in its file, from 1
	kind           string
	iban, ref, seq string
	account        string // our bank account; empty when the IBAN is not ours
	from, to       civil.Date
	opening        money.Amount
	closing        money.Amount
	opens, closes  bool         // the balance is known
	moved          money.Amount // by its booked lines
	page           int          // of a statement that is cut into pages, from 1; else 0
	lastPage       bool
	entries        int
	posted         int // of its lines, the first so many are in the books
	importing      bool
	last           civil.Date // of its booked lines
	numberAgain    bool       // a person has accepted it beside another one of its number or lines
	hash           chain.Hash
	held           hold // why it waits; what the file itself says against it
	warnings       []bankfile.Reason
	chainNo        int64 // its place in the chain of its account, once it is accepted
}

// hold is why a statement is held: a stable code and a French sentence; empty when it is not.
type hold struct{ reason, explanation string }

// readStatements reads a file to its end. A *bankfile.FormatError refuses it whole; its Format
// may be that of another file of the bank.
func readStatements(content io.Reader) (*staged, error) {
	p, err := parse(content)
	s := &staged{format: p.format}
	for err == nil {
		var ended *statement
		if _, ended, err = p.next(); ended != nil {
			s.statements = append(s.statements, ended)
		}
	}
	if !errors.Is(err, io.EOF) {
		return s, err
	}
	s.warnings = p.warnings
	return s, nil
}

// lines counts the lines of all statements.
func (s *staged) lines() (n int) {
	for _, st := range s.statements {
		n += st.entries
	}
	return n
}

// parsing reads the statements of a file line after line, in bounded memory.
type parsing struct {
	in       *bankfile.Reader
	format   bankfile.Format
	warnings []bankfile.Reason // of the file, known at its end
	at, rank int               // the statement at hand and its lines so far, both from 1
	ended    bool              // the statement at hand was read to its end
	content  contentHasher
	fault    error // of a line of the statement at hand
	last     civil.Date
}

func parse(content io.Reader) (*parsing, error) {
	in, format, err := bankfile.Open(content)
	return &parsing{in: in, format: format}, err
}

// next gives a line, or the statement that has just ended, or neither; io.EOF after the last
// byte of a whole file.
func (p *parsing) next() (*Line, *statement, error) {
	event, err := p.in.Next()
	if err != nil {
		return nil, nil, err
	}
	switch e := event.(type) {
	case bankfile.StatementStart:
		p.at++
		p.rank, p.ended, p.fault, p.last = 0, false, nil, civil.Date{}
		p.content.begin()
	case bankfile.LineEvent:
		p.rank++
		line, err := readLine(e.Line)
		if err != nil {
			p.fault = err
			line = Line{Rank: p.rank, Text: e.Line.Amount.String()}
		}
		if line.Booked && line.BookedOn.After(p.last) {
			p.last = line.BookedOn
		}
		p.content.add(&line)
		return &line, nil, nil
	case bankfile.StatementEnd:
		p.ended = true
		return nil, p.statement(e), nil
	case bankfile.FileEnd:
		p.warnings = e.Reasons
	}
	return nil, nil, nil
}

// statement is the statement that ends, with the judgement of the file itself on it.
func (p *parsing) statement(e bankfile.StatementEnd) *statement {
	st := &statement{
		ordinal: p.at, kind: kindOf[p.format.Kind()], entries: p.rank,
		iban: strings.ReplaceAll(e.Statement.Account.ID(), " ", ""), seq: e.Statement.Sequence,
		from: e.Statement.From, to: e.Statement.To, last: p.last,
	}
	if !e.Statement.LastPage || e.Statement.Page > 1 {
		st.page, st.lastPage = max(e.Statement.Page, 1), e.Statement.LastPage
	}
	st.balances(e)
	st.ref = firstOf(e.Statement.ID, e.Statement.Sequence, st.to.String())
	for _, reason := range e.Reasons {
		if reason.Outcome == bankfile.AcceptedWithWarnings {
			st.warnings = append(st.warnings, reason)
		}
	}
	st.held = judge(e, p.fault, st)
	st.hash = p.content.of(st)
	return st
}

// balances reads the two balances, and takes the last day from the closing one.
func (st *statement) balances(e bankfile.StatementEnd) {
	s := e.Statement
	if s.Closing != nil && !s.Closing.On.IsZero() {
		st.to = s.Closing.On
	}
	if st.from.IsZero() {
		st.from = st.to
	}
	known := func(b *bankfile.Balance) (money.Amount, bool) {
		if b == nil {
			return money.Amount{}, false
		}
		amount, err := b.Amount.Amount()
		return amount, err == nil
	}
	st.opening, st.opens = known(s.Opening)
	st.closing, st.closes = known(s.Closing)
	st.moved, _ = e.Sums.Credits.Sub(e.Sums.Debits).Amount() // else a line is no amount either
}

// balanced tells that both balances are known.
func (st *statement) balanced() bool { return st.opens && st.closes }

// complete gives a line the days that the bank left out.
func (l *Line) complete(closingOn civil.Date) {
	if l.BookedOn.IsZero() {
		l.BookedOn = closingOn
	}
	if l.ValueOn.IsZero() {
		l.ValueOn = l.BookedOn
	}
}

// cursor reads the lines of a stored file for the posting. It goes forward through all
// transactions of a call, and starts again only when it must go back.
type cursor struct {
	open func() io.Reader // the bytes from the first one
	p    *parsing         // nil before the first line
}

// take gives the next lines of a statement, those after the posted ones, worth at most so much
// or one line. The last one comes with the proof that the statement is what was stored.
func (c *cursor) take(st *statement, worth int) (lines []Line, cost int, err error) {
	if c.p == nil || c.p.at > st.ordinal ||
		c.p.at == st.ordinal && (c.p.ended || c.p.rank > st.posted) {
		if c.p, err = parse(c.open()); err != nil {
			return nil, 0, fmt.Errorf("read stored file %d: %w", st.file, err)
		}
	}
	for cost < worth || st.posted+len(lines) == st.entries {
		line, ended, err := c.p.next()
		switch {
		case err != nil:
			return nil, 0, fmt.Errorf("read stored file %d: %w", st.file, err)
		case c.p.at < st.ordinal:
		case ended != nil && !ended.isWhole(st, st.posted+len(lines)):
			return nil, 0, fmt.Errorf("statement %d is not what its file says", st.id)
		case ended != nil:
			return lines, cost, nil
		case line != nil && c.p.rank > st.posted:
			line.complete(st.to)
			lines, cost = append(lines, *line), cost+line.cost()
		}
	}
	return lines, cost, nil
}

// isWhole tells that a statement, read again with so many lines, is the one that was stored.
func (st *statement) isWhole(stored *statement, lines int) bool {
	return st.hash == stored.hash && lines == stored.entries &&
		(!st.opens || st.opening == stored.opening) && (!st.closes || st.closing == stored.closing)
}

// cost is what a line takes of a transaction, 1 for a usual one: long texts and many details
// count for several, so that memory stays bounded whatever a line holds.
func (l *Line) cost() int {
	size := len(l.Text)
	for i := range l.Details {
		size += 200 + len(l.Details[i].Text)
	}
	return 1 + size/1024
}
