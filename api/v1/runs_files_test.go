package v1_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

const files = "/v1/payment_files/"

// ux 25
func TestTheBytesOfAFileAreThoseThatWereSigned(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	path, _ := d.submitted("c.martin")
	review := d.get("v.olivier", path+"/files").wants(200)
	name, signed := review.text("data", 0, "file"), review.text("data", 0, "sha256")
	d.get("k.perrin", files+name+"/content").code(409, "wrong_state")
	d.post("v.olivier", path+"/approvals", "", d.tag("v.olivier", path)).wants(201)
	d.get("k.perrin", files+name+"/content").code(409, "wrong_state")
	d.post("k.perrin", path+"/files", "", "").wants(201)
	d.ask("k.perrin", http.MethodHead, files+name+"/content", "").wants(200) // counts nothing
	for i, ask := range []string{"", "?reason=portail+indisponible", "?reason=encore"} {
		if i > 0 {
			if got := d.get("k.perrin", files+name+"/content").code(422, "no_reason"); got.text("errors", 0, "pointer") != "?reason" {
				t.Errorf("where the reason goes is not said: %s", got.Body)
			}
		}
		if i == 2 {
			d = deskAgain(d) // the service was started again
		}
		got := d.get("k.perrin", files+name+"/content"+ask).wants(200)
		sum := sha256.Sum256(got.Body)
		if hex.EncodeToString(sum[:]) != signed {
			t.Errorf("download %d: got %x, signed %s", i+1, sum, signed)
		}
		if digest := "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"; got.Header.Get("Repr-Digest") != digest {
			t.Errorf("got digest %s, want %s", got.Header.Get("Repr-Digest"), digest)
		}
	}
	shown := d.get("v.olivier", files+name).wants(200)
	if shown.length("downloads") != 3 || shown.text("downloads", 1, "reason") != "portail indisponible" {
		t.Errorf("got %s", shown.Body)
	}
	for user, status := range map[string]int{"c.martin": 403, "e.quentin": 403, "i.texier": 403, "robot": 200, "v.royer": 422} {
		d.get(user, files+name+"/content").wants(status)
	}
	d.get("k.perrin", files+"virements-C-2026-12-1.xml/content").code(404, "not_found")
	d.get("c.nadir", files+name).code(404, "not_found")
}

// deskAgain is another process on the same database.
func deskAgain(d *desk) *desk {
	again := deskOn(d.t, d.db, d.tokens)
	again.tokens = d.tokens
	return again
}

// ux 25
func TestAVoidFileIsReplacedByAnother(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	path, made := d.filed("c.martin")
	again := d.post("k.sauvage", path+"/files", "", "").wants(201)
	name, sum := made.text("data", 0, "file"), made.text("data", 0, "sha256")
	if again.text("data", 0, "sha256") != sum || again.length("data") != 1 {
		t.Errorf("the same file again: %s", again.Body)
	}
	d.post("k.perrin", files+name+"/voidings", `{}`, "").code(400, "invalid_request")
	d.post("c.nadir", files+name+"/voidings", `{"reason": "non"}`, "").code(404, "not_found")
	d.post("e.quentin", files+name+"/voidings", `{"reason": "non"}`, "").code(403, "forbidden")
	if void := d.post("k.perrin", files+name+"/voidings", `{"reason": "refusé par le portail"}`, "").wants(201); void.get("void") != true {
		t.Errorf("got %s", void.Body)
	}
	d.post("k.perrin", files+name+"/voidings", `{"reason": "encore"}`, "").wants(404)
	d.get("k.perrin", files+name+"/content").code(409, "file_void")
	d.post("k.perrin", path+"/hand_overs", "", "").code(422, "not_filed")
	next := d.post("k.perrin", path+"/files", "", "").wants(201)
	if next.length("data") != 1 || next.text("data", 0, "sha256") == sum || next.text("data", 0, "file") == name {
		t.Errorf("what replaces it: %s", next.Body)
	}
	if all := d.get("k.perrin", path+"/files?count=exact").wants(200); fmt.Sprint(all.get("count")) != "2" {
		t.Errorf("got %s, want the void one and the other", all.Body)
	}
}

// ux 20
func TestWhatTheBankHasIsNotTakenBack(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	path, _ := d.approved("c.martin")
	of := func(creditor string) string {
		d.t.Helper()
		all := d.get("c.martin", "/v1/payments?run=C-2026-11-1").wants(200)
		for i := range all.length("data") {
			if all.text("data", i, "creditor") == creditor {
				return "/v1/payments/" + all.text("data", i, "payment")
			}
		}
		t.Fatalf("no payment to %s\n%s", creditor, all.Body)
		return ""
	}
	energy, rent := of("C-LUMEN"), of("C-OFFICE")
	d.post("c.nadir", energy+"/cancellations", `{"reason": "non"}`, "").code(404, "not_found")
	d.post("robot", energy+"/cancellations", `{"reason": "non"}`, "").code(403, "forbidden")
	got := d.post("c.martin", energy+"/cancellations", `{"reason": "contrat résilié"}`, "").wants(201)
	if got.text("state") != "cancelled" || got.text("reason") != "contrat résilié" {
		t.Errorf("got %s", got.Body)
	}
	d.post("k.perrin", path+"/files", "", "").wants(201)
	d.post("k.perrin", path+"/hand_overs", "", "").wants(201)
	d.post("k.perrin", path+"/hand_overs", "", "").wants(201) // said twice is harmless
	d.post("c.martin", path+"/cancellations", "", "").code(409, "wrong_state")
	d.post("c.martin", rent+"/cancellations", `{"reason": "trop tard"}`, "").code(409, "handed_over")
	d.post("c.martin", rent+"/reissues", `{}`, "").code(409, "not_failed")
	name := d.get("k.perrin", path+"/files").text("data", 1, "file")
	d.post("k.perrin", files+name+"/voidings", `{"reason": "trop tard"}`, "").code(409, "handed_over")
}

func TestAPaymentSaysItsWholeWhy(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	_, made := d.filed("c.martin")
	d.proposed("c.nadir")
	all := d.get("v.olivier", "/v1/payments?count=exact&limit=3").wants(200)
	seen := all.length("data")
	for next := all; next.get("has_more") == true; seen += next.length("data") {
		next = d.get("v.olivier", "/v1/payments?limit=3&cursor="+next.text("next_cursor")).wants(200)
	}
	if fmt.Sprint(seen) != fmt.Sprint(all.get("count")) || strings.Contains(all.text("next_cursor"), "=") {
		t.Errorf("walked %d payments of %v", seen, all.get("count"))
	}
	d.get("v.royer", "/v1/payments?cursor="+all.text("next_cursor")).wants(404) // another's cursor
	mine := d.get("c.martin", "/v1/payments").wants(200)
	for i := range mine.length("data") {
		if m := mine.text("data", i, "mandate"); m != "M-0001" {
			t.Errorf("c.martin sees a payment of %s", m)
		}
	}
	if n := d.get("c.martin", "/v1/payments?mandate=M-0002").wants(200).length("data"); n != 0 {
		t.Errorf("c.martin sees %d payments of M-0002", n)
	}
	if n := d.get("v.olivier", "/v1/payments?mandate=M-0001&state=in_transit").wants(200).length("data"); n != 2 {
		t.Errorf("got %d payments on their way, want 2", n)
	}
	rent := "/v1/payments/" + mine.text("data", 0, "payment")
	why := d.get("c.martin", rent).wants(200)
	if why.text("covers", 0, "why", "rule") != "R-008" || why.text("covers", 0, "explanation_person") == "" ||
		why.text("file") != made.text("data", 0, "file") {
		t.Errorf("got %s", why.Body)
	}
	rest := d.get("c.martin", "/v1/payments/"+mine.text("data", 2, "payment")).wants(200)
	if rest.text("explanation") == "" || rest.text("kind") != "REMITTANCE" {
		t.Errorf("got %s", rest.Body)
	}
	d.get("c.nadir", rent).code(404, "not_found")
	d.get("c.martin", "/v1/payments/V000009-000001").code(404, "not_found")
	d.get("i.texier", rent).code(403, "forbidden")
}

// a payment that failed is issued again, once.
func TestAFailedPaymentIsIssuedAgainOnce(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	path, _ := d.filed("c.martin")
	run, err := d.house.Payments.Show(t.Context(), strings.TrimPrefix(path, runs+"/"))
	if err != nil {
		t.Fatal(err)
	}
	rent := run.Instructions()[0]
	d.rejects(rent.EndToEndID, "MS03")
	at := "/v1/payments/" + rent.EndToEndID
	if got := d.get("c.martin", at).wants(200); got.text("state") != "rejected" || got.text("reason") != "MS03" {
		t.Errorf("got %s", got.Body)
	}
	d.post("c.nadir", at+"/reissues", `{}`, "").code(404, "not_found")
	d.post("e.quentin", at+"/reissues", `{}`, "").code(403, "forbidden")
	d.post("c.martin", at+"/reissues", `{"to": "C-LUMEN"}`, "").wants(422) // rent goes to a landlord
	again := d.post("c.martin", at+"/reissues", `{"obligation": "O-AGAIN"}`, "").wants(201)
	if again.length("obligations") != 3 || again.text("obligations", 0, "obligation") != "O-AGAIN-1" {
		t.Errorf("got %s", again.Body)
	}
	d.post("c.martin", at+"/reissues", `{}`, "").code(409, "reissued")
	next := d.post("c.martin", "/v1/payment_run_computations", `{"mandates": ["M-0001"]}`, "").wants(200)
	if line := next.text("mandates", 0, "lines", 0, "line"); line != "O-AGAIN-1@2026-11-05" {
		t.Errorf("the next run begins with %s\n%s", line, next.Body)
	}
}

// masp.act_on_run lets a coordinator take her own run to the bank.
func TestACoordinatorTakesHerOwnRunToTheBank(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	path, _ := d.approved("c.martin")
	d.post("c.nadir", path+"/files", "", "").code(404, "not_found")
	d.post("robot", path+"/files", "", "").code(403, "forbidden")
	made := d.post("c.martin", path+"/files", "", "").wants(201)
	d.get("c.martin", files+made.text("data", 0, "file")).wants(200)
	d.post("c.martin", path+"/hand_overs", "", "").wants(201)
}

func TestNoFileLeavesAHouseThatWasRestored(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	early, made := d.filed("c.martin")
	late, _ := d.approved("c.nadir")
	if err := d.house.Payments.MarkRestored(t.Context(), d.as("i.texier"), time.Time{}); err != nil {
		t.Fatal(err)
	}
	d.post("k.perrin", late+"/files", "", "").code(409, "restored")
	d.get("k.perrin", files+made.text("data", 0, "file")+"/content").code(409, "restored")
	got := d.ask("k.perrin", http.MethodPost, late+"/files", "", header{"Accept-Language", "en"}).code(409, "restored")
	if !strings.HasPrefix(got.text("detail"), "The house was restored") {
		t.Errorf("in English: %s", got.Body)
	}
	d.get("k.perrin", early).wants(200)
}
