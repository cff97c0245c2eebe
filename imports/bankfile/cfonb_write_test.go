package bankfile

import (
	"fmt"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"masp/ledger/civil"
)

// frenchStatement is an invented statement as CFONB 120 tells it; amounts are minor units.
type frenchStatement struct {
	account        string // 11 characters
	currency       string
	scale          int
	from, to       civil.Date // of the two balances
	opening        int64
	lines          []frenchLine
	blankBalances  bool   // 01 and 07 have neither currency nor decimals
	remark         string // in the reserved zone of 01 and 07
	origin         string // column 21, often E
	oldSign        bool   // é, è and small letters
	withoutClosing bool
}

type frenchLine struct {
	booked, value     civil.Date
	units             int64
	operation, reject string
	label             string
	number, reference string
	rest              string       // an older 05 that goes on with the label
	complements       []Complement // 05 with qualifiers
}

const frenchBank, frenchBranch = "99999", "00001"

// records writes the statement, each record padded to 120 characters.
func (s frenchStatement) records() []string {
	out := []string{s.balance("01", s.from, s.opening)}
	closing := s.opening
	for _, l := range s.lines {
		closing += l.units
		out = append(out, s.movement(l)...)
	}
	if !s.withoutClosing {
		out = append(out, s.balance("07", s.to, closing))
	}
	return out
}

func (s frenchStatement) head(code, internal string, blank bool) string {
	currency, scale := s.currency, fmt.Sprint(s.scale)
	if blank {
		currency, scale = "", ""
	}
	return fmt.Sprintf("%s%s%4s%s%-3s%1s%1s%-11s",
		code, frenchBank, internal, frenchBranch, currency, scale, s.origin, s.account)
}

func (s frenchStatement) balance(code string, on civil.Date, units int64) string {
	return fmt.Sprintf("%s  %6s%-50s%s%16s", s.head(code, "", s.blankBalances),
		shortDay(on), "        "+s.remark, s.punched(units), "")
}

func (s frenchStatement) movement(l frenchLine) []string {
	head := s.head("04", "0090", false) + fmt.Sprintf("%2s%6s", l.operation, shortDay(l.booked))
	out := []string{fmt.Sprintf("%s%2s%6s%s  %7s  %s%s", head, l.reject, shortDay(l.value),
		pad(l.label, 31), l.number, s.punched(l.units), pad(l.reference, 16))}
	head = "05" + head[2:]
	if l.rest != "" {
		out = append(out, head+"  "+fmt.Sprintf("%6s", shortDay(l.value))+pad(l.rest, 72))
	}
	for _, c := range l.complements {
		out = append(out, head+"     "+pad(c.Qualifier, 3)+pad(c.Text, 72))
	}
	return out
}

// pad fills with blanks, counting characters.
func pad(s string, n int) string { return s + strings.Repeat(" ", n-len([]rune(s))) }

func shortDay(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%02d%02d%02d", d.Day(), int(d.Month_()), d.Year()%100)
}

func (s frenchStatement) punched(units int64) string {
	signs := "{ABCDEFGHI}JKLMNOPQR"
	if s.oldSign {
		signs = "éabcdefghièjklmnopqr"
	}
	column := 0
	if units < 0 {
		units, column = -units, 10
	}
	return fmt.Sprintf("%013d%c", units/10, []rune(signs)[column+int(units%10)])
}

// shape is how records become a file.
type shape struct {
	perLine  int    // records on one line; 0 puts all on one
	newline  string // "\n" or "\r\n"
	stripped bool   // the blanks at the end of a line are taken off
	blank    bool   // blank lines between
	mark     bool   // an end mark
	latin    bool   // latin-1, else UTF-8
	bom      bool
}

func (f shape) file(statements ...frenchStatement) []byte {
	var records []string
	for _, s := range statements {
		records = append(records, s.records()...)
	}
	return f.join(records)
}

func (f shape) join(records []string) []byte {
	var b strings.Builder
	for len(records) > 0 {
		n := len(records)
		if f.perLine > 0 {
			n = min(f.perLine, n)
		}
		line := strings.Join(records[:n], "")
		if records = records[n:]; f.stripped {
			line = strings.TrimRight(line, " ")
		}
		b.WriteString(line)
		if f.perLine > 0 {
			b.WriteString(f.newline)
		}
		if f.blank {
			b.WriteString("   " + f.newline + f.newline)
		}
	}
	if f.mark {
		b.WriteString("\x1a")
	}
	return f.encode(b.String())
}

func (f shape) encode(text string) []byte {
	if !f.latin {
		if f.bom {
			text = "\ufeff" + text
		}
		return []byte(text)
	}
	latin, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil {
		panic(err) // the invented texts are French
	}
	return []byte(latin)
}
