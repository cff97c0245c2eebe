package v1_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"masp/payments/privacy"
)

// dueNow makes the time of every file run out, whatever the books say.
const dueNow = `
	CREATE OR REPLACE FUNCTION masp.retention_of(person text, OUT began_on date, OUT archive_on date, OUT erase_on date, OUT kept_by text[])
	LANGUAGE sql STABLE AS $$ SELECT masp.today() - 5000, masp.today() - 4000, masp.today() - 1, '{}'::text[] $$`

func (d *desk) proposes() {
	d.t.Helper()
	if _, err := d.db.Owner.Exec(d.t.Context(), dueNow); err != nil {
		d.t.Fatal(err)
	}
	if _, err := (&privacy.Service{DB: d.db.App}).Propose(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
}

func TestAnArchivedFileIsSeenByWhoOpensItWithAReason(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const file, body = "/v1/beneficiaries/B-0001", `{"beneficiaries":["B-0001"]}`
	d.ask("v.olivier", "POST", "/v1/retention/archivings", body).code(409, "the_file_is_not_in_the_state_for_this")
	d.proposes()
	d.ask("c.martin", "GET", file, "").wants(200)
	d.ask("c.martin", "POST", "/v1/retention/archivings", body).code(403, "forbidden")
	d.ask("v.olivier", "POST", "/v1/retention/archivings", body).wants(201)
	for user, want := range map[string]int{"c.martin": 404, "e.quentin": 404, "v.olivier": 404, "k.perrin": 404, "robot": 404, "i.texier": 403} {
		d.ask(user, "GET", file, "").wants(want)
		if list := d.ask(user, "GET", "/v1/beneficiaries", ""); bytes.Contains(list.Body, []byte("B-0001")) {
			t.Errorf("%s still has the archived file in the list", user)
		}
	}
	const why = "the_file_is_archived_and_not_open"
	d.ask("v.olivier", "GET", "/v1/mandates/M-0001/handed_papers", "").code(403, why)
	d.ask("c.martin", "POST", file+"/archive_openings", `{"reason":"curiosité"}`).code(403, "forbidden")
	d.ask("e.texel", "POST", file+"/archive_openings", `{"reason":"autre département"}`).wants(409)
	for _, user := range []string{"v.olivier", "e.quentin"} {
		d.ask(user, "POST", file+"/archive_openings", `{"reason":"contrôle de 2026"}`).wants(201)
		d.ask(user, "GET", file, "").wants(200)
		d.ask(user, "GET", "/v1/mandates/M-0001/handed_papers", "").wants(200)
	}
	d.ask("k.perrin", "GET", file, "").wants(404)
}

func TestACopyIsMadeForTheCoordinatorOfTheFileAndRead(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const file = "/v1/beneficiaries/B-0001"
	got := d.ask("c.martin", "GET", file+"/copy", "").wants(200)
	if _, err := zip.NewReader(bytes.NewReader(got.Body), int64(len(got.Body))); err != nil {
		t.Error(err)
	}
	for user, want := range map[string]int{"c.nadir": 404, "i.texier": 403, "v.olivier": 403, "robot": 403} {
		d.ask(user, "GET", file+"/copy", "").wants(want)
	}
	readers := d.ask("v.olivier", "GET", file+"/readers", "").wants(200)
	if !strings.Contains(string(readers.Body), "person.copy") || !strings.Contains(string(readers.Body), "c.martin") {
		t.Errorf("the log of the file says %s", readers.Body)
	}
	d.ask("c.nadir", "GET", file+"/readers", "").wants(404)
	d.ask("c.martin", "GET", "/v1/unusual_readers", "").code(403, "forbidden")
	register := d.ask("v.olivier", "GET", "/v1/processing_register?format=text", "").wants(200)
	if !strings.Contains(string(register.Body), "24 mois après la fin") {
		t.Errorf("the register does not say how long files stay: %s", register.Body)
	}
}

func TestAPersonIsErasedOverTheService(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const body = `{"beneficiaries":["B-0001"]}`
	d.proposes()
	d.ask("v.olivier", "POST", "/v1/retention/archivings", body).wants(201)
	d.proposes()
	d.ask("v.olivier", "POST", "/v1/retention/pseudonymisations", body).wants(201)
	d.ask("v.olivier", "POST", "/v1/beneficiaries/B-0001/archive_openings", `{"reason":"voir"}`).wants(201)
	if got := d.ask("v.olivier", "GET", "/v1/beneficiaries/B-0001", "").wants(200); got.text("last_name") != "Effacé" {
		t.Errorf("got %s", got.Body)
	}
}
