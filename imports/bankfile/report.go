package bankfile

import "masp/ledger/money"

// Report is what `masp bankfile check --json` prints about a file.
type Report struct {
	// File is the name given by the caller; it plays no part in the judgement.
	File string `json:"file"`
	// SHA256 is that of all the bytes, in hexadecimal; null when the file was refused
	// before its end and is too long to be read on.
	SHA256 *string `json:"sha256"`
	// Format is the real format ("camt.053.001.08", "PDF"), empty when nothing was read.
	Format string `json:"format"`
	// Outcome is the worst of the file's and its statements'.
	Outcome Outcome `json:"outcome"`
	// Reasons are those of the file and of each statement, in the order of the file.
	Reasons    []Reason          `json:"reasons"`
	Statements []StatementReport `json:"statements"`
}

// StatementReport is one statement of a file. The sums are those of the booked lines, as
// exact decimals without sign; the balances are signed.
type StatementReport struct {
	Account   string  `json:"account"`
	Currency  string  `json:"currency"`
	ID        string  `json:"id"`
	Sequence  string  `json:"sequence"`
	Opening   *string `json:"opening"`
	Closing   *string `json:"closing"`
	Entries   int     `json:"entries"`
	Details   int     `json:"details"`
	Credits   string  `json:"credits"`
	Debits    string  `json:"debits"`
	NotBooked int     `json:"not_booked"`
	// Closes is null when the proof is not possible.
	Closes  *bool   `json:"closes"`
	Outcome Outcome `json:"outcome"`
}

func reportOf(e StatementEnd) StatementReport {
	st := e.Statement
	s := StatementReport{
		Account: st.Account.ID(), Currency: st.Account.Currency, ID: st.ID, Sequence: st.Sequence,
		Opening: balanceText(st.Opening), Closing: balanceText(st.Closing),
		Entries: e.Sums.Entries, Details: e.Sums.Details, NotBooked: e.Sums.NotBooked,
		Credits: e.Sums.Credits.String(), Debits: e.Sums.Debits.String(), Outcome: e.Outcome,
	}
	if e.Closes != Unknown {
		s.Closes = new(e.Closes == Closes)
	}
	return s
}

func balanceText(b *Balance) *string {
	if b == nil {
		return nil
	}
	return exactText(b.Amount)
}

func exactText(v money.Exact) *string { return new(v.String()) }
