package bankfile

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
)

// FuzzOpen: never a panic, never slow, and each outcome has what belongs to it.
func FuzzOpen(f *testing.F) {
	f.Add([]byte(message("02", stmt("101.00", ntry("1.00", "CRDT", "")))))
	f.Add([]byte(message("08", stmt("102.00", "<Ntry/>"))))
	f.Add(invented{version: "08", statements: 2, entries: 2, details: 1}.bytes())
	f.Add([]byte("%PDF-1.4"))
	f.Add([]byte("\xff\xfe<\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		start := time.Now()
		report := Check(t.Context(), bytes.NewReader(text))
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%d bytes took %s", len(text), took)
		}
		if report.Outcome == Refused && len(report.Reasons) == 0 {
			t.Error("refused without a reason")
		}
		if report.Outcome != Refused && len(report.Statements) == 0 {
			t.Error("accepted without a statement")
		}
	})
}

// node is an element as encoding/xml reads it, with all that it contains.
type node struct {
	XMLName xml.Name
	Text    string `xml:",chardata"`
	Nodes   []node `xml:",any"`
}

// find is the first element that is the body of a message, in the order of the document.
func (n *node) find() *node {
	if bodies[n.XMLName.Local] != "" {
		return n
	}
	for i := range n.Nodes {
		if found := n.Nodes[i].find(); found != nil {
			return found
		}
	}
	return nil
}

// children are those of a name, in the namespace of their parent.
func (n *node) children(name string) (out []*node) {
	for i := range n.Nodes {
		if c := &n.Nodes[i]; c.XMLName.Space == n.XMLName.Space && c.XMLName.Local == name {
			out = append(out, c)
		}
	}
	return out
}

// mixed stands for text beside elements, or several of them: nobody means anything by that.
const mixed = "mixed"

// text is that of a child, or of the only element in it.
func (n *node) text(name string) string {
	var text string
	for _, c := range n.children(name) {
		text = strings.Trim(c.Text, " \t\r\n")
		for i := range c.Nodes {
			if text != "" {
				return mixed
			}
			text = strings.Trim(c.Nodes[i].Text, " \t\r\n")
		}
	}
	return text
}

// figures adds up one statement as slowly and plainly as it can be done.
func (n *node) figures() string {
	credits, debits := new(big.Rat), new(big.Rat)
	entries, booked, details := 0, 0, 0
	for _, e := range n.children("Ntry") {
		entries++
		for _, block := range e.children("NtryDtls") {
			details += len(block.children("TxDtls"))
		}
		switch e.text("Sts") {
		case mixed:
			return mixed
		case "BOOK", "":
		default:
			continue
		}
		booked++
		amount, ok := new(big.Rat).SetString(e.text("Amt"))
		if !ok {
			return "an amount that is none"
		}
		if e.text("CdtDbtInd") == "CRDT" {
			credits.Add(credits, amount)
		} else {
			debits.Add(debits, amount)
		}
	}
	return fmt.Sprint(entries, booked, details, credits, debits)
}

func figuresOf(t *testing.T, s StatementReport) string {
	t.Helper()
	return fmt.Sprint(s.Entries, s.Entries-s.NotBooked, s.Details,
		rational(t, s.Credits), rational(t, s.Debits))
}

// FuzzAgainstTheStandard: what is not refused is a document for encoding/xml too, and adds up
// to the same counts and sums there.
func FuzzAgainstTheStandard(f *testing.F) {
	for _, family := range []string{camt052, camt053, camt054} {
		for _, version := range []string{"02", "08"} {
			f.Add([]byte(as(family, string(invented{
				version: version, statements: 2, entries: 3, details: 2,
			}.bytes()))))
		}
		f.Add([]byte(as(family, message("04", stmt("101.00", ntry("1.00", "CRDT", "")+
			strings.Replace(ntry(".5", "DBIT", ""), "BOOK", "PDNG", 1))))))
	}
	f.Add([]byte("<w>" + bare(message("08", stmt("100.00", `<x:Ntry xmlns:x="u"/>`))) + "</w>"))
	f.Fuzz(func(t *testing.T, text []byte) {
		report := Check(t.Context(), bytes.NewReader(text))
		other := bytes.IndexFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) >= 0
		if report.Outcome == Refused || other && bytes.Contains(text, []byte("encoding")) ||
			strings.HasPrefix(report.Format, cfonb120) {
			return
		}
		var root node
		if err := xml.Unmarshal(text, &root); err != nil {
			if !bytes.Contains(text, []byte("encoding")) && !other {
				t.Errorf("got %s, the standard decoder says %v", report.Outcome, err)
			}
			return
		}
		items := root.find().children(items[strings.SplitN(report.Format, ".001", 2)[0]])
		if len(items) != len(report.Statements) {
			t.Fatalf("got %d statements, want %d", len(report.Statements), len(items))
		}
		for i, item := range items {
			got, want := figuresOf(t, report.Statements[i]), item.figures()
			if got != want && want != mixed {
				t.Errorf("got %s, want %s", got, want)
			}
		}
	})
}

// FuzzNumber: exactly the decimals of XML Schema without a minus are numbers, and mean the same.
func FuzzNumber(f *testing.F) {
	for _, seed := range []string{
		"0", "1.00", ".72", "72.", "+.5", "+", ".", "", "-1", "1e3", "1_0", "0x0A", "NaN", "1,00", " 1",
		"999999999999999999", "9999999999999999999", "0.000000000000000001", "1.2.3", "++1", "+-1", "١",
	} {
		f.Add([]byte(seed))
	}
	grammar := regexp.MustCompile(`^\+?([0-9]{1,64}(\.[0-9]{0,64})?|\.[0-9]{1,64})$`)
	f.Fuzz(func(t *testing.T, text []byte) {
		n, err := parseNumber(text)
		if got, want := err == nil, grammar.Match(text) && !bytes.HasSuffix(text, []byte("\n")); got != want {
			t.Fatalf("%q: got %v, want a number: %v", text, err, want)
		}
		if err != nil {
			return
		}
		want := rational(t, strings.TrimSuffix("0"+strings.TrimPrefix(string(text), "+"), "."))
		for s, want := range map[side]*big.Rat{credit: want, debit: new(big.Rat).Neg(want)} {
			if got := rational(t, n.signed(s).String()); got.Cmp(want) != 0 {
				t.Fatalf("%q: got %s, want %s", text, got, want)
			}
		}
	})
}
