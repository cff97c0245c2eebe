package imports_test

import (
	"fmt"
	"strings"
	"testing"

	"masp/imports"
	"masp/payments/sepa"
)

// nameOf is the answer of a verification of payee about one transfer.
func nameOf(batch, reference, status, name string) string {
	return `<OrgnlPmtInfAndSts><OrgnlPmtInfId>` + batch + `</OrgnlPmtInfId><TxInfAndSts><OrgnlEndToEndId>` + reference +
		`</OrgnlEndToEndId><TxSts>` + status + `</TxSts><OrgnlTxRef><Cdtr><Pty><Nm>` + name +
		`</Nm></Pty></Cdtr></OrgnlTxRef></TxInfAndSts></OrgnlPmtInfAndSts>`
}

// wholeBatch is a status of a batch that lists no transfer.
func wholeBatch(batch, status string) string {
	return `<OrgnlPmtInfAndSts><OrgnlPmtInfId>` + batch + `</OrgnlPmtInfId><PmtInfSts>` + status +
		`</PmtInfSts></OrgnlPmtInfAndSts>`
}

// names prints checks: creditor, our name, result and the bank's name.
func names(checks []imports.NameCheck) string {
	var out []string
	for _, c := range checks {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", c.Creditor, c.OurName, c.Result, c.BankName)))
	}
	return strings.Join(out, ", ")
}

func TestAVerificationOfPayeeIsKeptAndMovesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := w.send("BK-2", "M-2", "LOT", "300.00", "45.50")
	before := w.balance("467:M-2")
	o := w.drop(pain002("V1", "MSG-LOT", nameOf("LOT", refs[0], "RVMC", "SCI du Bailleur")))
	if o.Report == nil || o.Report.Kind != sepa.KindNameCheck || !o.Report.Information || o.Report.Rejected != 0 {
		t.Fatalf("got %+v, want a check of names", o.Report)
	}
	if got, want := names(o.Report.NameChecks), "C-LAND Bailleur inventé RVMC SCI du Bailleur"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !strings.Contains(o.Message(), "0 nom conforme, 1 proche, 0 différent") ||
		!strings.Contains(o.Message(), "Aucun virement n’est refusé.") {
		t.Errorf("got %q", o.Message())
	}
	if w.state(refs[0])+w.state(refs[1]) != "in_transitin_transit" || w.balance("467:M-2") != before {
		t.Error("a check of names has moved a transfer")
	}
	again := w.drop(pain002("V2", "MSG-LOT", nameOf("LOT", refs[0], "RVMC", "SCI du Bailleur")))
	if len(again.Report.NameChecks) != 1 {
		t.Errorf("got %+v", again.Report)
	}
	if got := w.number(`SELECT count(*) FROM masp.alerts WHERE code = 'PAYEE_NAME_DIFFERS'`); got != 1 {
		t.Errorf("got %d alerts, want one for what is told twice", got)
	}
	w.sound()
}

func TestTheNewestResultOfANameCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := w.send("BK-2", "M-2", "LOT", "300.00")
	early := strings.Replace(pain002("V1", "MSG-LOT", nameOf("LOT", refs[0], "RVNM", "x")), "T10:00:00", "T08:00:00", 1)
	w.drop(pain002("V2", "MSG-LOT", wholeBatch("LOT", "RCVC")))
	w.drop(early) // comes late
	list, err := w.NameChecks(t.Context())
	w.must(err)
	if got, want := names(list), "C-LAND Bailleur inventé RCVC"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if strings.Contains(list[0].IBAN, "0000000009") {
		t.Errorf("the list shows the account %s in full", list[0].IBAN)
	}
	if list, err = w.NameChecksOf(t.Context(), "C-LAND"); err != nil || len(list) != 1 {
		t.Errorf("got %v, %v of C-LAND, want one", list, err)
	}
	if list, err = w.NameChecksOf(t.Context(), "C-NOBODY"); err != nil || len(list) != 0 {
		t.Errorf("got %v, %v of somebody else", list, err)
	}
	w.sound()
}

func TestAStatusOfAWholeSpeaksForOneTransferOnlyWhereItMust(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := w.send("BK-2", "M-2", "LOT", "300.00", "45.50")
	alone := w.send("BK-2", "M-2", "SEUL", "10.00")
	iban := strings.Replace(nameOf("X", "NOT-OURS", "RVNM", "x"), "</OrgnlTxRef>",
		"<CdtrAcct><Id><IBAN>FR76 9999 9000 0100 0000 0910 169</IBAN></Id></CdtrAcct></OrgnlTxRef>", 1)
	one := nameOf("LOT", refs[0], "RVMC", "Bailleur  INVENTE")
	for _, c := range []struct{ name, in, want string }{
		{"worst of two, none listed", pain002("A", "MSG-LOT", wholeBatch("LOT", "RVNM")), ""},
		{"all the same", pain002("B", "MSG-LOT", wholeBatch("LOT", "RCVC")), refs[0] + " RCVC, " + refs[1] + " RCVC"},
		{"one transfer alone", pain002("C", "MSG-SEUL", wholeBatch("SEUL", "RVNM")), alone[0] + " RVNM"},
		{
			"one listed, all others alike", pain002("D", "MSG-LOT", strings.Replace(one, "<TxInfAndSts>", "<PmtInfSts>RCVC</PmtInfSts><TxInfAndSts>", 1)),
			refs[0] + " RVMC, " + refs[1] + " RCVC",
		},
		{"an account of a creditor", pain002("E", "MSG-ELSE", iban), " RVNM"},
		{"an account of nobody", pain002("F", "MSG-ELSE", strings.Replace(iban, "169</IBAN>", "168</IBAN>", 1)), ""},
		{"an answer to direct debits", strings.Replace(pain002("G", "MSG-LOT", one), "pain.001", "pain.008", 1), ""},
		{"an acknowledgement", strings.Replace(pain002("H", "MSG-LOT", one), "pain.001.001.09", "EBICS", 1), ""},
	} {
		var got []string
		for _, n := range w.drop(c.in).Report.NameChecks {
			got = append(got, n.Reference+" "+string(n.Result))
			if n.BankName != "" {
				t.Errorf("%s: the bank repeats our name, got %q", c.name, n.BankName)
			}
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	w.sound()
}
