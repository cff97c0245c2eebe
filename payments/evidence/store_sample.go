package evidence

import (
	"context"

	"github.com/jackc/pgx/v5"
)

var sampleColumns = []string{"Rang du tirage", "Écriture", "Date", "Nature", "Pièce", "Libellé", "Montant (€)", "Ligne de banque"}

// sampleTable draws entries: those whose SHA-256 of "seed:number" is the smallest. Whoever has the list
// of entries draws them again with sha256sum.
const sampleTable = `
	SELECT row_number() OVER (ORDER BY d.mark), e.entry_no, e.posted_on, e.kind, e.source, coalesce(t.label, ''),
	       (SELECT sum(p.amount_cents) FROM masp.postings p WHERE p.entry_no = e.entry_no
	           AND ($3::int[] IS NULL OR p.debit_account = ANY ($3) OR p.credit_account = ANY ($3)))::bigint,
	       (SELECT l.line_id FROM masp.bank_lines l WHERE l.entry_no = e.entry_no)
	  FROM (SELECT e.entry_no, sha256(convert_to($4::text || ':' || e.entry_no, 'UTF8')) AS mark FROM masp.entries e
	         WHERE e.entry_no BETWEEN $1 AND $2 AND ($3::int[] IS NULL OR EXISTS (SELECT FROM masp.postings p
	               WHERE p.entry_no = e.entry_no AND (p.debit_account = ANY ($3) OR p.credit_account = ANY ($3))))
	         ORDER BY mark LIMIT $5) d
	  JOIN masp.entries e USING (entry_no) LEFT JOIN masp.entry_texts t USING (entry_no) ORDER BY 1`

func (s *scope) drawSample(ctx context.Context, tx pgx.Tx) (pgx.Rows, error) {
	var own []int32
	if !s.whole() {
		own = []int32{}
		for id, a := range s.accounts {
			if a.ours {
				own = append(own, id)
			}
		}
	}
	return tx.Query(ctx, sampleTable, s.first, s.last, own, s.ask.Seed, s.ask.Sample)
}
