package v1_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"masp/api/auth"
)

// servesMany lets C-OFFICE be paid for so many mandates more.
func (d *desk) servesMany(more int) {
	d.t.Helper()
	for _, like := range []struct{ table, key, row, as string }{
		{"beneficiaries", "beneficiary_id", "B-0002", `'beneficiary_id', 'B-9' || n`},
		{"mandates", "mandate_id", "M-0002", `'mandate_id', 'M-9' || n, 'beneficiary_id', 'B-9' || n`},
		{"obligations", "obligation_id", "O-0001-RENT", `'obligation_id', 'O-9' || n, 'mandate_id', 'M-9' || n`},
	} {
		var columns string
		d.scan(`SELECT string_agg(attname, ', ') FROM pg_attribute
			WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attidentity = ''`,
			&columns, "masp."+like.table)
		d.owner(fmt.Sprintf(`INSERT INTO masp.%[1]s (%[2]s)
			SELECT %[2]s FROM (SELECT (jsonb_populate_record(t, jsonb_build_object(%[3]s))).*
			  FROM masp.%[1]s t, generate_series(1, $1::integer) n WHERE t.%[4]s = $2) x`,
			like.table, columns, like.as, like.key), more, like.row)
	}
}

// owner does what no program may.
func (d *desk) owner(sql string, args ...any) {
	d.t.Helper()
	if _, err := d.db.Owner.Exec(d.t.Context(), sql, args...); err != nil {
		d.t.Fatal(err)
	}
}

// paysMany is what the second person is told.
func (r reply) paysMany() string {
	for i := range r.length("signs") {
		if r.text("signs", i, "code") == "PAYS_MANY" {
			return r.text("signs", i, "text")
		}
	}
	return ""
}

// Reliability 5.5: landlord shared by more than ten: two confirmers.
func TestAnIBANThatPaysForManyWantsTwoConfirmers(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.servesMany(10)
	if text := d.propose("c.martin", "C-OFFICE", newIBAN).wants(201).paysMany(); !strings.Contains(text, "deux personnes") {
		t.Errorf("who confirms is told %q", text)
	}
	first := d.confirm("v.royer", "C-OFFICE", "2").wants(201)
	if first.get("awaits_second") != true || first.text("state") != "to_confirm" || first.text("first_confirmed_by") != "v.royer" {
		t.Errorf("after the first: %s", first.Body)
	}
	d.confirm("v.royer", "C-OFFICE", "2").code(403, "confirmed_once")
	d.confirm("c.martin", "C-OFFICE", "2").code(403, "same_person")
	d.after(30 * 24 * time.Hour)
	if got := d.get("v.olivier", office).wants(200); got.text("state") != "to_confirm" || !isNumber(got.get("payable_version"), "1") {
		t.Errorf("with one confirmation: %s", got.Body)
	}
	if got := d.change("C-OFFICE", "2"); got.get("awaits_second") != true {
		t.Errorf("the list says %s", got.Body)
	}
	second := d.confirm("k.perrin", "C-OFFICE", "2").wants(201)
	if second.get("awaits_second") != false || second.text("state") != "held" || second.text("confirmed_by") != "k.perrin" {
		t.Errorf("after the second: %s", second.Body)
	}
	if wait := second.get("payable_from"); wait == nil {
		t.Errorf("no wait has begun: %s", second.Body)
	}
	for sql, want := range map[string]string{
		`INSERT INTO masp.iban_confirmations VALUES ('C-ABRI', 1, 'v.royer', masp.now())`: "42501",
		`DELETE FROM masp.iban_confirmations`:                                             "42501",
	} {
		if _, err := d.db.App.Exec(t.Context(), sql); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", sql, err, want)
		}
	}
}

func TestAnIBANThatPaysForTenWantsOneConfirmer(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var serves int
	d.scan(`SELECT count(DISTINCT mandate_id) FROM masp.obligations WHERE creditor_id = 'C-OFFICE'`, &serves)
	d.servesMany(10 - serves)
	d.propose("c.martin", "C-OFFICE", newIBAN).wants(201)
	if got := d.confirm("v.royer", "C-OFFICE", "2").wants(201); got.get("awaits_second") != false || got.text("state") != "held" {
		t.Errorf("got %s, want it held", got.Body)
	}
}

func TestWhereOneAloneMayConfirmTheListSaysSo(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.servesMany(10)
	d.owner(`UPDATE masp.users SET disabled_at = masp.now() WHERE user_id NOT IN ('c.martin', 'v.olivier', 'e.quentin')`)
	if text := d.propose("c.martin", "C-OFFICE", newIBAN).wants(201).paysMany(); !strings.Contains(text, "une seule personne") {
		t.Errorf("who confirms is told %q", text)
	}
	if got := d.confirm("v.olivier", "C-OFFICE", "2").wants(201); got.text("state") != "held" {
		t.Errorf("got %s, want it held", got.Body)
	}
}

// Reliability 5.1, for the confirmer too.
func TestWhoConfirmedAnIBANDoesNotApproveItsFirstPayment(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	d.join("x.payee", []string{"M-0001"}, auth.Coordinator)
	d.propose("x.payee", "C-OFFICE", newIBAN).wants(201)
	d.confirm("v.royer", "C-OFFICE", "2").wants(201)
	d.at("2026-11-08", 10) // the hold is over
	path, _ := d.submitted("c.martin")
	d.post("v.royer", path+"/approvals", "", d.tag("v.royer", path)).code(http.StatusForbidden, "iban_changer")
	d.post("v.olivier", path+"/approvals", "", d.tag("v.olivier", path)).wants(201)
}
