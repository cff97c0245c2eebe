package sepa

import (
	"errors"
	"strings"
	"testing"
	"unicode"
)

func TestTransliterationWritesWhatAReaderExpects(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                                   "",
		"Loyer novembre":                     "Loyer novembre",
		"Éléonore Lefèvre":                   "Eleonore Lefevre",
		"E\u0301le\u0301onore":               "Eleonore",
		"SCI Bœuf & Fils":                    "SCI Boeuf + Fils",
		"L’Œuvre «\u00A0ç\u00A0»":            "L'OEuvre ' c '",
		"Straße – 5 €":                       "Strasse - 5 EUR",
		"n° 12_b; [x]":                       "no 12-b, (x)",
		"  deux\t\n espaces ":                "deux espaces",
		"a\u200Bb\uFEFF":                     "ab",
		"Łódź Ørsted Þór ﬁn":                 "Lodz Orsted THor fin",
		"Αθήνα":                              "Athina",
		"Живков":                             "ZHivkov",
		"漢字":                                 "..",
		"5 < 6 > \"4\" %":                    "5 . 6 . '4' .",
		"\xff\x00":                           "..",
		"\u1EE4\u0323":                       "U",
		"a/b-c?d:e(f)g.h,i'j+k 0123456789 Z": "a/b-c?d:e(f)g.h,i'j+k 0123456789 Z",
	} {
		if got := Transliterate(in); got != want {
			t.Errorf("Transliterate(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzTransliterate(f *testing.F) {
	for _, seed := range []string{"Éléonore", "  a  b ", "œ€", "\xff", "漢", "e\u0301", " ́"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Transliterate(s)
		if !allAllowed(got) || !tidy(got) {
			t.Errorf("Transliterate(%q) = %q, want only SEPA characters and tidy blanks", s, got)
		}
		if again := Transliterate(got); again != got {
			t.Errorf("got %q after %q, want no change the second time", again, got)
		}
		if got == "" && strings.IndexFunc(s, unicode.IsLetter) >= 0 {
			t.Errorf("Transliterate(%q) is empty, want something for its letters", s)
		}
	})
}

func TestIdentifiersFollowTheSlashRules(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]error{
		"P000042-0007":          nil,
		"A/B":                   nil,
		strings.Repeat("9", 35): nil,
		"":                      ErrIDLength,
		strings.Repeat("9", 36): ErrIDLength,
		"/A":                    ErrIDSlash,
		"A/":                    ErrIDSlash,
		"A//B":                  ErrIDSlash,
		"É1":                    ErrIDCharacter,
		"A_1":                   ErrIDCharacter,
		" A":                    ErrIDBlank,
		"A  B":                  ErrIDBlank,
	} {
		if got := checkID(id); !errors.Is(got, want) {
			t.Errorf("checkID(%q) = %v, want %v", id, got, want)
		}
	}
}

func TestWordsThatBetrayTheMeasureAreSeen(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Loyer MASP 2":                           "MASP",
		"masp2-2026":                             "MASP",
		"M.A.S.P.":                               "M A S P",
		"RSA112026":                              "RSA",
		"ref:aah":                                "AAH",
		"Mandat de gestion no 4":                 "MANDAT DE GESTION",
		"Mesure d'accompagnement":                "MESURE D ACCOMPAGNEMENT",
		"art. L271-1":                            "L 271 1",
		"accompagnement - social":                "ACCOMPAGNEMENT SOCIAL",
		"loyer novembre 2026":                    "",
		"Chartreuse versailles Maspero personal": "",
		"mandat de vente":                        "",
		"Rue de l'Accompagnement":                "",
		"":                                       "",
		"-":                                      "",
		"C-2026-11":                              "",
		strings.Repeat("loyer ", 40) + "apl":     "APL",
	} {
		if got := betrays(text); got != want {
			t.Errorf("betrays(%q) = %q, want %q", text, got, want)
		}
		if got := UnfitName("Les Peupliers " + text); want != "" && !strings.Contains(got, want) && !strings.Contains(got, "caractères") {
			t.Errorf("UnfitName(%q) = %q, want that it names %q", text, got, want)
		}
	}
}
