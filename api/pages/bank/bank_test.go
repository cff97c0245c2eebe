package bank_test

import (
	"fmt"
	"strings"
	"testing"

	"masp/api/pages"
	"masp/api/pages/bank"
	"masp/api/pages/pagestest"
	"masp/ledger/money"
	"masp/migrations/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// turns are those of the tests by house.
var turns = dbtest.Turns{OneIn: 3, Doors: []string{"house"}}

func house(t *testing.T) *pagestest.House {
	t.Helper()
	turns.Take(t)
	t.Parallel()
	return pagestest.New(t, []pages.Face{bank.Face()})
}

const (
	ibanRoux = "FR7699999001000000000100189" // BK-0001, in the name of Éva Roux
	ibanPool = "FR7699999001010000000200181" // BK-POOL
	caf      = "CAF DE L HERAULT"
	rsa      = "XPXREFERENCE 012345678              ME 1234567KROUX      102026ME"
)

// said is a line of the bank: signed amount, the other side, text.
type said struct{ amount, party, text string }

// paper is a camt.053 with one statement of one day.
func paper(id, iban, opening, closing, day string, lines ...said) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>%[1]s</MsgId><CreDtTm>%[2]sT20:00:00</CreDtTm></GrpHdr>
<Stmt><Id>%[1]s</Id><CreDtTm>%[2]sT20:00:00</CreDtTm><Acct><Id><IBAN>%[3]s</IBAN></Id><Ccy>EUR</Ccy></Acct>`, id, day, iban)
	for _, of := range [][2]string{{"OPBD", opening}, {"CLBD", closing}} {
		fmt.Fprintf(&b, `<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">%s</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>%s</Dt></Dt></Bal>`,
			of[0], of[1], day)
	}
	for n, l := range lines {
		side, other := "CRDT", "Dbtr"
		if strings.HasPrefix(l.amount, "-") {
			side, other = "DBIT", "Cdtr"
		}
		fmt.Fprintf(&b, `<Ntry><Amt Ccy="EUR">%s</Amt><CdtDbtInd>%s</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>%s</Dt></BookgDt>
<ValDt><Dt>%[3]s</Dt></ValDt><AcctSvcrRef>%s-%d</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><%[6]s><Pty><Nm>%[7]s</Nm></Pty></%[6]s></RltdPties>
<RmtInf><Ustrd>%[8]s</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`, strings.TrimPrefix(l.amount, "-"), side, day, id, n+1, other, l.party, l.text)
	}
	return []byte(b.String() + "\n</Stmt></BkToCstmrStmt></Document>")
}

// holds is what the books hold of a bank account.
func holds(t *testing.T, h *pagestest.House, account string) money.Amount {
	t.Helper()
	var cents int64
	err := h.DB.Owner.QueryRow(t.Context(), `
		SELECT b.debit_cents - b.credit_cents FROM masp.account_balances b JOIN masp.accounts a USING (account_id) WHERE a.code = $1`, "512:"+account).Scan(&cents)
	if err != nil {
		t.Fatal(err)
	}
	return money.Cents(cents)
}

// says hands in a statement that follows, as the accountant does, and answers the page that he then reads.
func says(t *testing.T, h *pagestest.House, id, account, day string, lines ...said) *pagestest.Screen {
	t.Helper()
	opening := holds(t, h, account)
	closing := opening
	for _, l := range lines {
		closing = closing.Add(money.MustParse(l.amount))
	}
	iban := map[string]string{"BK-0001": ibanRoux, "BK-POOL": ibanPool}[account]
	return hand(h, id, paper(id, iban, opening.String(), closing.String(), day, lines...))
}

func hand(h *pagestest.House, id string, content []byte) *pagestest.Screen {
	h.T.Helper()
	return h.As("k.perrin").Get("/banque/imports").Wants(200).Upload("Déposer le fichier", "fichier", id+".xml", content)
}
