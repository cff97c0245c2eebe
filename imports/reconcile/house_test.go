package reconcile_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/imports"
	"masp/imports/reconcile"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/migrations/dbtest"
	"masp/payments"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// house is an invented association with the account of one person and one of many, on a real
// database.
type house struct {
	*reconcile.Service
	t            testing.TB
	db           *dbtest.DB
	paul, boris  auth.Principal // accountants
	anne         auth.Principal // coordinator
	sent         int
	closing      map[string]money.Amount // of the last statement
	closedOn     map[string]civil.Date
	statementsNo int
}

var ibans = map[string]string{"BK-1": "FR7699999000010000000010001", "BK-2": "FR7699999000010000000010002"}

func newHouse(t testing.TB) *house {
	t.Helper()
	db := dbtest.New(t)
	books := ledger.New(db.App)
	paid := &payments.Service{DB: db.App, Ledger: books}
	h := &house{t: t, db: db, closing: map[string]money.Amount{}, closedOn: map[string]civil.Date{}}
	h.Service = &reconcile.Service{
		DB: db.App, Ledger: books, Imports: &imports.Service{DB: db.App, Ledger: books, Payments: paid},
	}
	h.clock("2026-10-01")
	h.found()
	h.open("BK-1", "M-1", "100.00")
	h.open("BK-2", "M-2", "1000.00")
	h.open("BK-2", "M-3", "500.00")
	return h
}

// clock moves the clock of the database to noon of a day.
func (h *house) clock(day string) {
	h.db.SetClock(h.t, civil.MustParse(day).Time().Add(12*time.Hour))
}

// exec runs SQL as superuser, with no trigger: it sets the stage, or plays the forger.
func (h *house) exec(sql string, args ...any) {
	h.t.Helper()
	h.must(pgx.BeginFunc(h.t.Context(), h.db.Super, func(tx pgx.Tx) error {
		if _, err := tx.Exec(h.t.Context(), `SET LOCAL session_replication_role = replica`); err != nil {
			return err
		}
		_, err := tx.Exec(h.t.Context(), sql, args...)
		return err
	}))
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) found() {
	h.t.Helper()
	h.exec(`INSERT INTO masp.organisations (name, opened_on, created_at) VALUES ('Association inventée', '2026-10-01', masp.now())`)
	h.exec(`INSERT INTO masp.bank_accounts (bank_account_id, iban, holder, owner, model) VALUES
		('BK-1', $1, 'Mme Durand', 'BENEFICIARY', 'INDIVIDUAL'),
		('BK-2', $2, 'Association inventée', 'ASSOCIATION_CLIENT_FUNDS', 'POOLED')`, ibans["BK-1"], ibans["BK-2"])
	for i, account := range []string{"BK-1", "BK-2", "BK-2"} {
		n := fmt.Sprint(i + 1)
		h.exec(`INSERT INTO masp.beneficiaries (beneficiary_id, last_name, first_name, born_on, department)
			VALUES ('B-` + n + `', 'Durand', 'Anne', '1985-02-11', '34')`)
		h.exec(`INSERT INTO masp.mandates (mandate_id, beneficiary_id, level, department, status, threat_ground, contract_start,
			contract_end, commitments, signed_by_person_on, signed_by_department_on, bank_account_id)
			VALUES ('M-` + n + `', 'B-` + n + `', 'MASP2', '34', 'ACTIVE', 'BOTH', '2026-01-01', '2027-12-31',
			'{PERSON: venir,OPERATOR: payer}', '2026-01-01', '2026-01-01', '` + account + `')`)
	}
	h.exec(`INSERT INTO masp.creditors (creditor_id, name, kind) VALUES ('C-LAND', 'Bailleur inventé', 'LANDLORD')`)
	h.exec(`INSERT INTO masp.creditor_ibans (creditor_id, version, iban, load_sha256, proposed_at)
		VALUES ('C-LAND', 1, 'FR7699999000010000000091101', repeat('0', 64), masp.now())`)
	h.exec(`INSERT INTO masp.runs (run_id, run_number, month, run_on, state, content_hash, created_at)
		VALUES ('C-2026-10-1', 1, '2026-10-01', '2026-10-05', 'handed_over', decode(repeat('00', 32), 'hex'), masp.now())`)
	users := &auth.Service{DB: h.db.App}
	for _, u := range []struct {
		id   string
		role auth.Role
		as   *auth.Principal
	}{{"p.roy", auth.Accountant, &h.paul}, {"b.sol", auth.Accountant, &h.boris}, {"a.morel", auth.Coordinator, &h.anne}} {
		token, err := users.Add(h.t.Context(), auth.Principal{}, auth.User{ID: u.id, Name: u.id, Roles: []auth.Role{u.role}})
		h.must(err)
		*u.as, err = users.Authenticate(h.t.Context(), token)
		h.must(err)
	}
}

// open posts the opening balance of a mandate.
func (h *house) open(account, mandate, amount string) {
	h.t.Helper()
	h.post(ledger.Entry{
		Journal: ledger.OtherJournal, Kind: ledger.Opening, Source: "opening " + account + " " + mandate,
		Postings: []ledger.Posting{{
			Debit: ledger.Bank(account), Credit: ledger.Mandate(mandate), Amount: money.MustParse(amount),
		}},
	})
	h.closing[account] = h.closing[account].Add(money.MustParse(amount))
}

func (h *house) post(e ledger.Entry) int64 {
	h.t.Helper()
	e.Actor, e.Label = "test", "essai"
	posted, err := h.Ledger.Post(h.t.Context(), e)
	h.must(err)
	return posted.No
}

// pay makes a transfer of a mandate that leaves today, and answers its reference.
func (h *house) pay(account, mandate string, amount money.Amount) string {
	h.t.Helper()
	h.sent++
	reference := fmt.Sprintf("E2E-%d", h.sent)
	no := h.post(ledger.Entry{
		Journal: ledger.TransferJournal, Kind: ledger.Payment, Source: "payment " + reference,
		Postings: []ledger.Posting{{Debit: ledger.Mandate(mandate), Credit: ledger.InTransit, Amount: amount}},
	})
	h.exec(`INSERT INTO masp.instructions (run_id, mandate_id, kind, account, bank_account_id, creditor_id, creditor_name, creditor_iban,
		iban_version, amount_cents, leave_on, execute_on, reference, end_to_end_id, state, posted_entry)
		VALUES ('C-2026-10-1', $1, 'PAYMENT', '467:'||$1::text, $2, 'C-LAND', 'Bailleur inventé', 'FR7699999000010000000091101', 1, $3,
		'2026-10-05', '2026-10-05', 'loyer', $4, 'in_transit', $5)`, mandate, account, amount.Cents(), reference, no)
	return reference
}

// line is a movement that the bank tells: signed, with our reference when it is one of our transfers.
type line struct {
	amount    money.Amount
	on        string
	reference string
}

// tell imports the next statement of an account, which ends on a day. It must be accepted.
func (h *house) tell(account, on string, lines ...line) {
	h.t.Helper()
	opening := h.closing[account]
	end := opening
	var entries strings.Builder
	for i, l := range lines {
		end = end.Add(l.amount)
		side := "CRDT"
		if l.amount.IsNegative() {
			side = "DBIT"
		}
		fmt.Fprintf(&entries, `<Ntry><Amt Ccy="EUR">%s</Amt><CdtDbtInd>%s</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>%s</Dt></BookgDt>`+
			`<ValDt><Dt>%s</Dt></ValDt><AcctSvcrRef>R%d</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>%s</EndToEndId></Refs>`+
			`<RmtInf><Ustrd>REF 991</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`, l.amount.Abs(), side, l.on, l.on, i, l.reference)
	}
	h.statementsNo++
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>`+
		`<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-05T06:00:00+01:00</CreDtTm></GrpHdr>`+
		`<Stmt><Id>S-%d</Id><CreDtTm>2026-11-05T06:00:00+01:00</CreDtTm><Acct><Id><IBAN>%s</IBAN></Id><Ccy>EUR</Ccy></Acct>`,
		h.statementsNo, ibans[account])
	for _, balance := range []struct {
		code   string
		amount money.Amount
	}{{"OPBD", opening}, {"CLBD", end}} {
		side := "CRDT"
		if balance.amount.IsNegative() {
			side = "DBIT"
		}
		fmt.Fprintf(&b, `<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">%s</Amt><CdtDbtInd>%s</CdtDbtInd><Dt><Dt>%s</Dt></Dt></Bal>`,
			balance.code, balance.amount.Abs(), side, on)
	}
	fmt.Fprintf(&b, `%s</Stmt></BkToCstmrStmt></Document>`, entries.String())
	out, err := h.Imports.Import(h.t.Context(), "test", "releve.xml", strings.NewReader(b.String()))
	h.must(err)
	if len(out.Statements) != 1 || out.Statements[0].State != "accepted" {
		h.t.Fatalf("got %+v, want an accepted statement", out)
	}
	h.closing[account], h.closedOn[account] = end, civil.MustParse(on)
}

// run reconciles through a day.
func (h *house) run(through string) reconcile.Result {
	h.t.Helper()
	result, err := h.Run(h.t.Context(), "test", civil.MustParse(through))
	h.must(err)
	return result
}

// found answers what verify finds.
func (h *house) verify() []ledger.Finding {
	h.t.Helper()
	var found []ledger.Finding
	h.must(ledger.Snapshot(h.t.Context(), h.db.Super, func(tx pgx.Tx) error {
		for _, check := range reconcile.Checks() {
			if err := check(h.t.Context(), tx, func(f ledger.Finding) { found = append(found, f) }); err != nil {
				return err
			}
		}
		return nil
	}))
	return found
}

// sound fails the test when verify finds something.
func (h *house) sound() {
	h.t.Helper()
	for _, f := range h.verify() {
		h.t.Errorf("verify finds %s", f)
	}
}

func (h *house) text(sql string, args ...any) string {
	h.t.Helper()
	var text string
	h.must(h.db.Super.QueryRow(h.t.Context(), sql, args...).Scan(&text))
	return text
}

func euros(text string) money.Amount { return money.MustParse(text) }

// reverse takes back an entry.
func (h *house) reverse(no int64) error {
	return pgx.BeginFunc(h.t.Context(), h.db.App, func(tx pgx.Tx) error {
		_, err := h.Ledger.ReverseTx(h.t.Context(), tx, no, ledger.Reversal{Actor: "test"})
		return err
	})
}
