package payments_test

import (
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/mandates"
	"masp/payments/sepa"
)

// replaced gives a creditor another IBAN that may be paid at once: proposed by Anne, confirmed by
// Carla.
func (h *house) replaced(creditor string) error {
	dossiers := &mandates.Service{DB: h.db.App, Ledger: h.Ledger}
	h.owner(`UPDATE masp.organisations SET iban_hold_hours = 0`)
	iban, err := sepa.ParseIBAN(h.iban())
	if err != nil {
		return err
	}
	if _, err := dossiers.ProposeIBAN(h.t.Context(), h.anne, creditor, iban, "RIB reçu par courrier"); err != nil {
		return err
	}
	_, err = dossiers.ConfirmIBAN(h.t.Context(), h.carla, creditor)
	return err
}

// admissible takes the over-indebtedness file of Eva up to its admissibility.
func (h *house) admissible(dossiers *mandates.Service) error {
	var failed []error
	for _, state := range []mandates.FileState{
		mandates.FileToBuild, mandates.FileSent, mandates.FileDeposited, mandates.FileAdmissible,
	} {
		step := mandates.FileStep{State: state, On: thursday, Note: "dossier 999"}
		failed = append(failed, dossiers.StepFile(h.t.Context(), h.anne, "M-0001", step))
	}
	return errors.Join(failed...)
}

// Whatever a run rests on is changed as a coordinator changes it, before the only signature and
// between two: the next signature is refused in words, and nothing leaves.
func TestAnApprovalDiesWhenWhatItRestsOnChanges(t *testing.T) {
	t.Parallel()
	floor := money.MustParse("150.00")
	for name, change := range map[string]func(*house, *mandates.Service) error{
		"terms amended": func(h *house, s *mandates.Service) error {
			h.owner(`INSERT INTO masp.benefits (code, valid_from, label, legal_item, payers, manageable)
				VALUES ('RSA', '2000-01-01', 'RSA', 'L262-2', '{CAF}', true) ON CONFLICT DO NOTHING`)
			h.owner(`INSERT INTO masp.authorised_benefits (mandate_id, benefit, valid_from) VALUES ('M-0001', 'RSA', '2026-01-01')`)
			return s.Amend(t.Context(), h.anne, "M-0001", mandates.Amendment{
				EffectiveOn: thursday.AddDays(1), Reason: "besoins revus", SignedByPerson: thursday, SignedByDepartment: thursday,
				LivingFloor: &floor,
			})
		},
		"obligation ended": func(h *house, s *mandates.Service) error {
			return s.EndObligation(t.Context(), h.anne, "O-INS", thursday)
		},
		"obligation changed": func(h *house, s *mandates.Service) error {
			_, err := s.ChangeAmount(t.Context(), h.anne, mandates.AmountChange{
				Obligation: "O-RENT", ID: "O-RENT-2", Amount: money.MustParse("223.03"), From: thursday,
			})
			return err
		},
		"debt contested": func(h *house, s *mandates.Service) error {
			return s.Contest(t.Context(), h.anne, "D-1", thursday)
		},
		"debts frozen":  (*house).admissible,
		"IBAN replaced": func(h *house, _ *mandates.Service) error { return h.replaced("C-INSURER") },
		"measure ended": func(h *house, _ *mandates.Service) error {
			_, err := h.EndMandate(t.Context(), h.anne, "M-0001", thursday, mandates.Moved)
			return err
		},
	} {
		for _, two := range []bool{false, true} {
			t.Run(name+map[bool]string{false: " before the signature", true: " between two signatures"}[two], func(t *testing.T) {
				t.Parallel()
				h := evasHouse(t)
				if two {
					h.twoSign("1.00")
				}
				run := h.submitted()
				if two {
					if _, err := h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash); err != nil {
						t.Fatal(err)
					}
				}
				if err := change(h, &mandates.Service{DB: h.db.App, Ledger: h.Ledger}); err != nil {
					t.Fatal(err)
				}
				last := h.user("dora", auth.Approver)
				_, err := h.Approve(t.Context(), last, run.ID, run.ContentHash)
				if !told(err) {
					t.Errorf("got %v, want a refusal in French", err)
				}
				if got := h.held(ledger.InTransit); got != "0.00" || h.show(run.ID).State != payments.InReview {
					t.Errorf("%s have left", got)
				}
				h.clean()
			})
		}
	}
}

func TestARunOfAMeasureThatHasEndedIsNotSubmittedAgain(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run := h.submitted()
	if _, err := h.EndMandate(t.Context(), h.anne, "M-0001", thursday, mandates.Moved); err != nil {
		t.Fatal(err)
	}
	run, err := h.Reopen(t.Context(), h.anne, run.ID, run.ContentHash)
	if err != nil {
		t.Fatal(err)
	}
	var ended *payments.EndedError
	if _, err := h.Submit(t.Context(), h.anne, run.ID); !errors.As(err, &ended) || ended.Mandate != "M-0001" {
		t.Errorf("got %v, want an EndedError", err)
	}
	h.clean()
}

// told says whether a signature was refused because the run is no more what it was.
func told(err error) bool {
	var changed *payments.ChangedError
	var replaced *payments.ReplacedError
	var ended *payments.EndedError
	switch {
	case errors.As(err, &changed):
		return changed.French() != "" && changed.Subject != ""
	case errors.As(err, &replaced):
		return replaced.French() != ""
	case errors.As(err, &ended):
		return ended.French() != ""
	}
	return errors.Is(err, payments.ErrStale)
}

// The whole way of a new IBAN, in the SQL that a program that was taken over would write.
func TestWhoeverChangesAnIBANNeitherConfirmsNorApprovesItInPlainSQL(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.next()
	h.owner(`UPDATE masp.organisations SET iban_hold_hours = 0`)
	const propose = `INSERT INTO masp.creditor_ibans (creditor_id, version, iban, evidence, proposed_by, proposed_at)
		VALUES ('C-INSURER', 2, $1, 'RIB', 'carla', masp.now())`
	const confirm = `SELECT masp.confirm_creditor_iban('C-INSURER', 2, $1)`
	if err := h.sql(propose, h.iban()); err != nil {
		t.Fatal(err)
	}
	for sql, want := range map[string]string{
		`UPDATE masp.creditor_ibans SET confirmed_by = 'anne', confirmed_at = masp.now() WHERE version = 2`: "42501",
		`UPDATE masp.creditor_ibans SET payable_from = masp.now() WHERE version = 2`:                        "42501",
		`UPDATE masp.creditor_ibans SET proposed_by = 'anne' WHERE version = 2`:                             "42501",
	} {
		if got := h.app(sql); got != want {
			t.Errorf("got %s, want %s: %s", got, want, sql)
		}
	}
	if got := h.app(confirm, h.carla.Secret()); got != "MA011" {
		t.Errorf("confirmed by who proposed it: %s, want MA011", got)
	}
	if err := h.sql(confirm, h.anne.Secret()); err != nil {
		t.Fatal(err)
	}
	run := h.submitted()
	if got := h.one(run, payments.IBANChanged); len(got.Lines) != 1 || got.Before == got.After {
		t.Errorf("the first payment says %+v", got)
	}
	const approve = `SELECT masp.act_on_run(run_id, 'approve', content_hash, $2) FROM masp.runs WHERE run_id = $1`
	if got := h.app(approve, run.ID, h.carla.Secret()); got != "MA015" {
		t.Errorf("approved by who proposed it: %s, want MA015", got)
	}
	run, err := h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash)
	if err != nil || run.State != payments.Approved {
		t.Fatalf("approved by another: %s %v", run.State, err)
	}
	h.clean()
}

// sql runs one statement as the application role, with an act.
func (h *house) sql(statement string, args ...any) error {
	return h.in(func(tx pgx.Tx) error {
		_, err := tx.Exec(h.t.Context(), statement, args...)
		return err
	})
}

func TestALineThatMoneyDidNotReachIsProposedAgainWhenMoneyComes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first := h.strapped()
	h.decided(first)
	h.signed(first.ID)
	if _, err := h.File(t.Context(), h.bruno, first.ID); err != nil {
		t.Fatal(err)
	}
	h.at(thursday.AddDays(29), 9)
	h.credit("december", "M-0001", ledger.Mandate("M-0001"), "900.00")
	run := h.propose()
	due := make(map[string]payments.Status)
	for _, l := range run.Mandates[0].Lines {
		due[l.Key()] = l.Status
	}
	for key, want := range map[string]payments.Status{
		"O-INS@2026-11-05": payments.Paid, "O-INS@2026-12-05": payments.Paid, "O-DEBT@2026-11-05": payments.Paid,
		"O-KEEP@2026-11-05": payments.Reserved, "O-RENT@2026-11-05": "",
	} {
		if due[key] != want {
			t.Errorf("%s is %q, want %q", key, due[key], want)
		}
	}
	explained(t, run)
	h.decided(run)
	h.signed(run.ID)
	if got := h.duePaid("O-INS"); got != "18.40" {
		t.Errorf("%s of the insurance of November are paid, want 18.40", got)
	}
	h.clean()
}
