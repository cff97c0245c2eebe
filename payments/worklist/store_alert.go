package worklist

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// RaiseTx adds alerts in their order, inside the caller's transaction. One whose source is known
// already is left as it is, closed or not.
func RaiseTx(ctx context.Context, tx pgx.Tx, alerts ...Alert) error {
	if len(alerts) == 0 {
		return nil
	}
	n := len(alerts)
	days, cents := make([]time.Time, n), make([]int64, n)
	codes, whose, subjects := make([]string, n), make([]string, n), make([]string, n)
	texts, sources, details := make([]string, n), make([]string, n), make([]string, n)
	for i, a := range alerts {
		more, err := json.Marshal(a.Details)
		if err != nil {
			return fmt.Errorf("raise alert %s: %w", a.Source, err)
		}
		days[i], cents[i], codes[i], whose[i] = a.On.Time(), a.Amount.Cents(), a.Code, a.Mandate
		subjects[i], texts[i], sources[i], details[i] = a.Subject, a.Text, a.Source, string(more)
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO masp.alerts (on_day, code, mandate_id, subject, amount_cents, text, source, details)
		SELECT on_day, code, nullif(mandate, ''), subject, cents, words, source,
		       CASE details WHEN 'null' THEN '{}' ELSE details::jsonb END
		  FROM unnest($1::date[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[])
		       WITH ORDINALITY AS a (on_day, code, mandate, subject, cents, words, source, details, place)
		 ORDER BY place
		    ON CONFLICT (source) DO NOTHING`, days, codes, whose, subjects, cents, texts, sources, details)
	if err != nil {
		return fmt.Errorf("raise %d alerts: %w", n, err)
	}
	return nil
}
