package papers_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/migrations/dbtest"
	"masp/payments/mandates"
	"masp/payments/papers"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// house is an invented association with one mandate, whose books begin in September 2027.
type house struct {
	*papers.Service
	t    testing.TB
	db   *dbtest.DB
	anne auth.Principal // coordinator
}

func newHouse(t testing.TB) *house {
	t.Helper()
	db := dbtest.New(t)
	books := ledger.New(db.App)
	h := &house{t: t, db: db, Service: &papers.Service{DB: db.App, Ledger: books, Mandates: &mandates.Service{DB: db.App, Ledger: books}}}
	h.on("2029-01-10")
	h.owner(`INSERT INTO masp.organisations (name, siren, opened_on, created_at)
		VALUES ('Association des Peupliers', '999999999', '2027-09-01', masp.now())`)
	h.anne = h.user("anne", auth.Coordinator)
	h.owner(`INSERT INTO masp.bank_accounts VALUES ('BK-1', 'FR7699999001010000000200181', NULL, 'Les Peupliers',
		'ASSOCIATION_CLIENT_FUNDS', 'POOLED')`)
	h.owner(`INSERT INTO masp.beneficiaries (beneficiary_id, last_name, first_name, born_on, department)
		VALUES ('B-1', 'Inventé', 'Camille', '1980-01-01', '34')`)
	h.owner(`INSERT INTO masp.mandates (mandate_id, beneficiary_id, level, department, status, threat_ground, contract_start,
			contract_end, signed_by_person_on, signed_by_department_on, commitments, bank_account_id, coordinator)
		VALUES ('M-1', 'B-1', 'MASP2', '34', 'ACTIVE', 'BOTH', '2027-09-01', '2029-08-31', '2027-09-01', '2027-09-01',
			'{PERSON: venir,OPERATOR: payer le loyer}', 'BK-1', 'anne')`)
	return h
}

// on moves the clock of the database to the morning of a day.
func (h *house) on(day string) {
	h.t.Helper()
	d := civil.MustParse(day)
	h.db.SetClock(h.t, time.Date(d.Year(), d.Time().Month(), d.Day(), 9, 0, 0, 0, civil.Paris))
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) user(id string, roles ...auth.Role) auth.Principal {
	h.t.Helper()
	users := &auth.Service{DB: h.db.App}
	token, err := users.Add(h.t.Context(), auth.Principal{}, auth.User{ID: id, Name: id, Roles: roles, Until: on("2099-12-31")})
	h.must(err)
	who, err := users.Authenticate(h.t.Context(), token)
	h.must(err)
	return who
}

// owner changes rows as their owner, with an act.
func (h *house) owner(sql string, args ...any) {
	h.t.Helper()
	h.must(pgx.BeginFunc(h.t.Context(), h.db.Owner, func(tx pgx.Tx) error {
		if _, err := tx.Exec(h.t.Context(), sql, args...); err != nil {
			return err
		}
		_, err := audit.Record(h.t.Context(), tx, audit.Act{Actor: "test", Action: "test.write", ObjectType: "test", ObjectID: "1"})
		return err
	}))
}

// money posts an amount to the mandate (or from it, below zero) on a day of the books; the bank has
// booked it the day before.
func (h *house) money(day civil.Date, cents int64) {
	h.t.Helper()
	p := ledger.Posting{Debit: ledger.Bank("BK-1"), Credit: ledger.Mandate("M-1"), Amount: money.Cents(cents)}
	kind := ledger.BankCredit
	if cents < 0 {
		p, kind = ledger.Posting{Debit: ledger.Mandate("M-1"), Credit: ledger.Bank("BK-1"), Amount: money.Cents(-cents)}, ledger.BankDebit
	}
	_, err := h.Ledger.Post(h.t.Context(), ledger.Entry{
		Journal: ledger.BankJournal, Kind: kind, Source: fmt.Sprintf("line %s %d", day, cents), Label: "Ligne du " + day.French(), Actor: "test",
		PostedOn: day, BookedOn: day.AddDays(-1), ValueOn: day, Postings: []ledger.Posting{p},
	})
	h.must(err)
}

// A leap year with its days of 23 and 25 hours: money moves on the last and first days of months, on
// the 29th of February, on the days when clocks change, and on common days.
func (h *house) leapYear() (days map[civil.Date]money.Amount) {
	days = map[civil.Date]money.Amount{}
	balance := int64(0)
	for i, d := 0, on("2027-12-30"); !d.After(on("2029-01-02")); i, d = i+1, d.AddDays(1) {
		special := d.Day() == 1 || d.AddDays(1).Day() == 1 || d == on("2028-02-29") || d == on("2028-03-26") || d == on("2028-10-29")
		if !special && i%5 != 0 {
			continue
		}
		cents := int64(1000 + i*7)
		if i%3 == 2 && balance > cents {
			cents = -cents
		}
		h.money(d, cents)
		balance += cents
		days[d] = money.Cents(cents)
	}
	return days
}

func TestTheOpeningOfEachOfThe366DaysIsTheClosingOfTheDayBefore(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	moved := h.leapYear()
	read := func(from, to civil.Date) papers.Statement {
		s, err := h.Statement(t.Context(), "M-1", from, to)
		h.must(err)
		if a := s.Account; a.Opening.Add(a.In).Sub(a.Out) != a.Closing {
			t.Errorf("%s to %s: %s + %s − %s is not %s", from, to, a.Opening, a.In, a.Out, a.Closing)
		}
		return s
	}
	last := read(on("2027-12-31"), on("2027-12-31")).Account.Closing
	end := read(on("2028-01-01"), on("2028-12-31")).Account.Closing
	days := 0
	for d := on("2028-01-01"); d.Year() == 2028; d = d.AddDays(1) {
		days++
		s := read(d, d)
		if s.Account.Opening != last {
			t.Errorf("%s opens with %s, the day before closed with %s", d, s.Account.Opening, last)
		}
		if got := s.Account.In.Sub(s.Account.Out); got != moved[d] {
			t.Errorf("%s moves %s, want %s", d, got, moved[d])
		}
		last = s.Account.Closing
		if rest := read(d, on("2028-12-31")).Account; rest.Opening != s.Account.Opening || rest.Closing != end {
			t.Errorf("from %s the year opens with %s and closes with %s, want %s and %s", d, rest.Opening, rest.Closing, s.Account.Opening, end)
		}
	}
	if days != 366 {
		t.Errorf("read %d days, want 366", days)
	}
}

func TestEachMovementIsInExactlyOneMonthAndTheMonthsMakeTheYear(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.leapYear()
	year, err := h.Account(t.Context(), "M-1", on("2028-01-01"), on("2028-12-31"))
	h.must(err)
	if len(year.Months) != 12 || year.Opening.IsZero() {
		t.Fatalf("got %d months from %s", len(year.Months), year.Opening)
	}
	seen, lines := map[int64]int{}, 0
	for _, m := range year.Months {
		s, err := h.Statement(t.Context(), "M-1", m.Month.First(), m.Month.Last())
		h.must(err)
		if a := s.Account; a.Opening != m.Opening || a.In != m.In || a.Out != m.Out || a.Closing != m.Closing {
			t.Errorf("%s: the statement says %s %s %s %s, the account %v", m.Month, a.Opening, a.In, a.Out, a.Closing, m)
		}
		for _, l := range s.Account.Lines {
			seen[l.No]++
			lines++
		}
	}
	whole, err := h.Statement(t.Context(), "M-1", on("2028-01-01"), on("2028-12-31"))
	h.must(err)
	if len(seen) != lines || len(whole.Account.Lines) != lines || lines < 80 {
		t.Errorf("got %d lines of %d entries in the months, %d in the year", lines, len(seen), len(whole.Account.Lines))
	}
}

func TestAPaperOfThePastStaysTheSameFile(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.leapYear()
	print := func() []byte {
		var b bytes.Buffer
		for _, k := range []papers.Kind{papers.KindStatement, papers.KindAnnual} {
			made, err := h.Make(t.Context(), k, "M-1", on("2028-02-17"), on("2028-11-03"))
			h.must(err)
			h.must(made.Paper().PDF(&b))
			h.must(made.Paper().HTML(&b))
			b.WriteString(made.Paper().Text())
		}
		return b.Bytes()
	}
	before := print()
	h.on("2029-03-01")
	h.money(on("2029-03-01"), 4242)
	if !bytes.Equal(print(), before) {
		t.Error("the papers of a past period changed with a later movement")
	}
}

func TestWhoReceivedWhichPaperIsKept(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.money(on("2028-12-05"), 12345)
	ask := papers.Handed{
		Mandate: "M-1", Kind: papers.KindStatement, From: on("2028-12-01"), To: on("2028-12-31"), Recipient: papers.ToPerson, Means: papers.ByHand,
	}
	noted, err := h.HandOver(t.Context(), h.anne, ask)
	h.must(err)
	made, err := h.Statement(t.Context(), "M-1", ask.From, ask.To)
	h.must(err)
	list, err := h.HandedOver(t.Context(), "M-1")
	h.must(err)
	if len(list) != 1 || list[0].Fingerprint != made.Paper().Fingerprint() || list[0].RecordedBy != "anne" || list[0].On != on("2029-01-10") {
		t.Fatalf("got %+v, noted %+v", list, noted)
	}
	with := func(change func(*papers.Handed)) papers.Handed { other := ask; change(&other); return other }
	nobody, auditor := auth.Principal{}, h.user("ines", auth.Auditor)
	for _, c := range []struct {
		name string
		who  auth.Principal
		ask  papers.Handed
		want error
	}{
		{"twice", h.anne, ask, papers.ErrTwice},
		{"by nobody", nobody, with(func(p *papers.Handed) { p.Means = papers.ByPost }), papers.ErrToken},
		{"by an auditor", auditor, with(func(p *papers.Handed) { p.Means = papers.ByPost }), papers.ErrRole},
		{"before its days are over", h.anne, with(func(p *papers.Handed) { p.On = on("2028-12-30") }), papers.ErrDay},
		{"in the future", h.anne, with(func(p *papers.Handed) { p.On = on("2029-01-11") }), papers.ErrDay},
		{"to somebody unnamed", h.anne, with(func(p *papers.Handed) { p.Recipient = papers.ToOther }), papers.ErrRecipient},
		{"by a pigeon", h.anne, with(func(p *papers.Handed) { p.Means = "PIGEON" }), papers.ErrRecipient},
		{"the final account of a measure that goes on", h.anne, with(func(p *papers.Handed) { p.Kind = papers.KindFinal }), papers.ErrNotOver},
		{"of no kind", h.anne, with(func(p *papers.Handed) { p.Kind = "POEM" }), papers.ErrKind},
		{"of nobody", h.anne, with(func(p *papers.Handed) { p.Mandate = "M-9" }), mandates.ErrNoMandate},
	} {
		if _, err := h.HandOver(t.Context(), c.who, c.ask); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
	h.refused("MA142", `SELECT masp.hand_over_paper($1, 'M-1', 'FINAL', '2028-12-01', '2028-12-31', sha256('x'), 'PERSON', 'POST', '2029-01-10', '')`,
		h.anne.Secret())
	h.refused("42501", `INSERT INTO masp.handed_papers OVERRIDING SYSTEM VALUE SELECT * FROM masp.handed_papers`)
	h.refused("42501", `DELETE FROM masp.handed_papers`)
	for sql, want := range map[string]string{
		`INSERT INTO masp.handed_papers OVERRIDING SYSTEM VALUE SELECT * FROM masp.handed_papers`: "MA002",
		`UPDATE masp.handed_papers SET recipient = 'COURT'`:                                       "MA001",
		`DELETE FROM masp.handed_papers`:                                                          "MA001",
	} {
		_, err := h.db.Owner.Exec(t.Context(), sql)
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.Code != want {
			t.Errorf("as the owner, %s: got %v, want %s", sql, err, want)
		}
	}
}

// refused asks the database itself, as the program.
func (h *house) refused(want, sql string, args ...any) {
	h.t.Helper()
	_, err := h.db.App.Exec(h.t.Context(), sql, args...)
	var refused *pgconn.PgError
	if !errors.As(err, &refused) || refused.Code != want {
		h.t.Errorf("%s: got %v, want %s", sql, err, want)
	}
}

func TestNothingIsHandedToThePersonAfterHerDeath(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.money(on("2028-12-05"), 12345)
	h.owner(`UPDATE masp.mandates SET status = 'DECEASED', died_on = '2029-01-08', ended_on = '2029-01-08', end_reason = 'DEATH'`)
	ask := papers.Handed{Mandate: "M-1", Kind: papers.KindFinal, Recipient: papers.ToPerson, Means: papers.ByPost}
	if _, err := h.HandOver(t.Context(), h.anne, ask); !errors.Is(err, papers.ErrDead) {
		t.Errorf("got %v, want %v", err, papers.ErrDead)
	}
	ask.Recipient = papers.ToHeirs
	noted, err := h.HandOver(t.Context(), h.anne, ask)
	h.must(err)
	if noted.From != on("2027-09-01") || noted.To != on("2029-01-10") {
		t.Errorf("got %s to %s, want the days of the measure until today", noted.From, noted.To)
	}
}

func TestTheFinalAccountOfAClosedMeasureDoesNotChangeAnyMore(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.money(on("2028-12-05"), 12345)
	if _, err := h.Final(t.Context(), "M-1"); !errors.Is(err, papers.ErrNotOver) {
		t.Errorf("of a measure that goes on: got %v, want %v", err, papers.ErrNotOver)
	}
	h.owner(`UPDATE masp.mandates SET status = 'ENDED', ended_on = '2029-01-08', end_reason = 'MOVED'`)
	open, err := h.Final(t.Context(), "M-1")
	h.must(err)
	if !open.Provisional() || len(open.Left) != 1 || open.Left[0].Code != "RETURN_BALANCE" || open.Closing != money.Cents(12345) {
		t.Errorf("got %+v, want the balance to be given back", open.Left)
	}
	h.money(on("2029-01-10"), -12345)
	h.owner(`UPDATE masp.mandates SET status = 'CLOSED'`)
	print := func() string {
		f, err := h.Final(t.Context(), "M-1")
		h.must(err)
		if f.Provisional() || !f.Closing.IsZero() || len(f.Left) > 0 || f.To != on("2029-01-10") {
			t.Errorf("got %s, %s, %v, want zero on 10 January", f.Closing, f.To, f.Left)
		}
		return f.Paper().Text()
	}
	before := print()
	h.on("2029-07-14")
	if print() != before {
		t.Error("the final account changed with the day")
	}
}

func TestWhoFollowsThePersonReadsHerPapersAndNobodyElseDoes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.money(on("2028-12-05"), 12345)
	for _, k := range []papers.Kind{papers.KindStatement, papers.KindAnnual} {
		_, err := h.HandOver(t.Context(), h.anne, papers.Handed{
			Mandate: "M-1", Kind: k, From: on("2028-12-01"), To: on("2028-12-31"), Recipient: papers.ToPerson, Means: papers.ByHand,
		})
		h.must(err)
	}
	for _, c := range []struct {
		who  auth.Principal
		sees bool
	}{{h.anne, true}, {h.user("bruno", auth.Coordinator), false}} {
		err := auth.Restricted(t.Context(), h.db.App, c.who, func(ctx context.Context, _ pgx.Tx) error {
			list, err := h.HandedOver(ctx, "M-1")
			h.must(err)
			if sees := len(list) == 2; sees != c.sees {
				t.Errorf("%s sees %d papers handed over", c.who.ID, len(list))
			}
			for _, k := range []papers.Kind{papers.KindStatement, papers.KindAnnual} {
				made, err := h.Make(ctx, k, "M-1", on("2028-12-01"), on("2028-12-31"))
				switch {
				case !c.sees && !errors.Is(err, mandates.ErrNoMandate):
					t.Errorf("%s: got %v, want %v", c.who.ID, err, mandates.ErrNoMandate)
				case c.sees && err != nil:
					t.Errorf("%s: %v", c.who.ID, err)
				case c.sees && chain.Hash(made.Paper().Fingerprint()) != list[slices.IndexFunc(list, func(p papers.Handed) bool { return p.Kind == k })].Fingerprint:
					t.Errorf("%s reads another %s than was handed over", c.who.ID, k)
				}
			}
			return nil
		})
		h.must(err)
	}
}
