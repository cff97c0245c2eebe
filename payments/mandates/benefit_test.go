package mandates_test

import (
	"strings"
	"testing"

	"masp/ledger/civil"
	"masp/payments/mandates"
)

func TestACreditGoesWhereTheRulesSay(t *testing.T) {
	t.Parallel()
	running, ended, died, unsigned := good(), good(), good(), good()
	ended.EndedOn = day("2026-10-28")
	died.Status, died.DiedOn = mandates.Deceased, day("2026-10-16")
	unsigned.Contract.Signatures[0].On = civil.Date{}
	paused := good()
	paused.Status = mandates.Suspended
	for name, c := range map[string]struct {
		m               mandates.Mandate
		benefit, period string
		want            mandates.Destination
	}{
		"a benefit of the contract":       {running, "RSA", "2026-10", mandates.Destination{}},
		"a wage":                          {running, "WAGE", "2026-10", mandates.Destination{Sub: mandates.Restricted, Alert: "RESOURCE_NOT_ELIGIBLE"}},
		"a benefit not named":             {running, "AF", "2026-10", mandates.Destination{Sub: mandates.Restricted, Alert: "RESOURCE_NOT_ELIGIBLE"}},
		"a refund":                        {running, mandates.RefundOfPayment, "", mandates.Destination{}},
		"while it is suspended":           {paused, "RSA", "2026-10", mandates.Destination{}},
		"a refund while suspended":        {paused, mandates.RefundOfPayment, "", mandates.Destination{}},
		"a wage while suspended":          {paused, "WAGE", "2026-10", mandates.Destination{Sub: mandates.Restricted, Alert: "RESOURCE_NOT_ELIGIBLE"}},
		"after the end":                   {ended, "RSA", "2026-10", mandates.Destination{Sub: mandates.Restitution, Alert: "CREDIT_AFTER_END"}},
		"a wage after the end":            {ended, "WAGE", "2026-10", mandates.Destination{Sub: mandates.Restricted, Alert: "RESOURCE_NOT_ELIGIBLE"}},
		"a refund after the end":          {ended, mandates.RefundOfPayment, "", mandates.Destination{Sub: mandates.Restitution}},
		"for the month of death":          {died, "RSA", "2026-10", mandates.Destination{Sub: mandates.Undue, Alert: "BENEFIT_AFTER_DEATH"}},
		"for a month before the death":    {died, "RSA", "2026-09", mandates.Destination{Sub: mandates.Estate}},
		"a refund after the death":        {died, mandates.RefundOfPayment, "", mandates.Destination{Sub: mandates.Estate}},
		"before all have signed":          {unsigned, "RSA", "2026-10", mandates.Destination{Sub: mandates.Restricted, Alert: "RESOURCE_NOT_ELIGIBLE"}},
		"a refund before all have signed": {unsigned, mandates.RefundOfPayment, "", mandates.Destination{Sub: mandates.Restricted, Alert: "RESOURCE_NOT_ELIGIBLE"}},
	} {
		var period civil.Month
		if c.period != "" {
			period = month(c.period)
		}
		if got := c.m.Destination(mandates.Catalogue(), c.benefit, period, day("2026-11-05")); got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}

func TestTheCatalogueOfTheMonthOfRightBindsACredit(t *testing.T) {
	t.Parallel()
	rows := mandates.Catalogue()
	for i := range rows {
		if rows[i].Code == "RSA" {
			rows[i].To = day("2026-09-30")
		}
	}
	for period, want := range map[string]mandates.SubAccount{
		"2026-09": mandates.Managed, "2026-10": mandates.Restricted, "": mandates.Restricted,
	} {
		var right civil.Month
		if period != "" {
			right = month(period)
		}
		if got := good().Destination(rows, "RSA", right, day("2026-11-05")); got.Sub != want {
			t.Errorf("right of %q: got %+v, want %q", period, got, want)
		}
	}
}

func TestAnAuthorisationHoldsBetweenItsDates(t *testing.T) {
	t.Parallel()
	m := good()
	m.Benefits[0].To = day("2026-03-31")
	for on, want := range map[string]bool{"2025-12-31": false, "2026-01-01": true, "2026-03-31": true, "2026-04-01": false} {
		if got := m.Authorises("RSA", day(on)); got != want {
			t.Errorf("on %s: got %v, want %v", on, got, want)
		}
	}
}

func TestTheCatalogueHoldsTheTableOfTheLaw(t *testing.T) {
	t.Parallel()
	rows := mandates.Catalogue()
	seen := map[string]bool{}
	for _, b := range rows {
		if seen[b.Code] || b.Label == "" || b.LegalItem == "" || b.Payers == nil || b.From.IsZero() || b.Manageable && len(b.Payers) == 0 {
			t.Errorf("row %+v is double or not whole", b)
		}
		seen[b.Code] = true
	}
	manageable := strings.Fields("APL ALS APA ASPA AVTS AVTNS AMF_OLD ASV_OLD AV_RAP AVA_OLD AS_OLD ASI RSA AAH MVA CR PCH ACTP AF CF ASF ARS PAJE ALF AEEH AJPP")
	on := day("2026-11-05")
	for _, code := range manageable {
		if b, ok := mandates.Find(rows, code, on); !ok || !b.Manageable {
			t.Errorf("%s: got %+v, want a manageable benefit", code, b)
		}
	}
	for _, code := range []string{"WAGE", "PRIME_ACTIVITE", "RETIREMENT_PENSION", "ENERGY_CHEQUE"} {
		if b, ok := mandates.Find(rows, code, on); !ok || b.Manageable {
			t.Errorf("%s: got %+v, want a resource that may not be managed", code, b)
		}
	}
	if b, ok := mandates.Find(rows, "RSA", day("2009-05-31")); ok {
		t.Errorf("RSA before June 2009: got %+v, want none", b)
	}
}

func TestTheCatalogueSaysWhatOfTheMonthOfDeathIsDue(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule         mandates.DeathRule
		died, period string
		want         mandates.SubAccount
	}{
		{"", "2026-10-12", "2026-10-01", mandates.Undue},
		{mandates.UndueMonth, "2026-10-31", "2026-10-01", mandates.Undue},
		{mandates.DueUntilDay, "2026-10-12", "2026-10-01", mandates.Undue},
		{mandates.DueUntilDay, "2026-10-31", "2026-10-01", mandates.Estate},
		{mandates.DueMonth, "2026-10-01", "2026-10-01", mandates.Estate},
		{mandates.DueMonth, "2026-10-31", "2026-11-01", mandates.Undue}, // a later month never is
		{mandates.UndueMonth, "2026-10-01", "2026-09-01", mandates.Estate},
	} {
		m := good()
		m.Status, m.DiedOn, m.EndedOn = mandates.Deceased, day(c.died), day(c.died)
		rows := []mandates.Benefit{{Code: "RSA", From: day("2009-01-01"), Manageable: true, MonthOfDeath: c.rule}}
		if got := m.Destination(rows, "RSA", day(c.period).MonthOf(), day("2026-11-05")); got.Sub != c.want {
			t.Errorf("%s of %s, death on %s: got %q, want %q", c.rule, c.period, c.died, got.Sub, c.want)
		}
	}
	wantRule(t, mandates.Benefit{MonthOfDeath: "SOON"}.Check(), "MONTH_OF_DEATH_UNKNOWN")
}
