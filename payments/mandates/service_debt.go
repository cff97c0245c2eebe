package mandates

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/worklist"
)

// Aid is money of a third party (FSL, CAF, a foundation) that went straight to the creditor.
type Aid struct {
	From     string // who paid
	Amount   money.Amount
	On       civil.Date
	Evidence string // the decision or the creditor's receipt
}

// RecordWithholding notes that the payer kept part of a benefit for a debt: the debt falls
// and nothing is posted, for that money never came. A debt that is contested that day
// should not have been recovered, and one that falls by more than its instalment by
// more than was notified within a calendar month: both raise an alert, and so does one
// that no payer may recover. More than what is owed is refused (DEBT_OVERPAID), and so is
// the same amount of the same day a second time.
func (s *Service) RecordWithholding(
	ctx context.Context, who auth.Principal, debt string, amount money.Amount, on civil.Date,
) error {
	m := movement{debt: debt, on: on, kind: moveWithholding, amount: amount.Neg()}
	m.source = fmt.Sprintf("withholding %s %s %s", debt, on, amount)
	return s.move(ctx, who, m, func(tx pgx.Tx, d Debt) error {
		sum, err := withheldIn(ctx, tx, debt, on.MonthOf())
		if err != nil {
			return err
		}
		to, err := creditorKind(ctx, tx, d.Creditor)
		if err != nil {
			return err
		}
		return worklist.RaiseTx(ctx, tx, withholdingAlerts(d, to, amount, sum, on)...)
	})
}

// withholdingAlerts tells what is wrong with a withholding for a debt to a creditor of a kind, after
// which the sum of its calendar month is so much.
func withholdingAlerts(d Debt, to CreditorKind, amount, sum money.Amount, on civil.Date) []worklist.Alert {
	var alerts []worklist.Alert
	raise := func(code, french string, amount money.Amount) {
		alerts = append(alerts, worklist.Alert{
			On: on, Code: code, Mandate: d.Mandate, Subject: d.ID, Amount: amount, Text: french,
			Source: fmt.Sprintf("%s %s %s %s", code, d.ID, on, amount), Details: map[string]string{"debt": d.ID},
		})
	}
	if d.contestedOn(on) {
		raise(IllegalWithholding, "Retenue de "+amount.French()+" sur la dette contestée "+d.ID+
			" : la contestation suspend le recouvrement, écrivez à l'organisme.", amount)
	}
	if !d.Withholdable(to) {
		raise(WithholdingUnusual, "Retenue de "+amount.French()+" sur la dette "+d.ID+
			", qui n'est ni un indu ni due à un organisme : demandez au payeur de quel droit.", amount)
	}
	if d.Instalment.IsPositive() && sum.Cmp(d.Instalment) > 0 {
		raise(WithholdingAboveNotice, "Retenues de "+sum.French()+" en "+on.MonthOf().French()+" sur la dette "+d.ID+
			" : "+d.Instalment.French()+" étaient notifiés. Demandez le détail à l'organisme.", sum)
	}
	return alerts
}

// RecordAid notes what a third party has paid to the creditor himself: the debt falls and
// nothing is posted. Evidence is asked for.
func (s *Service) RecordAid(ctx context.Context, who auth.Principal, debt string, a Aid) error {
	if a.Evidence == "" || a.From == "" {
		return ErrDebtEvidence
	}
	return s.move(ctx, who, movement{
		debt: debt, on: a.On, kind: moveAid, amount: a.Amount.Neg(), evidence: a.From + " : " + a.Evidence,
		source: fmt.Sprintf("aid %s %s %s %s", debt, a.From, a.On, a.Amount),
	}, nil)
}

// CorrectDebt brings what is owed to what the creditor has proved, up or down:
// interest, a counter-claim, a remission.
func (s *Service) CorrectDebt(
	ctx context.Context, who auth.Principal, debt string, owed money.Amount, on civil.Date, evidence string,
) error {
	switch {
	case evidence == "":
		return ErrDebtEvidence
	case owed.IsNegative():
		return Violations{{Rule: "R-064", Code: "DEBT_NEGATIVE", French: "Une dette ne peut pas être négative."}}
	}
	return s.move(ctx, who, movement{
		debt: debt, on: on, kind: moveCorrection, owed: owed, evidence: evidence,
		source: fmt.Sprintf("correction %s %s %s", debt, on, owed),
	}, nil)
}

// move changes what is owed by one movement that a person tells, and lets more happen with it.
func (s *Service) move(
	ctx context.Context, who auth.Principal, m movement, more func(pgx.Tx, Debt) error,
) error {
	a := audit.Act{
		Action: "debt." + m.kind.verb(), ObjectType: "debt", ObjectID: m.debt, Reason: m.evidence,
		Details: map[string]any{"amount": m.amount, "on": m.on},
	}
	return s.act(ctx, who, a, func(tx pgx.Tx, a *audit.Act) error {
		d, err := lockDebt(ctx, tx, m.debt)
		if err != nil {
			return err
		}
		today, err := ledger.Today(ctx, tx)
		switch {
		case err != nil:
			return err
		case m.on.After(today):
			return ErrFutureMovement
		case m.kind == moveCorrection:
			m.amount = m.owed.Sub(d.Outstanding)
			a.Details = map[string]any{"amount": m.amount, "on": m.on}
		}
		if err := m.check(d); err != nil {
			return err
		}
		if err := insertMovement(ctx, tx, m); err != nil {
			return err
		}
		if more == nil {
			return nil
		}
		return more(tx, d)
	})
}

// Contest notes that the person contests a debt: from that day on nothing of it is paid
// . EndContest allows it again.
func (s *Service) Contest(ctx context.Context, who auth.Principal, debt string, on civil.Date) error {
	a := audit.Act{Action: "debt.contest", ObjectType: "debt", ObjectID: debt, Details: map[string]any{"on": on}}
	return s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		d, err := lockDebt(ctx, tx, debt)
		switch {
		case err != nil:
			return err
		case !d.ContestedOn.IsZero() && d.ContestEndedOn.IsZero():
			return ErrContested
		}
		return updateContest(ctx, tx, debt, on, civil.Date{})
	})
}

// EndContest notes the first day on which a contested debt may be paid again.
func (s *Service) EndContest(ctx context.Context, who auth.Principal, debt string, on civil.Date, reason string) error {
	a := audit.Act{
		Action: "debt.contest_end", ObjectType: "debt", ObjectID: debt, Reason: reason,
		Details: map[string]any{"on": on},
	}
	return s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		d, err := lockDebt(ctx, tx, debt)
		switch {
		case err != nil:
			return err
		case d.ContestedOn.IsZero() || !d.ContestEndedOn.IsZero():
			return ErrNotContested
		case on.Before(d.ContestedOn):
			return ErrEndDay
		}
		return updateContest(ctx, tx, debt, d.ContestedOn, on)
	})
}
