package payments_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/civil"
	"masp/migrations/dbtest"
	"masp/payments"
	"masp/payments/mandates"
	"masp/payments/mandates/load"
	"masp/payments/papers"
	"masp/payments/reports"
	"masp/payments/worklist"
)

// filledRegisters is a database with a row in each registered table, all of it through the program.
func filledRegisters(t *testing.T) *dbtest.DB {
	t.Helper()
	db := dbtest.New(t)
	db.SetClock(t, time.Date(2026, 11, 9, 8, 0, 0, 0, time.UTC))
	raw, err := os.ReadFile(filepath.Join("..", "cmd", "masp", "testdata", "association.json"))
	if err != nil {
		t.Fatal(err)
	}
	books := ledger.New(db.App)
	dossiers := &mandates.Service{DB: db.App, Ledger: books}
	loaded, err := (&load.Service{DB: db.App, Ledger: books}).Load(t.Context(), auth.Principal{}, raw)
	if err != nil {
		t.Fatal(err)
	}
	var who auth.Principal
	for _, token := range loaded.Tokens[:2] {
		if who, err = (&auth.Service{DB: db.App}).Authenticate(t.Context(), token.Token); err != nil {
			t.Fatal(err)
		}
		if _, err := dossiers.SignLoad(t.Context(), who, loaded.SHA256); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := (&payments.Service{DB: db.App, Ledger: books}).Propose(t.Context(), who, payments.Ask{All: true}); err != nil {
		t.Fatal(err)
	}
	liveAMeasure(t, db, dossiers, who)
	fillDebts(t, dossiers, who)
	fillMeasureRules(t, dossiers, who)
	asked := worklist.PayerNews{Mandate: "M-0001", Payer: "CAF", Direction: worklist.Start}
	if err := (&worklist.Service{DB: db.App}).AskPayer(t.Context(), who, asked); err != nil {
		t.Fatal(err)
	}
	if err := (&worklist.Service{DB: db.App}).ExpectStatements(t.Context(), who, "BK-POOL", 5, "un relevé par semaine"); err != nil {
		t.Fatal(err)
	}
	handed := papers.Handed{
		Mandate: "M-0001", Kind: papers.KindStatement, From: civil.MustParse("2026-10-01"), To: civil.MustParse("2026-10-31"),
		Recipient: papers.ToPerson, Means: papers.ByHand,
	}
	if _, err := (&papers.Service{DB: db.App, Ledger: books, Mandates: dossiers}).HandOver(t.Context(), who, handed); err != nil {
		t.Fatal(err)
	}
	noteActivity(t, db, who)
	lockADay(t, db)
	fillWaysIn(t, db, who)
	fillRetention(t, db)
	report, err := ledger.Verify(t.Context(), db.App, ledger.VerifyOptions{Checks: append(mandates.Checks(), payments.Checks()...)})
	if err != nil || !report.OK() {
		t.Fatalf("before anything is changed verify finds %v, %v", report.Findings, err)
	}
	return db
}

// noteActivity notes a diagnostic, what followed it, and a visit.
func noteActivity(t *testing.T, db *dbtest.DB, who auth.Principal) {
	t.Helper()
	on := civil.MustParse("2026-10-05")
	_, err := (&reports.Service{DB: db.App}).Note(t.Context(), who, reports.Noted{
		Diagnostics: []reports.Diagnostic{{ID: "D-1", Department: "34", On: on, Outcome: reports.Followed}},
		Supports:    []reports.Support{{ID: "S-1", Diagnostic: "D-1", Department: "34", Kind: reports.Maintenance, From: on, PerMonth: 2}},
		Visits:      []reports.Visit{{Support: "S-1", On: on.AddDays(2), Means: reports.AtHome}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// lockADay closes a day of a bank account of which the bank has said that it is empty, writes a rule
// and refuses one, and moves the money of a mandate that has none to another account.
func lockADay(t *testing.T, db *dbtest.DB) {
	t.Helper()
	token, err := (&auth.Service{DB: db.App}).Add(t.Context(), auth.Principal{},
		auth.User{ID: "locker", Name: "Luc Verrou", Roles: []auth.Role{auth.Accountant}})
	if err != nil {
		t.Fatal(err)
	}
	err = pgx.BeginFunc(t.Context(), db.Owner, func(tx pgx.Tx) error {
		for _, sql := range []string{
			`INSERT INTO masp.bank_accounts (bank_account_id, iban, holder, owner, model)
			 VALUES ('BK-EMPTY', 'FR7699999000010000000099999', 'Personne', 'BENEFICIARY', 'INDIVIDUAL')`,
			`INSERT INTO masp.bank_files (name, sha256, size, format, outcome, received_at, received_by)
			 VALUES ('empty', sha256('e'), 0, 'camt.053', 'accepted', masp.now(), 'test')`,
			`INSERT INTO masp.bank_statements (file_id, ordinal, bank_account_id, account_iban, bank_ref, opening_cents, closing_cents,
			        closing_on, entries, content_hash, state, chain_no)
			 SELECT file_id, 1, 'BK-EMPTY', 'x', 'x', 0, 0, masp.today() - 1, 0, sha256('e'), 'accepted', 1 FROM masp.bank_files`,
			`INSERT INTO masp.reconciliations SELECT 'BK-EMPTY', masp.today() - 1, 1, 'BALANCED', statement_id, 0, 0, 0, 0, 0, 1, 0, 1,
			        masp.now(), 'test', sha256('e') FROM masp.bank_statements`,
			`SELECT masp.write_rule('` + token + `', NULL, '', 'SARL PEUPLIERS', '{}', 0, 0, '', '', 'CAF', NULL, 'essai', '')`,
			`SELECT masp.refuse_rule('` + token + `', repeat('ab', 6), 'essai')`,
			`SELECT masp.set_signature_limits(100000, NULL, NULL, '` + token + `')`,
			`SELECT masp.close_days('` + token + `', '{BK-EMPTY}', masp.today() - 1)`,
			`ALTER TABLE masp.iban_confirmations DISABLE TRIGGER iban_confirmations_by_door`,
			`INSERT INTO masp.iban_confirmations SELECT creditor_id, version, 'locker', masp.now() FROM masp.creditor_ibans LIMIT 1`,
			`ALTER TABLE masp.iban_confirmations ENABLE TRIGGER iban_confirmations_by_door`,
			`INSERT INTO masp.auditor_scopes (user_id, department, from_on) VALUES ('locker', '34', '2026-01-01')`,
			`UPDATE masp.mandates SET bank_account_id = 'BK-EMPTY' WHERE mandate_id = (
			 SELECT min(mandate_id) FROM masp.mandates m JOIN masp.bank_accounts a USING (bank_account_id) WHERE a.model = 'INDIVIDUAL')`,
		} {
			if _, err := tx.Exec(t.Context(), sql); err != nil {
				return fmt.Errorf("%s: %w", sql, err)
			}
		}
		_, err := audit.Record(t.Context(), tx, audit.Act{Actor: "locker", Action: "test.lock", ObjectType: "bank_account", ObjectID: "BK-EMPTY"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// liveAMeasure evaluates, renews, amends and suspends one.
func liveAMeasure(t *testing.T, db *dbtest.DB, s *mandates.Service, who auth.Principal) {
	t.Helper()
	day := civil.MustParse
	evaluation, err := s.Evaluate(t.Context(), who, "M-0003", day("2026-11-02"), "Les factures sont à jour.")
	if err != nil {
		t.Fatal(err)
	}
	err = s.Renew(t.Context(), who, "M-0003", mandates.Renewal{Start: day("2027-06-01"), End: day("2028-05-31"), Evaluation: evaluation})
	if err != nil {
		t.Fatal(err)
	}
	err = s.OrderDirectPayment(t.Context(), who, "M-0003", mandates.DirectPayment{
		Judgment: "TJ, 12/2026", Benefit: "AAH", Obligation: "O-0003-RENT", Start: day("2027-01-01"), End: day("2027-12-31"),
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Amend(t.Context(), who, "M-0003", mandates.Amendment{
		EffectiveOn: day("2026-12-01"), Reason: "prime", SignedByPerson: day("2026-11-05"), SignedByDepartment: day("2026-11-06"),
		AddBenefits: []string{"ALS"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (&payments.Service{DB: db.App, Ledger: s.Ledger}).SuspendMandate(t.Context(), who, "M-0003", "absence"); err != nil {
		t.Fatal(err)
	}
}

// freed runs SQL without the checks and references of a table: what verify would see of it is
// answered, then all is taken back. A refusal by the database is an error.
func freed(t *testing.T, pool *pgxpool.Pool, last audit.Recorded, table, sql string, triggersOff bool) (codes []string, err error) {
	t.Helper()
	tx, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(t.Context()) }()
	free := fmt.Sprintf(`DO $$ DECLARE c record; BEGIN
		FOR c IN SELECT conname, conrelid::regclass AS t FROM pg_constraint
		          WHERE contype = 'c' AND conrelid = 'masp.%[1]s'::regclass OR contype = 'f' AND 'masp.%[1]s'::regclass IN (conrelid, confrelid)
		LOOP EXECUTE format('ALTER TABLE %%s DROP CONSTRAINT %%I', c.t, c.conname); END LOOP;
		FOR c IN SELECT attname FROM pg_attribute WHERE attidentity <> '' AND attrelid = 'masp.%[1]s'::regclass
		LOOP EXECUTE format('ALTER TABLE masp.%[1]s ALTER COLUMN %%I DROP IDENTITY', c.attname); END LOOP; END $$`, table)
	if triggersOff {
		free += `; SET LOCAL session_replication_role = replica`
	}
	if _, err := tx.Exec(t.Context(), free); err != nil {
		t.Fatal(err)
	}
	if done, err := tx.Exec(t.Context(), sql); err != nil || done.RowsAffected() != 1 {
		return nil, fmt.Errorf("%d rows changed: %w", done.RowsAffected(), err)
	}
	err = audit.VerifyRegisters(t.Context(), tx, last, func(f audit.RegisterFault) { codes = append(codes, f.Code+" "+f.Table) })
	if err != nil {
		t.Fatal(err)
	}
	return codes, nil
}

// lastAct is the end of a log of acts without faults.
func lastAct(t *testing.T, db *dbtest.DB) (last audit.Recorded) {
	t.Helper()
	err := pgx.BeginFunc(t.Context(), db.Super, func(tx pgx.Tx) error {
		_, err := audit.Verify(t.Context(), tx, nil, func(f audit.Fault) { t.Error(f) }, func(r audit.Recorded) { last = r })
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return last
}

func TestAnyColumnOfAnyRegisteredTableThatChangesIsFound(t *testing.T) {
	t.Parallel()
	db := filledRegisters(t)
	last := lastAct(t, db)
	changes := map[string]string{
		"bigint": "coalesce(%s, 0) + 1000", "integer": "coalesce(%s, 0) + 1", "boolean": "NOT %s",
		"text": "coalesce(%s, '') || 'x'", "text[]": "array_append(coalesce(%s, '{}'), 'x')",
		"integer[]": "array_append(coalesce(%s, '{}'), 7)", "date": "coalesce(%s, '2026-11-05') + 1", "date[]": "array_append(coalesce(%s, '{}'), '2026-11-05')",
		"timestamp with time zone": "coalesce(%s, now()) + interval '1 microsecond'", "bytea": "sha256(%s)", "jsonb": "%s || '[7]'",
	}
	rows, err := db.Super.Query(t.Context(), `
		SELECT c.relname, a.attname, format_type(a.atttypid, NULL) FROM pg_trigger t
		  JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
		 WHERE t.tgname = 'registers_changed_rows' ORDER BY 1, 2`)
	if err != nil {
		t.Fatal(err)
	}
	var table, column, kind string
	var tables []string
	columns := 0
	_, err = pgx.ForEachRow(rows, []any{&table, &column, &kind}, func() error {
		columns++
		tables = append(tables, table)
		change, known := changes[kind]
		if !known {
			return fmt.Errorf("%s.%s is of type %s: say how to change it", table, column, kind)
		}
		if !long() && rand.N(16) != 0 {
			return nil // other columns each time; all of them in CI
		}
		sql := fmt.Sprintf(`UPDATE masp.%[2]s SET %[1]s = `+strings.ReplaceAll(change, "%s", "%[1]s")+`
			WHERE ctid = (SELECT ctid FROM masp.%[2]s ORDER BY random() LIMIT 1)`, column, table)
		for i, c := range []struct {
			name string
			pool *pgxpool.Pool
			off  bool
			want string
		}{
			{"superuser, triggers off", db.Super, true, audit.RegisterChanged},
			{"owner, triggers on", db.Owner, false, audit.ChangedWithoutAct},
		} {
			if !long() && i != columns%2 {
				continue // each column in one of the two ways
			}
			got, err := freed(t, c.pool, last, table, sql, c.off)
			var refused *pgconn.PgError
			if !c.off && errors.As(err, &refused) && strings.HasPrefix(refused.Code, "MA") {
				continue // a rule of the table itself is faster
			}
			if err != nil || !slices.Contains(got, c.want+" "+table) || len(got) > 2 { // a row that follows it may be named too
				t.Errorf("%s: %s: verify finds %v, %v, want %s", c.name, sql, got, err, c.want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if tables = slices.Compact(tables); !slices.Equal(tables, audit.Registered()) {
		t.Errorf("the database registers %v, verify %v", tables, audit.Registered())
	}
	t.Logf("%d columns of %d tables", columns, len(tables))
}

func TestAnyRowOfARegisteredTableThatIsAddedOrDeletedIsFound(t *testing.T) {
	t.Parallel()
	db := filledRegisters(t)
	last := lastAct(t, db)
	lot := dbtest.NewLot(t, 6, 1, 1)
	for _, table := range audit.Registered() {
		if !lot.Takes() {
			continue
		}
		sql := fmt.Sprintf(`DELETE FROM masp.%[1]s WHERE ctid = (SELECT ctid FROM masp.%[1]s ORDER BY random() LIMIT 1)`, table)
		got, err := freed(t, db.Super, last, table, sql, true)
		if want := []string{"REGISTER_CHANGED " + table}; err != nil || !slices.Equal(got, want) {
			t.Errorf("superuser: %s: verify finds %v, %v, want %v", sql, got, err, want)
		}
		got, err = freed(t, db.Owner, last, table, sql, false)
		var refused *pgconn.PgError
		guarded := errors.As(err, &refused) && refused.Code == "MA001" // dues are never deleted
		if want := []string{"CHANGED_WITHOUT_ACT " + table}; !guarded && (err != nil || !slices.Equal(got, want)) {
			t.Errorf("owner: %s: verify finds %v, %v, want %v", sql, got, err, want)
		}
		if _, err := db.Super.Exec(t.Context(), `TRUNCATE masp.`+table+` CASCADE`); !errors.As(err, &refused) || refused.Code != "MA001" {
			t.Errorf("truncate %s: got %v, want MA001", table, err)
		}
	}
	got, err := freed(t, db.Super, last, "users", `INSERT INTO masp.users (user_id, name, roles, created_at)
		VALUES ('eve', 'Eve', '{approver}', masp.now())`, true)
	if want := []string{"REGISTER_CHANGED users"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("a user added: verify finds %v, %v, want %v", got, err, want)
	}
}
