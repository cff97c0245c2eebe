package imports

import (
	"context"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/money"
	"masp/ledger/unit"
	"masp/payments/mandates"
)

// AdviceState is a list that is kept, who brought it, and the line that it has split.
type AdviceState struct {
	Announced
	By   string
	Line *int64 // nil while no line has come
}

// Announce keeps a payer's list of what one of its credits brings, and answers its number. The
// credit may come later, and is then split by it; or it waits in suspense already, and is
// identified at once. A list is used once, by one line; the same list twice is refused.
//
// Errors: ErrRole, ErrToken, *RefusedError.
func (s *Service) Announce(ctx context.Context, who auth.Principal, a Advice) (int64, error) {
	if who.Secret() == "" {
		return 0, fmt.Errorf("announce a credit: %w", ErrToken)
	}
	if err := a.check(); err != nil {
		return 0, fmt.Errorf("announce a credit: %w", err)
	}
	var id int64
	a.Parts = append([]AdvicePart(nil), a.Parts...)
	err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) (err error) {
		if err = lockAccount(ctx, tx, a.BankAccount); err != nil {
			return err
		}
		if err = judgeAdvice(ctx, tx, &a); err != nil {
			return err
		}
		if id, err = insertAdvice(ctx, tx, who.Secret(), a); err != nil {
			return err
		}
		what := sealed{Advice: id}
		if what.Assignments, err = s.splitWaiting(ctx, tx, who, id, a); err != nil {
			return err
		}
		return record(ctx, tx, audit.Act{
			Actor: who.ID, Action: "advice.announce", ObjectType: "advice",
			ObjectID: strconv.FormatInt(id, 10), Reason: a.Payer + " " + a.Reference,
		}, what)
	})
	if err != nil {
		return 0, fmt.Errorf("announce a credit: %w", refusalOf(err))
	}
	return id, nil
}

// judgeAdvice names the mandates of a list and refuses what cannot be right.
func judgeAdvice(ctx context.Context, tx pgx.Tx, a *Advice) error {
	if err := nameOwners(ctx, tx, a); err != nil {
		return err
	}
	owners, err := ownersOf(ctx, tx, *a)
	if err != nil {
		return err
	}
	catalogue, err := mandates.CatalogueTx(ctx, tx)
	if err != nil {
		return err
	}
	return a.fits(owners, catalogue)
}

// splitWaiting identifies the one line that waits whole for this list: one entry, a posting
// for each part of a mandate. It answers the assignment, none when no line, or several, wait.
func (s *Service) splitWaiting(
	ctx context.Context, tx pgx.Tx, who auth.Principal, id int64, a Advice,
) ([]int64, error) {
	waiting, err := linesOf(ctx, tx, a)
	if err != nil || len(waiting) != 1 {
		return nil, err
	}
	item, err := lockItem(ctx, tx, waiting[0].line)
	if err != nil {
		return nil, err
	}
	owners, err := ownersOf(ctx, tx, a)
	if err != nil {
		return nil, err
	}
	catalogue, err := mandates.CatalogueTx(ctx, tx)
	if err != nil {
		return nil, err
	}
	var postings []ledger.Posting
	var total money.Amount
	for _, p := range a.Parts {
		if p.Mandate == "" {
			continue
		}
		to := owners[p.Mandate].Destination(catalogue, p.Benefit, p.Period, item.bookedOn)
		postings = append(postings, ledger.Posting{
			Debit: ledger.Suspense, Credit: accountOf(p.Mandate, to.Sub), Amount: p.Amount,
		})
		total = total.Add(p.Amount)
	}
	if len(postings) == 0 {
		return nil, nil
	}
	made, err := s.storeSplit(ctx, tx, who, identified{item: item, part: total, advice: id}, a, postings)
	return []int64{made}, err
}

// storeSplit writes the entry of a list that came after its line, and all that hangs on it.
func (s *Service) storeSplit(
	ctx context.Context, tx pgx.Tx, who auth.Principal, row identified, a Advice,
	postings []ledger.Posting,
) (made int64, err error) {
	if row.entry, err = s.identify(ctx, tx, who, row.item, postings...); err != nil {
		return 0, err
	}
	row.what.Reason = "bordereau " + a.Payer + " " + a.Reference
	if made, err = assign(ctx, tx, who.Secret(), row); err != nil {
		return 0, err
	}
	for _, p := range a.Parts {
		if p.Mandate == "" {
			continue
		}
		one := row
		one.part = p.Amount
		one.what = Assignment{Mandate: p.Mandate, Benefit: p.Benefit, Period: p.Period}
		if err := insertReceipt(ctx, tx, one); err != nil {
			return 0, err
		}
	}
	return made, insertUse(ctx, tx, row.advice, row.item.line)
}

// lockAccount locks a bank account as an import does: lists and lines follow each other.
func lockAccount(ctx context.Context, tx pgx.Tx, id string) error {
	tag, err := tx.Exec(ctx, `SELECT FROM masp.bank_accounts WHERE bank_account_id = $1 FOR NO KEY UPDATE`, id)
	if err != nil {
		return fmt.Errorf("lock bank account %s: %w", id, err)
	}
	if tag.RowsAffected() == 0 {
		return refuse("ACCOUNT_UNKNOWN", "Le compte %s n’est pas un compte de l’association.", id)
	}
	return nil
}

// Advices lists the lists that were announced, the newest payment first.
func (s *Service) Advices(ctx context.Context) ([]AdviceState, error) {
	rows, err := unit.Reader(ctx, s.DB).Query(ctx, selectAdvice+`ORDER BY a.paid_on DESC, a.advice_id DESC`)
	if err != nil {
		return nil, fmt.Errorf("list the payers' lists: %w", err)
	}
	return pgx.CollectRows(rows, scanAdvice)
}
