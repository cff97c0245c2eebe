package bank

import (
	"context"
	"net/http"
	"net/url"

	"masp/api/pages"
	"masp/ledger/civil"
)

// months says which month of the books is closed, and which may be closed next, to who may do so.
func (r *reconciled) months(ctx context.Context, v *pages.Visit) error {
	if !r.MayLock {
		return nil
	}
	locked := r.Standing.LockedThrough
	if of := r.Standing.BankAccount; of == "" && len(r.Others) == 0 { // locked together: one tells it of all
		newest, _, err := pages.Some[day](ctx, v, "/v1/reconciliations?limit=1")
		if err != nil || len(newest) == 0 {
			return err
		}
		var s status
		if err := v.Read(ctx, "/v1/reconciliation_status?bank_account="+newest[0].BankAccount, &s); err != nil {
			return err
		}
		if one := s.one(newest[0].BankAccount); one != nil {
			locked = one.LockedThrough
		}
	}
	if before := r.On.MonthOf().Add(-1); locked.Before(before.Last()) {
		r.Month = before
	}
	type closing struct {
		Month civil.Month `json:"month"`
		Act   string      `json:"act"`
	}
	last, _, err := pages.Some[closing](ctx, v, "/v1/closings?limit=1")
	if err != nil {
		return err
	}
	r.ToClose = r.On.MonthOf().Add(-1)
	if len(last) == 0 {
		return nil
	}
	if r.Closed = last[0].Month; last[0].Act == "reopen" {
		r.Closed = r.Closed.Add(-1)
	}
	if !r.Closed.Before(r.ToClose) {
		r.ToClose = civil.Month{}
	}
	return nil
}

// lock locks, opens again, or computes the days, as the pressed button says.
func lock(ctx context.Context, v *pages.Visit) error {
	var said string
	var err error
	switch v.Form.Value("acte") {
	case "verrouiller":
		said, err = closeDays(ctx, v)
	case "clore":
		said, err = closeMonth(ctx, v)
	case "rouvrir":
		said, err = reopenDays(ctx, v)
	default:
		said = "Chaque jour fini est rapproché."
		_, err = v.Act(ctx, http.MethodPost, "/v1/reconciliations", map[string]any{}, "")
	}
	if err != nil {
		if err = refusedAct(v, err, nil); err != nil {
			return err
		}
	}
	if len(v.Form.Problems) > 0 {
		return showReconciliation(ctx, v)
	}
	return v.Done("/banque/rapprochement?compte="+url.QueryEscape(v.Form.Value("compte")), said)
}

func closeDays(ctx context.Context, v *pages.Visit) (string, error) {
	through := v.Form.Date("through")
	if v.Form.Need("through", "Écrivez le dernier jour à verrouiller."); through.IsZero() {
		return "", nil
	}
	_, err := v.Act(ctx, http.MethodPost, "/v1/day_closings", map[string]any{"through": through}, "")
	return "Les jours sont verrouillés jusqu'au " + through.French() + ".", err
}

func reopenDays(ctx context.Context, v *pages.Visit) (string, error) {
	from := v.Form.Date("from")
	v.Form.Need("from", "Écrivez le premier jour à rouvrir.")
	reason := v.Form.Need("reason", "Dites pourquoi.")
	if len(v.Form.Problems) > 0 {
		return "", nil
	}
	_, err := v.Act(ctx, http.MethodPost, "/v1/bank_accounts/"+url.PathEscape(v.Form.Value("compte"))+"/reopenings",
		map[string]any{"from": from, "reason": reason}, "")
	return "Les jours sont rouverts à partir du " + from.French() + ".", err
}

// closeMonth closes the books of a month.
func closeMonth(ctx context.Context, v *pages.Visit) (string, error) {
	m, err := civil.ParseMonth(v.Form.Value("month"))
	if err != nil {
		v.Form.Bad("", "Ce mois n'existe pas.")
		return "", nil
	}
	_, err = v.Act(ctx, http.MethodPost, "/v1/closings", map[string]any{"month": m}, "")
	return "Les comptes " + m.FrenchOf() + " sont clos.", err
}
