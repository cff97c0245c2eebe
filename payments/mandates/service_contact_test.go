package mandates_test

import (
	"errors"
	"testing"

	"masp/ledger/money"
	"masp/payments/mandates"
)

func TestADebtSaysWhomToAskAndWhenItWasBroughtUpToDate(t *testing.T) {
	t.Parallel()
	s, _, _, who := loaded(t)
	anne := who["a.morel"]
	for code, c := range map[string]mandates.Contact{
		"CONTACT_EMPTY": {Creditor: "C-OFFICE", Hours: "le matin"},
		"PHONE":         {Creditor: "C-OFFICE", Phone: "le 12"},
		"EMAIL":         {Creditor: "C-OFFICE", Email: "contentieux"},
	} {
		wantRule(t, s.SetContact(t.Context(), anne, c), code)
	}
	if err := s.SetContact(t.Context(), anne, mandates.Contact{Creditor: "C-NONE", Name: "x"}); !errors.Is(err, mandates.ErrNoCreditor) {
		t.Errorf("a creditor that is not there: %v", err)
	}
	for _, name := range []string{"Mme Vidal", "M. Ott"} {
		c := mandates.Contact{Creditor: "C-OFFICE", Name: name, Phone: "04 99 00 00 00", Hours: "9 h à 12 h"}
		if err := s.SetContact(t.Context(), anne, c); err != nil {
			t.Fatal(french(err))
		}
	}
	if err := s.CorrectDebt(t.Context(), anne, "D-0001-LOYER", money.Cents(600_00), day("2026-11-08"), "décompte du 8 novembre"); err != nil {
		t.Fatal(french(err))
	}
	d, err := s.Dossier(t.Context(), "M-0001")
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Contacts["C-OFFICE"].French(); got != "M. Ott, 04 99 00 00 00, 9 h à 12 h" {
		t.Errorf("the last contact is %q", got)
	}
	if got := d.Updated["D-0001-LOYER"]; got.On != day("2026-11-08") || got.Evidence != "décompte du 8 novembre" {
		t.Errorf("the last update is %+v", got)
	}
}

func TestTheActivitiesHaveTheirNationalCodes(t *testing.T) {
	t.Parallel()
	for a, want := range map[mandates.Activity]string{
		mandates.ActivityMASP: "522", mandates.ActivityMAJ: "521", mandates.ActivityMJAGBF: "380", 9: "?",
	} {
		if got := a.Code(); got != want || (a.French() == "?") != (want == "?") {
			t.Errorf("got %s %s, want %s", got, a.French(), want)
		}
	}
}
