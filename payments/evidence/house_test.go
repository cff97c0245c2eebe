package evidence_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/api/v1/v1test"
	"masp/imports"
	"masp/imports/reconcile"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/migrations/dbtest"
	"masp/payments"
	"masp/payments/evidence"
	"masp/payments/evidence/check"
	"masp/payments/mandates"
	"masp/payments/sepa"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// house is the invented organisation after a month with everything in it: statements, a suspense that
// was identified, a run that was signed, sent and executed, one that waits, a new IBAN, reads, a seal.
type house struct {
	*evidence.Service
	t      testing.TB
	db     *dbtest.DB
	tokens map[string]string
	seals  []evidence.Seal
}

var month struct {
	dbtest.Model
	tokens map[string]string
	seals  []evidence.Seal
}

// turns are those of the tests by house.
var turns = dbtest.Turns{OneIn: 3, Doors: []string{"newHouse"}}

func newHouse(t testing.TB) *house {
	t.Helper()
	turns.Take(t)
	db := dbtest.New(t, dbtest.Like(&month.Model, func(db *dbtest.DB) {
		h := &house{t: t, db: db, Service: &evidence.Service{DB: db.App}, tokens: v1test.Furnish(t, db)}
		h.live()
		month.tokens, month.seals = h.tokens, h.seals
	}))
	h := &house{t: t, db: db, Service: &evidence.Service{DB: db.App}, tokens: month.tokens, seals: slices.Clone(month.seals)}
	h.at("2026-11-20", 9)
	return h
}

func (h *house) at(day string, hour int) {
	h.t.Helper()
	h.db.SetClock(h.t, v1test.Moment(day, hour))
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) who(user string) auth.Principal {
	h.t.Helper()
	who, err := (&auth.Service{DB: h.db.App}).Authenticate(h.t.Context(), h.tokens[user])
	h.must(err)
	return who
}

// live is the month.
func (h *house) live() {
	h.t.Helper()
	ctx, books := h.t.Context(), ledger.New(h.db.App)
	pay := &payments.Service{DB: h.db.App, Ledger: books}
	bank := &imports.Service{DB: h.db.App, Ledger: books, Payments: pay}
	h.at("2026-11-06", 8)
	h.bank(bank, "own.xml", "R-1", own, "43.17", "573.49", "1234567KROUX         102026ME")
	h.bank(bank, "pool.xml", "P-1", pooled, "118.90",
		"1043.59", "PRESTATION ASPA 10/2026 DOSSIER R34000123B", "1041.59", "2345678LHADDAD       102026ME", "60.00", "REMBOURSEMENT MERCI")
	h.read("c.martin", "M-0001", "get_mandate")
	h.read("c.nadir", "M-0002", "get_mandate")
	h.seal()
	h.at("2026-11-09", 9)
	h.run(ctx, pay, "c.nadir", false, "M-0002", "M-0003")
	h.run(ctx, pay, "c.martin", true, "M-0001")
	h.execute(ctx, bank)
	h.read("v.olivier", "M-0003", "get_mandate")
	h.newIBAN(ctx, &mandates.Service{DB: h.db.App, Ledger: books})
	h.at("2026-11-16", 9)
	_, err := (&reconcile.Service{DB: h.db.App, Ledger: books, Imports: bank}).Run(ctx, "operator", civil.Date{})
	h.must(err)
	h.seal()
}

const (
	own    = "FR7699999001000000000100189"
	pooled = "FR7699999001010000000200181"
)

// bank brings a statement of 5 November with movements: amounts (below zero what goes out) and texts.
func (h *house) bank(s *imports.Service, name, ref, iban, opening string, movements ...string) {
	h.t.Helper()
	got, err := s.Import(h.t.Context(), "k.perrin", name, strings.NewReader(statement(h.t, "2026-11-05", ref, iban, opening, movements...)))
	if err != nil || got.Refuses() {
		h.t.Fatalf("%s: %+v, %v", name, got, err)
	}
}

func (h *house) read(user, mandate, what string) {
	h.t.Helper()
	_, err := h.db.App.Exec(h.t.Context(), `SELECT masp.note_read($1, $2, $3, $4)`, h.tokens[user], mandate, what, "req-"+mandate)
	h.must(err)
}

func (h *house) seal() {
	h.t.Helper()
	s, err := h.Seal(h.t.Context(), "operator")
	h.must(err)
	h.seals = append(h.seals, s)
}

// run proposes, decides and submits; with signed another person approves and the files leave.
func (h *house) run(ctx context.Context, pay *payments.Service, user string, signed bool, mandates ...string) {
	h.t.Helper()
	run, err := pay.Propose(ctx, h.who(user), payments.Ask{Mandates: mandates})
	h.must(err)
	h.must(pay.DecideAll(ctx, h.who(user), run.ID, "vu avec la personne"))
	run, err = pay.Submit(ctx, h.who(user), run.ID)
	h.must(err)
	if !signed {
		return
	}
	_, err = pay.Approve(ctx, h.who("v.olivier"), run.ID, run.ContentHash)
	h.must(err)
	_, err = pay.File(ctx, h.who("v.olivier"), run.ID)
	h.must(err)
	h.must(pay.HandOver(ctx, h.who("v.olivier"), run.ID))
}

// execute has the bank debit what left on the day of the run.
func (h *house) execute(ctx context.Context, s *imports.Service) {
	h.t.Helper()
	rows, err := h.db.Super.Query(ctx, `SELECT '-' || trim(to_char(amount_cents / 100.0, '9999990.00')), end_to_end_id
		FROM masp.instructions WHERE state = 'in_transit' ORDER BY instruction_id`)
	h.must(err)
	var movements []string
	var amount, id string
	_, err = pgx.ForEachRow(rows, []any{&amount, &id}, func() error {
		movements = append(movements, amount, "E2E "+id)
		return nil
	})
	h.must(err)
	if len(movements) == 0 {
		h.t.Fatal("no transfer has left")
	}
	h.at("2026-11-10", 8)
	got, err := s.Import(ctx, "k.perrin", "debits.xml", strings.NewReader(statement(h.t, "2026-11-09", "R-2", own, "616.66", movements...)))
	if err != nil || got.Refuses() {
		h.t.Fatalf("debits: %+v, %v", got, err)
	}
}

// newIBAN gives the landlord of M-0001 another account, by two persons.
func (h *house) newIBAN(ctx context.Context, s *mandates.Service) {
	h.t.Helper()
	var landlord string
	h.must(h.db.Super.QueryRow(ctx, `SELECT creditor_id FROM masp.creditors WHERE kind = 'LANDLORD' ORDER BY 1 LIMIT 1`).Scan(&landlord))
	iban, err := sepa.MakeFrenchIBAN("99999", "00001", "00000777777")
	h.must(err)
	_, err = s.ProposeIBAN(ctx, h.who("c.martin"), landlord, iban, "RIB reçu le 9, rappel au numéro du dossier")
	h.must(err)
	_, err = s.ConfirmIBAN(ctx, h.who("k.perrin"), landlord)
	h.must(err)
}

// write writes a bundle.
func (h *house) write(a evidence.Ask) []byte {
	h.t.Helper()
	var out bytes.Buffer
	_, err := h.Write(h.t.Context(), a, &out, nil)
	h.must(err)
	return out.Bytes()
}

// findings reads a bundle again.
func findings(t testing.TB, bundle []byte, seals ...check.Seal) []check.Finding {
	t.Helper()
	r, err := check.Bundle(bytes.NewReader(bundle), int64(len(bundle)), check.Options{Seals: seals})
	if err != nil {
		t.Fatal(err)
	}
	return r.Findings
}

// pieces are the bytes of each piece, in their order.
func pieces(t testing.TB, bundle []byte) (names []string, content map[string][]byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(bundle), int64(len(bundle)))
	if err != nil {
		t.Fatal(err)
	}
	content = map[string][]byte{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		names, content[f.Name] = append(names, f.Name), b
	}
	return names, content
}

// statement is a camt.053 of one day.
func statement(t testing.TB, day, ref, iban, opening string, movements ...string) string {
	t.Helper()
	var cents int64
	amount := func(text string) (n int64) {
		var euros, rest int64
		digits := strings.TrimPrefix(text, "-")
		if _, err := fmt.Sscanf(digits, "%d.%02d", &euros, &rest); err != nil {
			t.Fatal(err)
		}
		if n = euros*100 + rest; digits != text {
			n = -n
		}
		return n
	}
	balance := func(code string, n int64) string {
		return fmt.Sprintf(`<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">%d.%02d</Amt>`+
			`<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>%s</Dt></Dt></Bal>`, code, n/100, n%100, day)
	}
	var entries strings.Builder
	for i := 0; i < len(movements); i += 2 {
		n, way, party := amount(movements[i]), "CRDT", `<RltdPties><Dbtr><Pty><Nm>CAF DE LA DROME</Nm></Pty></Dbtr></RltdPties>`
		details := `<RmtInf><Ustrd>` + movements[i+1] + `</Ustrd></RmtInf>`
		cents += n
		if id, out := strings.CutPrefix(movements[i+1], "E2E "); out {
			n, way, party, details = -n, "DBIT", `<Refs><EndToEndId>`+id+`</EndToEndId></Refs>`, ""
		}
		fmt.Fprintf(&entries, `<Ntry><Amt Ccy="EUR">%d.%02d</Amt><CdtDbtInd>%s</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>`+
			`<BookgDt><Dt>%s</Dt></BookgDt><ValDt><Dt>%s</Dt></ValDt><NtryDtls><TxDtls>%s%s</TxDtls></NtryDtls></Ntry>`,
			n/100, n%100, way, day, day, party, details)
	}
	start := amount(opening)
	return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
<GrpHdr><MsgId>%[1]s</MsgId><CreDtTm>%[3]sT20:00:00</CreDtTm></GrpHdr>
<Stmt><Id>%[1]s</Id><CreDtTm>%[3]sT20:00:00</CreDtTm><Acct><Id><IBAN>%[2]s</IBAN></Id><Ccy>EUR</Ccy></Acct>
%[4]s%[5]s%[6]s</Stmt></BkToCstmrStmt></Document>`, ref, iban, day, balance("OPBD", start), balance("CLBD", start+cents), entries.String())
}
