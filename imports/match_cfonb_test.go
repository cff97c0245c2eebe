package imports

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"masp/imports/bankfile"
	"masp/ledger/money"
)

// columns writes a record of CFONB 120: each text from its column on, counted from 1.
func columns(texts map[int]string) string {
	record := []byte(strings.Repeat(" ", 120))
	for column, text := range texts {
		copy(record[column-1:], text)
	}
	return string(record) + "\n"
}

// overpunched is an amount of 14 characters whose last one holds the sign.
func overpunched(amount string) string {
	cents := eur(amount).Cents()
	last := "{ABCDEFGHI"
	if cents < 0 {
		cents, last = -cents, "}JKLMNOPQR"
	}
	return fmt.Sprintf("%013d", cents/10) + string(last[cents%10])
}

// french reads the only movement of a CFONB file: its code, amount, number at the bank, and the
// complements, each as qualifier and text.
func french(t *testing.T, code, amount, number string, complements ...string) Line {
	t.Helper()
	common := func(kind string) map[int]string {
		return map[int]string{1: kind, 3: "99999", 12: "00001", 17: "EUR", 20: "2", 22: "00000000100"}
	}
	with := func(kind string, more map[int]string) string {
		all := common(kind)
		for c, text := range more {
			all[c] = text
		}
		return columns(all)
	}
	file := with("01", map[int]string{35: "041126", 91: overpunched("1000.00")}) +
		with("04", map[int]string{33: code, 35: "051126", 43: "051126", 49: "VIREMENT", 82: number, 91: overpunched(amount)})
	for i := 0; i+1 < len(complements); i += 2 {
		file += with("05", map[int]string{33: code, 35: "051126", 46: complements[i], 49: complements[i+1]})
	}
	closing := eur("1000.00").Add(money.MustParse(amount))
	file += with("07", map[int]string{35: "051126", 91: overpunched(closing.String())})
	return onlyLine(t, file)
}

// onlyLine reads the one line of a file.
func onlyLine(t *testing.T, file string) Line {
	t.Helper()
	rd, _, err := bankfile.Open(strings.NewReader(file))
	var found []Line
	for err == nil {
		var event bankfile.Event
		if event, err = rd.Next(); err == nil {
			if e, ok := event.(bankfile.LineEvent); ok {
				l, wrong := readLine(e.Line)
				if wrong != nil {
					t.Fatal(wrong)
				}
				found = append(found, l)
			}
		}
	}
	if !errors.Is(err, io.EOF) || len(found) != 1 {
		t.Fatalf("got %d lines, %v", len(found), err)
	}
	return found[0]
}

// reference writes two references of 35 characters, as RCN and REF do.
func reference(first, second string) string { return fmt.Sprintf("%-35s%s", first, second) }

func TestLinesOfAFrenchStatementAreRecognisedLikeAnyOther(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("X", 65) + " 1234567KDURAND      102026ME" // cut within the number
	recogniseEach(t, []recognised{
		{
			"a transfer by the end-to-end reference of RCN",
			french(t, "06", "-300.00", "0000000", "RCN", reference("P1-1", "SUPP")), nil, LineMatched, "580:OUT 300.00 #1",
		},
		{
			"a batch by the name in REF", french(t, "06", "-391.00", "0000000", "REF", reference("LOT-1", "")), nil,
			LineMatched, "580:OUT 300.00 #1, 580:OUT 45.50 #2, 580:OUT 45.50 #3",
		},
		{
			"a transfer by its instruction in REF",
			french(t, "21", "-45.50", "0000000", "REF", reference("LOT-1", "P1-3")), nil, LineMatched, "580:OUT 45.50 #3",
		},
		{
			"the end of a batch's name as the bank's number is not enough", french(t, "06", "-391.00", "OT-1"), nil,
			LineSuspense, "471:UNIDENTIFIED 391.00",
		},
		{
			"a return by its code and reference",
			french(t, "12", "300.00", "0000000", "RCN", reference("P1-1", "")), settleAll, LineMatched, "467:M-1 300.00 #1",
		},
		{
			"an instant return by its code and batch",
			french(t, "C3", "300.00", "0000000", "REF", reference("LOT-1", "")), settleAll, LineMatched, "467:M-1 300.00 #1",
		},
		{
			"a return without any name", french(t, "C5", "300.00", "0000000"), settleAll, LineSuspense,
			"471:UNIDENTIFIED 300.00",
		},
		{
			"a benefit by payer and number",
			french(t, "05", "573.49", "0000000", "NPY", "CAF DE L HERAULT", "LCC", cafText), nil, LinePosted,
			"467:M-1 573.49 RSA 2026-10",
		},
		{
			"a benefit whose text runs over two records",
			french(t, "05", "573.49", "0000000", "NPY", "CAF DE L HERAULT", "LCC", long[:70], "LC2", long[70:]), nil,
			LinePosted, "467:M-1 573.49 RSA 2026-10",
		},
	})
}

func TestTheNumberOfAnotherPersonIsAlertedAndGoesToNeither(t *testing.T) {
	t.Parallel()
	k := known()
	teach(Rule{PayerWords: "CAF", Mandate: "M-1", Benefit: "RSA"})(k)
	k.Mandates = append(k.Mandates, mandate("M-9", "B-1", "RSA"))
	r := recognise(line("573.49", caf("ME 7654321ADUPONT      102026ME")), k)
	if got := describe(r); got != "471:UNIDENTIFIED 573.49" || len(r.rules) != 0 {
		t.Errorf("got %s, want it booked to neither", got)
	}
	alerted := false
	for _, a := range r.Alerts {
		alerted = alerted || a.Code == AlertOtherPerson && a.Subject == "B-2"
	}
	if !alerted || !strings.Contains(r.Why, "autre personne") {
		t.Errorf("got alerts %v (%s), want the other person named", r.Alerts, r.Why)
	}
}
