package reports

import (
	"context"

	"masp/ledger/unit"
)

// levelOn is the level of measure m on a day: that before the next change, or that of now.
func levelOn(day string) string {
	return `coalesce((SELECT CASE x.changes ->> 'level' WHEN 'MASP2' THEN 'MASP1' ELSE 'MASP2' END FROM masp.amendments x
		 WHERE x.mandate_id = m.mandate_id AND x.effective_on > ` + day + ` AND x.changes ->> 'level' IN ('MASP1', 'MASP2')
		 ORDER BY x.effective_on, x.amendment_no LIMIT 1), m.level)`
}

// readMeasures reads the measures that began by the last of the days and had not ended before the first.
func readMeasures(ctx context.Context, tx unit.Querier, a Ask) ([]measure, error) {
	var all []measure
	var m measure
	err := each(ctx, tx, []any{&m.department, &m.born, &m.from, &m.ended, &m.reason, &m.level, &m.firstLevel, &m.afterMAJ}, func() error {
		all = append(all, m)
		return nil
	}, `
		SELECT m.department, p.born_on, m.contract_start, CASE WHEN m.ended_on <= $2 THEN m.ended_on END,
		       CASE WHEN m.ended_on <= $2 THEN coalesce(m.end_reason, '') ELSE '' END,
		       `+levelOn(`least(m.ended_on, $2)`)+`, `+levelOn(`m.contract_start`)+`, m.preceded_by IS NOT NULL
		  FROM masp.mandates m JOIN masp.beneficiaries p USING (beneficiary_id)
		 WHERE m.status <> 'PENDING_SIGNATURE' AND m.contract_start <= $2 AND (m.ended_on IS NULL OR m.ended_on >= $1)`+ofDepartment+`
		 ORDER BY m.mandate_id`, a.From, a.To, a.Department)
	return all, err
}

// managed is a benefit with the measures that manage it.
type managed struct {
	code, label string
	measures    int64
}

func readManaged(ctx context.Context, tx unit.Querier, a Ask) ([]managed, error) {
	var all []managed
	var b managed
	err := each(ctx, tx, []any{&b.code, &b.label, &b.measures}, func() error {
		all = append(all, b)
		return nil
	}, `
		SELECT b.benefit, coalesce((SELECT c.label FROM masp.benefits c WHERE c.code = b.benefit ORDER BY c.valid_from DESC LIMIT 1), ''),
		       count(DISTINCT m.mandate_id)
		  FROM masp.authorised_benefits b JOIN masp.mandates m USING (mandate_id)
		 WHERE m.status <> 'PENDING_SIGNATURE' AND m.contract_start <= $2 AND (m.ended_on IS NULL OR m.ended_on > $2) AND $1::date <= $2
		   AND b.valid_from <= $2 AND (b.valid_to IS NULL OR b.valid_to >= $2) AND `+levelOn(`$2`)+` = 'MASP2'`+ofDepartment+`
		 GROUP BY b.benefit ORDER BY 3 DESC, 1`, a.From, a.To, a.Department)
	return all, err
}
