package money

import (
	"strconv"
	"strings"
)

// Spaces of French typography: the narrow one groups thousands, the other precedes the euro sign;
// neither breaks a line.
const (
	narrowSpace = "\u202F"
	noBreak     = "\u00A0"
)

// maxInput is how many bytes a typed amount may have, blanks included: three times the longest.
const maxInput = 100

// French returns a as French readers expect it: "1 234,50 €", "-0,05 €". Thousands are grouped by
// U+202F, U+00A0 precedes the euro sign, a negative begins with a hyphen, and zero is "0,00 €".
func (a Amount) French() string {
	m := a.magnitude()
	euros := strconv.FormatUint(m/100, 10)
	var b strings.Builder
	if a.cents < 0 {
		b.WriteByte('-')
	}
	for i, digit := range []byte(euros) {
		if i > 0 && (len(euros)-i)%3 == 0 {
			b.WriteString(narrowSpace)
		}
		b.WriteByte(digit)
	}
	b.Write([]byte{',', byte('0' + m%100/10), byte('0' + m%10)})
	b.WriteString(noBreak + "€")
	return b.String()
}

// ParseInput reads what a French person types: "412", "412,5", "412,50", "1 234,50", with an
// optional minus before and an optional euro sign behind, and whatever [Amount.French] writes.
// Thousands may be grouped by three with a space, U+00A0 or U+202F. Blanks around are ignored. A
// point is refused: it means thousands to some and cents to others, and so is a text of more than
// 100 bytes. A refusal is a [*SyntaxError], and its French says what to write.
func ParseInput(s string) (Amount, error) {
	if len(s) > maxInput {
		return Amount{}, &SyntaxError{Text: s, Why: TooLong, example: "1234,50"}
	}
	text := trimInput(s)
	whole, decimals, hasComma := strings.Cut(text, ",")
	digits, why := joinGroups(strings.TrimPrefix(whole, "-"))
	if why == "" && hasComma {
		why = checkCents(decimals)
	}
	if why != "" {
		if text == "" {
			why = Empty
		}
		return Amount{}, &SyntaxError{Text: s, Why: why, example: "1234,50"}
	}
	cents, err := strconv.ParseInt(digits+(decimals + "00")[:2], 10, 64)
	if err != nil {
		return Amount{}, &SyntaxError{Text: s, Why: TooLong, example: "1234,50"}
	}
	if strings.HasPrefix(text, "-") {
		cents = -cents
	}
	return Amount{cents}, nil
}

// trimInput drops the blanks around and the euro sign.
func trimInput(s string) string {
	const blanks = " \t\r\n" + noBreak + narrowSpace
	s = strings.Trim(s, blanks)
	return strings.TrimRight(strings.TrimSuffix(s, "€"), blanks)
}

// joinGroups returns the digits before the comma without their spaces. A first group of one to
// three digits is followed by groups of exactly three, or there are no groups at all.
func joinGroups(s string) (digits string, why Reason) {
	kept := make([]byte, 0, maxEuroDigits)
	group, grouped := 0, false
	for i := 0; i < len(s); {
		if n := spaceLen(s[i:]); n > 0 {
			if group == 0 || group > 3 || (grouped && group != 3) {
				return "", Groups
			}
			group, grouped = 0, true
			i += n
			continue
		}
		switch {
		case !isDigit(s[i]):
			return "", strangeInput(s[i])
		case len(kept) == maxEuroDigits:
			return "", TooLong
		}
		kept = append(kept, s[i])
		group++
		i++
	}
	switch {
	case grouped && group != 3:
		return "", Groups
	case len(kept) == 0:
		return "", NoDigit
	}
	return string(kept), ""
}

// checkCents checks what follows the comma: one or two digits.
func checkCents(decimals string) Reason {
	for i := range len(decimals) {
		switch {
		case !isDigit(decimals[i]):
			return strangeInput(decimals[i])
		case i == 2:
			return ManyDecimals
		}
	}
	if decimals == "" {
		return NoDigit
	}
	return ""
}

// spaceLen returns the length of the space that s begins with, 0 when there is none.
func spaceLen(s string) int {
	for _, space := range [...]string{" ", noBreak, narrowSpace} {
		if strings.HasPrefix(s, space) {
			return len(space)
		}
	}
	return 0
}

// strangeInput is strange for what people type, where a point is a mistake of its own.
func strangeInput(c byte) Reason {
	if c == '.' {
		return Point
	}
	return strange(c)
}
