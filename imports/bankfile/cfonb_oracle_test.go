package bankfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/big"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// A second reader of CFONB 120, slow and plain, written from the table of the columns: the
// whole file as text, cut into rows of 120, each matched by an expression.

var (
	rowSigned = `\d{13}[A-R{}a-réè]`
	rowOfKind = map[string]*regexp.Regexp{
		"01": regexp.MustCompile(`^01(.{5})....(.{5})(.{3})([ 0-4]).(.{11})..(.{6}).{50}(` + rowSigned + `).{16}$`),
		"07": regexp.MustCompile(`^07(.{5})....(.{5})(.{3})([ 0-4]).(.{11})..(.{6}).{50}(` + rowSigned + `).{16}$`),
		"04": regexp.MustCompile(`^04(.{5})(.{4})(.{5})(.{3})([ 0-4]).(.{11})(..)(.{6})(..)(.{6})` +
			`(.{31})..(.{7})..(` + rowSigned + `)(.{16})$`),
		"05": regexp.MustCompile(`^05(.{5})....(.{5}).....(.{11})`),
	}
	controls = regexp.MustCompile(`[\x00-\x09\x0b\x0c\x0e-\x19\x1b-\x1f]`)
	breaks   = regexp.MustCompile(`[\r\n\x1a]+`)
)

var errOracle = errors.New("the oracle refuses")

// oracleRows cuts a file into rows of 120 characters.
func oracleRows(file []byte) ([]string, error) {
	var text strings.Builder
	for file = bytes.TrimPrefix(file, []byte("\xef\xbb\xbf")); len(file) > 0; {
		char, size := utf8.DecodeRune(file)
		if char == utf8.RuneError && size == 1 {
			char = charmap.Windows1252.DecodeByte(file[0])
		}
		if char >= 0x80 && char < 0xA0 {
			char = '\ufffd'
		}
		text.WriteRune(char)
		file = file[size:]
	}
	whole := text.String()
	if before, after, marked := strings.Cut(whole, "\x1a"); controls.MatchString(whole) ||
		marked && strings.Trim(after, " \r\n\x1a") != "" {
		return nil, fmt.Errorf("%w %.20q", errOracle, before)
	}
	var rows []string
	for _, line := range breaks.Split(whole, -1) {
		chars := []rune(line)
		for len(chars) > 0 {
			n := min(len(chars), 120)
			if row := string(chars[:n]); strings.Trim(row, " ") != "" {
				rows = append(rows, row+strings.Repeat(" ", 120-n))
			}
			chars = chars[n:]
		}
	}
	return rows, nil
}

// oracle tells a file in lines of text, as told tells what the reader gives.
func oracle(file []byte) (string, error) {
	rows, err := oracleRows(file)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n][:2] != "07" && rows[n][:2] != "01" {
			n++
		}
		if n == len(rows) || rows[n][:2] != "07" {
			return "", errOracle
		}
		if err := oracleStatement(&out, rows[:n+1]); err != nil {
			return "", err
		}
		rows = rows[n+1:]
	}
	return out.String(), nil
}

func oracleStatement(out *strings.Builder, rows []string) error {
	opening := rowOfKind["01"].FindStringSubmatch(rows[0])
	closing := rowOfKind["07"].FindStringSubmatch(rows[len(rows)-1])
	if opening == nil || closing == nil || !sameAccount(opening, closing) {
		return errOracle
	}
	scale := opening[4]
	if scale == " " {
		scale = string([]rune(rows[1])[19])
	}
	if scale == " " {
		scale = "2"
	}
	var err error
	day := func(s string) string {
		d, fault := oracleDay(s)
		err = errors.Join(err, fault)
		return d
	}
	fmt.Fprintf(out, "%s/%s/%s %s %s | %s %s\n", opening[1], opening[2], opening[5], day(opening[6]),
		oracleAmount(opening[7], opening[4], scale), day(closing[6]),
		oracleAmount(closing[7], closing[4], scale))
	movements := rows[1 : len(rows)-1]
	for rank := 1; len(movements) > 0; rank++ {
		m := rowOfKind["04"].FindStringSubmatch(movements[0])
		if m == nil || m[1] != opening[1] || m[3] != opening[2] || m[6] != opening[5] {
			return errOracle
		}
		n := 1
		for n < len(movements) && movements[n][:2] == "05" {
			c := rowOfKind["05"].FindStringSubmatch(movements[n])
			if c == nil || c[1] != opening[1] || c[2] != opening[2] || c[3] != opening[5] {
				return errOracle
			}
			n++
		}
		fmt.Fprintf(out, "%d %s %s %s %q", rank, day(m[8]), day(m[10]), oracleAmount(m[13], m[5], scale),
			oracleText(m, movements[1:n]))
		oracleDetail(out, m, movements[1:n])
		movements = movements[n:]
	}
	return err
}

func sameAccount(a, b []string) bool { return a[1] == b[1] && a[2] == b[2] && a[5] == b[5] }

func oracleDay(text string) (string, error) {
	if strings.TrimLeft(text, " ") == "" || text == "000000" {
		return "none", nil
	}
	if !regexp.MustCompile(`^\d{6}$`).MatchString(text) {
		return "", errOracle
	}
	century := "20"
	if text[4] >= '7' {
		century = "19"
	}
	d, err := time.Parse("02012006", text[:4]+century+text[4:])
	if err != nil {
		return "", errOracle
	}
	return d.Format(time.DateOnly), nil
}

func oracleAmount(text, own, scale string) string {
	if own != " " {
		scale = own
	}
	plain := strings.NewReplacer("é", "{", "è", "}").Replace(text)
	at := strings.Index("{ABCDEFGHI}JKLMNOPQR", strings.ToUpper(plain[13:]))
	n, _ := new(big.Rat).SetString(plain[:13] + fmt.Sprint(at%10))
	if at >= 10 {
		n.Neg(n)
	}
	for range scale[0] - '0' {
		n.Quo(n, big.NewRat(10, 1))
	}
	return n.FloatString(4)
}

// part is the columns from and to of a row.
func part(row string, from, to int) string { return string([]rune(row)[from-1 : to]) }

func oracleText(m, complements []string) string {
	text := m[11]
	for _, row := range complements {
		switch qualifier := part(row, 46, 48); {
		case strings.Trim(part(row, 41, 45), " ") == "" && (qualifier == "LIB" || strings.Trim(qualifier, " ") == ""):
			text = strings.TrimRight(text, " ") + " " + strings.TrimRight(part(row, 49, 118), " ")
		case strings.Trim(part(row, 41, 45), " ") == "":
		case part(row, 43, 48) == m[10]:
			text += part(row, 49, 118)
		case strings.Trim(part(row, 41, 42), " ") == "":
			text += part(row, 43, 118)
		default:
			text += part(row, 41, 118)
		}
	}
	return strings.Trim(text, " ")
}

// oracleDetail tells the rest of a line: references, and each complement by its name.
func oracleDetail(out *strings.Builder, m, complements []string) {
	number := strings.TrimRight(m[12], " ")
	if strings.Trim(number, "0 ") == "" {
		number = ""
	}
	operation := strings.TrimRight(m[7], " ")
	code := operation
	if internal := strings.TrimRight(m[2], " "); internal != "" {
		code += "/" + internal
	}
	amount := oracleAmount(m[13], "0", "0")
	returned := regexp.MustCompile(`^(12|C3|C5)$`).MatchString(operation) &&
		amount[0] != '-' && amount != "0.0000"
	fmt.Fprintf(out, " %q %q %q %t\n", code, number, strings.Trim(m[14], " "), returned)
	for _, row := range complements {
		if strings.Trim(part(row, 41, 45), " ") == "" {
			qualifier := part(row, 46, 48)
			if qualifier != "LIB" && strings.Trim(qualifier, " ") != "" {
				fmt.Fprintf(out, "  %s %q\n", qualifier, strings.Trim(part(row, 49, 118), " "))
			}
		}
	}
}

// told reads a file with the reader and tells it as the oracle does. What became of the
// complements is told by TestAComplementFindsItsPlace.
func told(file []byte) (string, error) {
	rd, _, err := Open(bytes.NewReader(file))
	var out, lines strings.Builder
	for err == nil {
		var event Event
		event, err = rd.Next()
		switch e := event.(type) {
		case LineEvent:
			tellLine(&lines, e.Line)
		case StatementEnd:
			st := e.Statement
			fmt.Fprintf(&out, "%s %s %s | %s %s\n%s", st.Account.Other, tellDay(st.Opening.On.String(), st.Opening.On.IsZero()),
				tellAmount(st.Opening.Amount.String()), tellDay(st.Closing.On.String(), st.Closing.On.IsZero()),
				tellAmount(st.Closing.Amount.String()), lines.String())
			lines.Reset()
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return out.String(), err
}

func tellDay(text string, none bool) string {
	if none {
		return "none"
	}
	return text
}

func tellAmount(text string) string {
	n, _ := new(big.Rat).SetString(text)
	return n.FloatString(4)
}

func tellLine(out *strings.Builder, l *Line) {
	fmt.Fprintf(out, "%d %s %s %s %q %q %q %q %t\n", l.Rank, tellDay(l.BookedOn.String(), l.BookedOn.IsZero()),
		tellDay(l.ValueOn.String(), l.ValueOn.IsZero()), tellAmount(l.Amount.String()), l.Text,
		l.ProprietaryCode, l.EntryReference, l.BankReference, l.Returned())
}

// withoutComplements leaves out what told does not tell.
func withoutComplements(text string) string {
	return regexp.MustCompile(`(?m)^  .*\n`).ReplaceAllString(text, "")
}

// agree holds the reader against the oracle.
func agree(t interface{ Fatalf(string, ...any) }, file []byte) {
	want, refused := oracle(file)
	got, err := told(file)
	if (err != nil) != (refused != nil) {
		t.Fatalf("the reader says %v, the oracle %v, of\n%.400q", err, refused, file)
	}
	if err == nil && got != withoutComplements(want) {
		t.Fatalf("got\n%swant\n%sof\n%.400q", got, want, file)
	}
}

func FuzzCFONB(f *testing.F) {
	for _, seed := range inventedShapes() {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		head, err := sniff(bytes.NewReader(file))
		if err != nil || head.format.Family != cfonb120 {
			t.Skip("another kind of file")
		}
		agree(t, file)
	})
}
