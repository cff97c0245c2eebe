package main

import (
	"fmt"
	"os"
	"time"

	"masp/api/auth"
	"masp/cmd/masp/internal/simbank"
	"masp/ledger/civil"
	"masp/payments"
	"masp/payments/mandates/load"
)

// seed plays the example organisation from its first day to the run of its second month, by the same
// services as every day.
type seed struct {
	demo
	made seeded
}

var (
	seedOpens = simbank.On(2026, time.November, 2)
	seedPays  = simbank.On(2026, time.November, 10) // all benefits of the month are there
	seedEnds  = simbank.On(2026, time.December, 9)
)

// The accounts at the invented bank, and who sends what: number at the payer, name, amount.
var (
	seedAccounts = []simbank.Account{
		{IBAN: "FR7699999001000000000100189", Holder: "MME ROUX", OpeningCents: 4317},
		{IBAN: "FR7699999001010000000200181", Holder: "LES DEUX RIVES", OpeningCents: 11890},
	}
	seedIncome = []struct {
		account        int
		payer          string
		number, person string
		cents          int64
	}{
		{0, "CAF DE L HERAULT", "1234567K", "ROUX", 57349},
		{1, "CAF DE LA DROME", "2345678L", "HADDAD", 104159},
		{1, "CARSAT RHONE ALPES", "R34000123B", "GARNIER", 104359},
	}
)

// play is the whole seed.
func (p *seed) play() error {
	for _, step := range []func() error{
		p.mustBeEmpty, p.openBank, p.enter, p.caseloads,
		func() error { return p.days(seedOpens, seedPays) },
		func() error { return p.pay("c.martin", "M-0001") },
		func() error { return p.pay("c.nadir", "M-0002", "M-0003") },
		func() error { return p.days(seedPays, seedEnds) },
		func() error { return p.setClock(seedEnds, 9) },
		func() error { return p.propose("c.martin", true, "M-0001") },
		func() error { return p.propose("c.nadir", false, "M-0002", "M-0003") },
		p.list,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (p *seed) mustBeEmpty() error {
	var taken bool
	err := p.owner.QueryRow(p.ctx, `SELECT EXISTS (SELECT FROM masp.organisations)`).Scan(&taken)
	if err != nil {
		return fmt.Errorf("look for an organisation: %w", err)
	}
	if taken {
		return errSeeded
	}
	for _, dir := range []string{p.inbox, p.outbox} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			return err
		}
	}
	return nil
}

// openBank opens the accounts and plans the benefits of two months, and a stranger's transfer.
func (p *seed) openBank() error {
	for _, a := range seedAccounts {
		a.OpenedOn, a.BatchBooking, a.BatchDetails = simbank.On(2026, time.November, 1), true, true
		if err := p.bank.OpenAccount(a); err != nil {
			return err
		}
	}
	for month := time.November; month <= time.December; month++ {
		for i, in := range seedIncome {
			transfer := simbank.CAF(in.payer, 10_000*int(month)+i, in.number, in.person, simbank.On(2026, month-1, 1), in.cents)
			day := simbank.CAFDay(2026, month)
			if in.payer[:3] != "CAF" {
				transfer.Remittance = []string{fmt.Sprintf("PRESTATION ASPA %02d/2026 DOSSIER %s", month-1, in.number)}
				day = simbank.On(2026, month, 8)
			}
			if err := p.bank.Credit(seedAccounts[in.account].IBAN, day, transfer); err != nil {
				return err
			}
		}
	}
	return p.bank.Credit(seedAccounts[1].IBAN, simbank.On(2026, time.November, 17), simbank.Incoming{
		Payer: "M OU MME INCONNU", AmountCents: 6000, Remittance: []string{"REMBOURSEMENT MERCI"},
	})
}

// enter loads the organisation; two accountants sign its creditors.
func (p *seed) enter() error {
	if err := p.setClock(seedOpens, 8); err != nil {
		return err
	}
	loaded, err := p.house.load.Load(p.ctx, auth.Principal{}, load.Example)
	if err != nil {
		return err
	}
	p.made.Tokens = loaded.Tokens
	for _, t := range loaded.Tokens {
		if p.people[t.User], err = p.auth.Authenticate(p.ctx, t.Token); err != nil {
			return err
		}
	}
	for _, user := range []string{"k.perrin", "k.sauvage"} {
		if _, err := p.mandates.SignLoad(p.ctx, p.people[user], loaded.SHA256); err != nil {
			return err
		}
	}
	return nil
}

// caseloads gives each coordinator her persons, and each auditor his Département.
func (p *seed) caseloads() error {
	admin := p.people["i.texier"]
	for user, mandates := range map[string][]string{"c.martin": {"M-0001"}, "c.nadir": {"M-0002", "M-0003"}} {
		if _, err := p.auth.Assign(p.ctx, admin, user, mandates, civil.Date{}, civil.Date{}); err != nil {
			return err
		}
		for _, m := range mandates {
			if _, err := p.mandates.PlanExpected(p.ctx, p.people[user], m, 3); err != nil {
				return err
			}
		}
	}
	for user, department := range map[string]string{"e.quentin": "34", "e.texel": "26"} {
		mission := auth.Mission{User: user, Departments: []string{department}, From: civil.MustParse("2026-01-01")}
		if err := p.auth.Audits(p.ctx, admin, mission); err != nil {
			return err
		}
	}
	return nil
}

// propose prepares a run and submits it; with a signature it is approved.
func (p *seed) propose(preparer string, signed bool, mandates ...string) error {
	who := p.people[preparer]
	run, err := p.payments.Propose(p.ctx, who, payments.Ask{Mandates: mandates})
	if err == nil {
		run, err = p.payments.Show(p.ctx, run.ID)
	}
	if err != nil {
		return err
	}
	for _, e := range run.Exceptions() {
		if !e.Open() {
			continue
		}
		if run, err = p.payments.Decide(p.ctx, who, payments.Choice{
			Run: run.ID, Seen: run.ContentHash, Exception: e.No, Decision: e.AsComputed(), Reason: "vu avec la personne",
		}); err != nil {
			return err
		}
	}
	if run, err = p.payments.Submit(p.ctx, who, run.ID); err != nil {
		return err
	}
	p.runs = append(p.runs, run.ID)
	if signed {
		_, err = p.payments.Approve(p.ctx, p.people["v.olivier"], run.ID, run.ContentHash)
	}
	return err
}

// pay is a run from its proposal to the bank.
func (p *seed) pay(preparer string, mandates ...string) error {
	if err := p.setClock(seedPays, 9); err != nil {
		return err
	}
	if err := p.propose(preparer, true, mandates...); err != nil {
		return err
	}
	run := p.runs[len(p.runs)-1]
	files, err := p.payments.File(p.ctx, p.people["v.olivier"], run)
	if err != nil {
		return err
	}
	if err := p.handOver(files); err != nil {
		return err
	}
	return p.payments.HandOver(p.ctx, p.people["v.olivier"], run)
}

// list says what there is.
func (p *seed) list() error {
	p.made.Organisation = "Association Les Deux Rives (exemple inventé)"
	p.made.Today = p.today.String()
	runs, err := p.payments.List(p.ctx)
	if err != nil {
		return err
	}
	for _, r := range runs {
		p.made.Runs = append(p.made.Runs, seededRun{r.ID, string(r.State)})
	}
	all, err := p.mandates.List(p.ctx)
	for _, m := range all {
		p.made.Mandates = append(p.made.Mandates, m.ID)
	}
	return err
}
