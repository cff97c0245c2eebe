package bank

import (
	"regexp"
	"strings"

	"masp/ledger/civil"
)

// suggestion is what an unidentified line may be.
type suggestion struct {
	Score    int         `json:"score"`
	Mandate  string      `json:"mandate"`
	Benefit  string      `json:"benefit"`
	Period   civil.Month `json:"period"`
	Transfer string      `json:"transfer"`
	Reasons  []struct {
		Text string `json:"text"`
	} `json:"reasons"`
}

// The points from which a suggestion is said to be so likely.
const (
	veryLikely = 50
	likely     = 25
)

// Likely says how much speaks for it, in a word.
func (s suggestion) Likely() string {
	switch {
	case s.Score >= veryLikely:
		return "Très probable"
	case s.Score >= likely:
		return "Probable"
	}
	return "Possible"
}

// numberedRule is a rule by the number of its row, which stays inside.
var numberedRule = regexp.MustCompile(`\brègle \d+ de`)

// Because is why, in words.
func (s suggestion) Because() string {
	texts := make([]string, len(s.Reasons))
	for i, r := range s.Reasons {
		texts[i] = numberedRule.ReplaceAllString(strings.TrimSuffix(r.Text, "."), "une règle de")
	}
	return strings.Join(texts, ", ")
}

// Others tells that it is of a person whom the reader does not follow: she reads that there is one.
func (s suggestion) Others() bool { return s.Mandate == "" && s.Transfer == "" }

// reason is what who accepts it says.
func (s suggestion) reason() string { return "Piste acceptée : " + s.Because() }

// offered is a suggestion as it is shown, with its place from 1.
type offered struct {
	suggestion
	No   int
	What string
}

// offers says what the suggestions of a line are.
func offers(all []suggestion, names known, of labels) []offered {
	shown := make([]offered, len(all))
	for i, s := range all {
		shown[i] = offered{s, i + 1, s.what(names, of)}
	}
	return shown
}

// what says the suggestion: "RSA d'octobre 2026, Mme Roux Éva (M-0001)".
func (s suggestion) what(names known, of labels) string {
	var parts []string
	switch {
	case s.Transfer != "" && s.Benefit == "":
		parts = append(parts, "Paiement "+s.Transfer)
	case s.Benefit != "":
		what := of.Of(s.Benefit)
		if !s.Period.IsZero() {
			what += " " + s.Period.FrenchOf()
		}
		parts = append(parts, what)
	}
	if s.Mandate != "" {
		parts = append(parts, names.Of(s.Mandate))
	}
	return strings.Join(parts, ", ")
}
