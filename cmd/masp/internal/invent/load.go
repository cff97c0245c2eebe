package invent

import (
	"encoding/json"
	"fmt"
	"io"

	"masp/cmd/masp/internal/simbank"
)

// Cents is an amount in euro cents; in the load file it is written "123.45".
type Cents int64

// MarshalText writes the amount with two decimals.
func (c Cents) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "%d.%02d", c/100, c%100), nil
}

// Load is the content of a load file, version 1: the keys are its format.
type Load struct {
	Version       int           `json:"masp_load"`
	Organisation  Organisation  `json:"organisation"`
	Users         []User        `json:"users"`
	BankAccounts  []BankAccount `json:"bank_accounts"`
	Creditors     []Creditor    `json:"creditors"`
	Beneficiaries []Beneficiary `json:"beneficiaries"`
	Mandates      []Mandate     `json:"mandates"`
	Expected      []Expected    `json:"expected_benefits"`
	Debts         []Debt        `json:"debts"`
	Obligations   []Obligation  `json:"obligations"`
}

// Organisation is the association.
type Organisation struct {
	Name     string      `json:"name"`
	OpenedOn simbank.Day `json:"opened_on"`
}

// User is somebody who works there.
type User struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Roles []string `json:"roles"`
	Until string   `json:"until,omitempty"`
}

// BankAccount is an account of client funds, INDIVIDUAL or POOLED.
type BankAccount struct {
	ID          string `json:"id"`
	IBAN        string `json:"iban"`
	Holder      string `json:"holder"`
	Model       string `json:"model"`
	PainVersion string `json:"pain_version,omitempty"`
}

// Creditor is somebody who is paid; a person's own account is one too.
type Creditor struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Kind string `json:"kind"`
	IBAN string `json:"iban"`
}

// Beneficiary is a person who is helped.
type Beneficiary struct {
	ID           string            `json:"id"`
	Civility     string            `json:"civility"`
	LastName     string            `json:"last_name"`
	FirstName    string            `json:"first_name"`
	BornOn       simbank.Day       `json:"born_on"`
	Department   string            `json:"department"`
	PayerNumbers map[string]string `json:"payer_numbers"`
}

// Mandate is a person's MASP 2 with its terms.
type Mandate struct {
	ID             string      `json:"id"`
	Beneficiary    string      `json:"beneficiary"`
	Level          string      `json:"level"`
	Department     string      `json:"department"`
	ThreatGround   string      `json:"threat_ground"`
	Contract       Contract    `json:"contract"`
	BankAccount    string      `json:"bank_account"`
	Coordinator    string      `json:"coordinator"`
	OpeningBalance Cents       `json:"opening_balance"`
	OpeningReserve Cents       `json:"opening_reserve,omitempty"`
	Authorised     []string    `json:"authorised_benefits"`
	Policy         Policy      `json:"policy"`
	Remittance     *Remittance `json:"remittance,omitempty"`
}

// Contract is the signed contract of a mandate.
type Contract struct {
	Start              simbank.Day `json:"start"`
	End                simbank.Day `json:"end"`
	MonthsBefore       int         `json:"months_before,omitempty"`
	SignedByPerson     simbank.Day `json:"signed_by_person_on"`
	SignedByDepartment simbank.Day `json:"signed_by_department_on"`
	SignedByOperator   simbank.Day `json:"signed_by_operator_on"`
	Commitments        Commitments `json:"commitments"`
}

// Commitments are the reciprocal ones of a contract.
type Commitments struct {
	Person   []string `json:"person"`
	Operator []string `json:"operator"`
}

// Policy is the part of the terms that differs between persons.
type Policy struct {
	LivingFloor Cents  `json:"living_floor"`
	Shortfall   string `json:"shortfall"`
}

// Remittance tells when the rest goes to the person: days of the month, or a
// number of weeks.
type Remittance struct {
	To     string `json:"to"`
	Days   []int  `json:"days,omitempty"`
	Weekly int    `json:"weekly,omitempty"`
}

// Expected is a benefit that is expected for a month of right.
type Expected struct {
	Mandate    string      `json:"mandate"`
	Benefit    string      `json:"benefit"`
	Period     string      `json:"period"`
	Payer      string      `json:"payer"`
	Amount     Cents       `json:"amount"`
	ExpectedOn simbank.Day `json:"expected_on"`
	ThirdParty bool        `json:"third_party,omitempty"`
}

// Debt is what a person still owes, with its instalment.
type Debt struct {
	ID          string      `json:"id"`
	Mandate     string      `json:"mandate"`
	Creditor    string      `json:"creditor"`
	Kind        string      `json:"kind"`
	Principal   Cents       `json:"principal"`
	Outstanding Cents       `json:"outstanding"`
	Instalment  Cents       `json:"instalment,omitempty"`
	BornOn      simbank.Day `json:"born_on"`
	ContestedOn simbank.Day `json:"contested_on,omitzero"`
}

// Obligation is a recurring line; a RESERVE has no creditor.
type Obligation struct {
	ID        string      `json:"id"`
	Mandate   string      `json:"mandate"`
	Class     string      `json:"class"`
	Creditor  *string     `json:"creditor"`
	Amount    Cents       `json:"amount"`
	Label     string      `json:"label"`
	Reference string      `json:"reference,omitempty"`
	Frequency string      `json:"frequency"`
	DueDay    int         `json:"due_day"`
	From      simbank.Day `json:"from"`
	Debt      string      `json:"debt,omitempty"`
	Block     string      `json:"block,omitempty"`
}

// WriteLoad writes the load file, indented; the same month gives the same bytes.
func (m *Month) WriteLoad(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", " ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(m.Load); err != nil {
		return fmt.Errorf("write load file: %w", err)
	}
	return nil
}
