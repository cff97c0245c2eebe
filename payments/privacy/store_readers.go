package privacy

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/ledger/unit"
)

// readings groups the log of reads, of files or of one reader.
func readings(ctx context.Context, q unit.Querier, mandates []string, user string) ([]Reading, error) {
	rows, err := q.Query(ctx, `
		SELECT f.mandate_id, f.user_id || f.beneficiary_id, coalesce(max(u.roles[1]), 'beneficiary'), count(*), min(f.at), max(f.at),
		       array_agg(DISTINCT f.what ORDER BY f.what)
		  FROM masp.file_reads f LEFT JOIN masp.users u USING (user_id)
		 WHERE CASE WHEN $2 = '' THEN f.mandate_id = ANY ($1) ELSE f.user_id = $2 END
		 GROUP BY f.mandate_id, f.user_id, f.beneficiary_id ORDER BY max(f.at) DESC, 1, 2`, mandates, user)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Reading])
}

func unusual(ctx context.Context, q unit.Querier) ([]ManyFiles, error) {
	rows, err := q.Query(ctx, `
		WITH days AS (SELECT f.user_id, (f.at AT TIME ZONE 'Europe/Paris')::date AS day, count(DISTINCT f.mandate_id) AS files
		                FROM masp.file_reads f WHERE f.user_id <> '' GROUP BY 1, 2)
		SELECT d.day, d.user_id, u.roles[1], d.files, coalesce(o.usual, 0)
		  FROM days d JOIN masp.users u USING (user_id), LATERAL (
		       SELECT (percentile_disc(0.5) WITHIN GROUP (ORDER BY x.files))::integer AS usual
		         FROM days x WHERE x.user_id = d.user_id AND x.day <> d.day) o
		 WHERE d.files >= $1 AND d.files >= $2 * coalesce(o.usual, 0) ORDER BY d.day DESC, d.files DESC, d.user_id`, UnusualFrom, UnusualTimes)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[ManyFiles])
}
