package check

import (
	"fmt"
	"slices"
)

const (
	balanceName = "balance.csv"
	sampleName  = "echantillon.csv"
)

// checkBalance counts the balance again from the lines of the entries.
func (c *checker) checkBalance() error {
	told := map[string]bool{}
	var debit, credit int64
	c.table(balanceName, func(r *row) {
		code := r.text("Compte")
		opened, opening := r.number("Lignes au début"), r.cents("Solde au début (€)")
		d, k := r.cents("Débit (€)"), r.cents("Crédit (€)")
		closed, closing := r.number("Lignes à la fin"), r.cents("Solde à la fin (€)")
		debit, credit = debit+d, credit+k
		if told[code] {
			c.found(balanceName, r.line, code, "le compte y est deux fois")
		}
		told[code] = true
		a := c.book.accounts[code]
		switch {
		case a == nil && (d != 0 || k != 0 || opening != closing || opened != closed):
			if c.book.complete(code) {
				c.found(balanceName, r.line, code, "le compte a bougé sans aucune écriture")
			}
		case a != nil && (a.opened != opened || a.opening != opening || a.debit != d || a.credit != k || a.seq != closed || a.balance != closing):
			c.found(balanceName, r.line, code, "la balance n'est pas celle des écritures : solde à la fin %s, attendu %s",
				amount(closing, ","), amount(a.balance, ","))
		}
	})
	for _, code := range c.book.codes() {
		if !told[code] {
			c.found(balanceName, 0, code, "le compte manque dans la balance")
		}
	}
	if c.m.Whole && debit != credit {
		c.found(balanceName, 0, "", "le débit de la balance n'est pas égal au crédit")
	}
	return nil
}

func (b *book) codes() []string {
	var codes []string
	for code := range b.accounts {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return codes
}

// checkDraw compares the sample with the entries that the seed draws.
func (c *checker) checkDraw(d draw) {
	n := 0
	c.table(sampleName, func(r *row) {
		no := r.number("Écriture")
		if n >= len(d.kept) || d.kept[n].no != no {
			c.found(sampleName, r.line, fmt.Sprintf("écriture %d", no), "cette écriture n'est pas celle que la graine tire à ce rang")
		} else if f, whole := c.book.facts[no]; whole && f.source != r.text("Pièce") {
			c.found(sampleName, r.line, fmt.Sprintf("écriture %d", no), "la pièce n'est pas celle de l'écriture")
		}
		n++
	})
	if n != len(d.kept) {
		c.found(sampleName, 0, "", "l'échantillon a %d écritures, la graine en tire %d", n, len(d.kept))
	}
}
