package payments_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/payments"
)

func TestOnlyASecondPersonApproves(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run, err := h.Propose(t.Context(), h.carla, payments.Ask{All: true})
	if err != nil {
		t.Fatal(err)
	}
	both := h.user("both", auth.Coordinator, auth.Approver)
	if run, err = h.Submit(t.Context(), both, run.ID); err != nil {
		t.Fatal(err)
	}
	gone, late := h.user("gone", auth.Approver), h.user("late", auth.Approver)
	h.owner(`UPDATE masp.users SET disabled_at = masp.now() WHERE user_id = 'gone'`)
	h.owner(`UPDATE masp.credentials SET expires_at = masp.now() WHERE user_id = 'late'`)
	admin := h.user("admin", auth.Admin)
	for name, test := range map[string]struct {
		who  auth.Principal
		seen chain.Hash
		want error
	}{
		"who proposed it":        {h.carla, run.ContentHash, payments.ErrSamePerson},
		"who submitted it":       {both, run.ContentHash, payments.ErrSamePerson},
		"a coordinator":          {h.anne, run.ContentHash, payments.ErrRole},
		"an auditor":             {h.eve, run.ContentHash, payments.ErrRole},
		"an administrator":       {admin, run.ContentHash, payments.ErrRole},
		"nobody":                 {auth.Principal{}, run.ContentHash, payments.ErrToken},
		"a disabled user":        {gone, run.ContentHash, payments.ErrToken},
		"an expired token":       {late, run.ContentHash, payments.ErrToken},
		"the hash of last month": {h.bruno, chain.Hash{1}, payments.ErrStale},
	} {
		if _, err := h.Approve(t.Context(), test.who, run.ID, test.seen); !errors.Is(err, test.want) {
			t.Errorf("approval by %s: got %v, want %v", name, err, test.want)
		}
	}
	if got := h.show(run.ID); len(got.Acts) != 2 || got.State != payments.InReview {
		t.Errorf("refused approvals leave traces: %s, %v", got.State, got.Acts)
	}
	if _, err := h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash); err != nil {
		t.Fatal(err)
	}
	var state *payments.StateError
	if _, err := h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash); !errors.As(err, &state) {
		t.Errorf("approved twice: got %v, want a StateError", err)
	}
	h.clean()
}

func TestOfManyApprovalsAtOnceOneCounts(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run := h.submitted()
	var wait sync.WaitGroup
	var done atomic.Int32
	for range 20 {
		wait.Go(func() {
			_, err := h.Approve(context.Background(), h.bruno, run.ID, run.ContentHash)
			var state *payments.StateError
			switch {
			case err == nil:
				done.Add(1)
			case !errors.As(err, &state):
				t.Errorf("got %v, want a StateError", err)
			}
		})
	}
	wait.Wait()
	if done.Load() != 1 {
		t.Errorf("%d approvals counted, want 1", done.Load())
	}
	if n := h.number(`SELECT count(*) FROM masp.entries WHERE kind IN ('PAYMENT', 'REMITTANCE')`); n != 2 {
		t.Errorf("%d transfers were posted, want both payments", n)
	}
	h.clean()
}

// The application role is what a program that has been taken over could do at most, and who holds its
// password in psql.
func TestTheApplicationCannotGoAroundTheActs(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run := h.submitted()
	h.person(person{id: "M-0002", balance: "10.00"})
	h.owner(`INSERT INTO masp.dues SELECT obligation_id, '2026-12-05', due_cents FROM masp.dues`)
	for sql, want := range map[string]string{
		`UPDATE masp.runs SET state = 'approved'`:                                                                           "MA011",
		`UPDATE masp.runs SET state = 'settled'`:                                                                            "MA014",
		`UPDATE masp.runs SET state = 'draft'`:                                                                              "MA011",
		`UPDATE masp.runs SET state = 'cancelled'`:                                                                          "MA011",
		`UPDATE masp.runs SET content_hash = sha256('')`:                                                                    "MA014",
		`UPDATE masp.instructions SET state = 'in_transit'`:                                                                 "MA011",
		`UPDATE masp.instructions SET state = 'scheduled'`:                                                                  "MA011",
		`UPDATE masp.instructions SET state = 'cancelled', reason = 'x'`:                                                    "MA014",
		`UPDATE masp.instructions SET amount_cents = 1`:                                                                     "42501",
		`UPDATE masp.run_lines SET paid_cents = 0`:                                                                          "42501",
		`UPDATE masp.dues SET due_cents = 1`:                                                                                "42501",
		`DELETE FROM masp.instructions`:                                                                                     "MA001",
		`UPDATE masp.payment_files SET released_at = masp.now()`:                                                            "MA011",
		`UPDATE masp.payment_files SET void = true`:                                                                         "MA002",
		`UPDATE masp.payment_files SET content = ''`:                                                                        "42501",
		`UPDATE masp.payment_file_instructions SET void = true`:                                                             "MA002",
		`INSERT INTO masp.run_acts SELECT run_id, 3, 'bruno', 'approve', content_hash, masp.now() FROM masp.runs`:           "42501",
		`SELECT masp.act_on_run(run_id, 'approve', content_hash, 'bruno') FROM masp.runs`:                                   "MA010",
		`SELECT masp.act_on_run(run_id, 'approve', content_hash, NULL) FROM masp.runs`:                                      "MA010",
		`SELECT masp.sign_run(run_id, 'approve', content_hash, 'bruno') FROM masp.runs`:                                     "42501",
		`INSERT INTO masp.runs SELECT 'C-2026-11-9', 9, month, run_on, 'approved', content_hash, created_at FROM masp.runs`: "MA014",
		insertInstruction("'draft'", "run_id"):                                                                              "MA014",
		insertInstruction("'in_transit'", "NULL"):                                                                           "MA014",
		`INSERT INTO masp.run_lines SELECT run_id, mandate_id, 99, obligation_id, '2026-12-05', class, creditor_id, label,
			due_cents, paid_cents, status, reason, explanation, debt_id FROM masp.run_lines WHERE line_no = 1`: "MA014",
		`INSERT INTO masp.run_mandates (run_id, mandate_id, position) SELECT run_id, 'M-0002', 9 FROM masp.runs`:                         "MA014",
		`INSERT INTO masp.instruction_covers SELECT instruction_id, line_no + 50, obligation_id, due_on, 1 FROM masp.instruction_covers`: "MA014",
		insertFile("masp.now()", "content_hash"): "MA011",
		insertFile("NULL", "sha256('other')"):    "MA013",
		insertFile("NULL", "content_hash"):       "MA014",
	} {
		if got := h.app(sql); got != want {
			t.Errorf("got %s, want %s: %s", got, want, sql)
		}
	}
	if got := h.show(run.ID).State; got != payments.InReview {
		t.Errorf("the run became %s", got)
	}
	h.clean()
}

func insertInstruction(state, run string) string {
	return `INSERT INTO masp.instructions (run_id, mandate_id, kind, account, bank_account_id, creditor_id, creditor_name, creditor_iban,
		iban_version, amount_cents, leave_on, execute_on, reference, end_to_end_id, state)
		SELECT ` + run + `, mandate_id, kind, account, bank_account_id, creditor_id, creditor_name, creditor_iban, iban_version,
		amount_cents, leave_on, execute_on, reference, 'forged', ` + state + ` FROM masp.instructions LIMIT 1`
}

func insertFile(released, hash string) string {
	return `INSERT INTO masp.payment_files (run_id, pain_version, execute_on, message_id, name, content_hash, sha256, content,
		transfers, total_cents, built_at, released_at)
		SELECT run_id, '001.09', run_on, 'forged', 'forged', ` + hash + `, sha256('forged'), 'forged', 1, 1, masp.now(), ` + released + `
		FROM masp.runs`
}

func TestTheOwnerCannotRewriteARun(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.filed()
	for sql, want := range map[string]string{
		`UPDATE masp.runs SET run_on = run_on + 1`:                                                              "MA014",
		`UPDATE masp.instructions SET amount_cents = amount_cents + 1`:                                          "MA014",
		`UPDATE masp.instructions SET creditor_iban = 'FR7612345678901234'`:                                     "MA014",
		`UPDATE masp.instructions SET posted_entry = 1`:                                                         "MA014",
		`UPDATE masp.instructions SET state = 'settled'`:                                                        "MA014",
		`DELETE FROM masp.instructions`:                                                                         "MA001",
		`UPDATE masp.run_lines SET paid_cents = 0`:                                                              "MA001",
		`DELETE FROM masp.run_mandates`:                                                                         "MA001",
		`TRUNCATE masp.run_acts CASCADE`:                                                                        "MA001",
		`UPDATE masp.instruction_covers SET amount_cents = 1`:                                                   "MA001",
		`UPDATE masp.payment_files SET content = 'x', sha256 = sha256('x')`:                                     "MA002",
		`UPDATE masp.payment_files SET released_at = NULL`:                                                      "MA002",
		`UPDATE masp.payment_files SET void = true`:                                                             "MA002",
		`UPDATE masp.payment_file_instructions SET payment_info_id = 'x'`:                                       "MA002",
		`DELETE FROM masp.payment_files`:                                                                        "MA001",
		`INSERT INTO masp.run_acts SELECT run_id, 9, 'eve', 'approve', content_hash, masp.now() FROM masp.runs`: "MA002",
	} {
		if _, err := h.db.Owner.Exec(t.Context(), sql); refusal(err) != want {
			t.Errorf("got %s, want %s: %s", refusal(err), want, sql)
		}
	}
	h.clean()
}

func TestALineThatChangedAfterSubmissionIsNotApproved(t *testing.T) {
	t.Parallel()
	for name, sql := range map[string]string{
		"a line":     `UPDATE masp.run_lines SET paid_cents = 20000, due_cents = 20000 WHERE obligation_id = 'O-RENT'`,
		"a transfer": `UPDATE masp.instructions SET amount_cents = amount_cents + 100 WHERE creditor_id = 'C-LAND'`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := evasHouse(t)
			run := h.submitted()
			h.tamper(sql)
			if _, err := h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash); !errors.Is(err, payments.ErrStale) {
				t.Errorf("got %v, want ErrStale", err)
			}
		})
	}
}

// newIBAN is a second account of a creditor, proposed by Carla and confirmed by Anne now.
func (h *house) newIBAN(creditor string) {
	h.t.Helper()
	h.owner(`INSERT INTO masp.creditor_ibans (creditor_id, version, iban, proposed_by, proposed_at)
		VALUES ($1, 2, $2, 'carla', masp.now())`, creditor, h.iban())
	if got := h.app(`SELECT masp.confirm_creditor_iban($1, 2, $2)`, creditor, h.carla.Secret()); got != "MA011" {
		h.t.Errorf("who proposed an IBAN confirms it: %s, want MA011", got)
	}
	err := h.in(func(tx pgx.Tx) error {
		_, err := tx.Exec(h.t.Context(), `SELECT masp.confirm_creditor_iban($1, 2, $2)`, creditor, h.anne.Secret())
		return err
	})
	if err != nil {
		h.t.Fatalf("confirm: %v", err)
	}
}

func TestANewIBANIsPayableAfter72HoursByTheClockOfTheDatabase(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.owner(`ALTER TABLE masp.creditor_ibans DISABLE TRIGGER key_stays`)
	h.owner(`DELETE FROM masp.creditor_ibans WHERE creditor_id = 'C-INSURER'`)
	h.owner(`ALTER TABLE masp.creditor_ibans ENABLE TRIGGER key_stays`)
	h.owner(`INSERT INTO masp.creditor_ibans (creditor_id, version, iban, load_sha256, proposed_at) VALUES ('C-INSURER', 1, $1, repeat('b', 64), masp.now())`, h.iban())
	h.newIBAN("C-INSURER")
	confirmed := time.Date(2026, 11, 5, 9, 0, 0, 0, civil.Paris)
	h.db.SetClock(t, confirmed.Add(71*time.Hour+59*time.Minute))
	run := h.propose()
	if got := run.Mandates[0].Lines[1]; got.Status != payments.Blocked || got.Reason != payments.IBANNotOpen {
		t.Errorf("after 71 h 59 the line is %s %s, want blocked", got.Status, got.Reason)
	}
	if err := h.Cancel(t.Context(), h.anne, run.ID); err != nil {
		t.Fatal(err)
	}
	h.db.SetClock(t, confirmed.Add(72*time.Hour+time.Minute))
	run = h.submitted()
	if _, err := h.Approve(t.Context(), h.carla, run.ID, run.ContentHash); !errors.Is(err, payments.ErrIBANChanger) {
		t.Errorf("approval by who changed the IBAN: got %v, want ErrIBANChanger", err)
	}
	if _, err := h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash); err != nil {
		t.Errorf("after 72 h 01: %v", err)
	}
	h.clean()
}

func TestAnIBANThatIsHeldOrReplacedSinceTheProposalStopsTheApproval(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run := h.submitted()
	h.newIBAN("C-LAND") // held: the old one is still paid
	h.owner(`UPDATE masp.creditor_ibans SET payable_from = masp.now() + interval '1 hour' WHERE creditor_id = 'C-INSURER'`)
	if _, err := h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash); !errors.Is(err, payments.ErrIBANHeld) {
		t.Errorf("held: got %v, want ErrIBANHeld", err)
	}
	h.owner(`UPDATE masp.creditor_ibans SET payable_from = masp.now() WHERE creditor_id IN ('C-INSURER', 'C-LAND')`)
	var replaced *payments.ReplacedError
	if _, err := h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash); !errors.As(err, &replaced) {
		t.Errorf("replaced: got %v, want a ReplacedError", err)
	}
	h.clean()
}
