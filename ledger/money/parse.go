package money

// Parse reads the form in which we write amounts: ^-?\d{1,13}\.\d{2}$, euros and cents with a
// point. Anything else is refused with a [*SyntaxError]. The texts "-0.00" and "0012.00" are in
// the grammar and mean 0.00 € and 12.00 €.
func Parse(s string) (Amount, error) {
	cents, why := scan(s)
	if why != "" {
		return Amount{}, &SyntaxError{Text: s, Why: why, example: "1234.50"}
	}
	return Amount{cents}, nil
}

// MustParse is [Parse] for texts in the program itself; it panics on a refusal.
func MustParse(s string) Amount {
	a, err := Parse(s)
	if err != nil {
		panic("money: " + err.Error())
	}
	return a
}

// maxEuroDigits is how many digits an amount may have before its decimals.
const maxEuroDigits = 13

// scan reads the strict form in one pass; why is empty when it is good.
func scan(s string) (cents int64, why Reason) {
	if s == "" {
		return 0, Empty
	}
	digits := s
	if s[0] == '-' {
		digits = s[1:]
	}
	n := 0
	for n < len(digits) && isDigit(digits[n]) {
		if n == maxEuroDigits {
			return 0, TooLong
		}
		cents = 10*cents + int64(digits[n]-'0')
		n++
	}
	if why := checkDecimals(digits, n); why != "" {
		return 0, why
	}
	cents = 100*cents + 10*int64(digits[n+1]-'0') + int64(digits[n+2]-'0')
	if len(digits) < len(s) {
		cents = -cents
	}
	return cents, ""
}

// checkDecimals checks that a point and two digits, and nothing more, follow the n digits.
func checkDecimals(s string, n int) Reason {
	switch {
	case n == len(s):
		if n == 0 {
			return NoDigit
		}
		return TwoDecimals
	case s[n] != '.':
		return strange(s[n])
	case n == 0:
		return NoDigit
	}
	for i := n + 1; i < len(s); i++ {
		if !isDigit(s[i]) {
			return strange(s[i])
		}
		if i > n+2 {
			return ManyDecimals
		}
	}
	if len(s) != n+3 {
		return TwoDecimals
	}
	return ""
}
