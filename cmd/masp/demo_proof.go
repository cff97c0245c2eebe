package main

import (
	"errors"
	"time"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// prove prints what a director and an auditor want to see, and fails when it is not true.
func (d *demo) prove() error {
	month, err := civil.ParseMonth("2026-11")
	if err != nil {
		return err
	}
	d.title("6. La preuve : banque = livres = personnes + en route + à identifier")
	if err := d.threeWay(); err != nil {
		return err
	}
	if err := d.dayByDay(); err != nil {
		return err
	}
	d.title("7. Par personne : début + entrées − sorties = fin ; attendu et reçu")
	if err := d.persons(month); err != nil {
		return err
	}
	d.title("8. Le relevé d'une personne")
	statement, err := d.papers().Statement(d.ctx, shownMandate, month.First(), month.Last())
	if err != nil {
		return err
	}
	d.out.print("%s", statement.Paper().Text())
	d.title("9. Tout relu depuis la première écriture")
	report, err := d.verify(d.session, "")
	if err != nil {
		return err
	}
	printProof(d.out, report)
	if !report.OK() {
		return errFound
	}
	d.places()
	d.out.print("\nUn mois entier en %.1f s. Rien n'a été simulé sauf la banque : ce sont les services de tous les jours.",
		time.Since(d.started).Seconds())
	return d.out.data(jsonProof(report), func() {})
}

// threeWay sums the books by kind of account and compares with the bank itself.
func (d *demo) threeWay() error {
	trial, err := d.ledger.TrialBalance(d.ctx, d.db)
	if err != nil {
		return err
	}
	var bank, persons, transit, suspense money.Amount
	for _, line := range trial {
		switch line.Code.PCG() {
		case "512":
			bank = bank.Add(line.Balance)
		case "467":
			persons = persons.Sub(line.Balance)
		case "580":
			transit = transit.Sub(line.Balance)
		case "471":
			suspense = suspense.Sub(line.Balance)
		}
	}
	said, err := d.saidByTheBank()
	if err != nil {
		return err
	}
	for _, l := range []struct {
		what   string
		amount money.Amount
	}{
		{"Selon la banque (soldes de ses derniers relevés)", said},
		{"Selon nos livres (512)", bank},
		{"  argent des personnes (467)", persons},
		{"  virements en route (580)", transit},
		{"  à identifier (471)", suspense},
	} {
		d.out.print("  %s %s", fit(l.what, 52), right(l.amount.French(), 15))
	}
	if said != bank || bank != money.Sum(persons, transit, suspense) {
		d.out.print("  %s", d.out.red("Les trois ne sont pas égaux."))
		return errFound
	}
	d.out.print("  %s", d.out.green("Égalité au centime."))
	return nil
}

// dayByDay holds every account against its bank, every day of the month.
func (d *demo) dayByDay() error {
	today, err := ledger.Today(d.ctx, d.db)
	if err != nil {
		return err
	}
	result, err := d.reconcile.Run(d.ctx, "demo", today)
	if err != nil {
		return err
	}
	printResult(d.out, result)
	if len(result.Differences) > 0 {
		return errFound
	}
	d.out.print("  %s", d.out.green("Aucun écart, aucun jour."))
	return nil
}

// saidByTheBank asks the simulated bank, not our tables, what its accounts hold.
func (d *demo) saidByTheBank() (money.Amount, error) {
	var sum money.Amount
	for _, a := range d.month.Load.BankAccounts {
		cents, err := d.bank.Balance(a.IBAN)
		if err != nil {
			return sum, err
		}
		sum = sum.Add(money.Cents(cents))
	}
	return sum, nil
}

// persons prints one line per person, and checks each sum.
func (d *demo) persons(month civil.Month) error {
	var rows [][]string
	var wrong error
	err := d.read(d.ctx, func(tx tx) error {
		expected, err := d.imports.Expected(d.ctx, tx, month.Add(-1))
		if err != nil {
			return err
		}
		for _, m := range d.month.Load.Mandates {
			a, err := d.ledger.AccountStatement(d.ctx, tx, ledger.Mandate(m.ID), month.First(), month.Last())
			if err != nil {
				return err
			}
			if a.Opening.Add(a.In).Sub(a.Out) != a.Closing {
				wrong = errFound
			}
			e := expected.Of(m.ID)
			rows = append(rows, []string{
				m.ID, a.Opening.French(), a.In.French(), a.Out.French(), a.Closing.French(),
				e.Amount.French(), e.Received.French(), e.French(),
			})
		}
		return nil
	})
	d.out.table([]string{"Mandat", ">Début", ">Entrées", ">Sorties", ">Fin", ">Attendu", ">Reçu", "Prestations"}, rows)
	return errors.Join(err, wrong)
}
