package ledger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// pooled is one bank credit for several mandates; a mandate may come twice.
func pooled(source string, parts ...ledger.Posting) ledger.Entry {
	e := credit(source, "M1", 1)
	e.Postings = parts
	return e
}

func part(mandate string, cents int64) ledger.Posting {
	return ledger.Posting{Debit: ledger.Bank("BK"), Credit: ledger.Mandate(mandate), Amount: money.Cents(cents)}
}

func TestAStatementShowsTheHubAsOneLineAndTheOthersOneByOne(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	e := pooled("caf", part("M1", 100), part("M2", 50), part("M1", 7))
	e.BookedOn, e.ValueOn, e.Label = firstDay.AddDays(-2), firstDay.AddDays(-1), "CAF CAF-1005"
	b.mustPost(e, payment("rent", "M1", 60))
	bank, err := b.AccountStatement(t.Context(), b.db.App, ledger.Bank("BK"), firstDay, firstDay)
	if err != nil || len(bank.Lines) != 1 {
		t.Fatalf("got %+v, %v, want one summed line", bank, err)
	}
	want := ledger.StatementLine{
		Seq: 3, No: 1, Journal: ledger.BankJournal, InNo: 1, PostedOn: firstDay, BookedOn: e.BookedOn, ValueOn: e.ValueOn,
		Kind: ledger.BankCredit, Source: "caf", Label: e.Label, In: money.Cents(157), Balance: money.Cents(157),
	}
	if bank.Lines[0] != want {
		t.Errorf("got %+v, want %+v", bank.Lines[0], want)
	}
	person, err := b.AccountStatement(t.Context(), b.db.App, ledger.Mandate("M1"), firstDay, firstDay)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range person.Lines {
		got = append(got, fmt.Sprintf("%s +%s -%s =%s", l.Kind, l.In, l.Out, l.Balance))
	}
	if want := "BANK_CREDIT +1.00 -0.00 =1.00, BANK_CREDIT +0.07 -0.00 =1.07, PAYMENT +0.00 -0.60 =0.47"; strings.Join(got, ", ") != want {
		t.Errorf("got %s, want %s", strings.Join(got, ", "), want)
	}
	if person.Closing != money.Cents(47) || person.In != money.Cents(107) || person.Out != money.Cents(60) {
		t.Errorf("got closing %s, in %s, out %s, want 0.47, 1.07, 0.60", person.Closing, person.In, person.Out)
	}
}

func TestTheViewOfLinesShowsTheHubFirst(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	b.mustPost(pooled("caf", part("M1", 100), part("M2", 50), part("M1", 7)), payment("rent", "M1", 60))
	if _, err := b.reverse(1); err == nil {
		t.Fatal("reversed what is spent already")
	}
	if _, err := b.reverse(2); err != nil {
		t.Fatal(err)
	}
	if _, err := b.reverse(1); err != nil {
		t.Fatal(err)
	}
	rows, err := b.db.App.Query(t.Context(), `SELECT format('%s/%s %s %s', entry_no, line_no, code, amount_cents)
		FROM masp.posting_lines JOIN masp.accounts USING (account_id) ORDER BY entry_no, line_no`)
	if err != nil {
		t.Fatal(err)
	}
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	want := []string{
		"1/1 512:BK 157", "1/2 467:M1 -100", "1/3 467:M2 -50", "1/4 467:M1 -7",
		"2/1 467:M1 60", "2/2 580:OUT -60",
		"3/1 467:M1 -60", "3/2 580:OUT 60",
		"4/1 512:BK -157", "4/2 467:M1 100", "4/3 467:M2 50", "4/4 467:M1 7",
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

func TestPagesTogetherAreTheStatement(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	var entries []ledger.Entry
	for i := range 40 {
		var parts []ledger.Posting
		for j := range i%9 + 1 {
			parts = append(parts, part(fmt.Sprint("M", j%4), int64(i+1)))
		}
		entries = append(entries, pooled(fmt.Sprint("s", i), parts...))
	}
	b.mustPost(entries...)
	for _, code := range []ledger.Code{ledger.Bank("BK"), ledger.Mandate("M0"), ledger.Mandate("M3"), ledger.Mandate("NONE")} {
		whole, err := b.AccountStatement(t.Context(), b.db.App, code, firstDay, firstDay)
		if err != nil {
			t.Fatal(err)
		}
		for _, size := range []int{1, 2, 7, 50, 1000} {
			var got []ledger.StatementLine
			for cursor, pages := int64(0), 0; ; pages++ {
				p, err := b.Page(t.Context(), b.db.App, code, cursor, size)
				if err != nil || len(p.Lines) > size || pages > 100 {
					t.Fatalf("%s by %d: %d lines, page %d, %v", code, size, len(p.Lines), pages, err)
				}
				got = append(got, p.Lines...)
				if cursor = p.Older; cursor == 0 {
					break
				}
			}
			slices.Reverse(got)
			if !slices.Equal(got, whole.Lines) {
				t.Errorf("%s by %d: %d lines, want the %d of the statement", code, size, len(got), len(whole.Lines))
			}
		}
	}
}

func TestStatementsOfAdjoiningDaysJoin(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	for i := range 60 {
		b.setDay(firstDay.AddDays(i / 2))
		b.mustPost(credit(fmt.Sprint("in ", i), "M1", int64(i+1)))
	}
	end := firstDay.AddDays(29)
	whole := b.statement(firstDay, end)
	for cut := range 29 {
		left, right := b.statement(firstDay, firstDay.AddDays(cut)), b.statement(firstDay.AddDays(cut+1), end)
		if left.Closing != right.Opening || !slices.Equal(append(left.Lines, right.Lines...), whole.Lines) {
			t.Errorf("cut after %s: %s then %s, want one statement", left.To, left.Closing, right.Opening)
		}
	}
}

func (b *books) statement(from, to civil.Date) ledger.AccountStatement {
	b.t.Helper()
	s, err := b.AccountStatement(b.t.Context(), b.db.App, ledger.Mandate("M1"), from, to)
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

func TestReadingAnAccountUsesKeysOnly(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 10, 2000} {
		b := newBooks(t)
		var entries []ledger.Entry
		for i := range size {
			entries = append(entries, credit(fmt.Sprint("in ", i), fmt.Sprint("M", i%50), 1))
		}
		b.mustPost(entries...)
		err := b.in(func(tx pgx.Tx) error {
			for range 8 { // plans change after some calls
				if _, err := b.Page(t.Context(), tx, ledger.Bank("BK"), 0, 50); err != nil {
					return err
				}
				if _, err := b.BalanceOn(t.Context(), tx, ledger.Mandate("M1"), firstDay); err != nil {
					return err
				}
				if _, err := b.PostTx(t.Context(), tx, credit("again", "M1", 1)); err != nil {
					return err
				}
			}
			var scans int
			err := tx.QueryRow(t.Context(), `SELECT sum(seq_scan) FROM pg_stat_xact_user_tables
				WHERE schemaname = 'masp' AND relname IN ('entries', 'entry_texts', 'postings', 'account_balances')`).Scan(&scans)
			if err == nil && scans > 0 {
				t.Errorf("%d entries: %d reads of a whole table, want none", size, scans)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
