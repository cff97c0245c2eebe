package sepa

import "fmt"

// The French RIB: bank code (5 digits), branch code (5 digits), account number
// (11 letters or digits) and a key of two digits (CFONB). Monaco shares it.

// MakeFrenchIBAN computes the RIB key and the check digits of an account given
// by bank, branch (5 digits each) and account number (11 characters), as a
// CFONB statement names it.
func MakeFrenchIBAN(bank, branch, account string) (IBAN, error) {
	if len(bank) != 5 || len(branch) != 5 || len(account) != 11 ||
		!isDigits(bank) || !isDigits(branch) {
		return IBAN{}, &IBANError{Reason: IBANRIBDetails, Country: "FR"}
	}
	rest := ribRest(bank, branch, account)
	if rest < 0 {
		return IBAN{}, &IBANError{Reason: IBANRIBDetails, Country: "FR"}
	}
	bban := fmt.Sprintf("%s%s%s%02d", bank, branch, account, 97-rest)
	return ParseIBAN(fmt.Sprintf("FR%02d%s", 98-mod97(bban+"FR00"), bban))
}

// checkRIB returns why the 23 characters after the check digits are no RIB.
func checkRIB(bban string) string {
	bank, branch, account, key := bban[:5], bban[5:10], bban[10:21], bban[21:]
	if !isDigits(bank) || !isDigits(branch) || !isDigits(key) {
		return IBANRIBDetails
	}
	if want := 97 - ribRest(bank, branch, account); int(key[0]-'0')*10+int(key[1]-'0') != want {
		return IBANRIBKey
	}
	return ""
}

// ribRest is (89·bank + 15·branch + 3·account) mod 97, from which the key is
// subtracted from 97; -1 when the account has other characters than A-Z, 0-9.
func ribRest(bank, branch, account string) int {
	sum := 0
	for i, part := range [...]string{bank, branch, account} {
		rest := 0
		for j := range len(part) {
			digit := ribDigit(part[j])
			if digit < 0 {
				return -1
			}
			rest = (rest*10 + digit) % 97
		}
		sum += rest * [...]int{89, 15, 3}[i]
	}
	return sum % 97
}

// ribDigit turns letters into digits: A–I and J–R are 1 to 9, S–Z 2 to 9.
func ribDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'R':
		return int(c-'A')%9 + 1
	case c >= 'S' && c <= 'Z':
		return int(c-'S') + 2
	}
	return -1
}
