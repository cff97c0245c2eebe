package v1_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/money"
)

// ux 19
func TestOneMonthIsPaidOnce(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	path, _ := d.proposed("c.martin")
	again := `{"month": "2026-11", "on": "2026-11-09"}`
	told := d.post("c.martin", runs, again, "").code(409, "already_in_run").text("detail") +
		d.post("v.olivier", path+"/approvals", "", d.tag("v.olivier", path)).code(409, "wrong_state").text("detail")
	if strings.Contains(told, "masp") || !strings.Contains(told, "C-2026-11-1") {
		t.Errorf("who has no command line is told %q", told)
	}
	d.decided("c.martin", path)
	d.post("c.martin", path+"/submissions", "", "").wants(201)
	d.post("c.martin", runs, again, "").code(409, "already_in_run")
	d.post("v.olivier", path+"/approvals", "", d.tag("v.olivier", path)).wants(201)
	second := d.post("c.martin", runs, again, "").wants(201)
	if n := second.length("mandates", 0, "lines"); n != 0 {
		t.Errorf("the second run of the month pays %d lines again\n%s", n, second.Body)
	}
	d.post("c.martin", runs, `{"purpose": "OFF_CYCLE", "mandates": ["M-0001"], "lines": ["O-0001-RENT@2026-11-08"]}`, "").wants(409)
	d.post("c.martin", second.Header.Get("Location")+"/cancellations", "", "").wants(201)
	d.post("c.martin", runs, `{"purpose": "OFF_CYCLE", "mandates": ["M-0001"], "lines": ["O-0001-RENT@2026-11-08"]}`, "").code(422, "line_paid")
}

// ux 22, 23: each line is as last month, follows from a decision, or carries an exception; nothing
// of lower rank is paid while a rent is not.
func TestEachLineOfARunIsExplained(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	_, of1 := d.proposed("c.martin")
	_, of2 := d.proposed("c.nadir")
	seen := 0
	for _, run := range []reply{of1, of2} {
		for m := range run.length("mandates") {
			short := false
			for l := range run.length("mandates", m, "lines") {
				at := func(step ...any) string { return run.text(append([]any{"mandates", m, "lines", l}, step...)...) }
				from := at("why", "origin", "from")
				if !slices.Contains([]string{"LAST_MONTH", "DECISION", "EXCEPTION"}, from) ||
					from == "EXCEPTION" && run.length("mandates", m, "lines", l, "why", "origin", "exceptions") == 0 {
					t.Errorf("line %s comes from %q", at("line"), from)
				}
				senior := at("class") == "RENT" || at("class") == "RENTAL_CHARGE"
				if short && !senior && at("paid") != "0.00" {
					t.Errorf("%s is paid before the rent", at("line"))
				}
				short = short || senior && at("paid") != at("due")
				seen++
			}
			if short && run.text("mandates", m, "remitted") != "0.00" {
				t.Error("the person is paid before the rent")
			}
		}
	}
	if seen < 8 {
		t.Errorf("only %d lines were looked at", seen)
	}
}

// ux 23: a run that pays the person before the rent is caught, and nobody may keep it so.
func TestARunThatPassesBeforeTheRentIsCaught(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.credit("M-0001", "BK-0001", "100.00") // not enough for both
	d.at("2026-11-09", 9)
	body := `{"purpose": "OFF_CYCLE", "mandates": ["M-0001"],
		"remit": [{"mandate": "M-0001", "to": "C-SELF-0001", "on": ["2026-11-09"]}]}`
	run := d.post("c.martin", runs, body, "").wants(201)
	path := run.Header.Get("Location")
	for i := range run.length("exceptions") {
		if run.text("exceptions", i, "code") != "priority_violated" {
			continue
		}
		no := fmt.Sprint(run.get("exceptions", i, "no"))
		keep := `{"decision": "KEEP", "reason": "urgent"}`
		d.post("c.martin", path+"/exceptions/"+no+"/decisions", keep, run.Header.Get("ETag")).code(422, "wrong_decision")
		d.post("c.martin", path+"/submissions", "", "").code(422, "undecided_exceptions")
		return
	}
	t.Errorf("nobody was told: %s", run.Body)
}

// ux 24
func TestMoneyThatIsNoBenefitIsNeverSharedOut(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	_, err := d.house.Ledger.Post(t.Context(), ledger.Entry{
		Journal: ledger.BankJournal, Kind: ledger.BankCredit, Source: "wage", Label: "Salaire", Actor: "test",
		Postings: []ledger.Posting{{
			Debit: ledger.Bank("BK-0001"), Credit: ledger.Sub("M-0001", ledger.Restricted), Amount: money.MustParse("700.00"),
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	path, run := d.proposed("c.martin")
	if got := run.text("mandates", 0, "available"); got != "606.66" {
		t.Errorf("got %s available, want what the benefits make", got)
	}
	if !strings.Contains(string(run.Body), `"code":"non_social_income"`) {
		t.Errorf("nobody was told: %s", run.Body)
	}
	d.post("c.martin", path+"/submissions", "", "").code(422, "undecided_exceptions")
	d.post("c.martin", path+"/cancellations", "", "").wants(201)
	payout := `{"purpose": "PASS_THROUGH", "mandate": "M-0001", "to": "C-SELF-0001"}`
	got := d.post("c.martin", "/v1/payouts", payout, "").wants(201)
	if got.text("total") != "700.00" || got.text("purpose") != "PASS_THROUGH" {
		t.Errorf("got %s", got.Body)
	}
	d.post("v.olivier", "/v1/payouts", payout, "").code(403, "forbidden")
}

// ux 3: a cent between the bank and the books, and nothing is approved.
func TestNothingIsApprovedWhileTheBankSaysAnotherBalance(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	path, _ := d.submitted("c.martin")
	d.bankSays("BK-0001", 1)
	d.post("v.olivier", path+"/approvals", "", d.tag("v.olivier", path)).code(409, "not_reconciled")
	if n := d.approvals(); n != 0 {
		t.Errorf("a refused approval left %d signatures", n)
	}
}

// bankSays lets the bank say a balance that is some cents above that of the books.
func (d *desk) bankSays(bank string, cents int) {
	d.t.Helper()
	err := pgx.BeginFunc(d.t.Context(), d.db.Owner, func(tx pgx.Tx) error {
		_, err := tx.Exec(d.t.Context(), `WITH f AS (
			INSERT INTO masp.bank_files (name, sha256, size, format, outcome, received_at, received_by)
			VALUES ('other', sha256('other'), 1, 'camt.053', 'accepted', masp.now(), 'test') RETURNING file_id)
			INSERT INTO masp.bank_statements (file_id, ordinal, bank_account_id, account_iban, bank_ref, opening_cents, closing_cents,
			       closing_on, entries, content_hash, state, chain_no)
			SELECT file_id, 1, $1, k.iban, 'other', 0, b.debit_cents - b.credit_cents + $2, masp.today(), 0, sha256(''), 'accepted', 1
			  FROM f, masp.bank_accounts k, masp.accounts a JOIN masp.account_balances b USING (account_id)
			 WHERE k.bank_account_id = $1 AND a.code = '512:' || $1`, bank, cents)
		if err != nil {
			return err
		}
		_, err = audit.Record(d.t.Context(), tx, audit.Act{Actor: "test", Action: "test.change", ObjectType: "test", ObjectID: "desk"})
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

func TestThePersonMayRefuseALineAndNeverTheRent(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	path, _ := d.proposed("c.martin")
	d.post("c.martin", path+"/comments", `{"mandate": "M-0001", "line": "O-0001-RENT@2026-11-08", "text": "non", "refuses": true}`, "").
		code(422, "refuses_rent")
	got := d.post("c.martin", path+"/comments",
		`{"mandate": "M-0001", "line": "O-0001-ENERGY@2026-11-12", "text": "Je conteste la facture", "refuses": true}`, "").wants(201)
	if got.text("comments", 0, "text") != "Je conteste la facture" || got.text("mandates", 0, "lines", 2, "reason") != "REFUSED_BY_PERSON" {
		t.Errorf("got %s", got.Body)
	}
	d.post("c.martin", path+"/comments", `{"mandate": "M-0002", "text": "non"}`, "").code(422, "unknown_reference")
	for _, user := range []string{"k.perrin", "e.quentin", "robot"} { // who works with figures reads no notes
		if n := d.get(user, path).wants(200).length("comments"); n != 0 {
			t.Errorf("%s reads %d comments", user, n)
		}
	}
	if n := d.get("v.olivier", path).wants(200).length("comments"); n != 1 {
		t.Errorf("who signs reads %d comments, want 1", n)
	}
}

func TestManualPaymentsNeedTheirEvidence(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	ask := func(evidence string) string {
		return `{"purpose": "MANUAL", "mandates": ["M-0001"], "lines": ["O-0001-RENT@2026-11-08"], "means": "CHEQUE"` + evidence + `}`
	}
	d.post("c.martin", runs, ask(""), "").code(422, "evidence_missing")
	d.post("c.martin", runs, `{"purpose": "PASS_THROUGH"}`, "").code(400, "invalid_request")
	d.post("c.martin", runs, `{"lines": ["O-0001-RENT@2026-11-08"]}`, "").code(422, "lines_of_a_month")
	d.ask("c.martin", http.MethodPost, runs, `{"state": "approved", "mandates": ["M-0001"]}`).code(400, "invalid_request")
	got := d.post("c.martin", runs, ask(`, "evidence": "chèque n° 1234567"`), "").wants(201)
	if got.text("evidence") != "chèque n° 1234567" || got.text("mandates", 0, "transfers", 0, "means") != "CHEQUE" {
		t.Errorf("got %s", got.Body)
	}
}
