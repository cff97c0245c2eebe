package sepa

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// allowed are the characters every SEPA bank must take (EPC217-08 §1).
var allowed = func() (table [256]bool) {
	const set = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ "
	for i := range len(set) {
		table[set[i]] = true
	}
	return table
}()

func allAllowed(s string) bool {
	for i := range len(s) {
		if !allowed[s[i]] {
			return false
		}
	}
	return true
}

// Transliterate writes a text with the characters of SEPA: accents are dropped,
// ligatures opened, quotes and dashes made plain, Greek and Cyrillic written in
// Latin; what has no equivalent becomes a full stop (EPC217-08). Blanks at the
// ends are removed and blanks in a row become one. It is idempotent, and a text
// with a letter never becomes empty.
func Transliterate(s string) string {
	if tidy(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	blank := false
	for _, r := range norm.NFD.String(s) {
		latin := latinOf(r)
		if latin == " " {
			blank = b.Len() > 0
			continue
		}
		if latin != "" && blank {
			b.WriteByte(' ')
			blank = false
		}
		b.WriteString(latin)
	}
	return b.String()
}

// tidy tells a text that is already as Transliterate would leave it.
func tidy(s string) bool {
	last := byte(' ')
	for i := range len(s) {
		if !allowed[s[i]] || (s[i] == ' ' && last == ' ') {
			return false
		}
		last = s[i]
	}
	return s == "" || last != ' '
}

// latinOf is the Latin writing of one decomposed character; empty for marks.
func latinOf(r rune) string {
	if r < utf8.RuneSelf {
		if allowed[r] {
			return ascii[r : r+1]
		}
		if unicode.IsSpace(r) {
			return " "
		}
	}
	if latin, known := replacements[r]; known {
		return latin
	}
	switch {
	case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r):
		return ""
	case unicode.IsSpace(r):
		return " "
	}
	return "."
}

// ascii gives one-character strings without allocation.
var ascii = func() string {
	var all [utf8.RuneSelf]byte
	for i := range all {
		all[i] = byte(i)
	}
	return string(all[:])
}()

// replacements are the characters that decomposition does not make Latin.
var replacements = func() map[rune]string {
	table := map[rune]string{}
	fields := strings.Fields(pairs)
	for i := 0; i+1 < len(fields); i += 2 {
		r, _ := utf8.DecodeRuneInString(fields[i])
		table[r] = fields[i+1]
	}
	return table
}()

// pairs: character, writing. Cyrillic follows the Bulgarian column of the EPC
// table, Greek the ISO 843 letters it uses.
const pairs = `
& +  _ -  ; ,  [ (  ] )  { (  } )  \ /  | /  ~ -  " '  € EUR  ` + "` ' ´ '" + `
‘ '  ’ '  ‚ ,  ‛ '  “ '  ” '  „ '  « '  » '  ‹ '  › '  ′ '  ʼ '  ʹ '
‐ -  ‑ -  ‒ -  – -  — -  ― -  − -  … ...  · .  • -  ° o  º o  ª a  № No  × x  ÷ :
Œ OE  œ oe  Æ AE  æ ae  ß ss  ẞ SS  Ø O  ø o  Ł L  ł l  Đ D  đ d  Ð D  ð d  Þ TH  þ th
ı i  Ħ H  ħ h  Ŧ T  ŧ t  ĸ k  Ŋ N  ŋ n  ſ s  ƒ f  ﬁ fi  ﬂ fl  ﬀ ff  Ĳ IJ  ĳ ij  ŉ 'n
Α A  Β V  Γ G  Δ D  Ε E  Ζ Z  Η I  Θ TH  Ι I  Κ K  Λ L  Μ M  Ν N  Ξ X  Ο O  Π P  Ρ R  Σ S
Τ T  Υ Y  Φ F  Χ CH  Ψ PS  Ω O  α a  β v  γ g  δ d  ε e  ζ z  η i  θ th  ι i  κ k  λ l  μ m
ν n  ξ x  ο o  π p  ρ r  σ s  ς s  τ t  υ y  φ f  χ ch  ψ ps  ω o  µ u
А A  Б B  В V  Г G  Д D  Е E  Ж ZH  З Z  И I  К K  Л L  М M  Н N  О O  П P  Р R  С S
Т T  У U  Ф F  Х H  Ц TS  Ч CH  Ш SH  Щ SHT  Ъ A  Ы Y  Ь Y  Э E  Ю YU  Я YA
а a  б b  в v  г g  д d  е e  ж zh  з z  и i  к k  л l  м m  н n  о o  п p  р r  с s
т t  у u  ф f  х h  ц ts  ч ch  ш sh  щ sht  ъ a  ы y  ь y  э e  ю yu  я ya
`
