package imports

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"masp/ledger/civil"
	"masp/payments/mandates"
)

// benefitWords are words of payers beside the codes and labels of the catalogue; several codes:
// the words do not say which.
var benefitWords = map[string][]string{
	"ALLOC FAMILIALES":         {"AF"},
	"ALLOCATION FAMILIALE":     {"AF"},
	"ALLOC LOGEMENT":           {"APL", "ALS", "ALF"},
	"ALLOCATION LOGEMENT":      {"APL", "ALS", "ALF"},
	"ALLOCATION DE LOGEMENT":   {"APL", "ALS", "ALF"},
	"AIDE AU LOGEMENT":         {"APL", "ALS", "ALF"},
	"RENTREE SCOLAIRE":         {"ARS"},
	"SOUTIEN FAMILIAL":         {"ASF"},
	"ADULTE HANDICAPE":         {"AAH"},
	"MINIMUM VIEILLESSE":       {"ASPA"},
	"PPA":                      {"PRIME_ACTIVITE"},
	"ALLOCATION DE CHOMAGE":    {"UNEMPLOYMENT"},
	"INDEMNITE JOURNALIERE":    {"DAILY_ALLOWANCE"},
	"PENSION ALIMENTAIRE":      {"ALIMONY"},
	"REMBOURSEMENT IMPOT":      {"TAX_REFUND"},
	"REVENU SOLIDARITE ACTIVE": {"RSA"},
	"ADULTES HANDICAPES":       {"AAH"},
}

// familyFund is how the CAF writes its own name, in which no benefit is named.
var familyFund = regexp.MustCompile(`\bCAISSE\b[A-Z' ]{0,24}\bALLOC[A-Z]* FAM[A-Z]*\b`)

// benefitPhrase is a run of whole words that names a benefit, or one of several.
type benefitPhrase struct {
	text  string // with a blank on both sides
	codes []string
}

// phrasesOf lists what names a benefit, the longest first: the code of what a payer pays, the
// label, and benefitWords. The codes of what no payer pays are our words, not theirs.
func phrasesOf(catalogue []mandates.Benefit) []benefitPhrase {
	codes := map[string][]string{}
	add := func(text, code string) {
		text = " " + strings.Join(words(text), " ") + " "
		if !slices.Contains(codes[text], code) {
			codes[text] = append(codes[text], code)
		}
	}
	for text, named := range benefitWords {
		for _, code := range named {
			add(text, code)
		}
	}
	for _, b := range catalogue {
		add(b.Label, b.Code)
		if len(b.Payers) > 0 {
			add(b.Code, b.Code)
		}
	}
	var phrases []benefitPhrase
	for text, named := range codes {
		phrases = append(phrases, benefitPhrase{text, named})
	}
	slices.SortFunc(phrases, func(a, b benefitPhrase) int {
		return cmp.Or(cmp.Compare(len(b.text), len(a.text)), cmp.Compare(a.text, b.text))
	})
	return phrases
}

// benefitsIn lists the benefits that a text names, by code. Words that fit several name the
// only one that the contract authorises on the day; else the text is in doubt and says so.
func (k *Known) benefitsIn(
	text string, m mandates.Mandate, on civil.Date,
) (named []string, doubt string) {
	rest := fold(text)
	if strings.Contains(rest, "CAISSE") {
		rest = familyFund.ReplaceAllString(rest, " ")
	}
	rest = " " + strings.Join(words(rest), " ") + " "
	for _, p := range k.find().phrases {
		if !strings.Contains(rest, p.text) {
			continue
		}
		rest = strings.ReplaceAll(rest, p.text, " ")
		codes := p.codes
		if len(codes) > 1 {
			codes = slices.DeleteFunc(slices.Clone(codes), func(code string) bool {
				return !m.Authorises(code, on)
			})
		}
		if len(codes) != 1 {
			doubt = "« " + strings.TrimSpace(p.text) + " » peut être " +
				strings.Join(p.codes, ", ") + "."
		} else if !slices.Contains(named, codes[0]) {
			named = append(named, codes[0])
		}
	}
	return named, doubt
}

// paysNot is the first of these benefits that a payer never pays; empty when it pays them all.
// What no payer of the catalogue pays may come from anybody.
func (k *Known) paysNot(payer string, codes []string) string {
	for _, code := range codes {
		pays, listed := false, false
		for _, b := range k.Catalogue {
			if b.Code == code && len(b.Payers) > 0 {
				listed, pays = true, pays || slices.Contains(b.Payers, payer)
			}
		}
		if listed && !pays {
			return code
		}
	}
	return ""
}
