package imports_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/imports"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
)

// unknown imports one credit that nobody knows on the pooled account and answers its line.
func (w *world) unknown(id, day, opening, amount string) int64 {
	w.t.Helper()
	closing := money.MustParse(opening).Add(money.MustParse(amount)).String()
	w.drop(statements(paper{
		iban: ibanPooled, id: id, from: day, to: day, opening: opening, closing: closing,
		lines: []string{fromSomebody(amount, day)},
	}))
	return int64(w.number(`SELECT max(line_id) FROM masp.bank_lines`))
}

// user adds a user of a role.
func (w *world) user(id string, roles ...auth.Role) auth.Principal {
	w.t.Helper()
	users := &auth.Service{DB: w.db.App}
	token, err := users.Add(w.t.Context(), auth.Principal{},
		auth.User{ID: id, Name: id, Roles: roles, Until: civil.MustParse("2099-12-31")})
	w.must(err)
	who, err := users.Authenticate(w.t.Context(), token)
	w.must(err)
	return who
}

// refuses fails the test when an act is not refused for this reason.
func (w *world) refuses(what string, err error, code string) {
	w.t.Helper()
	var refused *imports.RefusedError
	if !errors.As(err, &refused) || refused.Code != code {
		w.t.Errorf("%s: got %v, want %s", what, err, code)
	}
}

func TestALineInSuspenseHasAnOwnerADeadlineAndNotes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	line := w.unknown("1", "2026-11-05", "1000.00", "70.00")
	accountant := w.user("c.roy", auth.Accountant)
	approver := w.user("d.lo", auth.Approver)
	act := func(who auth.Principal, n imports.SuspenseNote) error {
		return w.ActOnSuspense(t.Context(), who, line, n)
	}
	w.must(act(w.boss, imports.SuspenseNote{Act: imports.SuspenseGive, Owner: "a.morel"}))
	w.must(act(w.boss, imports.SuspenseNote{Act: imports.SuspenseNoted, Note: "  CAF appelée, pas de réponse "}))
	w.must(act(approver, imports.SuspenseNote{Act: imports.SuspenseGive, Owner: "c.roy", Note: "à vous"}))
	take := imports.SuspenseNote{Act: imports.SuspenseGive, Owner: "a.morel"}
	w.refuses("a line of another", act(w.boss, take), "OWNED")
	take.From = "c.roy"
	w.must(act(w.boss, take))
	w.must(act(w.boss, imports.SuspenseNote{Act: imports.SuspenseGive, Owner: "c.roy"}))
	w.refuses("a note of nothing", act(w.boss, imports.SuspenseNote{Act: imports.SuspenseNoted, Note: " "}), "NOTE")
	w.refuses("an approver as owner", act(w.boss, imports.SuspenseNote{Act: imports.SuspenseGive, Owner: "d.lo"}), "OWNER")
	if err := act(w.user("e.au", auth.Auditor), imports.SuspenseNote{Act: imports.SuspenseUnassign}); !errors.Is(err, imports.ErrRole) {
		t.Errorf("an auditor: got %v, want ErrRole", err)
	}
	w.must(w.SetSuspenseDays(t.Context(), accountant, 40))
	w.refuses("a year and a day", w.SetSuspenseDays(t.Context(), accountant, 366), "DAYS")
	if err := w.SetSuspenseDays(t.Context(), w.boss, 10); !errors.Is(err, imports.ErrRole) {
		t.Errorf("a coordinator: got %v, want ErrRole", err)
	}
	items, err := w.Suspense(t.Context())
	w.must(err)
	i := items[0]
	if i.Owner != "c.roy" || i.Deadline != civil.MustParse("2026-12-15") || len(i.Notes) != 5 ||
		i.Notes[1].Note != "CAF appelée, pas de réponse" || i.Notes[1].By != "a.morel" {
		t.Errorf("got %+v, want it with c.roy until 15 December, and what was tried", i)
	}
	w.must(act(accountant, imports.SuspenseNote{Act: imports.SuspenseUnassign}))
	_, err = w.AssignSuspense(t.Context(), w.boss, line, imports.Assignment{Mandate: "M-2", Benefit: "RSA", Reason: "vu"})
	w.must(err)
	if err := act(accountant, imports.SuspenseNote{Act: imports.SuspenseNoted, Note: "x"}); !errors.Is(err, imports.ErrNotInSuspense) {
		t.Errorf("once identified: got %v, want ErrNotInSuspense", err)
	}
	w.sound()
	w.tamper("suspense_acts")
}

func TestSuspenseIsSummedByAgeAndEqualsTheBooks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	opening := money.MustParse("1000.00")
	for n, day := range []string{"2026-11-05", "2026-12-04", "2026-12-05", "2026-12-27", "2026-12-28", "2027-01-04"} {
		w.clock(day)
		w.unknown(fmt.Sprint(n), day, opening.String(), "10.00")
		opening = opening.Add(money.MustParse("10.00"))
	}
	w.drop(statements(paper{
		iban: ibanPooled, id: "out", from: "2027-01-04", to: "2027-01-04", opening: opening.String(),
		closing: opening.Sub(money.MustParse("4.00")).String(),
		lines:   []string{entry("DBIT", "4.00", "2027-01-04", "")},
	}))
	r, err := w.SuspenseReport(t.Context())
	w.must(err)
	var got []string
	for _, a := range r.Ages {
		got = append(got, fmt.Sprintf("%d+ %d %s-%s", a.From, a.Lines, a.In, a.Out))
	}
	want := "0+ 3 20.00-4.00, 8+ 2 20.00-0.00, 31+ 2 20.00-0.00, 61+ 0 0.00-0.00"
	if strings.Join(got, ", ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
	if r.Total.String() != "56.00" || r.Balance != r.Total {
		t.Errorf("got %s in lines and %s in the books, want 56.00", r.Total, r.Balance)
	}
}

func TestALineIsSplitInOneActOrNotAtAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`INSERT INTO masp.beneficiaries (beneficiary_id, last_name, first_name, born_on, department) VALUES ('B-3', 'Roux', 'Eve', '1970-05-01', '34')`)
	w.exec(`INSERT INTO masp.mandates (mandate_id, beneficiary_id, level, department, status, threat_ground, contract_start,
		contract_end, commitments, signed_by_person_on, signed_by_department_on, bank_account_id)
		VALUES ('M-3', 'B-3', 'MASP2', '34', 'ACTIVE', 'BOTH', '2026-01-01', '2026-12-31', '{PERSON: venir,OPERATOR: payer}', '2026-01-01', '2026-01-01', 'BK-2')`)
	w.exec(`INSERT INTO masp.authorised_benefits (mandate_id, benefit, valid_from) VALUES ('M-3', 'RSA', '2026-01-01')`)
	line := w.unknown("1", "2026-11-05", "1000.00", "300.00")
	oct, _ := civil.ParseMonth("2026-10")
	part := func(mandate, amount string) imports.Assignment {
		return imports.Assignment{Mandate: mandate, Benefit: "RSA", Period: oct, Amount: money.MustParse(amount)}
	}
	split := func(parts ...imports.Assignment) error {
		_, err := w.SplitSuspense(t.Context(), w.boss, line, parts, "courrier de la CAF")
		return err
	}
	w.refuses("no part", split(), "PARTS")
	w.refuses("a part of nothing", split(part("M-2", "0.00")), "AMOUNT")
	w.refuses("too much", split(part("M-2", "200.00"), part("M-3", "100.01")), "AMOUNT")
	w.refuses("one part is wrong", split(part("M-2", "200.00"), part("M-1", "10.00")), "OTHER_ACCOUNT")
	if got := w.balance("467:M-2"); got != "-1000.00" {
		t.Fatalf("got %s after refusals, want nothing moved", got)
	}
	w.must(split(part("M-2", "120.00"), part("M-3", "130.00")))
	if got := w.balance("467:M-2") + w.balance("467:M-3") + w.balance(ledger.Suspense); got != "-1120.00-130.00-50.00" {
		t.Errorf("got %s, want both with their part and the rest in suspense", got)
	}
	if n := w.number(`SELECT count(*) FROM masp.audit_log WHERE action = 'suspense.split'`); n != 1 {
		t.Errorf("got %d acts, want one", n)
	}
	w.sound()
	w.tamper("suspense_assignments")
}

func TestADebitIsSplitOverTheTransfersThatItExecutes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := w.send("BK-2", "M-2", "LOT", "300.00", "45.50", "10.00")
	w.drop(statements(paper{
		iban: ibanPooled, id: "1", from: "2026-11-05", to: "2026-11-05", opening: "1000.00", closing: "654.50",
		lines: []string{entry("DBIT", "345.50", "2026-11-05", "")},
	}))
	items, err := w.Suspense(t.Context())
	w.must(err)
	part := func(ref, amount string) imports.Assignment {
		return imports.Assignment{Transfer: ref, Amount: money.MustParse(amount)}
	}
	_, err = w.SplitSuspense(t.Context(), w.boss, items[0].Line, []imports.Assignment{part(refs[0], "300.00"), part(refs[1], "45.00")}, "vu")
	w.refuses("a part of a transfer", err, "AMOUNT")
	_, err = w.SplitSuspense(t.Context(), w.boss, items[0].Line, []imports.Assignment{part(refs[0], "300.00"), part(refs[1], "45.50")}, "vu")
	w.must(err)
	if got := w.state(refs[0]) + w.state(refs[1]) + w.state(refs[2]) + w.balance(ledger.Suspense); got != "settledsettledin_transit0.00" {
		t.Errorf("got %s", got)
	}
	w.sound()
}

// sender makes the payee who sent money by mistake.
func (w *world) sender() {
	w.t.Helper()
	w.exec(`INSERT INTO masp.creditors (creditor_id, name, kind) VALUES ('C-SENDER', 'Mairie inventée', 'PUBLIC'), ('C-OTHER', 'Autre service', 'PUBLIC')`)
	w.user("loader.one", auth.Accountant)
	w.user("loader.two", auth.Accountant)
	w.exec(`INSERT INTO masp.creditor_ibans (creditor_id, version, iban, load_sha256, proposed_by, proposed_at,
			confirmed_by, confirmed_at, payable_from) VALUES
		('C-SENDER', 1, 'FR7699999000010000000910169', repeat('0', 64), 'loader.one', masp.now(), 'loader.two', masp.now(), masp.now()),
		('C-OTHER', 1, 'FR7699999000010000000910169', repeat('0', 64), 'loader.one', masp.now(), 'loader.two', masp.now(), masp.now())`)
}

// sends proposes, submits and approves the return of a line, and answers its transfer.
func (w *world) sends(line int64, to, amount string, until payments.RunState) payments.Instruction {
	w.t.Helper()
	pay := w.Payments.(*payments.Service)
	r := imports.Return{To: to, Evidence: "courrier de la mairie du 6 novembre"}
	if amount != "" {
		r.Amount = money.MustParse(amount)
	}
	run, err := w.ReturnToSender(w.t.Context(), w.boss, line, r)
	w.must(err)
	if until == payments.Draft {
		return run.Instructions()[0]
	}
	run, err = pay.Submit(w.t.Context(), w.boss, run.ID)
	w.must(err)
	if _, err = pay.Approve(w.t.Context(), w.boss, run.ID, run.ContentHash); !errors.Is(err, payments.ErrRole) && !errors.Is(err, payments.ErrSamePerson) {
		w.t.Errorf("the preparer approves: got %v", err)
	}
	bruno := w.user("approver-"+strings.ToLower(run.ID[2:]), auth.Approver)
	_, err = pay.Approve(w.t.Context(), bruno, run.ID, run.ContentHash)
	w.must(err)
	run, err = pay.Show(w.t.Context(), run.ID)
	w.must(err)
	_, err = pay.File(w.t.Context(), bruno, run.ID)
	w.must(err)
	w.must(pay.HandOver(w.t.Context(), bruno, run.ID))
	return run.Instructions()[0]
}

// allSound verifies the rules of the payments too.
func (w *world) allSound() {
	w.t.Helper()
	w.sound()
	w.must(ledger.Snapshot(w.t.Context(), w.db.Super, func(tx pgx.Tx) error {
		for _, check := range payments.Checks() {
			if err := check(w.t.Context(), tx, func(f ledger.Finding) { w.t.Errorf("verify finds %s", f) }); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (w *world) openOf(line int64) string {
	return w.text(`SELECT open_cents FROM masp.suspense_items WHERE line_id = $1`, line)
}

func (w *world) text(sql string, args ...any) string {
	w.t.Helper()
	return money.Cents(int64(w.number(sql, args...))).String()
}

func TestUnidentifiedMoneyGoesBackToItsSenderByTwoPersonsAndIsKeptMeanwhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sender()
	pay := w.Payments.(*payments.Service)
	line := w.unknown("1", "2026-11-05", "1000.00", "70.00")
	_, err := w.ReturnToSender(t.Context(), w.boss, line, imports.Return{To: "C-SENDER", Evidence: "x"})
	var ask *payments.AskError
	if !errors.As(err, &ask) || ask.Code != "EVIDENCE_MISSING" {
		t.Errorf("without evidence: got %v", err)
	}
	_, err = w.ReturnToSender(t.Context(), w.boss, line, imports.Return{
		To: "C-SENDER", Amount: money.MustParse("70.01"), Evidence: "courrier de la mairie",
	})
	w.refuses("more than is open", err, "AMOUNT")

	draft := w.sends(line, "C-SENDER", "50.00", payments.Draft)
	assign := imports.Assignment{Mandate: "M-2", Benefit: "RSA", Amount: money.MustParse("30.00"), Reason: "vu"}
	_, err = w.AssignSuspense(t.Context(), w.boss, line, assign)
	w.refuses("what is kept for the sender", err, "AMOUNT")
	w.must(pay.Cancel(t.Context(), w.boss, draft.Run))
	_, err = w.AssignSuspense(t.Context(), w.boss, line, assign)
	w.must(err)
	w.sound()

	sent := w.sends(line, "C-SENDER", "", payments.HandedOver)
	if got := sent.Amount.String() + w.openOf(line) + w.balance(ledger.Suspense) + w.balance(ledger.InTransit); got != "40.000.000.00-40.00" {
		t.Errorf("got %s, want the rest of the line on its way", got)
	}
	w.allSound()
	w.drop(statements(paper{
		iban: ibanPooled, id: "2", from: "2026-11-06", to: "2026-11-06", opening: "1070.00", closing: "1030.00",
		lines: []string{debit("40.00", "2026-11-06", sent.EndToEndID)},
	}))
	if got := w.state(sent.EndToEndID); got != "settled" {
		t.Fatalf("got %s, want it debited", got)
	}
	w.allSound()
	w.drop(statements(paper{
		iban: ibanPooled, id: "3", from: "2026-11-09", to: "2026-11-09", opening: "1030.00", closing: "1070.00",
		lines: []string{back("40.00", "2026-11-09", sent.EndToEndID, "AC04")},
	}))
	if got := w.state(sent.EndToEndID) + w.openOf(line) + w.balance(ledger.Suspense); got != "returned40.00-40.00" {
		t.Errorf("got %s, want the line open again", got)
	}
	items, err := w.Suspense(t.Context())
	w.must(err)
	if len(items) != 1 || items[0].Line != line {
		t.Errorf("got %+v, want the first line and its age, not the return", items)
	}
	w.allSound()
	again := w.sends(line, "C-OTHER", "", payments.HandedOver)
	w.drop(pain002("R1", w.message(again.EndToEndID), rejected("", again.EndToEndID)))
	if got := w.state(again.EndToEndID) + w.openOf(line); got != "rejected40.00" {
		t.Errorf("got %s, want a rejection to open the line again", got)
	}
	w.allSound()
	w.tamper("suspense_returns")
}

// message is the identifier of the file that holds a transfer.
func (w *world) message(endToEnd string) string {
	w.t.Helper()
	var id string
	w.must(w.db.Super.QueryRow(w.t.Context(), `SELECT f.message_id FROM masp.payment_files f
		JOIN masp.payment_file_instructions fi USING (file_id) JOIN masp.instructions i USING (instruction_id)
		WHERE i.end_to_end_id = $1 AND NOT fi.void`, endToEnd).Scan(&id))
	return id
}

func TestAtOnceALineIsIdentifiedOrGivenBackAndNeverBoth(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sender()
	line := w.unknown("1", "2026-11-05", "1000.00", "70.00")
	var wait sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for n := range 10 {
		wait.Go(func() {
			var err error
			if n%2 == 0 {
				_, err = w.ReturnToSender(t.Context(), w.boss, line, imports.Return{To: "C-SENDER", Evidence: "courrier de la mairie"})
			} else {
				_, err = w.AssignSuspense(t.Context(), w.boss, line, imports.Assignment{Mandate: "M-2", Benefit: "RSA", Reason: "vu"})
			}
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				done++
			}
		})
	}
	wait.Wait()
	if done != 1 {
		t.Errorf("%d acts took the line, want one", done)
	}
	w.sound()
}

func TestPostgreSQLKeepsTheDoorsOfSuspense(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sender()
	line := w.unknown("1", "2026-11-05", "1000.00", "70.00")
	draft := w.sends(line, "C-SENDER", "70.00", payments.Draft)
	for _, c := range []struct {
		sql  string
		args []any
	}{
		{`INSERT INTO masp.suspense_acts (line_id, act, note, acted_by, acted_at) VALUES ($1, 'NOTE', 'x', 'a.morel', now())`, []any{line}},
		{`INSERT INTO masp.suspense_returns VALUES ($1, $2, 1, 'a.morel', now())`, []any{draft.ID, line}},
		{`DELETE FROM masp.suspense_returns`, nil},
		{`UPDATE masp.suspense_items SET open_cents = 0`, nil},
		{`SELECT masp.move_open($1, -1)`, []any{line}},
		{`SELECT masp.reserve_return('no secret', $1, $2)`, []any{line, draft.ID}},
		{`UPDATE masp.organisations SET suspense_days = 5`, nil},
	} {
		if _, err := w.db.App.Exec(t.Context(), c.sql, c.args...); err == nil {
			t.Errorf("the application may run %s", c.sql)
		}
	}
	_, err := w.db.App.Exec(t.Context(), `SELECT masp.reserve_return($1, $2, $3)`, w.boss.Secret(), line, draft.ID)
	if err == nil {
		t.Error("a draft is reserved twice")
	}
}

func TestUnidentifiedMoneyNeverGoesToAnAccountOfAPersonOrOfOurs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sender()
	const old, current = "FR7699999000010000000920354", "FR7699999000010000000930442"
	w.exec(`INSERT INTO masp.creditors (creditor_id, name, kind, beneficiary_id)
		SELECT 'C-SELF', 'Compte de la personne', 'BENEFICIARY', min(beneficiary_id) FROM masp.mandates`)
	for creditor, ibans := range map[string][]string{
		"C-SELF": {old, current}, "C-SENDER": {old}, "C-OTHER": {ibanOwn},
	} {
		for _, iban := range ibans {
			w.exec(`INSERT INTO masp.creditor_ibans (creditor_id, version, iban, evidence, proposed_by, proposed_at)
				SELECT $1, coalesce(max(version), 0) + 1, $2, 'x', 'loader.one', masp.now() FROM masp.creditor_ibans WHERE creditor_id = $1`,
				creditor, iban)
			w.exec(`UPDATE masp.creditor_ibans SET confirmed_by = 'loader.two', confirmed_at = masp.now(), payable_from = masp.now()
				 WHERE creditor_id = $1 AND confirmed_by IS NULL`, creditor)
		}
	}
	line := w.unknown("1", "2026-11-05", "1000.00", "70.00")
	for to, code := range map[string]string{"C-SENDER": "SENDER_IS_A_PERSON", "C-OTHER": "SENDER_IS_OURS"} {
		_, err := w.ReturnToSender(t.Context(), w.boss, line, imports.Return{To: to, Evidence: "courrier de la mairie"})
		var ask *payments.AskError
		if !errors.As(err, &ask) || ask.Code != code {
			t.Errorf("%s: got %v, want %s", to, err, code)
		}
	}
	w.exec(`INSERT INTO masp.runs (run_id, run_number, month, run_on, state, content_hash, created_at, purpose, evidence)
		VALUES ('C-2026-11-9', 9, '2026-11-01', '2026-11-05', 'draft', sha256(''), masp.now(), 'REFUND_TO_PAYER', 'courrier de la mairie')`)
	for _, iban := range []string{old, current, ibanOwn} {
		_, err := w.db.Super.Exec(t.Context(), `INSERT INTO masp.instructions (run_id, mandate_id, kind, account, bank_account_id,
			creditor_id, creditor_name, creditor_iban, iban_version, amount_cents, leave_on, execute_on, reference, end_to_end_id, state)
			VALUES ('C-2026-11-9', '', 'REFUND_TO_PAYER', '471:UNIDENTIFIED', 'BK-2', 'C-SENDER', 'x', $1, 1, 100,
			'2026-11-05', '2026-11-05', 'x', 'V000009-000001', 'draft')`, iban)
		if !strings.Contains(fmt.Sprint(err), "MA044") {
			t.Errorf("PostgreSQL lets unidentified money go to %s: %v", iban, err)
		}
	}
}
