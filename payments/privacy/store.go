package privacy

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/ledger/unit"
)

// refusals are the words of the database (migration 0039) in ours.
var refusals = map[string]*RefusedError{
	"MA010": ErrToken, "MA177": ErrRole, "MA178": ErrNotDue, "MA179": ErrKept,
	"hold_ground_is_known": ErrGround, "hold_says_why": ErrGround, "opening_says_why": ErrReason,
	"retention_holds_beneficiary_id_fkey": ErrNoPerson, "archive_openings_beneficiary_id_fkey": ErrNoPerson,
	"active_time_is_sane": ErrTimes, "accounts_stay_ten_years": ErrTimes, "other_files_stay_some_years": ErrTimes,
}

// refused turns a refusal of the database into one of the package.
func refused(err error) error {
	if told, ok := errors.AsType[*pgconn.PgError](err); ok {
		if strings.HasPrefix(told.Message, "the erasing would break ") {
			return fmt.Errorf("%w: %s", ErrBreaks, strings.TrimPrefix(told.Message, "the erasing would break "))
		}
		for _, word := range []string{told.Code, told.ConstraintName} {
			if known := refusals[word]; known != nil {
				return known
			}
		}
	}
	return err
}

func readTimes(ctx context.Context, q unit.Querier) (t Times, err error) {
	err = q.QueryRow(ctx, `SELECT active_months, account_years, other_years FROM masp.retention_times()`).
		Scan(&t.ActiveMonths, &t.AccountYears, &t.OtherYears)
	return t, err
}

// files reads where the files stand.
func files(ctx context.Context, q unit.Querier) ([]File, error) {
	rows, err := q.Query(ctx, `
		SELECT b.beneficiary_id, CASE WHEN p.erased_on IS NOT NULL THEN 'ERASED' WHEN p.erasure_proposed_on IS NOT NULL THEN 'ERASURE_PROPOSED'
		            WHEN p.archived_on IS NOT NULL THEN 'ARCHIVED' WHEN p.beneficiary_id IS NOT NULL THEN 'ARCHIVE_PROPOSED' ELSE 'ACTIVE' END,
		       r.began_on, r.archive_on, r.erase_on, r.kept_by,
		       ARRAY(SELECT m.mandate_id FROM masp.mandates m WHERE m.beneficiary_id = b.beneficiary_id ORDER BY 1)
		  FROM masp.beneficiaries b LEFT JOIN masp.retentions p USING (beneficiary_id), LATERAL masp.retention_of(b.beneficiary_id) r
		 ORDER BY 1`)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (f File, err error) {
		err = row.Scan(&f.Person, (*string)(&f.Stage), &f.Began, &f.ArchiveOn, &f.EraseOn, &f.Kept, &f.Mandates)
		f.Holds = []Hold{}
		return f, err
	})
	if err != nil {
		return nil, err
	}
	return all, addHolds(ctx, q, all)
}

func addHolds(ctx context.Context, q unit.Querier, all []File) error {
	of := map[string]*File{}
	for i := range all {
		of[all[i].Person] = &all[i]
	}
	rows, err := q.Query(ctx, `
		SELECT beneficiary_id, hold_no, ground, note, placed_by, placed_at FROM masp.retention_holds
		 WHERE lifted_at IS NULL ORDER BY hold_no`)
	if err != nil {
		return err
	}
	var person string
	var h Hold
	_, err = pgx.ForEachRow(rows, []any{&person, &h.No, (*string)(&h.Ground), &h.Note, &h.PlacedBy, &h.PlacedAt}, func() error {
		if f := of[person]; f != nil {
			f.Holds = append(f.Holds, h)
		}
		return nil
	})
	return err
}

// closedTo are the archived mandates that a user has not opened.
func closedTo(ctx context.Context, q unit.Querier, user string) (mandates []string, err error) {
	err = q.QueryRow(ctx, `SELECT ARRAY(SELECT masp.closed_to($1) ORDER BY 1)`, user).Scan(&mandates)
	return mandates, err
}

// mandatesOf are the measures of a person.
func mandatesOf(ctx context.Context, q unit.Querier, person string) (mandates []string, err error) {
	err = q.QueryRow(ctx, `SELECT ARRAY(SELECT mandate_id FROM masp.mandates WHERE beneficiary_id = $1 ORDER BY 1)`, person).Scan(&mandates)
	return mandates, err
}
