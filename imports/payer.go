package imports

import (
	"regexp"
	"slices"
	"strings"

	"masp/ledger/civil"
	"masp/payments/mandates"
)

// payerNames say how a bank writes the bodies that pay benefits, in folded text: capitals,
// no accents, no dots. No line is ever recognised by such a name alone. One of the signs stands in
// every text that the name fits, so that few texts are held against it.
var payerNames = []struct {
	payer string
	signs []string
	name  *regexp.Regexp
}{
	{
		mandates.CAF,
		[]string{"CAF", "ALLOCATIONS FAMILIALES"},
		regexp.MustCompile(`\bCAF\b|\bCAISSE (D'? ?)?ALLOCATIONS FAMILIALES\b`),
	},
	{
		mandates.MSA,
		[]string{"MSA", "MUTUALITE"},
		regexp.MustCompile(`\bMSA\b|\bMUTUALITE SOCIALE AGRICOLE\b`),
	},
	{mandates.CPAM, []string{"CPAM", "PRIMAIRE"}, regexp.MustCompile(`\bCPAM\b|\bCAISSE PRIMAIRE\b`)},
	{mandates.CARSAT, []string{"CARSAT", "RETRAITE"}, regexp.MustCompile(`\bCARSAT\b|\bASSURANCE RETRAITE\b`)},
	{mandates.CNAV, []string{"CNAV"}, regexp.MustCompile(`\bCNAV\b`)},
	{
		mandates.Departement, []string{"DEPARTEMENT", "FIP", "PAIERIE"}, regexp.MustCompile(
			`^(LE )?DEPARTEMENT\b|\bCONSEIL DEPARTEMENTAL\b|\b(DDFIP|DRFIP|DGFIP|PAIERIE)\b`),
	},
}

// payersIn lists the payers that a name or a text names.
func payersIn(text string) []string {
	var found []string
	folded := fold(text)
	for _, p := range payerNames {
		signed := slices.ContainsFunc(p.signs, func(sign string) bool { return strings.Contains(folded, sign) })
		if signed && p.name.MatchString(folded) {
			found = append(found, p.payer)
		}
	}
	return found
}

// payersOf lists the payers of a transaction. The name of the debtor decides; only where the
// bank gives none does the text count: else anybody could write CAF in a message.
func payersOf(l Line, d Detail) []string {
	if d.Party != "" {
		return payersIn(d.Party)
	}
	if d.Ultimate != "" {
		return payersIn(d.Ultimate)
	}
	return payersIn(join(l.Text, d.Text))
}

// cafNumbers lists what is written as a numéro allocataire in a folded text: seven digits and a key
// letter, which the CAF glues to the name (formats 2.7: "1234567KNOM 072020ME").
func cafNumbers(folded string) []string {
	var found []string
	for i := range len(folded) {
		if i > 0 && alphanumeric(folded[i-1]) {
			continue
		}
		digits, rest := leadingDigits(folded[i:])
		rest = strings.TrimPrefix(rest, " ")
		if len(digits) == 7 && rest != "" && 'A' <= rest[0] && rest[0] <= 'Z' {
			found = append(found, digits+rest[:1])
		}
	}
	return found
}

// numbersIn lists what may be the payer's number of a person in a text: the words that hold
// four digits or more, and for the CAF its own form. Only a registered one counts in the end.
func numbersIn(text string) []string {
	folded := fold(text)
	var found []string
	seen := map[string]bool{}
	add := func(number string) {
		if !seen[number] {
			seen[number] = true
			found = append(found, number)
		}
	}
	for _, number := range cafNumbers(folded) {
		add(number)
	}
	for _, word := range words(folded) {
		if len(word) <= 20 && len(digitsOnly(word)) >= 4 {
			add(word)
		}
	}
	return found
}

// digitsOnly writes # for each digit and drops the rest.
func digitsOnly(word string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '#'
		}
		return -1
	}, word)
}

// monthInText is MMAAAA or MM/AAAA, alone or before the two letters that end a CAF reference.
var monthInText = regexp.MustCompile(
	`(?:^|[^0-9A-Z/])(0[1-9]|1[0-2])/?(20[0-9]{2})(?:[A-Z]{2})?(?:$|[^0-9A-Z])`,
)

// monthIn is the month of the right that a text names: the only one it names, not later than
// the day of the credit, not older than three years. Zero when there is none.
func monthIn(text string, on civil.Date) civil.Month {
	var only civil.Month
	for _, m := range monthInText.FindAllStringSubmatch(fold(text), -1) {
		month, err := civil.ParseMonth(m[2] + "-" + m[1])
		if err != nil || month.After(on.MonthOf()) || month.Before(on.MonthOf().Add(-36)) {
			continue
		}
		if !only.IsZero() && only != month {
			return civil.Month{}
		}
		only = month
	}
	return only
}
