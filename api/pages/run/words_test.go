package run

import (
	"testing"

	"masp/ledger/money"
)

func TestAButtonSaysWhatWillBeDone(t *testing.T) {
	t.Parallel()
	const half, none = "336,80\u00a0€", "0,00\u00a0€"
	for _, c := range []struct {
		of     exception
		choice string
		text   string
		why    string
	}{
		{exception{Code: "insufficient_funds", Severity: blocking, After: half, Choices: []string{"KEEP", "PAY_PART"}}, "KEEP", "", ""},
		{exception{Code: "insufficient_funds", Severity: blocking, After: half, Choices: []string{"KEEP", "PAY_PART"}}, "PAY_PART", "Payer " + half, ""},
		{exception{Code: "insufficient_funds", Severity: blocking, After: none, Instead: money.MustParse("336.80")}, "PAY_PART", "Payer " + half, ""},
		{exception{Code: "insufficient_funds", Severity: blocking, After: none}, "KEEP", "Ne rien payer maintenant", ""},
		{exception{Code: "amount_changed", After: half, Instead: money.MustParse("301.00")}, "KEEP_OLD", "Payer 301,00\u00a0€", ""},
		{exception{Code: "amount_changed", After: half}, "KEEP", "Payer " + half, ""},
		{exception{Code: "payee_rejected_last_time", Severity: blocking}, "KEEP", "Payer quand même", "Pourquoi ?"},
		{exception{Code: "rent_missing", Severity: blocking}, "CONFIRM_NO_RENT", "Pas de loyer ce mois-ci", "Pourquoi ?"},
		{exception{Code: "measure_ended", Severity: blocking, After: "ENDED"}, "KEEP", "C'est vu", ""},
		{exception{Code: "measure_ended", Severity: blocking, After: "09/12/2026"}, "KEEP", "Garder tel quel", "Pourquoi ?"},
		{exception{Code: "iban_changed"}, "VERIFIED_BY_CALL", "Vérifié par appel", "Qui a répondu, à quel numéro ?"},
		{exception{Code: "first_run"}, "KEEP", "C'est vu", ""},
	} {
		if text, why := c.of.button(c.choice), c.of.wants(c.choice); text != c.text || why != c.why {
			t.Errorf("%s of %s: got %q, %q, want %q, %q", c.choice, c.of.Code, text, why, c.text, c.why)
		}
	}
}

func TestTheCascadeOfMoneyThatWasThereBeforeZeroStaysInItsFrame(t *testing.T) {
	t.Parallel()
	d := drawingOf([]step{
		{"BEFORE", money.MustParse("-100.00")},
		{"RECEIVED", money.MustParse("999999.99")},
		{"RENT", money.MustParse("400.00")},
		{"AFTER", money.MustParse("999499.99")},
	})
	for _, b := range d.Bars {
		if b.X < 0 || b.X+b.Width > barsWide+thinnest {
			t.Errorf("%s stands from %d to %d", b.Word, b.X, b.X+b.Width)
		}
	}
}
