package main

import (
	"fmt"
	"path/filepath"
	"time"

	"masp/cmd/masp/internal/simbank"
	"masp/imports"
	"masp/imports/bankfile"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/sepa"
)

// play is the month: opening, the days of the bank, two runs, the proof.
func (d *demo) play() error {
	first := simbank.On(2026, time.November, 2)
	d.title("1. Une association inventée ouvre ses comptes")
	if err := d.setClock(first, 8); err != nil {
		return err
	}
	if err := d.load(); err != nil {
		return err
	}
	d.title("2. La banque envoie ses relevés, la CAF et les autres paient")
	if err := d.days(first, d.month.RunOn); err != nil {
		return err
	}
	d.title("3. La campagne de paiement du mois")
	if err := d.run("campagne du mois"); err != nil {
		return err
	}
	d.title("4. La banque exécute, refuse, renvoie")
	if err := d.days(d.month.RunOn, d.month.SecondRunOn); err != nil {
		return err
	}
	if err := d.alerts(); err != nil {
		return err
	}
	d.title("5. Une seconde campagne, pour ce qui est arrivé en retard ou revenu")
	if err := d.clearSuspense(); err != nil {
		return err
	}
	if err := d.run("seconde campagne"); err != nil {
		return err
	}
	if err := d.days(d.month.SecondRunOn, d.month.LastDay+1); err != nil {
		return err
	}
	return d.prove()
}

func (d *demo) title(text string) { d.out.print("\n%s", d.out.bold(text)) }

// days plays the mornings and evenings from one day to the day before another: remittances
// whose day has come leave, the bank closes its day, its files are read.
func (d *demo) days(from, before simbank.Day) error {
	var seen tally
	for day := from; day < before; day++ {
		if err := d.cancelled(); err != nil {
			return err
		}
		if !day.IsTARGET() {
			continue
		}
		d.out.progress("jour de banque", int(day-from)+1, int(before-from))
		if err := d.morning(day); err != nil {
			return err
		}
		if err := d.evening(day, &seen); err != nil {
			return err
		}
	}
	d.out.progress("jour de banque", 1, 1)
	seen.print(d.out)
	return nil
}

// morning sends the remittances whose day has come, and takes the new bank details of the
// creditors that the bank could not pay.
func (d *demo) morning(day simbank.Day) error {
	if err := d.setClock(day, 8); err != nil {
		return err
	}
	files, err := d.payments.ReleaseDue(d.ctx)
	if err != nil {
		return err
	}
	if err := d.handOver(files); err != nil {
		return err
	}
	if len(d.runs) == 1 && day > d.month.RunOn {
		return d.correctIBANs()
	}
	return nil
}

// evening closes the bank's day and reads what it sends.
func (d *demo) evening(day simbank.Day, seen *tally) error {
	if err := d.setClock(day, 20); err != nil {
		return err
	}
	files, err := d.bank.EndOfDay(day)
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := d.bankWrites(f.Name, f.Bytes); err != nil {
			return err
		}
	}
	outcomes, err := d.receive()
	for _, o := range outcomes {
		seen.add(o)
	}
	return err
}

// tally counts what the bank's files brought.
type tally struct {
	files, statements, lines, benefits, matched, suspense, rejects, held int
}

func (t *tally) add(o imports.Outcome) {
	t.files++
	for _, st := range o.Statements {
		t.statements++
		t.lines += st.Lines
		t.benefits += st.Benefits
		t.matched += st.Matched
		t.suspense += st.Suspense
		if st.Explanation != "" {
			t.held++
		}
	}
	if o.Report != nil {
		t.rejects += o.Report.Rejected
	}
	if o.Outcome == bankfile.Refused {
		t.held++
	}
}

func (t *tally) print(out *printer) {
	out.print("  %s, %s, %s : %s, %s,",
		plural(t.files, "fichier de la banque", "fichiers de la banque"), plural(t.statements, "relevé", "relevés"),
		plural(t.lines, "mouvement", "mouvements"), plural(t.benefits, "prestation reconnue", "prestations reconnues"),
		plural(t.matched, "virement retrouvé", "virements retrouvés"))
	out.print("  %s, %s, %s.",
		plural(t.rejects, "virement refusé par la banque", "virements refusés par la banque"),
		plural(t.suspense, "mouvement à identifier", "mouvements à identifier"),
		plural(t.held, "relevé en attente", "relevés en attente"))
}

// correctIBANs takes the new bank details of creditors whose account the bank called wrong
// or closed: proposed by one person, confirmed by another, then held.
func (d *demo) correctIBANs() error {
	run, err := d.payments.Show(d.ctx, d.runs[0])
	if err != nil {
		return err
	}
	for _, t := range run.Instructions() {
		failed := t.State == payments.Rejected || t.State == payments.Returned
		if !failed || d.corrected[t.Creditor] {
			continue
		}
		d.corrected[t.Creditor] = true
		iban, err := sepa.MakeFrenchIBAN("99999", "00042", fmt.Sprintf("%011d", 7000+len(d.corrected)))
		if err != nil {
			return err
		}
		who, second := d.people[colleagueID], d.people[accountantID] // who signs payments confirms no IBAN of theirs
		if _, err := d.mandates.ProposeIBAN(d.ctx, who, t.Creditor, iban, "RIB reçu par courrier"); err != nil {
			return err
		}
		from, err := d.mandates.ConfirmIBAN(d.ctx, second, t.Creditor)
		if err == nil && from.IsZero() { // it pays for more than ten mandates
			from, err = d.mandates.ConfirmIBAN(d.ctx, d.people[coordinatorID], t.Creditor)
		}
		if err != nil {
			return err
		}
		at := from.In(civil.Paris)
		d.out.print("  Le %s, %s (%s) : nouvel IBAN %s, saisi par %s, confirmé par %s, payable le %s à %d h.",
			civil.MustParse(d.today.String()).FrenchShort(), t.Name, t.Reason, iban.Masked(), who.Name, second.Name, civil.FromTime(at, civil.Paris).FrenchShort(), at.Hour())
	}
	return nil
}

// alerts prints what the product tells the coordinator, the oldest first.
func (d *demo) alerts() error {
	raised, err := d.worklist.Raised(d.ctx)
	if err != nil {
		return err
	}
	d.out.print("  Ce que la coordinatrice doit voir :")
	for _, a := range raised {
		d.out.print("    %s  %s  %s", a.On.FrenchShort(), fit(a.Mandate, 7), a.Text)
	}
	return nil
}

// clearSuspense is the coordinator's morning: what arrived without a number is attributed
// by a named person, what nobody knows waits.
func (d *demo) clearSuspense() error {
	items, err := d.imports.Suspense(d.ctx)
	if err != nil {
		return err
	}
	u := d.month.Unknown
	period, err := civil.ParseMonth(u.Period)
	if err != nil {
		return err
	}
	for _, item := range items {
		d.out.print("  À identifier : %s du %s, « %s »", item.Open.Abs().French(), item.BookedOn.FrenchShort(), item.Text)
		if item.BankAccount != d.accountOf(u.IBAN) || item.Open != money.Cents(int64(u.Amount)) {
			continue
		}
		_, err := d.imports.AssignSuspense(d.ctx, d.people[coordinatorID], item.Line, imports.Assignment{
			Mandate: u.Mandate, Benefit: u.Benefit, Period: period, Reason: "numéro retrouvé par téléphone avec l'organisme",
		})
		if err != nil {
			return err
		}
		d.out.print("    → après un appel à l'organisme, %s l'attribue au mandat %s.", d.people[coordinatorID].Name, u.Mandate)
	}
	return nil
}

// accountOf is the reference of one of our bank accounts.
func (d *demo) accountOf(iban string) string {
	for _, a := range d.month.Load.BankAccounts {
		if a.IBAN == iban {
			return a.ID
		}
	}
	return ""
}

// places says where to look.
func (d *demo) places() {
	d.title("Où sont les fichiers")
	for _, p := range [][2]string{
		{"organisation chargée", filepath.Join(d.dir, "association.json")},
		{"fichiers de la banque, lus", filepath.Join(d.inbox, "traites")},
		{"fichiers de virements (pain.001)", d.outbox},
	} {
		d.out.print("  %-34s %s", p[0], p[1])
	}
}
