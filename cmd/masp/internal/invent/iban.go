package invent

import (
	"fmt"
	"strconv"
)

// bankCode belongs to no bank: accounts under it do not exist.
const bankCode = 99999

// Branches keep the account numbers of each kind apart.
const (
	branchIndividual = 100
	branchPooled     = 101
	branchCreditor   = 200
	branchOwn        = 300
)

// iban returns the French IBAN of an account number of a branch: RIB key
// 97 − ((89·bank + 15·branch + 3·account) mod 97), then the check digits of ISO
// 13616 over "FR" = 1527.
func iban(branch, account int) string {
	key := 97 - (89*bankCode+15*branch+3*account)%97
	bban := fmt.Sprintf("%05d%05d%011d%02d", bankCode, branch, account, key)
	return fmt.Sprintf("FR%02d%s", 98-mod97(bban+"152700"), bban)
}

// mod97 is the rest of a long decimal number.
func mod97(digits string) int {
	rest := 0
	for i := 0; i < len(digits); i += 7 {
		part := digits[i:min(i+7, len(digits))]
		n, _ := strconv.Atoi(fmt.Sprint(rest) + part) // digits only, at most nine
		rest = n % 97
	}
	return rest
}
