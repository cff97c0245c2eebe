package simbank

import (
	"strings"
	"testing"
)

func TestAFrenchStatementHasRecordsOf120ColumnsAndAddsUp(t *testing.T) {
	t.Parallel()
	b := New(Options{DropEvery: -1})
	err := b.OpenAccount(Account{IBAN: alice, StatementVersion: French, OpeningCents: 12345, OpenedOn: monday})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Credit(alice, monday, Incoming{
		AmountCents: 57349, Payer: "CAF", EndToEnd: "012345678V16", Remittance: []string{"XPXREFERENCE"},
	}); err != nil {
		t.Fatal(err)
	}
	files, err := b.EndOfDay(monday)
	if err != nil || len(files) != 1 || files[0].Name != "cfonb120_20261102.txt" {
		t.Fatalf("got %d files, %v", len(files), err)
	}
	records := strings.Split(strings.TrimSuffix(string(files[0].Bytes), "\r\n"), "\r\n")
	var kinds []string
	for _, r := range records {
		if len(r) != 120 {
			t.Fatalf("a record of %d columns: %q", len(r), r)
		}
		kind := r[:2]
		if kind == "05" {
			kind += r[45:48]
		}
		kinds = append(kinds, kind)
	}
	for record, amount := range map[int]string{0: "0000000001234E", 1: "0000000005734I", len(records) - 1: "0000000006969D"} {
		if got := records[record][90:104]; got != amount {
			t.Errorf("record %d has the amount %s, want %s", record, got, amount)
		}
	}
	if got := strings.Join(kinds, " "); got != "01 04 05NPY 05LCC 05RCN 07" {
		t.Errorf("got the records %s", got)
	}
}
