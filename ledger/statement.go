package ledger

import (
	"masp/ledger/civil"
	"masp/ledger/money"
)

// AccountStatement (relevé de compte) is what happened on an account between two days. Amounts stand
// in the account's own direction: a bank account (512) grows in debit, the funds of a person (467),
// transfers in transit (580) and suspense (471) in credit. So Opening + ΣIn − ΣOut = Closing, and
// "412,50 €" on a person's page means that 412.50 are held for him.
type AccountStatement struct {
	Code             Code
	From, To         civil.Date
	Opening, Closing money.Amount
	In, Out          money.Amount // totals of the lines
	Lines            []StatementLine
}

// StatementLine is one movement of an account. An entry whose hub is the account is one summed
// line; elsewhere each of its postings is a line.
type StatementLine struct {
	Seq      int64 // number of the (last) line on the account, for paging
	No       int64 // the entry
	Journal  Journal
	InNo     int64 // number of the entry in its journal
	PostedOn civil.Date
	BookedOn civil.Date // the bank's date, zero when it is not a bank line
	ValueOn  civil.Date
	Kind     Kind
	Source   string
	Label    string
	In, Out  money.Amount // one of them is zero
	Balance  money.Amount // after the line
}

// Page is a part of an account's lines, newest first.
type Page struct {
	Lines []StatementLine
	// Older is the cursor of the next page, 0 on the last one.
	Older int64
}

// gather sums the rows of a hub into lines, and turns debit-positive cents to the account's direction.
func gather(rows []statementRow, code Code) []StatementLine {
	return gatherOnto(make([]StatementLine, 0, len(rows)), rows, code)
}

// gatherOnto adds rows to lines, the last of which may be of a hub that the first rows are of too.
func gatherOnto(lines []StatementLine, rows []statementRow, code Code) []StatementLine {
	for i := range rows {
		r := &rows[i]
		moved, after := money.Cents(r.debit), money.Cents(r.after)
		if !code.debitNatural() {
			moved, after = moved.Neg(), after.Neg()
		}
		if n := len(lines); r.onHub && n > 0 && lines[n-1].No == r.line.No {
			moved = lines[n-1].In.Sub(lines[n-1].Out).Add(moved)
			lines = lines[:n-1]
		}
		line := r.line
		line.In, line.Out = money.Max(moved, money.Amount{}), money.Max(moved.Neg(), money.Amount{})
		line.Balance = after
		lines = append(lines, line)
	}
	return lines
}

// statementRow is a posting seen from one of its accounts: cents, debit positive.
type statementRow struct {
	line         StatementLine
	debit, after int64
	onHub        bool
}

func (s *AccountStatement) total() {
	for _, l := range s.Lines {
		s.In = s.In.Add(l.In)
		s.Out = s.Out.Add(l.Out)
	}
}
