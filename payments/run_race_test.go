package payments_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"masp/imports"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/mandates"
)

// crowd is many persons and files at once on the same mandate and its two runs: one that has left
// and waits for the bank, one that is being decided.
type crowd struct {
	*house
	bank        *imports.Service
	files       *mandates.Service
	left, draft payments.Run
	transfers   []payments.Instruction // of the run that has left
	papers      []string               // what the bank sends

	mu   sync.Mutex
	done map[string]int // acts that were accepted
	no   map[string]int // and refused
}

func newCrowd(t *testing.T) *crowd {
	h := evasHouse(t)
	h.credit("more", "M-0001", ledger.Mandate("M-0001"), "2000.00")
	c := &crowd{
		house: h, files: &mandates.Service{DB: h.db.App, Ledger: h.Ledger}, done: map[string]int{}, no: map[string]int{},
		bank: &imports.Service{DB: h.db.App, Ledger: h.Ledger, Payments: h.Service},
	}
	c.left = h.filed()
	c.transfers = c.left.Instructions()
	h.at(thursday.AddDays(7), 9)
	for i, class := range []string{"RENTAL_CHARGE", "OTHER_BILL"} {
		h.owner(`INSERT INTO masp.obligations (obligation_id, mandate_id, class, creditor_id, amount_cents, label, reference,
			frequency, due_day, valid_from, position) VALUES ($1, 'M-0001', $2, 'C-LAND', 3000, $1, $1, 'MONTHLY', 12, '2026-11-01', $3)`,
			fmt.Sprintf("O-MORE-%d", i), class, 10+i)
	}
	c.draft = h.propose()
	c.write()
	return c
}

// write prepares the files of the bank: it debits the payments, refuses one, sends one back, and
// brings money that nobody knows.
func (c *crowd) write() {
	c.t.Helper()
	opening, err := c.Ledger.Balance(c.t.Context(), c.db.App, ledger.Bank("BK-M-0001"))
	if err != nil {
		c.t.Fatal(err)
	}
	rent, insurance, remitted := c.transfers[0], c.transfers[1], c.transfers[2]
	var iban string
	err = c.db.Owner.QueryRow(c.t.Context(), `SELECT iban FROM masp.bank_accounts WHERE bank_account_id = 'BK-M-0001'`).Scan(&iban)
	if err != nil {
		c.t.Fatal(err)
	}
	day := func(id string, lines ...bankMove) string {
		text := camt(iban, id, opening, lines...)
		for _, l := range lines {
			opening = opening.Add(l.amount)
		}
		return text
	}
	c.papers = []string{
		day("1", bankMove{rent.Amount.Neg(), rent.EndToEndID, ""}, bankMove{remitted.Amount.Neg(), remitted.EndToEndID, ""}),
		day("2", bankMove{rent.Amount, rent.EndToEndID, "AC04"}, bankMove{money.MustParse("50.00"), "", ""}),
		reject("R1", c.left.Files[0].MessageID, insurance.EndToEndID),
		reject("R2", c.left.Files[0].MessageID, remitted.EndToEndID),
	}
}

// bankMove is one line of a statement: signed, with the transfer that it is about, and why it came back.
type bankMove struct {
	amount            money.Amount
	endToEnd, because string
}

// camt writes a statement of 12 November.
func camt(iban, id string, opening money.Amount, moves ...bankMove) string {
	var lines strings.Builder
	closing := opening
	for _, m := range moves {
		side, amount, returned := "CRDT", m.amount, ""
		if m.amount.IsNegative() {
			side, amount = "DBIT", m.amount.Neg()
		}
		if m.because != "" {
			returned = `<RtrInf><Rsn><Cd>` + m.because + `</Cd></Rsn></RtrInf>`
		}
		fmt.Fprintf(&lines, `<Ntry><Amt Ccy="EUR">%s</Amt><CdtDbtInd>%s</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>`+
			`<BookgDt><Dt>2026-11-12</Dt></BookgDt><ValDt><Dt>2026-11-12</Dt></ValDt><AcctSvcrRef>R</AcctSvcrRef><NtryDtls><TxDtls>`+
			`<Refs><EndToEndId>%s</EndToEndId></Refs>%s</TxDtls></NtryDtls></Ntry>`, amount, side, m.endToEnd, returned)
		closing = closing.Add(m.amount)
	}
	var balances strings.Builder
	for code, amount := range map[string]money.Amount{"OPBD": opening, "CLBD": closing} {
		fmt.Fprintf(&balances, `<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">%s</Amt>`+
			`<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-12</Dt></Dt></Bal>`, code, amount)
	}
	return `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>` +
		`<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-12T06:00:00+01:00</CreDtTm></GrpHdr><Stmt><Id>` + id + `</Id>` +
		`<CreDtTm>2026-11-12T06:00:00+01:00</CreDtTm><Acct><Id><IBAN>` + iban + `</IBAN></Id><Ccy>EUR</Ccy></Acct>` +
		balances.String() + lines.String() + `</Stmt></BkToCstmrStmt></Document>`
}

// reject writes a pain.002 that refuses one transfer.
func reject(id, about, endToEnd string) string {
	return `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr><MsgId>` + id +
		`</MsgId><CreDtTm>2026-11-12T10:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>` + about +
		`</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>` +
		`</OrgnlPmtInfId><TxInfAndSts><OrgnlEndToEndId>` + endToEnd + `</OrgnlEndToEndId><TxSts>RJCT</TxSts>` +
		`<StsRsnInf><Rsn><Cd>AC01</Cd></Rsn></StsRsnInf></TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>`
}

// acts are what anybody of the crowd may do; a name ends in ! when each acceptance is one act of the run.
func (c *crowd) acts(ctx context.Context) map[string]func(n int) error {
	run := func() payments.Run { return c.show(c.draft.ID) }
	pick := func(n int) payments.Instruction { return c.transfers[n%len(c.transfers)] }
	return map[string]func(n int) error{
		"approve!": func(n int) error {
			who := c.bruno
			if n%2 == 0 {
				who = c.carla
			}
			r := run()
			_, err := c.Approve(ctx, who, r.ID, r.ContentHash)
			return err
		},
		"submit!": func(int) error { _, err := c.Submit(ctx, c.anne, c.draft.ID); return err },
		"reopen!": func(int) error {
			r := run()
			_, err := c.Reopen(ctx, c.anne, r.ID, r.ContentHash)
			return err
		},
		"edit!": func(n int) error {
			r := run()
			_, err := c.Adjust(ctx, c.anne, r.ID, r.ContentHash, payments.Adjustment{
				Mandate: "M-0001", Kind: payments.SetAmount, Amount: money.Cents(int64(100 + n)), Reason: "vu",
				Line: payments.LineAsk{Obligation: "O-MORE-1", DueOn: civil.MustParse("2026-11-12")},
			})
			return err
		},
		"decide": func(int) error { return c.DecideAll(ctx, c.anne, c.draft.ID, "vu") },
		"comment!": func(int) error {
			_, err := c.Comment(ctx, c.anne, c.draft.ID, payments.Comment{Mandate: "M-0001", Text: "elle est d'accord"})
			return err
		},
		"cancel_transfer!": func(n int) error { return c.CancelTransfer(ctx, c.bruno, pick(n).EndToEndID, "erreur") },
		"void_file!": func(int) error {
			files := c.show(c.left.ID).Files
			return c.VoidFile(ctx, c.bruno, files[len(files)-1].Name, "illisible")
		},
		"file":     func(int) error { _, err := c.File(ctx, c.bruno, c.draft.ID); return err },
		"hand":     func(n int) error { return c.HandOver(ctx, c.bruno, []string{c.draft.ID, c.left.ID}[n%2]) },
		"release":  func(int) error { _, err := c.ReleaseDue(ctx); return err },
		"propose!": func(int) error { _, err := c.Propose(ctx, c.anne, payments.Ask{All: true}); return err },
		"cancel!":  func(n int) error { return c.Cancel(ctx, c.anne, c.draft.ID) },
		"import": func(n int) error {
			_, err := c.bank.Import(ctx, "test", "f.xml", strings.NewReader(c.papers[n%len(c.papers)]))
			return err
		},
		"import again": func(n int) error {
			_, err := c.bank.Import(ctx, "test", "f.xml", strings.NewReader(c.papers[n%len(c.papers)]))
			return err
		},
		"plan": func(n int) error {
			_, err := c.files.ChangePlan(ctx, c.anne, mandates.Plan{
				Debt: "D-1", Instalment: money.Cents(int64(1000 + n)), From: thursday.AddDays(30),
			})
			return err
		},
		"withhold": func(n int) error {
			return c.files.RecordWithholding(ctx, c.anne, "D-1", money.Cents(int64(n+1)), thursday.AddDays(7))
		},
		"end": func(n int) error {
			_, err := c.EndMandate(ctx, c.anne, "M-0001", thursday.AddDays(7), mandates.Moved)
			return err
		},
		"death": func(int) error {
			_, err := c.RecordDeath(ctx, c.anne, "M-0001", thursday.AddDays(6))
			return err
		},
	}
}

// meets lets a goroutine do a few acts, one after the other.
func (c *crowd) meets(me, turns int, seed uint64) {
	acts := c.acts(c.t.Context())
	names := []string{
		"approve!", "approve!", "submit!", "submit!", "reopen!", "edit!", "decide", "decide", "comment!", "cancel_transfer!",
		"void_file!", "file", "hand", "release", "import", "import again", "import", "plan", "withhold", "propose!",
	}
	chance := rand.New(rand.NewPCG(seed, uint64(me)))
	for turn := range turns {
		name := names[chance.IntN(len(names))]
		if turn == turns-1 && me < 3 {
			name = []string{"end", "death", "cancel!"}[me]
		}
		c.judge(name, acts[name](chance.IntN(100)))
	}
}

// judge counts an answer; only words of the field may refuse, never those of the database.
func (c *crowd) judge(name string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var raw *pgconn.PgError
	var overdrawn *ledger.OverdrawnError
	switch {
	case err == nil:
		c.done[name]++
	case errors.As(err, &raw) || errors.As(err, &overdrawn):
		c.t.Errorf("%s: a person reads %v", name, err)
	default:
		c.no[name]++
	}
}

// proved looks at what is left when everybody has gone: nothing paid twice, nothing below zero,
// every act that was accepted in the run, once.
func (c *crowd) proved(before map[string]int64) {
	c.t.Helper()
	checks := append(payments.Checks(), mandates.Checks()...)
	report, err := ledger.Verify(c.t.Context(), c.db.App, ledger.VerifyOptions{Checks: append(checks, imports.Checks()...)})
	if err != nil {
		c.t.Fatal(err)
	}
	for _, f := range report.Findings {
		switch f.Code {
		case "IBAN_WITHOUT_ACT", "ENTRY_WITHOUT_LINE": // how the house was furnished
		default:
			c.t.Errorf("verify finds %s", f)
		}
	}
	if n := c.number(`
		SELECT count(*) FROM (
		    SELECT FROM masp.dues d JOIN masp.instruction_covers c USING (obligation_id, due_on) JOIN masp.instructions i USING (instruction_id)
		     WHERE i.state IN ('scheduled', 'in_transit', 'settled')
		     GROUP BY obligation_id, due_on, due_cents, paid_cents
		    HAVING sum(c.amount_cents) > due_cents OR sum(c.amount_cents) <> paid_cents) twice`); n > 0 {
		c.t.Errorf("%d dues are paid twice, or by nobody", n)
	}
	after := c.counted()
	for name, accepted := range c.done {
		if act, isAct := strings.CutSuffix(name, "!"); isAct && after[act]-before[act] != int64(accepted) {
			c.t.Errorf("%s: %d accepted, %d kept", act, accepted, after[act]-before[act])
		}
	}
}

// counted is how often each act stands in the runs; an edit is an adjustment.
func (c *crowd) counted() map[string]int64 {
	c.t.Helper()
	n := map[string]int64{"edit": c.number(`SELECT count(*) FROM masp.run_adjustments`)}
	for _, act := range []string{"propose", "submit", "approve", "reopen", "comment", "cancel", "cancel_transfer", "void_file"} {
		n[act] = c.number(`SELECT count(*) FROM masp.run_acts WHERE act = $1`, act)
	}
	return n
}

func TestACrowdOnOneMandatePaysNothingTwiceAndLosesNoDecision(t *testing.T) {
	t.Parallel()
	rounds, turns := 1, 4
	if long() {
		rounds, turns = 30, 12
	}
	began := time.Now()
	done, no := 0, 0
	for round := range rounds {
		t.Run(fmt.Sprint("round ", round), func(t *testing.T) { // a database of its own
			c := newCrowd(t)
			before := c.counted()
			var wait sync.WaitGroup
			for me := range 32 {
				wait.Go(func() { c.meets(me, turns, uint64(round)) })
			}
			wait.Wait()
			c.proved(before)
			for _, n := range c.done {
				done += n
			}
			for _, n := range c.no {
				no += n
			}
		})
	}
	t.Logf("%d rounds: %d acts done, %d refused in %s", rounds, done, no, time.Since(began).Round(time.Millisecond))
}
