package mandates

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/civil"
)

// maxThreatNote is the most that is written beside a threat ground, in characters.
const maxThreatNote = 500

// ThreatNote is why health or safety is threatened, in a few words: restricted data, which no list,
// no log and no dossier repeats.
type ThreatNote struct {
	Ground ThreatGround
	On     civil.Date // zero when nothing is written
	Text   string
}

// CheckThreatNote returns nil or Violations of R-003.
func CheckThreatNote(text string) error {
	var vs Violations
	vs.add(strings.TrimSpace(text) == "" || utf8.RuneCountInString(text) > maxThreatNote, "R-003", "THREAT_NOTE",
		"Dites en quelques mots, 500 caractères au plus, ce qui menace la santé ou la sécurité.")
	return vs.err()
}

// NoteThreat writes why health or safety is threatened; what was written before stays beneath it. The
// log of acts says that it was written, and not what.
//
// Errors: ErrRole, ErrNoMandate, Violations.
func (s *Service) NoteThreat(ctx context.Context, who auth.Principal, id, text string) error {
	if err := CheckThreatNote(text); err != nil {
		return err
	}
	a := audit.Act{Action: "mandate.threat_note", ObjectType: "mandate", ObjectID: id}
	return s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		m, err := lockMeasure(ctx, tx, id)
		if err != nil {
			return err
		}
		return NoteThreatTx(ctx, tx, id, text, m.today)
	})
}

// NoteThreatTx writes a note that the caller has judged and records.
func NoteThreatTx(ctx context.Context, tx pgx.Tx, id, text string, on civil.Date) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO masp.threat_notes (mandate_id, note_no, on_day, content)
		SELECT $1, count(*) + 1, $2, $3 FROM masp.threat_notes WHERE mandate_id = $1`, id, on, text)
	return err
}

// Threat reads the ground of a measure and the last note beside it, for coordinators alone: who
// approves, accounts or audits does so without notes. The reading is an act.
//
// Errors: ErrRole, ErrNoMandate.
func (s *Service) Threat(ctx context.Context, who auth.Principal, id string) (note ThreatNote, err error) {
	if !who.Is(auth.Coordinator) {
		return note, fmt.Errorf("read the ground of %s: %w", id, ErrRole)
	}
	a := audit.Act{Actor: who.ID, Action: "mandate.threat_read", ObjectType: "mandate", ObjectID: id}
	err = ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `
			SELECT m.threat_ground, n.on_day, coalesce(n.content, '')
			  FROM masp.mandates m
			  LEFT JOIN LATERAL (SELECT * FROM masp.threat_notes n WHERE n.mandate_id = m.mandate_id ORDER BY note_no DESC LIMIT 1) n ON true
			 WHERE m.mandate_id = $1`, id).Scan(&note.Ground, &note.On, &note.Text)
		if err != nil {
			return translate(err, ErrNoMandate)
		}
		_, err = audit.Record(ctx, tx, a)
		return err
	})
	if err != nil {
		return ThreatNote{}, fmt.Errorf("read the ground of %s: %w", id, err)
	}
	return note, nil
}
