package mandates_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/ledger"
	"masp/ledger/audit"
	"masp/migrations/dbtest"
	"masp/payments/mandates"
	"masp/payments/sepa"
)

// confirmed is the example signed by two users, with a second IBAN of C-LUMEN, proposed and
// confirmed.
func confirmed(t *testing.T) *dbtest.DB {
	t.Helper()
	s, db, result, who := loaded(t)
	for _, id := range []string{"a.morel", "b.simon"} {
		if _, err := s.SignLoad(t.Context(), who[id], result.SHA256); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.ProposeIBAN(t.Context(), who["a.morel"], "C-LUMEN", sepa.MustParseIBAN(frenchIBAN(t, "00600", 1)), "RIB"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ConfirmIBAN(t.Context(), who["b.simon"], "C-LUMEN"); err != nil {
		t.Fatal(err)
	}
	wantCodes(t, db.App, nil)
	return db
}

// wantCodes verifies and wants these codes, each perhaps several times.
func wantCodes(t *testing.T, pool *pgxpool.Pool, want []string) {
	t.Helper()
	report, err := ledger.Verify(t.Context(), pool, ledger.VerifyOptions{Checks: mandates.Checks()})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range report.Findings {
		got = append(got, f.Code)
	}
	slices.Sort(got)
	if got = slices.Compact(got); !slices.Equal(got, want) {
		t.Errorf("verify finds %v, want %v", report.Findings, want)
	}
}

// forgedIBAN is the attack of an outside examiner: the next run would pay it.
const forgedIBAN = `INSERT INTO masp.creditor_ibans (creditor_id, version, iban, proposed_by, proposed_at, confirmed_by, confirmed_at, payable_from)
	VALUES ('C-OFFICE', 2, 'FR7699999006000000000000267', 'a.morel', masp.now(), 'b.simon', masp.now(), masp.now())`

func TestAnIBANThatNobodyProposedIsFound(t *testing.T) {
	t.Parallel()
	db := confirmed(t)
	if _, err := db.Owner.Exec(t.Context(), forgedIBAN); err != nil {
		t.Fatal(err)
	}
	wantCodes(t, db.App, []string{"CHANGED_WITHOUT_ACT", "IBAN_WITHOUT_ACT"})
}

// One person with the application's role must not slip an IBAN under a load that two have signed.
func TestNothingIsAddedToALoadThatWasSigned(t *testing.T) {
	t.Parallel()
	db := confirmed(t)
	for version, creditor := range map[int]string{2: "C-OFFICE", 1: "C-NEW"} {
		_, err := db.App.Exec(t.Context(), `
			INSERT INTO masp.creditors (creditor_id, name, kind) VALUES ('C-NEW', 'Nouveau', 'LANDLORD') ON CONFLICT DO NOTHING`)
		if err != nil {
			t.Fatal(err)
		}
		_, err = db.App.Exec(t.Context(), `
			INSERT INTO masp.creditor_ibans (creditor_id, version, iban, load_sha256, proposed_by, proposed_at)
			SELECT $1, $2, 'FR7699999006000000000000248', min(load_sha256), 'a.morel', masp.now() FROM masp.load_signatures`,
			creditor, version)
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.Code != "MA021" {
			t.Errorf("%s version %d under a signed load: got %v, want MA021", creditor, version, err)
		}
	}
}

func TestAnIBANForgedWithTheTriggersOffIsFound(t *testing.T) {
	t.Parallel()
	db := confirmed(t)
	for _, c := range []struct{ sql, code string }{
		{forgedIBAN, "IBAN_WITHOUT_ACT"},
		{`UPDATE masp.creditor_ibans SET iban = 'FR7699999006000000000000267' WHERE creditor_id = 'C-LUMEN' AND version = 2`, "IBAN_WITHOUT_ACT"},
		{`UPDATE masp.creditor_ibans SET iban = 'FR00NOIBANATALL' WHERE creditor_id = 'C-LUMEN' AND version = 2`, "IBAN_WITHOUT_ACT"},
		{`UPDATE masp.creditor_ibans SET proposed_by = 'd.leroy' WHERE creditor_id = 'C-LUMEN' AND version = 2`, "IBAN_WITHOUT_ACT"},
		{`UPDATE masp.creditor_ibans SET confirmed_by = 'd.leroy' WHERE creditor_id = 'C-LUMEN' AND version = 2`, "IBAN_NOT_CONFIRMED"},
		{`UPDATE masp.creditor_ibans SET confirmed_by = 'd.leroy' WHERE creditor_id = 'C-LUMEN' AND version = 1`, "IBAN_NOT_CONFIRMED"},
		{`UPDATE masp.creditor_ibans SET load_sha256 = repeat('0', 64) WHERE creditor_id = 'C-ABRI'`, "IBAN_WITHOUT_ACT LOAD_CHANGED"},
		{`UPDATE masp.creditor_ibans SET iban = 'FR7699999006000000000000267' WHERE creditor_id = 'C-OFFICE'`, "LOAD_CHANGED"},
	} {
		tx, err := db.Super.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, sql := range []string{`SET LOCAL session_replication_role = replica`, c.sql} {
			if tag, err := tx.Exec(t.Context(), sql); err != nil || tag.Update() && tag.RowsAffected() != 1 {
				t.Fatalf("%s: %s, %v", sql, tag, err)
			}
		}
		got, want := findingsIn(t, tx), append(strings.Fields(c.code), "REGISTER_CHANGED")
		if !slices.Equal(got, want) {
			t.Errorf("after %s verify finds %v, want %v", c.sql, got, want)
		}
		if err := tx.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// findingsIn is what verify finds in a transaction that is going to be taken back.
func findingsIn(t *testing.T, tx pgx.Tx) []string {
	t.Helper()
	var codes []string
	var last audit.Recorded
	_, err := audit.Verify(t.Context(), tx, nil, func(f audit.Fault) { codes = append(codes, f.What) }, func(r audit.Recorded) { last = r })
	if err != nil {
		t.Fatal(err)
	}
	err = audit.VerifyRegisters(t.Context(), tx, last, func(f audit.RegisterFault) { codes = append(codes, f.Code) })
	if err != nil {
		t.Fatal(err)
	}
	for _, check := range mandates.Checks() {
		if err := check(t.Context(), tx, func(f ledger.Finding) { codes = append(codes, f.Code) }); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}
