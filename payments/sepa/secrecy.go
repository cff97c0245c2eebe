package sepa

import "strings"

// betrays returns the word or phrase of a text that tells that somebody is
// under a measure or lives on benefits, empty when there is none (R-186,
// CASF L411-3). The text is already transliterated.
//
// Words are cut between letters and digits too, so that MASP2 and RSA112026 are
// seen. A creditor's own name is not tested: it tells that creditor nothing.
func betrays(text string) string {
	var room [160]byte
	words := spaced(room[:0], text)
	for at := 0; at < len(words)-1; {
		end := at + 1
		for words[end] != ' ' {
			end++
		}
		// The conversion in an index expression does not allocate.
		for _, phrase := range secret[string(words[at+1:end])] {
			if strings.HasPrefix(string(words[at+1:]), phrase+" ") {
				return phrase
			}
		}
		at = end
	}
	return ""
}

// spaced appends the words of text in capitals, each between single spaces; a
// word is a run of letters or a run of digits.
func spaced(out []byte, text string) []byte {
	const none, letter, digit = 0, 1, 2
	last := none
	out = append(out, ' ')
	for i := range len(text) {
		c, kind := text[i], none
		switch {
		case c >= 'a' && c <= 'z':
			c, kind = c-('a'-'A'), letter
		case c >= 'A' && c <= 'Z':
			kind = letter
		case c >= '0' && c <= '9':
			kind = digit
		}
		if kind != last && last != none {
			out = append(out, ' ')
		}
		if kind != none {
			out = append(out, c)
		}
		last = kind
	}
	if last != none {
		out = append(out, ' ')
	}
	return out
}

// secret holds the phrases by their first word.
var secret = func() map[string][]string {
	index := map[string][]string{}
	for phrase := range strings.SplitSeq(strings.TrimSpace(telltales), "\n") {
		first, _, _ := strings.Cut(phrase, " ")
		index[first] = append(index[first], phrase)
	}
	return index
}()

// telltales: measures, benefits and laws that no creditor may read of. MAJ
// (mise à jour) and ALF, ALS are left out on purpose: too common in names.
const telltales = `
MASP
M A S P
MAESF
MJPM
RSA
R S A
AAH
A A H
APL
A P L
ASPA
AEEH
ASLL
FSL
CASF
L 271 1
L 271 2
MESURE D ACCOMPAGNEMENT
ACCOMPAGNEMENT SOCIAL
ACCOMPAGNEMENT SOCIALE
ACCOMPAGNEMENT JUDICIAIRE
MESURE JUDICIAIRE
MANDAT DE GESTION
MANDATAIRE JUDICIAIRE
PROTECTION DES MAJEURS
MAJEUR PROTEGE
MAJEURS PROTEGES
TUTELLE
TUTELLES
CURATELLE
SAUVEGARDE DE JUSTICE
SURENDETTEMENT
AIDE SOCIALE
AIDE AU LOGEMENT
AIDE PERSONNALISEE
ALLOCATION
ALLOCATIONS
ALLOCATAIRE
PRESTATION SOCIALE
PRESTATIONS SOCIALES
PRESTATIONS FAMILIALES
REVENU DE SOLIDARITE
MINIMUM VIEILLESSE
MINIMA SOCIAUX
PRIME D ACTIVITE
`
