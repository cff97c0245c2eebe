package simbank

import (
	"errors"
	"fmt"
)

// Statement versions that an account can ask for.
const (
	Camt08 = "08"       // camt.053.001.08
	Camt02 = "02"       // camt.053.001.02
	French = "cfonb120" // CFONB 120
)

// Account is what the bank knows of an account when it is opened.
type Account struct {
	IBAN             string
	Holder           string
	Currency         string // "EUR"; empty means EUR
	StatementVersion string // Camt08, Camt02 or French; empty means Camt08
	OpeningCents     int64  // balance before the first statement
	OpenedOn         Day    // first day that a statement may cover
	LastSequence     int    // number of the last statement before the first one written here
	BatchBooking     bool   // the contract books one summed debit per PmtInf, whatever the order asks
	BatchDetails     bool   // a summed debit lists its transfers (TxDtls)
}

// account is an account with its running state.
type account struct {
	Account
	Balance  int64
	Sequence int
	Covered  Day     // last day of the last statement
	Booked   []entry // booked since then
}

// entry is one line of a statement.
type entry struct {
	Ref       string // AcctSvcrRef
	On        Day    // booking and value date
	Cents     int64  // signed, the holder's view: money in is positive
	Code      bankCode
	Label     string // AddtlNtryInf
	MessageID string // of a batch
	PmtInfID  string // of a batch: Btch is written when it is not empty
	Count     int    // transfers of a batch
	Details   []detail
}

// detail is one transaction of an entry.
type detail struct {
	InstrID, EndToEndID, PmtInfID string
	DirectDebitMandate            string
	Cents                         int64
	Debtor, Creditor              string
	CreditorIBAN                  string
	Purpose                       string
	Remittance                    []string
	ReturnReason                  string
}

// bankCode is a bank transaction code: the ISO triple and the French one.
type bankCode struct{ Domain, Family, Sub, French string }

var (
	codeTransferOut  = bankCode{"PMNT", "ICDT", "ESCT", "06/0100/TRF"}
	codeBatchOut     = bankCode{"PMNT", "ICDT", "ESCT", "21/0100/TRF"}
	codeTransferIn   = bankCode{"PMNT", "RCDT", "ESCT", "05/0123/TRF"}
	codeReturn       = bankCode{"PMNT", "ICDT", "RRTN", "12/0130/RTI"}
	codeDirectDebit  = bankCode{"PMNT", "RDDT", "ESDD", "B1/0140/DDT"}
	codeFee          = bankCode{"ACMT", "MDOP", "CHRG", "62/0620/CHG"}
	errNoSuchAccount = errors.New("no such account at this bank")
)

// OpenAccount opens an account. It refuses an IBAN with wrong check digits, one
// that is open already, another currency than EUR and an unknown statement
// version.
func (b *Bank) OpenAccount(a Account) error {
	if a.Currency == "" {
		a.Currency = "EUR"
	}
	if a.StatementVersion == "" {
		a.StatementVersion = Camt08
	}
	switch {
	case !isIBAN(a.IBAN):
		return fmt.Errorf("open account %q: wrong IBAN", a.IBAN)
	case b.byIBAN[a.IBAN] != nil:
		return fmt.Errorf("open account %s: open already", a.IBAN)
	case a.Currency != "EUR":
		return fmt.Errorf("open account %s: currency %q is not EUR", a.IBAN, a.Currency)
	case a.StatementVersion != Camt08 && a.StatementVersion != Camt02 && a.StatementVersion != French:
		return fmt.Errorf("open account %s: unknown statement version %q", a.IBAN, a.StatementVersion)
	case a.OpenedOn <= b.closed:
		return fmt.Errorf("open account %s: the day %s is already closed", a.IBAN, a.OpenedOn)
	}
	b.keep(&account{Account: a, Balance: a.OpeningCents, Sequence: a.LastSequence})
	return nil
}

// Balance returns the booked balance of an account in cents.
func (b *Bank) Balance(iban string) (int64, error) {
	a := b.byIBAN[iban]
	if a == nil {
		return 0, fmt.Errorf("balance of %s: %w", iban, errNoSuchAccount)
	}
	return a.Balance, nil
}

func (b *Bank) keep(a *account) {
	b.accounts = append(b.accounts, a)
	b.byIBAN[a.IBAN] = a
}

// book writes a line on the account and moves its balance.
func (b *Bank) book(a *account, e entry, on Day) {
	b.references++
	e.On, e.Ref = on, fmt.Sprintf("%s%08d", on.time().Format("060102"), b.references)
	a.Balance += e.Cents
	a.Booked = append(a.Booked, e)
}
