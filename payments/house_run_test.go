package payments_test

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/chain"
	"masp/ledger/money"
	"masp/payments"
)

// Propose proposes a run and reads it whole.
func (h *house) Propose(ctx context.Context, who auth.Principal, ask payments.Ask) (payments.Run, error) {
	run, err := h.Service.Propose(ctx, who, ask)
	if err != nil {
		return run, err
	}
	return h.Show(ctx, run.ID)
}

// Submit submits a run and reads it whole.
func (h *house) Submit(ctx context.Context, who auth.Principal, id string) (payments.Run, error) {
	if _, err := h.Service.Submit(ctx, who, id); err != nil {
		return payments.Run{}, err
	}
	return h.Show(ctx, id)
}

// Approve signs a run and reads it whole.
func (h *house) Approve(ctx context.Context, who auth.Principal, id string, seen chain.Hash) (payments.Run, error) {
	if _, err := h.Service.Approve(ctx, who, id, seen); err != nil {
		return payments.Run{}, err
	}
	return h.Show(ctx, id)
}

func (h *house) propose() payments.Run {
	h.t.Helper()
	run, err := h.Propose(h.t.Context(), h.anne, payments.Ask{All: true})
	if err != nil {
		h.t.Fatalf("propose: %v", err)
	}
	return run
}

func (h *house) submitted() payments.Run {
	h.t.Helper()
	draft := h.propose()
	h.decided(draft)
	run, err := h.Submit(h.t.Context(), h.anne, draft.ID)
	if err != nil {
		h.t.Fatalf("submit: %v", err)
	}
	return run
}

// decided leaves every blocking exception of a draft as it was computed.
func (h *house) decided(run payments.Run) {
	h.t.Helper()
	if err := h.DecideAll(h.t.Context(), h.anne, run.ID, "vu"); err != nil {
		h.t.Fatalf("decide: %v", err)
	}
}

func (h *house) approved() payments.Run {
	h.t.Helper()
	run := h.submitted()
	run, err := h.Approve(h.t.Context(), h.bruno, run.ID, run.ContentHash)
	if err != nil {
		h.t.Fatalf("approve: %v", err)
	}
	return run
}

func (h *house) filed() payments.Run {
	h.t.Helper()
	run := h.approved()
	if _, err := h.File(h.t.Context(), h.bruno, run.ID); err != nil {
		h.t.Fatalf("file: %v", err)
	}
	return h.show(run.ID)
}

func (h *house) show(id string) payments.Run {
	h.t.Helper()
	run, err := h.Show(h.t.Context(), id)
	if err != nil {
		h.t.Fatalf("show: %v", err)
	}
	return run
}

// in runs f in a transaction of the application role, and records the act as an import does.
func (h *house) in(f func(tx pgx.Tx) error) error { return h.act(h.db.App, f) }

func (h *house) act(as *pgxpool.Pool, f func(tx pgx.Tx) error) error {
	return pgx.BeginFunc(h.t.Context(), as, func(tx pgx.Tx) error {
		if err := f(tx); err != nil {
			return err
		}
		_, err := audit.Record(h.t.Context(), tx, audit.Act{
			Actor: "test", Action: "test.change", ObjectType: "test", ObjectID: "house",
		})
		return err
	})
}

// bankDebits lets the bank execute transfers: statement, entry 580 → 512, settlement.
func (h *house) bankDebits(transfers ...payments.Instruction) {
	h.t.Helper()
	for _, t := range transfers {
		entry := h.bankLine(t, "SETTLED", ledger.InTransit, ledger.Bank(t.BankAccount))
		err := h.in(func(tx pgx.Tx) error {
			today, err := ledger.Today(h.t.Context(), tx)
			if err != nil {
				return err
			}
			return h.MarkSettledTx(h.t.Context(), tx, []payments.Settlement{{Instruction: t.ID, Entry: entry, On: today}})
		})
		if err != nil {
			h.t.Fatalf("settle %s: %v", t.EndToEndID, err)
		}
	}
}

// bankReturns lets a settled transfer come back.
func (h *house) bankReturns(t payments.Instruction, reason string) payments.Failure {
	h.t.Helper()
	f := payments.Failure{
		Instruction: t.ID, Reason: reason, On: thursday,
		Entry: h.bankLine(t, "RETURNED", ledger.Bank(t.BankAccount), t.Account),
	}
	if err := h.in(func(tx pgx.Tx) error { return h.MarkReturnedTx(h.t.Context(), tx, f) }); err != nil {
		h.t.Fatalf("return %s: %v", t.EndToEndID, err)
	}
	return f
}

// bankLine books a line of a statement of its own about one transfer.
func (h *house) bankLine(t payments.Instruction, meaning string, debit, credit ledger.Code) int64 {
	h.t.Helper()
	kind := t.Kind
	if meaning == "RETURNED" {
		kind = ledger.Return
	}
	name := meaning + " " + t.EndToEndID
	entry := h.move(kind, "bank "+name, debit, credit, t.Amount.String()).No
	h.owner(`WITH f AS (
		INSERT INTO masp.bank_files (name, sha256, size, format, outcome, received_at, received_by)
		VALUES ($1, sha256(convert_to($1, 'UTF8')), 1, 'camt.053', 'accepted', masp.now(), 'test') RETURNING file_id
	), s AS (
		INSERT INTO masp.bank_statements (file_id, ordinal, bank_account_id, account_iban, bank_ref, opening_cents, closing_cents,
		       closing_on, entries, content_hash, state, chain_no)
		SELECT file_id, 1, $2, $1, $1, 0, (SELECT b.debit_cents - b.credit_cents FROM masp.accounts a
		         JOIN masp.account_balances b USING (account_id) WHERE a.code = '512:' || $2::text), masp.today(), 1, sha256(''), 'accepted',
		       (SELECT count(*) + 1 FROM masp.bank_statements) FROM f RETURNING statement_id
	), l AS (
		INSERT INTO masp.bank_lines (statement_id, rank, booked_on, value_on, amount_cents, state, entry_no)
		SELECT statement_id, 1, masp.today(), masp.today(), $3, 'matched', $4::bigint FROM s RETURNING line_id
	) INSERT INTO masp.line_matches (entry_no, line_id, instruction_id, meaning, amount_cents) SELECT $4::bigint, line_id, $5::bigint, $6, $3 FROM l`,
		name, t.BankAccount, t.Amount.Cents(), entry, t.ID, meaning)
	return entry
}

// bankRejects lets the bank refuse a transfer before it debits it.
func (h *house) bankRejects(t payments.Instruction, reason string) ledger.Posted {
	h.t.Helper()
	var posted ledger.Posted
	err := h.in(func(tx pgx.Tx) (err error) {
		posted, err = h.RejectTx(h.t.Context(), tx, payments.Rejection{
			Instruction: t.ID, Reason: reason, Source: "pain.002 R1", On: thursday, Actor: "test",
		})
		return err
	})
	if err != nil {
		h.t.Fatalf("reject %s: %v", t.EndToEndID, err)
	}
	return posted
}

// held is what an account of a person or the transit account holds, credit positive.
func (h *house) held(code ledger.Code) string {
	h.t.Helper()
	balance, err := h.Ledger.Balance(h.t.Context(), h.db.App, code)
	if err != nil {
		h.t.Fatal(err)
	}
	return balance.Neg().String()
}

func (h *house) number(sql string, args ...any) (n int64) {
	h.t.Helper()
	if err := h.db.Owner.QueryRow(h.t.Context(), sql, args...).Scan(&n); err != nil {
		h.t.Fatalf("%v\n%s", err, sql)
	}
	return n
}

func (h *house) duePaid(obligation string) string {
	h.t.Helper()
	return money.Cents(h.number(`SELECT paid_cents FROM masp.dues WHERE obligation_id = $1 AND due_on = '2026-11-05'`, obligation)).String()
}

func (h *house) owed(debt string) string {
	h.t.Helper()
	return money.Cents(h.number(`SELECT outstanding_cents FROM masp.debts WHERE debt_id = $1`, debt)).String()
}

// findings are the codes that verify prints, each once.
func (h *house) findings() []string {
	h.t.Helper()
	report, err := ledger.Verify(h.t.Context(), h.db.App, ledger.VerifyOptions{Checks: payments.Checks()})
	if err != nil {
		h.t.Fatalf("verify: %v", err)
	}
	var codes []string
	for _, f := range report.Findings {
		codes = append(codes, f.Code)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

func (h *house) clean() {
	h.t.Helper()
	if got := h.findings(); len(got) > 0 {
		h.t.Errorf("verify finds %v, want nothing", got)
	}
}

// transfers prints what a run sends: kind, creditor, amount, day and state.
func transfers(run payments.Run) string {
	var out strings.Builder
	for _, t := range run.Instructions() {
		fmt.Fprintf(&out, "%s %s %s %s %s\n", t.Kind, t.Creditor, t.Amount, t.ExecuteOn, t.State)
	}
	return out.String()
}

// lines prints what a run decided: obligation, status, reason and what is paid.
func lines(run payments.Run) string {
	var out strings.Builder
	for _, m := range run.Mandates {
		for _, l := range m.Lines {
			fmt.Fprintf(&out, "%s %s %s%s\n", l.Obligation, l.Paid, l.Status, strings.TrimRight(" "+string(l.Reason), " "))
		}
	}
	return out.String()
}

// to is the only transfer of a run to a creditor.
func (h *house) to(run payments.Run, creditor string) payments.Instruction {
	h.t.Helper()
	for _, t := range run.Instructions() {
		if t.Creditor == creditor {
			return t
		}
	}
	h.t.Fatalf("run %s sends nothing to %s:\n%s", run.ID, creditor, transfers(run))
	return payments.Instruction{}
}

// findingsAfter is what the checks find after a change by a superuser, which is then undone.
func (h *house) findingsAfter(sql string) ([]string, error) {
	h.t.Helper()
	tx, err := h.db.Super.Begin(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(h.t.Context()) }()
	if _, err := tx.Exec(h.t.Context(), `SET LOCAL session_replication_role = replica`); err != nil {
		h.t.Fatal(err)
	}
	if done, err := tx.Exec(h.t.Context(), sql); err != nil || done.RowsAffected() == 0 {
		return nil, fmt.Errorf("%d rows changed: %w", done.RowsAffected(), err)
	}
	var codes []string
	for _, check := range payments.Checks() {
		err := check(h.t.Context(), tx, func(f ledger.Finding) { codes = append(codes, f.Code) })
		if err != nil {
			h.t.Fatalf("%v\n%s", err, sql)
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes), nil
}
