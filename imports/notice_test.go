package imports_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"masp/imports"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/migrations/dbtest"
	"masp/payments/worklist"
)

// advised writes a camt.054 of the pooled account.
func advised(id string, lines ...string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>` +
		`<GrpHdr><MsgId>` + id + `</MsgId><CreDtTm>2026-11-05T06:00:00+01:00</CreDtTm></GrpHdr><Ntfctn><Id>` + id +
		`</Id><CreDtTm>2026-11-05T06:00:00+01:00</CreDtTm><Acct><Id><IBAN>` + ibanPooled + `</IBAN></Id><Ccy>EUR</Ccy></Acct>` +
		strings.Join(lines, "") + `</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>`
}

// entryRef is a line with the bank's own reference.
func entryRef(side, amount, day, reference, details string) string {
	return strings.Replace(entry(side, amount, day, details), "<AcctSvcrRef>R<", "<AcctSvcrRef>"+reference+"<", 1)
}

// transaction is one transaction of a line.
func transaction(amount, reference, more string) string {
	return `<TxDtls><Refs><EndToEndId>` + reference + `</EndToEndId></Refs><Amt Ccy="EUR">` + amount + `</Amt>` + more + `</TxDtls>`
}

// announced are the files about three transfers of LOT: two are debited in one line without any
// detail, one is refused; one of the two comes back; a benefit comes. Notices say which is which.
func announced(refs []string) []string {
	caf := `<TxDtls><RltdPties><Dbtr><Pty><Nm>CAF DE L HERAULT</Nm></Pty></Dbtr></RltdPties><RmtInf><Ustrd>` +
		strings.Replace(strings.Replace(cafText, "1234567K", "7654321A", 1), "DURAND", "PETIT", 1) + `</Ustrd></RmtInf></TxDtls>`
	return []string{
		statements(paper{
			iban: ibanPooled, id: "1", from: "2026-11-05", to: "2026-11-05", opening: "1000.00", closing: "654.50",
			lines: []string{entryRef("DBIT", "345.50", "2026-11-05", "REF-1", "")},
		}),
		statements(paper{
			iban: ibanPooled, id: "2", from: "2026-11-06", to: "2026-11-06", opening: "654.50", closing: "1527.99",
			lines: []string{
				entryRef("CRDT", "300.00", "2026-11-06", "REF-2", ""), entryRef("CRDT", "573.49", "2026-11-06", "REF-3", ""),
			},
		}),
		advised("N1", entryRef("DBIT", "345.50", "2026-11-05", "REF-1",
			transaction("300.00", refs[0], "")+transaction("45.50", refs[1], ""))),
		advised("N2", entryRef("CRDT", "300.00", "2026-11-06", "REF-2",
			transaction("300.00", refs[0], `<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>`))),
		advised("N3", entryRef("CRDT", "573.49", "2026-11-06", "REF-3", caf)),
		pain002("P1", "MSG-LOT", rejected("LOT", refs[2])),
	}
}

// outcomeOf is what the files must have made, whatever their order.
func (w *world) outcomeOf(refs []string) string {
	w.t.Helper()
	return fmt.Sprintf("%s %s %s, 467 %s, 471 %s, 580 %s, 512 %s, received %s, open %d",
		w.state(refs[0]), w.state(refs[1]), w.state(refs[2]), w.balance("467:M-2"), w.balance(ledger.Suspense),
		w.balance(ledger.InTransit), w.balance(ledger.Bank("BK-2")),
		w.text(`SELECT coalesce(sum(amount_cents), 0)::bigint FROM masp.receipts`),
		w.number(`SELECT count(*) FROM masp.suspense_items WHERE open_cents <> 0`))
}

func TestNoticesStatementsAndAnswersMakeTheSameBooksInEveryOrder(t *testing.T) {
	t.Parallel()
	const want = "returned settled rejected, 467 -1527.99, 471 0.00, 580 0.00, 512 1527.99, received 573.49, open 0"
	orders := dbtest.Form(4, 10, 300)
	for seed := range orders {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			refs := w.send("BK-2", "M-2", "LOT", "300.00", "45.50", "10.00")
			w.clock("2026-11-06")
			files := announced(refs)
			random := rand.New(rand.NewPCG(uint64(seed), 54))
			order := random.Perm(len(files))
			for range 3 { // some come twice
				order = append(order, random.IntN(len(files)))
			}
			for _, i := range order {
				w.drop(files[i])
			}
			w.drop(strings.ReplaceAll(files[2], "N1", "N1-AGAIN"))
			if got := w.outcomeOf(refs); got != want {
				t.Errorf("order %v: got %s\nwant %s", order, got, want)
			}
			w.sound()
			if n := w.number(`SELECT count(*) FROM masp.agreement_moves WHERE bank_account_id IS NULL`); n != 0 {
				t.Errorf("%d moves belong to no bank account", n)
			}
		})
	}
}

func TestANoticeTellsAReturnAtOnceAndPostsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := w.send("BK-2", "M-2", "LOT", "300.00", "45.50", "10.00")
	w.clock("2026-11-06")
	before := w.number(`SELECT count(*) FROM masp.entries`)
	files := announced(refs)
	for _, file := range files[2:5] {
		w.drop(file)
	}
	if n := w.number(`SELECT count(*) FROM masp.entries`); n != before {
		t.Errorf("notices alone made %d entries", n-before)
	}
	if got := w.alerts(); len(got) != 1 || !strings.Contains(got[0], "RETURN_ANNOUNCED LOT-1 300.00") || !strings.Contains(got[0], "AC04") {
		t.Errorf("got %q, want the return told once", got)
	}
	w.drop(files[0])
	w.drop(files[1])
	_, err := (&worklist.Service{DB: w.db.App}).Deadlines(t.Context())
	w.must(err)
	if n := w.number(`SELECT count(*) FROM masp.alerts WHERE closed_at IS NULL AND code NOT IN ('PAYMENT_RETURNED', 'CONTRACT_ENDS')`); n != 0 {
		t.Errorf("got %q, want only the return itself open", w.alerts())
	}
	w.sound()
	w.tamper("notice_lines")
	w.tamper("notice_uses")
}

func TestANoticeThatDoesNotAddUpOrFitsTwoLinesIsNotUsed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := w.send("BK-2", "M-2", "LOT", "300.00", "45.50", "45.50")
	w.drop(advised("N1", entryRef("DBIT", "345.50", "2026-11-05", "REF-1",
		transaction("300.00", refs[0], "")+transaction("45.49", refs[1], ""))))
	w.drop(advised("N2", entryRef("DBIT", "45.50", "2026-11-05", "REF-2", transaction("45.50", refs[1], ""))))
	w.drop(statements(paper{
		iban: ibanPooled, id: "1", from: "2026-11-05", to: "2026-11-05", opening: "1000.00", closing: "563.50",
		lines: []string{
			entryRef("DBIT", "345.50", "2026-11-05", "REF-1", ""),
			entryRef("DBIT", "45.50", "2026-11-05", "REF-2", ""), entryRef("DBIT", "45.50", "2026-11-05", "REF-2", ""),
		},
	}))
	if got := w.balance(ledger.Suspense); got != "436.50" {
		t.Errorf("got %s in suspense, want all three lines", got)
	}
	w.sound()
}

func TestANoticeNamesALineOfALongStatementOnceTheWholeOfItIsThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t).atOnce(2)
	refs := w.send("BK-2", "M-2", "LOT", "300.00", "45.50", "10.00")
	w.drop(advised("N1", entryRef("DBIT", "345.50", "2026-11-05", "REF-1",
		transaction("300.00", refs[0], "")+transaction("45.50", refs[1], ""))))
	w.drop(advised("N2", entryRef("DBIT", "10.00", "2026-11-05", "REF-2", transaction("10.00", refs[2], ""))))
	w.drop(statements(paper{
		iban: ibanPooled, id: "1", from: "2026-11-05", to: "2026-11-05", opening: "1000.00", closing: "934.50",
		lines: []string{
			entryRef("DBIT", "345.50", "2026-11-05", "REF-1", ""), entryRef("DBIT", "10.00", "2026-11-05", "REF-2", ""),
			entryRef("DBIT", "10.00", "2026-11-05", "REF-2", ""),
			entryRef("CRDT", "300.00", "2026-11-05", "REF-3",
				transaction("300.00", refs[0], `<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>`)),
		},
	}))
	got := strings.Join([]string{w.state(refs[0]), w.state(refs[1]), w.state(refs[2]), w.balance(ledger.Suspense)}, " ")
	if want := "returned settled in_transit 20.00"; got != want {
		t.Errorf("got %s, want %s: N2 fits a line of either part", got, want)
	}
	w.sound()
}

func TestWhatANoticeIdentifiedIsUndoneByAPersonAndStaysUndone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := w.send("BK-2", "M-2", "LOT", "300.00", "45.50", "10.00")
	w.clock("2026-11-06")
	files := announced(refs)
	w.drop(files[2])
	w.drop(files[0])
	w.exec(`INSERT INTO masp.run_acts (run_id, act_no, user_id, act, content_hash, at)
		SELECT run_id, 1, 'a.morel', 'hand_over', content_hash, masp.now() FROM masp.runs`)
	line := w.lineOf(1)
	u := w.undoes(line)
	if got := w.state(refs[0]) + w.state(refs[1]) + w.openOf(line); got != "in_transitin_transit-345.50" || len(u.Transfers) != 2 {
		t.Errorf("got %s, %+v, want both under way and the line open", got, u)
	}
	w.drop(files[4])
	w.drop(files[1])
	if got := w.openOf(line); got != "-345.50" {
		t.Errorf("got %s open, want what a person undid left to persons", got)
	}
	oct, _ := civil.ParseMonth("2026-10")
	_, err := w.UndoMatch(t.Context(), w.boss, imports.UndoAsk{Line: line, Reason: "encore"})
	w.refuses("twice, "+oct.String(), err, "NOTHING_TO_UNDO")
	w.sound()
}
