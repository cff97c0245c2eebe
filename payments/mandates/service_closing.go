package mandates

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/money"
)

// ClosingStep is one thing to be done before a measure is closed.
type ClosingStep struct {
	Code   string
	French string // what to do
	Amount money.Amount
	Count  int  // transfers, lines or payers that are concerned
	Advice bool // to be done, but nothing that keeps a measure open
}

// Done tells whether nothing of the step is left.
func (c ClosingStep) Done() bool { return c.Amount.IsZero() && c.Count == 0 }

// blocks tells whether the step keeps the measure open.
func (c ClosingStep) blocks() bool { return !c.Done() && !c.Advice }

// Flow is a sum of one nature that came into a person's accounts or left them.
type Flow struct {
	Nature string // kind of entry, benefit or class of expense
	In     money.Amount
	Out    money.Amount
}

// FinalAccount is what a measure has received, spent and given back, in euros: all that
// came in less all that went out is what is held.
type FinalAccount struct {
	Flows    []Flow // by kind of entry, from the books
	Received []Flow // what came in of each benefit
	Paid     []Flow // what went out for each class of expense and was not sent back
	Held     money.Amount
}

// Proved tells whether the flows add up to what is held.
func (f FinalAccount) Proved() bool {
	sum := money.Amount{}
	for _, one := range f.Flows {
		sum = sum.Add(one.In).Sub(one.Out)
	}
	return sum == f.Held
}

// Closing is where the closing of a measure stands.
type Closing struct {
	Mandate string
	Status  Status
	Steps   []ClosingStep // in the order in which they are done
	Account FinalAccount
}

// Ready tells whether the measure may be closed: over, every step done, zero proved.
func (c Closing) Ready() bool {
	for _, step := range c.Steps {
		if step.blocks() {
			return false
		}
	}
	return (c.Status == Ended || c.Status == Deceased) && c.Account.Held.IsZero() && c.Account.Proved()
}

// NotReadyError refuses to close a measure and says what is left to do.
type NotReadyError struct{ Closing Closing }

// Error names the steps that are left.
func (e *NotReadyError) Error() string {
	text := fmt.Sprintf("measure %s (%s) is not ready to be closed", e.Closing.Mandate, e.Closing.Status)
	for _, step := range e.Closing.Steps {
		if step.blocks() {
			text += ", " + step.Code
		}
	}
	return text
}

// French says what to do, one thing per line.
func (e *NotReadyError) French() string {
	text := "Cette mesure ne peut pas encore être clôturée :"
	if s := e.Closing.Status; s != Ended && s != Deceased {
		return text + " elle n'est pas finie, ou l'est déjà (masp mandate show)."
	}
	for _, step := range e.Closing.Steps {
		if step.blocks() {
			text += "\n  " + step.French
		}
	}
	return text
}

// Closing reads from the books what is left to do before a measure is closed, and its final
// account, or ErrNoMandate.
func (s *Service) Closing(ctx context.Context, id string) (Closing, error) {
	var c Closing
	err := ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) (err error) {
		c, err = closingTx(ctx, tx, id)
		return err
	})
	if err != nil {
		return Closing{}, fmt.Errorf("read the closing of %s: %w", id, err)
	}
	return c, nil
}

// Close closes a measure that is over and at zero, for ever; else *NotReadyError. Nobody
// posts meanwhile, and PostgreSQL asks for zero once more.
func (s *Service) Close(ctx context.Context, who auth.Principal, id string) error {
	a := audit.Act{Action: "mandate.close", ObjectType: "mandate", ObjectID: id}
	return s.act(ctx, who, a, func(tx pgx.Tx, a *audit.Act) error {
		if _, err := lockMeasure(ctx, tx, id); err != nil {
			return err
		}
		if err := s.Ledger.LockTx(ctx, tx); err != nil {
			return err
		}
		c, err := closingTx(ctx, tx, id)
		if err != nil {
			return err
		}
		if !c.Ready() {
			return &NotReadyError{c}
		}
		a.Details = map[string]any{"flows": c.Account.Flows}
		_, err = tx.Exec(ctx, `UPDATE masp.mandates SET status = 'CLOSED' WHERE mandate_id = $1`, id)
		return translate(err, ErrNoMandate)
	})
}
