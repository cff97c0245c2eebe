package mandates

import (
	"fmt"
	"slices"
)

// Share is the weight of one mandate in a line that a household shares.
type Share struct {
	Mandate string `json:"mandate"`
	Weight  int64  `json:"weight"` // not negative; only the proportions count
}

// Split makes one obligation for each mandate that shares a line, by largest remainder: the
// parts add up to it. The n-th share's part has the ID "LINE-n"; a part of nothing is left out.
func (o Obligation) Split(shares []Share) ([]Obligation, error) {
	weights := make([]int64, len(shares))
	var vs Violations
	for i, s := range shares {
		weights[i] = s.Weight
		twice := slices.ContainsFunc(shares[:i], func(other Share) bool { return other.Mandate == s.Mandate })
		vs.add(twice, "R-101", "SHARE_TWICE", "Un mandat ne partage une ligne qu'une fois : "+s.Mandate+".")
	}
	vs.add(!o.Amount.IsPositive(), "R-101", "AMOUNT_NOT_POSITIVE", "Le montant d'une échéance doit être supérieur à zéro.")
	amounts, err := o.Amount.Split(weights)
	vs.add(err != nil, "R-101", "SHARES", "Les parts ne peuvent pas être négatives, ni toutes nulles.")
	if err := vs.err(); err != nil {
		return nil, err
	}
	var parts []Obligation
	for i, s := range shares {
		part := o
		part.ID, part.Mandate, part.Amount, part.Shared = fmt.Sprintf("%s-%d", o.ID, i+1), s.Mandate, amounts[i], o.ID
		if part.Amount.IsPositive() {
			parts = append(parts, part)
		}
	}
	return parts, nil
}

// mandatesOf are the mandates of shares in the order in which they are locked.
func mandatesOf(shares []Share) []string {
	ids := make([]string, len(shares))
	for i, s := range shares {
		ids[i] = s.Mandate
	}
	slices.Sort(ids)
	return ids
}
