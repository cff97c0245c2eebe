package payments_test

import (
	"errors"
	"strings"
	"testing"

	"masp/ledger"
	"masp/payments"
)

func TestEachLineOfAFailedPaymentIsIssuedAgainWithItsDebt(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.creditor("C-NEW", "LANDLORD")
	h.creditor("C-SHOP", "OTHER")
	rent := h.to(h.filed(), "C-LAND") // rent and instalment
	if got := h.owed("D-1"); got != "510.00" {
		t.Fatalf("%s are owed, want 510.00", got)
	}
	h.bankRejects(rent, "MS03")
	_, err := h.ReissueLines(t.Context(), h.anne, rent.EndToEndID, "", "C-SHOP")
	if err == nil || !strings.Contains(err.Error(), "RENT_TO_ANOTHER") {
		t.Errorf("a rent to a shop: got %v, want RENT_TO_ANOTHER", err)
	}
	all, err := h.ReissueLines(t.Context(), h.anne, rent.EndToEndID, "", "C-NEW")
	if err != nil || len(all) != 2 || all[1].Debt != "D-1" {
		t.Fatalf("got %+v, %v, want the rent and the instalment", all, err)
	}
	_, err = h.ReissueLines(t.Context(), h.anne, rent.EndToEndID, "", "")
	if !errors.Is(err, payments.ErrReissued) {
		t.Errorf("twice: got %v, want ErrReissued", err)
	}
	h.clean()
	run, err := h.Propose(t.Context(), h.anne, payments.Ask{All: true})
	if err != nil {
		t.Fatal(err)
	}
	told := false
	for _, e := range run.Mandates[0].Exceptions {
		told = told || e.Code == payments.NewPayee
	}
	if !told {
		t.Errorf("nobody is told of the new payee: %+v", run.Mandates[0].Exceptions)
	}
	checkText(t, "lines", lines(run), all[0].ID+" 217.50 PAID\n"+all[1].ID+" 30.00 PAID\n")
	h.carryOut(run)
	if got := h.owed("D-1"); got != "510.00" {
		t.Errorf("%s are owed, want 510.00 once the instalment has left again", got)
	}
	h.clean()
}

func TestAReissueThatMoneyDoesNotReachIsDueAgain(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	ins := h.to(h.filed(), "C-INSURER")
	h.bankRejects(ins, "MS03")
	h.move(ledger.BankDebit, "spent", ledger.Mandate("M-0001"), ledger.Bank("BK-M-0001"), "18.40")
	all, err := h.ReissueLines(t.Context(), h.anne, ins.EndToEndID, "O-AGAIN", "")
	if err != nil || len(all) != 1 || all[0].ID != "O-AGAIN" {
		t.Fatalf("got %+v, %v, want one obligation O-AGAIN", all, err)
	}
	for _, want := range []string{"O-AGAIN 0.00 DEFERRED INSUFFICIENT_FUNDS\n", "O-AGAIN 18.40 PAID\n"} {
		run := h.run(payments.Ask{All: true})
		checkText(t, "lines", lines(run), want)
		if strings.Contains(want, "DEFERRED") {
			h.credit("more", "M-0001", ledger.Mandate("M-0001"), "800.00")
		}
	}
}
