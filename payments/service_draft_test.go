package payments_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/mandates"
)

// line is a due of M-0001 of the day.
func line(obligation string) payments.LineAsk {
	return payments.LineAsk{Obligation: obligation, DueOn: thursday}
}

// adjust changes a draft as Anne, for the same reason each time.
func (h *house) adjust(run payments.Run, a payments.Adjustment) payments.Run {
	h.t.Helper()
	a.Mandate, a.Reason = "M-0001", "vu avec la personne"
	run, err := h.Adjust(h.t.Context(), h.anne, run.ID, run.ContentHash, a)
	if err != nil {
		h.t.Fatalf("adjust: %v", err)
	}
	return run
}

func TestADraftIsAdjustedLineByLineAndComputedAgain(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	first := h.propose()
	run := h.adjust(first, payments.Adjustment{Kind: payments.SetAmount, Line: line("O-DEBT"), Amount: money.MustParse("12.00")})
	run = h.adjust(run, payments.Adjustment{Kind: payments.Withdraw, Line: line("O-INS")})
	run = h.adjust(run, payments.Adjustment{Kind: payments.ChangeRemit, Remit: payments.Remit{
		To: "C-SELF-M-0001", On: []civil.Date{thursday.AddDays(1)},
	}})
	checkText(t, "lines", lines(run), `O-RENT 217.50 PAID
O-DEBT 12.00 PAID
O-KEEP 40.00 RESERVED
`)
	checkText(t, "transfers", transfers(run), `PAYMENT C-LAND 229.50 2026-11-05 draft
REMITTANCE C-SELF-M-0001 630.50 2026-11-06 draft
`)
	checkText(t, "adjustments", adjustments(run), `SET_AMOUNT O-DEBT 30.00 12.00 anne
WITHDRAW O-INS 18.40 0.00 anne
REMIT  630.50 630.50 anne
`)
	h.clean()
	if run.ContentHash == first.ContentHash {
		t.Error("the content is the same after an adjustment")
	}
	run = h.adjust(run, payments.Adjustment{Kind: payments.AddLine, Line: line("O-INS")})
	run = h.adjust(run, payments.Adjustment{Kind: payments.RestoreLine, Line: line("O-DEBT")})
	if got := lines(run); got != lines(first) {
		t.Errorf("added and restored:\n%s\nwant what was proposed\n%s", got, lines(first))
	}
	h.decided(run)
	h.signed(run.ID)
	if got := h.owed("D-1"); got != "510.00" {
		t.Errorf("%s are left of the debt, want 510.00", got)
	}
	h.clean()
}

// The files hold the transfers in one order, whether they are made or proved.
func TestAPartThatIsComputedAgainLeavesAFileThatIsProved(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.creditor("C-LAND", "LANDLORD")
	for _, id := range []string{"M-0001", "M-0002", "M-0003"} {
		h.person(person{id: id, days: []int32{5}})
		h.owner(`UPDATE masp.bank_accounts SET owner = 'ASSOCIATION_CLIENT_FUNDS', model = 'POOLED'`)
		h.owner(`UPDATE masp.mandates SET bank_account_id = 'BK-M-0001' WHERE mandate_id = $1`, id)
		h.move(ledger.BankCredit, "benefit "+id, ledger.Bank("BK-M-0001"), ledger.Mandate(id), "300.00")
		h.owes(obligation{id: "O-" + id, mandate: id, class: "RENT", creditor: "C-LAND", amount: "200.00"})
	}
	run := h.adjust(h.propose(), payments.Adjustment{Kind: payments.ChangeRemit, Remit: payments.Remit{
		To: "C-SELF-M-0001", On: []civil.Date{thursday},
	}})
	h.decided(run)
	h.signed(run.ID)
	h.clean()
}

// What a coordinator makes of a bill is the bill of this run: the person gets what is left above it,
// and the rest stays due. What she makes of a rent is unpaid rent.
func TestABillThatIsLoweredIsNoShortfallAndARentIs(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	lower := func(obligation, amount string) payments.Adjustment {
		return payments.Adjustment{Kind: payments.SetAmount, Line: line(obligation), Amount: money.MustParse(amount)}
	}
	run := h.adjust(h.propose(), lower("O-DEBT", "12.00"))
	run = h.adjust(run, lower("O-DEBT", "13.00"))
	part := run.Mandates[0]
	if l := part.Lines[2]; l.Due != l.Paid || l.Why.Missing.String() != "17.00" ||
		!strings.Contains(l.Explanation, "17,00\u00a0€ restent dus") || !strings.Contains(l.ForPerson, "Le reste attend") {
		t.Errorf("the line is %+v", l)
	}
	if got := part.Remit.String(); got != "611.10" || !part.Carried.IsZero() {
		t.Errorf("the person gets %s, and %s are carried forward, want all of 611.10", got, part.Carried)
	}
	rent := h.adjust(run, lower("O-RENT", "100.00"))
	if got := rent.Mandates[0]; got.Lines[0].Reason != payments.LoweredByHand || !got.Remit.IsZero() {
		t.Errorf("of a lowered rent:\n%s%s for the person", lines(rent), got.Remit)
	}
	run = h.adjust(rent, payments.Adjustment{Kind: payments.RestoreLine, Line: line("O-RENT")})
	h.decided(run)
	h.signed(run.ID)
	if got := h.owed("D-1"); got != "527.00" {
		t.Errorf("%s are left of the debt, want 527.00", got)
	}
	h.clean()
}

// adjustments prints what was changed of the first mandate of a run.
func adjustments(run payments.Run) string {
	var out strings.Builder
	for _, a := range run.Mandates[0].Adjustments {
		fmt.Fprintf(&out, "%s %s %s %s %s\n", a.Kind, a.Line.Obligation, a.From, a.To, a.By)
	}
	return out.String()
}

// signed submits and approves a draft.
func (h *house) signed(id string) payments.Run {
	h.t.Helper()
	run, err := h.Submit(h.t.Context(), h.anne, id)
	if err != nil {
		h.t.Fatalf("submit: %v", err)
	}
	if run, err = h.Approve(h.t.Context(), h.bruno, id, run.ContentHash); err != nil {
		h.t.Fatalf("approve: %v", err)
	}
	return run
}

func TestARentThatIsPutOffHoldsEverythingElseBack(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run := h.adjust(h.propose(), payments.Adjustment{Kind: payments.DeferLine, Line: line("O-RENT")})
	checkText(t, "lines", lines(run), `O-RENT 0.00 DEFERRED DEFERRED_BY_COORDINATOR
O-INS 0.00 BLOCKED RENT_FIRST
O-DEBT 0.00 BLOCKED RENT_FIRST
O-KEEP 0.00 BLOCKED RENT_FIRST
`)
	if got := transfers(run); got != "" {
		t.Errorf("something leaves before the rent:\n%s", got)
	}
	h.decided(run)
	h.signed(run.ID)
	h.clean()
}

func TestARentThatIsDueIsNeverWithdrawn(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	last := h.next()
	h.bankReturns(h.to(h.show(last.ID), "C-LAND"), "MS03")
	run := h.propose()
	if got := h.one(run, payments.PayeeRejected).Choices(); slices.Contains(got, payments.DecideWithdraw) {
		t.Errorf("the choices about its landlord are %v", got)
	}
	withdraw := payments.Adjustment{Kind: payments.Withdraw, Line: payments.LineAsk{
		Obligation: "O-RENT", DueOn: run.Mandates[0].Lines[0].DueOn,
	}}
	h.owner(`UPDATE masp.obligations SET block = 'PAID_BY_THIRD_PARTY' WHERE obligation_id = 'O-RENT'`)
	blocked := h.adjust(run, withdraw)
	if len(blocked.Mandates[0].Lines) != len(run.Mandates[0].Lines)-1 {
		t.Errorf("the law blocks it, and it stays:\n%s", lines(blocked))
	}
}

func TestAnAdjustmentIsRefusedWhenItMakesNoSense(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run := h.propose()
	for want, a := range map[string]payments.Adjustment{
		"ADJUSTMENT_UNKNOWN": {Kind: "PAY_TWICE", Line: line("O-INS")},
		"BLOCKS_RENT":        {Kind: payments.BlockLine, Line: line("O-RENT")},
		"WITHDRAWS_RENT":     {Kind: payments.Withdraw, Line: line("O-RENT")},
		"REFUSES_RENT":       {Kind: payments.RefuseLine, Line: line("O-RENT")},
		"LINE_NOT_IN":        {Kind: payments.DeferLine, Line: line("O-OTHER")},
		"LINE_TWICE":         {Kind: payments.AddLine, Line: line("O-INS")},
		"LINE_UNKNOWN":       {Kind: payments.AddLine, Line: line("O-OTHER")},
		"NOT_LESS_THAN_DUE":  {Kind: payments.SetAmount, Line: line("O-INS"), Amount: money.MustParse("18.40")},
		"PART_OF_RESERVE":    {Kind: payments.SetAmount, Line: line("O-KEEP"), Amount: money.MustParse("1.00")},
		"NOT_THE_PERSON":     {Kind: payments.ChangeRemit, Remit: payments.Remit{To: "C-LAND", On: []civil.Date{thursday}}},
	} {
		a.Mandate, a.Reason = "M-0001", "essai"
		_, err := h.Adjust(t.Context(), h.anne, run.ID, run.ContentHash, a)
		var refused *payments.AskError
		if !errors.As(err, &refused) || refused.Code != want || strings.Contains(refused.French(), "%!") {
			t.Errorf("got %v, want %s in French", err, want)
		}
	}
	_, err := h.db.App.Exec(t.Context(), `
		INSERT INTO masp.run_adjustments (run_id, adjustment_no, act_no, mandate_id, line, kind, amount_cents, from_cents, to_cents, remit_to, remit_on, reason)
		SELECT run_id, 1, act_no, 'M-0001', $2, 'WITHDRAW', 0, 0, 0, '', '{}', 'essai' FROM masp.run_acts WHERE run_id = $1 LIMIT 1`,
		run.ID, mandates.DueOn{Obligation: "O-RENT", On: thursday}.Key())
	if state, ok := errors.AsType[*pgconn.PgError](err); !ok || state.Code != "MA089" {
		t.Errorf("PostgreSQL lets a rent leave a run: %v", err)
	}
	putOff := payments.Adjustment{Mandate: "M-0001", Kind: payments.DeferLine, Line: line("O-INS")}
	if _, err := h.Adjust(t.Context(), h.anne, run.ID, run.ContentHash, putOff); !errors.Is(err, payments.ErrNoReason) {
		t.Errorf("without a reason: %v", err)
	}
	putOff.Reason = "essai"
	if _, err := h.Adjust(t.Context(), h.bruno, run.ID, run.ContentHash, putOff); !errors.Is(err, payments.ErrRole) {
		t.Errorf("by an approver: %v", err)
	}
}

func TestOfTwoCoordinatorsAtOnceTheSecondReadsAgain(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run := h.propose()
	done := make(chan error)
	for _, who := range []string{"O-INS", "O-DEBT"} {
		go func() {
			a := payments.Adjustment{Mandate: "M-0001", Kind: payments.DeferLine, Line: line(who), Reason: "essai"}
			_, err := h.Adjust(t.Context(), h.anne, run.ID, run.ContentHash, a)
			done <- err
		}()
	}
	one, other := <-done, <-done
	if (one == nil) == (other == nil) || !errors.Is(errors.Join(one, other), payments.ErrStale) {
		t.Errorf("got %v and %v, want one done and one ErrStale", one, other)
	}
	if got := len(h.show(run.ID).Mandates[0].Adjustments); got != 1 {
		t.Errorf("%d adjustments are kept, want 1", got)
	}
}

func TestWhoeverEditsNeverApproves(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run := h.propose()
	a := payments.Adjustment{Mandate: "M-0001", Kind: payments.DeferLine, Line: line("O-INS"), Reason: "essai"}
	run, err := h.Adjust(t.Context(), h.carla, run.ID, run.ContentHash, a)
	if err != nil {
		t.Fatal(err)
	}
	h.decided(run)
	if run, err = h.Submit(t.Context(), h.anne, run.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Approve(t.Context(), h.carla, run.ID, run.ContentHash); !errors.Is(err, payments.ErrSamePerson) {
		t.Errorf("got %v, want ErrSamePerson", err)
	}
}

func TestAReopenedRunIsADraftWithoutFilesAndSignatures(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.twoSign("1.00")
	run := h.submitted()
	if _, err := h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash); err != nil {
		t.Fatal(err)
	}
	run, err := h.Reopen(t.Context(), h.anne, run.ID, run.ContentHash)
	if err != nil {
		t.Fatal(err)
	}
	if run.State != payments.Draft || !run.Files[0].Void {
		t.Errorf("reopened: %s with files %+v", run.State, run.Files)
	}
	h.clean()
	run = h.adjust(run, payments.Adjustment{Kind: payments.DeferLine, Line: line("O-INS")})
	h.decided(run)
	if run, err = h.Submit(t.Context(), h.anne, run.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash); err != nil {
		t.Errorf("the signature of before counts: %v", err)
	}
	if run, err = h.Approve(t.Context(), h.carla, run.ID, run.ContentHash); err != nil || run.State != payments.Approved {
		t.Errorf("signed by two: %s, %v", run.State, err)
	}
	h.clean()
}

func TestTheDatabaseOpensADraftForASignedEditOnly(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run := h.propose()
	h.adjust(run, payments.Adjustment{Kind: payments.DeferLine, Line: line("O-INS")})
	for sql, want := range map[string]string{
		`DELETE FROM masp.run_lines`:                                                           "MA001",
		`DELETE FROM masp.instruction_covers`:                                                  "MA001",
		`DELETE FROM masp.instructions`:                                                        "MA001",
		`DELETE FROM masp.run_exceptions`:                                                      "MA001",
		`UPDATE masp.run_exceptions SET awaits = '{}'`:                                         "MA001",
		`UPDATE masp.run_mandates SET remit_cents = 0`:                                         "MA001",
		`UPDATE masp.runs SET content_hash = sha256('')`:                                       "MA014",
		`DELETE FROM masp.run_adjustments`:                                                     "42501",
		`UPDATE masp.run_adjustments SET reason = 'x'`:                                         "42501",
		`UPDATE masp.organisations SET second_approval_from_cents = NULL`:                      "42501",
		`SELECT masp.set_second_approval(NULL, 'bruno')`:                                       "MA010",
		`INSERT INTO masp.run_comments VALUES ('` + run.ID + `', 1, 'M-0001', '', 'x', false)`: "MA042",
		`INSERT INTO masp.run_adjustments SELECT run_id, 2, act_no, mandate_id, line, kind, amount_cents, from_cents, to_cents,
			remit_to, remit_on, reason FROM masp.run_adjustments`: "MA014",
	} {
		if got := h.app(sql); got != want {
			t.Errorf("got %s, want %s: %s", got, want, sql)
		}
	}
	// An edit opens the draft of its own run, in its own transaction.
	err := pgx.BeginFunc(t.Context(), h.db.App, func(tx pgx.Tx) error {
		hash := h.show(run.ID).ContentHash
		if _, err := tx.Exec(t.Context(), `SELECT masp.act_on_run($1, 'edit', $2, $3)`, run.ID, hash, h.anne.Secret()); err != nil {
			return err
		}
		if _, err := tx.Exec(t.Context(), `DELETE FROM masp.instruction_covers`); err != nil {
			return err
		}
		return errors.New("enough")
	})
	if err == nil || err.Error() != "enough" {
		t.Errorf("a signed edit: %v", err)
	}
	h.clean()
}

func TestWhatThePersonSaysStaysWithTheRun(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run := h.propose()
	run, err := h.Comment(t.Context(), h.anne, run.ID, payments.Comment{
		Mandate: "M-0001", Line: line("O-INS"), Text: "Je ne veux plus de cette assurance.", Refuses: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	checkText(t, "lines", lines(run), `O-RENT 217.50 PAID
O-INS 0.00 BLOCKED REFUSED_BY_PERSON
O-DEBT 30.00 PAID
O-KEEP 40.00 RESERVED
`)
	rent := payments.Comment{Mandate: "M-0001", Line: line("O-RENT"), Text: "Pas le loyer.", Refuses: true}
	var refused *payments.AskError
	if _, err := h.Comment(t.Context(), h.anne, run.ID, rent); !errors.As(err, &refused) || refused.Code != "REFUSES_RENT" {
		t.Errorf("a rent refused by the person: %v", err)
	}
	if _, err := h.Comment(t.Context(), h.bruno, run.ID, payments.Comment{Mandate: "M-0001", Text: "Bien."}); !errors.Is(err, payments.ErrRole) {
		t.Errorf("written by an approver: %v", err)
	}
	h.decided(run)
	h.signed(run.ID)
	if run, err = h.Comment(t.Context(), h.anne, run.ID, payments.Comment{Mandate: "M-0001", Text: "Merci."}); err != nil {
		t.Fatal(err)
	}
	if len(run.Comments) != 2 || run.Comments[0].Line != line("O-INS") || run.Comments[1].By != "anne" {
		t.Errorf("kept: %+v", run.Comments)
	}
	h.clean()
	if got, err := h.findingsAfter(`UPDATE masp.run_comments SET text = 'autre'`); err != nil || len(got) == 0 {
		t.Errorf("a word that was changed: %v %v", got, err)
	}
	if got := h.held(ledger.InTransit); got != "247.50" {
		t.Errorf("in transit %s", got)
	}
}
