package scenario_test

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// result is the state as the expected files print it.
func (o *oracleBooks) result() obj {
	reserves, debts, cancelled := obj{}, []obj{}, []obj{}
	for _, m := range o.story.Mandates {
		reserves[m.ID] = o.reserves[m.ID]
	}
	for _, d := range o.story.Debts {
		debts = append(debts, obj{"id": d.ID, "outstanding_cents": o.owed[d.ID]})
	}
	for _, r := range o.scheduled {
		if r.state == "CANCELLED" {
			cancelled = append(cancelled, obj{"id": r.id, "date": r.date, "amount_cents": r.cents})
		}
	}
	payments, files := o.printPayments()
	return obj{
		"scenario":               o.story.Scenario,
		"as_of":                  o.story.AsOf,
		"runs":                   o.runs,
		"sepa_by_execution_date": files,
		"payments":               payments,
		"remittances_cancelled":  cancelled,
		"journal":                o.journal,
		"balances_cents":         o.balances,
		"mandate_status":         o.status,
		"reserves_cents":         reserves,
		"debts":                  debts,
		"benefit_reconciliation": o.reconcile(),
		"statements":             o.pages,
		"alerts":                 o.alerts,
	}
}

func (o *oracleBooks) printPayments() (payments []obj, files obj) {
	sorted := slices.Clone(o.paid)
	slices.SortStableFunc(sorted, func(a, b *oPayment) int {
		return cmp.Or(cmp.Compare(a.on, b.on), cmp.Compare(a.id, b.id))
	})
	counts, sums := map[string]int{}, map[string]int64{}
	payments, files = []obj{}, obj{}
	for _, p := range sorted {
		covers := []obj{}
		for _, c := range p.covers {
			covers = append(covers, obj{"line": c.line, "amount_cents": c.cents, "debt": c.debt})
		}
		out := obj{
			"id":           p.id,
			"mandate":      p.mandate,
			"payee":        p.payee,
			"amount_cents": p.cents,
			"executed_on":  p.on,
			"account":      p.account,
			"state":        p.state,
			"settled_on":   nil,
			"covers":       covers,
			"kind":         p.kind,
		}
		for key, value := range map[string]string{"settled_on": p.settledOn, "r_reason": p.reason, "reissued": p.reissued} {
			if value != "" {
				out[key] = value
			}
		}
		payments = append(payments, out)
		counts[p.on]++
		sums[p.on] += p.cents
		files[p.on] = obj{"nb_of_txs": counts[p.on], "ctrl_sum_cents": sums[p.on]}
	}
	return payments, files
}

func (o *oracleBooks) reconcile() []obj {
	list := []obj{}
	for _, b := range o.story.Expected {
		got := o.received[[3]string{b.Mandate, b.Benefit, b.Period}]
		line := obj{
			"mandate":                        b.Mandate,
			"benefit":                        b.Benefit,
			"period":                         b.Period,
			"amount_cents":                   b.Amount,
			"expected_on":                    b.On,
			"received_cents":                 int64(0),
			"received_on":                    nil,
			"difference_cents":               -b.Amount,
			"explained_by_withholding_cents": int64(0),
			"status":                         "MISSING",
		}
		list = append(list, line)
		if got == nil {
			continue
		}
		line["received_cents"], line["received_on"] = got.cents, got.on
		line["difference_cents"] = got.cents - b.Amount
		switch {
		case got.cents < b.Amount:
			line["status"] = "SHORT"
			line["explained_by_withholding_cents"] = o.withheld[[2]string{b.Mandate, got.on}]
		case got.cents > b.Amount:
			line["status"] = "OVER"
		case got.on > b.On:
			line["status"] = "LATE"
		default:
			line["status"] = "MATCHED"
		}
	}
	return list
}

func TestTheOracleAgreesWithEveryWorkedMonth(t *testing.T) {
	t.Parallel()
	expected := shared(t, "expected")
	for name, raw := range stories(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want, err := os.ReadFile(filepath.Join(expected, name))
			if err != nil {
				t.Fatal(err)
			}
			compare(t, oracle(raw), want)
		})
	}
}
