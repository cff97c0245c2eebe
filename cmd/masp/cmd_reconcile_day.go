package main

import (
	"strings"

	"masp/imports/reconcile"
	"masp/ledger/civil"
)

// reconcileDays holds the days that are over against the bank. A difference fails the day, and keeps no
// other step from its work.
func reconcileDays(s *session, h *house) (any, string, error) {
	result, err := h.reconcile.Run(s.ctx, "day", civil.Date{})
	if err != nil {
		return result, "", err
	}
	if len(result.Differences) > 0 {
		return result, "", &differsError{result.Differences}
	}
	return result, plural(result.Stored, "jour rapproché avec la banque", "jours rapprochés avec la banque") +
		", aucun écart.", nil
}

// differsError are accounts that do not agree with their bank.
type differsError struct{ days []reconcile.Day }

func (e *differsError) Error() string { return "bank accounts differ from the bank" }

// French names each account with the first day of its difference.
func (e *differsError) French() string {
	var all []string
	for _, d := range e.days {
		all = append(all, d.Account+" : "+d.Gap.French()+" depuis le "+d.Day.French())
	}
	return "Écart avec la banque — " + strings.Join(all, " ; ") + ". " +
		"Aucune campagne n'est approuvée avant (masp reconcile status)."
}
