package mandates

import (
	"masp/api/auth"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/sepa"
)

// LoadVersion is the version of the load file that ReadLoad reads.
const LoadVersion = 1

// Load is the content of a load file: an organisation, or additions to one. The format
// stands in the package documentation.
type Load struct {
	Organisation  *Organisation // nil in a file that only adds
	Users         []auth.User
	BankAccounts  []BankAccount
	Creditors     []LoadCreditor
	Beneficiaries []LoadBeneficiary
	Mandates      []LoadMandate
	Expected      []ExpectedBenefit
	Debts         []Debt
	Obligations   []Obligation

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

// Models of a bank account.
const (
	Individual = "INDIVIDUAL"
	Pooled     = "POOLED"
)

// DefaultIBANHoldHours is the hold of decision 5.
const DefaultIBANHoldHours = 72

// LoadCreditor is a creditor with its first IBAN.
type LoadCreditor struct {
	Creditor
	IBAN sepa.IBAN
}

// LoadBeneficiary is a person with the numbers by which payers know him, by payer.
type LoadBeneficiary struct {
	Beneficiary
	PayerNumbers map[string]string
}

// LoadMandate is a mandate as a file gives it: only the ID of its Beneficiary is set.
type LoadMandate struct {
	Mandate
	Coordinator    string
	OpeningBalance money.Amount // held for the person on the day of opening
	OpeningReserve money.Amount // the part of it that is set aside
}

// ExpectedBenefit is a benefit expected for a month of right.
type ExpectedBenefit struct {
	Mandate, Benefit string
	Period           civil.Month
	Payer            string
	Amount           money.Amount
	ExpectedOn       civil.Date
	ThirdParty       bool // tiers payant: never expected on the account
}

// Payers returns every payer by whom a person may have a number.
func Payers() []string { return []string{CAF, MSA, CPAM, CARSAT, CNAV, Departement} }

// The sections of a load file.
const (
	inUsers         = "users"
	inBankAccounts  = "bank_accounts"
	inCreditors     = "creditors"
	inBeneficiaries = "beneficiaries"
	inMandates      = "mandates"
	inExpected      = "expected_benefits"
	inDebts         = "debts"
	inObligations   = "obligations"
)
