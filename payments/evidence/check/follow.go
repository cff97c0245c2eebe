package check

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
)

// printed is a line as an accountant writes it; one of the amounts is zero.
type printed struct {
	account       string
	debit, credit int64
}

// printed gives the lines of an entry: the account that all of them share, summed, then the others.
func (b *book) printed(e *entry) []printed {
	lines := []printed{{}}
	for _, l := range e.Lines {
		if !b.m.Whole && !b.ours(l.Debit) && !b.ours(l.Credit) {
			continue
		}
		if e.Hub == "D" {
			lines[0].account = l.Debit
			lines[0].debit += l.Cents
			lines = append(lines, printed{account: l.Credit, credit: l.Cents})
		} else {
			lines[0].account = l.Credit
			lines[0].credit += l.Cents
			lines = append(lines, printed{account: l.Debit, debit: l.Cents})
		}
	}
	return lines
}

// follower reads a form of the ledger beside the sealed entries.
type follower interface {
	entry(e *entry, lines []printed)
	end()
}

// follow opens the forms of the ledger, and answers how they are closed.
func (b *book) follow() (done func()) {
	var open []io.Closer
	add := func(name string, make func(*textFollower) follower) {
		in, err := b.open(name)
		if b.missing(name, err) {
			return
		}
		open = append(open, in)
		b.followers = append(b.followers, make(&textFollower{c: b.checker, name: name, in: bufio.NewReaderSize(in, 64<<10), line: 1}))
	}
	add("livre/ecritures.csv", func(t *textFollower) follower { return newSheet(t) })
	add("livre/ecritures.journal", func(t *textFollower) follower { return newJournal(t) })
	add(b.fecName(), func(t *textFollower) follower { return newTaxFile(t) })
	if x := b.newWorkbook("livre/ecritures.xlsx"); x != nil {
		b.followers, open = append(b.followers, x), append(open, x)
	}
	return func() {
		for _, f := range open {
			_ = f.Close() // it was only read
		}
	}
}

// fecName finds the tax office's file by its name, of which the day is not known here.
func (b *book) fecName() string {
	for name := range b.pieces {
		if strings.HasPrefix(name, "livre/"+b.m.SIREN+"FEC") && strings.HasSuffix(name, ".txt") {
			return name
		}
	}
	return "livre/" + b.m.SIREN + "FEC.txt"
}

// textFollower compares a text with the one that the sealed entries make, byte by byte.
type textFollower struct {
	c      *checker
	name   string
	in     *bufio.Reader
	line   int64
	broken bool
	buffer []byte
}

// expect reads as many bytes as are wanted; the first difference ends the comparison of this piece.
func (t *textFollower) expect(want []byte, thing string) {
	if t.broken {
		return
	}
	t.buffer = slices.Grow(t.buffer[:0], len(want))[:len(want)]
	n, _ := io.ReadFull(t.in, t.buffer) // what is missing is compared as missing
	got := t.buffer[:n]
	if bytes.Equal(got, want) {
		t.line += int64(bytes.Count(want, []byte("\n")))
		return
	}
	same := 0
	for same < n && got[same] == want[same] {
		same++
	}
	t.broken = true
	line := t.line + int64(bytes.Count(got[:same], []byte("\n")))
	t.c.found(t.name, line, thing, "la ligne n'est pas celle de l'écriture scellée : modifiée, retirée, ajoutée ou déplacée. Attendu : %s",
		lineAt(want, same))
}

// lineAt is the line of a text around a byte.
func lineAt(text []byte, at int) string {
	from := bytes.LastIndexByte(text[:at], '\n') + 1
	line, _, _ := bytes.Cut(text[from:], []byte("\n"))
	return string(bytes.TrimRight(line, "\r"))
}

func (t *textFollower) end() {
	if t.broken {
		return
	}
	if _, err := t.in.ReadByte(); err == nil {
		t.c.found(t.name, t.line, "", "il y a des lignes après la dernière écriture")
	}
}

func amount(cents int64, point string) string {
	sign := ""
	if cents < 0 {
		sign, cents = "-", -cents
	}
	return fmt.Sprintf("%s%d%s%02d", sign, cents/100, point, cents%100)
}

// flat is a text on one line: control characters and those of marks are spaces.
func flat(text, marks string) string {
	b := []byte(text)
	for i, c := range b {
		if c < ' ' || c == 0x7f || strings.IndexByte(marks, c) >= 0 {
			b[i] = ' '
		}
	}
	return string(b)
}

func (e *entry) label() string {
	if e.Label == nil {
		return ""
	}
	return *e.Label
}

func frenchDay(iso string) string {
	if iso == "" {
		return ""
	}
	return iso[8:] + "/" + iso[5:7] + "/" + iso[:4]
}

// kindNames are the kinds of entry as the ledger prints them.
var kindNames = map[string]string{
	"OPENING": "Solde de départ", "BANK_CREDIT": "Encaissement", "IDENTIFICATION": "Identification", "PAYMENT": "Paiement",
	"REMITTANCE": "Versement à la personne", "PASS_THROUGH": "Reversement", "RESTITUTION": "Restitution",
	"REFUND_TO_PAYER": "Remboursement au payeur", "ESTATE_PAYOUT": "Versement à la succession", "BANK_DEBIT": "Débit de la banque",
	"REJECT": "Rejet", "RETURN": "Retour", "DEATH_FREEZE": "Blocage au décès", "REVERSAL": "Contre-passation",
}
