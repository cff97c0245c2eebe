package main

import (
	"strings"

	"masp/api/auth"
	"masp/imports/reconcile"
	"masp/ledger/civil"
)

type reconcileCommand struct {
	Status      reconcileStatus      `cmd:"" help:"Où en est chaque compte aujourd'hui : banque, livres, écart, premier jour d'écart."`
	Run         reconcileRun         `cmd:"" help:"Rapproche et enregistre chaque jour ouvert de chaque compte."`
	Show        reconcileShow        `cmd:"" help:"État de rapprochement d'un compte un jour, avec ses mouvements."`
	Beneficiary reconcileBeneficiary `cmd:"" help:"Le mois d'une personne : début + entrées − sorties = fin, jusqu'à la ligne de banque."`
	Close       reconcileClose       `cmd:"" help:"Verrouille les jours rapprochés sans écart (comptable)."`
	Reopen      reconcileReopen      `cmd:"" help:"Rouvre des jours verrouillés : une autre personne, avec une raison."`
}

var frenchDay = map[reconcile.State]string{
	reconcile.Balanced: "juste", reconcile.Difference: "ÉCART", reconcile.NoStatement: "pas encore de relevé",
	reconcile.Importing: "import en cours",
}

type reconcileStatus struct{}

// Run compares every account with its bank; it fails when one differs, and stores nothing.
func (c *reconcileStatus) Run(s *session) error {
	return s.with(func(h *house) error {
		status, err := h.reconcile.Status(s.ctx)
		if err != nil {
			return err
		}
		err = s.out.data(status, func() { printStatus(s.out, status) })
		if err == nil && !status.OK {
			return errFound
		}
		return err
	})
}

func printStatus(out *printer, status reconcile.Status) {
	var rows [][]string
	for _, a := range status.Accounts {
		rows = append(rows, []string{
			a.Account, saidOn(a.Figures), a.Bank.French(), a.Books.French(), a.InTransit.French(), a.Unidentified.French(),
			a.Persons.French(), a.Gap.French(), frenchDay[a.State], a.LockedThrough.FrenchShort(),
		})
	}
	out.table([]string{
		"Compte", "Solde du", ">Banque", ">Livres (512)", ">En route (580)", ">À identifier (471)", ">Personnes (467)", ">Écart",
		"État", "Verrouillé",
	}, rows)
	for _, a := range status.Accounts {
		if a.State == reconcile.Difference {
			out.print("%s", out.red("Compte "+a.Account+" : écart de "+a.Gap.French()+" depuis le "+a.Since.French()+"."))
			printCauses(out, a.Causes)
		}
	}
	if status.OK {
		out.print("%s", out.green("Aucun écart au "+status.Day.French()+"."))
	}
}

// saidOn is the day of the balance of the bank, nothing when there is none.
func saidOn(f reconcile.Figures) string {
	if f.BankOn.IsZero() {
		return "—"
	}
	return f.BankOn.FrenchShort()
}

// printCauses lists the entries of a day, those that could explain a difference first.
func printCauses(out *printer, causes []reconcile.Cause) {
	for _, c := range causes {
		mark := " "
		if c.Suspect {
			mark = "?"
		}
		out.print("  %s écriture %d  %s livres %s banque  %s — %s", mark, c.Entry, right(c.Books.French(), 13),
			right(c.Bank.French(), 13), c.Source, placeOf(c.Line))
	}
}

// placeOf says where the bank says something.
func placeOf(l *reconcile.BankLine) string {
	if l == nil {
		return "sans ligne de banque"
	}
	return "fichier " + l.File + ", relevé " + l.Statement + ", ligne " + plainNumber(l.Rank)
}

type reconcileRun struct {
	Day civil.Date `help:"Dernier jour à rapprocher ; par défaut hier." placeholder:"JOUR"`
}

// Run stores what is new; it fails when an account differs.
func (c *reconcileRun) Run(s *session) error {
	return s.with(func(h *house) error {
		result, err := h.reconcile.Run(s.ctx, "reconcile", c.Day)
		if err != nil {
			return err
		}
		err = s.out.data(result, func() { printResult(s.out, result) })
		if err == nil && len(result.Differences) > 0 {
			return errFound
		}
		return err
	})
}

func printResult(out *printer, r reconcile.Result) {
	out.print("Rapproché jusqu'au %s : %s, %s.", r.Through.French(), plural(r.Accounts, "compte", "comptes"),
		plural(r.Stored, "jour enregistré", "jours enregistrés"))
	for _, d := range r.Differences {
		out.print("%s", out.red("Compte "+d.Account+" : écart de "+d.Gap.French()+" depuis le "+d.Day.French()+
			" (masp reconcile show "+d.Account+" "+d.Day.String()+")."))
	}
	if len(r.Waiting) > 0 {
		out.print("Pas encore rapprochés, un relevé est en cours d'import : %s.", strings.Join(r.Waiting, ", "))
	}
}

type reconcileShow struct {
	Account string     `arg:"" help:"Compte bancaire (BK-0001)."`
	Day     civil.Date `arg:"" help:"Jour (2026-10-31)."`
}

// Run prints the two sides of an account.
func (c *reconcileShow) Run(s *session) error {
	return s.with(func(h *house) error {
		d, err := h.reconcile.Show(s.ctx, c.Account, c.Day)
		if err != nil {
			return err
		}
		return s.out.data(d, func() { printDetail(s.out, d) })
	})
}

func printDetail(out *printer, d reconcile.Detail) {
	out.print("%s", out.bold("État de rapprochement du compte "+d.Account+" au "+d.Day.Day.French()))
	lines := []figureLine{{"Selon la banque (solde du " + saidOn(d.Figures) + ")", d.Printed}}
	if since := d.Bank.Sub(d.Printed); !since.IsZero() {
		lines = append(lines, figureLine{"  lignes d'un relevé suivant, datées avant", since},
			figureLine{"Selon la banque, ces lignes comprises", d.Bank})
	}
	for _, l := range append(lines, []figureLine{
		{"Selon nos livres (512)", d.Books},
		{"  virements en route (580)", d.InTransit},
		{"  à identifier (471)", d.Unidentified},
		{"  argent des personnes (467)", d.Persons},
		{"Écart", d.Gap},
	}...) {
		out.print("  %s %s", fit(l.what, 46), right(l.amount.French(), 15))
	}
	state := frenchDay[d.State]
	if d.Locked {
		state += ", verrouillé"
	}
	if d.Stored == nil {
		state += ", pas encore enregistré"
	}
	out.print("  %s", state)
	printCauses(out, d.Moves)
	for _, c := range d.Late {
		out.print("Venu après le verrouillage, compté le %s :", c.CountsOn.French())
		printCauses(out, []reconcile.Cause{c})
	}
}

type reconcileClose struct {
	Until civil.Date `required:"" help:"Dernier jour à verrouiller." placeholder:"JOUR"`
}

// Run locks days.
func (c *reconcileClose) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		closed, err := h.reconcile.Close(s.ctx, who, c.Until)
		if err != nil {
			return err
		}
		return s.out.data(closed, func() {
			s.out.print("Verrouillé jusqu'au %s : %s. Plus rien n'y est daté.", closed.Through.French(),
				strings.Join(closed.Accounts, ", "))
			if closed.Months > 0 {
				s.out.print("%s.", plural(closed.Months, "mois de personne enregistré", "mois de personnes enregistrés"))
			}
			if len(closed.Unopened) > 0 {
				s.out.print("Restés ouverts, la banque n'a encore rien dit : %s.", strings.Join(closed.Unopened, ", "))
			}
		})
	})
}

type reconcileReopen struct {
	Account string     `arg:"" help:"Compte bancaire (BK-0001)."`
	From    civil.Date `required:"" help:"Premier jour à rouvrir." placeholder:"JOUR"`
	Reason  string     `required:"" help:"Pourquoi ; inscrit au journal des actes." placeholder:"RAISON"`
}

// Run takes the lock off days.
func (c *reconcileReopen) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.reconcile.Reopen(s.ctx, who, c.Account, c.From, c.Reason); err != nil {
			return err
		}
		return s.out.data(map[string]any{"account": c.Account, "reopened_from": c.From}, func() {
			s.out.print("Le compte %s est rouvert à partir du %s.", c.Account, c.From.French())
		})
	})
}
