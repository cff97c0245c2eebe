package simbank

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestATransferIsDebitedOnTheNextTARGETDay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		received  Day
		requested string
		want      Day
	}{
		"asked for the day of reception":    {On(2026, 7, 15), "2026-07-15", On(2026, 7, 16)},
		"over the first of May":             {On(2026, 4, 30), "2026-04-30", On(2026, 5, 4)},
		"received on a Saturday":            {On(2026, 5, 2), "2026-05-04", On(2026, 5, 4)},
		"asked for later":                   {On(2026, 7, 15), "2026-07-22", On(2026, 7, 22)},
		"asked for a day that TARGET skips": {On(2026, 7, 15), "2026-07-25", On(2026, 7, 27)},
		"asked for the past":                {On(2026, 7, 15), "2026-07-01", On(2026, 7, 16)},
	} {
		b := New(Options{})
		err := b.OpenAccount(Account{IBAN: alice, Holder: "A", OpeningCents: 100000, OpenedOn: c.received})
		if err != nil {
			t.Fatal(err)
		}
		receive(t, b, orderFile("03", "M1", alice, c.requested, pay{landlord, "10.00"}), c.received)
		for day := c.received; day <= c.want; day++ {
			statements, _ := endOfDay(t, b, day)
			if got, want := len(statements[alice].Entries) == 1, day == c.want; got != want {
				t.Errorf("%s: debited on %s is %v, want %v", name, day, got, want)
			}
		}
	}
}

func TestAReturnComesBackAsACreditWithItsReason(t *testing.T) {
	t.Parallel()
	for _, iban := range []string{alice, pooled} {
		b := openBank(t, Options{})
		b.PlanReturn(landlord, "AC04", 2)
		pays := []pay{{landlord, "412.30"}, {energy, "1.00"}}
		receive(t, b, orderFile("09", "M1", iban, "2026-11-03", pays...), monday)
		var back []readEntry
		for day := tuesday; day <= tuesday+2; day++ {
			statements, _ := endOfDay(t, b, day)
			back = statements[iban].Entries
		}
		if len(back) != 1 || back[0].Booked != (tuesday+2).String() {
			t.Fatalf("lines of the second day after the debit: %+v, want one return", back)
		}
		e, d := back[0], back[0].Details[0]
		if e.Side != "CRDT" || e.Amount != "412.30" || e.Family+e.Sub != "ICDTRRTN" || e.RvslInd != "" {
			t.Errorf("return written as %+v, want CRDT 412.30 ICDT/RRTN without RvslInd", e)
		}
		if d.EndToEndID != "M1-E1" || d.Return != "AC04" {
			t.Errorf("return of %q for %q, want M1-E1 for AC04", d.EndToEndID, d.Return)
		}
	}
}

func TestABatchContractBooksOneLinePerGroup(t *testing.T) {
	t.Parallel()
	for _, details := range []bool{false, true} {
		b := openBank(t, Options{})
		b.byIBAN[pooled].BatchDetails = details
		b.PlanReject(school, "AC01")
		receive(t, b, orderFile("03", "M1", pooled, "2026-11-03",
			pay{landlord, "412.30"}, pay{energy, "35.00"}, pay{school, "9.00"}), monday)
		statements, files := endOfDay(t, b, tuesday)
		lines := statements[pooled].Entries
		if len(lines) != 1 || lines[0].Amount != "447.30" || lines[0].Batch != "M1-1" {
			t.Fatalf("lines %+v, want one debit of 447.30 for M1-1, without the refused transfer", lines)
		}
		if got, want := len(lines[0].Details), map[bool]int{true: 2}[details]; got != want {
			t.Errorf("%d details, want %d", got, want)
		}
		for _, f := range files {
			checkSchemas(t, f.Bytes)
		}
	}
}

func TestEverySeventhDebitLosesItsEndToEndId(t *testing.T) {
	t.Parallel()
	b := openBank(t, Options{Seed: 3})
	pays := slices.Repeat([]pay{{landlord, "1.00"}}, 28)
	receive(t, b, orderFile("09", "M1", alice, "2026-11-03", pays...), monday)
	statements, _ := endOfDay(t, b, tuesday)
	var lost, byInstr, byGroup int
	for _, e := range statements[alice].Entries {
		d := e.Details[0]
		if d.EndToEndID != "NOTPROVIDED" {
			continue
		}
		lost++
		if d.InstrID != "" && d.PmtInfID == "" {
			byInstr++
		}
		if d.InstrID == "" && d.PmtInfID != "" {
			byGroup++
		}
	}
	if lost != 4 || byInstr != 2 || byGroup != 2 {
		t.Errorf("lost %d (InstrId kept %d, PmtInfId kept %d), want 4 (2, 2)", lost, byInstr, byGroup)
	}
}

func TestTheBankNeverLends(t *testing.T) {
	t.Parallel()
	b := openBank(t, Options{})
	pays := []pay{{landlord, "999.00"}, {energy, "1.01"}, {school, "1.00"}}
	receive(t, b, orderFile("03", "M1", alice, "2026-11-03", pays...), monday)
	_, files := endOfDay(t, b, tuesday)
	refused := read(t, files[0].Bytes)
	if len(refused.Groups) != 1 || len(refused.Groups[0].Transfers) != 1 {
		t.Fatalf("first file of the day %+v, want a pain.002 with one transfer", refused)
	}
	if tx := refused.Groups[0].Transfers[0]; tx.EndToEndID != "M1-E2" || tx.Reason != "AM04" {
		t.Errorf("refused %+v, want M1-E2 for AM04", tx)
	}
	if got, _ := b.Balance(alice); got != 0 {
		t.Errorf("balance %d, want 0", got)
	}
	checkSchemas(t, files[0].Bytes)
}

func TestACAFLineHasTheDocumentedShape(t *testing.T) {
	t.Parallel()
	b := openBank(t, Options{})
	in := CAF("CAF DE L HERAULT", 12345678, "1234567K", "Nom", On(2020, 7, 1), 30800)
	if err := b.Credit(alice, monday, in); err != nil {
		t.Fatal(err)
	}
	statements, _ := endOfDay(t, b, monday)
	d := statements[alice].Entries[0].Details[0]
	want := []string{
		"XPXREFERENCE 012345678" + strings.Repeat(" ", 25) + "ME", "1234567KNOM          072020ME",
	}
	if !slices.Equal(d.Remittance, want) || d.EndToEndID != "012345678V16" {
		t.Errorf("got %q %q, want %q 012345678V16", d.Remittance, d.EndToEndID, want)
	}
}

func TestACreditThatCannotBeBookedIsRefused(t *testing.T) {
	t.Parallel()
	b := openBank(t, Options{})
	long := []string{strings.Repeat("x", 141)}
	for name, err := range map[string]error{
		"unknown account":    b.Credit(school, monday, Incoming{AmountCents: 1}),
		"nothing":            b.Credit(alice, monday, Incoming{}),
		"a negative debit":   b.Debit(alice, monday, Outgoing{AmountCents: -1}),
		"before the opening": b.Credit(alice, monday-1, Incoming{AmountCents: 1}),
		"a long text":        b.Credit(alice, monday, Incoming{AmountCents: 1, Remittance: long}),
		"a second opening":   b.OpenAccount(Account{IBAN: alice, OpenedOn: monday}),
		"dollars":            b.OpenAccount(Account{IBAN: energy, Currency: "USD", OpenedOn: monday}),
		"a wrong IBAN":       b.OpenAccount(Account{IBAN: "FR00", OpenedOn: monday}),
	} {
		if err == nil {
			t.Errorf("%s: accepted, want a refusal", name)
		}
	}
}

func TestADayIsClosedOnce(t *testing.T) {
	t.Parallel()
	b := openBank(t, Options{})
	endOfDay(t, b, tuesday)
	if _, err := b.EndOfDay(tuesday); err == nil {
		t.Error("a closed day closes again, want a refusal")
	}
	if files, err := b.EndOfDay(On(2026, 11, 7)); err != nil || len(files) != 0 {
		t.Errorf("a Saturday gives %d files, %v; want none", len(files), err)
	}
}

// story is nine random days played on a bank; it returns every file.
func story(t *rapid.T, b *Bank) (files []File, moved map[string]int64) {
	moved = map[string]int64{alice: 100000, pooled: 500000}
	ibans, creditors := []string{alice, pooled}, []string{landlord, energy, school}
	amounts := rapid.Int64Range(1, 60000)
	b.PlanReject(energy, "AC01")
	b.PlanReturn(school, "AC04", rapid.IntRange(0, 3).Draw(t, "after"))
	for day := monday; day < monday+9; day++ {
		iban := rapid.SampledFrom(ibans).Draw(t, "account")
		cents := amounts.Draw(t, "credit")
		must(t, b.Credit(iban, day, CAF("CAF DE L HERAULT", int(day), "1234567K", "Nom", day, cents)))
		if rapid.Bool().Draw(t, "fee") {
			must(t, b.Debit(iban, day, Outgoing{Label: "FRAIS", AmountCents: 150}))
			must(t, b.Debit(iban, day, Outgoing{
				Creditor: "FOURNISSEUR", Mandate: "RUM1", EndToEnd: "P1", Label: "ECH", AmountCents: 990,
			}))
		}
		var pays []pay
		for range rapid.IntRange(1, 4).Draw(t, "transfers") {
			to := rapid.SampledFrom(creditors).Draw(t, "to")
			pays = append(pays, pay{to, centsText(amounts.Draw(t, "amount"))})
		}
		version := rapid.SampledFrom([]string{"03", "09"}).Draw(t, "version")
		file := orderFile(version, fmt.Sprintf("M%d", day), iban, day.String(), pays...)
		answer, err := b.Receive(file, day)
		must(t, err)
		files = append(files, File{"answer", answer})
		closing, err := b.EndOfDay(day)
		must(t, err)
		files = append(files, closing...)
	}
	return files, moved
}

func must(t *rapid.T, err error) {
	if err != nil {
		t.Fatal(err)
	}
}

func TestEveryStatementContinuesAndAddsUp(t *testing.T) {
	t.Parallel()
	var last []File
	rapid.Check(t, func(rt *rapid.T) {
		o := Options{FilePerAccount: rapid.Bool().Draw(rt, "split")}
		files, balance := story(rt, openBank(t, o))
		sequence := map[string]int{alice: 40}
		for _, f := range files {
			for _, s := range read(t, f.Bytes).Statements {
				checkStatement(rt, s, balance[s.IBAN], sequence[s.IBAN])
				sequence[s.IBAN]++
				balance[s.IBAN] = signed(rt, s.Balances[1].Amount, s.Balances[1].Side)
			}
		}
		last = files
	})
	var documents [][]byte
	for _, f := range last {
		documents = append(documents, f.Bytes)
	}
	checkSchemas(t, documents...)
}

// checkStatement proves opening + moves = closing, and continuity.
func checkStatement(t *rapid.T, s readStatement, opening int64, previous int) {
	got := signed(t, s.Balances[0].Amount, s.Balances[0].Side)
	if got != opening || s.Sequence != previous+1 {
		t.Fatalf("statement %s opens at %d as number %d, want %d and %d",
			s.ID, got, s.Sequence, opening, previous+1)
	}
	for _, e := range s.Entries {
		opening += signed(t, e.Amount, e.Side)
		var details int64
		for _, d := range e.Details {
			details += signed(t, d.Amount08+d.Amount02, e.Side)
		}
		if len(e.Details) > 0 && details != signed(t, e.Amount, e.Side) {
			t.Fatalf("details of an entry make %d, want %s", details, e.Amount)
		}
	}
	if got = signed(t, s.Balances[1].Amount, s.Balances[1].Side); got != opening {
		t.Fatalf("statement %s closes at %d, want %d", s.ID, got, opening)
	}
}

func TestTheSameCallsGiveTheSameBytes(t *testing.T) {
	t.Parallel()
	for seed := range 10 {
		play := func() []File {
			return rapid.Custom(func(inner *rapid.T) []File {
				files, _ := story(inner, openBank(t, Options{}))
				return files
			}).Example(seed)
		}
		once, again := play(), play()
		if len(once) != len(again) {
			t.Fatalf("%d files, then %d", len(once), len(again))
		}
		for i := range once {
			if once[i].Name != again[i].Name || !bytes.Equal(once[i].Bytes, again[i].Bytes) {
				t.Fatalf("file %d %s differs the second time", i, once[i].Name)
			}
		}
	}
}
