package imports

import (
	"fmt"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// movement is what tells a line of the bank from another one. Two that are equal may be twins,
// or one that the bank has written twice: between two statements only a person knows.
type movement struct {
	bookedOn, valueOn                civil.Date
	amount                           money.Amount
	reference, endToEnd, batch, text string
}

// movement reads of a line what the books keep of it.
func (l Line) movement() movement {
	endToEnd, batch, _ := l.identifiers()
	return movement{l.BookedOn, l.ValueOn, l.Amount, l.BankReference, endToEnd, batch, l.kept()}
}

// movements counts the booked lines by what they are, those booked until a day.
func movements(lines []Line, until civil.Date) (counted map[movement]int, booked int) {
	counted = map[movement]int{}
	for i := range lines {
		if !lines[i].Booked {
			continue
		}
		booked++
		if !lines[i].BookedOn.After(until) {
			counted[lines[i].movement()]++
		}
	}
	return counted, booked
}

// earlier is a statement in the books, with those of the movements that it has as well.
type earlier struct {
	id               int64
	ref              string
	page             int
	to               civil.Date
	opening, closing money.Amount
	entries          int
	alike            []movement
}

// isPageBeside tells that both are pages of one statement, which may repeat a line.
func (e *earlier) isPageBeside(st *statement) bool {
	return st.page > 0 && e.page > 0 && e.page != st.page && e.ref == st.ref
}

// among says which statement has most of these movements, how many, and how many any one has.
func (st *statement) among(all []earlier, counted map[movement]int) (most *earlier, best, known int) {
	seen := map[movement]bool{}
	for i := range all {
		if all[i].isPageBeside(st) {
			continue
		}
		here := 0
		for _, m := range all[i].alike {
			here += counted[m]
			if !seen[m] {
				seen[m], known = true, known+counted[m]
			}
		}
		if here > best {
			most, best = &all[i], here
		}
	}
	return most, best, known
}

// isReissueOf tells, of statements with the same lines, that they say the same of the account.
func (st *statement) isReissueOf(e *earlier) bool {
	return st.to == e.to && st.opening == e.opening && st.closing == e.closing && st.entries == e.entries
}

// alike says which of these movements are among the lines of a portion.
func (p *portion) alike(counted map[movement]int) earlier {
	e := earlier{p.id, p.ref, p.page, p.to, p.opening, p.closing, p.entries, nil}
	seen := map[movement]bool{}
	for i := range p.lines {
		l := &p.lines[i].line
		if m := l.movement(); l.Booked && counted[m] > 0 && !seen[m] {
			seen[m], e.alike = true, append(e.alike, m)
		}
	}
	return e
}

// goesBack holds a statement that by its own words begins before the last day of the chain, and
// has lines of those days. The pages of one statement may all name its first day.
func (l link) goesBack(st *statement, lines []Line) hold {
	if l.no == 0 || st.numberAgain || st.page > 1 || !st.from.Before(l.on) {
		return hold{}
	}
	counted, _ := movements(lines, l.on)
	if len(counted) == 0 {
		return hold{}
	}
	return hold{
		HeldOverlap,
		fmt.Sprintf("Le relevé va du %s au %s et porte des lignes de jours déjà tenus (jusqu’au %s). %s",
			st.from.FrenchShort(), st.to.FrenchShort(), l.on.FrenchShort(), st.dropOrAccept()),
	}
}

// registered holds a statement that the bank has issued again under another number.
func registered(st *statement, as *earlier) hold {
	return hold{
		HeldOverlap,
		fmt.Sprintf("Ce relevé est déjà enregistré sous le n° %s (arrêté au %s) : mêmes soldes, mêmes "+
			"lignes. %s", as.ref, as.to.FrenchShort(), st.dropOrAccept()),
	}
}

// repeated holds a statement of which some lines are in the books already.
func repeated(st *statement, most *earlier, known int) hold {
	return hold{
		HeldOverlap,
		fmt.Sprintf("%s sur %d, notamment dans le relevé %s arrêté au %s. %s",
			plural(known, "ligne déjà enregistrée", "lignes déjà enregistrées"), st.entries,
			most.ref, most.to.FrenchShort(), st.dropOrAccept()),
	}
}

// dropOrAccept says what a person does with a statement that overlaps.
func (st *statement) dropOrAccept() string {
	return fmt.Sprintf("Abandonnez-le (masp bankfile drop %d --reason …), ou acceptez-le si ce sont "+
		"d’autres mouvements (masp bankfile accept %d --reason …).", st.id, st.id)
}
