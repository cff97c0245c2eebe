package papers

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/ledger/unit"
)

// Make is the paper of a kind; a final account has days of its own.
//
// Errors: those of Statement, Account and Final, ErrKind.
func (s *Service) Make(ctx context.Context, k Kind, mandate string, from, to civil.Date) (Printed, error) {
	switch k {
	case KindStatement:
		return s.Statement(ctx, mandate, from, to)
	case KindAnnual:
		return s.Account(ctx, mandate, from, to)
	case KindFinal:
		return s.Final(ctx, mandate)
	}
	return nil, ErrKind
}

// HandOver notes that a paper was handed over, and answers what was noted: its number, its days and
// the hash of its content as the books give it now.
//
// Errors: those of Make, ErrToken, ErrRole, ErrDay, ErrDead, ErrRecipient, ErrTwice.
func (s *Service) HandOver(ctx context.Context, who auth.Principal, h Handed) (Handed, error) {
	err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		made, err := s.Make(unit.Joined(ctx, tx), h.Kind, h.Mandate, h.From, h.To)
		if err != nil {
			return err
		}
		head := made.head()
		h.From, h.To, h.RecordedBy = head.From, head.To, who.ID
		h.Fingerprint = chain.Hash(made.Paper().Fingerprint())
		if h.On.IsZero() {
			h.On = head.Today
		}
		if err := h.insert(ctx, tx, who); err != nil {
			return err
		}
		_, err = audit.Record(ctx, tx, audit.Act{
			Actor: who.ID, Action: "paper.hand_over", ObjectType: "mandate", ObjectID: h.Mandate,
			Details: map[string]any{
				"paper": h.No, "kind": h.Kind, "from": h.From, "to": h.To, "content": h.Fingerprint, "recipient": h.Recipient,
				"means": h.Means, "on": h.On,
			},
		})
		return err
	})
	if err != nil {
		return Handed{}, fmt.Errorf("hand over a paper of %s: %w", h.Mandate, err)
	}
	return h, nil
}

// HandedOver lists the papers of a mandate that somebody received, the oldest first.
func (s *Service) HandedOver(ctx context.Context, mandate string) ([]Handed, error) {
	return handedOver(ctx, unit.Reader(ctx, s.DB), mandate)
}
