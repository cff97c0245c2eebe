package mandates

import (
	"slices"

	"masp/ledger/money"
)

// ShortfallPolicy says what happens below the first line that cannot be paid in
// full.
type ShortfallPolicy string

// The two policies of R-063.
const (
	Stop ShortfallPolicy = "STOP" // default: every lower line waits
	Skip ShortfallPolicy = "SKIP" // lower lines are tried
)

// Policy is how the money of one mandate is shared out. It belongs to the
// contract and is versioned with it: past runs keep the one they used.
type Policy struct {
	ClassOrder     []Class         // every class, the first is paid first
	SeniorClasses  []Class         // paid before the living floor, block everything else
	PartialClasses []Class         // may be paid in part
	LivingFloor    money.Amount    // euros per calendar month kept for the person
	Shortfall      ShortfallPolicy // STOP or SKIP
}

// DefaultPolicy is R-050: the order of the classes, the two classes of the law
// senior and payable in part, no living floor yet, STOP.
func DefaultPolicy() Policy {
	return Policy{
		ClassOrder:     Classes(),
		SeniorClasses:  LawClasses(),
		PartialClasses: LawClasses(),
		Shortfall:      Stop,
	}
}

// IsSenior tells whether lines of this class go before the living floor and
// block everything below them while unpaid. Rent and rental charges always do
// whatever a policy says.
func (p Policy) IsSenior(c Class) bool {
	return slices.Contains(p.SeniorClasses, c) || slices.Contains(LawClasses(), c)
}

// AllowsPartial tells whether a line of this class may be paid in part.
func (p Policy) AllowsPartial(c Class) bool { return slices.Contains(p.PartialClasses, c) }

// Rank is the place of a class in the run, 0 first: the senior classes in their
// order, then the others in theirs. A class that the order forgets comes last.
func (p Policy) Rank(c Class) int {
	place := slices.Index(p.ClassOrder, c)
	if place < 0 {
		place = len(p.ClassOrder)
	}
	if !p.IsSenior(c) {
		place += len(p.ClassOrder) + 1
	}
	return place
}

// Check returns nil or Violations: R-050 (each class once, rent and rental
// charges first and senior), R-055 (known partial classes), R-056 (floor not
// negative), R-063 (STOP or SKIP).
func (p Policy) Check() error {
	var vs Violations
	vs.add(!sameSet(p.ClassOrder, Classes()), "R-050", "CLASS_ORDER_INCOMPLETE",
		"L'ordre des paiements doit citer chaque catégorie une fois et une seule.")
	vs.add(!startsWith(p.ClassOrder, LawClasses()), "R-050", "LAW_CLASSES_FIRST",
		"Le loyer puis les charges locatives passent avant tout le reste : "+
			"cet ordre vient de la loi et ne se change pas.")
	vs.add(!slices.Equal(p.SeniorClasses, LawClasses()), "R-008", "SENIOR_CLASSES_ARE_LAW",
		"Les catégories prioritaires sont le loyer et les charges locatives, sans autre.")
	vs.add(!knownOnce(p.PartialClasses), "R-055", "PARTIAL_CLASS_UNKNOWN",
		"Une catégorie payable en partie est inconnue ou citée deux fois.")
	vs.add(slices.Contains(p.PartialClasses, Reserve), "R-055", "RESERVE_IS_WHOLE",
		"Une provision se constitue en entier ou pas du tout.")
	vs.add(p.LivingFloor.IsNegative(), "R-056", "LIVING_FLOOR_NEGATIVE",
		"Le reste à vivre ne peut pas être négatif.")
	vs.add(p.Shortfall != Stop && p.Shortfall != Skip, "R-063", "SHORTFALL_POLICY_UNKNOWN",
		"En cas de manque, choisissez STOP (tout attend) ou SKIP (la suite est essayée).")
	return vs.err()
}

// knownOnce tells whether every class is known and none is named twice.
func knownOnce(cs []Class) bool {
	for i, c := range cs {
		if !c.Known() || slices.Contains(cs[:i], c) {
			return false
		}
	}
	return true
}

// sameSet tells whether cs names exactly the classes of want, in any order.
func sameSet(cs, want []Class) bool { return len(cs) == len(want) && knownOnce(cs) }

// startsWith tells whether cs begins with the classes of first, in that order.
func startsWith(cs, first []Class) bool {
	return len(cs) >= len(first) && slices.Equal(cs[:len(first)], first)
}
