package imports_test

import (
	"errors"
	"strings"
	"testing"

	"masp/api/auth"
	"masp/imports"
	"masp/imports/bankfile"
)

// quiet is a statement of one day on the account in the person's name, without movement.
func quiet(id, on, balance string) paper {
	return paper{iban: ibanOwn, id: id, from: on, to: on, opening: balance, closing: balance}
}

func TestAStatementInAnotherFileIsSaidToBeKnown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.drop(statements(quiet("1", "2026-11-05", "100.00")))
	again := statements(quiet("1", "2026-11-05", "100.00")) + "\n"
	w.clock("2026-11-06")
	o := w.drop(again)
	want := "Relevé déjà reçu le 05/11 à 13 h 00 dans un autre fichier. Rien à faire."
	if !o.AlreadyKnown || o.Message() != want {
		t.Errorf("got known %v, %q; want %q", o.AlreadyKnown, o.Message(), want)
	}
	if st := o.Statements[0]; st.File != "releve.xml" || st.ReceivedAt.IsZero() {
		t.Errorf("got %+v, want the file that brought it", st)
	}
	if o = w.drop(again); len(o.Statements) != 1 || o.Statements[0].State != "accepted" {
		t.Errorf("got %+v, want the statement that the other file brought", o.Statements)
	}
	o = w.drop(statements(quiet("1", "2026-11-05", "100.00"), quiet("2", "2026-11-06", "100.00")))
	want = "Relevé reçu, aucun mouvement. 1 relevé déjà reçu : rien n’est compté deux fois."
	if o.AlreadyKnown || o.Message() != want {
		t.Errorf("got known %v, %q; want %q", o.AlreadyKnown, o.Message(), want)
	}
	w.sound()
}

func TestAStatementOfAFarDayWaitsForItAndHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t) // 5 November
	far := w.drop(statements(quiet("far", "2026-12-07", "100.00")))
	if st := far.Statements[0]; st.Reason != imports.HeldFuture || far.Outcome != bankfile.Held ||
		!strings.Contains(st.Explanation, "07/12/2026") ||
		!strings.Contains(st.Explanation, "05/11/2026") {
		t.Fatalf("got %s %q, want it held with both days", st.Reason, st.Explanation)
	}
	near := w.drop(statements(quiet("near", "2026-11-06", "100.00")))
	if st := near.Statements[0]; st.State != "accepted" || len(st.Warnings) != 1 ||
		st.Warnings[0].Code != "future" || near.Outcome != bankfile.AcceptedWithWarnings {
		t.Errorf("got %+v, want it accepted with a warning", near)
	}
	w.clock("2026-11-06")
	if released, err := w.RetryHeld(t.Context(), "test"); err != nil || len(released) != 1 {
		t.Errorf("got %+v, %v; want it accepted 31 days before its day", released, err)
	}
	if o := w.drop(statements(quiet("last", "2099-12-31", "100.00"))); !o.Statements[0].Waits() {
		t.Errorf("got %+v, want 2099 held", o.Statements[0])
	}
	w.sound()
}

func TestAStatementThatWaitsIsNotCountedAsReceived(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	waits := "1 relevé mis en attente : rien n’en a été enregistré dans les comptes."
	p := november(fromSomebody("30.00", "2026-11-05"))
	p.closing = "130.00"
	for _, c := range []struct {
		file string
		want string
	}{
		{statements(quiet("far", "2026-12-07", "100.00")), waits},
		{statements(p, quiet("later", "2026-12-08", "100.00")), "1 relevé reçu, 1 mouvement. " + waits},
	} {
		if got := w.drop(c.file).Message(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
	w.sound()
}

func TestAKnownFileIsJudgedAgainWhenItWaits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const iban = "FR7699999000010000000010003"
	p := quiet("1", "2026-11-05", "0.00")
	p.iban = iban
	first := w.drop(statements(p)).Statements[0]
	if first.Reason != imports.HeldUnknownAccount || !strings.Contains(first.Explanation, "ajoutez-le") {
		t.Errorf("got %s %q, want an unknown account and what to do", first.Reason, first.Explanation)
	}
	w.exec(`INSERT INTO masp.bank_accounts (bank_account_id, iban, holder, owner, model)
		VALUES ('BK-3', $1, 'X', 'ASSOCIATION_CLIENT_FUNDS', 'POOLED')`, iban)
	o := w.drop(statements(p))
	want := "Déjà reçu le 05/11 à 13 h 00. 1 relevé en attente a pu suivre."
	if o.Message() != want || o.Statements[0].State != "accepted" || len(o.Released) != 1 {
		t.Errorf("got %q %+v, want %q and the statement accepted", o.Message(), o.Statements[0], want)
	}
	if o = w.drop(statements(p)); o.Message() != "Déjà reçu le 05/11 à 13 h 00. Rien à faire." {
		t.Errorf("got %q the third time, want nothing to do", o.Message())
	}
	w.sound()
}

func TestAnotherContentUnderAKnownNumberIsAConflictAndNoOverlap(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.drop(statements(quiet("1", "2026-11-04", "100.00")))
	other := quiet("1", "2026-11-04", "100.00")
	other.from, other.opening, other.closing = "2026-11-03", "90.00", "90.00"
	st := w.drop(statements(other)).Statements[0]
	if st.Reason != imports.HeldConflict || !strings.Contains(st.Explanation, "04/11/2026") {
		t.Errorf("got %s %q, want a conflict that names the other one", st.Reason, st.Explanation)
	}
	w.sound()
}

func TestAHeldStatementIsGivenUpByAPersonAndTakenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	w.drop(statements(quiet("gap", "2026-11-05", "50.00")))
	held, err := w.Held(ctx)
	w.must(err)
	if len(held) != 1 || held[0].Ref != "gap" || held[0].File != "releve.xml" {
		t.Fatalf("got %+v, want the held statement and its file", held)
	}
	id := held[0].ID
	w.must(w.Drop(ctx, w.boss, id, "doublon"))
	if held, err = w.Held(ctx); err != nil || len(held) != 0 {
		t.Errorf("got %+v, %v; want nothing that waits", held, err)
	}
	given, err := w.Dropped(ctx)
	if err != nil || len(given) != 1 || given[0].State != "held" ||
		given[0].Explanation != "Abandonné par a.morel le 05/11/2026 : doublon" {
		t.Errorf("got %+v, %v; want it held as dropped, by whom, when and why", given, err)
	}
	w.sound()
	o := w.drop(statements(quiet("gap", "2026-11-05", "50.00")))
	if want := "Déjà reçu le 05/11 à 13 h 00. 1 relevé abandonné."; o.Message() != want {
		t.Errorf("got %q, want %q", o.Message(), want)
	}
	w.books("50.00") // what it waited for: only a person takes it up again
	if released, err := w.RetryHeld(ctx, "test"); err != nil || len(released) != 0 {
		t.Errorf("got %+v, %v; want a dropped statement never posted", released, err)
	}
	released, err := w.Resume(ctx, w.boss, id, "c’était le bon")
	if err != nil || len(released) != 1 || released[0].ID != id {
		t.Errorf("got %+v, %v; want it posted once taken back", released, err)
	}
	w.sound()
}

// books brings the account in the person's name from 100.00 to another balance, by a statement.
func (w *world) books(balance string) {
	w.t.Helper()
	p := quiet("2026-11-04", "2026-11-04", "100.00")
	p.closing, p.lines = balance, []string{debit("50.00", "2026-11-04", "X")}
	if o := w.drop(statements(p)); o.Statements[0].State != "accepted" {
		w.t.Fatalf("got %+v, want it accepted", o.Statements[0])
	}
}

func TestGivingUpNeedsAPersonAReasonAndAHeldStatement(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	w.drop(statements(quiet("ok", "2026-11-05", "100.00"), quiet("gap", "2026-11-06", "50.00")))
	id := int64(w.number(`SELECT statement_id FROM masp.bank_statements WHERE state = 'held'`))
	for want, err := range map[string]error{
		"token":       w.Drop(ctx, auth.Principal{User: w.boss.User}, id, "x"),
		"REASON":      w.Drop(ctx, w.boss, id, ""),
		"NOT_HELD":    w.Drop(ctx, w.boss, id+77, "x"),
		"NOT_DROPPED": second(w.Resume(ctx, w.boss, id, "x")),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want a refusal that says %s", err, want)
		}
	}
	accepted := int64(w.number(`SELECT statement_id FROM masp.bank_statements WHERE state = 'accepted'`))
	if err := w.Drop(ctx, w.boss, accepted, "x"); err == nil {
		t.Error("an accepted statement was given up")
	}
	w.exec(`UPDATE masp.users SET roles = '{auditor}', ends_on = '2099-12-31'`)
	if err := w.Drop(ctx, w.boss, id, "x"); !errors.Is(err, imports.ErrRole) {
		t.Errorf("got %v, want an auditor refused", err)
	}
	w.exec(`UPDATE masp.users SET roles = '{accountant}'`)
	w.must(w.Drop(ctx, w.boss, id, "x"))
	w.sound()
	for _, sql := range []string{
		`UPDATE masp.bank_statements SET reason = 'GAP' WHERE state = 'held'`,
		`UPDATE masp.audit_log SET action = 'x' WHERE action = 'bank_statement.drop'`,
	} {
		if !w.foundWhen(sql) {
			t.Errorf("verify does not find %s", sql)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestWhatOnlyInformsIsKeptAndNeverPosted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := november(fromCAF("308.00", "2026-11-05", "CAF"))
	p.closing = "408.00"
	final := statements(p)
	for _, c := range []struct {
		kind, message string
		rename        *strings.Replacer
	}{
		{"INTRADAY", "1 relevé provisoire : gardé, rien n’est enregistré.", strings.NewReplacer(
			"BkToCstmrStmt", "BkToCstmrAcctRpt", "Stmt>", "Rpt>", "camt.053", "camt.052")},
		{"NOTICE", "1 avis de détail gardé pour expliquer les lignes du relevé, qui seul est enregistré.", strings.NewReplacer(
			"BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn", "Stmt>", "Ntfctn>", "camt.053", "camt.054")},
	} {
		o := w.drop(c.rename.Replace(final))
		if o.Outcome == bankfile.Refused || len(o.Statements) != 1 || o.Statements[0].Kind != c.kind ||
			o.Statements[0].Waits() || o.Message() != c.message {
			t.Errorf("got %+v %q, want %q", o, o.Message(), c.message)
		}
		again := w.drop(c.rename.Replace(final))
		if !again.AlreadyKnown || !strings.HasSuffix(again.Message(), "Rien à faire.") {
			t.Errorf("got %q, want it known", again.Message())
		}
	}
	held, err := w.Held(t.Context())
	if n := w.number("SELECT count(*) FROM bank_lines"); n != 0 || err != nil || len(held) != 0 {
		t.Errorf("got %d lines and %+v waiting (%v), want none", n, held, err)
	}
	w.sound()
	if o := w.drop(final); o.AlreadyKnown || o.Statements[0].State != "accepted" {
		t.Errorf("got %+v, want the final statement booked beside them", o)
	}
	w.sound()
}

func TestAPersonAcceptsASecondStatementOfTheSameNumberWhenItFollows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	first := november(fromSomebody("10.00", "2026-11-05"))
	first.closing = "110.00"
	w.drop(statements(first))
	// the same number and day, the same line at the same place: legitimate twins
	twin := first
	twin.opening, twin.closing = "110.00", "120.00"
	if st := w.drop(statements(twin)).Statements[0]; st.Reason != imports.HeldConflict {
		t.Fatalf("got %+v, want a conflict", st)
	}
	third := first
	third.opening, third.closing = "500.00", "510.00"
	w.drop(statements(third))
	held, err := w.Held(ctx)
	w.must(err)
	for want, err := range map[string]error{
		"REASON":          second(w.Accept(ctx, w.boss, held[0].ID, "")),
		"DOES_NOT_FOLLOW": second(w.Accept(ctx, w.boss, held[1].ID, "x")),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want a refusal that says %s", err, want)
		}
	}
	released, err := w.Accept(ctx, w.boss, held[0].ID, "la banque confirme les deux")
	if err != nil || len(released) != 1 || w.balance("512:BK-1") != "120.00" {
		t.Errorf("got %+v, %v, %s in the bank; want both in the books", released, err, w.balance("512:BK-1"))
	}
	w.sound()
	if !w.foundWhen(`UPDATE masp.bank_statements SET number_again = false`) {
		t.Error("verify does not find a number that nobody has accepted")
	}
}
