package bankfile

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/moov-io/iso20022/pkg/camt_v08"
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

// theirs are the types of another project, whose amounts are floating-point numbers: the
// field of ours, nearer to the surface, takes the text in their stead.
type theirs struct {
	camt_v08.ReportEntry10
	Amt struct {
		Text string `xml:",chardata"`
	} `xml:"Amt"`
}

func (e theirs) shown() string {
	d := e.NtryDtls[0].TxDtls[0]
	var texts []string
	for _, text := range d.RmtInf.Ustrd {
		texts = append(texts, string(text))
	}
	day, err := e.BookgDt.Dt.MarshalText()
	if err != nil {
		panic(err)
	}
	return strings.Join([]string{
		e.Amt.Text, string(e.CdtDbtInd), string(e.Sts.Cd), string(day),
		string(*d.Refs.EndToEndId), strings.TrimSpace(string(*d.RltdPties.Dbtr.Pty.Nm)),
		joined(texts),
	}, "|")
}

func readTheirs(text string) (out []string, err error) {
	dec := xml.NewDecoder(bytes.NewReader([]byte(text)))
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "Ntry" {
			var e theirs
			if err := dec.DecodeElement(&e, &start); err != nil {
				return nil, err
			}
			out = append(out, e.shown())
		}
	}
}

func TestASecondReaderUnderstandsTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := statementOf(draw(t), "08")
		g, err := gather(text)
		if err != nil {
			t.Fatalf("read: %v", err)
		}
		want, err := readTheirs(text)
		if err != nil || len(want) != len(g.lines) {
			t.Fatalf("got %d lines, the other reader %d: %v", len(g.lines), len(want), err)
		}
		for i, line := range g.lines {
			if got := shownLine(line); !line.Amount.IsZero() && got != want[i] {
				t.Fatalf("got %s, the other reader %s", got, want[i])
			}
		}
	})
}
