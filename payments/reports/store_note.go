package reports

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"masp/api/auth"
	"masp/ledger/unit"
)

// refusals are the words of the database (migration 0038) in ours.
var refusals = map[string]error{
	"MA010": ErrToken, "MA174": ErrRole, "MA175": ErrConflict, "MA176": ErrFuture,
	"23503": ErrConflict, // a diagnostic, or a support, that nobody has noted
	"23502": ErrActivity, "23514": ErrActivity,
	"21000": ErrConflict, "23505": ErrConflict,
}

// insert writes the rows by their door, which asks for the secret.
func (n Noted) insert(ctx context.Context, tx unit.Querier, who auth.Principal) (added int64, err error) {
	given, err := json.Marshal(map[string]any{
		"diagnostics": append([]Diagnostic{}, n.Diagnostics...), "supports": append([]Support{}, n.Supports...), "visits": append([]Visit{}, n.Visits...),
	})
	if err != nil {
		return 0, err
	}
	if strings.Contains(string(given), `\u0000`) {
		return 0, ErrActivity
	}
	err = tx.QueryRow(ctx, `SELECT added FROM masp.note_activity($1, $2)`, who.Secret(), given).Scan(&added)
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok {
		if known := refusals[refused.Code]; known != nil {
			return 0, known
		}
	}
	return added, err
}
