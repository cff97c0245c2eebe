package control

import (
	"context"
	"io"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/unit"
)

// stretch is how many entries are read at once: each question has a plan that stays a range of keys.
const stretch = 8192

// population is the entries of a plan in the order of their numbers, read again each time it is asked.
func population(ctx context.Context, tx unit.Querier, p Plan) Population {
	return func(yield func(Unit, error) bool) {
		var last int64
		if err := tx.QueryRow(ctx, `SELECT last_entry FROM masp.chain_heads`).Scan(&last); err != nil {
			yield(Unit{}, err)
			return
		}
		for after := int64(0); after < last; after += stretch {
			units, err := readUnits(ctx, tx, p, after, after+stretch)
			if err != nil {
				yield(Unit{}, err)
				return
			}
			for _, u := range units {
				if !yield(u, nil) {
					return
				}
			}
		}
	}
}

// readUnits reads entries after one number, to another. What a reader does not see is no part of the value.
func readUnits(ctx context.Context, tx unit.Querier, p Plan, after, through int64) ([]Unit, error) {
	rows, err := tx.Query(ctx, question(p), after, through, p.From, p.To, string(p.By), p.Mandate, p.Department)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (u Unit, err error) {
		err = row.Scan(&u.Entry, &u.Value, &u.Stratum)
		return u, err
	})
}

// question asks for entries with their value; of a part of the books, or by strata, it asks more.
func question(p Plan) string {
	if p.By != "" || p.Mandate != "" || p.Department != "" {
		return unitsOfAPart
	}
	return `
		SELECT l.entry_no, sum(l.amount_cents)::bigint, '' FROM masp.postings l JOIN masp.entries e USING (entry_no)
		 WHERE l.entry_no > $1 AND l.entry_no <= $2 AND $5 || $6 || $7 = ''
		   AND e.posted_on >= coalesce($3, '-infinity'::date) AND e.posted_on <= coalesce($4, 'infinity'::date)
		 GROUP BY l.entry_no ORDER BY l.entry_no`
}

const unitsOfAPart = `
		SELECT e.entry_no, m.cents, CASE $5 WHEN 'KIND' THEN e.kind WHEN 'ACCOUNT' THEN coalesce(h.code, '')
		       WHEN 'MANDATE' THEN coalesce(m.mandate, '') ELSE '' END
		  FROM masp.entries e
		  JOIN (SELECT l.entry_no, sum(l.amount_cents)::bigint AS cents,
		               min(CASE e.hub WHEN 'D' THEN l.debit_account ELSE l.credit_account END) AS hub,
		               (array_agg(coalesce(c.owner, d.owner) ORDER BY l.line_no) FILTER (WHERE coalesce(c.owner, d.owner) IS NOT NULL))[1] AS mandate
		          FROM masp.postings l JOIN masp.entries e USING (entry_no)
		          LEFT JOIN masp.accounts c ON c.account_id = l.credit_account AND c.pcg = '467'
		          LEFT JOIN masp.accounts d ON d.account_id = l.debit_account AND d.pcg = '467'
		         WHERE l.entry_no > $1 AND l.entry_no <= $2
		           AND ($6 = '' AND $7 = '' OR EXISTS (SELECT FROM masp.mandates w WHERE w.mandate_id IN (c.owner, d.owner)
		                AND ($6 = '' OR w.mandate_id = $6) AND ($7 = '' OR w.department = $7)))
		         GROUP BY l.entry_no) m USING (entry_no)
		  LEFT JOIN masp.accounts h ON h.account_id = m.hub
		 WHERE e.posted_on >= coalesce($3, '-infinity'::date) AND e.posted_on <= coalesce($4, 'infinity'::date)
		 ORDER BY e.entry_no`

// listed is a drawn entry as the list shows it.
type listed struct {
	no, inJournal int64
	on, booked    civil.Date
	journal       string
	kind          ledger.Kind
	source, label string
	hash          []byte
}

func readListed(ctx context.Context, tx unit.Querier, numbers []int64) (map[int64]listed, error) {
	rows, err := tx.Query(ctx, `
		SELECT e.entry_no, e.journal_no, e.posted_on, e.booked_on, e.journal, e.kind, e.source, coalesce(t.label, ''), e.content_hash
		  FROM masp.entries e LEFT JOIN masp.entry_texts t USING (entry_no) WHERE e.entry_no = ANY ($1)`, numbers)
	if err != nil {
		return nil, err
	}
	all := make(map[int64]listed, len(numbers))
	var l listed
	_, err = pgx.ForEachRow(rows, []any{&l.no, &l.inJournal, &l.on, &l.booked, &l.journal, &l.kind, &l.source, &l.label, &l.hash}, func() error {
		all[l.no] = l
		return nil
	})
	return all, err
}

// copyBankFile writes the bytes of a file of the bank, named by its hash, part by part.
func copyBankFile(ctx context.Context, tx unit.Querier, hash string, out io.Writer) error {
	var file int64
	if err := tx.QueryRow(ctx, `SELECT file_id FROM masp.bank_files WHERE sha256 = decode($1, 'hex')`, hash).Scan(&file); err != nil {
		return err
	}
	var parts int
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM masp.bank_file_parts WHERE file_id = $1`, file).Scan(&parts); err != nil {
		return err
	}
	for no := 1; no <= parts; no++ {
		var content []byte
		if err := tx.QueryRow(ctx, `SELECT content FROM masp.bank_file_parts WHERE file_id = $1 AND no = $2`, file, no).Scan(&content); err != nil {
			return err
		}
		if _, err := out.Write(content); err != nil {
			return err
		}
	}
	return nil
}

func copyPaymentFile(ctx context.Context, tx unit.Querier, name string, out io.Writer) error {
	var content []byte
	if err := tx.QueryRow(ctx, `SELECT content FROM masp.payment_files WHERE name = $1`, name).Scan(&content); err != nil {
		return err
	}
	_, err := out.Write(content)
	return err
}

func bankFileName(ctx context.Context, tx unit.Querier, hash string) (name string, err error) {
	err = tx.QueryRow(ctx, `SELECT name FROM masp.bank_files WHERE sha256 = decode($1, 'hex')`, hash).Scan(&name)
	return name, err
}
