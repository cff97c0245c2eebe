package imports

import (
	"slices"
	"strings"
)

// ours lists the transfers of ours that a transaction names, each once: those of this account and
// those that left another, in any state. What the transaction says goes before what the bank
// wrote on the line.
func (k *Known) ours(l Line, d Detail) []string {
	found := k.sentAmong(append(transfersIn(d.Text), asReference(d.EndToEndID), asReference(d.InstructionID)))
	if len(found) == 0 {
		found = k.sentAmong(transfersIn(l.Text))
	}
	return found
}

// sentAmong keeps of these references those of our transfers, in order and each once.
func (k *Known) sentAmong(references []string) []string {
	found := slices.DeleteFunc(references, func(r string) bool {
		return k.named(r) == nil && k.Elsewhere[r] == ""
	})
	slices.Sort(found)
	return slices.Compact(found)
}

// asReference writes a reference as it is compared: banks change the case of letters.
func asReference(s string) string { return strings.ToUpper(strings.TrimSpace(s)) }

// transfersIn lists what in a text is written as payments.EndToEndID writes a reference, V and two
// numbers of six digits at least, in either case and with another sign or none between them.
func transfersIn(text string) []string {
	var found []string
	for i := 0; i < len(text); i++ {
		if text[i] != 'V' && text[i] != 'v' || i > 0 && alphanumeric(text[i-1]) {
			continue
		}
		run, rest := leadingDigits(text[i+1:])
		number := ""
		if rest != "" && !alphanumeric(rest[0]) {
			number, rest = leadingDigits(rest[1:])
		}
		if len(number) < 6 && len(run) >= 12 {
			run, number, rest = run[:len(run)-6], run[len(run)-6:], ""
		}
		if len(run) >= 6 && len(number) >= 6 && (rest == "" || !alphanumeric(rest[0])) {
			found = append(found, "V"+run+"-"+number)
		}
	}
	return found
}

// leadingDigits cuts a text behind the digits that it begins with.
func leadingDigits(s string) (digits, rest string) {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return s[:n], s[n:]
}

func alphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}
