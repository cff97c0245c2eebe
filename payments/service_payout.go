package payments

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// ProposePayout keeps, as a draft, a run of one transfer and no line: money that no run shares out
// leaves the person's account whole, or what a payer has claimed. It is submitted, approved by a
// second person and filed like any run. The mandate may be ended or frozen. Refusals are those of
// Propose, and a *ShortError when the account holds less than is claimed.
func (s *Service) ProposePayout(ctx context.Context, who auth.Principal, p Payout) (Run, error) {
	var run Run
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		head, parts, err := s.composePayout(ctx, tx, p)
		if err != nil {
			return err
		}
		facts, err := s.factsOf(ctx, tx, inquiry{run: head, preparer: who.ID, parts: []scope{parts[0].scope()}})
		if err != nil {
			return err
		}
		no := numbers{run: head.Number}
		no.transfersOf(parts)
		no.judge(parts, facts)
		run, err = s.keep(ctx, tx, who, head, whole(parts))
		run.Mandates = parts
		return err
	})
	if err != nil {
		return Run{}, fmt.Errorf("propose a payout: %w", translate(err))
	}
	return run, nil
}

// composePayout is the head of the run and its only part.
func (s *Service) composePayout(ctx context.Context, tx pgx.Tx, p Payout) (Run, []RunMandate, error) {
	if err := p.check(); err != nil {
		return Run{}, nil, err
	}
	ask := Ask{On: p.On, Mandates: []string{p.Mandate}, Purpose: OffCycle}
	c, err := s.begin(ctx, tx, ask, nil)
	if err != nil {
		return Run{}, nil, err
	}
	run := c.run
	run.Purpose, run.Evidence, p.On = p.Purpose, p.Evidence, run.On
	situations, err := mandates.SituationsTx(ctx, tx, run.On, c.ids)
	if err != nil {
		return Run{}, nil, err
	}
	payees, err := mandates.PayeesTx(ctx, tx, []string{p.To})
	if err != nil {
		return Run{}, nil, err
	}
	if err := p.refuse(situations[0], payees[p.To]); err != nil {
		return Run{}, nil, err
	}
	if err := refuseClaimed(ctx, tx, p); err != nil {
		return Run{}, nil, err
	}
	held, err := s.held(ctx, tx, run, p)
	if err != nil {
		return Run{}, nil, err
	}
	amount, err := p.amount(held)
	if err != nil {
		return Run{}, nil, err
	}
	return run, []RunMandate{p.mandate(situations[0], payees[p.To], run, amount, held)}, nil
}

// refuseClaimed keeps undue benefits from the heirs while who paid them may claim them.
func refuseClaimed(ctx context.Context, tx pgx.Tx, p Payout) error {
	if p.Purpose != EstatePayout || p.Sub != ledger.Undue {
		return nil
	}
	var until civil.Date
	err := tx.QueryRow(ctx, `SELECT masp.undue_kept_until($1)`, p.Mandate).Scan(&until)
	if err == nil && until.After(p.On) {
		return &AskError{"UNDUE_CLAIMED", until.French()}
	}
	return err
}

// held is what the account of a payout holds; of the plain account, what is neither set aside nor
// promised.
func (s *Service) held(ctx context.Context, tx pgx.Tx, run Run, p Payout) (money.Amount, error) {
	if p.account() == ledger.Mandate(p.Mandate) {
		purses, err := s.purses(ctx, tx, run, []string{p.Mandate})
		return purses[p.Mandate].available(), err
	}
	balance, err := s.Ledger.Balance(ctx, tx, p.account())
	return balance.Neg(), err
}

// mandate is the part of the run that concerns the one mandate.
func (p Payout) mandate(
	sit mandates.Situation, to mandates.Payee, run Run, amount, held money.Amount,
) RunMandate {
	return RunMandate{
		Mandate: p.Mandate, Person: sit.Person, Available: held, Carried: held.Sub(amount),
		Transfers: []Instruction{{
			Run: run.ID, Mandate: p.Mandate, Kind: p.kind(), Account: p.account(), BankAccount: sit.BankAccount.ID,
			Creditor: p.To, Name: to.Name, IBAN: to.IBAN, IBANVersion: to.Version, Amount: amount,
			LeaveOn: run.On, ExecuteOn: civil.NextTARGET(run.On), Reference: p.reference(), State: InstructionDraft,
		}},
	}
}
