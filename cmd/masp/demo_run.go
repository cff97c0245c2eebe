package main

import (
	"cmp"
	"errors"
	"fmt"

	"masp/api/auth"
	"masp/cmd/masp/internal/simbank"
	"masp/ledger"
	"masp/payments"
)

// run plays one payment run: proposed by one person, refused to her, approved by another.
func (d *demo) run(what string) error {
	if err := d.setClock(d.nextRun(), 9); err != nil {
		return err
	}
	preparer, approver := d.people[coordinatorID], d.people[approverID]
	run, err := d.payments.Propose(d.ctx, preparer, payments.Ask{All: true})
	if err == nil {
		run, err = d.payments.Show(d.ctx, run.ID)
	}
	if err != nil {
		return err
	}
	d.runs = append(d.runs, run.ID)
	printRun(d.out, run, false)
	if len(d.runs) == 1 {
		d.oneDossier(run)
	}
	if err := d.decide(preparer, run); err != nil {
		return err
	}
	if run, err = d.payments.Submit(d.ctx, preparer, run.ID); err != nil {
		return err
	}
	if err := d.refusedToThePreparer(preparer, run); err != nil {
		return err
	}
	if run, err = d.payments.Approve(d.ctx, approver, run.ID, run.ContentHash); err == nil {
		run, err = d.payments.Show(d.ctx, run.ID)
	}
	if err != nil {
		return err
	}
	d.out.print("  %s approuve la %s : %s pour %s.", approver.Name, what,
		plural(len(run.Instructions()), "virement", "virements"), run.Total().French())
	files, err := d.payments.File(d.ctx, approver, run.ID)
	if err != nil {
		return err
	}
	if err := d.handOver(files); err != nil {
		return err
	}
	for _, f := range files {
		d.out.print("  Fichier remis à la banque : %s (%s, %s)", f.Name,
			plural(f.Transfers, "virement", "virements"), f.Total.French())
		d.out.print("    SHA-256 %s", f.SHA256)
	}
	return d.payments.HandOver(d.ctx, preparer, run.ID)
}

// because is what the coordinator of the demonstration says of each kind of exception.
var because = map[payments.ExceptionCode]string{
	payments.InsufficientMoney:  "vu avec la personne : le reste suit dès que l'argent arrive",
	payments.RentMissing:        "hébergée chez un proche, attestation au dossier",
	payments.PayeeRejected:      "nouveau RIB demandé au destinataire",
	payments.DuplicateSuspected: "deux factures différentes, vues toutes les deux",
	payments.NonSocialIncome:    "reversé à part, en entier",
}

// decide lets the coordinator decide each blocking exception: it stays as it was computed.
func (d *demo) decide(who auth.Principal, run payments.Run) error {
	n := 0
	for _, e := range run.Exceptions() {
		if !e.Open() {
			continue
		}
		n++
		_, err := d.payments.Decide(d.ctx, who, payments.Choice{
			Run: run.ID, Seen: run.ContentHash, Exception: e.No, Decision: e.AsComputed(),
			Reason: cmp.Or(because[e.Code], "vu avec la personne"),
		})
		if err != nil {
			return err
		}
	}
	if n > 0 {
		d.out.print("  %s décide %s, chacune avec sa raison.", who.Name, plural(n, "exception bloquante", "exceptions bloquantes"))
	}
	return nil
}

// shownMandate is the person whose whole dossier and statement are printed.
const shownMandate = "M-0005"

// oneDossier shows that an ordinary line says why it is paid, too.
func (d *demo) oneDossier(run payments.Run) {
	for _, m := range run.Mandates {
		if m.Mandate != shownMandate {
			continue
		}
		d.out.print("Un dossier ordinaire, ligne par ligne : %s — disponible %s", d.out.bold(m.Mandate+" "+m.Person), m.Available.French())
		for _, l := range m.Lines {
			printLines(d.out, []payments.RunLine{l})
		}
		for _, t := range m.Transfers {
			if t.Kind == ledger.Remittance {
				d.out.print("  Versé    %s à la personne le %s", t.Amount.French(), t.ExecuteOn.FrenchShort())
			}
		}
	}
}

func (d *demo) nextRun() simbank.Day {
	if d.today < d.month.RunOn {
		return d.month.RunOn
	}
	return d.month.SecondRunOn
}

// refusedToThePreparer shows that two signatures are two persons.
func (d *demo) refusedToThePreparer(preparer auth.Principal, run payments.Run) error {
	_, err := d.payments.Approve(d.ctx, preparer, run.ID, run.ContentHash)
	if !errors.Is(err, payments.ErrSamePerson) {
		return fmt.Errorf("the preparer was not refused as such: %w", err)
	}
	d.out.print("  %s, qui l'a préparée, essaie de l'approuver : refusé. « %s »", preparer.Name, messageOf(err).text)
	return nil
}
