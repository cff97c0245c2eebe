package simbank

import (
	"bytes"
	"fmt"
	"strings"
)

// frenchWriter writes statements as CFONB 120: records of 120 columns, amounts with the sign
// in their last digit. The format has no number of a statement and no list of transfers.
type frenchWriter struct {
	out bytes.Buffer
	day Day
}

// writeFrench writes a CFONB 120 file for the given accounts and moves each of them to its
// next statement.
func (b *Bank) writeFrench(accounts []*account, day Day) []byte {
	w := &frenchWriter{day: day}
	for _, a := range accounts {
		w.statement(a)
		a.Sequence, a.Covered, a.Booked = a.Sequence+1, day, nil
	}
	return w.out.Bytes()
}

// statement writes one account: from the day after its last statement to day.
func (w *frenchWriter) statement(a *account) {
	previous := a.Covered
	if previous == 0 {
		previous = a.OpenedOn - 1
	}
	opening := a.Balance
	for _, e := range a.Booked {
		opening -= e.Cents
	}
	w.balance("01", a, opening, previous)
	for _, e := range a.Booked {
		w.entry(a, e)
	}
	w.balance("07", a, a.Balance, w.day)
}

// head is what all records have in their columns 1 to 32.
func head(code, internal string, a *account) string {
	bank, branch, number := a.IBAN[4:9], a.IBAN[9:14], a.IBAN[14:25]
	return code + bank + fmt.Sprintf("%4s", internal) + branch + a.Currency + "2 " + number
}

func (w *frenchWriter) balance(code string, a *account, cents int64, on Day) {
	w.record(head(code, "", a) + "  " + frenchDay(on) + fmt.Sprintf("%50s", "") + punched(cents))
}

// entry writes a line, and behind it what the bank knows of its one transfer.
func (w *frenchWriter) entry(a *account, e entry) {
	operation, rest, _ := strings.Cut(e.Code.French, "/")
	internal, _, _ := strings.Cut(rest, "/")
	start := head("04", internal, a) + operation + frenchDay(e.On)
	w.record(start + "  " + frenchDay(e.On) + columns(e.Label, 31) + "  " + e.Ref[len(e.Ref)-7:] +
		"  " + punched(e.Cents) + columns(e.Ref, 16))
	tell := func(qualifier, text string) {
		if strings.TrimSpace(text) != "" {
			w.record("05" + start[2:] + "     " + qualifier + columns(text, 70))
		}
	}
	if len(e.Details) != 1 {
		tell("REF", e.PmtInfID)
		return
	}
	d := e.Details[0]
	tell("NPY", d.Debtor)
	tell("NBE", d.Creditor)
	tell("CBE", d.CreditorIBAN)
	text := columns(strings.Join(d.Remittance, " "), 140)
	tell("LCC", text[:70])
	tell("LC2", text[70:])
	tell("RCN", columns(d.EndToEndID, 35)+d.Purpose)
	tell("REF", columns(d.PmtInfID, 35)+d.InstrID)
	tell("RUM", d.DirectDebitMandate)
	tell("LIB", reasonTexts[d.ReturnReason])
}

// record ends a line; blanks fill its 120 columns.
func (w *frenchWriter) record(text string) { fmt.Fprintf(&w.out, "%-120s\r\n", text) }

func frenchDay(d Day) string { return d.time().Format("020106") }

// columns cuts or fills a text to a width; what is no ASCII becomes a question mark.
func columns(text string, width int) string {
	plain := strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' {
			return '?'
		}
		return c
	}, text)
	return fmt.Sprintf("%-*.*s", width, width, plain)
}

// punched writes cents with the sign in the last digit.
func punched(cents int64) string {
	signs := "{ABCDEFGHI"
	if cents < 0 {
		cents, signs = -cents, "}JKLMNOPQR"
	}
	return fmt.Sprintf("%013d%c", cents/10, signs[cents%10])
}
