package imports_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/imports"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
)

func (w *world) state(reference string) string {
	w.t.Helper()
	var state string
	w.must(
		w.db.Super.QueryRow(
			w.t.Context(),
			`SELECT state FROM masp.instructions WHERE end_to_end_id = $1`,
			reference,
		).Scan(&state),
	)
	return state
}

// alerts are all that was told, in a line each.
func (w *world) alerts() []string {
	w.t.Helper()
	rows, err := w.db.Super.Query(w.t.Context(), `
		SELECT code || ' ' || subject || ' ' || trim(to_char(amount_cents / 100.0, '990.00')) || ' ' || text
		  FROM masp.alerts ORDER BY alert_id`)
	w.must(err)
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	w.must(err)
	return all
}

func TestABatchIsSettledByItsTotalAndReturnsGoBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := w.send("BK-2", "M-2", "LOT", "300.00", "45.50", "45.50")
	batch := entry(
		"DBIT",
		"391.00",
		"2026-11-05",
		`<Btch><PmtInfId>LOT</PmtInfId><NbOfTxs>3</NbOfTxs></Btch>`,
	)
	w.drop(
		statements(
			paper{
				iban: ibanPooled, id: "1", from: "2026-11-05", to: "2026-11-05", opening: "1000.00",
				closing: "609.00", lines: []string{batch},
			},
		),
	)
	if got := w.state(refs[0]) + w.balance(ledger.InTransit); got != "settled0.00" {
		t.Fatalf("got %s, want all settled and nothing in transit", got)
	}
	w.sound()
	w.drop(
		statements(
			paper{
				iban: ibanPooled, id: "2", from: "2026-11-06", to: "2026-11-06", opening: "609.00",
				closing: "909.00", lines: []string{back("300.00", "2026-11-06", refs[0], "AC04")},
			},
		),
	)
	if got := w.state(refs[0]) + " " + w.balance("467:M-2"); got != "returned -909.00" {
		t.Errorf("got %s, want the transfer returned and the money with the person", got)
	}
	w.drop(
		statements(
			paper{
				iban: ibanPooled, id: "3", from: "2026-11-07", to: "2026-11-07", opening: "909.00",
				closing: "1209.00", lines: []string{back("300.00", "2026-11-07", refs[0], "AC04")},
			},
		),
	)
	if got := w.balance(ledger.Suspense); got != "-300.00" {
		t.Errorf("got %s in suspense: a second return is for a person", got)
	}
	w.sound()
}

func pain002(message, about, batches string) string {
	return `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr><MsgId>` + message +
		`</MsgId><CreDtTm>2026-11-05T10:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>` + about +
		`</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts>` + batches + `</CstmrPmtStsRpt></Document>`
}

func rejected(batch, reference string) string {
	return `<OrgnlPmtInfAndSts><OrgnlPmtInfId>` + batch + `</OrgnlPmtInfId><TxInfAndSts><OrgnlEndToEndId>` + reference +
		`</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC01</Cd></Rsn></StsRsnInf></TxInfAndSts></OrgnlPmtInfAndSts>`
}

func TestARejectionGivesBackOnceWhateverComesTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := w.send("BK-2", "M-2", "LOT", "300.00", "45.50")
	first := w.drop(pain002("R1", "MSG-LOT", rejected("LOT", refs[0])))
	if first.Report == nil || first.Report.Rejected != 1 || w.balance("467:M-2") != "-954.50" {
		t.Fatalf("got %+v and %s, want one transfer given back", first.Report, w.balance("467:M-2"))
	}
	if o := w.drop(pain002("R1", "MSG-LOT", rejected("LOT", refs[0]))); !o.AlreadyKnown {
		t.Errorf("got %+v, want the same report known", o)
	}
	if o := w.drop(pain002("R2", "MSG-LOT", rejected("LOT", refs[0]))); o.Report.Rejected != 0 ||
		o.Report.Again != 1 {
		t.Errorf("got %+v, want nothing given back twice", o.Report)
	}
	if o := w.drop(pain002("R3", "MSG-LOT", rejected("LOT", "NOT-OURS"))); o.Report.Unknown != 1 {
		t.Errorf("got %+v, want one rejection of nothing that we sent", o.Report)
	}
	if got := w.state(
		refs[0],
	) + w.state(refs[1]) + w.balance("467:M-2"); got != "rejectedin_transit-954.50" {
		t.Errorf("got %s", got)
	}
	w.sound()
}

func TestARefusalThatDoesNotSayWhatItAnswersIsJudgedByItsMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := w.send("BK-2", "M-2", "LOT", "300.00", "45.50")
	untyped := func(message, about string) string {
		return strings.Replace(pain002(message, about, ""), "<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>",
			"<GrpSts>RJCT</GrpSts>", 1)
	}
	if o := w.drop(untyped("R1", "MSG-OTHER")); o.Report.Rejected != 0 || o.Report.Unknown != 1 {
		t.Errorf("got %+v, want a refusal of nothing that we sent", o.Report)
	}
	o := w.drop(untyped("R2", "MSG-LOT"))
	if o.Report.Kind != "transfers" || o.Report.Rejected != 2 || len(o.Reasons) != 0 || w.state(refs[0]) != "rejected" {
		t.Errorf("got %+v %v, want both transfers given back and nothing remarked", o.Report, o.Reasons)
	}
	w.sound()
}

func TestAFileRefusedAsAWholeIsToldOnceAndARefusalOfNothingIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := w.send("BK-2", "M-2", "LOT", "300.00", "45.50")
	whole := strings.Replace(pain002("R1", "MSG-LOT", ""), "<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>",
		"<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>FF01</Cd></Rsn></StsRsnInf>", 1)
	if o := w.drop(whole); o.Report == nil || o.Report.Rejected != 2 {
		t.Fatalf("got %+v, want both transfers given back", o.Report)
	}
	w.drop(pain002("R2", "MSG-LOT", rejected("LOT", "NOT-OURS")))
	if got, want := w.alerts(), []string{
		"FILE_REJECTED MSG-LOT 345.50 Fichier refusé en entier (FF01) : aucun paiement n'est parti.",
		"REPORT_UNMATCHED NOT-OURS 0.00 La banque refuse « NOT-OURS » (AC01), que nous ne trouvons dans aucun fichier envoyé.",
	}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := w.state(refs[0]) + w.state(refs[1]) + w.balance("467:M-2"); got != "rejectedrejected-1000.00" {
		t.Errorf("got %s, want all given back", got)
	}
	w.sound()
}

func TestAcknowledgementsAndChecksOfNamesRejectNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := w.send("BK-2", "M-2", "LOT", "300.00")
	for i, file := range []string{
		strings.Replace(strings.ReplaceAll(pain002("H1", "MSG-LOT", rejected("LOT", refs[0])), "pain.001.001.09", "EBICS"), "R", "R", 1),
		strings.ReplaceAll(pain002("V1", "MSG-LOT", rejected("LOT", refs[0])), "RJCT", "RVNM"),
	} {
		if o := w.drop(file); o.Report == nil || o.Report.Rejected != 0 ||
			w.state(refs[0]) != "in_transit" {
			t.Errorf("file %d: got %+v, want information only", i, o.Report)
		}
	}
	w.sound()
}

func TestAPersonIdentifiesMoneyInPartsAndByName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := november(fromSomebody("573.49", "2026-11-05"))
	p.closing = "673.49"
	w.drop(statements(p))
	items, err := w.Suspense(t.Context())
	w.must(err)
	if len(items) != 1 || items[0].Open.String() != "573.49" {
		t.Fatalf("got %+v, want the unknown credit", items)
	}
	oct, _ := civil.ParseMonth("2026-10")
	ask := imports.Assignment{
		Mandate: "M-1", Benefit: "RSA", Period: oct, Amount: money.MustParse("500.00"),
		Reason: "vu avec la CAF",
	}
	if _, err := w.AssignSuspense(
		t.Context(), auth.Principal{}, items[0].Line, ask,
	); !errors.Is(err, imports.ErrToken) {
		t.Errorf("got %v, want a refusal without a secret", err)
	}
	done, err := w.AssignSuspense(t.Context(), w.boss, items[0].Line, ask)
	if err != nil || done.Open.String() != "73.49" {
		t.Fatalf("got %+v, %v, want 73.49 left open", done, err)
	}
	ask.Amount, ask.Benefit = money.Amount{}, "WAGE"
	done, err = w.AssignSuspense(t.Context(), w.boss, items[0].Line, ask)
	if err != nil || done.Account != "467:M-1:RESTRICTED" || done.Alert != "RESOURCE_NOT_ELIGIBLE" {
		t.Errorf("got %+v, %v, want the wage restricted", done, err)
	}
	if n := w.number(`SELECT count(*) FROM masp.alerts WHERE code = 'RESOURCE_NOT_ELIGIBLE'`); n != 0 {
		t.Errorf("got %d alerts stored of what its author reads in the answer, want none", n)
	}
	if _, err := w.AssignSuspense(
		t.Context(), w.boss, items[0].Line, ask,
	); !errors.Is(err, imports.ErrNotInSuspense) {
		t.Errorf("got %v, want nothing left to identify", err)
	}
	expected, err := w.Expected(t.Context(), w.db.App, oct)
	w.must(err)
	if got := expected.Of("M-1"); got.Received.String() != "500.00" || len(got.Faults) != 1 ||
		got.Faults[0].Status != imports.Short {
		t.Errorf("got %+v, want the RSA short", got)
	}
	w.sound()
}

func TestADebitWithoutReferenceIsIdentifiedByAPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := w.send("BK-2", "M-2", "LOT", "300.00")
	w.drop(
		statements(
			paper{
				iban: ibanPooled, id: "1", from: "2026-11-05", to: "2026-11-05", opening: "1000.00",
				closing: "700.00", lines: []string{debit("300.00", "2026-11-05", "NOTPROVIDED")},
			},
		),
	)
	items, err := w.Suspense(t.Context())
	w.must(err)
	if len(items) != 1 || len(items[0].Suggestions) != 1 || items[0].Suggestions[0].Transfer != refs[0] {
		t.Fatalf("got %+v, want the debit with the likely transfer", items)
	}
	_, err = w.AssignSuspense(
		t.Context(), w.boss, items[0].Line,
		imports.Assignment{Suggestion: 1, Reason: "même montant, vu avec la banque"},
	)
	w.must(err)
	if got := w.state(
		refs[0],
	) + w.balance(ledger.InTransit) + w.balance(ledger.Suspense); got != "settled0.000.00" {
		t.Errorf("got %s, want settled and nothing open", got)
	}
	w.sound()
}

func TestABenefitThatDoesNotComeIsToldOnceAfterThreeBankingDays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		day     string
		missing int
	}{{"2026-11-09", 0}, {"2026-11-10", 2}, {"2026-11-11", 2}} {
		w.clock(c.day)
		if n, err := w.RaiseMissing(t.Context()); err != nil || n != c.missing {
			t.Errorf("%s: got %d, %v, want %d", c.day, n, err, c.missing)
		}
	}
	if n := w.number(`SELECT count(*) FROM masp.alerts
		WHERE code = 'BENEFIT_MISSING' AND details ?& ARRAY['benefit', 'period']`); n != 2 {
		t.Errorf("got %d alerts, want one for each benefit", n)
	}
}
