package scenario_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"masp/cmd/masp/internal/scenario"
	"masp/migrations/dbtest"
)

// A random month in every run of the suite, more in CI, thousands with MASP_LONG=1 (give
// it -timeout 3h; -rapid.shrinktime 10m finds the smallest story that fails).
func TestRandomMonthsAreWhatTheRulesSay(t *testing.T) {
	t.Parallel()
	months, rounds := dbtest.Form(1, 25, 100), dbtest.Form(1, 1, 30)
	for round := range rounds {
		t.Run(fmt.Sprint(round), func(t *testing.T) {
			t.Parallel()
			left, found := months, false
			rapid.Check(t, func(rt *rapid.T) {
				if left--; left < 0 && !found {
					return
				}
				raw := randomMonth(rt)
				wrong := playedOtherwise(t, raw)
				if found = found || wrong != ""; wrong != "" {
					rt.Fatalf("%s\nof the story %s", wrong, raw)
				}
			})
		})
	}
}

// playedOtherwise plays a story on a database of its own and tells what the oracle says
// otherwise.
func playedOtherwise(t *testing.T, raw []byte) (wrong string) {
	t.Helper()
	t.Run("", func(t *testing.T) {
		story, err := scenario.Read(bytes.NewReader(raw))
		if err != nil {
			wrong = french(err)
			return
		}
		db := dbtest.New(t, dbtest.Conns(4))
		result, err := scenario.Play(
			t.Context(),
			scenario.Env{App: db.App, Owner: db.Owner},
			story,
		)
		if err != nil {
			wrong = err.Error()
			return
		}
		out, err := json.Marshal(result)
		if err != nil {
			t.Fatal(err)
		}
		var got, want any
		if err := json.Unmarshal(out, &got); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(oracle(raw), &want); err != nil {
			t.Fatal(err)
		}
		found := differences("", got, want)
		wrong = strings.Join(found[:min(len(found), 25)], "\n")
	})
	return wrong
}

// What the generator writes is read, keeps the books whole and uses every event.
func TestRandomMonthsAreValidAndUseEveryEvent(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		raw := randomMonth(rt)
		story, err := scenario.Read(bytes.NewReader(raw))
		if err != nil {
			rt.Fatalf("%s\n%s", french(err), raw)
		}
		for _, e := range story.Events {
			seen[e.Type()]++
		}
		var out struct {
			Balances map[string]int64 `json:"balances_cents"`
			Reserves map[string]int64 `json:"reserves_cents"`
			Debts    []struct {
				Outstanding int64 `json:"outstanding_cents"`
			} `json:"debts"`
			Statements map[string][]struct {
				Balance int64 `json:"balance_cents"`
			} `json:"statements"`
		}
		if err := json.Unmarshal(oracle(raw), &out); err != nil {
			rt.Fatal(err)
		}
		sum := int64(0)
		for account, cents := range out.Balances {
			sum += cents
			if strings.HasPrefix(account, "512:") == (cents < 0) && cents != 0 {
				rt.Errorf("%s stands at %d", account, cents)
			}
		}
		if sum != 0 {
			rt.Errorf("the books are out by %d", sum)
		}
		for mandate, page := range out.Statements {
			for _, line := range page {
				if line.Balance < 0 {
					rt.Errorf("%s had %d", mandate, line.Balance)
				}
			}
		}
		for _, d := range out.Debts {
			if d.Outstanding < 0 {
				rt.Errorf("a debt fell to %d", d.Outstanding)
			}
		}
		for mandate, cents := range out.Reserves {
			if cents > -out.Balances["467:"+mandate] {
				rt.Errorf("%s has %d aside of %d", mandate, cents, -out.Balances["467:"+mandate])
			}
		}
		if rt.Failed() {
			rt.Logf("%s", raw)
		}
	})
	for _, kinds := range phases {
		for _, kind := range kinds {
			if seen[kind] == 0 {
				t.Errorf("no random month has a %s", kind)
			}
		}
	}
}

// randomMonth is a valid story: the oracle is stepped through it while it is written.
func randomMonth(t *rapid.T) []byte {
	g := &generator{
		t: t, events: []oEvent{}, banks: map[string]string{}, tried: map[string]bool{},
	}
	g.world()
	g.oracleBooks = newOracle(g.story)
	for ; g.day <= g.story.AsOf; g.day = addDays(g.day, 1) {
		g.today()
	}
	if g.chance(4) { // what comes after the last day is not played
		g.events = append(g.events, g.newCredit(oEvent{Type: "CREDIT", Date: g.day}))
	}
	g.story.Events = append([]oEvent{}, g.events...) // none is an empty list
	if g.chance(3) {                                 // a file need not be in the order of its days
		slices.SortStableFunc(
			g.story.Events,
			func(a, b oEvent) int { return strings.Compare(a.Type, b.Type) },
		)
	}
	raw, err := json.MarshalIndent(g.story, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// generator invents a story; the embedded books stand where the story has come to.
type generator struct {
	*oracleBooks
	t       *rapid.T
	story   oStory // what the file will say
	events  []oEvent
	banks   map[string]string // credit reference -> bank
	tried   map[string]bool   // what is done once: payments named again, a day's withholdings
	todo    []string          // types of event left for today
	counter int
}

// roll is a number from 0 to n-1 that shrinks to 0.
func (g *generator) roll(n int) int { return rapid.IntRange(0, n-1).Draw(g.t, "roll") }

// chance is true once in n, and shrinks to false.
func (g *generator) chance(n int) bool { return g.roll(n) == n-1 }

func (g *generator) cents(most int) int64 { return int64(1 + g.roll(most)) }

func (g *generator) name(kind string) string {
	g.counter++
	return fmt.Sprintf("%s%d", kind, g.counter)
}

func pick[T any](g *generator, list []T) T { return list[g.roll(len(list))] }

// shuffled is some of a list, at least one, in any order.
func shuffled[T any](g *generator, list []T) []T {
	mixed := rapid.Permutation(list).Draw(g.t, "order")
	return mixed[:1+g.roll(len(mixed))]
}

var (
	lawClasses   = []string{"RENT", "RENTAL_CHARGE"}
	otherClasses = []string{"HOUSING_OTHER", "DEBT_PLAN", "OTHER_BILL", "RESERVE"}
	theBenefits  = []string{"RSA", "AAH", "AF", "ASF", "ALF", "ASI"}
	bills        = map[string][]string{
		"RENT": {
			"P-LAND",
		},
		"RENTAL_CHARGE": {"P-LAND", "P-SYND"},
		"HOUSING_OTHER": {"P-ELEC", "P-WATER", "P-INS"},
		"OTHER_BILL":    {"P-TEL", "P-CANT", "P-ELEC"},
	}
)

func (g *generator) world() {
	start := time.Date(2026, time.Month(1+g.roll(12)), 1+g.roll(28), 0, 0, 0, 0, time.UTC)
	g.story = oStory{
		Scenario: "R", Opening: start.Format(iso), AsOf: addDays(start.Format(iso), 27+g.roll(40)),
		Debts: []oDebt{}, Expected: []oExpectation{},
	}
	for i, p := range []struct{ id, kind string }{
		{"P-LAND", "LANDLORD"},
		{"P-SYND", "LANDLORD"},
		{"P-ELEC", "ENERGY"},
		{"P-WATER", "WATER"},
		{"P-INS", "INSURER"},
		{"P-TEL", "TELECOM"},
		{"P-CANT", "PUBLIC"},
		{"P-CRED", "CREDITOR"},
		{"P-CAF", "PAYER"},
		{"P-NOT", "NOTARY"},
	} {
		g.story.Payees = append(
			g.story.Payees,
			oPayee{p.id, "Destinataire " + strings.ToLower(p.kind), randomIBAN(200 + i), p.kind},
		)
	}
	for i := range 1 + g.roll(3) {
		g.person(i+1, start)
	}
	g.story.Mandates = rapid.Permutation(g.story.Mandates).Draw(g.t, "mandates")
}

// person adds a mandate with its account, its own payee, its debts and what it expects.
func (g *generator) person(n int, start time.Time) {
	id, s := fmt.Sprintf("M%02d", n), &g.story
	m := oMandate{
		ID:          id,
		Beneficiary: fmt.Sprintf("Personne %d", n),
		Department:  "34",
		Level:       "MASP2",
		Contract: oContract{
			start.AddDate(0, -6, 0).Format(iso),
			start.AddDate(0, 6, 0).Format(iso),
		},
		Bank:     g.bank(n),
		Opening:  int64(g.roll(60000)),
		Benefits: shuffled(g, theBenefits),
		Policy: oPolicy{
			Order:     slices.Concat(lawClasses, otherClasses),
			Senior:    lawClasses,
			Partial:   []string{},
			Floor:     int64(pick(g, []int{0, 10000, 20000, 35000})),
			Shortfall: pick(g, []string{"STOP", "SKIP"}),
		},
	}
	if g.chance(4) {
		m.Policy.Order = slices.Concat(
			lawClasses,
			rapid.Permutation(otherClasses).Draw(g.t, "classes"),
		)
	}
	if g.chance(2) {
		m.Policy.Partial = slices.Clone(lawClasses)
	}
	if g.chance(4) {
		m.Policy.Partial = append(m.Policy.Partial, shuffled(g, otherClasses[:3])...)
	}
	if g.chance(3) && m.Opening > 0 {
		m.Reserve = int64(g.roll(int(m.Opening) + 1))
	}
	s.Mandates = append(s.Mandates, m)
	s.Payees = append(
		s.Payees,
		oPayee{
			"P-SELF-" + id,
			fmt.Sprintf("Compte personnel %d", n),
			randomIBAN(300 + n),
			"BENEFICIARY",
		},
	)
	for range g.roll(3) {
		d := oDebt{
			ID:          g.name("D"),
			Mandate:     id,
			Creditor:    pick(g, []string{"P-CRED", "P-ELEC", "P-LAND"}),
			Kind:        "OTHER",
			Outstanding: g.cents(50000),
		}
		if g.chance(2) {
			d.Instalment = g.cents(int(d.Outstanding))
		}
		if g.chance(4) {
			d.BornBefore = addDays(s.Opening, -g.roll(400))
		}
		if g.chance(6) {
			d.ContestedOn = addDays(s.Opening, -g.roll(90))
		}
		if g.chance(2) {
			d.Creditor, d.Kind, d.Recovery = "P-CAF", "BENEFIT_OVERPAYMENT", "WITHHOLDING"
		}
		s.Debts = append(s.Debts, d)
	}
	for _, benefit := range m.Benefits {
		if g.chance(4) {
			continue
		}
		s.Expected = append(s.Expected, oExpectation{
			Mandate: id,
			Benefit: benefit,
			Period:  monthsBefore(s.Opening, 1),
			Amount:  g.cents(110000),
			On:      addDays(s.Opening, g.roll(18)-3),
		})
	}
}

// bank is the account of a person: one of two pooled ones, or one in the person's name.
func (g *generator) bank(n int) string {
	code, owner, model, number := "BK-POOL", "ASSOCIATION_CLIENT_FUNDS", "POOLED", 100
	switch g.roll(4) {
	case 2:
		code, number = "BK-POOL2", 101
	case 3:
		code, owner, model, number = fmt.Sprintf("BK-M%02d", n), "BENEFICIARY", "INDIVIDUAL", 110+n
	}
	if !slices.ContainsFunc(g.story.Banks, func(b oBank) bool { return b.Code == code }) {
		g.story.Banks = append(g.story.Banks, oBank{code, randomIBAN(number), owner, model})
	}
	return code
}

// monthsBefore is the month n months before a day's.
func monthsBefore(day string, n int) string {
	t, _ := time.Parse(iso, day[:7]+"-01")
	return t.AddDate(0, -n, 0).Format(iso)[:7]
}

// randomIBAN is the account number n of the invented bank, with a right RIB key.
func randomIBAN(n int) string {
	key := 97 - (89*99999+15*1+3*n)%97
	bban := fmt.Sprintf("9999900001%011d%02d", n, key)
	rest := 0
	for _, digit := range bban + "152700" { // FR00
		rest = (rest*10 + int(digit-'0')) % 97
	}
	return fmt.Sprintf("FR%02d%s", 98-rest, bban)
}
