package money

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseInputReadsWhatFrenchPeopleType(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"412":                       41200,
		"412,5":                     41250,
		"412,50":                    41250,
		"1 234,50":                  123450,
		"1\u00A0234,50":             123450,
		"1\u202F234,50":             123450,
		"12 345 678":                1234567800,
		"1234,50":                   123450,
		"  412,00 € ":               41200,
		"412€":                      41200,
		"-12,5":                     -1250,
		"-0,00":                     0,
		"0":                         0,
		"9 999 999 999 999,99":      maxCents,
		"\u00A01 234,50\u00A0€\r\n": 123450,
	} {
		got, err := ParseInput(text)
		if err != nil || got != Cents(want) {
			t.Errorf("ParseInput(%q) = %v, %v; want %d cents", text, got, err, want)
		}
	}
}

func TestParseInputRefusesWhatItWouldHaveToGuess(t *testing.T) {
	t.Parallel()
	parse := func(s string) error { _, err := ParseInput(s); return err }
	checkRefusals(t, map[string]Reason{
		"":                       Empty,
		"   ":                    Empty,
		"€":                      Empty,
		"1e9999999":              Exponent,
		"NaN":                    Character,
		"0x1p10":                 Character,
		"1_000":                  Character,
		"1.234,50":               Point,
		"1.234":                  Point,
		"412.50":                 Point,
		"+5":                     PlusSign,
		",5":                     NoDigit,
		"5,":                     NoDigit,
		"-":                      NoDigit,
		"1,005":                  ManyDecimals,
		"1,2,3":                  Comma,
		"1 23,50":                Groups,
		"1234 567":               Groups,
		"1  234":                 Groups,
		"- 5":                    Groups,
		"12 34":                  Groups,
		"1,2 3":                  Space,
		"\u22125":                Character,
		"\u0661\u0662":           Character,
		"12 $":                   Character,
		"412 € 50":               Character,
		"10000000000000":         TooLong,
		strings.Repeat("9", 400): TooLong,
	}, parse)
}

func TestARefusedInputIsAnsweredWithWhatWasMeant(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"1.234,50":     "Écrivez 1234,50",
		"1,234.50":     "Écrivez 1234,50",
		"1.234.567,5":  "Écrivez 1234567,50",
		"412.50":       "Écrivez 412,50",
		"-1.234,50 €":  "Écrivez -1234,50",
		"":             "Le montant est vide. Écrivez par exemple 1234,50",
		"1.234":        "« 1.234 » : Les centimes se séparent par une virgule. Écrivez par exemple 1234,50",
		"1.23.456,50":  "« 1.23.456,50 » : Les centimes se séparent par une virgule. Écrivez par exemple 1234,50",
		"quatre euros": "« quatre euros » : Le montant contient autre chose que des chiffres. Écrivez par exemple 1234,50",
	} {
		_, err := ParseInput(text)
		if got := french(t, err); got != want {
			t.Errorf("%q: got %q; want %q", text, got, want)
		}
	}
}

func TestFrenchPrintsWithTheRightSpaces(t *testing.T) {
	t.Parallel()
	for cents, want := range map[int64]string{
		0:                    "0,00\u00A0€",
		5:                    "0,05\u00A0€",
		-5:                   "-0,05\u00A0€",
		41200:                "412,00\u00A0€",
		99999:                "999,99\u00A0€",
		123450:               "1\u202F234,50\u00A0€",
		-123456789:           "-1\u202F234\u202F567,89\u00A0€",
		maxCents:             "9\u202F999\u202F999\u202F999\u202F999,99\u00A0€",
		-9223372036854775808: "-92\u202F233\u202F720\u202F368\u202F547\u202F758,08\u00A0€",
	} {
		if got := Cents(cents).French(); got != want {
			t.Errorf("%d cents: got %q; want %q", cents, got, want)
		}
	}
}

func TestWhatIsPrintedInFrenchIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := anyAmount(t, "amount")
		for _, text := range []string{
			want.French(),
			strings.ReplaceAll(want.String(), ".", ","),
			strings.ReplaceAll(want.French(), narrowSpace, " "),
		} {
			got, err := ParseInput(text)
			if err != nil || got != want {
				t.Fatalf("ParseInput(%q) = %v, %v; want %v", text, got, err, want)
			}
		}
	})
}

// anyAmount draws an amount within the limit of texts.
func anyAmount(t *rapid.T, label string) Amount {
	return Cents(rapid.Int64Range(-maxCents, maxCents).Draw(t, label))
}
