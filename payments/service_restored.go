package payments

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/unit"
)

// ErrRestored is a file that would leave a house which was restored and not compared yet.
var ErrRestored = errors.New("the house was restored: no file is released before it was compared")

// ErrNotRestored is a comparison of a house that is not held.
var ErrNotRestored = errors.New("the house is not held")

// Restoration is a house that holds back every payment file since it was restored.
type Restoration struct {
	From   time.Time `json:"restored_from"` // up to here the copy knows everything
	Marked time.Time `json:"marked_at"`
	By     string    `json:"marked_by"`
	// Unknown are lines of statements that came since, at the debit, of which nobody knows what they
	// paid: perhaps transfers that the copy does not know.
	Unknown int `json:"unknown_debits"`
}

// Restored answers the restoration that holds the house; nil when none does.
func (s *Service) Restored(ctx context.Context) (*Restoration, error) {
	r, err := restoration(ctx, unit.Reader(ctx, s.DB))
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil //nolint:nilnil // most houses were never restored
	}
	if err != nil {
		return nil, fmt.Errorf("read the restoration: %w", err)
	}
	return &r, nil
}

// MarkRestored holds back every payment file from now on: the house is a copy that knows nothing
// after from; the zero time stands for its last act. It needs no proof, as it only holds back.
func (s *Service) MarkRestored(ctx context.Context, by auth.Principal, from time.Time) error {
	err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		who, at, err := markRestored(ctx, tx, by.Secret(), from)
		if err != nil {
			return translate(err)
		}
		return recordRestoration(ctx, tx, who, "house.restored", "", map[string]any{"restored_from": at.UTC()})
	})
	if err != nil {
		return fmt.Errorf("mark the house as restored: %w", err)
	}
	return nil
}

// ClearRestored lets files leave again: an admin has compared the copy with the outbox and with the
// bank, and says why nothing will be paid twice. Unknown is how many files of the outbox the copy
// does not know.
func (s *Service) ClearRestored(ctx context.Context, by auth.Principal, reason string, unknown int) error {
	if reason == "" {
		return ErrNoReason
	}
	err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		who, err := clearRestored(ctx, tx, by.Secret())
		if err != nil {
			return translate(missingDoor(err, ErrNotRestored))
		}
		return recordRestoration(ctx, tx, who, "house.compared", reason, map[string]any{"unknown_files": unknown})
	})
	if err != nil {
		return fmt.Errorf("let files leave again: %w", err)
	}
	return nil
}

// KnowsFile tells whether a payment file of these bytes has left here.
func (s *Service) KnowsFile(ctx context.Context, sha256 []byte) (bool, error) {
	known, err := knowsFile(ctx, unit.Reader(ctx, s.DB), sha256)
	if err != nil {
		return false, fmt.Errorf("look for a payment file: %w", err)
	}
	return known, nil
}

func recordRestoration(ctx context.Context, tx pgx.Tx, who, action, reason string, details any) error {
	_, err := audit.Record(ctx, tx, audit.Act{
		Actor: who, Action: action, ObjectType: "organisation", ObjectID: "only", Reason: reason, Details: details,
	})
	return err
}
