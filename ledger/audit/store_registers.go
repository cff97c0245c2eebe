package audit

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// pins make the text of a row the same in every session, as in masp.note_change.
const pins = `SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, MDY';
	SET LOCAL IntervalStyle = 'postgres'; SET LOCAL bytea_output = 'hex'`

const (
	rowHash = `SELECT encode(sha256(convert_to('%[1]s' || to_jsonb(r)::text, 'UTF8')), 'hex') AS hash FROM masp.%[1]s r`
	// The program may not read the secrets' hashes: the view gives the hashes of their rows.
	credentialHash = `SELECT hash FROM masp.credential_rows`
	mixOf          = `
		SELECT n, coalesce(substring(x FROM 1 FOR 64)::bit(64)::bigint, 0), coalesce(substring(x FROM 65 FOR 64)::bit(64)::bigint, 0),
		       coalesce(substring(x FROM 129 FOR 64)::bit(64)::bigint, 0), coalesce(substring(x FROM 193 FOR 64)::bit(64)::bigint, 0)
		  FROM (SELECT count(*) AS n, bit_xor(('x' || hash)::bit(256)) AS x FROM (%s) h) m`
	storedMixes  = `SELECT table_name, rows, w1, w2, w3, w4 FROM masp.registers ORDER BY table_name`
	waitingMixes = `
		SELECT table_name, sum(rows)::bigint, bit_xor(w1), bit_xor(w2), bit_xor(w3), bit_xor(w4)
		  FROM masp.register_changes GROUP BY table_name ORDER BY table_name`
)

// VerifyRegisters computes the registers again from the rows of the registered tables and compares
// them with what is stored, with the changes that wait for an act, and with the last act, the zero
// value when there is none. It reads one snapshot: the caller's, whose settings of texts it pins.
func VerifyRegisters(ctx context.Context, tx pgx.Tx, last Recorded, report func(RegisterFault)) error {
	if _, err := tx.Exec(ctx, pins); err != nil {
		return fmt.Errorf("verify the registers: %w", err)
	}
	stored, err := readMixes(ctx, tx, storedMixes)
	if err != nil {
		return err
	}
	changes, err := readMixes(ctx, tx, waitingMixes)
	if err != nil {
		return err
	}
	known, waiting := byTable(stored), byTable(changes)
	for _, table := range registered {
		found, err := mixOfTable(ctx, tx, table)
		if err != nil {
			return err
		}
		judge(table, known[table], waiting[table], found, last.Seq > 0, report)
	}
	if last.Seq > 0 && registersHash(stored) != last.Registers {
		report(RegisterFault{RegisterHead, "registers", "les empreintes des tables ne sont pas celles du dernier acte"})
	}
	return nil
}

func byTable(all []register) map[string]mix {
	mixes := make(map[string]mix, len(all))
	for _, r := range all {
		mixes[r.table] = r.mix
	}
	return mixes
}

func readMixes(ctx context.Context, tx pgx.Tx, query string) ([]register, error) {
	rows, err := tx.Query(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("read the registers: %w", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (register, error) {
		var r register
		w := &r.mix.words
		err := row.Scan(&r.table, &r.mix.rows, &w[0], &w[1], &w[2], &w[3])
		return r, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the registers: %w", err)
	}
	return all, nil
}

// mixOfTable reads every row of a table.
func mixOfTable(ctx context.Context, tx pgx.Tx, table string) (mix, error) {
	hashes := fmt.Sprintf(rowHash, table)
	if table == "credentials" {
		hashes = credentialHash
	}
	var m mix
	w := &m.words
	err := tx.QueryRow(ctx, fmt.Sprintf(mixOf, hashes)).Scan(&m.rows, &w[0], &w[1], &w[2], &w[3])
	if err != nil {
		return mix{}, fmt.Errorf("hash the rows of %s: %w", table, err)
	}
	return m, nil
}
