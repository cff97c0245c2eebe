package load

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"masp/api/auth"
	"masp/payments/mandates"
	"masp/payments/sepa"
)

func (c *checker) users() {
	seen := map[string]bool{}
	for i, u := range c.load.Users {
		var invalid *auth.InvalidError
		if err := u.Check(); errors.As(err, &invalid) {
			c.wrong(inUsers, i, invalid.Field, "user", invalid.French)
		}
		stored, exists := c.known.users[u.ID]
		same := exists && stored.Name == u.Name && slices.Equal(stored.Roles, u.Roles) &&
			stored.Email == u.Email && stored.Until == u.Until
		c.twice(inUsers, i, u.ID, seen, exists && !same)
	}
}

func (c *checker) bankAccounts() {
	seen, ibans := map[string]bool{}, map[string]string{}
	for i, a := range c.load.BankAccounts {
		_, exists := c.known.accounts[a.ID]
		c.twice(inBankAccounts, i, a.ID, seen, exists)
		owner, taken := ibans[a.IBAN]
		if !taken {
			owner, taken = c.known.ibans[a.IBAN]
		}
		if taken {
			c.wrong(inBankAccounts, i, "iban", "iban_twice", fmt.Sprintf("Cet IBAN est déjà celui du compte « %s ».", owner))
		}
		ibans[a.IBAN] = a.ID
		if unfit := sepa.UnfitName(a.Holder); unfit != "" {
			c.wrong(inBankAccounts, i, "holder", "HOLDER_UNFIT", "Tous les destinataires le lisent. "+unfit)
		}
	}
}

func (c *checker) creditors() {
	seen := map[string]bool{}
	for i, k := range c.load.Creditors {
		_, exists := c.known.creditors[k.ID]
		c.twice(inCreditors, i, k.ID, seen, exists)
		c.broken(inCreditors, i, k.Check(), func(code string) string {
			if code == "OWN_ACCOUNT_OF_NOBODY" {
				return "beneficiary"
			}
			return "name"
		})
		if _, exists := c.people[k.Beneficiary]; k.Beneficiary != "" && !exists {
			c.missing(inCreditors, i, "beneficiary", k.Beneficiary, "La personne")
		}
		if !k.IBAN.InSEPA() {
			c.wrong(inCreditors, i, "iban", "iban_outside_sepa", "Ce compte est hors de la zone SEPA : un virement SEPA n'y arrive pas.")
		}
	}
}

func (c *checker) beneficiaries() {
	seen, numbers := map[string]bool{}, map[[2]string]string{}
	for i, b := range c.load.Beneficiaries {
		_, exists := c.known.people[b.ID]
		c.twice(inBeneficiaries, i, b.ID, seen, exists)
		for _, payer := range mandates.Payers() {
			number, given := b.PayerNumbers[payer]
			if !given {
				continue
			}
			key := [2]string{payer, number}
			owner, taken := numbers[key]
			if !taken {
				owner, taken = c.known.numbers[key]
			}
			if taken {
				c.wrong(inBeneficiaries, i, "payer_numbers/"+payer, "number_twice",
					fmt.Sprintf("Ce numéro est déjà celui de « %s » : un numéro désigne une personne.", owner))
			}
			numbers[key] = b.ID
		}
	}
}

func (c *checker) mandates() {
	seen, held := map[string]bool{}, map[string]string{}
	for i, m := range c.load.Mandates {
		_, exists := c.known.mandates[m.ID]
		c.twice(inMandates, i, m.ID, seen, exists)
		c.mandate(i, m)
		c.signatures(i, m)
		c.measuresOf(i, m)
		c.convention(i, m)
		if m.BankAccount == "" || c.accounts[m.BankAccount] != mandates.Individual {
			continue
		}
		person := held[m.BankAccount]
		if person == "" {
			person = c.known.accounts[m.BankAccount].person
		}
		if person != "" && person != m.Beneficiary.ID {
			c.wrong(inMandates, i, "bank_account", "account_taken",
				"Un compte INDIVIDUAL est celui d'une seule personne ; c'est celui de « "+person+" ».")
		}
		held[m.BankAccount] = m.Beneficiary.ID
	}
}

// mandate judges one mandate with the person, the account and the money that it names.
func (c *checker) mandate(i int, m Mandate) {
	if m.Coordinator != "" && !c.staff[m.Coordinator] {
		c.missing(inMandates, i, "coordinator", m.Coordinator, "L'utilisateur")
	}
	if m.BankAccount != "" && c.accounts[m.BankAccount] == "" {
		c.missing(inMandates, i, "bank_account", m.BankAccount, "Le compte bancaire")
	}
	to, exists := c.payees[m.RemitTo]
	switch {
	case m.RemitTo == "":
	case !exists:
		c.missing(inMandates, i, "remittance/to", m.RemitTo, "Le destinataire")
	case to.Beneficiary != m.Beneficiary.ID:
		c.wrong(inMandates, i, "remittance/to", "not_own_account", mandates.FrenchNotOwn(m.RemitTo))
	}
	if m.ThreatNote != "" {
		c.broken(inMandates, i, mandates.CheckThreatNote(m.ThreatNote), func(string) string { return "threat_note" })
	}
	c.opening(i, m)
	person, exists := c.people[m.Beneficiary.ID]
	if !exists {
		c.missing(inMandates, i, "beneficiary", m.Beneficiary.ID, "La personne")
		person = m.Beneficiary
	}
	checked := m.Mandate
	checked.Beneficiary = person
	checked.Status = mandates.PendingSignature // the signatures decide, see status
	// The file says how many months went before, not the day of each evaluation.
	if signed, ok := m.Contract.SignedOn(); ok && m.Contract.MonthsBefore > 0 {
		checked.Contract.EvaluatedOn = signed
	}
	var violations mandates.Violations
	errors.As(checked.Check(c.known.catalogue), &violations) // none when all is well
	for _, v := range violations {
		if exists || v.Code != "NOT_ADULT" && v.Code != "OTHER_DEPARTMENT" {
			c.wrong(inMandates, i, mandateField(v.Code), v.Code, v.French)
		}
	}
}

// opening: what is held is not negative, and what is set aside is part of it.
func (c *checker) opening(i int, m Mandate) {
	switch {
	case m.OpeningBalance.IsNegative():
		c.wrong(inMandates, i, "opening_balance", "negative", "On ne peut pas détenir moins que zéro pour une personne.")
	case m.OpeningReserve.IsNegative() || m.OpeningReserve.Cmp(m.OpeningBalance) > 0:
		c.wrong(inMandates, i, "opening_reserve", "reserve_too_large", "La provision fait partie du solde : de zéro au solde.")
	case m.OpeningBalance.IsZero():
	case m.BankAccount == "":
		c.wrong(inMandates, i, "opening_balance", "no_account", "Un solde demande un compte bancaire.")
	case c.known.accounts[m.BankAccount].statement:
		c.wrong(inMandates, i, "opening_balance", "account_in_use",
			"Ce compte a déjà un relevé de banque : l'argent d'une nouvelle personne y arrive par la banque.")
	}
}

// mandateField is the field of the file that a violation speaks of.
func mandateField(code string) string {
	for prefix, field := range map[string]string{
		"NOT_ADULT": "beneficiary", "GROUND": "threat_ground", "DEPARTMENT": "department", "OTHER_DEPARTMENT": "department",
		"LEVEL": "level", "MASP1": "level", "BANK_ACCOUNT": "bank_account", "NO_BENEFIT": "authorised_benefits",
		"BENEFIT": "authorised_benefits", "COURT": "mjagbf", "CONTRACT_TOO": "contract/end", "CONTRACT_DATES": "contract/start",
		"MEASURE": "contract/end", "MONTHS": "contract/months_before", "PERSON_COMMITMENT": "contract/commitments/person",
		"OTHER_COMMITMENT": "contract/commitments/operator", "CLASS_ORDER": "policy/class_order", "LAW_CLASSES": "policy/class_order",
		"SENIOR": "policy/class_order", "PARTIAL": "policy/partial_classes", "RESERVE_IS": "policy/partial_classes",
		"LIVING": "policy/living_floor", "SHORTFALL": "policy/shortfall", "REMITTANCE": "remittance",
	} {
		if strings.HasPrefix(code, prefix) {
			return field
		}
	}
	return "contract"
}
