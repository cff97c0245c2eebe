package payments

import (
	"fmt"
)

// Share is the weight of one mandate in a line that a household shares.
type Share struct {
	Mandate string
	Weight  int64 // not negative; only the proportions count
}

// SharedLine is the part of a line that one mandate pays.
type SharedLine struct {
	Mandate string
	DueLine
}

// SplitShares splits a line over mandates by largest remainder, so that the
// parts add up to it; the part of mandate M has the ID "line/M". It refuses
// weights that are negative or all zero, and a mandate named twice.
func SplitShares(line DueLine, shares []Share) ([]SharedLine, error) {
	weights := make([]int64, len(shares))
	seen := make(map[string]bool, len(shares))
	for i, s := range shares {
		if seen[s.Mandate] {
			return nil, fmt.Errorf("split line %s: mandate %s has two shares", line.ID, s.Mandate)
		}
		seen[s.Mandate], weights[i] = true, s.Weight
	}
	parts, err := line.Due.Split(weights)
	if err != nil {
		return nil, fmt.Errorf("split line %s: %w", line.ID, err)
	}
	out := make([]SharedLine, len(shares))
	for i, s := range shares {
		part := line
		part.ID = line.ID + "/" + s.Mandate
		part.Due = parts[i]
		out[i] = SharedLine{Mandate: s.Mandate, DueLine: part}
	}
	return out, nil
}
