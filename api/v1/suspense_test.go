package v1_test

import (
	"fmt"
	"strings"
	"testing"
)

// unknown is a desk with a credit, a fee and its refund that nobody knows, and their lines.
func unknown(t *testing.T) (d *desk, credit, fee, refund string) {
	t.Helper()
	d = newDesk(t)
	d.says("REL-1", "BK-0001", "2026-11-04",
		said{"50.00", "Inconnu", "VERSEMENT"}, said{"-3.00", "La banque", "FRAIS"}, said{"3.00", "La banque", "FRAIS RENDUS"})
	find := func(amount string) string {
		return d.get("k.perrin", "/v1/bank_lines?amount="+amount).wants(200).text("data", 0, "line")
	}
	return d, find("50.00"), find("-3.00"), find("3.00")
}

func TestWhatNobodyKnowsIsListedOldestFirstAndSumsUpToItsAccount(t *testing.T) {
	t.Parallel()
	d, credit, _, _ := unknown(t)
	first := d.get("v.olivier", "/v1/suspense?limit=2&count=exact").wants(200)
	rest := d.get("v.olivier", "/v1/suspense?limit=2&cursor="+first.text("next_cursor")).wants(200)
	if first.text("data", 0, "line") != credit || rest.length("data") != 1 || fmt.Sprint(first.get("count")) != "3" {
		t.Errorf("the pages: %s %s", first.Body, rest.Body)
	}
	ages := d.get("v.olivier", "/v1/suspense_ages").wants(200)
	if ages.text("total") != "50.00" || ages.text("balance") != "50.00" {
		t.Errorf("the ages: %s", ages.Body)
	}
	if own := d.get("e.quentin", "/v1/suspense").wants(200); own.length("data") != 0 {
		t.Errorf("an auditor of a Département reads what is nobody's: %s", own.Body)
	}
	d.get("e.quentin", "/v1/suspense/"+credit).code(404, "not_found")
}

func TestALineIsIdentifiedInPartsAndOneOfThemIsUndone(t *testing.T) {
	t.Parallel()
	d, credit, _, _ := unknown(t)
	at := "/v1/suspense/" + credit + "/assignments"
	const part = `{"mandate": "M-0001", "benefit": "RSA", "period": "2026-10", "amount": "20.00", "reason": "vu avec la CAF"}`
	d.post("v.olivier", at, part, "").code(403, "forbidden")
	d.post("robot", at, part, "").code(403, "forbidden")
	d.post("k.perrin", at, strings.Replace(part, "M-0001", "M-9999", 1), "").code(422, "mandate_unknown")
	for _, wrong := range []string{`20`, `"2e1"`, `"20.005"`, `null`, `"20,00"`} { // ux.md 6, point 6
		got := d.post("k.perrin", at, strings.Replace(part, `"20.00"`, wrong, 1), "").code(400, "invalid_request")
		if got.text("errors", 0, "pointer") != "/amount" {
			t.Errorf("an amount of %s: %s", wrong, got.Body)
		}
	}
	got := d.post("k.perrin", at, part, "").wants(201)
	if got.text("open") != "30.00" || !strings.Contains(got.text("account"), "M-0001") {
		t.Errorf("a part: %s", got.Body)
	}
	d.post("k.perrin", at, strings.Replace(part, "20.00", "30.01", 1), "").code(422, "amount")

	match := "/v1/matches/" + got.text("match")
	undo := match + "/undos"
	plan := d.post("k.perrin", undo+"?dry_run=true", because, "").wants(200)
	if plan.get("done") != false || plan.text("accounts", 0, "amount") != "20.00" || d.get("k.perrin", match).get("undone") != false {
		t.Errorf("the plan of an undo: %s", plan.Body)
	}
	d.post("v.olivier", undo, because, "").code(403, "forbidden")
	if done := d.post("k.perrin", undo, because, "").wants(201); done.get("done") != true || done.text("reversal") == "" {
		t.Errorf("an undo: %s", done.Body)
	}
	d.post("k.perrin", undo, because, "").code(409, "nothing_to_undo")
	all := d.get("k.perrin", "/v1/matches?line="+credit).wants(200)
	if all.length("data") != 1 || all.text("data", 0, "undone_by") != "k.perrin" {
		t.Errorf("the matches: %s", all.Body)
	}
	if open := d.get("k.perrin", "/v1/suspense/"+credit).text("open"); open != "50.00" {
		t.Errorf("after the undo %s are open", open)
	}
}

func TestALineOfManyIsSplitInOneAct(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.says("REL-P", "BK-POOL", "2026-11-04", said{"60.00", "Inconnu", "VERSEMENT"})
	at := "/v1/suspense/" + d.lineOf("BK-POOL") + "/splits"
	const parts = `{"parts": [{"mandate": "M-0002", "benefit": "ASPA", "amount": "40.00"}, {"mandate": "M-0003", "benefit": "AAH", "amount": "15.00"}], "reason": "bordereau"}`
	d.post("k.perrin", at, strings.Replace(parts, "40.00", "50.00", 1), "").code(422, "amount")
	got := d.post("c.nadir", at, parts, "").wants(201)
	if got.length("parts") != 2 || got.text("parts", 1, "open") != "5.00" {
		t.Errorf("the parts: %s", got.Body)
	}
}

func TestSomebodyLooksAfterALineAndTwoLinesClearEachOther(t *testing.T) {
	t.Parallel()
	d, credit, fee, refund := unknown(t)
	notes := "/v1/suspense/" + credit + "/notes"
	d.post("k.perrin", notes, `{"act": "NOTE"}`, "").code(422, "note")
	d.post("k.perrin", notes, `{"act": "GIVE", "owner": "k.perrin", "note": "j'appelle"}`, "").wants(201)
	owned := d.post("k.sauvage", notes, `{"act": "GIVE", "owner": "k.sauvage"}`, "").code(409, "owned")
	if strings.Contains(owned.text("detail"), "--") {
		t.Errorf("the command line speaks: %s", owned.Body)
	}
	taken := d.post("k.sauvage", notes, `{"act": "GIVE", "owner": "k.sauvage", "from": "k.perrin"}`, "").wants(201)
	if taken.text("owner") != "k.sauvage" || taken.length("notes") != 2 {
		t.Errorf("the line: %s", taken.Body)
	}
	pair := fmt.Sprintf(`{"debit_line": %q, "credit_line": %q, "reason": "la banque rend ses frais"}`, fee, refund)
	d.post("k.perrin", "/v1/suspense_clearings", strings.Replace(pair, refund, credit, 1), "").code(422, "not_a_pair")
	if got := d.post("k.perrin", "/v1/suspense_clearings", pair, "").wants(201); got.text("amount") != "3.00" {
		t.Errorf("the pair: %s", got.Body)
	}
	d.get("k.perrin", "/v1/suspense/"+fee).code(404, "not_found")
}

func TestMoneyGoesBackToItsSenderByARun(t *testing.T) {
	t.Parallel()
	d, credit, fee, _ := unknown(t)
	const back = `{"to": "C-LUMEN", "amount": "20.00", "evidence": "son courrier du 4 novembre"}`
	d.post("c.martin", "/v1/suspense/"+fee+"/returns", back, "").code(422, "side")
	got := d.post("c.martin", "/v1/suspense/"+credit+"/returns", back, "").wants(201)
	item := d.get("c.martin", "/v1/suspense/"+credit).wants(200)
	if item.text("return") != got.text("run") || item.text("reserved") != "20.00" {
		t.Errorf("the run %s, the line %s", got.Body, item.Body)
	}
}

func TestARuleIsTriedWrittenWithAWarningAndEnded(t *testing.T) {
	t.Parallel()
	d, _, _, _ := unknown(t)
	const all = "/v1/recognition_rules"
	const says = `{"payer_words": "INCONNU", "payer": "CAF"%s}`
	tried := d.post("k.perrin", "/v1/recognition_rule_trials", fmt.Sprintf(says, ""), "").wants(200)
	if tried.length("lines") != 1 || tried.text("lines", 0, "amount") != "50.00" {
		t.Errorf("tried: %s", tried.Body)
	}
	written := d.post("k.perrin", all, fmt.Sprintf(says, `, "reason": "la banque l'écrit ainsi"`), "").wants(201)
	overlaps := d.post("k.sauvage", all, fmt.Sprintf(says, `, "reason": "encore"`), "").code(409, "rule_overlaps")
	if text := overlaps.text("detail"); !strings.HasPrefix(text, "Une règle de k.perrin") || strings.Contains(text, "masp") {
		t.Errorf("the warning: %s", text)
	}
	d.post("k.sauvage", all, fmt.Sprintf(says, `, "reason": "encore", "anyway": "deux agences"`), "").wants(201)
	d.post("v.olivier", all, fmt.Sprintf(says, `, "reason": "moi"`), "").code(403, "forbidden")
	d.post("k.perrin", all, `{"payer": "CAF", "reason": "sans mots"}`, "").code(422, "rule_words")
	end := written.Header.Get("Location") + "/ends"
	if ended := d.post("k.perrin", end, because, "").wants(201); ended.text("end_reason") == "" {
		t.Errorf("ended: %s", ended.Body)
	}
	d.post("k.perrin", end, because, "").code(409, "rule_ended")
	d.post("k.perrin", all+"/rul_x/ends", because, "").code(404, "not_found")
	if n, m := d.get("k.perrin", all).length("data"), d.get("k.perrin", all+"?ended=true").length("data"); n != 1 || m != 2 {
		t.Errorf("%d rules in force of %d, want 1 of 2", n, m)
	}
}

func TestEqualChoicesOfferARule(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	gift := said{"10.00", "Grand-mère Roux", "CADEAU DU MOIS"}
	d.says("REL-1", "BK-0001", "2026-11-04", gift, gift, gift)
	lines := d.get("k.perrin", "/v1/bank_lines").wants(200)
	for i := range 3 {
		d.post("k.perrin", "/v1/suspense/"+lines.text("data", i, "line")+"/assignments", `{"mandate": "M-0001", "benefit": "RSA", "reason": "toujours elle"}`, "").wants(201)
	}
	offers := d.get("k.perrin", "/v1/recognition_offers").wants(200)
	if offers.length("data") != 1 || offers.length("data", 0, "lines") != 3 {
		t.Fatalf("the offers: %s", offers.Body)
	}
	at := "/v1/recognition_offers/" + offers.text("data", 0, "offer")
	d.post("robot", at+"/refusals", because, "").code(403, "forbidden")
	for _, act := range []string{"/refusals", "/acceptances"} { // it names the number of a person whom she does not follow
		d.post("c.nadir", at+act, because, "").code(404, "offer_unknown")
	}
	if n := d.get("c.martin", "/v1/recognition_offers").wants(200).length("data"); n != 0 {
		t.Errorf("a coordinator is shown %d offers", n)
	}
	d.post("k.perrin", at+"/refusals", because, "").wants(204)
	d.post("k.perrin", at+"/acceptances", because, "").code(404, "offer_unknown")
}

func TestAPayersListSplitsTheCreditThatItAnnounces(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const list = `{"bank_account": "BK-POOL", "payer": "CAF", "reference": "BORDEREAU 77", "on": "2026-11-04",
		"parts": [{"mandate": "M-0003", "benefit": "AAH", "period": "2026-10", "amount": "1041.59"}, {"amount": "12.00"}]}`
	got := d.post("k.perrin", "/v1/advices", list, "").wants(201)
	if got.text("amount") != "1053.59" || got.text("line") != "" {
		t.Errorf("the list: %s", got.Body)
	}
	d.post("k.sauvage", "/v1/advices", list, "").code(409, "advice_twice")
	d.post("k.perrin", "/v1/advices", strings.Replace(list, "BK-POOL", "BK-NONE", 1), "").code(422, "account_unknown")
	d.says("REL-P", "BK-POOL", "2026-11-04", said{"1053.59", caf, "BORDEREAU 77"})
	line := d.get("k.perrin", got.Header.Get("Location")).wants(200).text("line")
	detail := d.get("k.perrin", "/v1/bank_lines/"+line).wants(200)
	if detail.text("receipts", 0, "amount") != "1041.59" || detail.text("open") != "12.00" {
		t.Errorf("the credit: %s", detail.Body)
	}
}

func TestACoordinatorReadsAndBooksTheMoneyOfHerPersonsAlone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.says("REL-P", "BK-POOL", "2026-11-04", said{"1041.59", caf, "2345678LHADDAD       102026ME"}, said{"60.00", "Inconnu", "VERSEMENT"})
	d.says("REL-1", "BK-0001", "2026-11-04", said{"573.49", caf, rsa})
	all := d.get("k.perrin", "/v1/bank_lines?bank_account=BK-POOL").wants(200)
	for i := range all.length("data") {
		line := all.text("data", i, "line")
		d.get("c.martin", "/v1/bank_lines/"+line).code(404, "not_found")
	}
	mine := d.get("c.martin", "/v1/bank_lines").wants(200)
	if mine.length("data") != 1 || mine.text("data", 0, "bank_account") != "BK-0001" {
		t.Errorf("a coordinator reads %s", mine.Body)
	}
	if of := d.get("c.martin", "/v1/matches").wants(200); of.length("data") != 0 {
		t.Errorf("a coordinator reads the matches %s", of.Body)
	}
	open := d.get("c.martin", "/v1/suspense").wants(200)
	line := ""
	for i := range open.length("data") {
		if open.text("data", i, "amount") == "60.00" {
			line = open.text("data", i, "line")
		}
	}
	if line == "" || strings.Contains(string(open.Body), "M-0003") {
		t.Fatalf("a coordinator reads in suspense %s", open.Body)
	}
	at := "/v1/suspense/" + line
	named := func(path, body, pointer string) {
		t.Helper()
		if got := d.post("c.martin", path, body, "").code(422, "unknown_reference"); got.text("errors", 0, "pointer") != pointer {
			t.Errorf("%s: %s, want %s", path, got.Body, pointer)
		}
	}
	const part = `{"mandate": "M-0003", "benefit": "AAH", "amount": "15.00", "reason": "à elle"}`
	named(at+"/assignments", part, "/mandate")
	named(at+"/splits", `{"parts": [`+strings.Replace(part, `, "reason": "à elle"`, "", 1)+`], "reason": "à elle"}`, "/parts/0/mandate")
	named("/v1/advices", `{"bank_account": "BK-POOL", "payer": "CAF", "reference": "B 1", "on": "2026-11-04",
		"parts": [{"mandate": "M-0003", "benefit": "AAH", "period": "2026-10", "amount": "12.00"}]}`, "/parts/0/mandate")
	named("/v1/recognition_rules", `{"payer_words": "INCONNU", "mandate": "M-0003", "benefit": "AAH", "reason": "à elle"}`, "/mandate")
	tried := d.post("c.martin", "/v1/recognition_rule_trials", `{"payer_words": "CAF", "payer": "CAF"}`, "").wants(200)
	if strings.Contains(string(tried.Body), "HADDAD") {
		t.Errorf("a rule tried by a coordinator tells %s", tried.Body)
	}
	done := d.post("k.perrin", at+"/assignments", part, "").wants(201)
	undo := "/v1/matches/" + done.text("match") + "/undos"
	d.post("c.martin", undo+"?dry_run=true", because, "").code(404, "not_found")
	d.post("c.martin", undo, because, "").code(404, "not_found")
	d.post("c.nadir", undo, because, "").wants(201)
	his := d.post("c.nadir", at+"/assignments", part, "").wants(201).Header.Get("Location")
	for _, user := range []string{"c.nadir", "e.texel", "k.perrin"} {
		if m := d.get(user, his).wants(200); m.text("by") != "c.nadir" || m.get("undone") != false {
			t.Errorf("%s reads the match %s", user, m.Body)
		}
	}
	for _, user := range []string{"c.martin", "e.quentin"} {
		d.get(user, his).code(404, "not_found")
	}
	if of := d.get("c.nadir", "/v1/matches?undone=false").wants(200); of.length("data") != 1 || "/v1/matches/"+of.text("data", 0, "match") != his {
		t.Errorf("of his matches he reads %s", of.Body)
	}
}

func TestWhoAuditsAPartIsRefusedWhatStandsOfAllTogether(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, path := range []string{"/v1/suspense_ages", "/v1/reconciliation_status"} {
		d.get("e.quentin", path).code(403, "forbidden")
		d.get("c.martin", path).wants(200)
		d.get("robot", path).wants(200)
	}
	d.get("e.quentin", "/v1/verification").wants(200)
}

func TestADayThatDoesNotExistIsSaidWhereItStands(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for day, code := range map[string]string{
		"2026-02-30": "no_such_day", "2026-11-31": "no_such_day", "0000-01-01": "no_such_day", "2026-13-01": "malformed", "5 mai": "malformed",
	} {
		got := d.post("c.martin", runs, `{"month": "2026-11", "on": "`+day+`"}`, "").code(400, "invalid_request")
		if got.length("errors") != 1 || got.text("errors", 0, "pointer") != "/on" || got.text("errors", 0, "code") != code {
			t.Errorf("%s: got %s, want %s at /on", day, got.Body, code)
		}
	}
}

func TestWhatIsWrongWithAParameterIsSaid(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for query, want := range map[string]string{
		"from=2026-11-05&to=2026-11-04": "Le dernier jour précède le premier.",
		"from=2026-02-30":               "Ce jour n'existe pas.",
		"q=%ff%fe":                      "Ce texte n'est pas en UTF-8.",
	} {
		got := d.get("k.perrin", "/v1/bank_lines?"+query).code(400, "invalid_request")
		if text := got.text("errors", 0, "detail"); text != want {
			t.Errorf("%s: got %q, want %q", query, text, want)
		}
	}
}
