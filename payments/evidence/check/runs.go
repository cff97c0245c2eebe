package check

import (
	"fmt"
	"slices"
	"strconv"

	"masp/ledger/chain"
)

const (
	runsName      = "campagnes/campagnes.csv"
	runActsName   = "campagnes/actes.csv"
	transfersName = "virements/ordres.csv"
	ibansName     = "destinataires/iban.csv"
)

// run is a payment run while it is read again.
type run struct {
	content, state string
	preparers      []string
	approvals      []approval
	submitted      int64 // the act by which it was submitted last
	transfers      []transfer
}

type approval struct {
	no           int64
	who, content string
	line         int64
}

// transfer is a row of virements/ordres.csv.
type transfer struct {
	run, id, mandate, kind, account, bank, creditor, name, iban, means, leave, execute, reference, state, file string
	version, cents, line, entry                                                                                int64
}

// checkRuns proves that two persons signed, and what they signed.
func (c *checker) checkRuns() error {
	runs := c.readRuns()
	c.readRunActs(runs)
	c.readTransfers(runs)
	c.runs = runs
	for _, id := range sorted(runs) {
		c.checkRun(id, runs[id])
	}
	for logged, seq := range c.log.runs {
		if runs[logged.run] != nil {
			c.found(runActsName, 0, fmt.Sprintf("%s, acte %d", logged.run, logged.no), "manque : le journal des actes (n° %d) l'a", seq)
		}
	}
	return nil
}

func (c *checker) readRuns() map[string]*run {
	runs := map[string]*run{}
	c.table(runsName, func(r *row) {
		runs[r.text("Campagne")] = &run{content: r.text("Contenu signé"), state: r.text("État")}
	})
	return runs
}

// readRunActs takes each act off those of the log.
func (c *checker) readRunActs(runs map[string]*run) {
	c.table(runActsName, func(r *row) {
		a := runAct{r.text("Campagne"), r.number("Rang"), r.text("Acte"), r.text("Par"), r.text("Contenu vu")}
		thing := fmt.Sprintf("%s, acte %d", a.run, a.no)
		of := runs[a.run]
		if of == nil {
			c.found(runActsName, r.line, thing, "cet acte n'est d'aucune campagne du dossier")
			return
		}
		_, logged := c.log.runs[a]
		if !logged && c.m.Whole && c.m.Acts.From == 1 && c.m.Asked.To == "" {
			c.found(runActsName, r.line, thing, "cet acte n'est pas au journal des actes")
		}
		delete(c.log.runs, a)
		switch a.what {
		case "submit":
			of.submitted = a.no
			fallthrough
		case "propose", "edit", "reopen":
			of.preparers = append(of.preparers, a.who)
		case "approve":
			of.approvals = append(of.approvals, approval{no: a.no, who: a.who, content: a.content, line: r.line})
		}
	})
}

func (c *checker) readTransfers(runs map[string]*run) {
	c.table(transfersName, func(r *row) {
		t := transfer{
			run: r.text("Campagne"), id: r.text("Virement"), mandate: r.text("Mandat"), kind: r.text("Genre"), account: r.text("Compte"),
			bank: r.text("Compte bancaire"), creditor: r.text("Destinataire"), name: r.text("Nom"), iban: r.text("IBAN"),
			means: r.text("Moyen"), leave: r.isoDay("Part le"), execute: r.isoDay("Exécuté le"), reference: r.text("Motif"),
			state: r.text("État"), file: r.text("Fichier"), version: r.number("Version de l'IBAN"), cents: r.cents("Montant (€)"),
			line: r.line, entry: r.number("Écriture"),
		}
		of := runs[t.run]
		if of == nil {
			c.found(transfersName, r.line, t.id, "ce virement n'est d'aucune campagne du dossier")
			return
		}
		of.transfers = append(of.transfers, t)
		c.Transfers++
		if f, given := c.book.facts[t.entry]; given && f.source != "payment "+t.id {
			c.found(transfersName, r.line, t.id, "l'écriture %d n'est pas celle de ce virement", t.entry)
		}
	})
}

// checkRun compares what was signed with what stands there.
func (c *checker) checkRun(id string, r *run) {
	signed := false
	for _, a := range r.approvals {
		thing := fmt.Sprintf("%s, acte %d", id, a.no)
		if slices.Contains(r.preparers, a.who) {
			c.found(runActsName, a.line, thing, "%s a préparé cette campagne et l'a approuvée", a.who)
		}
		if a.no > r.submitted {
			signed = true
			if a.content != r.content {
				c.found(runActsName, a.line, thing, "le contenu approuvé n'est pas celui de la campagne")
			}
		}
	}
	if !signed && slices.Contains([]string{"approved", "filed", "handed_over", "settled"}, r.state) {
		c.found(runsName, 0, id, "cette campagne est partie sans approbation")
	}
	if c.erased[id] {
		c.Erased++
		return
	}
	if sum := contentOf(id, r.transfers).String(); c.m.Whole && sum != r.content {
		c.found(transfersName, 0, id, "les virements de cette campagne ne sont plus ceux qui ont été signés")
	}
}

// contentOf is what an approver signs: each transfer after a true, and a false at the end.
func contentOf(run string, transfers []transfer) chain.Hash {
	e := chain.New(4, "masp run content")
	e.Str(run)
	for _, t := range transfers {
		e.Bool(true).Str(t.mandate).Str(t.kind).Str(t.account).Str(t.bank).Str(t.creditor).Str(t.name).Str(t.iban).Str(t.means).Int(t.cents)
		e.Str(t.leave).Str(t.execute).Str(t.reference).Str(t.id)
	}
	return e.Bool(false).Sum()
}

// checkIBANs proves that two persons stand behind each IBAN that was paid.
func (c *checker) checkIBANs() error {
	known := map[string]string{}
	c.table(ibansName, func(r *row) {
		key := r.text("Destinataire") + " " + strconv.FormatInt(r.number("Version"), 10)
		known[key] = r.text("IBAN")
		by, first, second := r.text("Proposé par"), r.text("Confirmé d'abord par"), r.text("Confirmé par")
		if second != "" && (by == second || first == second || by == first) {
			c.found(ibansName, r.line, key, "la même personne a proposé et confirmé cet IBAN")
		}
	})
	for _, id := range sorted(c.runs) {
		for _, t := range c.runs[id].transfers {
			key := t.creditor + " " + strconv.FormatInt(t.version, 10)
			if t.means == "" && known[key] != t.iban {
				c.found(transfersName, t.line, t.id, "l'IBAN n'est pas celui du destinataire")
			}
		}
	}
	return nil
}

func sorted(runs map[string]*run) []string {
	var ids []string
	for id := range runs {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}
