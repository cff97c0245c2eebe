package v1test

import (
	"fmt"
	"strings"
	"testing"

	"masp/api/auth"
	"masp/payments"
)

// Who is a user of the office, proved.
func (o *Office) Who(t testing.TB, user string) auth.Principal {
	t.Helper()
	who, err := o.House.Auth.Authenticate(t.Context(), o.Tokens[user])
	if err != nil {
		t.Fatalf("%s: %v", user, err)
	}
	return who
}

// Benefits brings the benefits of the month, and a stranger's money, on the morning of the 6th.
func (o *Office) Benefits(t testing.TB) {
	t.Helper()
	o.At(t, "2026-11-06", 8)
	for name, file := range map[string]string{
		"own.xml": Statement("R-1", "FR7699999001000000000100189", "43.17", "616.66",
			Credit{"573.49", "1234567KROUX         102026ME"}),
		"pool.xml": Statement("P-1", "FR7699999001010000000200181", "118.90", "2264.08",
			Credit{"1043.59", "PRESTATION ASPA 10/2026 DOSSIER R34000123B"},
			Credit{"1041.59", "2345678LHADDAD       102026ME"}, Credit{"60.00", "REMBOURSEMENT MERCI"}),
	} {
		got, err := o.House.Imports.Import(t.Context(), "k.perrin", name, strings.NewReader(file))
		if err != nil || got.Refuses() {
			t.Fatalf("%s: %+v, %v", name, got, err)
		}
	}
}

// Credit is money that came in.
type Credit struct{ Amount, Text string }

// Statement is a statement of 5 November with some credits.
func Statement(ref, iban, opening, closing string, credits ...Credit) string {
	balance := func(code, amount string) string {
		return fmt.Sprintf(`<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">%s</Amt>`+
			`<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-05</Dt></Dt></Bal>`, code, amount)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
<GrpHdr><MsgId>%[1]s</MsgId><CreDtTm>2026-11-05T20:00:00</CreDtTm></GrpHdr>
<Stmt><Id>%[1]s</Id><CreDtTm>2026-11-05T20:00:00</CreDtTm><Acct><Id><IBAN>%[2]s</IBAN></Id><Ccy>EUR</Ccy></Acct>
`, ref, iban)
	b.WriteString(balance("OPBD", opening) + balance("CLBD", closing))
	for _, credit := range credits {
		fmt.Fprintf(&b, `<Ntry><Amt Ccy="EUR">%s</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>`+
			`<BookgDt><Dt>2026-11-05</Dt></BookgDt><ValDt><Dt>2026-11-05</Dt></ValDt>`+
			`<NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>CAF DE LA DROME</Nm></Pty></Dbtr></RltdPties>`+
			`<RmtInf><Ustrd>%s</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`, credit.Amount, credit.Text)
	}
	return b.String() + `</Stmt></BkToCstmrStmt></Document>`
}

// Runs leaves a filed run of c.martin and one of c.nadir that waits for its signature.
func (o *Office) Runs(t testing.TB) {
	t.Helper()
	o.At(t, "2026-11-09", 9)
	ctx, pay := t.Context(), o.House.Payments
	for _, part := range []struct {
		user     string
		mandates []string
	}{{"c.martin", []string{"M-0001"}}, {"c.nadir", []string{"M-0002", "M-0003"}}} {
		user, mandates := part.user, part.mandates
		run, err := pay.Propose(ctx, o.Who(t, user), payments.Ask{Mandates: mandates})
		if err == nil {
			err = pay.DecideAll(ctx, o.Who(t, user), run.ID, "vu avec la personne")
		}
		if err == nil {
			run, err = pay.Submit(ctx, o.Who(t, user), run.ID)
		}
		if err == nil && user == "c.martin" {
			if _, err = pay.Approve(ctx, o.Who(t, "v.olivier"), run.ID, run.ContentHash); err == nil {
				_, err = pay.File(ctx, o.Who(t, "v.olivier"), run.ID)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
