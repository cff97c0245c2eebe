package payments_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/ledger/audit"
	"masp/migrations/dbtest"
)

// fillRetention writes a row of each register of how long files stay, beside their doors.
func fillRetention(t *testing.T, db *dbtest.DB) {
	t.Helper()
	const who, person = `(SELECT min(user_id) FROM masp.users)`, `(SELECT min(beneficiary_id) FROM masp.beneficiaries)`
	rows := map[string]string{
		"retentions":         `(beneficiary_id, archive_proposed_on) VALUES (` + person + `, masp.today())`,
		"retention_settings": `VALUES (true, 24, 10, 5, ` + who + `, masp.now())`,
		"retention_holds": `(beneficiary_id, ground, note, placed_by, placed_at)
			VALUES (` + person + `, 'DEBT', 'essai', ` + who + `, masp.now())`,
		"archive_openings": `(beneficiary_id, user_id, reason, opened_at, ends_at)
			VALUES (` + person + `, ` + who + `, 'essai', masp.now(), masp.now())`,
		"erasures": `(code, place, seal, erased_on, erased_by)
			VALUES ('TEXT_CHANGED', 'entries 1', masp.left_at('TEXT_CHANGED', 'entries 1'), masp.today(), ` + who + `)`,
	}
	err := pgx.BeginFunc(t.Context(), db.Owner, func(tx pgx.Tx) error {
		for table, row := range rows {
			for _, sql := range []string{
				`ALTER TABLE masp.TABLE_ DISABLE TRIGGER USER`, `ALTER TABLE masp.TABLE_ ENABLE TRIGGER registers_new_rows`,
				`INSERT INTO masp.TABLE_ ROW_`, `ALTER TABLE masp.TABLE_ ENABLE TRIGGER USER`,
			} {
				if _, err := tx.Exec(t.Context(), strings.NewReplacer("TABLE_", table, "ROW_", row).Replace(sql)); err != nil {
					return fmt.Errorf("%s: %w", table, err)
				}
			}
		}
		_, err := audit.Record(t.Context(), tx, audit.Act{Actor: "test", Action: "test.keep", ObjectType: "test", ObjectID: "1"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
