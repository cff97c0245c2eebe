package sepa

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestIBANsOfTheVectorsAreAccepted(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		"FR1420041010050500013M02606", "FR7630006000011234567890189", "FR7630001007941234567890185",
		"FR7610011000201234567890188", "fr76 3000 6000 0112 3456 7890 189",
		"FR76\u00A03000\u202F6000 0112 3456 7890 189", "BE68539007547034", "DE89370400440532013000",
		"GB29NWBK60161331926819", "MT84MALT011000012345MTLCAST001S", "NO9386011117947",
	} {
		got, err := ParseIBAN(in)
		if want := strings.ToUpper(strings.NewReplacer(" ", "", "\u00A0", "", "\u202F", "").Replace(in)); err != nil || got.String() != want {
			t.Errorf("ParseIBAN(%q) = %s, %v; want %s", in, got, err, want)
		}
	}
}

func TestWrongIBANsAreRefusedWithTheirReason(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, in, want string }{
		{"nothing", "  ", IBANEmpty},
		{"right check digits but wrong RIB key", "FR5430006000011234567890100", IBANRIBKey},
		{"one digit changed", "FR7630006000011234567890188", IBANCheck},
		{"two digits exchanged", "FR7630006000011234567891089", IBANCheck},
		{"one digit missing", "FR763000600001123456789018", IBANLength},
		{"one digit more", "FR76300060000112345678901890", IBANLength},
		{"an unknown country", "XX7630006000011234567890189", IBANCountry},
		{"a country alone", "FR", IBANCountry},
		{"an accent", "FR763000600001123456789018é", IBANCharacter},
		{"a dash", "FR76-30006000011234567890189", IBANCharacter},
		{"far too long", strings.Repeat("FR", 100_000), IBANCharacter},
		{"letters as check digits", "FRAA30006000011234567890189", IBANCheck},
		{"check digits that are never issued", "DE99370400440532013000", IBANCheck},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := ParseIBAN(c.in)
			var refused *IBANError
			if !errors.As(err, &refused) || refused.Reason != c.want || refused.French() == "" {
				t.Errorf("got %v, want %s with a French sentence", err, c.want)
			}
		})
	}
}

func TestAnIBANIsMaskedInLogsAndFullInJSON(t *testing.T) {
	t.Parallel()
	iban := MustParseIBAN("FR7630006000011234567890189")
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("paid", "to", iban)
	dump := fmt.Sprintf("%v %+v", iban, struct{ I IBAN }{iban})
	for _, text := range []string{log.String(), dump} {
		if strings.Contains(text, "3000600001") || !strings.Contains(text, "FR76…0189") {
			t.Errorf("got %q, want the IBAN masked", text)
		}
	}
	encoded, err := json.Marshal(iban)
	if string(encoded) != `"FR7630006000011234567890189"` || err != nil {
		t.Errorf("got %s, %v; want the IBAN in full", encoded, err)
	}
	if got, want := iban.Formatted(), "FR76 3000 6000 0112 3456 7890 189"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAnIBANSurvivesTheDatabase(t *testing.T) {
	t.Parallel()
	for _, want := range []IBAN{{}, MustParseIBAN("BE68539007547034")} {
		stored, err := want.Value()
		var got IBAN
		if err := errors.Join(err, got.Scan(stored)); err != nil || got != want {
			t.Errorf("got %s, %v; want %s", got, err, want)
		}
	}
	var got IBAN
	if err := got.Scan("FR00"); err == nil {
		t.Errorf("got %s from a wrong stored text, want an error", got)
	}
}

func TestEveryFrenchAccountHasAnIBANAndOneChangedDigitBreaksIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		branch := rapid.StringMatching(`[0-9]{5}`).Draw(t, "branch")
		account := rapid.StringMatching(`[0-9A-Z]{11}`).Draw(t, "account")
		iban, err := MakeFrenchIBAN("99999", branch, account)
		if err != nil {
			t.Fatalf("got %v for 99999 %s %s, want an IBAN", err, branch, account)
		}
		text := []byte(iban.String())
		at := rapid.IntRange(2, len(text)-1).Draw(t, "at")
		digit := byte('0' + rapid.IntRange(0, 9).Draw(t, "digit"))
		if text[at] == digit {
			return
		}
		text[at] = digit
		if got, err := ParseIBAN(string(text)); err == nil {
			t.Fatalf("got %s accepted, want it refused beside %s", got, iban)
		}
	})
}

func TestMakeFrenchIBANRefusesWrongParts(t *testing.T) {
	t.Parallel()
	for _, part := range [][3]string{
		{"9999", "00001", "00000000001"},
		{"99999", "0000A", "00000000001"},
		{"99999", "00001", "0000000001"},
		{"99999", "00001", "0000000000é"},
		{"99999", "00001", "0000000000a"},
	} {
		if got, err := MakeFrenchIBAN(part[0], part[1], part[2]); err == nil {
			t.Errorf("got %s for %v, want an error", got, part)
		}
	}
}

func TestBICs(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]BIC{
		"": "", " agrifrpp ": "AGRIFRPP", "PSSTFRPPMAR": "PSSTFRPPMAR", "ZZZZFR2AXXX": "ZZZZFR2AXXX",
	} {
		if got, err := ParseBIC(in); got != want || err != nil {
			t.Errorf("ParseBIC(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"AGRIFRP", "AGRIFRPPX", "AGR1FRPP", "AGRIF2PP", "AGRIFR0P", "AGRIFRPO", "AGRIFRPé"} {
		if got, err := ParseBIC(in); !errors.Is(err, ErrBIC) {
			t.Errorf("ParseBIC(%q) = %q, %v; want ErrBIC", in, got, err)
		}
	}
}

func FuzzParseIBAN(f *testing.F) {
	f.Add("FR7630006000011234567890189")
	f.Add("fr54 3000 6000 0112 3456 7890 100")
	f.Add("\xff")
	f.Fuzz(func(t *testing.T, s string) {
		iban, err := ParseIBAN(s)
		if err != nil {
			return
		}
		again, err := ParseIBAN(iban.Formatted())
		if again != iban || err != nil || mod97(iban.text[4:]+iban.text[:4]) != 1 {
			t.Errorf("got %s, %v; want %s", again, err, iban)
		}
	})
}
