package invent

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"masp/cmd/masp/internal/simbank"
	"masp/imports/bankfile"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/sepa"
)

// The simulated bank and our own reader and writer were written apart; a month
// on which they agree checks both.
func TestTheBankAndOurFilesAgreeOverTheMonth(t *testing.T) {
	t.Parallel()
	m, bank := New(1, 44), simbank.New(simbank.Options{Seed: 1})
	if err := m.Prepare(bank); err != nil {
		t.Fatal(err)
	}
	var entries, rejected int
	for day := opening; day <= m.LastDay; day++ {
		if day == m.RunOn {
			for _, version := range []string{"001.09", "001.03"} {
				rejected += handOver(t, bank, orders(t, m, version), day)
			}
		}
		files, err := bank.EndOfDay(day)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			entries += accept(t, f)
		}
	}
	if rejected != 2 {
		t.Errorf("%d transfers rejected, want the rent and the charges of one person", rejected)
	}
	if entries < 200 {
		t.Errorf("%d lines in the month's statements, want the whole month", entries)
	}
}

// orders writes the bills of everybody whose benefit arrived in full.
func orders(t *testing.T, m *Month, version string) sepa.File {
	t.Helper()
	f := sepa.File{
		MessageID: "F-" + version, InitiatingParty: "Le Fil de l'Eau",
		CreatedAt: time.Date(2026, 11, 10, 9, 0, 0, 0, time.UTC),
	}
	if version == "001.03" {
		f.Version = sepa.Pain03
	}
	for _, a := range m.Load.BankAccounts {
		if a.PainVersion != version || a.ID == m.Load.Mandates[shortBenefit].BankAccount ||
			a.ID == m.Load.Mandates[lateBenefit].BankAccount {
			continue
		}
		f.Batches = append(f.Batches, sepa.Batch{
			PaymentInfoID: "L-" + a.ID, ExecuteOn: civil.MustParse(m.RunOn.String()),
			Debtor:    sepa.Account{Name: a.Holder, IBAN: sepa.MustParseIBAN(a.IBAN)},
			Transfers: transfers(m, a.ID),
		})
	}
	if problems := f.Check(); len(problems) > 0 {
		t.Fatalf("our own check finds %+v", problems)
	}
	return f
}

func transfers(m *Month, account string) (list []sepa.Transfer) {
	of, names := map[string]string{}, map[string]string{}
	for _, x := range m.Load.Mandates {
		of[x.ID] = x.BankAccount
	}
	for _, c := range m.Load.Creditors {
		names[c.ID] = c.Name
	}
	for _, o := range m.Load.Obligations {
		if of[o.Mandate] != account || o.Creditor == nil || o.Block != "" {
			continue
		}
		list = append(list, sepa.Transfer{
			InstructionID: "I-" + o.ID, EndToEndID: "E-" + o.ID, Amount: money.Cents(int64(o.Amount)),
			Creditor:  sepa.Party{Name: names[*o.Creditor], IBAN: sepa.MustParseIBAN(m.ibanOf(*o.Creditor))},
			Reference: o.Reference + " " + o.Label,
		})
	}
	return list
}

// handOver gives a file to the bank and counts what its report rejects.
func handOver(t *testing.T, bank *simbank.Bank, f sepa.File, day simbank.Day) (rejected int) {
	t.Helper()
	var file bytes.Buffer
	if _, err := f.WriteTo(&file); err != nil {
		t.Fatal(err)
	}
	answer, err := bank.Receive(file.Bytes(), day)
	if err != nil {
		t.Fatalf("the bank does not read %s: %v", f.MessageID, err)
	}
	report, err := sepa.ReadReport(bytes.NewReader(answer))
	if err != nil {
		t.Fatalf("the answer to %s does not read: %v", f.MessageID, err)
	}
	if report.OriginalMessageID != f.MessageID || len(report.Warnings) > 0 || report.GroupStatus == "RJCT" {
		t.Errorf("answer to %s: %s about %s, warnings %v", f.MessageID, report.GroupStatus,
			report.OriginalMessageID, report.Warnings)
	}
	for r := range report.Rejected() {
		rejected++
		if r.Reasons[0].Code != "AC01" {
			t.Errorf("rejected for %v, want AC01", r.Reasons)
		}
	}
	return rejected
}

// accept checks that our reader takes a statement file without a warning.
func accept(t *testing.T, f simbank.File) (entries int) {
	t.Helper()
	got := bankfile.Check(context.Background(), bytes.NewReader(f.Bytes))
	if got.Outcome != bankfile.Accepted {
		t.Errorf("%s is %s: %v, want it accepted", f.Name, fmt.Sprint(got.Outcome), got.Reasons)
	}
	for _, s := range got.Statements {
		entries += s.Entries
	}
	return entries
}
