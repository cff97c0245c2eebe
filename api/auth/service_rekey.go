package auth

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/unit"
)

// Rekey encrypts with the key of today the second factors that an older one holds, by an admin, and answers
// how many: then the older key is needed for old backups only. It may be done again; a second factor that
// no key opens is ErrKey, and nothing is done.
func (s *Service) Rekey(ctx context.Context, by Principal) (resealed int, err error) {
	if s.Key == nil {
		return 0, fmt.Errorf("encrypt the second factors anew: %w", ErrKey)
	}
	err = unit.Begin(ctx, s.DB, func(tx pgx.Tx) error {
		all, err := allSealed(ctx, tx)
		if err != nil {
			return err
		}
		anew, err := s.Key.reseal(all)
		if err != nil {
			return err
		}
		actor, err := resealLogins(ctx, tx, by, anew)
		if err != nil {
			return err
		}
		if resealed = len(anew); resealed == 0 {
			return nil
		}
		return record(ctx, tx, actor, "user.rekey", "*", map[string]int{"resealed": resealed})
	})
	if err != nil {
		return 0, fmt.Errorf("encrypt the second factors anew: %w", err)
	}
	return resealed, nil
}

// resealed is a second factor that is encrypted anew.
type resealed struct {
	user              string
	was, sealed, mark []byte
}

// reseal encrypts anew what only an older key opens.
func (k *Key) reseal(all []login) (anew []resealed, err error) {
	var closed []error
	for _, l := range all {
		if _, err := k.openThis(l.sealed, l.user); err == nil {
			continue
		}
		secret, err := k.open(l.sealed, l.user)
		if err != nil {
			closed = append(closed, err)
			continue
		}
		anew = append(anew, resealed{user: l.user, was: l.sealed, sealed: k.seal(secret, l.user), mark: k.mark(secret)})
	}
	return anew, errors.Join(closed...)
}
