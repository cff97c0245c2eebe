package ledger_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/migrations/dbtest"
)

func TestMain(m *testing.M) {
	if child := os.Getenv("MASP_LEDGER_CHILD"); child != "" {
		postForEver(child)
		return
	}
	flag.Parse()
	if f := flag.Lookup("rapid.checks"); f != nil && os.Getenv("MASP_LONG") == "" && f.Value.String() == f.DefValue {
		_ = f.Value.Set("15") // each check has a database of its own
	}
	dbtest.Main(m)
}

// books is a ledger on a fresh database whose clock stands at noon of a day.
type books struct {
	*ledger.Ledger
	db *dbtest.DB
	t  testing.TB
}

var firstDay = civil.MustParse("2026-03-02")

func newBooks(t testing.TB) *books {
	t.Helper()
	b := &books{db: dbtest.New(t), t: t}
	b.Ledger = ledger.New(b.db.App)
	b.setDay(firstDay)
	return b
}

// closePools frees the connections before the test ends: a property has many databases.
func (b *books) closePools() {
	for _, pool := range []*pgxpool.Pool{b.db.App, b.db.Owner, b.db.Super} {
		pool.Close()
	}
}

func (b *books) setDay(d civil.Date) { b.db.SetClock(b.t, d.Time().Add(12*time.Hour)) }

// in runs f in a transaction of the application role and commits when it returns nil.
func (b *books) in(f func(tx pgx.Tx) error) error {
	return pgx.BeginFunc(b.t.Context(), b.db.App, f)
}

func (b *books) post(entries ...ledger.Entry) ([]ledger.Posted, error) {
	var posted []ledger.Posted
	err := b.in(func(tx pgx.Tx) (err error) {
		posted, err = b.PostTx(b.t.Context(), tx, entries...)
		return err
	})
	return posted, err
}

func (b *books) mustPost(entries ...ledger.Entry) []ledger.Posted {
	b.t.Helper()
	posted, err := b.post(entries...)
	if err != nil {
		b.t.Fatalf("post: %v", err)
	}
	return posted
}

func (b *books) reverse(no int64) (ledger.Posted, error) {
	var posted ledger.Posted
	err := b.in(func(tx pgx.Tx) (err error) {
		posted, err = b.ReverseTx(b.t.Context(), tx, no, ledger.Reversal{Actor: "marie"})
		return err
	})
	return posted, err
}

func (b *books) closeMonth(m civil.Month) error {
	return b.in(func(tx pgx.Tx) error {
		_, err := b.CloseMonth(b.t.Context(), tx, m, "paul")
		return err
	})
}

func (b *books) reopenMonth(m civil.Month) error {
	return b.in(func(tx pgx.Tx) error {
		_, err := b.ReopenMonth(b.t.Context(), tx, m, "paul", "oubli")
		return err
	})
}

func (b *books) balance(code ledger.Code) money.Amount {
	b.t.Helper()
	got, err := b.Balance(b.t.Context(), b.db.App, code)
	if err != nil {
		b.t.Fatalf("balance: %v", err)
	}
	return got
}

func (b *books) verify() ledger.Report {
	b.t.Helper()
	r, err := ledger.Verify(b.t.Context(), b.db.App, ledger.VerifyOptions{})
	if err != nil {
		b.t.Fatalf("verify: %v", err)
	}
	return r
}

func (b *books) mustVerify() {
	b.t.Helper()
	if r := b.verify(); !r.OK() {
		b.t.Fatalf("verify finds %v, want nothing", r.Findings)
	}
}

// credit is a benefit received for a mandate.
func credit(source, mandate string, cents int64) ledger.Entry {
	return entry(ledger.BankCredit, source, ledger.Bank("BK"), ledger.Mandate(mandate), cents)
}

// payment takes funds of a mandate into transit.
func payment(source, mandate string, cents int64) ledger.Entry {
	return entry(ledger.Payment, source, ledger.Mandate(mandate), ledger.InTransit, cents)
}

func entry(kind ledger.Kind, source string, debit, credit ledger.Code, cents int64) ledger.Entry {
	return ledger.Entry{
		Journal: ledger.BankJournal, Kind: kind, Source: source, Label: "libellé " + source, Actor: "marie",
		Postings: []ledger.Posting{{Debit: debit, Credit: credit, Amount: money.Cents(cents)}},
	}
}

// refusal names how PostgreSQL refused: the constraint when there is one, else the SQLSTATE.
func refusal(err error) string {
	var refused *pgconn.PgError
	switch {
	case err == nil:
		return "accepted"
	case !errors.As(err, &refused):
		return err.Error()
	case refused.ConstraintName != "":
		return refused.ConstraintName
	}
	return refused.Code
}

func background() context.Context { return context.Background() }
