package imports_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/imports"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/migrations/dbtest"
	"masp/payments"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

const (
	ibanOwn    = "FR7699999000010000000010106" // BK-1, in the name of B-1
	ibanPooled = "FR7699999000010000000020291" // BK-2, client funds
	cafText    = "XPXREFERENCE 012345678              ME 1234567KDURAND      102026ME"
)

// world is an invented association with two bank accounts, on a real database.
type world struct {
	*imports.Service
	t    testing.TB
	db   *dbtest.DB
	boss auth.Principal // may identify money
}

// furnished is the world that the others are copied from.
var furnished struct {
	dbtest.Model
	boss auth.Principal
}

// turns are those of the tests by world; what many hand in at once is tried each time.
var turns = dbtest.Turns{
	OneIn: 4, Doors: []string{"newWorld"}, Whole: []string{"many_test.go", "service_race_test.go"},
}

func newWorld(t testing.TB) *world {
	t.Helper()
	turns.Take(t)
	w := worldOn(t, dbtest.New(t, dbtest.Like(&furnished.Model, func(db *dbtest.DB) {
		furnished.boss = newWorldOn(t, db).boss
	})))
	w.boss = furnished.boss
	w.clock("2026-11-05")
	return w
}

func worldOn(t testing.TB, db *dbtest.DB) *world {
	books := ledger.New(db.App)
	return &world{t: t, db: db, Service: &imports.Service{
		DB: db.App, Ledger: books,
		Payments: &payments.Service{DB: db.App, Ledger: books},
	}}
}

// newWorldOn furnishes a database.
func newWorldOn(t testing.TB, db *dbtest.DB) *world {
	t.Helper()
	w := worldOn(t, db)
	w.clock("2026-11-01")
	w.found()
	w.open("BK-1", "M-1", "100.00")
	w.open("BK-2", "M-2", "1000.00")
	w.clock("2026-11-05")
	return w
}

// clock moves the clock of the database to noon of a day.
func (w *world) clock(day string) {
	w.db.SetClock(w.t, civil.MustParse(day).Time().Add(12*time.Hour))
}

// exec runs SQL as superuser, with no trigger: it sets the stage, or plays the forger.
func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	err := pgx.BeginFunc(w.t.Context(), w.db.Super, func(tx pgx.Tx) error {
		if _, err := tx.Exec(
			w.t.Context(),
			`SET LOCAL session_replication_role = replica`,
		); err != nil {
			return err
		}
		_, err := tx.Exec(w.t.Context(), sql, args...)
		return err
	})
	if err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
}

func (w *world) found() {
	w.t.Helper()
	w.exec(
		`INSERT INTO masp.organisations (name, opened_on, created_at) VALUES ('Association inventée', '2026-11-01', masp.now())`,
	)
	w.catalogue()
	w.exec(`INSERT INTO masp.bank_accounts (bank_account_id, iban, holder, owner, model) VALUES
		('BK-1', '` + ibanOwn + `', 'Mme Durand', 'BENEFICIARY', 'INDIVIDUAL'),
		('BK-2', '` + ibanPooled + `', 'Association inventée', 'ASSOCIATION_CLIENT_FUNDS', 'POOLED')`)
	w.exec(
		`INSERT INTO masp.beneficiaries (beneficiary_id, last_name, first_name, born_on, department) VALUES
		('B-1', 'Durand', 'Anne', '1985-02-11', '34'), ('B-2', 'Petit', 'Luc', '1970-05-01', '34')`,
	)
	w.exec(
		`INSERT INTO masp.payer_numbers (payer, number, beneficiary_id) VALUES ('CAF', '1234567K', 'B-1'), ('CAF', '7654321A', 'B-2')`,
	)
	for _, m := range []string{"1", "2"} {
		w.exec(
			`INSERT INTO masp.mandates (mandate_id, beneficiary_id, level, department, status, threat_ground, contract_start,
			contract_end, commitments, signed_by_person_on, signed_by_department_on, bank_account_id)
			VALUES ('M-` + m + `', 'B-` + m + `', 'MASP2', '34', 'ACTIVE', 'BOTH', '2026-01-01', '2026-12-31', '{PERSON: venir,OPERATOR: payer}', '2026-01-01', '2026-01-01', 'BK-` + m + `')`,
		)
		w.exec(
			`INSERT INTO masp.authorised_benefits (mandate_id, benefit, valid_from) VALUES ('M-` + m + `', 'RSA', '2026-01-01')`,
		)
		w.exec(
			`INSERT INTO masp.expected_benefits (mandate_id, benefit, period, payer, amount_cents, expected_on)
			VALUES ('M-` + m + `', 'RSA', '2026-10-01', 'CAF', 57349, '2026-11-05')`,
		)
	}
	w.exec(
		`INSERT INTO masp.creditors (creditor_id, name, kind) VALUES ('C-LAND', 'Bailleur inventé', 'LANDLORD')`,
	)
	w.exec(
		`INSERT INTO masp.creditor_ibans (creditor_id, version, iban, load_sha256, proposed_at) VALUES
		('C-LAND', 1, 'FR7699999000010000000910169', repeat('0', 64), masp.now())`,
	)
	users := &auth.Service{DB: w.db.App}
	token, err := users.Add(
		w.t.Context(), auth.Principal{},
		auth.User{ID: "a.morel", Name: "Angèle Morel", Roles: []auth.Role{auth.Coordinator}},
	)
	w.must(err)
	w.boss, err = users.Authenticate(w.t.Context(), token)
	w.must(err)
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// open posts the opening balance of a mandate.
func (w *world) open(account, mandate, amount string) {
	w.t.Helper()
	_, err := w.Ledger.Post(
		w.t.Context(),
		ledger.Entry{
			Journal: ledger.OtherJournal,
			Kind:    ledger.Opening,
			Source:  "opening " + mandate,
			Label:   "opening " + mandate,
			Actor:   "test",
			Postings: []ledger.Posting{
				{
					Debit: ledger.Bank(account), Credit: ledger.Mandate(mandate),
					Amount: money.MustParse(amount),
				},
			},
		},
	)
	w.must(err)
}

// send makes transfers of a mandate that have left for the bank in one file and one batch.
func (w *world) send(account, mandate, batch string, amounts ...string) []string {
	w.t.Helper()
	w.exec(
		`INSERT INTO masp.runs (run_id, run_number, month, run_on, state, content_hash, created_at)
		VALUES ('C-2026-11-1', 1, '2026-11-01', '2026-11-05', 'handed_over', decode(repeat('00', 32), 'hex'), masp.now()) ON CONFLICT DO NOTHING`,
	)
	w.exec(
		`INSERT INTO masp.payment_files (run_id, pain_version, execute_on, message_id, name, content_hash, sha256, content, transfers, total_cents, built_at, released_at)
		VALUES ('C-2026-11-1', '001.09', '2026-11-05', 'MSG-'||$1::text, $1||'.xml', '\x00', sha256('\x00'), '\x00', 1, 1, masp.now(), masp.now()) ON CONFLICT DO NOTHING`,
		batch,
	)
	var references []string
	for i, amount := range amounts {
		reference := fmt.Sprintf("%s-%d", batch, i+1)
		if batch == "V000042" {
			reference = payments.EndToEndID(42, i+1)
		}
		posted, err := w.Ledger.Post(
			w.t.Context(),
			ledger.Entry{
				Journal: ledger.TransferJournal,
				Kind:    ledger.Payment,
				Source:  "payment " + reference,
				Label:   "payment",
				Actor:   "test",
				Postings: []ledger.Posting{
					{
						Debit: ledger.Mandate(mandate), Credit: ledger.InTransit,
						Amount: money.MustParse(amount),
					},
				},
			},
		)
		w.must(err)
		w.exec(
			`INSERT INTO masp.instructions (run_id, mandate_id, kind, account, bank_account_id, creditor_id, creditor_name, creditor_iban,
			iban_version, amount_cents, leave_on, execute_on, reference, end_to_end_id, state, posted_entry)
			VALUES ('C-2026-11-1', $1, 'PAYMENT', '467:'||$1::text, $2, 'C-LAND', 'Bailleur inventé', 'FR7699999000010000000910169', 1, $3,
			'2026-11-05', '2026-11-05', 'loyer', $4, 'in_transit', $5)`,
			mandate,
			account,
			money.MustParse(amount).Cents(),
			reference,
			posted.No,
		)
		w.exec(
			`INSERT INTO masp.payment_file_instructions (file_id, instruction_id, payment_info_id)
			SELECT f.file_id, i.instruction_id, $1 FROM masp.payment_files f, masp.instructions i
			 WHERE f.message_id = 'MSG-'||$1::text AND i.end_to_end_id = $2`,
			batch,
			reference,
		)
		references = append(references, reference)
	}
	return references
}

// drop imports a file and fails the test on an error.
func (w *world) drop(content string) imports.Outcome {
	w.t.Helper()
	o, err := w.Import(w.t.Context(), "test", "releve.xml", strings.NewReader(content))
	w.must(err)
	return o
}

// balance is what an account holds, as a text.
func (w *world) balance(code ledger.Code) string {
	w.t.Helper()
	b, err := w.Ledger.Balance(w.t.Context(), w.db.App, code)
	w.must(err)
	return b.String()
}

func (w *world) number(sql string, args ...any) int {
	w.t.Helper()
	var n int
	w.must(w.db.Super.QueryRow(w.t.Context(), sql, args...).Scan(&n))
	return n
}

// verify runs the checks of the package and returns what they find.
func (w *world) verify() []ledger.Finding {
	w.t.Helper()
	var found []ledger.Finding
	w.must(ledger.Snapshot(w.t.Context(), w.db.Super, func(tx pgx.Tx) error {
		for _, check := range imports.Checks() {
			err := check(w.t.Context(), tx, func(f ledger.Finding) { found = append(found, f) })
			if err != nil {
				return err
			}
		}
		return nil
	}))
	return found
}

// sound fails the test when the books and the bank do not agree.
func (w *world) sound() {
	w.t.Helper()
	for _, f := range w.verify() {
		w.t.Errorf("verify finds %s", f)
	}
}

// paper is an invented statement.
type paper struct {
	iban, id, from, to string
	opening, closing   string
	lines              []string
}

// statements writes a camt.053.001.08 with these statements.
func statements(papers ...paper) string {
	var b strings.Builder
	b.WriteString(
		`<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>` +
			`<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-05T06:00:00+01:00</CreDtTm></GrpHdr>`,
	)
	for _, p := range papers {
		fmt.Fprintf(
			&b,
			`<Stmt><Id>%s</Id><CreDtTm>2026-11-05T06:00:00+01:00</CreDtTm><Acct><Id><IBAN>%s</IBAN></Id><Ccy>EUR</Ccy></Acct>`,
			p.id,
			p.iban,
		)
		for _, side := range []struct{ code, amount, on string }{{"OPBD", p.opening, p.from}, {"CLBD", p.closing, p.to}} {
			fmt.Fprintf(
				&b,
				`<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">%s</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>%s</Dt></Dt></Bal>`,
				side.code,
				side.amount,
				side.on,
			)
		}
		b.WriteString(strings.Join(p.lines, "") + `</Stmt>`)
	}
	b.WriteString(`</BkToCstmrStmt></Document>`)
	return b.String()
}

// entry is one booked line: side CRDT or DBIT, and the inside of its NtryDtls.
func entry(side, amount, day, details string) string {
	return fmt.Sprintf(
		`<Ntry><Amt Ccy="EUR">%s</Amt><CdtDbtInd>%s</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>%s</Dt></BookgDt>`+
			`<ValDt><Dt>%s</Dt></ValDt><AcctSvcrRef>R</AcctSvcrRef><NtryDtls>%s</NtryDtls></Ntry>`,
		amount,
		side,
		day,
		day,
		details,
	)
}

func fromCAF(amount, day, text string) string {
	return entry(
		"CRDT",
		amount,
		day,
		`<TxDtls><Refs><EndToEndId>012345678V16</EndToEndId></Refs><RltdPties><Dbtr><Pty><Nm>CAF DE L HERAULT</Nm></Pty></Dbtr></RltdPties>`+
			`<RmtInf><Ustrd>`+text+`</Ustrd></RmtInf></TxDtls>`,
	)
}

func fromSomebody(amount, day string) string {
	return entry(
		"CRDT",
		amount,
		day,
		`<TxDtls><RltdPties><Dbtr><Pty><Nm>INCONNU</Nm></Pty></Dbtr></RltdPties><RmtInf><Ustrd>REF 991</Ustrd></RmtInf></TxDtls>`,
	)
}

func debit(amount, day, reference string) string {
	return entry(
		"DBIT",
		amount,
		day,
		`<TxDtls><Refs><EndToEndId>`+reference+`</EndToEndId></Refs></TxDtls>`,
	)
}

func back(amount, day, reference, reason string) string {
	return entry(
		"CRDT",
		amount,
		day,
		`<TxDtls><Refs><EndToEndId>`+reference+`</EndToEndId></Refs><RtrInf><Rsn><Cd>`+reason+`</Cd></Rsn></RtrInf></TxDtls>`,
	)
}

// november is a whole statement of 5 November on the account in the person's name.
func november(lines ...string) paper {
	return paper{
		iban: ibanOwn, id: "2026-309", from: "2026-11-05", to: "2026-11-05", opening: "100.00",
		lines: lines,
	}
}
