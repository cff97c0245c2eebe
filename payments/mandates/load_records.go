package mandates

import (
	"fmt"
	"regexp"

	"masp/ledger/civil"
	"masp/payments/sepa"
)

var siren = regexp.MustCompile(`^[0-9]{9}$`)

func readOrganisation(o object) *Organisation {
	org := &Organisation{
		Name:          o.text("name"),
		Siren:         o.matching("siren", siren, false, "Un SIREN a neuf chiffres."),
		OpenedOn:      o.date("opened_on", true),
		IBANHoldHours: DefaultIBANHoldHours,
		InProduction:  o.boolean("in_production"),
	}
	if o.n.member("iban_hold_hours") != nil {
		org.IBANHoldHours = o.integer("iban_hold_hours", 0, 168)
	}
	return org
}

func readBankAccount(o object) BankAccount {
	account := BankAccount{
		ID: o.ref("id"), IBAN: o.iban("iban").String(), Holder: o.text("holder"),
		Model:       o.oneOf("model", true, Individual, Pooled),
		PainVersion: o.oneOf("pain_version", false, "001.09", "001.03"),
	}
	if account.PainVersion == "" {
		account.PainVersion = "001.09"
	}
	text, n := o.readText("bic", false)
	bic, err := sepa.ParseBIC(text)
	if err != nil {
		o.wrong(n, "bic", "bic", "Ce BIC est faux : 8 ou 11 caractères ; il peut manquer.")
	}
	account.BIC = string(bic)
	return account
}

func readCreditor(o object) LoadCreditor {
	return LoadCreditor{
		Creditor: Creditor{ID: o.ref("id"), Name: o.text("name"), Kind: CreditorKind(o.oneOf("kind", true, loadedKinds()...))},
		IBAN:     o.iban("iban"),
	}
}

// loadedKinds are the kinds of creditor that the database knows: who pays benefits is no
// creditor of anybody yet.
func loadedKinds() []string {
	var words []string
	for _, k := range CreditorKinds() {
		if k != BenefitPayer {
			words = append(words, string(k))
		}
	}
	return words
}

func readBeneficiary(o object) LoadBeneficiary {
	b := LoadBeneficiary{Beneficiary: Beneficiary{
		ID: o.ref("id"), Civility: o.optText("civility"), LastName: o.text("last_name"), FirstName: o.text("first_name"),
		BornOn:     o.date("born_on", true),
		Department: o.matching("department", departmentCode, true, "Il faut le code d'un Département (34, 2A, 974)."),
	}}
	numbers, ok := o.inner("payer_numbers", false)
	if !ok {
		return b
	}
	b.PayerNumbers = map[string]string{}
	for _, payer := range Payers() {
		number := numbers.matching(payer, payerNumber, false, "Un numéro d'allocataire a 4 à 20 majuscules ou chiffres, sans espace.")
		if number != "" {
			b.PayerNumbers[payer] = number
		}
	}
	numbers.end()
	return b
}

func readMandate(o object) LoadMandate {
	m := LoadMandate{
		Mandate: Mandate{
			ID: o.ref("id"), Beneficiary: Beneficiary{ID: o.ref("beneficiary")},
			Level:       Level(o.oneOf("level", true, string(MASP1), string(MASP2))),
			Department:  o.matching("department", departmentCode, true, "Il faut le code d'un Département (34, 2A, 974)."),
			Ground:      ThreatGround(o.oneOf("threat_ground", true, string(Health), string(Safety), string(Both))),
			BankAccount: o.optRef("bank_account"),
			Policy:      DefaultPolicy(),
		},
		Coordinator:    o.optText("coordinator"),
		OpeningBalance: o.amount("opening_balance", false),
		OpeningReserve: o.amount("opening_reserve", false),
	}
	if contract, ok := o.inner("contract", true); ok {
		m.Contract = readContract(contract)
		contract.end()
	}
	for _, code := range o.texts("authorised_benefits", m.Level == MASP2) {
		m.Benefits = append(m.Benefits, Authorisation{Benefit: code, From: m.Contract.Start})
	}
	if policy, ok := o.inner("policy", false); ok {
		m.Policy = readPolicy(policy)
		policy.end()
	}
	if remittance, ok := o.inner("remittance", false); ok {
		m.RemitTo, m.Remittance = readRemittance(remittance)
		remittance.end()
	}
	return m
}

// readContract takes the operator for a party when his signature is given.
func readContract(o object) Contract {
	c := Contract{
		Start: o.date("start", true), End: o.date("end", true), MonthsBefore: o.integer("months_before", 0, MaxMeasureMonths),
		Signatures: []Signature{
			{PartyPerson, o.date("signed_by_person_on", false)},
			{PartyDepartment, o.date("signed_by_department_on", false)},
		},
	}
	if on := o.date("signed_by_operator_on", false); !on.IsZero() {
		c.Signatures = append(c.Signatures, Signature{PartyOperator, on})
	}
	commitments, ok := o.inner("commitments", true)
	if !ok {
		return c
	}
	for _, by := range []struct {
		key   string
		party Party
	}{{"person", PartyPerson}, {"department", PartyDepartment}, {"operator", PartyOperator}} {
		for _, text := range commitments.texts(by.key, false) {
			c.Commitments = append(c.Commitments, Commitment{By: by.party, Text: text})
		}
	}
	commitments.end()
	return c
}

func readPolicy(o object) Policy {
	p := DefaultPolicy()
	if words := o.texts("class_order", false); words != nil {
		p.ClassOrder = asClasses(words)
	}
	if words := o.texts("partial_classes", false); words != nil {
		p.PartialClasses = asClasses(words)
	}
	p.LivingFloor = o.amount("living_floor", false)
	if word := o.oneOf("shortfall", false, string(Stop), string(Skip)); word != "" {
		p.Shortfall = ShortfallPolicy(word)
	}
	return p
}

func asClasses(words []string) []Class {
	classes := make([]Class, len(words))
	for i, w := range words {
		classes[i] = Class(w)
	}
	return classes
}

func readRemittance(o object) (to string, plan RemittancePlan) {
	plan.Weekly = o.integer("weekly", 0, 5)
	if days := o.get("days", '[', false); days != nil {
		for i := range days.items {
			plan.Days = append(plan.Days, o.bounded(&days.items[i], fmt.Sprintf("days/%d", i), 1, 31))
		}
	}
	return o.ref("to"), plan
}

func readExpected(o object) ExpectedBenefit {
	return ExpectedBenefit{
		Mandate: o.ref("mandate"), Benefit: o.text("benefit"), Period: o.month("period"),
		Payer: o.oneOf("payer", true, Payers()...), Amount: o.amount("amount", true),
		ExpectedOn: o.date("expected_on", true), ThirdParty: o.boolean("third_party"),
	}
}

func readDebt(o object) Debt {
	d := Debt{
		ID: o.ref("id"), Mandate: o.ref("mandate"), Creditor: o.ref("creditor"), Kind: o.oneOf("kind", true, debtKinds...),
		Principal: o.amount("principal", true), Outstanding: o.amount("outstanding", true),
		Instalment: o.amount("instalment", false), BornOn: o.date("born_on", false),
		ContestedOn: o.date("contested_on", false), Recovery: Direct,
	}
	if word := o.oneOf("recovery", false, string(Direct), string(Withholding)); word != "" {
		d.Recovery = Recovery(word)
	}
	return d
}

// debtKinds are the kinds of debt of a load file.
var debtKinds = []string{
	"RENT_ARREARS", "ENERGY_ARREARS", "FSL_LOAN", "CONSUMER_CREDIT", KindBenefitOverpayment, KindAlimony, "OTHER",
}

func readObligation(o object) Obligation {
	words := make([]string, 0, 6)
	for _, f := range Frequencies() {
		words = append(words, string(f))
	}
	return Obligation{
		ID:      o.matching("id", obligationRef, true, "Une référence d'échéance a 1 à 32 majuscules, chiffres ou tirets."),
		Mandate: o.ref("mandate"), Class: Class(o.oneOf("class", true, classWords()...)), Creditor: o.optRef("creditor"),
		Amount: o.amount("amount", true), Label: o.text("label"), Reference: o.optText("reference"),
		Frequency: Frequency(o.oneOf("frequency", true, words...)), DueDay: o.integer("due_day", 0, 31),
		From: o.date("from", true), To: o.optDate("to"), Debt: o.optRef("debt"),
		Block: o.matching("block", blockReason, false, "Une raison de blocage est un code comme CONTESTED_DEBT."),
	}
}

func (o object) optDate(key string) civil.Date { return o.date(key, false) }

func classWords() []string {
	var words []string
	for _, c := range Classes() {
		words = append(words, string(c))
	}
	return words
}
