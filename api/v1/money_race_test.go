package v1_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/api/v1/v1test"
	"masp/imports"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/mandates"
)

// ring is as many persons as lines of money that nobody knows, each of 10.00: clients give the lines to
// persons, take them back and pay bills with them, while others read all balances.
type ring struct {
	*desk
	size    int
	lines   []string
	total   money.Amount
	matches sync.Map // line → its newest match

	acts, reads, done, refused atomic.Int64
}

// N-2: whatever moves, each reading of all balances is one moment of the books, and nobody is in debt. The
// long form is 100 000 operations, or as many as go-test's -timeout leaves time for: it says how many.
func TestManyWhoMoveMoneyInARingNeverSeeItLostOrBelowZero(t *testing.T) {
	t.Parallel()
	turns.Take(t)
	r := newRing(t, rounds(8, 50))
	ops, given := int64(rounds(300, 100_000)), atomic.Int64{}
	until := time.Now().Add(time.Hour)
	if deadline, ok := t.Deadline(); ok {
		until = deadline.Add(-time.Minute)
	}
	together(t, func(int) (got reply) {
		for given.Add(1) <= ops && !t.Failed() && time.Now().Before(until) {
			if got = r.act(); got.Status >= 500 {
				return got // together says so: a deadlock that a client sees is a fault of ours
			}
		}
		return reply{Status: 200}
	})
	r.readsAll()
	t.Logf("%d operations: %d readings of all balances, %d acts, of which %d were done and %d refused",
		r.reads.Load()+r.acts.Load(), r.reads.Load(), r.acts.Load(), r.done.Load(), r.refused.Load())
	if r.done.Load()*10 < r.acts.Load() || r.refused.Load() == 0 {
		t.Error("the test says nothing")
	}
	r.proved(imports.Checks()...)
}

func newRing(t *testing.T, size int) *ring {
	t.Helper()
	o := v1test.Crowd(t, nil, size, "0.00")
	d := &desk{t: t, db: o.DB, house: o.House, server: o.Server, tokens: o.Tokens, office: o}
	d.at("2026-11-05", 9)
	r := &ring{desk: d, size: size}
	r.bills(size)
	var lines []said
	for range size {
		lines = append(lines, said{"10.00", "Inconnu", "VERSEMENT"})
	}
	d.says("REL-RING", "BK-POOL", "2026-11-04", lines...)
	all := d.get("k.perrin", "/v1/bank_lines?limit=500&bank_account=BK-POOL").wants(200)
	for i := range all.length("data") {
		r.lines = append(r.lines, all.text("data", i, "line"))
	}
	r.total = money.MustParse(d.holds("BK-POOL"))
	return r
}

// bills gives each person one of 20.00, so that two lines pay it, and one of 10.00.
func (r *ring) bills(persons int) {
	r.t.Helper()
	r.acted(`INSERT INTO masp.obligations (obligation_id, mandate_id, class, creditor_id, amount_cents, label, reference, frequency,
		       due_day, valid_from, position)
		SELECT format('O-RING-%s-%s', n, ten), 'M-' || to_char(n, 'FM0000'), 'RENT', 'C-OFFICE', ten * 1000, 'Loyer', 'Bail ' || n, 'ONCE', 5,
		       '2026-11-05', 100 + ten
		  FROM generate_series(1, $1::integer) n, generate_series(1, 2) ten`, persons)
}

// acted changes a registered table as a test may: with an act.
func (d *desk) acted(sql string, args ...any) {
	d.t.Helper()
	err := pgx.BeginFunc(d.t.Context(), d.db.Owner, func(tx pgx.Tx) error {
		if _, err := tx.Exec(d.t.Context(), sql, args...); err != nil {
			return err
		}
		_, err := audit.Record(d.t.Context(), tx, audit.Act{Actor: "test", Action: "test.change", ObjectType: "test", ObjectID: "desk"})
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

// act is one operation of a client: the last answer that it got, or the fault of the service.
func (r *ring) act() reply {
	switch n := rand.IntN(100); {
	case n < 50:
		return r.readsAll()
	case n < 72:
		return r.gives(r.lines[rand.IntN(len(r.lines))])
	case n < 92:
		return r.takesBack(r.lines[rand.IntN(len(r.lines))])
	default:
		return r.pays(1+rand.IntN(r.size), 1+rand.IntN(2))
	}
}

// sends counts what becomes of an act.
func (r *ring) sends(user, path, body, match string) reply {
	got := r.post(user, path, body, match)
	r.acts.Add(1)
	if got.Status < 300 {
		r.done.Add(1)
	} else {
		r.refused.Add(1)
	}
	return got
}

// gives says that a line is a person's money.
func (r *ring) gives(line string) reply {
	got := r.sends("k.perrin", "/v1/suspense/"+line+"/assignments",
		fmt.Sprintf(`{"mandate": "M-%04d", "benefit": "RSA", "reason": "vu avec la CAF"}`, 1+rand.IntN(r.size)), "")
	if got.Status == 201 {
		r.matches.Store(line, got.text("match"))
	}
	return got
}

func (r *ring) takesBack(line string) reply {
	if match, ok := r.matches.Load(line); ok {
		return r.sends("k.sauvage", fmt.Sprintf("/v1/matches/%s/undos", match), because, "")
	}
	return r.gives(line)
}

// pays takes a bill of a person as far as it goes: proposed, signed, given back before the bank has it.
func (r *ring) pays(person, ten int) reply {
	got := r.sends("c.martin", runs, fmt.Sprintf(`{"purpose": "OFF_CYCLE", "mandates": ["M-%04d"],
		"lines": ["O-RING-%d-%d@2026-11-05"]}`, person, person, ten), "")
	if got.Status != 201 {
		return got
	}
	path := got.Header.Get("Location")
	r.decided("c.martin", path)
	sent := r.sends("c.martin", path+"/submissions", "", "")
	signed := r.sends("v.olivier", path+"/approvals", "", sent.Header.Get("ETag"))
	if signed.Status != 201 {
		return r.sends("c.martin", path+"/cancellations", "", "")
	}
	for i := range signed.length("mandates") {
		for j := range signed.length("mandates", i, "transfers") {
			payment := signed.text("mandates", i, "transfers", j, "payment")
			got = r.sends("v.olivier", "/v1/payments/"+payment+"/cancellations", because, "")
		}
	}
	return got
}

// readsAll reads every balance at once: what the bank holds is what is owed to persons, unidentified and on
// its way, whatever moves meanwhile; and none is below zero.
func (r *ring) readsAll() reply {
	got := r.get("k.perrin", "/v1/accounts?limit=500")
	r.reads.Add(1)
	var page struct {
		Data []struct {
			Account string       `json:"account"`
			Balance money.Amount `json:"balance"`
		} `json:"data"`
	}
	err := json.Unmarshal(got.Body, &page)
	var bank, owed money.Amount
	for _, a := range page.Data {
		switch {
		case a.Balance.IsNegative():
			r.t.Errorf("%s is at %s", a.Account, a.Balance)
		case strings.HasPrefix(a.Account, "512:"):
			bank = bank.Add(a.Balance)
		default:
			owed = owed.Add(a.Balance)
		}
	}
	if err != nil || got.Status != 200 || bank != r.total || owed != r.total {
		r.t.Errorf("status %d: the bank holds %s, the accounts %s, want %s", got.Status, bank, owed, r.total)
	}
	return got
}

// proved runs the proof of the books, with more of it.
func (d *desk) proved(more ...ledger.Check) {
	d.t.Helper()
	report, err := ledger.Verify(d.t.Context(), d.db.Super, ledger.VerifyOptions{
		Checks: slices.Concat(mandates.Checks(), payments.Checks(), more),
	})
	if err != nil || !report.OK() {
		d.t.Errorf("the proof says %v %v", report.Findings, err)
	}
}

// N-8: two runs that pay the last 100.00 of a person, each submitted, are approved at once: one is.
func TestOfTwoRunsThatManySignAtOnceOnePaysTheLastMoney(t *testing.T) {
	t.Parallel()
	turns.Take(t)
	for n := 0; goesOn(t, n, 1, 100); n++ {
		t.Run(fmt.Sprint("round ", n), payTheLastMoney)
	}
}

func payTheLastMoney(t *testing.T) {
	d := newDesk(t)
	d.credit("M-0003", "BK-POOL", "100.00")
	d.acted(`INSERT INTO masp.obligations (obligation_id, mandate_id, class, creditor_id, amount_cents, label, reference, frequency,
		       due_day, valid_from, position)
		SELECT 'O-N8-' || n, 'M-0003', 'RENT', 'C-OFFICE', 10000, 'Loyer', 'Bail ' || n, 'ONCE', 5, '2026-11-05', 10 + n
		  FROM generate_series(0, 1) n`)
	ask := func(n int) reply {
		return d.post("c.nadir", runs, fmt.Sprintf(`{"purpose": "OFF_CYCLE", "mandates": ["M-0003"], "lines": ["O-N8-%d@2026-11-05"]}`, n%2), "")
	}
	if got := together(t, ask); got[201] != 1 || got[409] != clients-1 {
		t.Fatalf("proposals: got %v, want one 201 and 409", got)
	}
	d.post("c.nadir", runs+"/C-2026-11-1/cancellations", "", "").wants(201)
	var paths, tags [2]string
	for n := range 2 { // the second stands beside the first only because somebody has hidden that one from it
		paths[n] = ask(n).wants(201).Header.Get("Location")
		d.decided("c.nadir", paths[n])
		tags[n] = d.post("c.nadir", paths[n]+"/submissions", "", "").wants(201).Header.Get("ETag")
		d.tampers(`UPDATE masp.runs SET state = CASE state WHEN 'in_review' THEN 'settled' ELSE 'in_review' END WHERE state IN ('in_review', 'settled')`)
	}
	d.tampers(`UPDATE masp.runs SET state = 'in_review' WHERE state = 'settled'`)
	approved := together(t, func(client int) reply {
		return d.post([]string{"v.olivier", "v.royer"}[client/2%2], paths[client%2]+"/approvals", "", tags[client%2])
	})
	left, err := d.house.Ledger.Balance(t.Context(), d.db.App, ledger.Mandate("M-0003"))
	if approved[201] != 1 || approved[409]+approved[422] != clients-1 || err != nil || !left.IsZero() {
		t.Fatalf("approvals: got %v and a balance of %s, %v", approved, left.Neg(), err)
	}
	d.proved()
}

// tampers changes what nobody may, past every wall.
func (d *desk) tampers(sql string) {
	d.t.Helper()
	err := pgx.BeginFunc(d.t.Context(), d.db.Super, func(tx pgx.Tx) error {
		_, err := tx.Exec(d.t.Context(), `SET LOCAL session_replication_role = replica; `+sql)
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
}
