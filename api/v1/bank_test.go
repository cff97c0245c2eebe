package v1_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"masp/ledger"
	"masp/ledger/money"
)

const (
	ibanRoux = "FR7699999001000000000100189" // BK-0001, in the name of Éva Roux
	ibanPool = "FR7699999001010000000200181" // BK-POOL
	caf      = "CAF DE L HERAULT"
	rsa      = "XPXREFERENCE 012345678              ME 1234567KROUX      102026ME"
)

// said is a line of the bank: signed amount, the other side, text.
type said struct{ amount, party, text string }

// paper is a camt.053 with one statement of one day.
func paper(id, iban, opening, closing, day string, lines ...said) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>%[1]s</MsgId><CreDtTm>%[2]sT20:00:00</CreDtTm></GrpHdr>
<Stmt><Id>%[1]s</Id><CreDtTm>%[2]sT20:00:00</CreDtTm><Acct><Id><IBAN>%[3]s</IBAN></Id><Ccy>EUR</Ccy></Acct>`, id, day, iban)
	for _, of := range [][2]string{{"OPBD", opening}, {"CLBD", closing}} {
		fmt.Fprintf(&b, `<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">%s</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>%s</Dt></Dt></Bal>`,
			of[0], of[1], day)
	}
	for n, l := range lines {
		side, other := "CRDT", "Dbtr"
		if strings.HasPrefix(l.amount, "-") {
			side, other = "DBIT", "Cdtr"
		}
		fmt.Fprintf(&b, `<Ntry><Amt Ccy="EUR">%s</Amt><CdtDbtInd>%s</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>%s</Dt></BookgDt>
<ValDt><Dt>%[3]s</Dt></ValDt><AcctSvcrRef>%s-%d</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><%[6]s><Pty><Nm>%[7]s</Nm></Pty></%[6]s></RltdPties>
<RmtInf><Ustrd>%[8]s</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`, strings.TrimPrefix(l.amount, "-"), side, day, id, n+1, other, l.party, l.text)
	}
	return b.String() + "\n</Stmt></BkToCstmrStmt></Document>"
}

// upload sends a file of the bank.
func (d *desk) upload(user, path, content string, more ...header) reply {
	d.t.Helper()
	return d.ask(user, http.MethodPost, path, content, append([]header{{"Content-Type", "application/xml"}}, more...)...)
}

// holds is what the books hold of a bank account.
func (d *desk) holds(account string) string {
	d.t.Helper()
	return d.get("k.perrin", "/v1/bank_accounts/"+account).wants(200).text("books")
}

// says imports a statement of an account that opens where the books stand and brings these lines.
func (d *desk) says(id, account, day string, lines ...said) reply {
	d.t.Helper()
	opening := money.MustParse(d.holds(account))
	closing := opening
	for _, l := range lines {
		closing = closing.Add(money.MustParse(l.amount))
	}
	iban := map[string]string{"BK-0001": ibanRoux, "BK-POOL": ibanPool}[account]
	got := d.upload("k.perrin", "/v1/bank_statements?name="+id+".xml", paper(id, iban, opening.String(), closing.String(), day, lines...))
	if state := got.wants(201).text("statements", 0, "state"); state != "accepted" {
		d.t.Fatalf("the statement is %s\n%s", state, got.Body)
	}
	return got
}

// lineOf is the newest line of an account.
func (d *desk) lineOf(account string) string {
	d.t.Helper()
	return d.get("k.perrin", "/v1/bank_lines?limit=1&bank_account="+account).wants(200).text("data", 0, "line")
}

const because = `{"reason": "vu avec la banque"}`

// ux.md 6, point 8.
func TestEqualLinesAreTwoLinesAndAFileIsImportedOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	twin := said{"12.00", "Inconnu", "VERSEMENT"}
	got := d.says("REL-1", "BK-0001", "2026-11-04", twin, twin)
	at := got.Header.Get("Location")
	d.get("e.quentin", at).wants(200)
	if lines := d.get("k.perrin", "/v1/bank_lines?count=exact&statement="+got.text("statements", 0, "statement")); lines.length("data") != 2 {
		t.Errorf("two equal lines are %s", lines.Body)
	}
	content := paper("REL-1", ibanRoux, "43.17", "67.17", "2026-11-04", twin, twin)
	before := d.holds("BK-0001")
	for name, again := range map[string]string{"the same bytes": content, "indented again": strings.ReplaceAll(content, "><", ">\n  <")} {
		known := d.upload("robot", "/v1/bank_statements", again).wants(200)
		if !strings.Contains(known.text("message"), "éjà reçu") || known.get("already_known") != true {
			t.Errorf("%s: %s", name, known.Body)
		}
	}
	if after := d.holds("BK-0001"); after != before {
		t.Errorf("the books hold %s, then %s", before, after)
	}
	account := d.get("k.perrin", "/v1/bank_accounts/BK-0001")
	if account.text("last_statement", "ref") != "REL-1" || account.text("last_statement", "closing") != before {
		t.Errorf("the last statement is %s, the books hold %s", account.Body, before)
	}
	d.upload("v.olivier", "/v1/bank_statements", content).code(403, "forbidden")
	d.upload("c.martin", "/v1/bank_statements", content).code(403, "forbidden")
}

// ux.md 6, points 9 and 10.
func TestAStatementThatIsEmptyWrongOrTooEarlySaysSo(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if empty := d.says("REL-1", "BK-0001", "2026-11-03"); empty.text("message") != "Relevé reçu, aucun mouvement." {
		t.Errorf("an empty one: %s", empty.Body)
	}
	answer := `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt/></Document>`
	if got := d.upload("k.perrin", "/v1/bank_statements", answer).code(422, "wrong_type"); !strings.Contains(got.text("detail"), "pain.002.001.10") {
		t.Errorf("a pain.002: %s", got.Body)
	}
	order := `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn/></Document>`
	if got := d.upload("k.perrin", "/v1/bank_statements", order).code(422, "file_refused"); !strings.Contains(got.text("detail"), "pain.001") {
		t.Errorf("a pain.001: %s", got.Body)
	}
	d.upload("k.perrin", "/v1/payment_answers", order).code(422, "wrong_type")
	d.upload("k.perrin", "/v1/payment_answers", answer).wants(201)
	if again := d.upload("robot", "/v1/payment_answers", answer).wants(200); again.get("already_known") != true {
		t.Errorf("the same answer again: %s", again.Body)
	}
	d.upload("k.perrin", "/v1/bank_statements", "rien", header{"Idempotency-Key", ""}).code(400, "invalid_request")

	before := d.holds("BK-0001")
	late := d.upload("k.perrin", "/v1/bank_statements", paper("REL-3", ibanRoux, "99.00", "99.00", "2026-11-05")).wants(201)
	if why := late.text("statements", 0, "explanation"); late.text("statements", 0, "state") != "held" || !strings.Contains(why, "04/11/2026") {
		t.Errorf("one is missing before it: %s", late.Body)
	}
	if d.holds("BK-0001") != before {
		t.Error("a statement that waits has moved the books")
	}
	if waiting := d.get("v.olivier", "/v1/bank_statements?state=held&reason=GAP"); waiting.length("data") != 1 {
		t.Errorf("what waits: %s", waiting.Body)
	}
}

func TestAStatementThatWaitsIsGivenUpByWhoHasReadIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.says("REL-1", "BK-0001", "2026-11-03")
	at := d.upload("k.perrin", "/v1/bank_statements", paper("REL-3", ibanRoux, "99.00", "99.00", "2026-11-05")).wants(201).Header.Get("Location")
	tag := d.get("k.perrin", at).wants(200).Header.Get("ETag")
	d.post("k.perrin", at+"/drops", because, "").code(428, "precondition_required")
	d.post("k.perrin", at+"/drops", because, `"other"`).code(412, "stale")
	d.post("k.perrin", at+"/acceptances", because, tag).code(409, "not_conflict")
	d.post("robot", at+"/drops", because, tag).code(403, "forbidden")
	d.post("k.perrin", at+"/drops", `{"reason": ""}`, tag).code(400, "invalid_request")
	dropped := d.post("k.perrin", at+"/drops", because, tag).wants(201)
	if dropped.text("statement", "reason") != "DROPPED" {
		t.Errorf("given up: %s", dropped.Body)
	}
	d.post("k.perrin", at+"/drops", because, tag).code(412, "stale")
	d.post("k.perrin", at+"/resumptions", because, d.get("k.perrin", at).Header.Get("ETag")).wants(201)
	d.post("k.perrin", at+"x/drops", because, tag).code(404, "not_found")
}

func TestAStatementThatTheBankIssuesAgainTakesThePlaceOfTheLastOne(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	opening := d.holds("BK-0001")
	old := d.says("REL-1", "BK-0001", "2026-11-04", said{"12.00", "Inconnu", "VERSEMENT"}).Header.Get("Location")
	closing := money.MustParse(opening).Add(money.MustParse("21.00")).String()
	again := d.upload("k.perrin", "/v1/bank_statements",
		paper("REL-1", ibanRoux, opening, closing, "2026-11-04", said{"21.00", "Inconnu", "VERSEMENT"})).wants(201)
	if again.text("statements", 0, "reason") != "CONFLICT" {
		t.Fatalf("the same number with other lines: %s", again.Body)
	}
	tag := d.get("k.perrin", old).Header.Get("ETag")
	d.post("k.perrin", old+"/replacements", `{"by": "sta_x", "reason": "réémis"}`, tag).code(422, "unknown_reference")
	body := fmt.Sprintf(`{"by": %q, "reason": "réémis"}`, again.text("statements", 0, "statement"))
	got := d.post("k.perrin", old+"/replacements", body, tag).wants(201)
	if got.text("statement", "replaced_by") != again.text("statements", 0, "statement") || d.holds("BK-0001") != closing {
		t.Errorf("the books hold %s, not %s\n%s", d.holds("BK-0001"), closing, got.Body)
	}
}

func TestALineIsFoundAndOpenedDownToItsTransactions(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.says("REL-1", "BK-0001", "2026-11-04",
		said{"573.49", caf, rsa}, said{"-3.00", "La banque", "FRAIS 100%"})
	for query, want := range map[string]int{
		"amount=573.49": 1, "amount=-3.00": 1, "amount=3.00": 0, "q=100%25": 1, "q=%25%25": 0, "state=posted": 1, "state=suspense": 1,
		"from=2026-11-05": 0, "to=2026-11-04": 2, "bank_account=BK-POOL": 0, "statement=sta_nothing": 0,
	} {
		if got := d.get("k.perrin", "/v1/bank_lines?count=exact&"+query).wants(200); got.length("data") != want || fmt.Sprint(got.get("count")) != fmt.Sprint(want) {
			t.Errorf("%s: got %s", query, got.Body)
		}
	}
	d.get("k.perrin", "/v1/bank_lines?q=%ff%fe").code(400, "invalid_request")
	first := d.get("k.perrin", "/v1/bank_lines?limit=1").wants(200)
	second := d.get("k.perrin", "/v1/bank_lines?limit=1&cursor="+first.text("next_cursor")).wants(200)
	if second.length("data") != 1 || second.text("data", 0, "line") == first.text("data", 0, "line") || second.text("next_cursor") != "" {
		t.Errorf("the second page: %s", second.Body)
	}
	at := "/v1/bank_lines/" + second.text("data", 0, "line")
	line := d.get("k.perrin", at).wants(200)
	if line.text("transactions", 0, "party") != caf || line.text("receipts", 0, "mandate") != "M-0001" ||
		line.text("matches", 0, "by") != "RECOGNISED" || line.text("source", "ref") != "REL-1" {
		t.Errorf("the line: %s", line.Body)
	}
	seen := d.get("e.quentin", at).wants(200)
	if seen.length("transactions") != 0 || seen.text("receipts", 0, "mandate") != "M-0001" {
		t.Errorf("the auditor of the Département reads %s", seen.Body)
	}
	d.get("e.texel", at).code(404, "not_found")
	d.get("i.texier", at).code(403, "forbidden")
	if theirs := d.get("e.texel", "/v1/bank_lines").wants(200); theirs.length("data") != 0 {
		t.Errorf("the auditor of another Département reads %s", theirs.Body)
	}
	accounts := d.get("e.texel", "/v1/bank_accounts").wants(200)
	if accounts.length("data") != 1 || accounts.text("data", 0, "bank_account") != "BK-POOL" || strings.Contains(accounts.text("data", 0, "iban"), ibanPool) {
		t.Errorf("the auditor of another Département reads %s", accounts.Body)
	}
}

// ux.md 6, point 3.
func TestACentBetweenBankAndBooksStopsEveryApproval(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.says("REL-1", "BK-0001", "2026-11-05", said{"573.49", caf, rsa})
	status := d.get("v.olivier", "/v1/reconciliation_status").wants(200)
	if status.get("ok") != true || status.text("difference") != "0.00" {
		t.Fatalf("before: %s", status.Body)
	}
	path, run := d.submitted("c.martin")
	_, err := d.house.Ledger.Post(t.Context(), ledger.Entry{
		Journal: ledger.BankJournal, Kind: ledger.BankCredit, Source: "a cent", Label: "Un centime", Actor: "test",
		Postings: []ledger.Posting{{Debit: ledger.Bank("BK-0001"), Credit: ledger.Mandate("M-0001"), Amount: money.MustParse("0.01")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	status = d.get("v.olivier", "/v1/reconciliation_status").wants(200)
	if status.get("ok") != false || status.text("difference") != "0.01" {
		t.Errorf("a cent more: %s", status.Body)
	}
	d.post("v.olivier", path+"/approvals", "", run.Header.Get("ETag")).code(409, "not_reconciled")
}

func TestNamesAreToldOfWhoIsReachedAlone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const all = "/v1/mandate_names?mandates=M-0001,M-0002,M-9999"
	if mine := d.get("c.martin", all).wants(200); mine.length("data") != 1 || mine.text("data", 0, "mandate") != "M-0001" {
		t.Errorf("a coordinator reads %s", mine.Body)
	}
	if whole := d.get("k.perrin", all).wants(200); whole.length("data") != 2 || !strings.Contains(whole.text("data", 1, "person"), "Garnier") {
		t.Errorf("an accountant reads %s", whole.Body)
	}
	d.get("c.martin", "/v1/mandate_names").code(400, "invalid_request")
}

func TestAnAmountIsFoundWhicheverWayItWentAndAStatementAddsUp(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	sent := d.says("REL-1", "BK-0001", "2026-11-04", said{"-3.00", "La banque", "FRAIS"}, said{"3.00", "La banque", "FRAIS RENDUS"}, said{"12.00", "Inconnu", "VERSEMENT"})
	if both := d.get("k.perrin", "/v1/bank_lines?either_way=3.00").wants(200); both.length("data") != 2 {
		t.Errorf("either way: %s", both.Body)
	}
	of := d.get("e.quentin", sent.Header.Get("Location")).wants(200)
	if of.text("opening") != "43.17" || of.text("moved") != "12.00" || of.text("closing") != "55.17" || of.text("received_at") == "" {
		t.Errorf("the statement: %s", of.Body)
	}
	if late := d.get("k.perrin", "/v1/bank_accounts?late=true&q=bk-00").wants(200); late.length("data") > 1 {
		t.Errorf("the accounts: %s", late.Body)
	}
}
