package imports

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/mandates"
)

// AssignSuspense identifies a line: an explicit act of a named user, proved by the secret that
// the principal carries. Money in goes to the account that a recognised credit would
// have gone to, or back to where a transfer came from; money out settles one of our transfers. A partial amount leaves the rest open.
//
// Errors: ErrNotInSuspense, ErrRole, ErrToken, *RefusedError.
func (s *Service) AssignSuspense(
	ctx context.Context, who auth.Principal, line int64, a Assignment,
) (Assigned, error) {
	var done Assigned
	if who.Secret() == "" {
		return done, fmt.Errorf("assign bank line %d: %w", line, ErrToken)
	}
	err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		item, err := lockItem(ctx, tx, line)
		if err != nil {
			return err
		}
		a, err := taken(ctx, tx, line, a)
		if err != nil {
			return err
		}
		if done, err = s.assignItem(ctx, tx, who, item, a); err != nil {
			return err
		}
		return record(
			ctx,
			tx,
			audit.Act{
				Actor: who.ID, Action: "suspense.assign", ObjectType: "bank_line",
				ObjectID: strconv.FormatInt(line, 10), Reason: a.Reason,
			},
			sealed{Assignments: []int64{done.ID}},
		)
	})
	if err != nil {
		return Assigned{}, fmt.Errorf("assign bank line %d: %w", line, refusalOf(err))
	}
	return done, nil
}

// assignItem identifies what is open of a line that is locked, or a part of it.
func (s *Service) assignItem(
	ctx context.Context, tx pgx.Tx, who auth.Principal, item openItem, a Assignment,
) (Assigned, error) {
	if err := a.check(item.open); err != nil {
		return Assigned{}, err
	}
	if item.open.IsPositive() && a.isReturn() {
		return s.assignReturn(ctx, tx, who, item, a)
	}
	if item.open.IsPositive() {
		return s.assignCredit(ctx, tx, who, item, a)
	}
	return s.assignDebit(ctx, tx, who, item, a)
}

// assignCredit books money that came in to the mandate it is for.
func (s *Service) assignCredit(
	ctx context.Context, tx pgx.Tx, who auth.Principal, item openItem, a Assignment,
) (Assigned, error) {
	part, err := a.part(item.open)
	if err != nil {
		return Assigned{}, err
	}
	m, err := mandateByID(ctx, tx, a.Mandate)
	if err != nil {
		return Assigned{}, err
	}
	catalogue, err := mandates.CatalogueTx(ctx, tx)
	if err != nil {
		return Assigned{}, err
	}
	if err := a.fits(m, item, catalogue); err != nil {
		return Assigned{}, err
	}
	refunded, err := s.refundOf(ctx, tx, item, part, a)
	if err != nil {
		return Assigned{}, err
	}
	to := m.Destination(catalogue, a.Benefit, a.Period, item.bookedOn)
	account := accountOf(m.ID, to.Sub)
	entry, err := s.identify(
		ctx, tx, who, item, ledger.Posting{Debit: ledger.Suspense, Credit: account, Amount: part},
	)
	if err != nil {
		return Assigned{}, err
	}
	done := Assigned{
		Entry: entry, Account: string(account), Amount: part, Open: item.open.Sub(part),
		Alert: to.Alert,
	}
	row := identified{item: item, entry: entry, part: part, what: a, transfer: refunded}
	if done.ID, err = assign(ctx, tx, who.Secret(), row); err != nil {
		return done, err
	}
	return done, insertReceipt(ctx, tx, row)
}

// refundOf finds the transfer of the same mandate that a creditor gives back in part or in
// whole; 0 when none is named. Its refunds never exceed it.
func (s *Service) refundOf(
	ctx context.Context, tx pgx.Tx, item openItem, part money.Amount, a Assignment,
) (int64, error) {
	if a.Transfer == "" {
		return 0, nil
	}
	found, err := s.Payments.FindSentTx(ctx, tx, item.bankAccount, []string{a.Transfer})
	if err != nil {
		return 0, err
	}
	switch {
	case len(found) == 0 || found[0].Mandate != a.Mandate:
		return 0, refuse("TRANSFER_UNKNOWN", "Aucun virement du mandat %s ne porte la référence %s.",
			a.Mandate, a.Transfer)
	case found[0].State != payments.InstructionSettled:
		return 0, refuse("NOT_SETTLED", "Le virement %s n’a pas été exécuté : personne n’a pu le rembourser.",
			a.Transfer)
	}
	refunds, err := refunded(ctx, tx, found[0].ID)
	before := refunds[found[0].ID]
	if err == nil && before.Add(part).Cmp(found[0].Amount) > 0 {
		err = refuse("AMOUNT", "Le virement %s était de %s, dont %s déjà remboursés.", a.Transfer,
			found[0].Amount.French(), before.French())
	}
	return found[0].ID, err
}

// fits refuses a mandate whose money lies elsewhere, and a benefit that nobody knows.
func (a Assignment) fits(m mandates.Mandate, item openItem, catalogue []mandates.Benefit) error {
	listed := mandates.Named(catalogue, a.Benefit)
	switch {
	case m.BankAccount != item.bankAccount:
		return refuse("OTHER_ACCOUNT", "L’argent du mandat %s n’est pas sur le compte %s : "+
			"faites d’abord un virement.", m.ID, item.bankAccount)
	case !listed && a.Benefit != mandates.RefundOfPayment:
		return refuse("BENEFIT_UNKNOWN", "La prestation %s n’est pas au catalogue.", a.Benefit)
	}
	return nil
}

// assignDebit settles the transfer that a debit executes.
func (s *Service) assignDebit(
	ctx context.Context, tx pgx.Tx, who auth.Principal, item openItem, a Assignment,
) (Assigned, error) {
	found, err := s.Payments.FindSentTx(ctx, tx, item.bankAccount, []string{a.Transfer})
	if err != nil {
		return Assigned{}, err
	}
	amount := item.open.Neg()
	if !a.Amount.IsZero() {
		amount = a.Amount
	}
	switch {
	case len(found) == 0:
		return Assigned{}, refuse(
			"TRANSFER_UNKNOWN", "Aucun virement de ce compte ne porte la référence %s.", a.Transfer,
		)
	case found[0].State != payments.InTransit:
		return Assigned{}, refuse(
			"NOT_IN_TRANSIT",
			"Le virement %s n’est pas en route : il ne peut pas être exécuté une fois de plus.",
			a.Transfer,
		)
	case found[0].Amount != amount:
		return Assigned{}, refuse(
			"AMOUNT", "Le virement %s est de %s, la ligne de %s.", a.Transfer,
			found[0].Amount.French(), amount.French(),
		)
	}
	t := found[0]
	a.Mandate = t.Mandate
	entry, err := s.identify(
		ctx, tx, who, item,
		ledger.Posting{Debit: ledger.InTransit, Credit: ledger.Suspense, Amount: amount},
	)
	if err != nil {
		return Assigned{}, err
	}
	done := Assigned{
		Entry: entry, Account: string(ledger.InTransit), Amount: amount, Open: item.open.Add(amount),
	}
	row := identified{item: item, entry: entry, part: amount.Neg(), what: a, transfer: t.ID}
	if done.ID, err = assign(ctx, tx, who.Secret(), row); err != nil {
		return done, err
	}
	if err := insertMatch(ctx, tx, row); err != nil {
		return done, err
	}
	return done, s.Payments.MarkSettledTx(
		ctx, tx, []payments.Settlement{{Instruction: t.ID, Entry: entry, On: item.bookedOn}},
	)
}

// identify writes the entry of an assignment: the n-th of its line.
func (s *Service) identify(
	ctx context.Context, tx pgx.Tx, who auth.Principal, item openItem, p ...ledger.Posting,
) (int64, error) {
	return s.postItem(ctx, tx, ledger.Entry{
		Kind: ledger.Identification, BookedOn: item.bookedOn, ValueOn: item.bookedOn, Actor: who.ID, Postings: p,
	}, item)
}

// postItem writes such an entry, of whatever kind.
func (s *Service) postItem(ctx context.Context, tx pgx.Tx, e ledger.Entry, item openItem) (int64, error) {
	e.Journal = ledger.OtherJournal
	e.Source = fmt.Sprintf("identification line %d/%d", item.line, item.assigned+1)
	e.Label = firstOf(shorten(join(item.counterparty, item.text), 140), "Identification")
	posted, err := s.Ledger.PostTx(ctx, tx, e)
	if err != nil {
		return 0, err
	}
	return posted[0].No, nil
}

// refusalOf translates what the database refuses in its own words.
func refusalOf(err error) error {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return err
	}
	if pg.ConstraintName == "advice_once" {
		return refuse("ADVICE_TWICE", "Ce bordereau est déjà enregistré (masp advice list). Pour un second virement "+
			"tout pareil, donnez comme référence le numéro que le payeur lui a donné, ou répartissez-le (masp suspense split).")
	}
	switch pg.Code {
	case "MA010":
		return ErrToken
	case "MA012":
		return ErrRole
	case "MA017", "MA060", "P0002":
		return ErrNotInSuspense
	case "MA061":
		return errReserved
	case "MA121":
		return refuse("REFUNDED", "Le destinataire de ce virement l’a déjà remboursé, ou il n’est plus à rembourser : "+
			"un retour et un remboursement rendraient deux fois le même argent.")
	case "MA122":
		return refuse("NOT_A_PAIR", "Deux lignes se compensent sur le même compte, l’une entrée, l’autre sortie, du même montant encore ouvert.")
	case "MA123":
		return refuse("NOT_A_RETURN", "Une ligne rend un virement entier, exécuté depuis le même compte.")
	case "MA063":
		return refuse("IN_THE_WAY", "L’argent qui était revenu de l’expéditeur a été identifié depuis : annulez d’abord cette attribution.")
	case "MA062":
		return refuse("OWNER", "Une ligne se confie à un coordinateur ou à un comptable (masp user list).")
	case "MA065":
		return refuse("DAYS", "Le délai est de 1 à 365 jours.")
	}
	return err
}
