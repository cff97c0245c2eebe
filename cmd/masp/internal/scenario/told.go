package scenario

import (
	"errors"
	"strings"

	"masp/payments/jsonread"
	"masp/payments/mandates/load"
)

// told says what the law refuses of the people of a story (a contract of five months, a benefit that nobody
// may manage) at its place in the story; any other error as it is.
func (s Story) told(err error) error {
	refused, ok := errors.AsType[*load.Error](err)
	if !ok {
		return err
	}
	root, wrong := jsonread.NewScanner(s.raw, 0).Value(0)
	if wrong != nil {
		return err
	}
	found := jsonread.NewProblems(s.raw)
	for _, p := range refused.Problems {
		place := placeOf(p.Place)
		found.Add(root.Find(strings.TrimPrefix(place, "/")).At, place, p.Code, p.French)
	}
	list, _ := found.List()
	return &ReadError{list}
}

// fields are those that a story calls otherwise than the load file.
var fields = map[string]string{
	"amount": "amount_cents", "opening_balance": "opening_cents", "opening_reserve": "opening_reserve_cents",
	"policy/living_floor": "policy/living_floor_cents", "policy/shortfall": "policy/shortfall_policy",
	"outstanding": "outstanding_cents", "principal": "outstanding_cents", "instalment": "instalment_cents",
}

// placeOf is the place in a story of a place of the load file that is written of it.
func placeOf(place string) string {
	parts := strings.SplitN(strings.TrimPrefix(place, "/"), "/", 3)
	switch {
	case len(parts) < 2:
		return place
	case parts[0] == "beneficiaries":
		return "/mandates/" + parts[1]
	case parts[0] == "creditors":
		return "/payees" // some payees are several creditors, some none
	case len(parts) == 3 && fields[parts[2]] != "":
		parts[2] = fields[parts[2]]
	}
	return "/" + strings.Join(parts, "/")
}
