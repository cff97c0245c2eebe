package v1_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"masp/api/contract"
)

const measure = "/v1/mandates/M-0001"

func TestAMeasureIsRenewedAfterAnEvaluationOnceAllHaveSigned(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	evaluation := d.ask("c.martin", http.MethodPost, measure+"/evaluations", `{"on": "2026-11-04", "text": "Le budget tient."}`).
		wants(201).text("evaluation")
	draft := func(evaluation string) string {
		return `{"start": "2027-01-01", "end": "2027-12-31", "evaluation": "` + evaluation + `"}`
	}
	guessed := d.ask("c.martin", http.MethodPost, measure+"/renewals", draft("evl_"+strings.Repeat("0", 26))).code(422, "unknown_reference")
	if at := guessed.text("errors", 0, "pointer"); at != "/evaluation" {
		t.Errorf("the problem is at %q", at)
	}
	others := d.ask("c.nadir", http.MethodPost, "/v1/mandates/M-0002/evaluations", `{"on": "2026-11-04", "text": "Bien."}`).
		wants(201).text("evaluation")
	d.ask("c.martin", http.MethodPost, measure+"/renewals", draft(others)).code(422, "unknown_reference")
	d.ask("c.martin", http.MethodPost, measure+"/renewals", `{"start": "2027-01-01", "end": "2027-03-31", "evaluation": "`+evaluation+`"}`).
		code(422, "contract_too_short")
	d.ask("c.martin", http.MethodPost, measure+"/renewals", draft(evaluation)).wants(201)
	for _, party := range []string{"PERSON", "DEPARTMENT", "OPERATOR"} {
		d.ask("c.martin", http.MethodPost, measure+"/signatures", `{"party": "`+party+`", "on": "2026-11-05"}`).wants(201)
	}
	d.ask("c.martin", http.MethodPost, measure+"/signatures", `{"party": "PERSON", "on": "2026-11-05"}`).wants(409)
	got := d.ask("c.martin", http.MethodGet, measure+"/dossier", "").wants(200)
	if got.text("to") != "2027-12-31" || got.text("contracts", 1, "evaluation") != evaluation {
		t.Errorf("the dossier does not show the renewal: %s", got.Body)
	}
	if got.text("evaluations", 0, "text") != "Le budget tient." {
		t.Errorf("who follows the person does not read the evaluation: %s", got.Body)
	}
	for _, reader := range []string{"v.olivier", "k.perrin", "e.quentin", "robot"} {
		shown := d.ask(reader, http.MethodGet, measure+"/dossier", "").wants(200)
		if strings.Contains(string(shown.Body), "Le budget tient.") {
			t.Errorf("%s reads the note of a social worker", reader)
		}
	}
}

func TestASuspensionAndAnEndStopWhatWaitsAndTheClosingAsksForZero(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	got := d.ask("c.martin", http.MethodPost, measure+"/suspensions", `{"reason": "Absence"}`).wants(201)
	if got.text("status") != "SUSPENDED" || got.length("cancelled") != 0 {
		t.Errorf("got %s", got.Body)
	}
	d.ask("c.martin", http.MethodPost, measure+"/suspensions", `{"reason": "Absence"}`).code(409, "not_active")
	d.ask("c.martin", http.MethodPost, measure+"/resumptions", `{"reason": "Retour"}`).wants(201)
	d.ask("c.martin", http.MethodPost, measure+"/resumptions", `{"reason": "Retour"}`).code(409, "not_suspended")
	d.ask("c.martin", http.MethodPost, measure+"/ends", `{"on": "2026-11-06", "reason": "MOVED"}`).wants(422) // tomorrow
	d.ask("c.martin", http.MethodPost, measure+"/ends", `{"on": "2026-11-05", "reason": "DEATH"}`).code(400, "invalid_request")
	got = d.ask("c.martin", http.MethodPost, measure+"/ends", `{"on": "2026-11-05", "reason": "MOVED"}`).wants(201)
	if got.text("status") != "ENDED" || got.text("released") != "10.00" {
		t.Errorf("got %s", got.Body)
	}
	closing := d.ask("c.martin", http.MethodGet, measure+"/closing", "").wants(200)
	if ready, _ := closing.get("ready").(bool); ready {
		t.Error("a measure that holds money is ready to be closed")
	}
	d.ask("c.martin", http.MethodPost, measure+"/closing", "").code(428, "precondition_required")
	d.ask("c.martin", http.MethodPost, measure+"/closing", "", header{"If-Match", `"other"`}).code(412, "stale")
	refused := d.ask("c.martin", http.MethodPost, measure+"/closing", "", header{"If-Match", closing.Header.Get("ETag")}).code(409, "not_ready")
	if refused.length("errors") == 0 {
		t.Errorf("nobody learns what is left to do: %s", refused.Body)
	}
	account := d.ask("k.perrin", http.MethodGet, measure+"/final_account", "").wants(200)
	if proved, _ := account.get("proved").(bool); !proved || account.text("held") != "43.17" || account.length("open_debts") != 1 {
		t.Errorf("got %s", account.Body)
	}
}

func TestADeathFreezesWhatIsHeldForTheHeirsOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	got := d.ask("c.martin", http.MethodPost, measure+"/deaths", `{"died_on": "2026-11-04"}`).wants(201)
	if got.text("status") != "DECEASED" || got.text("frozen") != "43.17" {
		t.Errorf("got %s", got.Body)
	}
	d.ask("c.martin", http.MethodPost, measure+"/deaths", `{"died_on": "2026-11-04"}`).code(409, "dead_already")
}

func TestWhyAMeasureIsNeededIsReadByItsCoordinatorAloneAndTheReadingIsKept(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const text = "coupure de chauffage"
	d.ask("c.martin", http.MethodPost, measure+"/threat_note", `{"text": "`+text+`"}`).wants(201)
	if got := d.ask("c.martin", http.MethodGet, measure+"/threat_note", "").wants(200); got.text("text") != text {
		t.Errorf("got %s", got.Body)
	}
	d.ask("c.nadir", http.MethodGet, measure+"/threat_note", "").code(404, "not_found")
	for _, user := range []string{"v.olivier", "k.perrin", "e.quentin", "i.texier", "robot"} {
		d.ask(user, http.MethodGet, measure+"/threat_note", "").wants(403)
	}
	var acts, reads int
	err := d.db.App.QueryRow(t.Context(), `
		SELECT (SELECT count(*) FROM masp.audit_log WHERE action = 'mandate.threat_read' AND actor = 'c.martin' AND object_id = 'M-0001'),
		       (SELECT count(*) FROM masp.file_reads WHERE mandate_id = 'M-0001' AND what = 'get_threat_note')`).Scan(&acts, &reads)
	if err != nil || acts != 1 || reads != 1 {
		t.Errorf("%d acts, %d readings are kept: %v", acts, reads, err)
	}
}

func TestAnAmendmentChangesTheTermsAndTellsWhichRuleItBreaks(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	amend := func(more string) reply {
		return d.ask("c.martin", http.MethodPost, measure+"/amendments", `{"effective_on": "2026-12-01", "reason": "Avenant",
			"signed_by_person_on": "2026-11-05", "signed_by_department_on": "2026-11-05"`+more+`}`)
	}
	amend("").code(422, "nothing_changes")
	amend(`, "remit_to": "C-SELF-0002"`).code(422, "not_own_account")
	amend(`, "add_benefits": ["WAGE"], "bank_account": "BK-0001"`).code(422, "benefit_not_manageable")
	amend(`, "add_benefits": ["AAH"], "remittance": {"days": [], "weekly": 4}, "living_floor": "250.00"`).wants(201)
	got := d.ask("c.martin", http.MethodGet, measure+"/authorised_benefits", "").wants(200)
	if got.length("data") != 2 || got.text("data", 0, "from") != "2026-12-01" {
		t.Errorf("got %s", got.Body)
	}
	d.at("2026-12-01", 9)
	dossier := d.ask("c.martin", http.MethodGet, measure+"/dossier", "").wants(200)
	if n, _ := dossier.get("remittance", "weekly").(json.Number); n != "4" || dossier.text("policy", "living_floor") != "250.00" {
		t.Errorf("got %s", dossier.Body)
	}
}

func TestTheJudgesOrderBlocksARentUntilADecisionEndsIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	order := func(obligation string) string {
		return `{"judgment": "TJ, 26/01", "benefit": "RSA", "obligation": "` + obligation + `", "start": "2026-11-05", "end": "2027-10-31"}`
	}
	d.ask("c.martin", http.MethodPost, measure+"/direct_payments", order("O-0002-RENT")).wants(422) // another's rent
	d.ask("c.martin", http.MethodPost, measure+"/direct_payments", order("O-0001-RENT")).wants(201)
	line := d.ask("c.martin", http.MethodGet, measure+"/obligations/O-0001-RENT", "").wants(200)
	if line.text("block") != "PAID_BY_THIRD_PARTY" {
		t.Errorf("got %s", line.Body)
	}
	d.ask("c.martin", http.MethodPost, measure+"/direct_payment_ends", `{"last_day": "2026-12-31", "judgment": "TJ, 26/02"}`).wants(201)
	got := d.ask("c.martin", http.MethodGet, measure+"/direct_payments", "").wants(200)
	if got.text("data", 0, "end") != "2026-12-31" || got.text("data", 0, "ordered_to") != "2027-10-31" {
		t.Errorf("got %s", got.Body)
	}
	d.ask("c.martin", http.MethodPost, measure+"/reserve_releases", `{"amount": "10.01", "reason": "Rentrée"}`).wants(422)
	released := d.ask("c.martin", http.MethodPost, measure+"/reserve_releases", `{"reason": "Rentrée"}`).wants(201)
	if released.text("released") != "10.00" || released.text("left") != "0.00" {
		t.Errorf("got %s", released.Body)
	}
}

// personalTags are the tags of the resources of a person's file.
var personalTags = []string{"mandates", "beneficiaries", "benefits", "obligations", "contributions"}

// ofFiles are the operations on the files of persons, with their examples.
func ofFiles(t *testing.T) (ops []*contract.Operation, examples []contract.Example) {
	t.Helper()
	of, err := judged()
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range of.Operations {
		example, has, err := op.Example()
		if err != nil {
			t.Fatal(err)
		}
		if has && slices.Contains(personalTags, op.Tag) {
			ops, examples = append(ops, op), append(examples, example)
		}
	}
	return ops, examples
}

func TestAFileIsNotThereForWhoeverDoesNotFollowThePerson(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ops, examples := ofFiles(t)
	asked := 0
	for i, op := range ops {
		e := examples[i]
		if e.As != "c.martin" || !strings.Contains(e.Path, "M-0001") || strings.Contains(e.Path, "?") {
			continue
		}
		asked++
		tag := header{"If-Match", `"any"`}
		theirs := d.ask("c.nadir", op.Method, e.Path, string(e.Body), tag).code(404, "not_found")
		none := d.ask("c.martin", op.Method, strings.Replace(e.Path, "M-0001", "M-9999", 1), string(e.Body), tag).code(404, "not_found")
		if theirs.text("detail") != none.text("detail") || theirs.text("title") != none.text("title") {
			t.Errorf("%s: what is another's and what does not exist answer differently", op.ID)
		}
		if op.Method != http.MethodGet {
			d.ask("e.quentin", op.Method, e.Path, string(e.Body), tag).wants(403)
			d.ask("v.olivier", op.Method, e.Path, string(e.Body), tag).wants(403)
		}
		d.ask("i.texier", op.Method, e.Path, string(e.Body), tag).wants(403)
	}
	if asked < 20 {
		t.Errorf("only %d operations were asked", asked)
	}
}

func TestNothingIsAssignedThatTheContractDoesNotName(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ops, examples := ofFiles(t)
	for i, op := range ops {
		if !op.TakesJSON() {
			continue
		}
		for _, field := range []string{"status", "org_id", "approved_by", "role", "roles", "balance", "prepared_by", "coordinator"} {
			body := strings.Replace(string(examples[i].Body), "{", `{"`+field+`": "ACTIVE",`, 1)
			got := d.ask(examples[i].As, op.Method, examples[i].Path, body, header{"If-Match", `"any"`}).code(400, "invalid_request")
			if at := got.text("errors", 0, "pointer"); at != "/"+field {
				t.Errorf("%s takes a %s: the problem is at %q", op.ID, field, at)
			}
		}
	}
}

func TestATextThatNobodyCanReadIsRefusedWhereItStands(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	got := d.ask("c.martin", http.MethodPost, measure+"/threat_note", `{"text": "a\u0000b"}`).code(400, "invalid_request")
	if got.text("errors", 0, "pointer") != "/text" || got.text("errors", 0, "code") != "malformed" {
		t.Errorf("got %s", got.Body)
	}
	d.ask("c.martin", http.MethodPost, measure+"/evaluations", `{"on": "2026-11-04", "text": "Une ligne.\nUne autre."}`).wants(201)
	d.ask("c.martin", http.MethodGet, "/v1/mandates?q=a%00b", "").code(400, "invalid_request")
	d.ask("c.martin", http.MethodGet, "/v1/expected_benefits?period=9999-12", "").wants(200)
	d.ask("c.martin", http.MethodPost, measure+"/expected_benefits",
		`{"benefit": "RSA", "period": "9999-12", "payer": "CAF", "amount": "573.49"}`).code(422, "period_too_far")
}
