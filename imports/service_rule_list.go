package imports

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/ledger"
	"masp/ledger/money"
	"masp/ledger/unit"
)

// Rules lists the rules that persons wrote, those in force first, with those that ended if all.
func (s *Service) Rules(ctx context.Context, all bool) ([]WrittenRule, error) {
	rows, err := unit.Reader(ctx, s.DB).Query(ctx, `
		SELECT r.rule_id, coalesce(r.replaces, 0), coalesce(r.bank_account_id, ''), r.payer_words, r.words, r.min_cents,
		       r.max_cents, coalesce(r.mandate_id, ''), r.benefit, r.payer, r.valid_from, r.written_by, r.reason,
		       r.in_spite_of, r.written_at, r.ended_at, coalesce(r.ended_by, ''), coalesce(r.end_reason, ''),
		       (SELECT count(*) FROM masp.rule_uses u WHERE u.rule_id = r.rule_id),
		       r.payer <> '' OR NOT masp.numbers_nobody(r.words) OR coalesce(a.model = 'INDIVIDUAL', false)
		  FROM masp.recognition_rules r LEFT JOIN masp.mandates m USING (mandate_id)
		  LEFT JOIN masp.bank_accounts a ON a.bank_account_id = m.bank_account_id
		 WHERE $1 OR r.ended_at IS NULL ORDER BY r.ended_at IS NOT NULL, r.rule_id`, all)
	if err != nil {
		return nil, fmt.Errorf("list the rules: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (WrittenRule, error) {
		var r WrittenRule
		var least, most int64
		err := row.Scan(&r.ID, &r.Replaces, &r.BankAccount, &r.PayerWords, &r.Words, &least, &most, &r.Mandate,
			&r.Benefit, &r.Payer, &r.From, &r.By, &r.Reason, &r.InSpiteOf, &r.WrittenAt, &r.EndedAt, &r.EndedBy,
			&r.EndReason, &r.Lines, &r.Posts)
		r.Least, r.Most = money.Cents(least), money.Cents(most)
		return r, err
	})
}

// Offers lists the rules that equal choices of persons suggest: those that nobody wrote, ended
// or refused. Nothing is ever booked by an offer.
func (s *Service) Offers(ctx context.Context) (offers []Offer, err error) {
	err = ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) error {
		choices, err := choicesOf(ctx, tx, "")
		if err != nil {
			return err
		}
		known, err := answeredOffers(ctx, tx)
		if err != nil {
			return err
		}
		offers = slices.DeleteFunc(Offers(choices), func(o Offer) bool { return known[o.Key] })
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for rules to offer: %w", err)
	}
	return offers, nil
}

// offer is the one of this key that stands.
func (s *Service) offer(ctx context.Context, key string) (Offer, error) {
	offers, err := s.Offers(ctx)
	if err != nil {
		return Offer{}, err
	}
	i := slices.IndexFunc(offers, func(o Offer) bool { return o.Key == key })
	if i < 0 {
		return Offer{}, refuse("OFFER_UNKNOWN", "Aucune règle n’est proposée sous %s (masp rule offers).", key)
	}
	return offers[i], nil
}

// answeredOffers are the keys of the rules that were written, in force or not, or refused.
func answeredOffers(ctx context.Context, tx pgx.Tx) (map[string]bool, error) {
	rows, err := tx.Query(ctx, selectRule)
	if err != nil {
		return nil, fmt.Errorf("read the rules: %w", err)
	}
	written, err := pgx.CollectRows(rows, scanRule)
	if err != nil {
		return nil, fmt.Errorf("read the rules: %w", err)
	}
	rows, err = tx.Query(ctx, `SELECT offer FROM masp.refused_rules`)
	if err != nil {
		return nil, fmt.Errorf("read the refused rules: %w", err)
	}
	refused, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("read the refused rules: %w", err)
	}
	known := map[string]bool{}
	for _, r := range written {
		known[r.key()] = true
	}
	for _, key := range refused {
		known[key] = true
	}
	return known, nil
}

// modelOf is the model of a bank account: INDIVIDUAL or POOLED.
func modelOf(ctx context.Context, tx pgx.Tx, account string) (string, error) {
	var model string
	err := tx.QueryRow(ctx, `SELECT model FROM masp.bank_accounts WHERE bank_account_id = $1`, account).Scan(&model)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return "", fmt.Errorf("read the model of account %s: %w", account, err)
	}
	return model, nil
}

// ruleRefusal translates what the database refuses about rules.
func ruleRefusal(err error) error {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	switch {
	case !ok:
		return err
	case pg.Code == "MA056", pg.ConstraintName == "rule_is_replaced_once":
		return refuse("RULE_ENDED", "Cette règle n’existe pas, ou est déjà terminée (masp rule list --all).")
	case pg.ConstraintName == "recognition_rules_bank_account_id_fkey":
		return refuse("ACCOUNT_UNKNOWN", "Ce compte n’est pas un compte de l’association.")
	}
	return refusalOf(err)
}
