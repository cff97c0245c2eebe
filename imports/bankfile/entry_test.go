package bankfile

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"masp/ledger/money"
)

func TestEveryTransactionOfABatchIsReadAndTheyMakeUpTheLine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cents := rapid.SliceOfN(rapid.Int64Range(1, 1e9), 1, 60).Draw(t, "cents")
		var details strings.Builder
		var sum money.Amount
		for i, c := range cents {
			fmt.Fprintf(&details, `<TxDtls><Refs><EndToEndId>E%d</EndToEndId></Refs><Amt Ccy="EUR">%s</Amt></TxDtls>`,
				i, money.Cents(c))
			sum = sum.Add(money.Cents(c))
		}
		g, err := gather(message("08", stmt(money.MustParse("100.00").Add(sum).String(),
			ntry(sum.String(), "CRDT", "<NtryDtls>"+details.String()+"</NtryDtls>"))))
		if err != nil {
			t.Fatal(err)
		}
		var got []int64
		for i, d := range g.lines[0].Details {
			amount, err := d.Amount.Amount()
			if err != nil || d.EndToEndID != fmt.Sprintf("E%d", i) {
				t.Fatalf("transaction %d is %s, %v", i, d.EndToEndID, err)
			}
			got = append(got, amount.Cents())
		}
		if !slices.Equal(got, cents) || g.ends[0].Outcome != Accepted {
			t.Fatalf("got %v of %v, %v", got, cents, g.ends[0].Reasons)
		}
	})
}

func TestTextsAreKeptWordForWordWhateverRepeats(t *testing.T) {
	t.Parallel()
	words := rapid.SampledFrom([]string{"LOYER", "LOYER", "OCTOBRE", "2026", "1", "1", "é&lt;", "de", "DE"})
	rapid.Check(t, func(t *rapid.T) {
		phrase := rapid.Map(rapid.SliceOfN(words, 1, 8), func(w []string) string { return strings.Join(w, " ") })
		all := rapid.SliceOfN(phrase, 0, 4).Draw(t, "remittance")
		own := phrase.Draw(t, "text of the line")
		var details strings.Builder
		for _, text := range all {
			details.WriteString("<Ustrd>" + text + "</Ustrd>")
		}
		g, err := gather(message("08", stmt("101.00", ntry("1.00", "CRDT", "<NtryDtls><TxDtls><RmtInf>"+
			details.String()+"</RmtInf></TxDtls></NtryDtls><AddtlNtryInf>"+own+"</AddtlNtryInf>"))))
		if err != nil {
			t.Fatal(err)
		}
		line := g.lines[0]
		written := strings.NewReplacer("&lt;", "<").Replace(strings.Join(all, "|") + " / " + own)
		if got := strings.Join(line.Details[0].Remittance, "|") + " / " + line.Text; got != written {
			t.Fatalf("got %q, want %q", got, written)
		}
	})
}

func TestALineNeedsNoTextNoDetailAndNoReference(t *testing.T) {
	t.Parallel()
	for name, more := range map[string]string{
		"nothing":                   "",
		"empty details":             "<NtryDtls/>",
		"an empty transaction":      "<NtryDtls><TxDtls/></NtryDtls>",
		"a transaction of no text":  "<NtryDtls><TxDtls><Refs><EndToEndId>E1</EndToEndId></Refs></TxDtls></NtryDtls>",
		"an empty text":             "<NtryDtls><TxDtls><RmtInf><Ustrd></Ustrd></RmtInf></TxDtls></NtryDtls><AddtlNtryInf/>",
		"a party without a name":    "<NtryDtls><TxDtls><RltdPties><Dbtr/></RltdPties></TxDtls></NtryDtls>",
		"structured and no text":    "<NtryDtls><TxDtls><RmtInf><Strd/></RmtInf></TxDtls></NtryDtls>",
		"only the bank's own words": "<AddtlNtryInf>FRAIS</AddtlNtryInf>",
	} {
		g, err := gather(message("08", stmt("101.00", ntry("1.00", "CRDT", more))))
		if err != nil || len(g.lines) != 1 || g.ends[0].Outcome != Accepted {
			t.Errorf("%s: got %v, %+v", name, err, g.ends)
		}
	}
}

func TestEachStatementOfAFileHasItsOwnNumberAccountAndLines(t *testing.T) {
	t.Parallel()
	one := func(id, end, amount string) string {
		text := strings.Replace(stmt("100.00", ""), "<Id>S1</Id>", "<Id>"+id+"</Id>", 1)
		text = strings.Replace(text, "0000 0000 115<", "0000 0000 "+end+"<", 1)
		return strings.Replace(text, "</Stmt>", ntry(amount, "CRDT", "")+ntry(amount, "DBIT", "")+"</Stmt>", 1)
	}
	g := mustGather(t, message("08", one("A", "115", "1.00")+one("B", "200", "2.00")+one("C", "300", "3.00")))
	var got []string
	for i, end := range g.ends {
		st := end.Statement
		id := st.Account.ID()
		got = append(got, fmt.Sprintf("%s %s %d %s %s", st.ID, id[len(id)-3:], end.Sums.Entries,
			g.lines[2*i].Amount, g.lines[2*i+1].Amount))
	}
	if text := strings.Join(got, "; "); text != "A 115 2 1.00 -1.00; B 200 2 2.00 -2.00; C 300 2 3.00 -3.00" {
		t.Errorf("got %s", text)
	}
}
