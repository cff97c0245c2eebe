package v1_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestAnAdministratorAddsPeopleAndSeesNoContent(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	made := d.ask("i.texier", "POST", "/v1/users", `{"user": "c.durand", "name": "Chloé Durand", "roles": ["coordinator"], "email": "c.durand@masp.example"}`).wants(201)
	if !strings.Contains(made.text("setup_link"), "/entrer/masp_") || made.Header.Get("Location") != "/v1/users/c.durand" {
		t.Errorf("got %s", made.Body)
	}
	d.ask("i.texier", "POST", "/v1/users", `{"user": "c.durand", "name": "Chloé Durand", "roles": ["approver"]}`).code(409, "user_exists")
	d.ask("i.texier", "POST", "/v1/users", `{"user": "x.durand", "name": "X", "roles": ["admin", "approver"]}`).code(422, "invalid_roles")
	robot := d.ask("i.texier", "POST", "/v1/users", `{"user": "logiciel", "name": "Logiciel", "roles": ["machine"]}`).wants(201)
	if robot.text("token") == "" || robot.text("setup_link") != "" {
		t.Errorf("got %s, want a token alone", robot.Body)
	}
	d.ask("c.martin", "POST", "/v1/users", `{"user": "x.durand", "name": "X", "roles": ["coordinator"]}`).wants(403)
	d.ask("c.martin", "GET", "/v1/users", "").wants(403)
	d.ask("i.texier", "GET", "/v1/users/nobody.here", "").code(404, "not_found")
	d.ask("i.texier", "GET", "/v1/mandates", "").wants(403)
	if n := d.ask("i.texier", "GET", "/v1/users?role=machine", "").wants(200).length("data"); n != 2 {
		t.Errorf("%d programs, want 2", n)
	}
	tag := d.ask("i.texier", "GET", "/v1/users/i.texier", "").Header.Get("ETag")
	d.ask("i.texier", "DELETE", "/v1/users/i.texier", "", header{"If-Match", tag}).code(409, "self")
	d.ask("i.texier", "DELETE", "/v1/users/c.durand", "").wants(428)
	d.ask("i.texier", "DELETE", "/v1/users/c.durand", "", header{"If-Match", tag}).wants(412)
}

// who has two accounts would be two persons.
func TestOnePersonHasOneAccount(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const users = "/v1/users"
	d.ask("i.texier", http.MethodPost, users, `{"user": "c.durand", "name": "Chloé Durand", "roles": ["coordinator"], "email": "c.durand@masp.example"}`).wants(201)
	for _, email := range []string{"c.durand@masp.example", "C.Durand@MASP.example"} {
		second := `{"user": "v.durand", "name": "Chloé Durand", "roles": ["approver"], "email": "` + email + `"}`
		d.ask("i.texier", http.MethodPost, users, second).code(409, "same_person")
	}
	d.ask("i.texier", http.MethodGet, users+"/v.durand", "").code(404, "not_found")
}

//
func TestNobodyMakesHimselfAnApprover(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ask := func(user, of, roles string) reply {
		tag := d.ask("i.texier", http.MethodGet, "/v1/users/"+of, "").wants(200).Header.Get("ETag")
		return d.ask(user, http.MethodPatch, "/v1/users/"+of, `{"roles": [`+roles+`]}`, header{"If-Match", tag})
	}
	ask("i.texier", "i.texier", `"approver"`).code(409, "self")
	ask("i.texier", "i.texier", `"admin", "approver"`).code(422, "invalid_roles")
	for _, user := range []string{"c.martin", "k.perrin", "v.olivier", "robot", "e.quentin"} {
		ask(user, user, `"coordinator", "approver"`).code(403, "forbidden")
	}
	if got := d.ask("i.texier", http.MethodGet, "/v1/users?role=approver", "").wants(200).length("data"); got != 2 {
		t.Errorf("%d approvers, want the two that were there", got)
	}
}

func TestACaseloadChangesWhatACoordinatorSees(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.ask("c.nadir", "GET", "/v1/mandates/M-0001", "").wants(404)
	got := d.ask("i.texier", "POST", "/v1/caseloads", `{"user": "c.nadir", "mandates": ["M-0001"]}`).wants(201)
	if got.get("changed") == nil {
		t.Errorf("got %s", got.Body)
	}
	d.ask("c.nadir", "GET", "/v1/mandates/M-0001", "").wants(200)
	d.ask("i.texier", "POST", "/v1/caseload_releases", `{"user": "c.nadir", "mandates": ["M-0001"]}`).wants(201)
	d.ask("c.nadir", "GET", "/v1/mandates/M-0001", "").wants(404)
	d.ask("i.texier", "POST", "/v1/caseloads", `{"user": "c.nadir", "mandates": ["M-9999"]}`).code(422, "no_such_mandate")
	d.ask("i.texier", "POST", "/v1/caseloads", `{"user": "v.olivier", "mandates": ["M-0001"]}`).code(422, "not_his_role")
	d.ask("c.martin", "POST", "/v1/caseloads", `{"user": "c.martin", "mandates": ["M-0002"]}`).wants(403)
	if n := d.ask("i.texier", "GET", "/v1/caseloads?user=c.nadir", "").wants(200).length("data"); n != 2 {
		t.Errorf("c.nadir has %d mandates, want 2", n)
	}
}

func TestAnAuditorSeesHisMission(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	path := "/v1/audit_missions/e.quentin"
	d.ask("e.quentin", "GET", "/v1/mandates/M-0002", "").wants(404)
	tag := d.ask("i.texier", "GET", path, "").wants(200).Header.Get("ETag")
	d.ask("i.texier", "PUT", path, `{"departments": ["26"], "from": "2026-01-01"}`, header{"If-Match", tag}).wants(200)
	d.ask("e.quentin", "GET", "/v1/mandates/M-0002", "").wants(200)
	d.ask("e.quentin", "GET", "/v1/mandates/M-0001", "").wants(404)
	d.ask("i.texier", "GET", "/v1/audit_missions/c.martin", "").code(404, "not_found")
	d.ask("e.quentin", "GET", path, "").wants(403)
	// an auditor changes nothing.
	d.ask("e.quentin", "POST", "/v1/mandates/M-0002/cards", "").wants(403)
}

func TestATokenIsShownOnceAndDoesWhatItIsForAlone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	made := d.ask("c.martin", "POST", "/v1/tokens", `{"name": "tableau", "scopes": ["beneficiaries:read"]}`).wants(201)
	as := header{"Authorization", "Bearer " + made.text("token")}
	d.ask("", "GET", "/v1/mandates/M-0001", "", as).wants(200)
	d.ask("", "GET", "/v1/payment_runs", "", as).wants(403)
	me := d.ask("", "GET", "/v1/me", "", as).wants(200)
	if me.length("rights") != 1 || me.text("rights", 0, "reach") != "own" {
		t.Errorf("got %s, want the one right of the token", me.Body)
	}
	list := d.ask("c.martin", "GET", "/v1/tokens", "").wants(200)
	if strings.Contains(string(list.Body), made.text("token")) || list.length("data") != 2 {
		t.Errorf("got %s", list.Body)
	}
	id := list.text("data", 1, "token")
	d.ask("c.nadir", "DELETE", "/v1/tokens/"+id, "").code(404, "not_found")
	d.ask("c.martin", "DELETE", "/v1/tokens/"+id, "").wants(204)
	d.ask("", "GET", "/v1/me", "", as).wants(401)
	d.ask("c.martin", "POST", "/v1/tokens", `{"name": "x", "user": "v.olivier"}`).wants(403)
	d.ask("i.texier", "POST", "/v1/tokens", `{"name": "x", "user": "v.olivier"}`).code(403, "own_token")
	d.ask("i.texier", "POST", "/v1/tokens", `{"name": "x", "user": "robot"}`).wants(201)
	d.ask("c.martin", "GET", "/v1/tokens?user=v.olivier", "").wants(403)
	d.ask("c.martin", "POST", "/v1/tokens", `{"name": "x", "scopes": ["nothing:known"]}`).code(422, "invalid_scopes")
	d.ask("c.martin", "POST", "/v1/tokens", `{"name": "x", "until": "2029-01-01"}`).code(422, "invalid_until")
}

func TestNoSecretStandsAmongTheKeptAnswers(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.ask("c.martin", "POST", "/v1/tokens", `{"name": "tableau"}`).wants(201)
	d.ask("c.martin", "POST", "/v1/mandates/M-0001/cards", "").wants(201)
	d.ask("i.texier", "POST", "/v1/users/c.martin/resets", "").wants(201)
	var kept int
	if err := d.db.App.QueryRow(t.Context(), `SELECT count(*) FROM masp.idempotency_keys`).Scan(&kept); err != nil || kept != 0 {
		t.Errorf("%d answers with secrets are kept (%v)", kept, err)
	}
}

// entered is a person by the card that her coordinator has printed.
func (d *desk) entered(coordinator, mandate string) *browser {
	d.t.Helper()
	code := d.ask(coordinator, http.MethodPost, "/v1/mandates/"+mandate+"/cards", "").wants(201).text("code")
	b := &browser{d: d}
	b.send(http.MethodPost, "/v1/card_entries", `{"code": "`+strings.ToLower(code)+`"}`).wants(201)
	return b
}

func TestACardOpensOneDevice(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	code := d.ask("c.martin", "POST", "/v1/mandates/M-0001/cards", "").wants(201).text("code")
	d.ask("c.nadir", "POST", "/v1/mandates/M-0001/cards", "").code(404, "not_found")
	d.ask("v.olivier", "POST", "/v1/mandates/M-0001/cards", "").wants(403)
	d.ask("robot", "POST", "/v1/mandates/M-0001/cards", "").wants(403)
	b := &browser{d: d}
	got := b.send("POST", "/v1/card_entries", `{"code": "`+code+`"}`).wants(201)
	if got.text("means") != "device" || !strings.Contains(got.Header.Get("Set-Cookie"), "HttpOnly") {
		t.Errorf("got %s %s", got.Header.Get("Set-Cookie"), got.Body)
	}
	(&browser{d: d}).send("POST", "/v1/card_entries", `{"code": "`+code+`"}`).code(401, "card_refused")
	(&browser{d: d}).send("POST", "/v1/card_entries", `{"code": "`+code+`"}`).code(429, "slowed")
	if mine := b.send("GET", "/v1/me/devices", "").wants(200); mine.length("data") != 1 || mine.get("data", 0, "mine") != true {
		t.Errorf("got %s", mine.Body)
	}
	b.send("GET", "/v1/mandates/M-0001", "").wants(403)
	if n := d.ask("c.martin", "GET", "/v1/mandates/M-0001/devices", "").wants(200).length("data"); n != 1 {
		t.Errorf("the coordinator sees %d devices, want 1", n)
	}
	d.ask("c.nadir", "DELETE", "/v1/mandates/M-0001/devices", "").code(404, "not_found")
	d.ask("c.martin", "DELETE", "/v1/mandates/M-0001/devices", "").wants(200)
	b.send("GET", "/v1/me", "").wants(401)
}

// The provider's identity of a user is linked and released by an admin alone, once for one user.
func TestAnAdministratorLinksAUserToHisIdentityElsewhere(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const of, subject = "/v1/users/c.martin/identities", `{"issuer": "https://connexion.example", "subject": "7f3a"}`
	d.post("v.olivier", of, subject, "").code(403, "forbidden")
	d.post("i.texier", "/v1/users/c.nobody/identities", subject, "").wants(404)
	d.post("i.texier", of, `{"subject": "7f3a"}`, "").code(404, "provider_off")
	d.post("i.texier", of, `{"issuer": "connexion", "subject": "7f3a"}`, "").code(422, "no_identity")
	d.post("i.texier", of, subject, "").wants(201)
	d.post("i.texier", "/v1/users/c.nadir/identities", subject, "").code(409, "identity_linked")
	got := d.get("i.texier", of).wants(200)
	if got.length("data") != 1 || got.text("data", 0, "subject") != "7f3a" || got.text("data", 0, "by") != "i.texier" {
		t.Errorf("linked are %s", got.Body)
	}
	d.post("i.texier", "/v1/users/c.martin/identity_releases", `{"issuer": "https://connexion.example"}`, "").wants(201)
	d.post("i.texier", "/v1/users/c.martin/identity_releases", `{"issuer": "https://connexion.example"}`, "").wants(404)
	if n := d.get("i.texier", of).wants(200).length("data"); n != 0 {
		t.Errorf("%d identities are left", n)
	}
}
