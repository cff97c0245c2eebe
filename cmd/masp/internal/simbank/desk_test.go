package simbank

import (
	"fmt"
	"slices"
	"testing"
)

// openDesk has the accounts of alice and of the pool with 1 000.00 each, and one file of alice.
func openDesk(t *testing.T) *Desk {
	t.Helper()
	d := NewDesk()
	for _, iban := range []string{alice, pooled} {
		err := d.OpenAccount(Account{IBAN: iban, Holder: "X", OpeningCents: 100000, OpenedOn: monday})
		if err != nil {
			t.Fatal(err)
		}
	}
	file := orderFile("09", "M1", alice, "2026-11-02", pay{landlord, "412.30"}, pay{energy, "35.00"}, pay{school, "900.00"})
	if err := d.Take(file, monday); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTheDeskBooksWhatItIsToldInThatOrder(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	if got, want := d.Due(monday), []string(nil); !slices.Equal(got, want) {
		t.Errorf("due on the day of the file: got %v, want nothing", got)
	}
	if got, want := d.Due(tuesday), []string{"M1-E1", "M1-E2", "M1-E3"}; !slices.Equal(got, want) {
		t.Errorf("due on the next day: got %v, want %v", got, want)
	}
	report, err := d.Refuse("M1-E2", "AC01", monday)
	for _, step := range []error{
		err,
		d.Debit("M1-E1", tuesday),
		d.Credit(pooled, tuesday, Incoming{Payer: "CAF", Remittance: []string{"R1"}, AmountCents: 1}),
		d.Return("M1-E1", "AC04", tuesday),
	} {
		if step != nil {
			t.Fatal(step)
		}
	}
	documents, got := [][]byte{report}, []string{}
	for _, f := range d.Statements() {
		documents = append(documents, f.Bytes)
		for _, s := range read(t, f.Bytes).Statements {
			line := fmt.Sprint(s.IBAN, " ", s.Sequence)
			for _, e := range s.Entries {
				line += " " + e.Side + e.Amount
			}
			for _, b := range s.Balances {
				line += " " + b.Kind + b.Amount
			}
			got = append(got, line)
		}
	}
	checkSchemas(t, documents...)
	want := []string{
		alice + " 1 DBIT412.30 OPBD1000.00 CLBD587.70",
		pooled + " 1 CRDT0.01 OPBD1000.00 CLBD1000.01",
		alice + " 2 CRDT412.30 OPBD587.70 CLBD1000.00",
	}
	if !slices.Equal(got, want) {
		t.Errorf("statements:\n got %q\nwant %q", got, want)
	}
	if d.Statements() != nil {
		t.Error("what was written is written again")
	}
}

func TestTheDeskDoesNothingThatABankCouldNot(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	if err := d.Debit("M1-E3", tuesday); err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{
		"debit twice":              d.Debit("M1-E3", tuesday),
		"lend":                     d.Debit("M1-E1", tuesday),
		"return what is not gone":  d.Return("M1-E1", "AC04", tuesday),
		"debit what nobody asked":  d.Debit("M2-E1", tuesday),
		"credit somewhere else":    d.Credit(landlord, tuesday, Incoming{Payer: "CAF", AmountCents: 1}),
		"take an order twice":      d.Take(orderFile("09", "M1", alice, "2026-11-02", pay{energy, "1.00"}), tuesday),
		"pay from an account away": d.Take(orderFile("09", "M9", landlord, "2026-11-02", pay{energy, "1.00"}), tuesday),
	} {
		if err == nil {
			t.Errorf("the desk let itself %s", what)
		}
	}
	if _, err := d.Refuse("M1-E3", "AC01", tuesday); err == nil {
		t.Error("the desk refused a transfer that it has debited")
	}
}
