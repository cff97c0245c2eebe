package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

const (
	bankFilesName  = "banque/fichiers.csv"
	statementsName = "banque/releves.csv"
	linesName      = "banque/lignes.csv"
)

// statement is a row of banque/releves.csv, and what its lines add up to.
type statement struct {
	id, line, place, rank  int64
	file, kind, bank, hold string
	opening, moved, ending int64
	hasBalances            bool
	lines, summed          int64
	posted                 int64
}

// bankFile is a row of banque/fichiers.csv.
type bankFile struct{ piece, format string }

// checkBank holds the originals, the statements, their lines and the entries against each other.
func (c *checker) checkBank() error {
	files := c.readBankFiles()
	statements := c.readStatements()
	c.readBankLines(statements)
	all := make([]*statement, 0, len(statements))
	for _, s := range statements {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b *statement) int { return cmp.Compare(a.id, b.id) })
	for _, s := range all {
		c.checkStatement(s)
	}
	c.checkSequence(all)
	return c.checkOriginals(files, all)
}

func (c *checker) readBankFiles() map[string]bankFile {
	files := map[string]bankFile{}
	c.table(bankFilesName, func(r *row) {
		id, piece := r.text("Fichier"), r.text("Pièce")
		files[id] = bankFile{piece, r.text("Format")}
		if f := c.pieces[piece]; piece != "" && (c.sums[piece].String() != r.text("SHA-256") ||
			f == nil || int64(f.UncompressedSize64) != r.number("Octets")) { //nolint:gosec // a size of a file
			c.found(bankFilesName, r.line, "fichier "+id, "les octets de %s ne sont pas ceux que la banque a envoyés", piece)
		}
	})
	return files
}

func (c *checker) readStatements() map[int64]*statement {
	statements := map[int64]*statement{}
	c.table(statementsName, func(r *row) {
		s := &statement{
			id: r.number("Relevé"), line: r.line, place: r.number("Place dans la suite"), rank: r.number("Rang dans le fichier"),
			file: r.text("Fichier"), kind: r.text("Genre"), bank: r.text("Compte bancaire"), hold: r.text("État"),
			opening: r.cents("Solde d'ouverture (€)"), moved: r.cents("Mouvements (€)"), ending: r.cents("Solde de clôture (€)"),
			hasBalances: r.text("Solde d'ouverture (€)") != "" && r.text("Solde de clôture (€)") != "",
			posted:      r.number("Lignes comptabilisées"),
		}
		statements[s.id] = s
	})
	return statements
}

// readBankLines adds the lines up, and holds each against its entry.
func (c *checker) readBankLines(statements map[int64]*statement) {
	c.table(linesName, func(r *row) {
		id, cents, no := r.text("Ligne"), r.cents("Montant (€)"), r.number("Écriture")
		c.BankLines++
		s := statements[r.number("Relevé")]
		if s == nil {
			c.found(linesName, r.line, "ligne "+id, "cette ligne n'est d'aucun relevé du dossier")
			return
		}
		s.lines++
		if r.text("État") != "ignored" {
			s.summed += cents
		}
		if f, given := c.book.facts[no]; given && (f.cents != cents || f.bank != s.bank) {
			c.found(linesName, r.line, "ligne "+id, "l'écriture %d déplace %s sur le compte %s, la banque a dit %s", no, amount(f.cents, ","), f.bank,
				amount(cents, ","))
		}
		if no == 0 && r.text("État") != "ignored" {
			c.found(linesName, r.line, "ligne "+id, "cette ligne n'a pas d'écriture")
		}
		if _, given := c.book.facts[no]; no >= c.m.First && no <= c.m.Last && !given && c.m.Whole {
			c.found(linesName, r.line, "ligne "+id, "l'écriture %d n'est pas dans le dossier", no)
		}
	})
}

func (c *checker) checkStatement(s *statement) {
	if s.kind != "BOOKED" {
		return
	}
	thing := fmt.Sprintf("relevé %d", s.id)
	if s.hasBalances && s.opening+s.moved != s.ending && s.hold != "held" {
		c.found(statementsName, s.line, thing, "le solde d'ouverture et les mouvements ne font pas le solde de clôture")
	}
	if s.hold == "accepted" && s.summed != s.moved {
		c.found(statementsName, s.line, thing, "ses lignes font %s, le relevé dit %s", amount(s.summed, ","), amount(s.moved, ","))
	}
	if s.lines != s.posted {
		c.found(statementsName, s.line, thing, "il a %d lignes, le relevé en a comptabilisé %d", s.lines, s.posted)
	}
}

// checkSequence follows the accepted statements of each account: each opens where the last one closed.
func (c *checker) checkSequence(all []*statement) {
	byPlace := slices.DeleteFunc(slices.Clone(all), func(s *statement) bool { return s.place == 0 })
	slices.SortFunc(byPlace, func(a, b *statement) int {
		return cmp.Or(cmp.Compare(a.bank, b.bank), cmp.Compare(a.place, b.place))
	})
	for i := 1; i < len(byPlace); i++ {
		last, s := byPlace[i-1], byPlace[i]
		if last.bank == s.bank && last.place+1 == s.place && last.ending != s.opening {
			c.found(statementsName, s.line, fmt.Sprintf("relevé %d", s.id), "il s'ouvre à %s, le précédent du compte %s s'est clos à %s",
				amount(s.opening, ","), s.bank, amount(last.ending, ","))
		}
	}
}

// checkOriginals reads what the bank itself says: balances and booked movements of each statement.
func (c *checker) checkOriginals(files map[string]bankFile, all []*statement) error {
	said := map[string][]said{}
	for _, s := range all {
		f, known := files[s.file]
		switch {
		case !known:
			c.found(statementsName, s.line, fmt.Sprintf("relevé %d", s.id), "son fichier n'est pas dans la liste")
			continue
		case f.piece == "" || s.kind != "BOOKED" || !readable(f.format):
			continue
		}
		if _, done := said[s.file]; !done {
			var err error
			if said[s.file], err = c.readOriginal(f); err != nil {
				c.found(f.piece, 0, "", "le fichier de la banque ne se lit pas")
			}
		}
		list := said[s.file]
		if s.rank < 1 || s.rank > int64(len(list)) || list[s.rank-1].differs(s) {
			c.found(statementsName, s.line, fmt.Sprintf("relevé %d", s.id), "ce n'est pas ce que la banque a écrit dans %s", f.piece)
		}
	}
	return nil
}

func readable(format string) bool {
	return strings.HasPrefix(format, "camt.053") || strings.HasPrefix(strings.ToLower(format), "cfonb")
}
