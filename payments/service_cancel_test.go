package payments_test

import (
	"errors"
	"testing"

	"masp/ledger"
	"masp/ledger/money"
	"masp/payments"
)

// twoSign asks for two signatures from an amount on.
func (h *house) twoSign(from string) {
	h.t.Helper()
	who := h.user("compta-"+from, "accountant")
	if err := h.SetTwoSignatures(h.t.Context(), who, payments.TwoSignatures{Run: money.MustParse(from)}); err != nil {
		h.t.Fatal(err)
	}
}

func TestARunAboveTheAmountIsSignedByTwo(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.twoSign("800.00")
	run := h.submitted()
	if run.Needed != 2 {
		t.Fatalf("%d signatures are needed, want 2", run.Needed)
	}
	run, err := h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash)
	if err != nil || run.State != payments.InReview || run.Signatures() != 1 {
		t.Fatalf("signed once: %s %d %v", run.State, run.Signatures(), err)
	}
	h.clean()
	if got := h.held(ledger.InTransit); got != "0.00" {
		t.Errorf("%s have left with one signature", got)
	}
	if got := h.app(`UPDATE masp.runs SET state = 'approved'`); got != "MA041" {
		t.Errorf("one signature of two for PostgreSQL: %s", got)
	}
	if _, err := h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash); !errors.Is(err, payments.ErrSigned) {
		t.Errorf("the same person twice: %v", err)
	}
	if run, err = h.Approve(t.Context(), h.carla, run.ID, run.ContentHash); err != nil || run.State != payments.Approved {
		t.Fatalf("signed twice: %s %v", run.State, err)
	}
	h.clean()
}

func TestBelowTheAmountOneSignatureIsEnough(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.twoSign("860.01") // the run sends 860.00
	if run := h.approved(); run.State != payments.Approved {
		t.Errorf("the run is %s", run.State)
	}
	if err := h.SetTwoSignatures(t.Context(), h.anne, payments.TwoSignatures{}); !errors.Is(err, payments.ErrRole) {
		t.Errorf("a coordinator says that one signature is enough: %v", err)
	}
}

// P21: a transfer, what a payee gets on a day and what leaves on a day have amounts of their own, to the cent.
func TestATransferAPayeeAndADayHaveTheirOwnAmounts(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run, accountant := h.submitted(), h.user("compta", "accountant")
	var most payments.TwoSignatures
	days, payees := map[string]money.Amount{}, map[string]money.Amount{}
	for _, i := range run.Instructions() {
		day := i.LeaveOn.String()
		days[day], payees[day+i.Creditor] = days[day].Add(i.Amount), payees[day+i.Creditor].Add(i.Amount)
		most.Transfer = larger(most.Transfer, i.Amount)
		most.Day, most.Payee = larger(most.Day, days[day]), larger(most.Payee, payees[day+i.Creditor])
	}
	cent := money.Cents(1)
	for _, c := range []struct {
		from payments.TwoSignatures
		want int
	}{
		{payments.TwoSignatures{}, 1},
		{payments.TwoSignatures{Transfer: most.Transfer}, 2},
		{payments.TwoSignatures{Transfer: most.Transfer.Add(cent)}, 1},
		{payments.TwoSignatures{Payee: most.Payee}, 2},
		{payments.TwoSignatures{Payee: most.Payee.Add(cent)}, 1},
		{payments.TwoSignatures{Day: most.Day}, 2},
		{payments.TwoSignatures{Day: most.Day.Add(cent)}, 1},
	} {
		if err := h.SetTwoSignatures(t.Context(), accountant, c.from); err != nil {
			t.Fatal(err)
		}
		if got := h.show(run.ID).Needed; got != c.want {
			t.Errorf("%+v: %d signatures are needed, want %d", c.from, got, c.want)
		}
	}
	if err := h.SetTwoSignatures(t.Context(), accountant, payments.TwoSignatures{Day: most.Day}); err != nil {
		t.Fatal(err)
	}
	if run, err := h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash); err != nil || run.State != payments.InReview {
		t.Errorf("signed once: %s %v", run.State, err)
	}
	if got := h.app(`UPDATE masp.runs SET state = 'approved'`); got != "MA041" {
		t.Errorf("one signature of two for PostgreSQL: %s", got)
	}
	h.clean()
}

// Two runs of one day come to the amount together: the one that was submitted later is signed by two.
func TestAPaymentThatIsCutInTwoRunsIsSignedLikeTheWhole(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	from := payments.TwoSignatures{Day: money.MustParse("235.90")} // 217.50 and 18.40
	if err := h.SetTwoSignatures(t.Context(), h.user("compta", "accountant"), from); err != nil {
		t.Fatal(err)
	}
	first := h.submittedLine("O-RENT")
	if got, err := h.Approve(t.Context(), h.bruno, first.ID, first.ContentHash); err != nil || got.State != payments.Approved {
		t.Fatalf("below the amount: %s %v", got.State, err)
	}
	second := h.submittedLine("O-INS")
	for id, want := range map[string]int{first.ID: 1, second.ID: 2} {
		if got := h.show(id).Needed; got != want {
			t.Errorf("%s: %d signatures are needed, want %d", id, got, want)
		}
	}
}

// submittedLine is a run for one line alone, which waits for its signatures.
func (h *house) submittedLine(obligation string) payments.Run {
	h.t.Helper()
	draft, err := h.Propose(h.t.Context(), h.anne, payments.Ask{
		Purpose: payments.OffCycle, Mandates: []string{"M-0001"}, Lines: []payments.LineAsk{{Obligation: obligation, DueOn: thursday}},
	})
	if err != nil {
		h.t.Fatal(err)
	}
	h.decided(draft)
	run, err := h.Submit(h.t.Context(), h.anne, draft.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	return run
}

func larger(a, b money.Amount) money.Amount {
	if a.Cmp(b) < 0 {
		return b
	}
	return a
}

func TestATransferIsCancelledBeforeTheBankHasIt(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run := h.filed()
	rent := h.to(run, "C-LAND")
	if err := h.CancelTransfer(t.Context(), h.anne, rent.EndToEndID, "le bailleur a changé"); err != nil {
		t.Fatal(err)
	}
	run = h.show(run.ID)
	if got := h.to(run, "C-LAND"); got.State != payments.InstructionCancelled || got.Reason != "le bailleur a changé" {
		t.Errorf("the transfer is %s (%s)", got.State, got.Reason)
	}
	for what, pair := range map[string][2]string{
		"paid of the rent": {h.duePaid("O-RENT"), "0.00"}, "left of the debt": {h.owed("D-1"), "540.00"},
		"transit": {h.held(ledger.InTransit), "166.93"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: got %s, want %s", what, pair[0], pair[1])
		}
	}
	if len(run.Files) != 2 || !run.Files[0].Void || run.Files[1].Void || run.Files[1].Transfers != 2 ||
		run.Files[1].ReleasedAt.IsZero() || run.Files[0].MessageID == run.Files[1].MessageID {
		t.Errorf("files: %+v", run.Files)
	}
	h.clean()
	later := run.Instructions()[3]
	if err := h.CancelTransfer(t.Context(), h.bruno, later.EndToEndID, "elle préfère attendre"); err != nil {
		t.Errorf("a remittance of a later day: %v", err)
	}
	h.clean()
	files, err := h.File(t.Context(), h.bruno, run.ID)
	if err != nil || len(files) != 1 || files[0].Transfers != 2 {
		t.Errorf("the void file is written out: %d files, %v", len(files), err)
	}
	if err := h.HandOver(t.Context(), h.bruno, run.ID); err != nil {
		t.Fatal(err)
	}
	var gone *payments.HandedOverError
	if err := h.CancelTransfer(t.Context(), h.anne, h.to(run, "C-INSURER").EndToEndID, "trop tard"); !errors.As(err, &gone) {
		t.Errorf("after the bank has it: %v", err)
	}
	h.clean()
}

func TestATransferIsCancelledBeforeItsFileLeaves(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run := h.approved()
	for _, creditor := range []string{"C-INSURER", "C-SELF-M-0001"} { // posted, and waiting in the same file
		if err := h.CancelTransfer(t.Context(), h.anne, h.to(run, creditor).EndToEndID, "erreur"); err != nil {
			t.Fatal(err)
		}
		h.clean()
	}
	files, err := h.File(t.Context(), h.bruno, run.ID)
	if err != nil || len(files) != 1 || files[0].Total.String() != "247.50" {
		t.Errorf("got %d files and %v, want one of the rent and the debt alone", len(files), err)
	}
	if err := h.CancelTransfer(t.Context(), h.anne, "V000009-000001", "erreur"); !errors.Is(err, payments.ErrNoTransfer) {
		t.Errorf("an unknown transfer: %v", err)
	}
	h.clean()
}

func TestAVoidFileIsReplacedOnceAndNeverLeaves(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run := h.filed()
	old := run.Files[0]
	done := make(chan error)
	for range 2 {
		go func() { done <- h.VoidFile(t.Context(), h.bruno, old.Name, "le portail l'a refusé") }()
	}
	one, other := <-done, <-done
	if (one == nil) == (other == nil) || !errors.Is(errors.Join(one, other), payments.ErrNoFile) {
		t.Errorf("got %v and %v, want one done", one, other)
	}
	files := h.show(run.ID).Files
	if len(files) != 2 || !files[0].Void || files[1].Total != old.Total || files[1].MessageID == old.MessageID {
		t.Fatalf("files: %+v", files)
	}
	h.clean()
	for sql, want := range map[string]string{
		`UPDATE masp.payment_files SET void = false WHERE void`:                                     "MA002",
		`UPDATE masp.payment_files SET handed_over_at = masp.now() WHERE void`:                      "void_is_never_handed_over",
		`UPDATE masp.payment_files SET void = true WHERE NOT void`:                                  "MA002",
		`UPDATE masp.instructions SET state = 'cancelled', reason = 'x' WHERE state = 'in_transit'`: "MA014",
	} {
		if got := h.app(sql); got != want {
			t.Errorf("got %s, want %s: %s", got, want, sql)
		}
	}
	var refused *payments.AskError
	if err := h.HandOver(t.Context(), h.bruno, run.ID); !errors.As(err, &refused) || refused.Code != "NOT_FILED" {
		t.Errorf("before it is written: %v", err)
	}
	for range 2 {
		if _, err := h.File(t.Context(), h.bruno, run.ID); err != nil {
			t.Fatal(err)
		}
	}
	if n := h.number(`SELECT count(*) FROM masp.run_acts WHERE act = 'file'`); n != 2 {
		t.Errorf("%d acts tell of files, want one for each file", n)
	}
	h.clean()
	if err := h.HandOver(t.Context(), h.bruno, run.ID); err != nil {
		t.Fatal(err)
	}
	if got := h.show(run.ID).Files; !got[0].HandedAt.IsZero() || got[1].HandedAt.IsZero() {
		t.Errorf("handed over: %+v", got)
	}
	var gone *payments.HandedOverError
	if err := h.VoidFile(t.Context(), h.bruno, files[1].Name, "trop tard"); !errors.As(err, &gone) {
		t.Errorf("after the bank has it: %v", err)
	}
	h.clean()
}

func TestAnEmergencyHasTheSameFourEyes(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run, err := h.Propose(t.Context(), h.carla, payments.Ask{
		Purpose: payments.Emergency, Mandates: []string{"M-0001"}, Lines: []payments.LineAsk{line("O-INS")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.DecideAll(t.Context(), h.carla, run.ID, "vu"); err != nil {
		t.Fatal(err)
	}
	if run, err = h.Submit(t.Context(), h.carla, run.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Approve(t.Context(), h.carla, run.ID, run.ContentHash); !errors.Is(err, payments.ErrSamePerson) {
		t.Errorf("got %v, want ErrSamePerson", err)
	}
	if got := h.app(`UPDATE masp.runs SET state = 'approved'`); got != "MA011" {
		t.Errorf("PostgreSQL: %s", got)
	}
}

func TestARunThatSendsNothingHasNothingToHandOver(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person(person{id: "M-0001"})
	run := h.approved()
	var refused *payments.AskError
	if err := h.HandOver(t.Context(), h.bruno, run.ID); !errors.As(err, &refused) || refused.Code != "NOTHING_TO_HAND_OVER" {
		t.Errorf("got %v, want a refusal", err)
	}
	h.clean()
}

func TestAFileThatNobodyApprovedOrThatIsAnsweredIsNotMadeVoid(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person(person{id: "M-0001", balance: "100.00", days: []int32{5}})
	run := h.submitted()
	void := func() error { return h.VoidFile(t.Context(), h.bruno, run.Files[0].Name, "illisible") }
	var state *payments.StateError
	if err := void(); !errors.As(err, &state) || state.State != payments.InReview {
		t.Errorf("a file of a run in review: got %v, want a StateError", err)
	}
	if _, err := h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash); err != nil {
		t.Fatal(err)
	}
	if _, err := h.File(t.Context(), h.bruno, run.ID); err != nil {
		t.Fatal(err)
	}
	h.bankRejects(run.Instructions()[0], "AC01")
	if err := void(); !errors.As(err, &state) || state.State != payments.Settled {
		t.Errorf("a file of a settled run: got %v, want a StateError", err)
	}
	h.clean()
}
