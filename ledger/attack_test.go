package ledger_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/ledger"
)

// refused runs a statement and rolls back; it says how PostgreSQL refused it.
func refused(t *testing.T, pool *pgxpool.Pool, statement string, args ...any) string {
	t.Helper()
	tx, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(background()) //nolint:errcheck // nothing is meant to stay
	_, err = tx.Exec(t.Context(), statement, args...)
	return refusal(err)
}

func TestNobodyWritesASealedTableBesideItsFunction(t *testing.T) {
	t.Parallel()
	b := storyBooks(t)
	first := map[string]string{} // one column of each table
	for _, c := range sealedColumns(t, b) {
		if first[c.Table] == "" {
			first[c.Table] = c.Name
		}
	}
	for table, column := range first {
		for statement, owner := range map[string]string{
			`INSERT INTO masp.%[1]s DEFAULT VALUES`:           "MA001 MA002",
			`UPDATE masp.%[1]s SET %[2]s = %[2]s`:             "MA001 MA002",
			`UPDATE masp.%[1]s SET %[2]s = %[2]s WHERE false`: "MA001 MA002",
			`DELETE FROM masp.%[1]s`:                          "MA001",
			`TRUNCATE masp.%[1]s`:                             "MA001",
			`TRUNCATE masp.%[1]s CASCADE`:                     "MA001",

			`MERGE INTO masp.%[1]s x USING (VALUES (1)) v ON true WHEN MATCHED THEN DELETE`: "MA001",
			// The guard looks at the functions that run, not at words in a statement or a setting.
			`DO $x$ BEGIN PERFORM set_config('masp.post_batch', 'on', true); DELETE FROM masp.%[1]s; END $x$`: "MA001",
		} {
			statement := fmt.Sprintf(statement, table, column)
			if got := refused(t, b.db.Owner, statement); !strings.Contains(owner, got) {
				t.Errorf("owner: %s: got %s, want %s", statement, got, owner)
			}
			if got := refused(t, b.db.App, statement); got != "42501" {
				t.Errorf("application: %s: got %s, want 42501", statement, got)
			}
		}
	}
}

func TestTheApplicationCannotRaiseItself(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	for statement, want := range map[string]string{
		`SELECT masp.set_clock(now())`:                                                      "42501",
		`ALTER TABLE masp.entries DISABLE TRIGGER ALL`:                                      "42501",
		`DROP TRIGGER entries_are_only_added ON masp.entries`:                               "42501",
		`SET session_replication_role = replica`:                                            "42501",
		`SET ROLE masp_owner`:                                                               "42501",
		`CREATE TABLE masp.entries2 ()`:                                                     "42501",
		`CREATE OR REPLACE FUNCTION masp.only_by_door() RETURNS trigger LANGUAGE sql AS ''`: "42501",
	} {
		if got := refused(t, b.db.App, statement); got != want {
			t.Errorf("%s: got %s, want %s", statement, got, want)
		}
	}
}

// forged is a call of masp.post_batch as an attacker writes it, without this package.
type forged struct {
	Prev                                   []byte
	At                                     time.Time
	NewCodes, Journals, Kinds, Hubs        []string
	JournalNos                             []int64
	Posted                                 []time.Time
	Lines                                  []int32
	Sources                                []string
	Reversed                               []*int64
	Entries                                []int64
	Nos                                    []int32
	Debits, Credits                        []int64
	Amounts                                any
	DebitSeqs, DebitAfters, CSeqs, CAfters []int64
}

// good is a batch that the database accepts: 100 cents from 467:M1 (account 2) to 580:OUT (account 3),
// after the three entries of attackedBooks.
func good(t *testing.T, b *books) *forged {
	t.Helper()
	f := &forged{
		Journals: []string{"VI"}, Kinds: []string{"PAYMENT"}, Hubs: []string{"D"}, JournalNos: []int64{2},
		Posted: []time.Time{firstDay.Time()}, Lines: []int32{1}, Sources: []string{"forged"},
		Reversed: []*int64{nil}, Entries: []int64{4}, Nos: []int32{1}, Debits: []int64{2}, Credits: []int64{3},
		Amounts: []int64{100}, DebitSeqs: []int64{3}, DebitAfters: []int64{-800}, CSeqs: []int64{2}, CAfters: []int64{-200},
	}
	err := b.db.App.QueryRow(t.Context(), `SELECT head, masp.now() FROM masp.chain_heads`).Scan(&f.Prev, &f.At)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *forged) refused(t *testing.T, pool *pgxpool.Pool) string {
	t.Helper()
	n := len(f.Sources)
	hashes, salts, actors, labels, days := make([][]byte, n), make([][]byte, n), make([]string, n), make([]string, n), make([]*time.Time, n)
	for i := range n {
		hashes[i], salts[i], actors[i], labels[i] = make([]byte, 32), make([]byte, 16), "eve", "x"
	}
	return refused(t, pool, `SELECT masp.post_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
		$14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29)`,
		f.Prev, f.At, make([]byte, 32), f.NewCodes, f.Journals, f.JournalNos, f.Kinds, f.Hubs,
		f.Posted, days, days, f.Lines, f.Sources, actors, f.Reversed, hashes, hashes, hashes, salts, labels,
		f.Entries, f.Nos, f.Debits, f.Credits, f.Amounts, f.DebitSeqs, f.DebitAfters, f.CSeqs, f.CAfters)
}

// attackedBooks holds 1 000 cents for M1, less 100 in transit, and has closed January.
func attackedBooks(t *testing.T) *books {
	t.Helper()
	b := newBooks(t)
	out := payment("one", "M1", 100)
	out.Journal = ledger.TransferJournal
	b.mustPost(credit("zero", "M1", 1000), out)
	b.mustPost(credit("two", "M2", 70))
	if err := b.closeMonth(firstDay.AddMonths(-2).MonthOf()); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAForgedBatchIsRefusedByTheRuleItBreaks(t *testing.T) {
	t.Parallel()
	b := attackedBooks(t)
	one, two := int64(1), int64(2)
	for name, c := range map[string]struct {
		forge func(*forged)
		want  string
	}{
		"nothing forged":          {func(*forged) {}, "accepted"},
		"zero":                    {func(f *forged) { f.Amounts = []int64{0} }, "posting_positive"},
		"negative":                {func(f *forged) { f.Amounts = []int64{-100} }, "posting_positive"},
		"not a number":            {func(f *forged) { f.Amounts = "{NaN}" }, "22P02"},
		"third decimal":           {func(f *forged) { f.Amounts = "{1.005}" }, "22P02"},
		"exponent":                {func(f *forged) { f.Amounts = "{1e3}" }, "22P02"},
		"too large":               {func(f *forged) { f.Amounts = "{9223372036854775808}" }, "22003"},
		"one leg":                 {func(f *forged) { f.Credits = nil }, "23502"},
		"two legs of one account": {func(f *forged) { f.Credits = f.Debits }, "posting_between_two_accounts"},
		"unbalanced":              {func(f *forged) { f.CAfters[0] = -250 }, "MA007"},
		"no line": {func(f *forged) {
			f.Entries = nil
			f.Nos = nil
			f.Debits = nil
			f.Credits = nil
			f.Amounts = []int64{}
			f.DebitSeqs = nil
			f.DebitAfters = nil
			f.CSeqs = nil
			f.CAfters = nil
		}, "MA006"},
		"fewer lines than it says":  {func(f *forged) { f.Lines[0] = 2 }, "MA006"},
		"line that is not numbered": {func(f *forged) { f.Nos[0] = 2 }, "MA006"},
		"line of an old entry":      {func(f *forged) { f.Entries[0] = 1; f.Nos[0] = 2 }, "MA006"},
		"line rewritten":            {func(f *forged) { f.Entries[0] = 1 }, "posting_line_once"},
		"no hub":                    {func(f *forged) { f.twoLines() }, "MA006"},
		"same source":               {func(f *forged) { f.Sources[0] = "one" }, "entry_source_once"},
		"number used":               {func(f *forged) { f.JournalNos[0] = 1 }, "entry_number_once_in_journal"},
		"number skipped":            {func(f *forged) { f.JournalNos[0] = 3 }, "MA003"},
		"unknown journal":           {func(f *forged) { f.Journals[0] = "XX" }, "MA003"},
		"unknown kind":              {func(f *forged) { f.Kinds[0] = "GIFT" }, "kind_is_known"},
		"no source":                 {func(f *forged) { f.Sources[0] = "" }, "MA006"},
		"old head":                  {func(f *forged) { f.Prev = make([]byte, 32) }, "MA003"},
		"sealed yesterday":          {func(f *forged) { f.At = f.At.Add(-24 * time.Hour) }, "MA003"},
		"sealed tomorrow":           {func(f *forged) { f.At = f.At.Add(24 * time.Hour) }, "MA003"},
		"closed month":              {func(f *forged) { f.Posted[0] = firstDay.AddMonths(-2).Time() }, "MA004"},
		"backdated":                 {func(f *forged) { f.Posted[0] = firstDay.AddDays(-1).Time() }, "MA005"},
		"tomorrow":                  {func(f *forged) { f.Posted[0] = firstDay.AddDays(1).Time() }, "MA005"},
		"overdraft":                 {func(f *forged) { f.Amounts = []int64{901}; f.DebitAfters[0] = 1; f.CAfters[0] = -1001 }, "balance_not_below_floor"},
		"overdraft between":         {func(f *forged) { f.outAndIn() }, "balance_not_below_floor"},
		"account that is not":       {func(f *forged) { f.Credits[0] = 99 }, "MA007"},
		"line number used":          {func(f *forged) { f.DebitSeqs[0] = 2 }, "debit_line_once"},
		"line number skipped":       {func(f *forged) { f.DebitSeqs[0] = 4 }, "MA007"},
		"wrong balance":             {func(f *forged) { f.DebitAfters[0] = -900 }, "MA007"},
		"account without postings":  {func(f *forged) { f.NewCodes = []string{"467:M9"} }, "MA007"},
		"not an account code":       {func(f *forged) { f.NewCodes = []string{"606:FOOD"} }, "account_code_is_known"},
		"account opened twice":      {func(f *forged) { f.NewCodes = []string{"467:M1"} }, "account_code_once"},
		"reversal of nothing":       {func(f *forged) { f.Kinds[0] = "REVERSAL" }, "reversal_names_its_entry"},
		"reversal that is none":     {func(f *forged) { f.Kinds[0] = "REVERSAL"; f.Reversed[0] = &one }, "MA009"},
		"reversal of the future":    {func(f *forged) { n := int64(4); f.Kinds[0] = "REVERSAL"; f.Reversed[0] = &n }, "MA009"},
		"reversal of another amount": {func(f *forged) {
			f.Kinds[0], f.Reversed[0] = "REVERSAL", &two
			f.Debits, f.Credits, f.Amounts = []int64{3}, []int64{2}, []int64{99}
			f.DebitSeqs, f.DebitAfters, f.CSeqs, f.CAfters = []int64{2}, []int64{-1}, []int64{3}, []int64{-999}
		}, "MA009"},
	} {
		f := good(t, b)
		c.forge(f)
		for role, pool := range map[string]*pgxpool.Pool{"application": b.db.App, "owner": b.db.Owner} {
			if got := f.refused(t, pool); got != c.want {
				t.Errorf("%s as %s: got %s, want %s", name, role, got, c.want)
			}
		}
	}
	b.mustVerify()
}

// twoLines has two debit and two credit accounts in one entry.
func (f *forged) twoLines() {
	f.Lines[0] = 2
	f.Entries, f.Nos = []int64{4, 4}, []int32{1, 2}
	f.Debits, f.Credits, f.Amounts = []int64{2, 1}, []int64{3, 4}, []int64{100, 5}
	f.DebitSeqs, f.DebitAfters = []int64{3, 3}, []int64{-800, 1075}
	f.CSeqs, f.CAfters = []int64{2, 2}, []int64{-200, -75}
}

// outAndIn takes more than M1 has in one entry and brings it back in the next: the balance after the
// batch is fine, the one between is not.
func (f *forged) outAndIn() {
	f.Journals, f.Kinds, f.Hubs = []string{"VI", "BQ"}, []string{"PAYMENT", "BANK_CREDIT"}, []string{"D", "D"}
	f.JournalNos, f.Lines, f.Sources = []int64{2, 3}, []int32{1, 1}, []string{"out", "in"}
	f.Posted, f.Reversed = []time.Time{firstDay.Time(), firstDay.Time()}, []*int64{nil, nil}
	f.Entries, f.Nos = []int64{4, 5}, []int32{1, 1}
	f.Debits, f.Credits, f.Amounts = []int64{2, 1}, []int64{3, 2}, []int64{901, 500}
	f.DebitSeqs, f.DebitAfters = []int64{3, 3}, []int64{1, 1570}
	f.CSeqs, f.CAfters = []int64{2, 4}, []int64{-1001, -499}
}

func TestAnOlderSnapshotIsRefused(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	for _, level := range []pgx.TxIsoLevel{pgx.RepeatableRead, pgx.Serializable} {
		err := pgx.BeginTxFunc(t.Context(), b.db.App, pgx.TxOptions{IsoLevel: level}, func(tx pgx.Tx) error {
			_, err := b.PostTx(t.Context(), tx, credit("x", "M1", 1))
			return err
		})
		if got := refusal(err); got != "MA008" {
			t.Errorf("%s: got %s, want MA008", level, got)
		}
	}
}
