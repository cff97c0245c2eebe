package load

import (
	"fmt"
	"regexp"

	"masp/ledger/civil"
	"masp/payments/jsonread"
	"masp/payments/mandates"
	"masp/payments/sepa"
)

var siren = regexp.MustCompile(`^[0-9]{9}$`)

func readOrganisation(o object) *Organisation {
	org := &Organisation{
		Name:          o.Text("name"),
		Siren:         o.Matching("siren", siren, false, "Un SIREN a neuf chiffres."),
		OpenedOn:      o.Date("opened_on", true),
		IBANHoldHours: DefaultIBANHoldHours,
		InProduction:  o.Bool("in_production"),
	}
	if o.Node.Member("iban_hold_hours") != nil {
		org.IBANHoldHours = o.Integer("iban_hold_hours", 0, 168, false)
	}
	return org
}

func readBankAccount(o object) mandates.BankAccount {
	account := mandates.BankAccount{
		ID: o.ref("id"), IBAN: o.iban("iban").String(), Holder: o.Text("holder"),
		Model:       o.OneOf("model", true, mandates.Individual, mandates.Pooled),
		PainVersion: o.OneOf("pain_version", false, "001.09", "001.03"),
	}
	if account.PainVersion == "" {
		account.PainVersion = "001.09"
	}
	text, n := o.Fit("bic", false)
	bic, err := sepa.ParseBIC(text)
	if err != nil {
		o.Wrong(n, "bic", "bic", "Ce BIC est faux : 8 ou 11 caractères ; il peut manquer.")
	}
	account.BIC = string(bic)
	return account
}

func readCreditor(o object) Creditor {
	return Creditor{
		Creditor: mandates.Creditor{
			ID: o.ref("id"), Name: o.Text("name"), Kind: mandates.CreditorKind(o.OneOf("kind", true, kindWords()...)),
			Beneficiary: o.optRef("beneficiary"),
		},
		IBAN: o.iban("iban"),
	}
}

func kindWords() []string {
	var words []string
	for _, k := range mandates.CreditorKinds() {
		words = append(words, string(k))
	}
	return words
}

func readBeneficiary(o object) Beneficiary {
	b := Beneficiary{Beneficiary: mandates.Beneficiary{
		ID: o.ref("id"), Civility: o.OptText("civility"), LastName: o.Text("last_name"), FirstName: o.Text("first_name"),
		BornOn:     o.Date("born_on", true),
		Department: o.Matching("department", mandates.DepartmentShape, true, "Il faut le code d'un Département (34, 2A, 974)."),
	}}
	numbers, ok := o.inner("payer_numbers", false)
	if !ok {
		return b
	}
	b.PayerNumbers = map[string]string{}
	for _, payer := range mandates.Payers() {
		number := numbers.Matching(payer, payerNumber, false, "Un numéro d'allocataire a 4 à 20 majuscules ou chiffres, sans espace.")
		if number != "" {
			b.PayerNumbers[payer] = number
		}
	}
	numbers.End()
	return b
}

func readConvention(o object) mandates.Convention {
	return mandates.Convention{
		ID: o.ref("id"), Delegator: o.Text("delegator"), Delegate: o.Text("delegate"), Reference: o.Text("reference"),
		Department: o.Matching("department", mandates.DepartmentShape, true, "Il faut le code d'un Département (34, 2A, 974)."),
		Territory:  o.Text("territory"), Places: o.Texts("places", false), From: o.Date("from", true), To: o.Date("to", true),
	}
}

func readMandate(o object) Mandate {
	m := Mandate{
		Mandate: mandates.Mandate{
			ID: o.ref("id"), Beneficiary: mandates.Beneficiary{ID: o.ref("beneficiary")},
			Level:       mandates.Level(o.OneOf("level", true, string(mandates.MASP1), string(mandates.MASP2))),
			Department:  o.Matching("department", mandates.DepartmentShape, true, "Il faut le code d'un Département (34, 2A, 974)."),
			Ground:      mandates.ThreatGround(o.OneOf("threat_ground", true, string(mandates.Health), string(mandates.Safety), string(mandates.Both))),
			BankAccount: o.optRef("bank_account"),
			PrecededBy:  o.OneOf("preceded_by", false, "MAJ"),
			Convention:  o.optRef("convention"),
			Place:       o.Matching("place", mandates.PlaceShape, false, "Un code INSEE ou postal a 5 caractères."),
			Policy:      mandates.DefaultPolicy(),
		},
		Coordinator:    o.OptText("coordinator"),
		ThreatNote:     o.OptText("threat_note"),
		OpeningBalance: o.amount("opening_balance", false),
		OpeningReserve: o.amount("opening_reserve", false),
	}
	if contract, ok := o.inner("contract", true); ok {
		m.Contract = readContract(contract)
		contract.End()
	}
	for _, code := range o.Texts("authorised_benefits", m.Level == mandates.MASP2) {
		m.Benefits = append(m.Benefits, mandates.Authorisation{Benefit: code, From: m.Contract.Start})
	}
	if court, ok := o.inner("mjagbf", false); ok {
		m.Court = readCourt(court, m.Contract.Start)
		court.End()
	}
	if policy, ok := o.inner("policy", false); ok {
		m.Policy = readPolicy(policy)
		policy.End()
	}
	if remittance, ok := o.inner("remittance", false); ok {
		m.RemitTo, m.Remittance = readRemittance(remittance)
		remittance.End()
	}
	return m
}

// readCourt reads what a delegate of the family court manages, from the start of the contract
// unless a day is given.
func readCourt(o object, start civil.Date) []mandates.CourtBenefit {
	judgment, from := o.Text("judgment"), o.Date("from", false)
	if from.IsZero() {
		from = start
	}
	var all []mandates.CourtBenefit
	for _, code := range o.Texts("benefits", true) {
		all = append(all, mandates.CourtBenefit{Benefit: code, From: from, Judgment: judgment})
	}
	return all
}

// readContract takes the operator for a party when his signature is given.
func readContract(o object) mandates.Contract {
	c := mandates.Contract{
		Start: o.Date("start", true), End: o.Date("end", true), MonthsBefore: o.Integer("months_before", 0, mandates.MaxMeasureMonths, false),
		Signatures: []mandates.Signature{
			{Party: mandates.PartyPerson, On: o.Date("signed_by_person_on", false)},
			{Party: mandates.PartyDepartment, On: o.Date("signed_by_department_on", false)},
		},
	}
	if on := o.Date("signed_by_operator_on", false); !on.IsZero() {
		c.Signatures = append(c.Signatures, mandates.Signature{Party: mandates.PartyOperator, On: on})
	}
	commitments, ok := o.inner("commitments", true)
	if !ok {
		return c
	}
	for _, by := range []struct {
		key   string
		party mandates.Party
	}{{"person", mandates.PartyPerson}, {"department", mandates.PartyDepartment}, {"operator", mandates.PartyOperator}} {
		for _, text := range commitments.Texts(by.key, false) {
			c.Commitments = append(c.Commitments, mandates.Commitment{By: by.party, Text: text})
		}
	}
	commitments.End()
	return c
}

func readPolicy(o object) mandates.Policy {
	p := mandates.DefaultPolicy()
	if words := o.Texts("class_order", false); words != nil {
		p.ClassOrder = asClasses(words)
	}
	if words := o.Texts("partial_classes", false); words != nil {
		p.PartialClasses = asClasses(words)
	}
	p.LivingFloor = o.amount("living_floor", false)
	if word := o.OneOf("shortfall", false, string(mandates.Stop), string(mandates.Skip)); word != "" {
		p.Shortfall = mandates.ShortfallPolicy(word)
	}
	return p
}

func asClasses(words []string) []mandates.Class {
	classes := make([]mandates.Class, len(words))
	for i, w := range words {
		classes[i] = mandates.Class(w)
	}
	return classes
}

func readRemittance(o object) (to string, plan mandates.RemittancePlan) {
	plan.Weekly = o.Integer("weekly", 0, 5, false)
	if days := o.Get("days", jsonread.ListKind, false); days != nil {
		for i := range days.Items {
			plan.Days = append(plan.Days, o.Bounded(&days.Items[i], fmt.Sprintf("days/%d", i), 1, 31))
		}
	}
	return o.ref("to"), plan
}

func readExpected(o object) mandates.ExpectedBenefit {
	return mandates.ExpectedBenefit{
		Mandate: o.ref("mandate"), Benefit: o.Text("benefit"), Period: o.Month("period", true),
		Payer: o.OneOf("payer", true, mandates.Payers()...), Amount: o.amount("amount", true),
		ExpectedOn: o.Date("expected_on", true), ThirdParty: o.Bool("third_party"),
	}
}

func readDebt(o object) mandates.Debt {
	d := mandates.Debt{
		ID: o.ref("id"), Mandate: o.ref("mandate"), Creditor: o.ref("creditor"), Kind: o.OneOf("kind", true, mandates.DebtKinds()...),
		Principal: o.amount("principal", true), Outstanding: o.amount("outstanding", true),
		Instalment: o.amount("instalment", false), BornOn: o.Date("born_on", false),
		ContestedOn: o.Date("contested_on", false), Recovery: mandates.Direct,
	}
	if word := o.OneOf("recovery", false, string(mandates.Direct), string(mandates.Withholding)); word != "" {
		d.Recovery = mandates.Recovery(word)
	}
	return d
}

func readObligation(o object) mandates.Obligation {
	words := make([]string, 0, 6)
	for _, f := range mandates.Frequencies() {
		words = append(words, string(f))
	}
	return mandates.Obligation{
		ID:      o.Matching("id", mandates.ObligationShape, true, "Une référence d'échéance a 1 à 32 majuscules, chiffres ou tirets."),
		Mandate: o.ref("mandate"), Class: mandates.Class(o.OneOf("class", true, classWords()...)), Creditor: o.optRef("creditor"),
		Amount: o.amount("amount", true), Label: o.Text("label"), Reference: o.OptText("reference"),
		Frequency: mandates.Frequency(o.OneOf("frequency", true, words...)), DueDay: o.Integer("due_day", 0, 31, false),
		From: o.Date("from", true), To: o.Date("to", false), Debt: o.optRef("debt"),
		Block: o.Matching("block", blockReason, false, "Une raison de blocage est un code comme CONTESTED_DEBT."),
	}
}

func classWords() []string {
	var words []string
	for _, c := range mandates.Classes() {
		words = append(words, string(c))
	}
	return words
}
