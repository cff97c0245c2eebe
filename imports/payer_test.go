package imports

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// texts are made of what banks write, glued together in every way.
func texts(n int, give func(text string)) {
	pieces := strings.Split("CAF|caf|CAISSE|D'ALLOCATIONS|D' |ALLOCATIONS FAMILIALES|M.S.A.|MSA|MUTUALITÉ SOCIALE AGRICOLE|"+
		"ASSURANCE RETRAITE|CNAV|CPAM|PRIMAIRE|LE DÉPARTEMENT|CONSEIL DEPARTEMENTAL|DRFIP|PAIERIE|1234567|K|123|4567890|ME|é|Œ|ß| |  |\t|.|-|/|'", "|")
	random := rand.New(rand.NewPCG(7, 11))
	for range n {
		var text strings.Builder
		for range 1 + random.IntN(9) {
			text.WriteString(pieces[random.IntN(len(pieces))])
		}
		give(text.String())
	}
}

func TestWhatSparesAPatternChangesNoAnswer(t *testing.T) {
	t.Parallel()
	cafNumber := regexp.MustCompile(`(?:^|[^0-9A-Z])([0-9]{7}) ?([A-Z])`)
	texts(20_000, func(text string) {
		plain := strings.Join(strings.Fields(plainLetters.Replace(strings.ToUpper(text))), " ")
		if got := fold(text); got != plain {
			t.Errorf("fold(%q) is %q, want %q", text, got, plain)
		}
		var numbers, payers []string
		for _, m := range cafNumber.FindAllStringSubmatch(plain, -1) {
			numbers = append(numbers, m[1]+m[2])
		}
		if got := cafNumbers(plain); !slices.Equal(got, numbers) {
			t.Errorf("the numbers of %q are %q, want %q", plain, got, numbers)
		}
		for _, p := range payerNames {
			if p.name.MatchString(plain) {
				payers = append(payers, p.payer)
			}
		}
		if got := payersIn(text); !slices.Equal(got, payers) {
			t.Errorf("the payers of %q are %q, want %q", text, got, payers)
		}
		if familyFund.MatchString(plain) && !strings.Contains(plain, "CAISSE") {
			t.Errorf("%q names the fund without its sign", plain)
		}
	})
}
