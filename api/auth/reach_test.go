package auth_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/api/auth"
	"masp/ledger/civil"
	"masp/ledger/unit"
	"masp/migrations/dbtest"
)

// noon is a day of the tests, by the clock of the database.
var noon = civil.MustParse("2026-11-05")

// reachHouse has a coordinator, an auditor, an accountant, an admin, and three mandates.
type reachHouse struct {
	*auth.Service
	stage
	carine, ines, paul, root auth.Principal
}

func openReach(t *testing.T, options ...dbtest.Option) *reachHouse {
	t.Helper()
	turns.Take(t)
	db := dbtest.New(t, options...)
	h := &reachHouse{Service: &auth.Service{DB: db.App}, stage: stage{t, db}}
	db.SetClock(t, noon.Time().Add(12*time.Hour))
	filled(t, db)
	for _, u := range []struct {
		id   string
		role auth.Role
		as   *auth.Principal
	}{
		{"carine", auth.Coordinator, &h.carine},
		{"ines", auth.Auditor, &h.ines},
		{"paul", auth.Accountant, &h.paul},
		{"root.two", auth.Admin, &h.root},
	} {
		user := auth.User{ID: u.id, Name: u.id, Roles: []auth.Role{u.role}, Until: lastDay(u.role)}
		token, err := h.Add(t.Context(), operator, user)
		h.must(err)
		*u.as, err = h.Authenticate(t.Context(), token)
		h.must(err)
	}
	return h
}

// lastDay is that of an auditor, who always has one.
func lastDay(r auth.Role) civil.Date {
	if r == auth.Auditor {
		return noon.AddDays(90)
	}
	return civil.Date{}
}

func (h *reachHouse) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *reachHouse) list(p auth.Principal) string {
	h.t.Helper()
	mandates, err := h.Reached(h.t.Context(), p)
	h.must(err)
	for _, m := range []string{"M-1", "M-2", "M-3", "M-9"} {
		yes, err := h.Reaches(h.t.Context(), p, m)
		h.must(err)
		if want := strings.Contains(strings.Join(mandates, " "), m); yes != want && m != "M-9" {
			h.t.Errorf("%s reaches %s: got %v, want %v as listed", p.ID, m, yes, want)
		}
		if m == "M-9" && yes != p.SeesAll() {
			h.t.Errorf("%s reaches a mandate that does not exist: got %v", p.ID, yes)
		}
	}
	return strings.Join(mandates, " ")
}

func TestACoordinatorSeesHerCaseloadFromItsFirstDayToItsLast(t *testing.T) {
	t.Parallel()
	h := openReach(t)
	steps := []struct {
		day  civil.Date
		act  func() (int, error)
		want string
	}{
		{noon, nil, ""},
		{noon, func() (int, error) {
			return h.Assign(t.Context(), h.root, "carine", []string{"M-1", "M-2"}, civil.Date{}, civil.Date{})
		}, "M-1 M-2"},
		{noon, func() (int, error) {
			return h.Assign(t.Context(), operator, "carine", []string{"M-3"}, noon.AddDays(1), noon.AddDays(2))
		}, "M-1 M-2"},
		{noon.AddDays(1), nil, "M-1 M-2 M-3"},
		{noon.AddDays(2), func() (int, error) { return h.Release(t.Context(), h.root, "carine", []string{"M-1"}) }, "M-2 M-3"},
		{noon.AddDays(3), nil, "M-2"},
		{noon.AddDays(3), func() (int, error) {
			return h.Assign(t.Context(), h.root, "carine", []string{"M-1"}, civil.Date{}, civil.Date{})
		}, "M-1 M-2"},
	}
	for i, s := range steps {
		h.db.SetClock(t, s.day.Time().Add(12*time.Hour))
		if s.act != nil {
			if _, err := s.act(); err != nil {
				t.Fatalf("step %d: %v", i, err)
			}
		}
		if got := h.list(h.carine); got != s.want {
			t.Errorf("step %d, %s: got %q, want %q", i, s.day, got, s.want)
		}
	}
	if got := h.one(`SELECT string_agg(actor || ' ' || action, ', ' ORDER BY seq) FROM masp.audit_log WHERE action LIKE 'caseload.%'`); got !=
		"root.two caseload.assign, operator caseload.assign, root.two caseload.release, root.two caseload.assign" {
		t.Errorf("the log of acts says %s", got)
	}
}

func TestOnlyAnAdminGivesReachAndOnlyToTheRoleThatHasIt(t *testing.T) {
	t.Parallel()
	h := openReach(t)
	h.exec(`DELETE FROM masp.organisations;
		INSERT INTO masp.organisations (name, opened_on, in_production, created_at) VALUES ('Essais', '2026-11-01', true, masp.now())`)
	mission := auth.Mission{User: "ines", Departments: []string{"69"}, From: noon}
	var none civil.Date
	for _, c := range []struct {
		name string
		act  func() error
		want error
	}{
		{"the coordinator herself", func() error {
			_, err := h.Assign(t.Context(), h.carine, "carine", []string{"M-1"}, none, none)
			return err
		}, auth.ErrRole},
		{"the operator in production", func() error {
			_, err := h.Assign(t.Context(), operator, "carine", []string{"M-1"}, none, none)
			return err
		}, auth.ErrNoProof},
		{"the auditor himself", func() error { return h.Audits(t.Context(), h.ines, mission) }, auth.ErrRole},
		{"a caseload of an accountant", func() error {
			_, err := h.Assign(t.Context(), h.root, "paul", []string{"M-1"}, none, none)
			return err
		}, auth.ErrNotHisRole},
		{"a mandate that does not exist", func() error {
			_, err := h.Assign(t.Context(), h.root, "carine", []string{"M-1", "M-9"}, none, none)
			return err
		}, auth.ErrNoMandate},
		{"a mission of a coordinator", func() error {
			return h.Audits(t.Context(), h.root, auth.Mission{User: "carine", Departments: []string{"69"}, From: noon})
		}, auth.ErrNotHisRole},
		{"an admin", func() error { return h.Audits(t.Context(), h.root, mission) }, nil},
	} {
		if err := c.act(); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
	for _, m := range []auth.Mission{
		{User: "ines", Departments: []string{"99"}, From: noon},
		{User: "ines", Departments: []string{"69"}},
		{User: "ines", Departments: []string{"69"}, From: noon, Until: noon.AddDays(-1)},
	} {
		var invalid *auth.InvalidError
		if err := h.Audits(t.Context(), h.root, m); !errors.As(err, &invalid) || invalid.French == "" {
			t.Errorf("%+v: got %v, want a field and what to do", m, err)
		}
	}
}

func TestEachRoleSeesItsOwnAndAUserOfSeveralTheUnion(t *testing.T) {
	t.Parallel()
	h := openReach(t)
	var none civil.Date
	_, err := h.Assign(t.Context(), h.root, "carine", []string{"M-3"}, none, none)
	h.must(err)
	h.must(h.Audits(t.Context(), h.root, auth.Mission{User: "ines", Departments: []string{"69"}, From: noon}))
	both := auth.User{ID: "both", Name: "Deux", Roles: []auth.Role{auth.Coordinator, auth.Auditor}, Until: lastDay(auth.Auditor)}
	token, err := h.Add(t.Context(), operator, both)
	h.must(err)
	two := auth.Proved(token)
	_, err = h.Assign(t.Context(), h.root, "both", []string{"M-1"}, none, none)
	h.must(err)
	h.must(h.Audits(t.Context(), h.root, auth.Mission{User: "both", Departments: []string{"34"}, From: noon}))
	for _, c := range []struct {
		name string
		who  auth.Principal
		want string
	}{
		{"coordinator", h.carine, "M-3"},
		{"auditor", h.ines, "M-1 M-2"},
		{"both", two, "M-1 M-3"},
		{"accountant", h.paul, "M-1 M-2 M-3"},
		{"admin", h.root, ""},
		{"operator", operator, "M-1 M-2 M-3"},
		{"person", h.device("device of 2", "M-2/beneficiary_id"), "M-2"},
		{"a false secret", auth.Proved("masp_false"), ""},
	} {
		if got := h.list(c.who); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	h.must(h.Disable(t.Context(), h.root, "carine"))
	if got := h.list(h.carine); got != "" {
		t.Errorf("disabled: got %q, want nothing", got)
	}
}

func TestTheCoordinatorOfAMandateHasItInHerCaseload(t *testing.T) {
	t.Parallel()
	h := openReach(t)
	_, err := h.db.Owner.Exec(t.Context(), `
		INSERT INTO masp.mandates (mandate_id, beneficiary_id, level, department, status, threat_ground, contract_start, contract_end,
		commitments, signed_by_person_on, signed_by_department_on, coordinator)
		VALUES ('M-7', 'M-1/beneficiary_id', 'MASP1', '69', 'PENDING_SIGNATURE', 'BOTH', '2026-11-01', '2027-10-31', '{}', NULL, NULL, 'carine')`)
	h.must(err)
	if got := h.list(h.carine); got != "M-7" {
		t.Errorf("got %q, want M-7", got)
	}
	_, err = h.Release(t.Context(), h.root, "carine", []string{"M-7"})
	h.must(err)
	if got := h.list(h.carine) + h.one(`SELECT coalesce(coordinator, '') FROM masp.mandates WHERE mandate_id = 'M-7'`); got != "" {
		t.Errorf("released: got %q, want nothing, and nobody told of its alerts", got)
	}
}

func TestSixtyFourMixedClientsOnFourConnectionsSeeNoForeignRow(t *testing.T) {
	t.Parallel()
	h := openReach(t, dbtest.Conns(4))
	var none civil.Date
	_, err := h.Assign(t.Context(), h.root, "carine", []string{"M-1"}, none, none)
	h.must(err)
	h.must(h.Audits(t.Context(), h.root, auth.Mission{User: "ines", Departments: []string{"34"}, From: noon}))
	clients := []struct {
		who  auth.Principal
		want string
	}{
		{h.carine, "M-1"},
		{h.ines, "M-3"},
		{h.device("device of 2", "M-2/beneficiary_id"), "M-2"},
		{auth.Proved("masp_false"), ""},
		{h.paul, "M-1 M-2 M-3"},
	}
	const workers = 64
	total := dbtest.Form(500, 2000, 2000)
	var all sync.WaitGroup
	begun := time.Now()
	for worker := range workers {
		all.Go(func() {
			for call := worker; call < total; call += workers {
				c := clients[rand.N(len(clients))]
				if call%7 == 0 { // the program itself, on the same connections
					h.expect(h.db.App, "the program", "M-1 M-2 M-3")
					continue
				}
				err := auth.Restricted(t.Context(), h.db.App, c.who, func(_ context.Context, tx pgx.Tx) error {
					h.expect(tx, c.who.ID, c.want)
					if call%5 == 0 {
						return errStop // what fails comes back clean as well
					}
					return nil
				})
				if err != nil && !errors.Is(err, errStop) {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	t.Logf("%d calls of %d clients on 4 connections in %v", total, workers, time.Since(begun))
	for range 8 {
		var role, secret string
		h.must(h.db.App.QueryRow(t.Context(), `SELECT current_user, coalesce(current_setting('masp.secret', true), '')`).Scan(&role, &secret))
		if role != "masp_app" || secret != "" {
			t.Errorf("a connection came back as %s with a secret: %v", role, secret != "")
		}
	}
}

var errStop = errors.New("stop")

func (h *reachHouse) expect(q unit.Querier, who, want string) {
	var got string
	err := q.QueryRow(h.t.Context(), `SELECT coalesce(string_agg(mandate_id, ' ' ORDER BY mandate_id), '') FROM masp.instructions`).Scan(&got)
	if err != nil || got != want {
		h.t.Errorf("%s: got %q, %v, want %q", who, got, err, want)
	}
}

func TestARestrictedReadingWritesNothingAndReadsNoSecret(t *testing.T) {
	t.Parallel()
	h := openReach(t)
	const may, write = "42501", "25006" // what the role may not, and what the transaction does not
	for _, c := range []struct{ sql, restricted, role string }{
		{`INSERT INTO masp.threat_notes (mandate_id, note_no, on_day, content) VALUES ('M-1', 9, '2026-11-05', 'x')`, write, may},
		{`UPDATE masp.mandates SET status = 'ENDED'`, write, may},
		{`DELETE FROM masp.caseloads`, write, may},
		{`TRUNCATE masp.file_reads`, write, may},
		{`CREATE TABLE masp.t (n int)`, write, may},
		{`SELECT secret_hash FROM masp.credentials`, may, may},
		{`SELECT content FROM masp.payment_files`, may, may},
		{`SELECT count(*) FROM masp.auditor_scopes`, may, may},
		{`SELECT masp.record_act('x', 'x', 'x', 'x', NULL, NULL, '', '')`, may, may},
		{`SELECT masp.note_read('x', 'M-1', 'x', 'x')`, may, may},
		{`SELECT masp.reach_of('x')`, may, may},
		{`SELECT masp.assign_caseload('carine', '{M-1}', NULL, NULL, '')`, may, may},
		{`SELECT count(*) FROM audit_v1.balances`, may, may},
	} {
		err := auth.Restricted(t.Context(), h.db.App, h.carine, func(ctx context.Context, tx pgx.Tx) error {
			_, err := tx.Exec(ctx, c.sql)
			return err
		})
		if got := code(err); got != c.restricted {
			t.Errorf("restricted: %s: got %v, want %s", c.sql, err, c.restricted)
		}
		err = pgx.BeginFunc(t.Context(), h.db.App, func(tx pgx.Tx) error {
			_, err := tx.Exec(t.Context(), `SET LOCAL ROLE masp_reach; `+c.sql)
			return err
		})
		if got := code(err); got != c.role {
			t.Errorf("as masp_reach alone: %s: got %v, want %s", c.sql, err, c.role)
		}
	}
}

func code(err error) string {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return refused.Code
	}
	return ""
}

func TestWhatAServiceReadsUnderTheContextIsRestrictedToo(t *testing.T) {
	t.Parallel()
	h := openReach(t)
	err := auth.Restricted(t.Context(), h.db.App, h.carine, func(ctx context.Context, _ pgx.Tx) error {
		h.expect(unit.Reader(ctx, h.db.App), "a service", "")
		return nil
	})
	h.must(err)
}

func TestReadingAFileIsNotedOnceInTenMinutesAndStays(t *testing.T) {
	t.Parallel()
	h := openReach(t)
	h.exec(`DELETE FROM masp.file_reads`)
	person := h.device("device of 2", "M-2/beneficiary_id")
	note := func(p auth.Principal, mandate, what string) {
		h.t.Helper()
		h.must(h.NoteRead(t.Context(), p, mandate, what, "req-1"))
	}
	for range 3 {
		note(h.carine, "M-1", "dossier")
	}
	note(h.carine, "M-1", "statement")
	note(h.carine, "M-2", "dossier")
	note(person, "M-2", "dossier")
	note(operator, "M-2", "dossier")
	h.db.SetClock(t, noon.Time().Add(12*time.Hour+10*time.Minute))
	note(h.carine, "M-1", "dossier")
	got := strings.Join(h.texts(`SELECT concat_ws(' ', nullif(user_id, ''), nullif(beneficiary_id, ''), mandate_id, what, request_id)
		FROM masp.file_reads ORDER BY read_id`), ", ")
	if want := "carine M-1 dossier req-1, carine M-1 statement req-1, carine M-2 dossier req-1, " +
		"M-2/beneficiary_id M-2 dossier req-1, carine M-1 dossier req-1"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if err := h.NoteRead(t.Context(), auth.Proved("masp_false"), "M-1", "dossier", ""); !errors.Is(err, auth.ErrUnknown) {
		t.Errorf("a false secret: got %v, want ErrUnknown", err)
	}
	for _, sql := range []string{`UPDATE masp.file_reads SET what = 'x'`, `DELETE FROM masp.file_reads`, `TRUNCATE masp.file_reads`} {
		_, err := h.db.Owner.Exec(t.Context(), sql)
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.Code != "MA001" {
			t.Errorf("%s: got %v, want MA001", sql, err)
		}
	}
}

// A house of 20 000 mandates, and how many of them a coordinator has: one look-up by key, and a search
// through all.
func BenchmarkRestricted(b *testing.B) {
	db := dbtest.New(b)
	users := &auth.Service{DB: db.App}
	sql := `SET session_replication_role = replica; ALTER TABLE masp.instructions DROP CONSTRAINT IF EXISTS instructions_run_id_fkey;
		INSERT INTO masp.caseloads (user_id, mandate_id, from_on) SELECT 'carine' || of, 'M-' || n, '2026-01-01'
		  FROM unnest(ARRAY[1, 40, 4000]) of, generate_series(1, of) n;
		INSERT INTO masp.reserve_movements (mandate_id, amount_cents, source, on_day)
		SELECT 'M-' || n, 1, 's' || n, '2026-01-01' FROM generate_series(1, 20000) n; ANALYZE masp.reserve_movements`
	conn, err := db.Super.Acquire(b.Context())
	if err == nil {
		_, err = conn.Conn().PgConn().Exec(b.Context(), sql).ReadAll()
		err = errors.Join(err, conn.Conn().Close(b.Context())) // it has no triggers any more
		conn.Release()
	}
	if err != nil {
		b.Fatal(err)
	}
	for _, persons := range []int{1, 40, 4000} {
		id := fmt.Sprintf("carine%d", persons)
		token, err := users.Add(b.Context(), operator, auth.User{ID: id, Name: id, Roles: []auth.Role{auth.Coordinator}})
		if err != nil {
			b.Fatal(err)
		}
		for _, q := range []struct{ name, sql string }{
			{"by key", `SELECT count(*) FROM masp.reserve_movements WHERE mandate_id = 'M-1'`},
			{"search", `SELECT count(*) FROM masp.reserve_movements`},
		} {
			b.Run(fmt.Sprintf("%d of 20000, %s", persons, q.name), func(b *testing.B) {
				for b.Loop() {
					err := auth.Restricted(b.Context(), db.App, auth.Proved(token), func(ctx context.Context, tx pgx.Tx) error {
						var n int
						return tx.QueryRow(ctx, q.sql).Scan(&n)
					})
					if err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// The same note again, as each page of a file makes it.
func BenchmarkNoteRead(b *testing.B) {
	db := dbtest.New(b)
	users := &auth.Service{DB: db.App}
	token, err := users.Add(b.Context(), operator, carine)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := db.Super.Exec(b.Context(), `ALTER TABLE masp.file_reads DROP CONSTRAINT file_reads_mandate_id_fkey`); err != nil {
		b.Fatal(err)
	}
	n := 0
	for _, name := range []string{"again", "new"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				mandate := "M-1"
				if n++; name == "new" {
					mandate = fmt.Sprintf("M-%d", n)
				}
				if err := users.NoteRead(b.Context(), auth.Proved(token), mandate, "dossier", "r"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
