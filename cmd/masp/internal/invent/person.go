package invent

import (
	"fmt"
	"time"

	"masp/cmd/masp/internal/simbank"
)

const pooledAccount = "BK-POOL"

// person is what the parts of a person's file share while it is built.
type person struct {
	number   int // from 1
	shape    shape
	mandate  *Mandate
	who      Beneficiary
	iban     string
	self     string // reference of the own account
	surprise int    // one of the surprise constants, or specials for none
	energy   string // creditor of the energy bill
	landlord string
}

func (b *builder) openPooledAccount() {
	account := BankAccount{
		ID: pooledAccount, IBAN: b.nextIBAN(branchPooled), Model: "POOLED", PainVersion: "001.03",
		Holder: "Le Fil de l'Eau, fonds des personnes",
	}
	b.month.Load.BankAccounts = append(b.month.Load.BankAccounts, account)
	b.month.accounts = append(b.month.accounts, simbank.Account{
		IBAN: account.IBAN, Holder: plain(account.Holder), StatementVersion: simbank.Camt02,
		OpenedOn: opening, LastSequence: 211, BatchBooking: true,
	})
}

// addPerson draws one person with mandate, account, budget and benefits.
func (b *builder) addPerson(i int) {
	p := &person{number: i + 1, surprise: min(i, specials)}
	if s, ok := special[i]; ok {
		p.shape = s
	} else {
		p.shape = crowd[b.rng.IntN(len(crowd))]
	}
	pooled := i == numberMissing || i >= specials && i%6 == 0
	p.who = b.identity(p, pooled)
	p.self = reference("C-SELF", p.number)
	b.addCreditor(p.self, p.who.FirstName+" "+p.who.LastName, "BENEFICIARY", branchOwn)
	p.mandate = b.contract(p)
	b.give(p, pooled)
	b.budget(p)
	b.benefits(p)
	b.month.Load.Beneficiaries = append(b.month.Load.Beneficiaries, p.who)
	b.month.Load.Mandates = append(b.month.Load.Mandates, *p.mandate)
}

func (b *builder) identity(p *person, pooled bool) Beneficiary {
	civility, names := "Mme", women
	if b.rng.IntN(2) == 0 && !p.shape.children {
		civility, names = "M.", men
	}
	age := p.shape.ageFrom + b.rng.IntN(p.shape.ageTo-p.shape.ageFrom)
	who := Beneficiary{
		ID: reference("B", p.number), Civility: civility,
		LastName: families[b.rng.IntN(len(families))], FirstName: names[b.rng.IntN(len(names))],
		BornOn:     bornOn(simbank.On(2026-age, time.January, 1) - simbank.Day(b.rng.IntN(300))),
		Department: []string{"34", "34", "91"}[b.rng.IntN(3)], PayerNumbers: map[string]string{},
	}
	if pooled {
		who.Department = "26" // its convention allows a pooled account
	}
	for _, gain := range p.shape.benefits {
		if who.PayerNumbers[gain.payer] == "" {
			who.PayerNumbers[gain.payer] = b.payerNumber(gain.payer)
		}
	}
	return who
}

// bornOn keeps a birthday from the first of 1970, the zero Day, which is written as none.
func bornOn(d simbank.Day) simbank.Day {
	if d == 0 {
		return 1
	}
	return d
}

// payerNumber is the number under which a payer knows a person; for the CAF and
// the MSA seven digits and a letter.
func (b *builder) payerNumber(payer string) string {
	b.numbers += 1 + b.rng.IntN(900)
	letter := string('A' + b.rng.Int32N(26))
	switch payer {
	case "CAF", "MSA":
		return fmt.Sprintf("%07d%s", 1_000_000+b.numbers, letter)
	case "CARSAT":
		return fmt.Sprintf("R%08d%s", 34_000_000+b.numbers, letter)
	}
	return fmt.Sprintf("AD%07d", 2_600_000+b.numbers)
}

// contract draws a signed contract of 6 to 24 months that November 2026 is in.
func (b *builder) contract(p *person) *Mandate {
	length := []int{6, 12, 12, 18, 24}[b.rng.IntN(5)]
	started := 1 + b.rng.IntN(length-1)                                      // months before November
	if left := min(6, length-1); p.number%16 != 0 && length-started < left { // most go on for some months
		started = length - left
	}
	start := firstOfMonth(-started)
	before := 0
	if b.rng.IntN(3) == 0 {
		before = []int{6, 12, 24}[b.rng.IntN(3)]
	}
	return &Mandate{
		ID: reference("M", p.number), Beneficiary: p.who.ID, Level: "MASP2", Department: p.who.Department,
		ThreatGround: []string{"HEALTH", "SAFETY", "BOTH"}[b.rng.IntN(3)],
		Contract: Contract{
			Start: start, End: firstOfMonth(length-started) - 1, MonthsBefore: before,
			SignedByPerson: start - 12, SignedByOperator: start - 9, SignedByDepartment: start - 4,
			Commitments: Commitments{
				Person:   []string{"Présenter chaque facture reçue", "Être présent aux rendez-vous"},
				Operator: []string{"Payer le loyer en premier", "Expliquer le relevé chaque mois"},
			},
		},
		Coordinator: users[min(1, b.rng.IntN(6))].ID, // one in six is of the first
	}
}

// firstOfMonth counts months from November 2026.
func firstOfMonth(n int) simbank.Day { return simbank.On(2026, time.November+time.Month(n), 1) }

// give opens the person's bank account, or puts the balance on the pooled one.
func (b *builder) give(p *person, pooled bool) {
	m := p.mandate
	m.OpeningBalance = b.between(420, 9800)
	switch {
	case p.surprise == shortBenefit, p.surprise == lateBenefit:
		m.OpeningBalance = b.between(420, 1900)
	case p.surprise == feeTaken, b.rng.IntN(8) == 0:
		m.OpeningBalance += 6000
		m.OpeningReserve = 4500
	}
	if pooled {
		account := &b.month.accounts[0]
		account.OpeningCents += int64(m.OpeningBalance)
		m.BankAccount, p.iban = pooledAccount, account.IBAN
		return
	}
	account := BankAccount{
		ID: reference("BK", p.number), IBAN: b.nextIBAN(branchIndividual), Model: "INDIVIDUAL",
		Holder: p.who.Civility + " " + p.who.FirstName + " " + p.who.LastName, PainVersion: "001.09",
	}
	m.BankAccount, p.iban = account.ID, account.IBAN
	atBank := simbank.Account{
		IBAN: account.IBAN, OpenedOn: opening, OpeningCents: int64(m.OpeningBalance),
		Holder: plain(p.who.LastName + " " + p.who.FirstName), LastSequence: b.rng.IntN(60),
	}
	switch p.number % 9 {
	case 0: // a bank that still speaks the older messages
		account.PainVersion, atBank.StatementVersion = "001.03", simbank.Camt02
	case 4: // one whose statements are those of the French banks
		atBank.StatementVersion = simbank.French
	}
	b.month.Load.BankAccounts = append(b.month.Load.BankAccounts, account)
	b.month.accounts = append(b.month.accounts, atBank)
}
