package mandates

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
)

// Span is from when to when what falls due is this measure's to pay: from its first day, its last
// signature, its first day with money and the opening of these books, to its last day.
type Span struct{ First, Last civil.Date }

// SpansTx reads the spans of mandates. After a gap between two contracts a span begins again: who paid
// meanwhile is not known here.
func SpansTx(ctx context.Context, tx pgx.Tx, ids []string) (map[string]Span, error) {
	spans := make(map[string]Span, len(ids))
	var id string
	var span Span
	err := each(ctx, tx, []any{&id, &span.First, &span.Last}, func() { spans[id] = span }, `
		SELECT m.mandate_id, greatest(m.contract_start, m.signed_by_person_on, m.signed_by_department_on, m.signed_by_operator_on,
		              (SELECT opened_on FROM masp.organisations),
		              (SELECT min(t.valid_from) FROM masp.mandate_terms t WHERE t.mandate_id = m.mandate_id),
		              (SELECT max(r.starts_on) FROM masp.renewals r
		                WHERE r.mandate_id = m.mandate_id AND r.gap_reason <> '' AND r.ends_on <= m.last_day)),
		       m.last_day
		  FROM masp.mandates m WHERE m.mandate_id = ANY ($1)`, ids)
	if err != nil {
		return nil, fmt.Errorf("read how long measures last: %w", err)
	}
	return spans, nil
}

// Within lists what falls due in a span until a day, in order of obligations and days.
func (s Situation) Within(span Span, until civil.Date) []DueOn {
	if span.Last.Before(until) {
		until = span.Last
	}
	var dues []DueOn
	for _, o := range s.Obligations {
		for month := later(span.First, o.From).MonthOf(); !month.First().After(until); month = month.Add(1) {
			for _, d := range Due(o, month) {
				if !d.On.Before(span.First) && !d.On.After(until) {
					dues = append(dues, d)
				}
			}
		}
	}
	return dues
}
