package bankfile

import (
	"time"
	"unicode/utf8"

	"masp/ledger/civil"
)

// Columns of an amount and of the date that counts, the same in 01, 04 and 07.
const (
	amountFrom, amountTo = 91, 104
	amountDigits         = amountTo - amountFrom // before the last one, which bears the sign
	dateFrom, dateTo     = 35, 40
	valueFrom, valueTo   = 43, 48
	decimalsColumn       = 20
	defaultDecimals      = 2
)

// amount reads the amount of a record in minor units: 13 digits and one that bears the sign.
func (r *record) amount() (units int64, old bool, err error) {
	if r.width < amountTo {
		return 0, false, r.fault(CodeRecord, r.width+1, "", "record cut before its amount")
	}
	text := r.columns(amountFrom, amountTo)
	units, old, ok := overpunched(text)
	if !ok {
		return 0, false, r.fault(CodeOverpunch, amountFrom, text, "no amount in columns 91 to 104")
	}
	return units, old, nil
}

// overpunched reads 13 digits and a last character that is a digit and a sign at once: "{",
// A to I are +0 to +9, "}", J to R are −0 to −9. Where the braces of ASCII were é and è
// (French ISO 646, as the older norm is printed) files have these, or small letters: old.
func overpunched(text string) (units int64, old, ok bool) {
	if len(text) <= amountDigits {
		return 0, false, false
	}
	from := 0
	if text[:8] == "00000000" { // nearly every amount: below ten thousand euros
		from = 8
	}
	for _, c := range []byte(text[from:amountDigits]) {
		if c < '0' || c > '9' {
			return 0, false, false
		}
		units = units*10 + int64(c-'0')
	}
	last, size := utf8.DecodeRuneInString(text[amountDigits:])
	if last >= 'a' && last <= 'r' || last == 'é' || last == 'è' {
		last, old = oldSign(last), true
	}
	switch {
	case len(text) != amountDigits+size:
		return 0, old, false
	case last == '{':
		return units * 10, old, true
	case last >= 'A' && last <= 'I':
		return units*10 + int64(last-'A') + 1, old, true
	case last == '}':
		return -units * 10, old, true
	case last >= 'J' && last <= 'R':
		return -units*10 - int64(last-'J') - 1, old, true
	}
	return 0, old, false
}

func oldSign(c rune) rune {
	switch c {
	case 'é':
		return '{'
	case 'è':
		return '}'
	}
	return c - 'a' + 'A'
}

// decimals reads how many digits of the amounts stand behind the point; known is false when
// the column is blank.
func (r *record) decimals() (scale int, known bool, err error) {
	switch text := r.columns(decimalsColumn, decimalsColumn); {
	case text == "" || text == " ":
		return 0, false, nil
	case text >= "0" && text <= "4": // ISO 4217 knows none with more
		return int(text[0] - '0'), true, nil
	default:
		return 0, false, r.fault(CodeDecimals, decimalsColumn, text, "no number of decimals")
	}
}

// days remembers the last day that was read: most records of a file bear the same.
type days struct {
	text string
	day  civil.Date
}

// read reads a day written JJMMAA; blanks and zeros are no day. The years 70 to 99 are those
// of the last century.
func (d *days) read(r *record, from, to int) (civil.Date, error) {
	text := r.columns(from, to)
	if text == d.text {
		return d.day, nil
	}
	if blank(text) || text == "000000" {
		return civil.Date{}, nil
	}
	day, ok := parseShortDay(text)
	if !ok {
		return civil.Date{}, r.fault(CodeDate, from, text, "no such day")
	}
	d.text, d.day = text, day
	return day, nil
}

func parseShortDay(text string) (civil.Date, bool) {
	if len(text) != 6 || !allDigits(text) {
		return civil.Date{}, false
	}
	year := 2000 + twoDigits(text[4:])
	if year >= firstYear+100 {
		year -= 100
	}
	d, err := civil.Of(year, time.Month(twoDigits(text[2:])), twoDigits(text))
	return d, err == nil
}

func twoDigits(s string) int { return int(s[0]-'0')*10 + int(s[1]-'0') }

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
