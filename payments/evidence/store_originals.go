package evidence

import (
	"context"
	"io"

	"github.com/jackc/pgx/v5"
)

// The names of the originals in the bundle. A file that tells of persons outside the scope is not
// joined: its hash alone stands in the list.
const (
	bankPiece = `'banque/originaux/' || lpad(file_id::text, 6, '0') || '-' ||
		right(regexp_replace(name, '[^A-Za-z0-9._-]' COLLATE "C", '_', 'g'), 80)`
	// kept: the bytes of a file are removed once the data of its persons are.
	kept         = `(size = 0 OR EXISTS (SELECT FROM masp.bank_file_parts p WHERE p.file_id = of_bank_files.file_id))`
	keptOurs     = `octet_length(content) > 0`
	paymentPiece = `'virements/originaux/' || name`
)

var bankFilesTable = table{
	"banque/fichiers.csv", "fichiers reçus de la banque ; l'original de chacun, à l'octet près, est dans banque/originaux",
	[]string{"Fichier", "Nom", "SHA-256", "Octets", "Format", "Issue", "Reçu le", "Par", "Archive", "Pièce"},
	`SELECT file_id, name, sha256, size, format, outcome, received_at, received_by, archive_id, CASE WHEN ours AND ` + kept + ` THEN ` + bankPiece + ` END
	   FROM of_bank_files ORDER BY file_id`,
}

var paymentFilesTable = table{
	"virements/fichiers.csv", "fichiers de virements ; les octets de chacun sont dans virements/originaux",
	[]string{
		"Message", "Campagne", "Nom", "Version", "Exécution le", "Contenu signé", "SHA-256", "Virements", "Total (€)", "Créé le", "Sorti le",
		"Remis le", "Sans valeur", "Pièce",
	},
	`SELECT message_id, run_id, name, pain_version, execute_on, content_hash, sha256, transfers, total_cents, built_at, released_at,
		handed_over_at, void, CASE WHEN ours AND ` + keptOurs + ` THEN ` + paymentPiece + ` END FROM of_files ORDER BY file_id`,
}

// original is a file that is joined byte for byte.
type original struct {
	id    int64
	piece string
}

func (s *scope) originals(ctx context.Context, tx pgx.Tx, sql string) ([]original, error) {
	rows, err := s.query(ctx, tx, sql)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (o original, err error) {
		return o, row.Scan(&o.id, &o.piece)
	})
}

// addOriginals adds the files of the bank and those for it, each piece of their bytes at a time.
func (s *scope) addOriginals(ctx context.Context, tx pgx.Tx, a *archive) error {
	for _, of := range []struct{ list, bytes string }{
		{
			`SELECT file_id, ` + bankPiece + ` FROM of_bank_files WHERE ours AND ` + kept + ` ORDER BY file_id`,
			`SELECT content FROM masp.bank_file_parts WHERE file_id = $1 ORDER BY no`,
		},
		{
			`SELECT file_id, ` + paymentPiece + ` FROM of_files WHERE ours AND ` + keptOurs + ` ORDER BY file_id`,
			`SELECT content FROM masp.payment_files WHERE file_id = $1`,
		},
	} {
		files, err := s.originals(ctx, tx, of.list)
		if err != nil {
			return err
		}
		for _, f := range files {
			err := a.add(f.piece, func(w io.Writer) (int64, error) { return 0, copyBytes(ctx, tx, of.bytes, f.id, w) })
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func copyBytes(ctx context.Context, tx pgx.Tx, sql string, id int64, w io.Writer) error {
	rows, err := tx.Query(ctx, sql, id)
	if err != nil {
		return err
	}
	var part []byte
	_, err = pgx.ForEachRow(rows, []any{&part}, func() error {
		_, err := w.Write(part)
		return err
	})
	return err
}
