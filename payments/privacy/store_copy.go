package privacy

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// holding is a row of the list of what is whose.
type holding struct{ Table, Title, Purpose, Query, Withheld string }

// holdings writes the question to each table. Bytes are left out: hashes and files.
func holdings(ctx context.Context, tx pgx.Tx) ([]holding, error) {
	rows, err := tx.Query(ctx, `
		SELECT d.table_name, d.title, d.purpose,
		       format('SELECT to_jsonb(%1$I) - %2$L::text[] FROM masp.%1$I WHERE (%3$s) AND (%4$s) ORDER BY %5$s', d.table_name,
		              d.hidden || ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.atttypid = 'bytea'::regtype),
		              d.hers, coalesce(d.alone, 'true'),
		              coalesce((SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY array_position(k.conkey, a.attnum)) FROM pg_constraint k
		                         JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
		                        WHERE k.conrelid = c.oid AND k.contype = 'p'), '1')),
		       coalesce(d.withheld, '')
		  FROM masp.personal_data d JOIN pg_class c ON c.relnamespace = 'masp'::regnamespace AND c.relname = d.table_name
		 WHERE d.hers IS NOT NULL ORDER BY d.table_name`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[holding])
}

// labels are the texts of her entries that are about nobody else.
const labels = `
	SELECT jsonb_build_object('entry_no', t.entry_no, 'label', t.label) FROM masp.entry_texts t
	 WHERE t.entry_no IN (SELECT masp.own_entries($2)) AND t.entry_no NOT IN (SELECT masp.shared_entries($2)) ORDER BY t.entry_no`

// rowsOf reads the rows of a question about a person.
func rowsOf(ctx context.Context, tx pgx.Tx, query, person string, mandates []string, staff map[string]string) ([]map[string]any, error) {
	query = strings.NewReplacer("$1", "$1::text", "$2", "$2::text[]").Replace(query)
	query = strings.Replace(query, "WHERE ", "WHERE ($1::text IS NOT NULL AND $2::text[] IS NOT NULL) AND ", 1)
	rows, err := tx.Query(ctx, query, person, mandates)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (map[string]any, error) {
		var raw []byte
		if err := row.Scan(&raw); err != nil {
			return nil, err
		}
		one := map[string]any{}
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		err := d.Decode(&one)
		unstaffed(one, staff)
		return one, err
	})
}

// unstaffed puts roles in the place of users, wherever a value names one.
func unstaffed(value any, staff map[string]string) any {
	switch v := value.(type) {
	case string:
		if role := staff[v]; role != "" {
			return role
		}
	case []any:
		for i := range v {
			v[i] = unstaffed(v[i], staff)
		}
	case map[string]any:
		for k := range v {
			v[k] = unstaffed(v[k], staff)
		}
	}
	return value
}

var frenchRoles = map[string]string{
	"coordinator": "coordination", "approver": "approbation", "accountant": "comptabilité", "auditor": "contrôle",
	"admin": "administration", "machine": "programme",
}

// staffRefs gives whoever works here a role and a short reference.
func staffRefs(ctx context.Context, tx pgx.Tx) (map[string]string, error) {
	rows, err := tx.Query(ctx, `SELECT user_id, roles[1] FROM masp.users`)
	if err != nil {
		return nil, err
	}
	refs := map[string]string{}
	var user, role string
	_, err = pgx.ForEachRow(rows, []any{&user, &role}, func() error {
		refs[user] = fmt.Sprintf("%s %.2x", frenchRoles[role], sha256.Sum256([]byte("masp staff "+user)))
		return nil
	})
	return refs, err
}

// read reads all that is hers, in one view.
func (c *Copy) read(ctx context.Context, tx pgx.Tx, mandates []string) error {
	err := tx.QueryRow(ctx, `
		SELECT concat_ws(' ', b.civility, b.first_name, b.last_name), masp.today(), coalesce((SELECT name FROM masp.organisations), '')
		  FROM masp.beneficiaries b WHERE b.beneficiary_id = $1`, c.Person).Scan(&c.Name, &c.On, &c.Organisation)
	if err != nil {
		return err
	}
	staff, err := staffRefs(ctx, tx)
	if err != nil {
		return err
	}
	all, err := holdings(ctx, tx)
	if err != nil {
		return err
	}
	for _, h := range all {
		if h.Table == "entry_texts" {
			h.Query, h.Withheld = labels, ""
		}
		if h.Withheld != "" {
			c.Withheld = append(c.Withheld, Withheld{h.Title, h.Withheld})
			continue
		}
		rows, err := rowsOf(ctx, tx, h.Query, c.Person, mandates, staff)
		if err != nil {
			return fmt.Errorf("copy %s: %w", h.Table, err)
		}
		if len(rows) > 0 {
			c.Tables = append(c.Tables, Table{Name: h.Table, Title: h.Title, For: h.Purpose, Rows: rows})
		}
	}
	return nil
}
