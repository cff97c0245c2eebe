package bankfile

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/sepa"
	"masp/payments/xmlread"
)

// ibanOf makes the IBAN of bank, branch and account.
func ibanOf(t *testing.T, rib []string) string {
	t.Helper()
	iban, err := sepa.MakeFrenchIBAN(rib[0], rib[1], rib[2])
	if err != nil {
		t.Fatal(err)
	}
	return iban.String()
}

var november = civil.MustParse("2026-11-04")

// frenchMonth is an invented statement with a line of each kind.
func frenchMonth() frenchStatement {
	return frenchStatement{
		account: "0000000042A", currency: "EUR", scale: 2, opening: 100_00,
		from: november.AddDays(-1), to: november,
		lines: []frenchLine{
			{
				booked: november, value: november, units: 308_12, operation: "05",
				label: "VIR RECU CAISSE INVENTEE", number: "0000001", reference: "R1",
				complements: []Complement{
					{"NPY", "CAISSE INVENTEE"},
					{"LCC", "PRESTATION DE NOVEMBRE"},
					{"RCN", pad("000000001V16", 35) + "BENE"},
				},
			},
			{
				booked: november, value: november.AddDays(-2), units: -20_07, operation: "62",
				label: "FRAIS DE TENUE DE COMPTE DU MOI", rest: "S D OCTOBRE",
			},
			{
				booked: november, units: 50_00, operation: "12", reject: "AC", label: "RETOUR",
				complements: []Complement{{"REF", pad("LOT-1", 35) + "P000001-0001"}, {"LIB", "COMPTE CLOS"}},
			},
		},
	}
}

// shapes are the ways in which a file of records was met.
var shapes = map[string]shape{
	"a record a line":      {perLine: 1, newline: "\n"},
	"CRLF":                 {perLine: 1, newline: "\r\n"},
	"no line break":        {},
	"several on a line":    {perLine: 3, newline: "\n"},
	"stripped blanks":      {perLine: 1, newline: "\r\n", stripped: true},
	"stripped and several": {perLine: 2, newline: "\n", stripped: true},
	"blank lines":          {perLine: 1, newline: "\n", blank: true},
	"end mark":             {perLine: 1, newline: "\r\n", mark: true},
	"latin-1":              {perLine: 1, newline: "\n", latin: true},
	"mark before UTF-8":    {perLine: 1, newline: "\n", bom: true},
}

// inventedShapes are files of every shape, in a fixed order.
func inventedShapes() [][]byte {
	var out [][]byte
	for _, name := range slices.Sorted(keysOf(shapes)) {
		plain, odd := frenchMonth(), frenchMonth()
		odd.oldSign, odd.blankBalances, odd.origin = true, true, "E"
		odd.remark, odd.scale = "** PAS DE MOUVEMENT CE JOUR **", 3
		odd.lines[0].label = "VIREMENT REÇU DE L ÉTÉ"
		out = append(out, shapes[name].file(plain, odd))
	}
	return out
}

func keysOf(m map[string]shape) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func TestEveryShapeOfAFileGivesTheSameStatement(t *testing.T) {
	t.Parallel()
	want, err := told(shapes["a record a line"].file(frenchMonth(), frenchMonth()))
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range shapes {
		if got, err := told(s.file(frenchMonth(), frenchMonth())); err != nil || got != want {
			t.Errorf("%s: got\n%s%v\nwant\n%s", name, got, err, want)
		}
	}
	for _, file := range inventedShapes() {
		agree(t, file)
	}
}

func readFrench(t *testing.T, file []byte) (ends []StatementEnd, lines []*Line) {
	t.Helper()
	rd, _, err := Open(strings.NewReader(string(file)))
	for err == nil {
		var event Event
		event, err = rd.Next()
		switch e := event.(type) {
		case StatementEnd:
			ends = append(ends, e)
		case LineEvent:
			lines = append(lines, e.Line)
		}
	}
	return ends, lines
}

func TestAFrenchStatementIsReadToTheLastField(t *testing.T) {
	t.Parallel()
	ends, lines := readFrench(t, shapes["CRLF"].file(frenchMonth()))
	if len(ends) != 1 || len(lines) != 3 {
		t.Fatalf("got %d statements and %d lines", len(ends), len(lines))
	}
	end := ends[0]
	if end.Outcome != Accepted || end.Closes != Closes || end.Sums.Details != 6 {
		t.Errorf("got %+v", end)
	}
	st := end.Statement
	if want := ibanOf(t, []string{frenchBank, frenchBranch, "0000000042A"}); st.Account.ID() != want ||
		st.ID != "031126-041126" || st.From != november || st.To != november {
		t.Errorf("got %+v", st)
	}
	first := *lines[0]
	first.Amount = money.Exact{}
	want := Line{
		Rank: 1, row: 2, statement: 1, BookedOn: november, ValueOn: november,
		Currency: "EUR", BankReference: "R1", EntryReference: "0000001", ProprietaryCode: "05/0090",
		Text: "VIR RECU CAISSE INVENTEE",
		Details: []Detail{{
			DebtorName: "CAISSE INVENTEE", EndToEndID: "000000001V16", Purpose: "BENE",
			Remittance: []string{"PRESTATION DE NOVEMBRE"},
		}},
	}
	if !reflect.DeepEqual(first, want) {
		t.Errorf("got  %+v\nwant %+v", first, want)
	}
	if got := lines[1].Text; got != "FRAIS DE TENUE DE COMPTE DU MOIS D OCTOBRE" {
		t.Errorf("the older layout goes on as %q", got)
	}
	back := lines[2]
	if !back.Returned() || back.Details[0].Return.Code != "AC" || back.Code.String() != "PMNT-ICDT-RRTN" ||
		back.Details[0].InstructionID != "P000001-0001" || back.Text != "RETOUR COMPTE CLOS" {
		t.Errorf("got %+v", back)
	}
}

// withComplements is a file of one line with these 05.
func withComplements(operation string, units int64, complements ...Complement) []byte {
	s := frenchMonth()
	s.lines = []frenchLine{{
		booked: november, value: november, units: units, operation: operation,
		complements: complements,
	}}
	return shapes["stripped blanks"].file(s)
}

func TestAComplementFindsItsPlace(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("MOT ", 17) + "XY"
	for name, c := range map[string]struct {
		given []Complement
		want  Detail
	}{
		"parties": {
			[]Complement{{"NPY", "A"}, {"NPO", "B"}, {"NBE", "C"}, {"NBU", "D"}, {"CBE", "FR76 9999"}, {"CPY", "FR7699"}},
			Detail{
				DebtorName: "A", UltimateDebtor: "B", CreditorName: "C", UltimateCreditor: "D",
				CreditorIBAN: "FR769999", DebtorIBAN: "FR7699",
			},
		},
		"references": {
			[]Complement{{"RCN", pad("E2E", 35) + "SALA"}, {"REF", pad("LOT", 35) + "INSTR"}, {"LCS", "RF18539007547034"}, {"RUM", pad("M-1", 35) + "RCUR"}},
			Detail{
				EndToEndID: "E2E", Purpose: "SALA", PaymentInfoID: "LOT", InstructionID: "INSTR",
				StructuredRef: "RF18539007547034", MandateID: "M-1",
			},
		},
		"no reference given":   {[]Complement{{"RCN", "NOTPROVIDED"}, {"NPY", "A"}}, Detail{DebtorName: "A"}},
		"two halves of a text": {[]Complement{{"LCC", "COURT"}, {"LC2", "SUITE"}}, Detail{Remittance: []string{pad("COURT", 70) + "SUITE"}}},
		"a full half":          {[]Complement{{"LCC", long}, {"LC2", "Z"}}, Detail{Remittance: []string{long + "Z"}}},
		"two texts":            {[]Complement{{"LCC", "UN"}, {"LCC", "DEUX"}}, Detail{Remittance: []string{"UN", "DEUX"}}},
		"a second half alone":  {[]Complement{{"LC2", "SEULE"}}, Detail{Remittance: []string{"SEULE"}}},
		"unknown ones word for word": {
			[]Complement{{"NOM", "MARTIN"}, {"2'C", "X"}, {"MMO", "EUR2000"}},
			Detail{
				Text:        "NOM MARTIN 2'C X",
				Complements: []Complement{{"NOM", "MARTIN"}, {"2'C", "X"}, {"MMO", "EUR2000"}},
			},
		},
		"a second one of a kind is kept": {
			[]Complement{{"NPY", "A"}, {"NPY", "B"}},
			Detail{DebtorName: "A", Text: "NPY B", Complements: []Complement{{"NPY", "B"}}},
		},
	} {
		_, lines := readFrench(t, withComplements("05", 100, c.given...))
		if len(lines) != 1 || !reflect.DeepEqual(lines[0].Details, []Detail{c.want}) {
			t.Errorf("%s: got %+v, want %+v", name, lines[0].Details, c.want)
		}
	}
}

func TestADebitThatNamesItsBatchOnlyIsASum(t *testing.T) {
	t.Parallel()
	_, lines := readFrench(t, withComplements("06", -100, Complement{"REF", "LOT-7"}))
	if l := lines[0]; len(l.Details) != 0 || len(l.Batches) != 1 || l.Batches[0].PaymentInfoID != "LOT-7" {
		t.Errorf("got %+v", l)
	}
}

func TestOnlyACreditOfAReturnCodeBringsATransferBack(t *testing.T) {
	t.Parallel()
	for operation, want := range map[string]bool{"12": true, "C3": true, "C5": true, "05": false, "C4": false, "": false} {
		_, lines := readFrench(t, withComplements(operation, 100))
		if got := lines[0].Returned(); got != want {
			t.Errorf("code %q: returned is %t", operation, got)
		}
		_, lines = readFrench(t, withComplements(operation, -100))
		if lines[0].Returned() {
			t.Errorf("code %q: a debit brings a transfer back", operation)
		}
	}
}

func TestADamagedFrenchFileIsRefusedWithItsPlace(t *testing.T) {
	t.Parallel()
	good := string(shapes["a record a line"].file(frenchMonth()))
	rows := strings.SplitAfter(good, "\n")
	row := func(i int, change func(string) string) string {
		changed := slices.Clone(rows)
		changed[i] = change(changed[i])
		return strings.Join(changed, "")
	}
	at := func(column int, text string) func(string) string {
		return func(s string) string { return s[:column-1] + text + s[column-1+len(text):] }
	}
	for name, c := range map[string]struct{ file, code, place string }{
		"a character lost": {row(1, func(s string) string { return s[:60] + s[61:] }), CodeOverpunch, "ligne 2, colonne 91"},
		"a character more": {row(1, func(s string) string { return s[:60] + "X" + s[60:] }), CodeOverpunch, "ligne 2, colonne 91"},
		"lost at the head": {row(1, func(s string) string { return s[1:] }), CodeRecord, "ligne 2, colonne 1"},
		"a blank before":   {row(1, func(s string) string { return " " + s }), CodeRecord, "ligne 2, colonne 1"},
		"no last record":   {strings.Join(rows[:len(rows)-2], ""), xmlread.CodeTruncated, "ligne"},
		"cut in the last":  {good[:len(good)-60], CodeRecord, "colonne"},
		"text behind":      {good + "FIN", CodeRecord, "ligne 12, colonne 1,"},
		"two beginnings":   {rows[0] + good, CodeOrder, "ligne 2"},
		"a line outside":   {rows[1] + good, CodeOrder, "ligne 1"},
		"complement first": {row(0, func(s string) string { return s + rows[2] }), CodeOrder, "ligne 2"},
		"another account":  {row(1, at(30, "9")), CodeAccount, "ligne 2"},
		"another branch":   {row(2, at(12, "9")), CodeAccount, "ligne 3"},
		"31 February":      {row(1, at(35, "310226")), CodeDate, "ligne 2, colonne 35"},
		"letters for date": {row(0, at(35, "AAAAAA")), CodeDate, "ligne 1, colonne 35"},
		"amount unsigned":  {row(1, at(104, "1")), CodeOverpunch, "ligne 2"},
		"amount of blanks": {row(1, at(91, strings.Repeat(" ", 14))), CodeOverpunch, "ligne 2"},
		"sign replaced":    {row(1, func(s string) string { return s[:103] + "\ufffd" + s[104:] }), CodeOverpunch, "ligne 2"},
		"decimals":         {row(1, at(20, "7")), CodeDecimals, "ligne 2, colonne 20"},
		"NUL":              {row(1, at(60, "\x00")), "", ""},
		"tab":              {row(1, at(60, "\t")), CodeControl, "ligne 2, colonne 60"},
		"after the mark":   {good + "\x1a" + good, CodeAfterEnd, "ligne"},
	} {
		report := Check(t.Context(), strings.NewReader(c.file))
		reason := report.Reasons[0]
		if report.Outcome != Refused || c.code != "" && reason.Code != c.code ||
			!strings.Contains(reason.Message, c.place) {
			t.Errorf("%s: got %s %+v, want %s at %s", name, report.Outcome, reason, c.code, c.place)
		}
	}
}

func TestOddFrenchStatementsAreJudged(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*frenchStatement)
		want   string
	}{
		"nothing odd":                      {func(*frenchStatement) {}, ""},
		"blank currency in the balances":   {func(s *frenchStatement) { s.blankBalances = true }, ""},
		"E in column 21":                   {func(s *frenchStatement) { s.origin = "E" }, ""},
		"text in a reserved zone":          {func(s *frenchStatement) { s.remark = "** PAS DE MOUVEMENT CE JOUR **" }, ""},
		"signs of the older norm":          {func(s *frenchStatement) { s.oldSign = true }, "old_sign"},
		"no days":                          {func(s *frenchStatement) { s.from, s.to = civil.Date{}, civil.Date{} }, "no_balance_date no_id"},
		"no booking day":                   {func(s *frenchStatement) { s.lines[0].booked = civil.Date{} }, "no_booking_date"},
		"another currency":                 {func(s *frenchStatement) { s.currency, s.scale = "XPF", 0 }, "not_eur"},
		"three decimals that make no cent": {func(s *frenchStatement) { s.scale = 3 }, "not_in_cents"},
		"nothing says the decimals": {func(s *frenchStatement) {
			s.blankBalances, s.lines = true, nil
		}, "not_eur no_decimals"},
	} {
		s := frenchMonth()
		c.change(&s)
		report := Check(t.Context(), strings.NewReader(string(shapes["CRLF"].file(s))))
		var codes []string
		for _, r := range report.Reasons {
			codes = append(codes, r.Code)
		}
		for _, code := range strings.Fields(c.want) {
			if !slices.Contains(codes, code) {
				t.Errorf("%s: got %v, want %s", name, codes, code)
			}
		}
		if len(codes) != len(strings.Fields(c.want)) {
			t.Errorf("%s: got %v %+v", name, codes, report.Reasons)
		}
	}
}

// TestAFrenchFileWithoutEndFillsNoMemory is not parallel, for it measures memory.
func TestAFrenchFileWithoutEndFillsNoMemory(t *testing.T) {
	rows := shapes["no line break"]
	records := frenchMonth().records()
	flood := func(record string) []byte {
		return rows.join([]string{records[0], records[1], strings.Repeat(record, 200_000)})
	}
	complement := func(qualifier string) string {
		return records[2][:40] + "     " + qualifier + pad("MOT", 72)
	}
	for name, file := range map[string][]byte{
		"names":              flood(complement("NPY")),
		"unknown qualifiers": flood(complement("XYZ")),
		"texts":              flood(complement("LIB")),
		"second halves":      flood(complement("LC2")),
		"older labels":       flood(records[2][:40] + pad("LABEL", 80)),
		"blanks":             append(rows.join(records[:1]), bytes.Repeat([]byte(" "), 30<<20)...),
		"digits":             append(rows.join(records[:1]), bytes.Repeat([]byte("0"), 30<<20)...),
		"line breaks":        append(rows.join(records[:1]), bytes.Repeat([]byte("\n"), 30<<20)...),
	} {
		start := time.Now()
		var err error
		grown := allocated(func() {
			var rd *Reader
			for rd, _, err = Open(bytes.NewReader(file)); err == nil; {
				_, err = rd.Next()
			}
		})
		if _, refused := errors.AsType[*FormatError](err); !refused {
			t.Errorf("%s: got %v, want the file refused", name, err)
		}
		t.Logf("%s: %s and %d MiB", name, time.Since(start).Round(time.Millisecond), grown>>20)
		if grown > 64<<20 {
			t.Errorf("%s: took %d MiB, want 64 at most", name, grown>>20)
		}
	}
}

// TestWhatIsWrittenIsReadAgain draws statements and shapes: the model, the reader and the
// second reader agree.
func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawFrench(t)
		f := shape{
			perLine: rapid.IntRange(0, 4).Draw(t, "perLine"), stripped: rapid.Bool().Draw(t, "stripped"),
			newline: rapid.SampledFrom([]string{"\n", "\r\n", "\r"}).Draw(t, "newline"),
			blank:   rapid.Bool().Draw(t, "blank"), mark: rapid.Bool().Draw(t, "mark"),
			latin: rapid.Bool().Draw(t, "latin"), bom: rapid.Bool().Draw(t, "bom"),
		}
		file := f.file(s, s)
		agree(t, file)
		got, err := told(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, l := range s.lines {
			want := fmt.Sprintf("\n%d %s ", i+1, tellDay(l.booked.String(), l.booked.IsZero()))
			amount := tellAmount(money.ExactMinor(l.units, s.scale).String())
			if !strings.Contains(got, want) || !strings.Contains(got, " "+amount+" ") {
				t.Fatalf("line %d of %s is missing in\n%s", i+1, amount, got)
			}
		}
	})
}

// TestDamageIsSeenByBothReaders changes a good file here and there: the reader refuses it or
// reads it exactly when the second reader does, and reads the same.
func TestDamageIsSeenByBothReaders(t *testing.T) {
	t.Parallel()
	files := inventedShapes()
	rapid.Check(t, func(t *rapid.T) {
		file := slices.Clone(rapid.SampledFrom(files).Draw(t, "file"))
		for range rapid.IntRange(1, 3).Draw(t, "changes") {
			at := rapid.IntRange(0, len(file)-1).Draw(t, "at")
			piece := rapid.SampledFrom([]string{
				"", " ", "0", "}", "é", "\xe9", "\ufffd", "\n", "\r\n", "\x1a", "01", "04", "05", "07",
				"310226", "\x00", strings.Repeat(" ", 120),
			}).Draw(t, "piece")
			kept := rapid.IntRange(0, 2).Draw(t, "taken")
			file = slices.Replace(file, at, min(at+kept, len(file)), []byte(piece)...)
		}
		if head, err := sniff(bytes.NewReader(file)); err == nil && head.format.Family == cfonb120 {
			agree(t, file)
		}
	})
}

func drawFrench(t *rapid.T) frenchStatement {
	day := func(name string) civil.Date {
		return november.AddDays(rapid.IntRange(-400, 400).Draw(t, name))
	}
	units := rapid.Int64Range(-99_999_999_999_999, 99_999_999_999_999)
	s := frenchStatement{
		account:  rapid.StringMatching(`[0-9A-Z]{11}`).Draw(t, "account"),
		currency: "EUR", scale: rapid.IntRange(0, 3).Draw(t, "scale"),
		from: day("from"), to: day("to"), origin: rapid.SampledFrom([]string{"", "E"}).Draw(t, "origin"),
		opening: rapid.Int64Range(-1_000_000, 1_000_000).Draw(t, "opening"),
		oldSign: rapid.Bool().Draw(t, "oldSign"), blankBalances: rapid.Bool().Draw(t, "blank"),
	}
	closing := s.opening
	for range rapid.IntRange(0, 5).Draw(t, "lines") {
		l := frenchLine{
			booked: day("booked"), value: day("value"), units: units.Draw(t, "units"),
			operation: rapid.StringMatching(`[0-9A-C][0-9]`).Draw(t, "operation"),
			label:     rapid.StringMatching(`[A-Z0-9 éèçàùÉ']{0,31}`).Draw(t, "label"),
			rest:      rapid.StringMatching(`[A-Z ]{0,30}`).Draw(t, "rest"),
			number:    rapid.StringMatching(`[0-9 ]{7}`).Draw(t, "number"),
			reference: rapid.StringMatching(`[A-Z0-9é]{0,16}`).Draw(t, "reference"),
		}
		for range rapid.IntRange(0, 3).Draw(t, "complements") {
			l.complements = append(l.complements, Complement{
				rapid.SampledFrom([]string{"LIB", "NPY", "RCN", "REF", "LCC", "LC2", "   ", "N Y"}).Draw(t, "qualifier"),
				rapid.StringMatching(`[A-Z0-9 éè]{0,70}`).Draw(t, "text"),
			})
		}
		if sum := closing + l.units; sum > -99_999_999_999_999 && sum < 99_999_999_999_999 {
			closing, s.lines = sum, append(s.lines, l)
		}
	}
	return s
}
