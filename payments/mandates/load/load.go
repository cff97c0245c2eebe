package load

import (
	"masp/api/auth"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
	"masp/payments/sepa"
)

// Version is the version of the load file that Read reads.
const Version = 1

// File is the content of a load file: an organisation, or additions to one. The format
// stands in the package documentation.
type File struct {
	Organisation  *Organisation // nil in a file that only adds
	Users         []auth.User
	BankAccounts  []mandates.BankAccount
	Creditors     []Creditor
	Beneficiaries []Beneficiary
	Conventions   []mandates.Convention
	Mandates      []Mandate
	Expected      []mandates.ExpectedBenefit
	Debts         []mandates.Debt
	Obligations   []mandates.Obligation

	later bool // the organisation was there before this file

	raw []byte           // the file, to tell places
	at  map[string][]int // where each element of a section begins in it
}

// Organisation is the association whose books these are.
type Organisation struct {
	Name          string
	Siren         string     // nine digits, or empty
	OpenedOn      civil.Date // day of the opening entries
	IBANHoldHours int        // how long a new IBAN waits after its confirmation
	InProduction  bool       // the clock cannot be moved any more
}

// DefaultIBANHoldHours is the hold of decision 5.
const DefaultIBANHoldHours = 72

// Creditor is a creditor with its first IBAN.
type Creditor struct {
	mandates.Creditor
	IBAN sepa.IBAN
}

// nameOwners says whose own account a creditor is when the file leaves it out: that of the person
// whose remittances it receives.
func (f *File) nameOwners() {
	persons := map[string]string{}
	for _, m := range f.Mandates {
		if persons[m.RemitTo] == "" {
			persons[m.RemitTo] = m.Beneficiary.ID
		}
	}
	for i, c := range f.Creditors {
		if c.Kind == mandates.OwnAccount && c.Beneficiary == "" {
			f.Creditors[i].Beneficiary = persons[c.ID]
		}
	}
}

// Beneficiary is a person with the numbers by which payers know him, by payer.
type Beneficiary struct {
	mandates.Beneficiary
	PayerNumbers map[string]string
}

// Mandate is a mandate as a file gives it: only the ID of its Beneficiary is set.
type Mandate struct {
	mandates.Mandate
	Coordinator    string
	OpeningBalance money.Amount // held for the person on the day of opening
	ThreatNote     string       // why health or safety is threatened, or empty
	OpeningReserve money.Amount // the part of it that is set aside
}

// The sections of a load file.
const (
	inUsers         = "users"
	inBankAccounts  = "bank_accounts"
	inCreditors     = "creditors"
	inBeneficiaries = "beneficiaries"
	inConventions   = "conventions"
	inMandates      = "mandates"
	inExpected      = "expected_benefits"
	inDebts         = "debts"
	inObligations   = "obligations"
)
