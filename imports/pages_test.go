package imports_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"masp/imports"
)

// page is page n of a statement of the account in the person's name; a balance that is left
// out is empty.
func page(n int, last bool, opening, closing string, lines ...string) string {
	p := november(lines...)
	p.opening, p.closing = opening, closing
	whole := statements(p)
	for code, amount := range map[string]string{"OPBD": opening, "CLBD": closing} {
		if amount == "" {
			whole = regexp.MustCompile(`<Bal><Tp><CdOrPrtry><Cd>`+code+`.*?</Bal>`).ReplaceAllString(whole, "")
		}
	}
	paged := fmt.Sprintf(`</Id><StmtPgntn><PgNb>%d</PgNb><LastPgInd>%t</LastPgInd></StmtPgntn><CreDtTm>`, n, last)
	return strings.Replace(whole, "</Id><CreDtTm>", paged, 1)
}

func TestPagesWithoutBalancesAreJudgedTogetherInAnyOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	pages := []string{
		page(1, false, "100.00", "", fromSomebody("10.00", "2026-11-05")),
		page(2, false, "", "", fromSomebody("20.00", "2026-11-05"), debit("5.00", "2026-11-05", "X")),
		page(3, true, "", "155.00", fromSomebody("30.00", "2026-11-05")),
	}
	for i, at := range rand.Perm(3) {
		o := w.drop(pages[at])
		if st := o.Statements[0]; i < 2 && (st.Reason != imports.HeldPages || !strings.Contains(st.Explanation, fmt.Sprintf("page %d", at+1))) {
			t.Errorf("got %+v, want page %d to wait for the others", st, at+1)
		}
		w.sound()
	}
	if n := w.number(`SELECT count(*) FROM masp.bank_statements WHERE state = 'accepted'`); n != 3 || w.balance("512:BK-1") != "155.00" {
		t.Errorf("got %d pages accepted and %s", n, w.balance("512:BK-1"))
	}
	for _, again := range pages {
		if o := w.drop(again); !o.AlreadyKnown {
			t.Errorf("got %+v, want it known", o)
		}
	}
}

func TestPagesThatDoNotAddUpAreHeld(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.drop(page(1, false, "100.00", "", fromSomebody("10.00", "2026-11-05")))
	o := w.drop(page(2, true, "", "111.00", fromSomebody("20.00", "2026-11-05")))
	if st := o.Statements[0]; st.Reason != imports.HeldUnbalanced || w.balance("512:BK-1") != "100.00" {
		t.Errorf("got %+v", st)
	}
	w.sound()
}

func TestPagesWithBalancesAreLinksOfTheChain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := page(1, false, "100.00", "110.00", fromSomebody("10.00", "2026-11-05"))
	second := page(2, true, "110.00", "130.00", fromSomebody("20.00", "2026-11-05"))
	if o := w.drop(second); o.Statements[0].State != "held" {
		t.Errorf("got %+v, want it to wait for the first", o.Statements[0])
	}
	if o := w.drop(first); o.Statements[0].State != "accepted" || len(o.Released) != 1 {
		t.Errorf("got %+v, want both pages accepted", o)
	}
	w.sound()
}
