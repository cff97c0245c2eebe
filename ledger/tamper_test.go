package ledger_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/money"
)

// column is a column of a sealed table of the books: one that only the functions of the books write.
type column struct{ Table, Name, Type string }

// sealedColumns asks the catalogue, so that no new column can be forgotten.
func sealedColumns(t *testing.T, b *books) []column {
	t.Helper()
	const query = `
		SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, NULL) AS type
		  FROM pg_trigger t
		  JOIN pg_class c ON c.oid = t.tgrelid
		  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		   AND a.attgenerated = ''
		 WHERE t.tgfoid = 'masp.only_by_door'::regproc
		   AND encode(t.tgargs, 'escape') ~ 'post_batch|close_books|record_act'
		   AND c.relname <> 'register_changes' -- what waits for its act: empty when all is well
		 ORDER BY 1, a.attnum`
	rows, err := b.db.Super.Query(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	columns, err := pgx.CollectRows(rows, pgx.RowToStructByName[column])
	if err != nil {
		t.Fatal(err)
	}
	if len(columns) < 60 {
		t.Fatalf("only %d sealed columns: the catalogue was not understood", len(columns))
	}
	return columns
}

// changes are expressions that give another value of a type.
var changes = map[string][]string{
	"bigint":                   {"%s + 1", "%s - 1", "%s + 1000000", "0", "NULL", "7"},
	"integer":                  {"%s + 1", "%s - 1", "%s + 1000000", "NULL"},
	"smallint":                 {"%s + 1", "%s - 1"},
	"boolean":                  {"NOT %s"},
	"date":                     {"%s + 1", "%s - 1", "NULL", "'2026-02-14'", "'2026-01-01'"},
	"timestamp with time zone": {"%s + interval '1 microsecond'", "%s - interval '1 hour'"},
	"text": {
		"%s || 'X'", "''", "reverse(%s)", "CASE %[1]s WHEN 'BQ' THEN 'VI' ELSE 'BQ' END",
		"CASE %[1]s WHEN 'D' THEN 'C' ELSE 'D' END", "CASE %[1]s WHEN 'PAYMENT' THEN 'RETURN' ELSE 'PAYMENT' END",
		"CASE %[1]s WHEN 'CLOSE' THEN 'REOPEN' ELSE 'CLOSE' END", "'467:M9999'",
	},
	"bytea": {"set_byte(%s, 3, (get_byte(%[1]s, 3) + 1) %% 256)", "NULL", "decode(repeat('ab', 32), 'hex')"},
}

// unwritable are columns that hold one value only, whatever one writes.
var unwritable = map[string]bool{
	"chain_heads.only_one": true, "audit_heads.only_one": true,
	"journals.code": true,
}

// storyBooks has something in every sealed table.
func storyBooks(t *testing.T) *books {
	t.Helper()
	b := newBooks(t)
	for i := range 30 {
		b.mustPost(credit(fmt.Sprintf("credit %d", i), fmt.Sprintf("M%d", i%7), 10_000+int64(i)))
	}
	pooled := credit("pooled", "M1", 300)
	pooled.BookedOn, pooled.ValueOn = firstDay.AddDays(-1), firstDay.AddDays(1)
	pooled.Postings = append(pooled.Postings, ledger.Posting{
		Debit: ledger.Bank("BK"), Credit: ledger.Sub("M2", ledger.Restricted), Amount: money.Cents(55),
	})
	out := payment("payment 1", "M3", 4_000)
	out.Journal = ledger.TransferJournal
	other := entry(ledger.Identification, "identify", ledger.Suspense, ledger.Mandate("M4"), 12)
	other.Journal = ledger.OtherJournal
	b.mustPost(pooled, out, other)
	if _, err := b.reverse(5); err != nil {
		t.Fatal(err)
	}
	b.setDay(firstDay.AddMonths(2))
	for _, step := range []error{
		b.closeMonth(firstDay.MonthOf()), b.reopenMonth(firstDay.MonthOf()), b.closeMonth(firstDay.MonthOf()),
	} {
		if step != nil {
			t.Fatal(step)
		}
	}
	b.mustPost(credit("after", "M5", 1))
	act := audit.Act{
		Actor: "paul", Action: "run.approve", ObjectType: "run", ObjectID: "7", Reason: "relu",
		Before: [32]byte{1}, After: [32]byte{2}, Details: map[string]int{"lines": 3},
	}
	if err := b.in(func(tx pgx.Tx) error { _, err := audit.Record(t.Context(), tx, act); return err }); err != nil {
		t.Fatal(err)
	}
	b.mustVerify()
	return b
}

// tampered runs a statement as superuser with all triggers off and returns what a verification
// finds then; everything is rolled back.
func (b *books) tampered(o ledger.VerifyOptions, statement string) (found []ledger.Finding, changed int64, err error) {
	tx, err := b.db.Super.Begin(b.t.Context())
	if err != nil {
		return nil, 0, err
	}
	defer tx.Rollback(background()) //nolint:errcheck // the point of it
	if _, err := tx.Exec(b.t.Context(), `SET LOCAL session_replication_role = replica`); err != nil {
		return nil, 0, err
	}
	tag, err := tx.Exec(b.t.Context(), statement)
	if err != nil {
		return nil, 0, err
	}
	r, err := ledger.VerifyTx(b.t.Context(), tx, o)
	return r.Findings, tag.RowsAffected(), err
}

func TestAnyChangedColumnOfAnySealedRowIsFound(t *testing.T) {
	t.Parallel()
	b := storyBooks(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	for _, c := range sealedColumns(t, b) {
		var rows int
		if err := b.db.Super.QueryRow(t.Context(), `SELECT count(*) FROM masp.`+c.Table).Scan(&rows); err != nil || rows == 0 {
			t.Fatalf("table %s: %d rows, %v; the story must fill it", c.Table, rows, err)
		}
		expressions, known := changes[c.Type]
		if !known {
			t.Fatalf("no change known for type %s of %s.%s", c.Type, c.Table, c.Name)
		}
		done := 0
		for i := range 4 * len(expressions) { // four rows for each change: some do not take it
			value := expressions[i%len(expressions)]
			if strings.Contains(value, "%") {
				value = fmt.Sprintf(value, c.Name)
			}
			statement := fmt.Sprintf(`UPDATE masp.%[1]s SET %[2]s = %[3]s WHERE ctid =
				(SELECT ctid FROM masp.%[1]s WHERE %[2]s IS DISTINCT FROM %[3]s
				  ORDER BY md5(ctid::text || '%[4]d') LIMIT 1)`, c.Table, c.Name, value, seed+uint64(i))
			found, changed, err := b.tampered(ledger.VerifyOptions{}, statement)
			if err == nil && changed == 0 || err != nil && refusal(err) != err.Error() {
				continue // the database does not hold such a value
			}
			if err != nil {
				t.Fatalf("verify after %s: %v", statement, err)
			}
			done++
			if len(found) == 0 {
				t.Errorf("not found: %s", statement)
			}
			if os.Getenv("CI") == "" && os.Getenv("MASP_LONG") == "" {
				break // one change of each column; every change of four rows in the long forms
			}
		}
		if done == 0 && !unwritable[c.Table+"."+c.Name] {
			t.Errorf("no change of %s.%s could be tried", c.Table, c.Name)
		}
	}
}

func TestAnyDeletedRowIsFound(t *testing.T) {
	t.Parallel()
	b := storyBooks(t)
	tables := map[string]bool{}
	for _, c := range sealedColumns(t, b) {
		tables[c.Table] = true
	}
	for table := range tables {
		for _, order := range []string{"ctid", "ctid DESC", "random()"} {
			statement := fmt.Sprintf(`DELETE FROM masp.%[1]s WHERE ctid =
				(SELECT ctid FROM masp.%[1]s ORDER BY %[2]s LIMIT 1)`, table, order)
			found, changed, err := b.tampered(ledger.VerifyOptions{}, statement)
			if err != nil || changed != 1 {
				t.Fatalf("%s: %d rows, %v", statement, changed, err)
			}
			if len(found) == 0 {
				t.Errorf("not found: %s", statement)
			}
		}
	}
}

func TestTheFirstFindingNamesThePlace(t *testing.T) {
	t.Parallel()
	b := storyBooks(t)
	for statement, want := range map[string]string{
		`UPDATE masp.entries SET actor = 'eve' WHERE entry_no = 9`:                            "entries 9",
		`UPDATE masp.entries SET source = 'eve' WHERE entry_no = 31`:                          "entries 31",
		`UPDATE masp.postings SET amount_cents = 1 WHERE entry_no = 12`:                       "postings 12/1",
		`UPDATE masp.entry_texts SET label = 'eve' WHERE entry_no = 4`:                        "entry_texts 4",
		`UPDATE masp.seals SET merkle_root = head WHERE batch_no = 3`:                         "seals 3",
		`UPDATE masp.account_balances SET credit_cents = credit_cents + 1 WHERE account_id=2`: "account_balances 2",
		`UPDATE masp.audit_log SET reason = 'eve' WHERE seq = 2`:                              "audit_log 2",
		`UPDATE masp.closings SET actor = 'eve' WHERE closing_no = 2`:                         "closings 2",
		`DELETE FROM masp.entries WHERE entry_no = 17`:                                        "entries 17",
		`DELETE FROM masp.journals WHERE code = 'VI'`:                                         "journals",
	} {
		found, _, err := b.tampered(ledger.VerifyOptions{}, statement)
		if err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
		if len(found) == 0 || found[0].Place != want {
			t.Errorf("after %s the findings are %v, want the first at %q", statement, found, want)
		}
	}
}

func TestADeletedTailIsFoundByAPrintedHead(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	b.mustPost(credit("one", "M1", 100))
	before, err := b.Head(t.Context(), b.db.App)
	if err != nil {
		t.Fatal(err)
	}
	b.mustPost(credit("two", "M1", 50))
	printed, err := b.Head(t.Context(), b.db.App)
	if err != nil {
		t.Fatal(err)
	}
	printed, err = ledger.ParseHead(printed.String())
	if err != nil {
		t.Fatal(err)
	}
	// A perfect removal of the second batch: every row is as it was before it.
	removal := fmt.Sprintf(`WITH e AS (DELETE FROM masp.entries WHERE entry_no = 2),
		x AS (DELETE FROM masp.entry_texts WHERE entry_no = 2),
		p AS (DELETE FROM masp.postings WHERE entry_no = 2),
		s AS (DELETE FROM masp.seals WHERE batch_no = 2),
		j AS (UPDATE masp.journals SET last_no = 1 WHERE code = 'BQ'),
		a AS (UPDATE masp.account_balances SET seq = 1, debit_cents = sign(debit_cents) * 100,
		                                       credit_cents = sign(credit_cents) * 100)
		UPDATE masp.chain_heads SET last_batch = 1, last_entry = 1, head = '\x%s'`, before.Hash)
	found, _, err := b.tampered(ledger.VerifyOptions{}, removal)
	if err != nil || len(found) != 0 {
		t.Fatalf("without a head: %v, %v; a chain does not see its missing end", found, err)
	}
	found, _, err = b.tampered(ledger.VerifyOptions{Head: &before}, removal)
	if err != nil || len(found) != 0 {
		t.Fatalf("with the head of before: %v, %v; want nothing", found, err)
	}
	found, _, err = b.tampered(ledger.VerifyOptions{Head: &printed}, removal)
	if err != nil || len(found) == 0 {
		t.Fatalf("with the printed head: %v, %v; want the missing end", found, err)
	}
}

func TestADeletedTailOfTheLogOfActsIsFoundByAPrintedHead(t *testing.T) {
	t.Parallel()
	b := storyBooks(t)
	printed, err := b.Head(t.Context(), b.db.App)
	if err != nil {
		t.Fatal(err)
	}
	const removal = `WITH gone AS (DELETE FROM masp.audit_log WHERE seq = 4 RETURNING prev_hash)
		UPDATE masp.audit_heads SET last_seq = 3, hash = (SELECT prev_hash FROM gone)`
	for _, c := range []struct {
		head *ledger.Head
		want bool
	}{{nil, false}, {&printed, true}} {
		found, _, err := b.tampered(ledger.VerifyOptions{Head: c.head}, removal)
		if err != nil || (len(found) > 0) != c.want {
			t.Errorf("head given %v: found %v, %v; want found %v", c.head != nil, found, err, c.want)
		}
	}
}
