package bankfile

import (
	"strings"
	"testing"
)

// as turns a message of camt.053 into one of another family, as the standard names its parts.
func as(family, text string) string {
	names := map[string][2]string{
		camt052: {"BkToCstmrAcctRpt", "Rpt"},
		camt053: {"BkToCstmrStmt", "Stmt"},
		camt054: {"BkToCstmrDbtCdtNtfctn", "Ntfctn"},
	}[family]
	return strings.NewReplacer("camt.053", family, "BkToCstmrStmt", names[0],
		"<Stmt>", "<"+names[1]+">", "</Stmt>", "</"+names[1]+">",
		"StmtPgntn", names[1]+"Pgntn").Replace(text)
}

func TestReportsAndNoticesAreReadAsStatementsAre(t *testing.T) {
	t.Parallel()
	for family, kind := range map[string]Kind{camt052: Intraday, camt053: Final, camt054: Notice} {
		for _, version := range []string{"02", "04", "08", "13"} {
			text := as(family, message(version, stmt("101.00", ntry("1.00", "CRDT",
				"<NtryDtls><TxDtls><Refs><EndToEndId>E</EndToEndId></Refs></TxDtls></NtryDtls>"))))
			g := mustGather(t, text)
			want := family + ".001." + version
			if got := g.file.Format; got.String() != want || got.Kind() != kind || !got.Readable() {
				t.Errorf("got %s of kind %d, want %s of kind %d", got, got.Kind(), want, kind)
			}
			if g.ends[0].Outcome != Accepted || g.ends[0].Closes != Closes || len(g.end.Reasons) > 0 ||
				g.lines[0].Details[0].EndToEndID != "E" {
				t.Errorf("%s: got %+v", want, g.ends[0])
			}
		}
	}
}

func TestWhatIsNeverPostedNeedsNoProofAndIsNotHeldForIt(t *testing.T) {
	t.Parallel()
	bare := "<Stmt><Id>N1</Id>" + ntry("1.005", "CRDT", "") +
		strings.Replace(ntry("1.00", "CRDT", ""), "BOOK", "HOPE", 1) + "</Stmt>"
	for family, want := range map[string]Outcome{
		camt052: AcceptedWithWarnings, camt053: Held, camt054: AcceptedWithWarnings,
	} {
		end := mustGather(t, as(family, message("08", bare))).ends[0]
		if end.Outcome != want || end.Closes != Unknown {
			t.Errorf("%s: got %s, want %s", family, end.Outcome, want)
		}
		if got := hasCode(end.Reasons, "not_provable"); got != (family == camt053) {
			t.Errorf("%s: got %v, want it unprovable for a statement alone", family, end.Reasons)
		}
	}
	plain := as(camt054, message("08", "<Stmt>"+account+ntry("1.00", "CRDT", "")+"</Stmt>"))
	if end := mustGather(t, plain).ends[0]; end.Outcome != Accepted {
		t.Errorf("got %s %v, want a notice without balances simply accepted", end.Outcome, end.Reasons)
	}
	contradicted := as(camt052, message("08", stmt("999.00", "")))
	if end := mustGather(t, contradicted).ends[0]; end.Outcome != Held {
		t.Errorf("got %s, want a report held whose own balances contradict it", end.Outcome)
	}
}

// paged is a page with the given pagination and balances (type and amount in turns) that
// brings 1.00.
func paged(where string, number int, last string, balances ...string) string {
	pages := "<PgNb>" + string(rune('0'+number)) + "</PgNb><LastPgInd>" + last + "</LastPgInd>"
	var b strings.Builder
	for i := 0; i < len(balances); i += 2 {
		b.WriteString(bal(balances[i], "CRDT", balances[i+1]))
	}
	body := account + b.String() + ntry("1.00", "CRDT", "")
	if where == "MsgPgntn" {
		text := message("02", "<Stmt>"+body+"</Stmt>")
		return strings.Replace(text, "</MsgId>", "</MsgId><MsgPgntn>"+pages+"</MsgPgntn>", 1)
	}
	return message("08", "<Stmt><StmtPgntn>"+pages+"</StmtPgntn>"+body+"</Stmt>")
}

func TestAPageOpensAndClosesWithItsInterimBalances(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		number         int
		last           string
		balances       []string
		opens, closing string // types; empty for none
	}{
		"the first of several":  {1, "false", []string{"OPBD", "1.00", "ITBD", "2.00"}, "OPBD", "ITBD"},
		"one in the middle":     {2, "false", []string{"ITBD", "2.00", "ITBD", "3.00"}, "ITBD", "ITBD"},
		"the last":              {3, "true", []string{"ITBD", "3.00", "CLBD", "4.00"}, "ITBD", "CLBD"},
		"with news between":     {2, "false", []string{"ITBD", "2.00", "ITBD", "9.00", "ITBD", "3.00"}, "ITBD", "ITBD"},
		"previous day besides":  {2, "true", []string{"PRCD", "1.00", "ITBD", "3.00", "CLBD", "4.00"}, "ITBD", "CLBD"},
		"opening repeated":      {2, "true", []string{"OPBD", "3.00", "ITBD", "1.00", "CLBD", "4.00"}, "OPBD", "CLBD"},
		"one balance of two":    {2, "false", []string{"ITBD", "2.00"}, "ITBD", ""},
		"one page":              {1, "true", []string{"OPBD", "1.00", "ITBD", "9.00", "CLBD", "2.00"}, "OPBD", "CLBD"},
		"one page without them": {1, "true", []string{"ITBD", "1.00", "ITBD", "2.00"}, "", ""},
	} {
		for _, where := range []string{"StmtPgntn", "MsgPgntn"} {
			if where == "MsgPgntn" && c.balances[0] == "PRCD" {
				continue // both balances are there: whole for all that the message is cut
			}
			end := mustGather(t, paged(where, c.number, c.last, c.balances...)).ends[0]
			st := end.Statement
			if typeOf(st.Opening) != c.opens || typeOf(st.Closing) != c.closing {
				t.Errorf("%s in %s: opens by %q, closes by %q, want %q and %q", name, where,
					typeOf(st.Opening), typeOf(st.Closing), c.opens, c.closing)
			}
			if both := c.opens != "" && c.closing != ""; both && end.Closes != Closes {
				t.Errorf("%s in %s: got %v, want it to close", name, where, end.Reasons)
			}
			whole := where == "MsgPgntn" && !strings.Contains(c.opens+c.closing, "ITBD") &&
				c.opens != ""
			if got := st.Page; got != c.number && !whole || st.LastPage != (whole || c.last == "true") {
				t.Errorf("%s in %s: got page %d, last %v", name, where, got, st.LastPage)
			}
		}
	}
}

func typeOf(b *Balance) string {
	if b == nil {
		return ""
	}
	return b.Type
}

func TestAWholeStatementInACutMessageIsWhole(t *testing.T) {
	t.Parallel()
	text := paged("MsgPgntn", 1, "false", "OPBD", "1.00", "CLBD", "2.00")
	end := mustGather(t, text).ends[0]
	if !end.Statement.LastPage || end.Outcome != Accepted {
		t.Errorf("got %+v %v", end.Statement, end.Reasons)
	}
}
