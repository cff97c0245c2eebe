package bankfile

import (
	"context"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawn is an entry that a property draws, before it is written as XML.
type drawn struct {
	cents  int64
	in     bool
	status string
	day    string
	e2e    string
	payer  string
	texts  []string
}

func draw(t *rapid.T) []drawn {
	one := rapid.Custom(func(t *rapid.T) drawn {
		word := rapid.StringMatching(`[A-Za-z0-9éœ&<>"' /.-]{0,30}[A-Za-z0-9é&>]`)
		return drawn{
			cents:  rapid.Int64Range(0, 99_999_999_99).Draw(t, "cents"),
			in:     rapid.Bool().Draw(t, "in"),
			status: rapid.SampledFrom([]string{"BOOK", "BOOK", "BOOK", "PDNG", "INFO"}).Draw(t, "status"),
			day:    fmt.Sprintf("2026-11-%02d", rapid.IntRange(1, 30).Draw(t, "day")),
			e2e:    rapid.StringMatching(`[A-Z0-9-]{1,35}`).Draw(t, "e2e"),
			payer:  word.Draw(t, "payer"),
			texts:  rapid.SliceOfN(word, 0, 3).Draw(t, "texts"),
		}
	})
	return rapid.SliceOfN(one, 0, 12).Draw(t, "entries")
}

func (d drawn) signed() int64 {
	if d.in {
		return d.cents
	}
	return -d.cents
}

func escaped(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		panic(err)
	}
	return b.String()
}

// write gives the entry as a bank of that version writes it.
func (d drawn) write(version string) string {
	status, payer := d.status, "<Nm>"+escaped(d.payer)+"</Nm>"
	if version == "08" {
		status, payer = "<Cd>"+status+"</Cd>", "<Pty>"+payer+"</Pty>"
	}
	var texts strings.Builder
	for _, text := range d.texts {
		texts.WriteString("<Ustrd>" + escaped(text) + "</Ustrd>")
	}
	return fmt.Sprintf(`<Ntry><Amt Ccy="EUR">%s</Amt><CdtDbtInd>%s</CdtDbtInd><Sts>%s</Sts>
<BookgDt><Dt>%s</Dt></BookgDt><NtryDtls><TxDtls><Refs><EndToEndId>%s</EndToEndId></Refs>
<RltdPties><Dbtr>%s</Dbtr></RltdPties><RmtInf>%s</RmtInf></TxDtls></NtryDtls></Ntry>
`, euros(d.cents), sideOf(d.signed()), status, d.day, d.e2e, payer, texts.String())
}

// shown is one line of a comparison of what a reader has understood.
func (d drawn) shown() string {
	return strings.Join([]string{
		euros(d.cents), sideOf(d.signed()), d.status, d.day, d.e2e,
		strings.TrimSpace(d.payer), joined(d.texts),
	}, "|")
}

func joined(texts []string) string {
	var b strings.Builder
	for _, text := range texts {
		b.WriteString("/" + strings.TrimSpace(text))
	}
	return b.String()
}

func shownLine(l *Line) string {
	d := l.Details[0]
	amount, side := l.Amount, "CRDT"
	if amount.Sign() < 0 {
		amount, side = amount.Neg(), "DBIT"
	}
	return strings.Join([]string{
		amount.String(), side, l.Status.String(), l.BookedOn.String(),
		d.EndToEndID, d.DebtorName, joined(d.Remittance),
	}, "|")
}

func statementOf(entries []drawn, version string) string {
	var b strings.Builder
	closing := int64(100_00)
	for _, d := range entries {
		if d.status == "BOOK" {
			closing += d.signed()
		}
		b.WriteString(d.write(version))
	}
	return message(version, "<Stmt>"+account+bal("OPBD", "CRDT", "100.00")+
		bal("CLBD", sideOf(closing), euros(closing))+b.String()+"</Stmt>")
}

func TestWhatIsWrittenIsReadInBothVersions(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		entries := draw(t)
		for _, version := range []string{"02", "08"} {
			g, err := gather(statementOf(entries, version))
			if err != nil {
				t.Fatalf("read: %v", err)
			}
			if len(g.lines) != len(entries) || g.ends[0].Closes != Closes {
				t.Fatalf("got %d lines, want %d, %v", len(g.lines), len(entries), g.ends[0].Reasons)
			}
			for i, d := range entries {
				// A zero debit has no sign, and an amount of zero no side.
				if got := shownLine(g.lines[i]); d.cents != 0 && got != d.shown() {
					t.Fatalf("version %s: got %s, want %s", version, got, d.shown())
				}
			}
		}
	})
}

func opinionOn(text string) SecondOpinion {
	return SecondReader(context.Background(), strings.NewReader(text), int64(len(text)))
}

func TestASecondReaderUnderstandsTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		entries := draw(t)
		family := rapid.SampledFrom([]string{camt052, camt053, camt054}).Draw(t, "family")
		o := opinionOn(as(family, statementOf(entries, "08")))
		if !o.Compared || o.DifferenceCount > 0 || o.Entries != len(entries) || o.Statements != 1 {
			t.Fatalf("got %s %+v", o.French(), o.Differences)
		}
	})
}

func TestTheSecondReaderTellsWhatDiffers(t *testing.T) {
	t.Parallel()
	good := message("08", stmt("101.00", strings.Replace(ntry("1.00", "CRDT", ""),
		"<Sts>BOOK</Sts>", "<Sts><Cd>BOOK</Cd></Sts>", 1)))
	foreign := strings.Replace(good, "<Ntry>", `<Ntry><x:NtryRef xmlns:x="u:x">9</x:NtryRef>`, 1)
	for name, c := range map[string]struct {
		text, says string
		differs    []string
	}{
		"the same":         {good, "identiques (relevés comparés : 1, écritures : 1", nil},
		"an odd namespace": {foreign, "ils diffèrent, 1 fois", []string{"référence de l’écriture"}},
		"a foreign amount": {
			strings.Replace(good, "<Sts>", `<x:Amt xmlns:x="u:x" Ccy="USD">7.00</x:Amt><Sts>`, 1),
			"ils diffèrent, 3 fois",
			[]string{"montant", "devise", "crédits"},
		},
		"another version": {strings.ReplaceAll(good, "001.08", "001.04"), "camt.053.001.04", nil},
		"a refused file":  {good[:len(good)-20], "rien à comparer", nil},
		"not a statement": {"%PDF-1.4", "rien à comparer", nil},
		"what it cannot read": {
			strings.Replace(good, "<Sts>", "<RvslInd>yes</RvslInd><Sts>", 1), "Il ne sait pas lire", nil,
		},
	} {
		o := opinionOn(c.text)
		if !strings.Contains(o.French(), c.says) {
			t.Errorf("%s: got %q, want it to say %q", name, o.French(), c.says)
		}
		var differs []string
		for _, d := range o.Differences {
			differs = append(differs, d.What)
		}
		if !slices.Equal(differs, c.differs) {
			t.Errorf("%s: got %q, want %q", name, differs, c.differs)
		}
	}
}
