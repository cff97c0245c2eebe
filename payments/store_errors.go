package payments

import (
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/api/auth"
	"masp/payments/mandates"
)

// refusals are the words of the database (see the migrations) in the words of the package.
var refusals = map[string]error{
	"MA010": ErrToken, "MA011": ErrSamePerson, "MA012": ErrRole, "MA013": ErrStale,
	"MA015": ErrIBANChanger, "MA016": ErrIBANHeld, "MA019": &ReplacedError{},
	"MA023": ErrNotFailed, "reissued_once": ErrReissued,
	"MA037":                           mandates.ErrForbidden,
	"MA044":                           mandates.ErrWrongPayee,
	"MA089":                           &AskError{"WITHDRAWS_RENT", "Loyer"},
	"MA040":                           ErrSigned,
	"MA090":                           auth.ErrStepUp,
	"nothing_leaves_a_restored_house": ErrRestored,
	"paid_once":                       ErrPaidTwice, "debt_never_overpaid": ErrDebtPaid,
}

// translate turns a refusal of the database into the package's own error; anything else
// passes through.
func translate(err error) error {
	var refused *pgconn.PgError
	if !errors.As(err, &refused) {
		return err
	}
	if known, ok := refusals[refused.Code]; ok {
		return known
	}
	if known, ok := refusals[refused.ConstraintName]; ok {
		return known
	}
	return err
}

// missing turns "no row" into the package's own error.
func missing(err, own error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return own
	}
	return err
}
