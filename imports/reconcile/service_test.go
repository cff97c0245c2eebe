package reconcile_test

import (
	"errors"
	"fmt"
	"testing"

	"masp/imports/reconcile"
	"masp/ledger"
	"masp/ledger/civil"
)

func (h *house) show(account, day string) reconcile.Detail {
	h.t.Helper()
	d, err := h.Show(h.t.Context(), account, civil.MustParse(day))
	h.must(err)
	return d
}

// week is a week on the pooled account: a payment, its debit two days later, money that nobody knows.
func week(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	h.clock("2026-10-05")
	h.tell("BK-2", "2026-10-05")
	rent := h.pay("BK-2", "M-2", euros("300.00"))
	h.clock("2026-10-07")
	h.tell("BK-2", "2026-10-07", line{euros("-300.00"), "2026-10-07", rent}, line{euros("40.00"), "2026-10-06", ""})
	h.clock("2026-10-08")
	return h
}

func TestEachDayHasItsFiguresAndNoDifference(t *testing.T) {
	t.Parallel()
	h := week(t)
	for _, c := range []struct {
		day, want string
	}{
		{"2026-10-04", "NO_STATEMENT 0.00 1500.00 0.00 0.00 1500.00"},
		{"2026-10-05", "BALANCED 1500.00 1500.00 300.00 0.00 1200.00"},
		{"2026-10-06", "BALANCED 1540.00 1540.00 300.00 40.00 1200.00"},
		{"2026-10-07", "BALANCED 1240.00 1240.00 0.00 40.00 1200.00"},
		{"2026-10-08", "BALANCED 1240.00 1240.00 0.00 40.00 1200.00"},
	} {
		d := h.show("BK-2", c.day)
		got := fmt.Sprintf("%s %s %s %s %s %s", d.State, d.Bank, d.Books, d.InTransit, d.Unidentified, d.Persons)
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.day, got, c.want)
		}
	}
	if _, err := h.Show(t.Context(), "BK-9", civil.MustParse("2026-10-05")); !errors.Is(err, reconcile.ErrNoAccount) {
		t.Errorf("got %v, want %v", err, reconcile.ErrNoAccount)
	}
}

func TestDaysAreStoredOnceAndAgainWhenMoreIsHeard(t *testing.T) {
	t.Parallel()
	h := week(t)
	first := h.run("2026-10-07")
	if first.Stored != 14 || len(first.Differences) != 0 { // two accounts from 1 to 7 October
		t.Errorf("got %+v, want 14 days and no difference", first)
	}
	if again := h.run("2026-10-07"); again.Stored != 0 {
		t.Errorf("got %d days stored again, want none", again.Stored)
	}
	h.sound()
	// The bank tells late of a second line of the 7th: the day has another revision, the first stays.
	h.tell("BK-2", "2026-10-07", line{euros("5.00"), "2026-10-07", ""})
	if more := h.run("2026-10-07"); more.Stored != 1 {
		t.Errorf("got %d days stored, want the 7th", more.Stored)
	}
	d := h.show("BK-2", "2026-10-07")
	if d.Stored == nil || d.Stored.Revision != 2 || d.Stored.Bank != euros("1245.00") {
		t.Errorf("got %+v, want revision 2 with 1245.00", d.Stored)
	}
	h.sound()
}

func TestALineThatTheBankDatesBackCountsInItsOwnStatement(t *testing.T) {
	t.Parallel()
	h := week(t)
	h.tell("BK-2", "2026-10-08", line{euros("7.00"), "2026-10-03", ""}, line{euros("1.00"), "2026-10-12", ""})
	for day, bank := range map[string]string{"2026-10-05": "1500.00", "2026-10-07": "1240.00", "2026-10-08": "1248.00"} {
		if d := h.show("BK-2", day); d.State != reconcile.Balanced || d.Bank != euros(bank) {
			t.Errorf("%s: got %s %s, want BALANCED %s", day, d.State, d.Bank, bank)
		}
	}
}

func TestADifferenceInTheMiddleOfTheHistoryIsNamed(t *testing.T) {
	t.Parallel()
	for when, through := range map[string]string{"an open day": "", "a locked day": "2026-10-05"} {
		h := week(t)
		if through != "" {
			_, err := h.Close(t.Context(), h.paul, civil.MustParse(through))
			h.must(err)
		}
		h.exec(`UPDATE masp.bank_statements SET closing_cents = closing_cents + 3 WHERE bank_ref = 'S-1'`)
		r := h.run("2026-10-07")
		if len(r.Differences) != 1 || r.Differences[0].Account != "BK-2" || r.Differences[0].Day.String() != "2026-10-05" ||
			r.Differences[0].Gap != euros("0.03") {
			t.Errorf("%s: run names %+v, want 0.03 on the 5th", when, r.Differences)
		}
		status, err := h.Status(t.Context())
		h.must(err)
		a := status.Accounts[1]
		if status.OK || a.State != reconcile.Difference || a.Gap != euros("0.03") || a.Since.String() != "2026-10-05" {
			t.Errorf("%s: status says %s %s since %s", when, a.State, a.Gap, a.Since)
		}
		if since := h.text(`SELECT masp.drift_since('BK-2')::text`); since != "2026-10-05" {
			t.Errorf("%s: PostgreSQL says since %s", when, since)
		}
		const refused = `SELECT count(*)::text FROM masp.disagreements('C-2026-10-1')`
		if n := h.text(refused); through == "" && n != "1" {
			t.Errorf("%s: %s accounts keep the run from its approval", when, n)
		}
		h.exec(`UPDATE masp.bank_statements SET closing_cents = closing_cents - 3 WHERE bank_ref = 'S-1'`)
		if n := h.text(refused); n != "0" || len(h.run("2026-10-07").Differences) > 0 {
			t.Errorf("%s: it is mended, and %s accounts still differ", when, n)
		}
	}
}

func TestTheBalanceOfTheBankIsOneThatItPrinted(t *testing.T) {
	t.Parallel()
	h := week(t)
	d := h.show("BK-2", "2026-10-06") // the line of the 6th came with the statement of the 7th
	if d.BankOn.String() != "2026-10-05" || d.Printed != euros("1500.00") || d.Bank != euros("1540.00") {
		t.Errorf("got %s of %s, corrected to %s; want 1500.00 of the 5th, 1540.00", d.Printed, d.BankOn, d.Bank)
	}
}

func TestADayWhoseStatementIsStillImportedIsNotReconciled(t *testing.T) {
	t.Parallel()
	h := week(t)
	h.exec(`UPDATE masp.bank_statements SET state = 'importing', chain_no = NULL WHERE bank_ref = 'S-2'`)
	result := h.run("2026-10-07")
	if len(result.Waiting) != 1 || result.Waiting[0] != "BK-2" || result.Stored != 7 {
		t.Errorf("got %+v, want BK-2 to wait and BK-1 stored", result)
	}
	if d := h.show("BK-2", "2026-10-07"); d.State != reconcile.Importing {
		t.Errorf("got %s, want IMPORTING", d.State)
	}
	status, err := h.Status(t.Context())
	h.must(err)
	if got := status.Accounts[1].State; got != reconcile.Importing {
		t.Errorf("got %s, want IMPORTING", got)
	}
}

func TestMoneyBookedToAPersonOfAnotherAccountIsADifferenceOnBoth(t *testing.T) {
	t.Parallel()
	h := week(t)
	h.tell("BK-1", "2026-10-08")
	h.post(ledger.Entry{
		Journal: ledger.OtherJournal, Kind: ledger.DeathFreeze, Source: "wrong",
		Postings: []ledger.Posting{{Debit: ledger.Mandate("M-2"), Credit: ledger.Mandate("M-1"), Amount: euros("9.00")}},
	})
	status, err := h.Status(t.Context())
	h.must(err)
	for i, gap := range []string{"-9.00", "9.00"} {
		a := status.Accounts[i]
		if a.State != reconcile.Difference || a.Gap != euros(gap) || a.Since != civil.MustParse("2026-10-08") {
			t.Errorf("%s: got %s %s since %s, want DIFFERENCE %s since 8 October", a.Account, a.State, a.Gap, a.Since, gap)
		}
	}
	if status.OK || status.Difference != euros("18.00") {
		t.Errorf("got %v %s, want not right, 18.00", status.OK, status.Difference)
	}
}

func TestDaysBeforeAMandateMovedToAnotherAccountStayAsTheyWere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.clock("2026-10-05")
	h.tell("BK-1", "2026-10-05")
	all := h.pay("BK-1", "M-1", euros("100.00"))
	h.clock("2026-10-06")
	h.tell("BK-1", "2026-10-06", line{euros("-100.00"), "2026-10-06", all})
	h.run("2026-10-06")
	h.exec(`INSERT INTO masp.bank_accounts (bank_account_id, iban, holder, owner, model)
		VALUES ('BK-3', 'FR7699999000010000000010003', 'Mme Durand', 'BENEFICIARY', 'INDIVIDUAL')`)
	if _, err := h.db.Owner.Exec(t.Context(), `UPDATE masp.mandates SET bank_account_id = 'BK-3' WHERE mandate_id = 'M-1'`); err != nil {
		t.Fatal(err)
	}
	h.open("BK-3", "M-1", "30.00")
	for place, persons := range map[[2]string]string{
		{"BK-1", "2026-10-04"}: "100.00", {"BK-1", "2026-10-06"}: "0.00", {"BK-3", "2026-10-06"}: "30.00",
	} {
		if d := h.show(place[0], place[1]); d.Persons != euros(persons) || d.State == reconcile.Difference {
			t.Errorf("%v: got %s %s, want %s", place, d.State, d.Persons, persons)
		}
	}
	h.sound()
}

func TestMoneyThatNobodyKnowsAndThatGoesBackStaysOnItsAccount(t *testing.T) {
	t.Parallel()
	h := week(t)
	back := h.pay("BK-2", "M-2", euros("1.00"))
	h.exec(`UPDATE masp.postings SET debit_account = (SELECT account_id FROM masp.accounts WHERE code = '471:UNIDENTIFIED')
		WHERE entry_no = (SELECT entry_no FROM masp.entries WHERE source = 'payment ' || $1)`, back)
	if d := h.show("BK-2", "2026-10-08"); d.State != reconcile.Balanced || d.InTransit != euros("1.00") || d.Unidentified != euros("39.00") {
		t.Errorf("on its way: got %s %s %s, want 1.00 of 39.00", d.State, d.InTransit, d.Unidentified)
	}
	h.post(ledger.Entry{
		Journal: ledger.TransferJournal, Kind: ledger.Reject, Source: "reject " + back,
		Postings: []ledger.Posting{{Debit: ledger.InTransit, Credit: ledger.Suspense, Amount: euros("1.00")}},
	})
	if d := h.show("BK-2", "2026-10-08"); d.State != reconcile.Balanced || !d.InTransit.IsZero() || d.Unidentified != euros("40.00") {
		t.Errorf("refused: got %s %s %s, want all 40.00 again", d.State, d.InTransit, d.Unidentified)
	}
}
