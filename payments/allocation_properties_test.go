package payments_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/mandates"
)

func TestEveryEuroIsPaidRemittedOrCarriedForward(t *testing.T) {
	t.Parallel()
	forAll(t, func(q payments.Question) string {
		a := payments.Allocate(q)
		var lines, remitted, sent money.Amount
		for _, l := range a.Lines {
			lines = lines.Add(l.Paid)
		}
		for _, r := range a.Remittances {
			remitted = remitted.Add(r.Amount)
		}
		for _, tr := range a.Transfers {
			var covered money.Amount
			for _, c := range tr.Covers {
				covered = covered.Add(c.Amount)
			}
			if covered != tr.Amount {
				return fmt.Sprintf("transfer to %s covers %s, sends %s", tr.Creditor, covered, tr.Amount)
			}
			sent = sent.Add(tr.Amount)
		}
		switch {
		case lines.Add(a.RemitTotal).Add(a.CarriedForward) != q.Available:
			return fmt.Sprintf("lines %s + person %s + carried %s is not the %s available",
				lines, a.RemitTotal, a.CarriedForward, q.Available)
		case remitted != a.RemitTotal:
			return fmt.Sprintf("remittances are %s, total says %s", remitted, a.RemitTotal)
		case sent.Add(a.Reserved) != lines:
			return fmt.Sprintf("sent %s + reserved %s is not the %s of the lines", sent, a.Reserved, lines)
		case a.CarriedForward.IsNegative():
			return fmt.Sprintf("carries %s forward: more was spent than available", a.CarriedForward)
		}
		return ""
	})
}

func TestNothingElseLeavesWhileRentIsUnpaid(t *testing.T) {
	t.Parallel()
	forAll(t, func(q payments.Question) string {
		a := payments.Allocate(q)
		if !someSeniorShort(a) {
			return ""
		}
		for _, l := range a.Lines {
			if !l.Senior && !l.Paid.IsZero() {
				return fmt.Sprintf("line %s of class %s gets %s before the rent", l.ID, l.Class, l.Paid)
			}
		}
		if !a.RemitTotal.IsZero() || len(a.Remittances) > 0 {
			return fmt.Sprintf("the person gets %s before the rent", a.RemitTotal)
		}
		return ""
	})
}

func TestStopFundsNoLowerLineBeforeAHigherOne(t *testing.T) {
	t.Parallel()
	forAll(t, func(q payments.Question) string {
		if q.Policy.Shortfall != mandates.Stop {
			return ""
		}
		stopped := ""
		for _, l := range payments.Allocate(q).Lines {
			if stopped != "" && !l.Paid.IsZero() {
				return fmt.Sprintf("line %s is paid %s after %s was not", l.ID, l.Paid, stopped)
			}
			if !l.Senior && short(l) {
				stopped = l.ID
			}
		}
		return ""
	})
}

func TestTheLivingFloorIsKeptFromEverythingButRent(t *testing.T) {
	t.Parallel()
	forAll(t, func(q payments.Question) string {
		a := payments.Allocate(q)
		left, junior := q.Available, false
		for _, l := range a.Lines {
			left = left.Sub(l.Paid)
			junior = junior || !l.Senior && l.Paid.IsPositive()
		}
		if junior && left.Cmp(q.FloorLeft) < 0 {
			return fmt.Sprintf("lower lines leave %s of a floor of %s", left, q.FloorLeft)
		}
		return ""
	})
}

func TestStatusReasonAndAmountAgree(t *testing.T) {
	t.Parallel()
	forAll(t, func(q payments.Question) string {
		a := payments.Allocate(q)
		if len(a.Lines) != len(q.Lines) {
			return fmt.Sprintf("%d lines answer %d", len(a.Lines), len(q.Lines))
		}
		for _, l := range a.Lines {
			full := l.Status == payments.Paid || l.Status == payments.Reserved
			fits := false
			switch l.Status {
			case payments.Paid, payments.Reserved:
				fits = l.Paid == l.Due && (l.Status == payments.Reserved) == (l.Class == mandates.Reserve)
			case payments.Partial:
				fits = l.Paid.IsPositive() && l.Paid.Cmp(l.Due) < 0
			case payments.Deferred, payments.Blocked:
				fits = l.Paid.IsZero()
			}
			if !fits || full != (l.Reason == "") || explain(a, l.ID) == "" {
				return fmt.Sprintf("line %s: %s %q pays %s of %s: %q",
					l.ID, l.Status, l.Reason, l.Paid, l.Due, explain(a, l.ID))
			}
		}
		return ""
	})
}

func TestTheOrderOfInputMattersOnlyWithinAClass(t *testing.T) {
	t.Parallel()
	forAll(t, func(q payments.Question) string {
		want := payments.Allocate(q)
		asked := slices.Clone(q.Lines)
		regrouped := q
		regrouped.Lines = nil
		for _, c := range []mandates.Class{
			mandates.Reserve, mandates.DebtPlan, mandates.RentalCharge,
			mandates.OtherBill, mandates.HousingOther, mandates.Rent,
		} {
			for _, l := range q.Lines {
				if l.Class == c {
					regrouped.Lines = append(regrouped.Lines, l)
				}
			}
		}
		if got := payments.Allocate(regrouped); !reflect.DeepEqual(got, want) {
			return fmt.Sprintf("other order of classes gives\n%+v\nnot\n%+v", got, want)
		}
		if !slices.Equal(q.Lines, asked) {
			return "the lines of the question were moved"
		}
		return ""
	})
}

func TestWithEnoughForAllTheOrderWithinAClassChangesNoTotal(t *testing.T) {
	t.Parallel()
	forAll(t, func(q payments.Question) string {
		q.Available = q.Available.Add(money.Cents(1000)) // nine lines of 0.59 and the floor fit
		want := payments.Allocate(q)
		slices.Reverse(q.Lines)
		got := payments.Allocate(q)
		if !reflect.DeepEqual(paidOf(got), paidOf(want)) || got.RemitTotal != want.RemitTotal ||
			got.Reserved != want.Reserved || got.CarriedForward != want.CarriedForward {
			return fmt.Sprintf("reversed lines give\n%+v\nnot\n%+v", got, want)
		}
		return ""
	})
}

func TestOneMoreCentRaisesTheFirstLineThatChanges(t *testing.T) {
	t.Parallel()
	forAll(t, func(q payments.Question) string {
		before := payments.Allocate(q)
		q.Available = q.Available.Add(money.Cents(1))
		after := payments.Allocate(q)
		for i, l := range before.Lines {
			switch after.Lines[i].Paid.Cmp(l.Paid) {
			case 1:
				return ""
			case -1:
				return fmt.Sprintf("line %s falls from %s to %s", l.ID, l.Paid, after.Lines[i].Paid)
			}
		}
		if after.RemitTotal.Cmp(before.RemitTotal) < 0 {
			return fmt.Sprintf("the person falls from %s to %s", before.RemitTotal, after.RemitTotal)
		}
		return ""
	})
}

func TestUnderStopWithPartialRentOneMoreCentLowersNobody(t *testing.T) {
	t.Parallel()
	forAll(t, func(q payments.Question) string {
		q.Policy.Shortfall, q.Policy.PartialClasses = mandates.Stop,
			append([]mandates.Class{mandates.Rent, mandates.RentalCharge}, q.Policy.PartialClasses...)
		before := payments.Allocate(q)
		q.Available = q.Available.Add(money.Cents(1))
		after := payments.Allocate(q)
		for i, l := range before.Lines {
			if after.Lines[i].Paid.Cmp(l.Paid) < 0 {
				return fmt.Sprintf("line %s falls from %s to %s", l.ID, l.Paid, after.Lines[i].Paid)
			}
		}
		if after.RemitTotal.Cmp(before.RemitTotal) < 0 {
			return fmt.Sprintf("the person falls from %s to %s", before.RemitTotal, after.RemitTotal)
		}
		return ""
	})
}

// Where one more cent may cost somebody, it is the priority that says so: these
// are the two ways, and the reason why the property above has its conditions.
func TestOneMoreCentMayLetAnEarlierLineTakeALaterOnesMoney(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		classes [2]mandates.Class
		policy  mandates.ShortfallPolicy
	}{
		"skip tries the lower bill":      {[2]mandates.Class{mandates.HousingOther, mandates.OtherBill}, mandates.Skip},
		"charges do not wait for a rent": {[2]mandates.Class{mandates.Rent, mandates.RentalCharge}, mandates.Stop},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := payments.Question{Policy: mandates.DefaultPolicy(), Lines: []payments.DueLine{
				{ID: "first", Class: c.classes[0], Creditor: "A", Due: money.Cents(1000)},
				{ID: "second", Class: c.classes[1], Creditor: "B", Due: money.Cents(900)},
			}}
			q.Policy.Shortfall, q.Policy.PartialClasses = c.policy, nil
			for available, want := range map[int64]map[string]int64{
				999: {"first": 0, "second": 900}, 1000: {"first": 1000, "second": 0},
			} {
				q.Available = money.Cents(available)
				if got := paidOf(payments.Allocate(q)); !reflect.DeepEqual(got, want) {
					t.Errorf("with %s: got %v, want %v", q.Available, got, want)
				}
			}
		})
	}
}

func TestARentThatTheLawBlocksDoesNotHoldTheOthers(t *testing.T) {
	t.Parallel()
	a := payments.Allocate(payments.Question{
		Policy: mandates.DefaultPolicy(), Available: money.Cents(5000),
		RemitTo: "SELF", RemitOn: []civil.Date{civil.MustParse("2026-11-05")},
		Lines: []payments.DueLine{
			{ID: "rent", Class: mandates.Rent, Creditor: "L", Due: money.Cents(3000), Block: mandates.OverIndebtednessFreeze},
			{ID: "power", Class: mandates.HousingOther, Creditor: "E", Due: money.Cents(1000)},
		},
	})
	got := fmt.Sprintf("%s %s %s %d", a.Lines[0].Status, a.Lines[1].Status, a.RemitTotal, len(payments.Alerts(a)))
	if want := "BLOCKED PAID 40.00 0"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestARemittanceOfNoCentIsNotMade(t *testing.T) {
	t.Parallel()
	first := civil.MustParse("2026-11-05")
	a := payments.Allocate(payments.Question{
		Policy: mandates.DefaultPolicy(), Available: money.Cents(2),
		RemitTo: "SELF", RemitOn: []civil.Date{first, first.AddDays(7), first.AddDays(14)},
	})
	want := []payments.Remittance{{On: first, Amount: money.Cents(1)}, {On: first.AddDays(7), Amount: money.Cents(1)}}
	if !slices.Equal(a.Remittances, want) {
		t.Errorf("got %v, want %v", a.Remittances, want)
	}
}
