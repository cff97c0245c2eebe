package v1_test

import (
	"net/http"
	"strings"
	"testing"

	"masp/payments/worklist"
)

func TestAPersonsViewIsOneTruthForHerAndForWhoHelpsHer(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	b := d.entered("c.martin", "M-0001")
	mine := b.send("GET", "/v1/me/view", "").wants(200)
	account := b.send("GET", "/v1/me/account", "").wants(200)
	for _, figure := range []string{"balance", "reserved", "planned", "available", "missing"} {
		if mine.text(figure) != account.text(figure) {
			t.Errorf("%s: %s on her page, %s in her account", figure, mine.text(figure), account.text(figure))
		}
	}
	if mine.text("coordinator") != "Claire Martin" || mine.text("first_name") != "Éva" {
		t.Errorf("got %s", mine.Body)
	}
	theirs := d.get("c.martin", "/v1/mandates/M-0001/person_view").wants(200)
	if string(theirs.Body) != string(mine.Body) {
		t.Errorf("she sees %s\nher coordinator %s", mine.Body, theirs.Body)
	}
	d.ask("c.nadir", "GET", "/v1/mandates/M-0001/person_view", "").code(404, "not_found")
	reads := d.get("c.martin", "/v1/mandates/M-0001/file_reads").wants(200)
	if !strings.Contains(string(reads.Body), "get_person_view") {
		t.Errorf("the reading is not noted: %s", reads.Body)
	}
	b.send("GET", "/v1/me/view?mandate=M-0002", "").code(404, "not_found")
}

func TestAPersonsMonthStatementDebtsAndMovementsAreHers(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	b, other := d.entered("c.martin", "M-0001"), d.entered("c.nadir", "M-0002")
	b.send("GET", "/v1/me/months/2026-11", "").wants(200)
	b.send("GET", "/v1/me/months/2027-11", "").code(404, "not_found")
	page := b.send("GET", "/v1/me/statements/2026-11", "").wants(200)
	if page.text("closing") != "616.66" || page.get("provisional") != true {
		t.Errorf("got %s", page.Body)
	}
	pdf := b.send("GET", "/v1/me/statements/2026-11/paper?format=pdf", "").wants(200)
	if !strings.HasPrefix(string(pdf.Body), "%PDF") || pdf.Header.Get("Masp-Content") != page.text("content") {
		t.Errorf("got %q with %s, want the paper of %s", pdf.Body[:4], pdf.Header.Get("Masp-Content"), page.text("content"))
	}
	b.send("GET", "/v1/me/debts", "").wants(200)
	moves := b.send("GET", "/v1/me/movements", "").wants(200)
	id := moves.text("data", 0, "movement")
	story := b.send("GET", "/v1/me/movements/"+id, "").wants(200)
	if story.text("movement") != id || story.text("balance") != "616.66" {
		t.Errorf("got %s", story.Body)
	}
	// Numbers are those of an account: the same one names a line of another person's own, or nothing.
	if got := other.send("GET", "/v1/me/movements/"+id, ""); got.Status == 200 && got.text("balance") == "616.66" {
		t.Errorf("another person reads %s", got.Body)
	}
}

func TestAPersonsQuestionReachesHerCoordinatorOnce(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	b := d.entered("c.martin", "M-0001")
	move := b.send("GET", "/v1/me/movements", "").wants(200).text("data", 0, "movement")
	for range 2 {
		kept := b.send("POST", "/v1/me/questions", `{"question": "NOT_UNDERSTOOD", "text": "C'est quoi ?", "movement": "`+move+`"}`).wants(http.StatusCreated)
		if kept.text("answer_until") == "" {
			t.Errorf("got %s", kept.Body)
		}
	}
	found := d.get("c.martin", "/v1/alerts?code="+worklist.PersonAsks).wants(200)
	if found.length("data") != 1 || !strings.Contains(found.text("data", 0, "text"), "C'est quoi ?") || found.text("data", 0, "user") != "c.martin" {
		t.Errorf("got %s", found.Body)
	}
	if n := d.get("c.nadir", "/v1/alerts?code="+worklist.PersonAsks).wants(200).length("data"); n != 0 {
		t.Errorf("another coordinator reads %d", n)
	}
	b.send("POST", "/v1/me/questions", `{"question": "WHY"}`).wants(400)
	b.send("POST", "/v1/me/questions", `{"question": "OTHER", "movement": "mov_aaaaaaaaaaaaaaaaaaaaaaaaaa"}`).wants(422)
	d.ask("c.martin", "POST", "/v1/me/questions", `{"question": "OTHER"}`).wants(403)
}
