package imports_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"masp/imports"
	"masp/ledger"
	"masp/ledger/money"
	"masp/payments"
)

// owe gives a transfer a due that it pays.
func (w *world) owe(reference string) {
	w.t.Helper()
	w.exec(`INSERT INTO masp.dues (obligation_id, due_on, due_cents, paid_cents)
		SELECT 'O-' || end_to_end_id, '2026-11-05', amount_cents, amount_cents FROM masp.instructions WHERE end_to_end_id = $1`, reference)
	w.exec(`INSERT INTO masp.instruction_covers (instruction_id, line_no, obligation_id, due_on, amount_cents)
		SELECT instruction_id, 1, 'O-' || end_to_end_id, '2026-11-05', amount_cents FROM masp.instructions WHERE end_to_end_id = $1`, reference)
}

// notice is a camt.054 that tells of one line.
func notice(id, iban, line string) string {
	return `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>` + id +
		`</MsgId><CreDtTm>2026-11-05T06:00:00+01:00</CreDtTm></GrpHdr><Ntfctn><Id>` + id + `</Id><Acct><Id><IBAN>` + iban +
		`</IBAN></Id><Ccy>EUR</Ccy></Acct>` + line + `</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>`
}

// bank plays what a bank sends of one batch of two transfers, of which the first comes back.
type bank struct {
	*world
	n       int
	closing money.Amount // of the last statement
}

// files are what the bank tells, by what tells it.
func (b *bank) files(refs []string, asBatch bool) map[string]string {
	lot := fmt.Sprintf("LOT%d", b.n)
	after := b.closing.Sub(money.MustParse("345.50"))
	debits := []string{debit("300.00", "2026-11-05", refs[0]), debit("45.50", "2026-11-05", refs[1])}
	if asBatch {
		debits = []string{entry("DBIT", "345.50", "2026-11-05", `<Btch><PmtInfId>`+lot+`</PmtInfId><NbOfTxs>2</NbOfTxs></Btch>`)}
	}
	returned := back("300.00", "2026-11-05", refs[0], "AC04")
	return map[string]string{
		"pain.002": pain002("R"+lot, "MSG-"+lot, rejected(lot, refs[0])),
		"camt.054": notice("N"+lot, ibanPooled, returned),
		"debit": statements(paper{
			iban: ibanPooled, id: "D" + lot, from: "2026-11-05", to: "2026-11-05", opening: b.closing.String(),
			closing: after.String(), lines: debits,
		}),
		"return": statements(paper{
			iban: ibanPooled, id: "R" + lot, from: "2026-11-05", to: "2026-11-05", opening: after.String(),
			closing: after.Add(money.MustParse("300.00")).String(), lines: []string{returned},
		}),
	}
}

// TestAReturnToldByAllFilesInAnyOrderReopensItsDueOnce lets the bank tell of one failed transfer by
// a pain.002, a camt.054 and two camt.053, in any order and twice: the money is given back once,
// the due is open once, and what the bank did beside waits for a person.
func TestAReturnToldByAllFilesInAnyOrderReopensItsDueOnce(t *testing.T) {
	t.Parallel()
	b := &bank{world: newWorld(t), closing: money.MustParse("1000.00")}
	held := b.balance("467:M-2")
	orders := rapid.Permutation([]string{"pain.002", "camt.054", "debit", "return", "pain.002", "return", "camt.054"})
	for n := range 12 {
		b.n = n + 1
		b.exec(`UPDATE masp.runs SET state = 'handed_over'`)
		refs := b.send("BK-2", "M-2", fmt.Sprintf("LOT%d", b.n), "300.00", "45.50")
		b.owe(refs[0])
		files, order := b.files(refs, n%2 == 0), orders.Example(n)
		for _, name := range order {
			if o := b.drop(files[name]); o.Outcome.String() == "refused" {
				t.Fatalf("%s is refused: %v", name, o.Reasons)
			}
		}
		b.closing = b.closing.Sub(money.MustParse("45.50"))
		b.given(refs[0], order)
		b.restore(held)
	}
	b.sound()
}

// given looks whether the money of a transfer was given back once.
func (b *bank) given(reference string, order []string) {
	t := b.t
	t.Helper()
	if got := b.balance(ledger.Bank("BK-2")); got != b.closing.String() {
		t.Fatalf("%v: got %s at the bank, want %s", order, got, b.closing)
	}
	if got := b.number(`SELECT paid_cents FROM masp.dues WHERE obligation_id = 'O-' || $1::text`, reference); got != 0 {
		t.Fatalf("%v: the due is paid with %d cents, want it open", order, got)
	}
	n := b.number(`SELECT count(*) FROM masp.postings p JOIN masp.accounts a ON a.account_id = p.credit_account
		JOIN masp.instructions i ON i.failed_entry = p.entry_no
		WHERE i.end_to_end_id = $1 AND a.code = '467:M-2'`, reference)
	if state := b.state(reference); n != 1 || state != "returned" && state != "rejected" {
		t.Fatalf("%v: the transfer is %s and was given back %d times", order, state, n)
	}
	id := int64(b.number(`SELECT instruction_id FROM masp.instructions WHERE end_to_end_id = $1`, reference))
	entry := int64(b.number(`SELECT failed_entry FROM masp.instructions WHERE end_to_end_id = $1`, reference))
	tell := func() error {
		tx, err := b.db.App.Begin(b.t.Context())
		b.must(err)
		defer func() { _ = tx.Rollback(b.t.Context()) }()
		return b.Payments.MarkReturnedTx(b.t.Context(), tx, payments.Failure{Instruction: id, Entry: entry, Reason: "AC04"})
	}
	if err := tell(); b.state(reference) == "returned" && err != nil {
		t.Fatalf("the same return told again: %v", err)
	}
	if alerts := b.number(`SELECT count(*) FROM masp.alerts WHERE source IN ('PAYMENT_RETURNED ' || $1::text, 'PAYMENT_REJECTED ' || $1::text)`,
		reference); alerts != 1 {
		t.Fatalf("%v: got %d alerts of the failure, want one", order, alerts)
	}
}

// restore looks that the person has lost the transfer that was executed and nothing else.
func (b *bank) restore(held string) {
	b.t.Helper()
	want := money.MustParse(strings.TrimPrefix(held, "-")).Sub(money.Cents(int64(b.n) * 4550))
	if got := strings.TrimPrefix(b.balance("467:M-2"), "-"); got != want.String() {
		b.t.Fatalf("got %s held for the person, want %s", got, want)
	}
}

func TestFeesKeptFromAReturnWaitInSuspenseAndThePersonHasAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := w.send("BK-2", "M-2", "LOT", "300.00")
	returned := entry("CRDT", "297.00", "2026-11-05", `<TxDtls><Refs><EndToEndId>`+refs[0]+
		`</EndToEndId></Refs><Amt Ccy="EUR">300.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls>`)
	w.drop(statements(paper{
		iban: ibanPooled, id: "1", from: "2026-11-05", to: "2026-11-05", opening: "1000.00", closing: "997.00",
		lines: []string{debit("300.00", "2026-11-05", refs[0]), returned},
	}))
	if got := w.state(refs[0]) + w.balance("467:M-2") + w.balance(ledger.Suspense); got != "returned-1000.003.00" {
		t.Errorf("got %s, want all given back and the fee in suspense", got)
	}
	items, err := w.Suspense(t.Context())
	if err != nil || len(items) != 1 || items[0].Open.String() != "-3.00" || !strings.Contains(items[0].Why, "retenu 3,00") {
		t.Errorf("got %+v, %v, want what the bank took to identify", items, err)
	}
	w.sound()
}

func TestWhatIsCertainOfALineIsBookedAndItsRestIdentifiedByAPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := w.send("BK-2", "M-2", "LOT", "300.00")
	detail := func(amount, inside string) string {
		return `<TxDtls>` + inside + `<Amt Ccy="EUR">` + amount + `</Amt></TxDtls>`
	}
	w.drop(statements(paper{
		iban: ibanPooled, id: "1", from: "2026-11-05", to: "2026-11-05", opening: "1000.00", closing: "1012.00",
		lines: []string{
			debit("300.00", "2026-11-05", refs[0]),
			entry("CRDT", "312.00", "2026-11-05", detail("300.00", `<Refs><EndToEndId>`+refs[0]+`</EndToEndId></Refs>`)+
				detail("12.00", `<RltdPties><Dbtr><Pty><Nm>INCONNU</Nm></Pty></Dbtr></RltdPties>`)),
		},
	}))
	items, err := w.Suspense(t.Context())
	if err != nil || len(items) != 1 || items[0].Open.String() != "12.00" || w.state(refs[0]) != "returned" {
		t.Fatalf("got %+v, %v and %s, want the return booked and the rest open", items, err, w.state(refs[0]))
	}
	_, err = w.AssignSuspense(t.Context(), w.boss, items[0].Line, imports.Assignment{Mandate: "M-2", Benefit: "RSA", Reason: "vu"})
	w.must(err)
	if got := w.balance(ledger.Suspense) + w.balance("467:M-2"); got != "0.00-1012.00" {
		t.Errorf("got %s, want nothing open", got)
	}
	w.sound()
}
