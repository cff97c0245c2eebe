package v1_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"masp/api/auth"
	"masp/ledger/civil"
	"masp/payments/mandates"
	"masp/payments/sepa"
)

// approvals are how many signatures stand in the database.
func (d *desk) approvals() (n int) {
	d.scan(`SELECT count(*) FROM masp.run_acts WHERE act = 'approve'`, &n)
	return n
}

// ux 11, A-30
func TestAnApprovalNamesTheContentThatWasRead(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	path, first := d.submitted("c.martin")
	seen := first.Header.Get("ETag")
	d.post("v.olivier", path+"/approvals", "", "").code(428, "precondition_required")
	d.post("c.martin", path+"/reopenings", "", seen).wants(201)
	energy := `{"kind": "SET_AMOUNT", "mandate": "M-0001", "line": "O-0001-ENERGY@2026-11-12", "amount": "20.00", "reason": "accord avec Lumen"}`
	d.post("c.martin", path+"/adjustments", energy, seen).wants(201)
	stale := d.post("c.martin", path+"/adjustments", energy, seen).code(412, "stale")
	if at := stale.text("errors", 0, "pointer"); at != "/mandates/M-0001/O-0001-ENERGY@2026-11-12" {
		t.Errorf("a stale edit says %s", stale.Body)
	}
	d.decided("c.martin", path)
	now := d.post("c.martin", path+"/submissions", "", "").wants(201).Header.Get("ETag")
	got := d.post("v.olivier", path+"/approvals", "", seen).code(412, "stale")
	if why := got.text("errors", 0, "detail"); !strings.Contains(why, "46,00") || !strings.Contains(why, "20,00") {
		t.Errorf("the refusal does not say what has changed: %s", got.Body)
	}
	unknown := `"` + strings.Repeat("0", 64) + `"`
	if code := d.post("v.olivier", path+"/approvals", "", unknown).code(412, "stale").text("errors", 0, "code"); code != "other_content" {
		t.Errorf("an unknown content: got %s", code)
	}
	d.post("v.olivier", path+"/approvals", "", `"not a hash"`).code(412, "stale")
	if n := d.approvals(); n != 0 {
		t.Errorf("refused approvals left %d signatures", n)
	}
	d.post("v.olivier", path+"/approvals", "", now).wants(201)
}

// ux 12
func TestTheHashThatIsSignedIsThatOfTheFile(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	path, run := d.approved("c.martin")
	tag := strings.Trim(d.tag("v.olivier", path), `"`)
	var signed string
	d.scan(`SELECT encode(content_hash, 'hex') FROM masp.run_acts WHERE act = 'approve'`, &signed)
	file := d.post("k.perrin", path+"/files", "", "").wants(201).text("data", 0, "content_hash")
	if signed != tag || file != tag || run.text("content_hash") != tag {
		t.Errorf("signed %s, file %s, run %s, ETag %s", signed, file, run.text("content_hash"), tag)
	}
}

// ux 13, A-20, A-22, A-23, A-26, A-30
func TestWhoPreparesARunNeverApprovesIt(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	d.join("x.both", []string{"M-0001"}, auth.Coordinator, auth.Approver)
	d.join("x.edit", []string{"M-0001"}, auth.Coordinator, auth.Approver)
	path := d.post("x.both", runs, `{"mandates": ["M-0001"]}`, "").wants(201).Header.Get("Location")
	d.post("x.edit", path+"/adjustments",
		`{"kind": "DEFER", "mandate": "M-0001", "line": "O-0001-ENERGY@2026-11-12", "reason": "accord"}`, d.tag("x.edit", path)).wants(201)
	d.decided("c.martin", path)
	tag := d.post("c.martin", path+"/submissions", "", "").wants(201).Header.Get("ETag")
	for user, code := range map[string]string{
		"x.both": "same_person", "x.edit": "same_person", "c.martin": "forbidden", "i.texier": "forbidden", "k.perrin": "forbidden",
		"robot": "forbidden", "e.quentin": "forbidden",
	} {
		if got := d.post(user, path+"/approvals", "", tag); got.Status != 403 || got.text("code") != code {
			t.Errorf("%s: got %d %s, want 403 %s", user, got.Status, got.Body, code)
		}
	}
	d.post("", path+"/approvals", "", tag).code(401, "unauthenticated")
	users := &auth.Service{DB: d.db.App}
	reads, err := users.NewToken(t.Context(), d.as("v.olivier"), auth.TokenAsk{
		User: "v.olivier", Name: "lecture", Scopes: []auth.Action{auth.ReadRuns}, Until: civil.MustParse("2026-11-20"),
	})
	if err != nil {
		t.Fatal(err)
	}
	d.knows("reader", reads)
	d.post("reader", path+"/approvals", "", tag).code(403, "forbidden")
	if n := d.approvals(); n != 0 {
		t.Errorf("refused approvals left %d signatures", n)
	}
}

// ux 13
func TestAboveAnAmountTwoPersonsSign(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	d.ask("k.perrin", http.MethodPut, "/v1/settings/second_approval", `{"from": "100.00"}`,
		header{"If-Match", d.tag("k.perrin", "/v1/settings/second_approval")}).wants(200)
	path, _ := d.submitted("c.martin")
	tag := d.tag("v.olivier", path)
	first := d.post("v.olivier", path+"/approvals", "", tag).wants(201)
	if first.text("state") != "in_review" || fmt.Sprint(first.get("signatures"), "/", first.get("signatures_needed")) != "1/2" {
		t.Errorf("after the first signature: %s", first.Body)
	}
	d.post("v.olivier", path+"/approvals", "", tag).code(409, "signed")
	d.post("k.perrin", path+"/files", "", "").code(409, "wrong_state")
	if got := d.post("v.royer", path+"/approvals", "", tag).wants(201).text("state"); got != "approved" {
		t.Errorf("after the second signature: %s", got)
	}
}

// one cent wants the second person as well.
func TestOneCentIsNotApprovedByWhoPreparedIt(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	d.owner(`UPDATE masp.obligations SET amount_cents = 1 WHERE obligation_id = 'O-0001-RENT'`)
	path := d.payingExactly("O-0001-RENT@2026-11-08", "0.01")
	d.join("x.both", []string{"M-0001"}, auth.Coordinator, auth.Approver)
	tag := d.tag("x.both", path)
	d.post("x.both", path+"/reopenings", "", tag).wants(201)
	d.post("x.both", path+"/submissions", "", "").wants(201)
	d.post("x.both", path+"/approvals", "", tag).code(403, "same_person")
	d.post("c.martin", path+"/approvals", "", tag).code(403, "forbidden")
	d.post("k.perrin", path+"/files", "", "").code(409, "wrong_state")
	d.post("v.olivier", path+"/approvals", "", tag).wants(201)
}

// the cap is of the run's total, to the cent.
func TestTheSecondSignatureIsWantedFromTheAmountOn(t *testing.T) {
	t.Parallel()
	for from, needed := range map[string]string{"132.40": "2", "132.41": "1"} {
		t.Run(from, func(t *testing.T) {
			t.Parallel()
			d := richDesk(t)
			const second = "/v1/settings/second_approval"
			d.ask("k.perrin", http.MethodPut, second, `{"from": "`+from+`"}`, header{"If-Match", d.tag("k.perrin", second)}).wants(200)
			path := d.payingExactly("O-0001-RENT@2026-11-08", "132.40")
			got := d.post("v.olivier", path+"/approvals", "", d.tag("v.olivier", path)).wants(201)
			state := map[string]string{"1": "approved", "2": "in_review"}[needed]
			if fmt.Sprint(got.get("signatures_needed")) != needed || got.text("state") != state {
				t.Errorf("got %s, want %s signatures", got.Body, needed)
			}
			if needed == "2" {
				d.post("k.perrin", path+"/files", "", "").code(409, "wrong_state")
			}
		})
	}
}

// payingExactly is a submitted run of c.martin for one line, which must come to that total.
func (d *desk) payingExactly(line, total string) (path string) {
	d.t.Helper()
	got := d.post("c.martin", runs, `{"month": "2026-11", "on": "2026-11-09", "mandates": ["M-0001"], "purpose": "OFF_CYCLE", "lines": ["`+line+`"]}`, "").wants(201)
	path = got.Header.Get("Location")
	d.decided("c.martin", path)
	got = d.post("c.martin", path+"/submissions", "", "").wants(201)
	if sum := got.text("total"); sum != total {
		d.t.Fatalf("the run comes to %s, want %s: %s", sum, total, got.Body)
	}
	return path
}

// ux 13: an IBAN that is paid for the first time is not approved by who gave it.
func TestWhoGaveAnIBANDoesNotApproveItsFirstPayment(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	text, err := sepa.MakeFrenchIBAN("99999", "00777", "00000000777")
	if err != nil {
		t.Fatal(err)
	}
	d.join("x.payee", []string{"M-0001"}, auth.Coordinator, auth.Approver)
	files := &mandates.Service{DB: d.db.App, Ledger: d.house.Ledger}
	if _, err := files.ProposeIBAN(t.Context(), d.as("x.payee"), "C-LUMEN", text, "facture du 3"); err != nil {
		t.Fatal(err)
	}
	if _, err := files.ConfirmIBAN(t.Context(), d.as("v.royer"), "C-LUMEN"); err != nil {
		t.Fatal(err)
	}
	d.at("2026-11-08", 10) // the hold is over
	path, _ := d.submitted("c.martin")
	d.post("x.payee", path+"/approvals", "", d.tag("v.olivier", path)).code(403, "iban_changer")
	d.post("v.olivier", path+"/approvals", "", d.tag("v.olivier", path)).wants(201)
}

func TestWhoCoordinatesAndApprovesPreparesHerOwnCaseload(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	d.join("x.both", []string{"M-0001"}, auth.Coordinator, auth.Approver)
	for _, path := range []string{runs, "/v1/payment_run_computations"} {
		got := d.post("x.both", path, `{"month": "2026-11", "on": "2026-11-09"}`, "")
		if got.Status/100 != 2 || got.length("mandates") != 1 || got.text("mandates", 0, "mandate") != "M-0001" {
			t.Errorf("%s: got %d %s, want M-0001 alone", path, got.Status, got.Body)
		}
	}
	d.join("x.none", nil, auth.Coordinator, auth.Approver)
	d.post("x.none", runs, `{"month": "2026-11", "on": "2026-11-09"}`, "").code(422, "nothing_due")
}

// ux 14
func TestARunWithOpenExceptionsIsNotSubmitted(t *testing.T) {
	t.Parallel()
	d := newDesk(t) // 33,17 € for a rent of 132,40 €
	path, _ := d.proposed("c.martin")
	got := d.post("c.martin", path+"/submissions", "", "").code(422, "undecided_exceptions")
	open := d.get("c.martin", path+"/exceptions?open=true&count=exact").wants(200)
	if got.length("errors") == 0 || got.length("errors") != open.length("data") {
		t.Fatalf("the refusal lists %d exceptions of %d\n%s", got.length("errors"), open.length("data"), got.Body)
	}
	if no := fmt.Sprint("/exceptions/", open.get("data", 0, "no")); got.text("errors", 0, "pointer") != no {
		t.Errorf("got %s, want %s", got.text("errors", 0, "pointer"), no)
	}
	d.post("v.olivier", path+"/approvals", "", d.tag("v.olivier", path)).code(409, "wrong_state")
	decisions := path + fmt.Sprint(got.text("errors", 0, "pointer")) + "/decisions"
	d.post("c.martin", decisions, `{"decision": "VERIFIED_BY_CALL", "reason": "non"}`, d.tag("c.martin", path)).code(422, "wrong_decision")
	d.post("c.martin", path+"/exceptions/999/decisions", `{"decision": "KEEP", "reason": "non"}`, d.tag("c.martin", path)).
		code(404, "no_such_exception")
	d.post("c.nadir", decisions, `{"decision": "KEEP", "reason": "non"}`, d.tag("c.martin", path)).wants(404)
	d.decided("c.martin", path)
	d.post("c.martin", decisions, `{"decision": "TAKE_BACK", "reason": "à revoir"}`, d.tag("c.martin", path)).wants(201)
	d.post("c.martin", path+"/submissions", "", "").code(422, "undecided_exceptions")
	d.decided("c.martin", path)
	d.post("c.martin", path+"/submissions", "", "").wants(201)
}

// ux 16, 17, A-31
func TestAnApprovalIsOne(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	path, _ := d.submitted("c.martin")
	tag := d.tag("v.olivier", path)
	key := header{"Idempotency-Key", "approve-november"}
	send := func(match string, more ...header) reply {
		return d.ask("v.olivier", http.MethodPost, path+"/approvals", "", append(more, header{"If-Match", match})...)
	}
	first, again := send(tag, key).wants(201), send(tag, key).wants(201)
	if string(first.Body) != string(again.Body) || again.Header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("the same request again: %s, want %s", again.Body, first.Body)
	}
	send(`"`+strings.Repeat("1", 64)+`"`, key).code(422, "key_reused")
	send(tag, header{"Idempotency-Key", ""}).code(400, "invalid_request")
	send(tag).code(409, "wrong_state") // Back, and once more
	if n := d.approvals(); n != 1 {
		t.Errorf("got %d signatures, want 1", n)
	}
	energy := `{"kind": "DEFER", "mandate": "M-0001", "line": "O-0001-ENERGY@2026-11-12", "reason": "trop tard"}`
	d.post("c.martin", path+"/adjustments", energy, tag).code(409, "wrong_state")
	d.post("c.martin", path+"/reopenings", "", tag).code(409, "wrong_state")
	d.post("c.martin", path+"/cancellations", "", "").code(409, "wrong_state")
}

// what is changed after it was signed is signed again.
func TestAnEditTakesTheSignaturesAway(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	d.ask("k.perrin", http.MethodPut, "/v1/settings/second_approval", `{"from": "100.00"}`,
		header{"If-Match", d.tag("k.perrin", "/v1/settings/second_approval")}).wants(200)
	path, _ := d.submitted("c.martin")
	tag := d.tag("v.olivier", path)
	d.post("v.olivier", path+"/approvals", "", tag).wants(201)
	energy := `{"kind": "DEFER", "mandate": "M-0001", "line": "O-0001-ENERGY@2026-11-12", "reason": "accord"}`
	d.post("c.martin", path+"/adjustments", energy, tag).code(409, "wrong_state")
	d.post("c.martin", path+"/reopenings", "", tag).wants(201)
	d.post("c.martin", path+"/adjustments", energy, tag).wants(201)
	d.decided("c.martin", path)
	if got := d.post("c.martin", path+"/submissions", "", "").wants(201).get("signatures"); fmt.Sprint(got) != "0" {
		t.Errorf("got %v signatures, want none", got)
	}
}

// ux 18
func TestManyApprovalsAtOnceAreAsManyAsNeeded(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	path, _ := d.submitted("c.martin")
	tag := d.tag("v.olivier", path)
	statuses := make([]int, 20)
	var wait sync.WaitGroup
	for i := range statuses {
		wait.Go(func() {
			statuses[i] = d.post([]string{"v.olivier", "v.royer"}[i%2], path+"/approvals", "", tag).Status
		})
	}
	wait.Wait()
	slices.Sort(statuses)
	if d.approvals() != 1 || statuses[0] != 201 || statuses[1] != 409 || statuses[19] != 409 {
		t.Errorf("got %d signatures and %v, want 1 and one 201", d.approvals(), statuses)
	}
}

//
func TestASessionApprovesWithAFreshSecondFactor(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	path, _ := d.submitted("c.martin")
	tag := d.tag("v.olivier", path)
	key, err := auth.NewKey([]byte("a key of thirty-two characters, or more"))
	if err != nil {
		t.Fatal(err)
	}
	users := &auth.Service{DB: d.db.App, Key: key}
	link, err := users.Reset(t.Context(), d.as("v.royer"), "v.royer")
	if err != nil {
		t.Fatal(err)
	}
	offer, err := users.Setup(t.Context(), link)
	if err != nil {
		t.Fatal(err)
	}
	now := moment("2026-11-05", 9)
	session, _, err := users.Complete(t.Context(), auth.SetupAsk{
		Link: link, Password: "quatre mots de sable", Code: auth.CodeAt(offer.Secret, now), Address: "192.0.2.7", Agent: "Firefox/140.0",
	})
	if err != nil {
		t.Fatal(err)
	}
	d.knows("session", session)
	d.db.SetClock(t, now.Add(auth.Fresh+10*time.Second))
	d.get("session", path).wants(200)
	d.post("session", path+"/approvals", "", tag).code(401, "step_up_required")
	if n := d.approvals(); n != 0 {
		t.Errorf("a refused approval left %d signatures", n)
	}
	stepped, _, err := users.StepUp(t.Context(), d.as("session"), auth.CodeAt(offer.Secret, now.Add(auth.Fresh+10*time.Second)))
	if err != nil {
		t.Fatal(err)
	}
	d.knows("session", stepped)
	d.post("session", path+"/approvals", "", tag).wants(201)
}
