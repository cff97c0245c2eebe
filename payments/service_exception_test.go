package payments_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/migrations/dbtest"
	"masp/payments"
	"masp/payments/mandates"
	"masp/payments/sepa"
)

// next is the run of the month after: the last one is settled with the bank, money has come.
func (h *house) next() payments.Run {
	h.t.Helper()
	run := h.filed()
	h.bankDebits(slices.DeleteFunc(run.Instructions(), func(i payments.Instruction) bool {
		return i.State != payments.InTransit
	})...)
	h.at(civil.MustParse("2026-12-04"), 9)
	h.credit("december M-0001", "M-0001", ledger.Mandate("M-0001"), "900.00")
	return run
}

// found prints the exceptions of a run: code, lines, before and after.
func found(run payments.Run) string {
	var out []string
	for _, e := range run.Exceptions() {
		words := []string{string(e.Code)}
		for _, l := range e.Lines {
			words = append(words, l[:strings.Index(l, "@")])
		}
		words = append(words, "["+plainFrench(e.Before)+" → "+plainFrench(e.After)+"]")
		out = append(out, strings.Join(words, " "))
	}
	return strings.Join(out, "\n")
}

func plainFrench(text string) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(text)
}

// one is the only exception of a code.
func (h *house) one(run payments.Run, code payments.ExceptionCode) payments.Exception {
	h.t.Helper()
	all := slices.DeleteFunc(run.Exceptions(), func(e payments.Exception) bool { return e.Code != code })
	if len(all) != 1 {
		h.t.Fatalf("got %d exceptions %s, want one:\n%s", len(all), code, found(run))
	}
	return all[0]
}

func TestTheFirstRunSaysSoAndTheNextRepeatsIt(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	first := h.next()
	if got, want := found(first), "measure_ending [05/11/2026 → 31/12/2026]\n"+
		"first_run O-RENT O-INS O-DEBT O-KEEP [ → 860,00 €]"; got != want {
		t.Errorf("first run: got\n%s\nwant\n%s", got, want)
	}
	run := h.propose()
	if got, want := found(run), "measure_ending [04/12/2026 → 31/12/2026]"; got != want {
		t.Errorf("second run: got\n%s\nwant\n%s", got, want)
	}
	for _, l := range run.Mandates[0].Lines {
		if o := l.Why.Origin; o.From != payments.FromLastMonth || o.Run != first.ID {
			t.Errorf("%s comes from %+v, want run %s", l.Key(), o, first.ID)
		}
	}
	h.clean()
}

// Each situation of a second month that PostgreSQL can hold, and the exception that it makes.
// TestWhatHasChangedSinceLastMonthIsTold plays one change in four, all of them in CI.
func TestWhatHasChangedSinceLastMonthIsTold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(h *house, last payments.Run)
		want   string // a line of the exceptions
	}{
		"money is short": {func(h *house, _ payments.Run) {
			h.move(ledger.BankDebit, "spent", ledger.Mandate("M-0001"), ledger.Bank("BK-M-0001"), "740.00")
		}, "insufficient_funds O-RENT O-INS O-DEBT O-KEEP [217,50 € → 160,00 €]"},
		"the rent is over": {func(h *house, _ payments.Run) {
			h.owner(`UPDATE masp.obligations SET valid_to = '2026-11-30' WHERE obligation_id = 'O-RENT'`)
		}, "rent_missing [217,50 € → 0,00 €]"},
		"a bill comes twice": {func(h *house, _ payments.Run) {
			h.owes(obligation{id: "O-INS-2", mandate: "M-0001", class: "HOUSING_OTHER", creditor: "C-INSURER", amount: "18.40"})
		}, "duplicate_suspected O-INS-2 [« Échéance O-INS » du 05/12/2026, dans cette campagne → 18,40 €]"},
		"a transfer came back": {func(h *house, last payments.Run) {
			h.bankReturns(h.to(h.show(last.ID), "C-INSURER"), "MS03")
		}, "payee_rejected_last_time O-INS O-INS [18,40 € → MS03]"},
		"an account is closed": {func(h *house, last payments.Run) {
			h.bankReturns(h.to(h.show(last.ID), "C-INSURER"), "AC04")
		}, "payee_rejected_last_time O-INS O-INS [18,40 € → AC04]"},
		"a wage came": {func(h *house, _ payments.Run) {
			h.credit("wage", "M-0001", ledger.Sub("M-0001", ledger.Restricted), "312.00")
		}, "non_social_income [ → 312,00 €]"},
		"an IBAN is new": {func(h *house, _ payments.Run) {
			h.newIBAN("C-INSURER")
			h.owner(`UPDATE masp.creditor_ibans SET payable_from = masp.now() WHERE version = 2`)
		}, "iban_changed O-INS [FR76…0212 → FR76…0503]"},
		"the preparer gave the IBAN": {func(h *house, _ payments.Run) {
			h.owner(`INSERT INTO masp.creditor_ibans (creditor_id, version, iban, proposed_by, proposed_at, confirmed_by, confirmed_at, payable_from)
				VALUES ('C-INSURER', 2, $1, 'anne', masp.now(), 'carla', masp.now(), masp.now())`, h.iban())
		}, "iban_changed_same_person O-INS [FR76…0212 → FR76…0503]"},
		"an IBAN is outside of SEPA": {func(h *house, _ payments.Run) {
			h.owner(`UPDATE masp.creditor_ibans SET iban = 'TR330006100519786457841326' WHERE creditor_id = 'C-INSURER'`)
		}, "payee_not_sepa O-INS [ → TR33…1326]"},
		"an IBAN is false": {func(h *house, _ payments.Run) {
			h.owner(`UPDATE masp.creditor_ibans SET iban = 'FR7699999000010000000009999' WHERE creditor_id = 'C-INSURER'`)
		}, "iban_invalid O-INS [ → FR76…9999]"},
		"the rent rises": {func(h *house, _ payments.Run) {
			h.owner(`UPDATE masp.obligations SET valid_to = '2026-11-30' WHERE obligation_id = 'O-RENT'`)
			h.owes(obligation{id: "O-RENT-2", mandate: "M-0001", class: "RENT", creditor: "C-LAND", amount: "223.03"})
		}, "amount_changed O-RENT-2 [217,50 € → 223,03 €]"},
		"a benefit is late": {
			func(h *house, _ payments.Run) { h.expects("RSA", "2026-12-01") },
			"benefit_late [573,49 € → 0,00 €]",
		},
		"a benefit comes short": {func(h *house, _ payments.Run) {
			h.expects("RSA", "2026-12-01")
			h.tamper(`INSERT INTO masp.receipts (entry_no, mandate_id, benefit, period, amount_cents, received_on)
				VALUES (1, 'M-0001', 'RSA', '2026-11-01', 50000, '2026-12-02')`)
		}, "benefit_lower [573,49 € → 500,00 €]"},
		"a creditor is new": {func(h *house, _ payments.Run) {
			h.creditor("C-NEW", "ENERGY")
			h.owes(obligation{id: "O-NEW", mandate: "M-0001", class: "HOUSING_OTHER", creditor: "C-NEW", amount: "55.00"})
		}, "new_payee O-NEW [ → FR76…0503]"},
		"nothing is left": {func(h *house, _ payments.Run) {
			h.move(ledger.BankDebit, "spent", ledger.Mandate("M-0001"), ledger.Bank("BK-M-0001"), "740.00")
		}, "nothing_for_person [594,10 € → 0,00 €]"},
		"the debt is at its end": {func(h *house, _ payments.Run) {
			h.owner(`INSERT INTO masp.debt_movements (debt_id, on_day, kind, amount_cents, source, evidence)
				VALUES ('D-1', masp.today(), 'AID', -48000, 'test', 'FSL')`)
		}, "plan_finished O-DEBT [30,00 € → 0,00 €]"},
		"the bank is closed": {
			func(h *house, _ payments.Run) { h.at(civil.MustParse("2026-12-05"), 9) },
			"execution_day_closed [05/12/2026 → 07/12/2026]",
		},
		"the measure is over": {func(h *house, _ payments.Run) {
			h.owner(`UPDATE masp.mandates SET status = 'ENDED', ended_on = '2026-12-01', end_reason = 'MOVED'`)
		}, "measure_ended [01/12/2026 → ENDED]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.Seldom(t, 4)
			h := evasHouse(t)
			c.change(h, h.next())
			run, err := h.Propose(t.Context(), h.anne, payments.Ask{Mandates: []string{"M-0001"}})
			if err != nil {
				t.Fatal(err)
			}
			if got := found(run); !slices.Contains(strings.Split(got, "\n"), c.want) {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			explained(t, run)
		})
	}
}

// expects is a benefit of the month before that was to come on a day.
func (h *house) expects(benefit, on string) {
	h.t.Helper()
	h.owner(`INSERT INTO masp.expected_benefits (mandate_id, benefit, period, payer, amount_cents, expected_on)
		VALUES ('M-0001', $1, '2026-11-01', 'CAF', 57349, $2::text::date)`, benefit, on)
}

// explained holds the rule: a line without exception equals last month or follows from a decision.
func explained(t *testing.T, run payments.Run) {
	t.Helper()
	for _, m := range run.Mandates {
		for _, l := range m.Lines {
			o := l.Why.Origin
			ok := o.From == payments.FromLastMonth && o.Run != "" || o.From == payments.FromDecision && o.Act > 0 ||
				o.From == payments.FromException && len(o.Exceptions) > 0
			if !ok {
				t.Errorf("%s %s: comes from nowhere: %+v", m.Mandate, l.Key(), o)
			}
			if l.ForPerson == "" || l.Why.Rule == "" {
				t.Errorf("%s %s: does not say why: %+v", m.Mandate, l.Key(), l)
			}
		}
	}
}

func TestALineThatAnActHasAddedFollowsFromIt(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.next()
	dossiers := &mandates.Service{DB: h.db.App, Ledger: h.Ledger}
	amount := money.MustParse("23.00")
	err := dossiers.AddObligation(t.Context(), h.anne, mandates.Obligation{
		ID: "O-SCHOOL", Mandate: "M-0001", Class: mandates.OtherBill, Creditor: "C-INSURER", Amount: amount,
		Label: "Cantine", Frequency: mandates.Monthly, DueDay: 5, From: civil.MustParse("2026-12-01"),
	})
	if err != nil {
		t.Fatal(err)
	}
	run := h.propose()
	i := slices.IndexFunc(run.Mandates[0].Lines, func(l payments.RunLine) bool { return l.Obligation == "O-SCHOOL" })
	o := run.Mandates[0].Lines[i].Why.Origin
	added := h.number(`SELECT seq FROM masp.audit_log WHERE action = 'obligation.add' AND object_id = 'O-SCHOOL'`)
	if o.From != payments.FromDecision || o.Act != added || len(o.Exceptions) > 0 {
		t.Errorf("got %+v, want the decision of act %d and no exception", o, added)
	}
	explained(t, run)
}

// short is a draft of a rent that money does not reach, and its exception.
func (h *house) short() (payments.Run, payments.Exception) {
	h.t.Helper()
	h.creditor("C-LAND", "LANDLORD")
	h.person(person{id: "M-0001", balance: "200.00"})
	h.owes(obligation{id: "O-RENT", mandate: "M-0001", class: "RENT", creditor: "C-LAND", amount: "217.50"})
	run := h.propose()
	return run, h.one(run, payments.InsufficientMoney)
}

func (h *house) decide(who auth.Principal, run payments.Run, e payments.Exception, d payments.Decision, reason string) error {
	_, err := h.Decide(h.t.Context(), who, payments.Choice{
		Run: run.ID, Seen: run.ContentHash, Exception: e.No, Decision: d, Reason: reason,
	})
	return err
}

func TestABlockingExceptionIsDecidedBeforeTheRunIsSubmitted(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	run, e := h.short()
	var open *payments.UndecidedError
	if _, err := h.Submit(t.Context(), h.anne, run.ID); !errors.As(err, &open) || !strings.Contains(open.French(), "Une exception bloquante attend une décision :") {
		t.Fatalf("undecided: got %v, want an UndecidedError", err)
	}
	if err := h.decide(h.anne, run, e, payments.DecideKeep, "le bailleur préfère attendre"); err != nil {
		t.Fatal(err)
	}
	if err := h.decide(h.anne, run, e, "", "erreur"); err != nil {
		t.Fatal(err)
	}
	if got := h.one(h.show(run.ID), payments.InsufficientMoney).Verdict; got.Decided() {
		t.Errorf("taken back, it is still %+v", got)
	}
	if _, err := h.Submit(t.Context(), h.anne, run.ID); !errors.As(err, &open) {
		t.Fatalf("taken back: got %v, want an UndecidedError", err)
	}
	if err := h.decide(h.carla, run, e, payments.DecidePayPart, "accord du bailleur"); err != nil {
		t.Fatal(err)
	}
	run, err := h.Submit(t.Context(), h.anne, run.ID)
	if err != nil {
		t.Fatal(err)
	}
	v := h.one(run, payments.InsufficientMoney).Verdict
	if v.Decision != payments.DecidePayPart || v.By != "carla" || v.Reason != "accord du bailleur" || v.At.IsZero() {
		t.Errorf("got %+v, want Carla's decision", v)
	}
	if _, err := h.Approve(t.Context(), h.carla, run.ID, run.ContentHash); !errors.Is(err, payments.ErrSamePerson) {
		t.Errorf("approval by who decided: got %v, want ErrSamePerson", err)
	}
	var state *payments.StateError
	if err := h.decide(h.anne, run, e, payments.DecideKeep, "trop tard"); !errors.As(err, &state) {
		t.Errorf("decided after submission: got %v, want a StateError", err)
	}
	if _, err := h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash); err != nil {
		t.Fatal(err)
	}
	h.clean()
}

func TestADecisionIsRefusedToWhoMayNotAndWithoutItsReason(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	run, e := h.short()
	stale := run
	stale.ContentHash[0]++
	var choice *payments.ChoiceError
	for name, err := range map[string]error{
		"an approver":     h.decide(h.bruno, run, e, payments.DecideKeep, "vu"),
		"no reason":       h.decide(h.anne, run, e, payments.DecideKeep, " "),
		"another content": h.decide(h.anne, stale, e, payments.DecideKeep, "vu"),
		"no exception":    h.decide(h.anne, run, payments.Exception{No: 99}, payments.DecideKeep, "vu"),
		"nobody":          h.decide(auth.Principal{}, run, e, payments.DecideKeep, "vu"),
	} {
		want := map[string]error{
			"an approver": payments.ErrRole, "no reason": payments.ErrNoReason, "another content": payments.ErrStale,
			"no exception": payments.ErrNoException, "nobody": payments.ErrToken,
		}[name]
		if !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", name, err, want)
		}
	}
	err := h.decide(h.anne, run, e, payments.DecideNoRent, "vu")
	if !errors.As(err, &choice) || !strings.Contains(choice.French(), "PAY_PART") {
		t.Errorf("a choice of another exception: got %v, want a ChoiceError", err)
	}
	h.clean()
}

func TestTheApplicationCannotDecideByItself(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	run, _ := h.short()
	for sql, want := range map[string]string{
		`INSERT INTO masp.run_decisions SELECT run_id, act_no, 1, 'KEEP', 'x' FROM masp.run_acts`:                                                                              "42501",
		`SELECT masp.decide_exception(run_id, 1, 'KEEP', 'x', content_hash, 'anne') FROM masp.runs`:                                                                            "MA010",
		`UPDATE masp.run_exceptions SET code = 'first_run'`:                                                                                                                    "42501",
		`INSERT INTO masp.run_exceptions SELECT run_id, 99, mandate_id, code, lines, before_text, after_text, text, awaits, 0 FROM masp.run_exceptions WHERE exception_no = 1`: "MA014",
	} {
		if got := h.app(sql); got != want {
			t.Errorf("got %s, want %s: %s", got, want, sql)
		}
	}
	h.owner(`SELECT masp.act_on_run(run_id, 'submit', content_hash, $1) FROM masp.runs`, h.anne.Secret())
	if got := h.app(`UPDATE masp.runs SET state = 'in_review' WHERE run_id = $1`, run.ID); got != "MA038" {
		t.Errorf("submitted undecided by SQL: got %s, want MA038", got)
	}
}

func TestATransferOfTheRunIsNeverShownOnATrueAccountInFull(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.next()
	h.newIBAN("C-INSURER")
	h.owner(`UPDATE masp.creditor_ibans SET payable_from = masp.now() WHERE version = 2`)
	for _, e := range h.propose().Exceptions() {
		for _, text := range []string{e.Before, e.After, e.Text} {
			for _, word := range strings.Fields(text) {
				if _, err := sepa.ParseIBAN(strings.Trim(word, ",.")); err == nil {
					t.Errorf("%s shows %s", e.Code, word)
				}
			}
		}
	}
}

func TestAnAdministratorSaysWhichChangesAreTold(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.next()
	admin := h.user("admin", auth.Admin)
	to := payments.ExceptionSettings{ChangeCents: money.MustParse("10.00"), EndingDays: 20}
	if err := h.SetSettings(t.Context(), h.anne, to); !errors.Is(err, payments.ErrRole) {
		t.Errorf("a coordinator: got %v, want ErrRole", err)
	}
	if err := h.SetSettings(t.Context(), admin, payments.ExceptionSettings{ChangePercent: 101}); !errors.Is(err, payments.ErrThreshold) {
		t.Errorf("101 percent: got %v, want ErrThreshold", err)
	}
	if err := h.SetSettings(t.Context(), admin, to); err != nil {
		t.Fatal(err)
	}
	if got, err := h.Settings(t.Context()); err != nil || got != to {
		t.Errorf("got %+v, %v, want %+v", got, err, to)
	}
	if got := found(h.propose()); got != "" {
		t.Errorf("got\n%s\nwant nothing: the end is 27 days away", got)
	}
	h.clean()
}
