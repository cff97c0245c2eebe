package payments

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger/audit"
)

// actDownload is the act of fetching the bytes of a file.
const actDownload = "file.download"

// Download is one fetching of the bytes of a file.
type Download struct {
	By     string // user
	At     time.Time
	Reason string
}

// VoidFileError is a file that must not reach the bank any more.
type VoidFileError struct{ Name string }

// Error names the file.
func (e *VoidFileError) Error() string { return "file " + e.Name + " is void" }

// French says what to do.
func (e *VoidFileError) French() string {
	return e.Name + " ne vaut plus rien : ne le remettez pas. Prenez celui qui le remplace."
}

// Download answers a file that has left, with its bytes, and counts it in the log of acts. A second
// time a person says why: the same file twice at the bank is paid twice. It returns ErrNoFile,
// ErrNoReason, ErrRestored, a *VoidFileError or, of a file that was not released, a *StateError.
func (s *Service) Download(ctx context.Context, who auth.Principal, name, reason string) (f PaymentFile, err error) {
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		if f, err = fileNamed(ctx, tx, name); err != nil {
			return err
		}
		if err := s.mayFetch(ctx, tx, who, f, reason); err != nil {
			return err
		}
		if f.Content, err = bytesOf(ctx, tx, f.ID); err != nil {
			return err
		}
		if len(f.Content) == 0 { // its bytes went with a person (package privacy)
			return ErrNoFile
		}
		_, err = audit.Record(ctx, tx, audit.Act{
			Actor: who.ID, Action: actDownload, ObjectType: "payment_file", ObjectID: f.MessageID, After: f.SHA256, Reason: reason,
		})
		return err
	})
	if err != nil {
		return PaymentFile{}, fmt.Errorf("fetch file %s: %w", name, translate(err))
	}
	return f, nil
}

func (s *Service) mayFetch(ctx context.Context, tx pgx.Tx, who auth.Principal, f PaymentFile, reason string) error {
	held, err := isRestored(ctx, tx)
	switch {
	case err != nil:
		return err
	case held:
		return ErrRestored
	case f.Void:
		return &VoidFileError{f.Name}
	case f.ReleasedAt.IsZero():
		run, err := lockRun(ctx, tx, f.Run)
		if err != nil {
			return err
		}
		return &StateError{Run: f.Run, State: run.State, Act: "download"}
	}
	before, err := downloads(ctx, tx, f.MessageID)
	if err == nil && len(before) > 0 && strings.TrimSpace(reason) == "" && !who.Is(auth.Machine) {
		err = ErrNoReason
	}
	return err
}
