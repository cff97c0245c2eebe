package imports

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/audit"
)

// checkActs computes again what the acts of this package sealed, and looks for rows that no
// act covers.
func checkActs(ctx context.Context, tx pgx.Tx, report func(ledger.Finding)) error {
	acts, err := ownActs(ctx, tx)
	if err != nil {
		return err
	}
	seen := cover{
		files: map[int64]bool{}, statements: map[int64]bool{}, assignments: map[int64]bool{}, advices: map[int64]bool{},
		lines: map[int64]int{}, suspenseActs: map[int64]bool{}, returns: map[int64]bool{}, undos: map[int64]bool{}, noticed: map[int64]bool{},
		clearings: map[int64]bool{}, replaced: map[int64]bool{},
	}
	for _, act := range acts {
		var what sealed
		if err := json.Unmarshal([]byte(act.Details), &what); err != nil {
			report(
				ledger.Finding{
					Code: "ACT_UNREADABLE", Place: fmt.Sprintf("audit_log %d", act.Seq),
					Text: "l’acte ne dit pas sur quoi il porte",
				},
			)
			continue
		}
		seen.add(what)
		now, err := digestOf(ctx, tx, what)
		if err != nil {
			return err
		}
		if now != act.After {
			report(
				ledger.Finding{
					Code: "IMPORT_CHANGED",
					Place: fmt.Sprintf(
						"audit_log %d (%s %s)", act.Seq, act.ObjectType, act.ObjectID,
					),
					Text: "une ligne écrite par cet acte a été changée, ajoutée ou effacée depuis",
				},
			)
		}
	}
	return seen.missing(ctx, tx, report)
}

// cover is what the acts of this package cover.
type cover struct {
	files, statements, assignments, advices, suspenseActs, returns, undos, noticed, clearings, replaced map[int64]bool
	// lines says how many lines of a statement, from the first, the acts have brought.
	lines map[int64]int
}

func (c cover) add(what sealed) {
	c.files[what.File] = true
	c.suspenseActs[what.SuspenseAct] = true
	c.returns[what.Return] = true
	c.undos[what.Undo] = true
	c.clearings[what.Clearing] = true
	c.replaced[what.Replaced] = true
	for _, id := range what.Noticed {
		c.noticed[id] = true
	}
	for _, id := range what.Assignments {
		c.assignments[id] = true
	}
	c.advices[what.Advice] = true
	for _, id := range what.Accepted {
		c.statements[id] = true
	}
	for _, of := range what.Lines {
		if of.First == c.lines[of.Statement]+1 {
			c.lines[of.Statement] = of.Last
		}
	}
}

// missing reports the rows that came in without an act.
func (c cover) missing(ctx context.Context, tx pgx.Tx, report func(ledger.Finding)) error {
	for _, t := range []struct {
		table, query string
		seen         map[int64]bool
	}{
		{"bank_files", `SELECT file_id FROM masp.bank_files ORDER BY file_id`, c.files},
		{"bank_statements", `SELECT statement_id FROM masp.bank_statements WHERE state = 'accepted' ORDER BY statement_id`, c.statements},
		{"suspense_assignments", `SELECT assignment_id FROM masp.suspense_assignments ORDER BY assignment_id`, c.assignments},
		{"advices", `SELECT advice_id FROM masp.advices ORDER BY advice_id`, c.advices},
		{"suspense_acts", `SELECT act_id FROM masp.suspense_acts ORDER BY act_id`, c.suspenseActs},
		{"suspense_returns", `SELECT instruction_id FROM masp.suspense_returns ORDER BY instruction_id`, c.returns},
		{"match_undos", `
			SELECT undo_id FROM masp.match_undos u WHERE NOT EXISTS (
			       SELECT FROM masp.bank_lines l JOIN masp.statement_replacements r ON r.old_statement = l.statement_id
			        WHERE l.line_id = u.line_id AND u.undone_entry = l.entry_no) ORDER BY undo_id`, c.undos},
		{"suspense_clearings", `SELECT clearing_id FROM masp.suspense_clearings ORDER BY clearing_id`, c.clearings},
		{"statement_replacements", `SELECT old_statement FROM masp.statement_replacements ORDER BY old_statement`, c.replaced},
		{"notice_uses", `SELECT line_id FROM masp.notice_uses ORDER BY line_id`, c.noticed},
	} {
		rows, err := tx.Query(ctx, t.query)
		if err != nil {
			return fmt.Errorf("look for rows without an act: %w", err)
		}
		var id int64
		_, err = pgx.ForEachRow(rows, []any{&id}, func() error {
			if !t.seen[id] {
				report(
					ledger.Finding{
						Code: "ROW_WITHOUT_ACT", Place: fmt.Sprintf("%s %d", t.table, id),
						Text: "cette ligne n’est venue d’aucun acte du journal",
					},
				)
				t.seen[id] = true
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("look for rows without an act: %w", err)
		}
	}
	return c.missingLines(ctx, tx, report)
}

// missingLines reports the statements whose lines are not those that the acts have brought.
func (c cover) missingLines(ctx context.Context, tx pgx.Tx, report func(ledger.Finding)) error {
	rows, err := tx.Query(ctx, `
		SELECT statement_id, posted_lines FROM masp.bank_statements WHERE posted_lines > 0 ORDER BY statement_id`)
	if err != nil {
		return fmt.Errorf("look for lines without an act: %w", err)
	}
	var id int64
	var posted int
	_, err = pgx.ForEachRow(rows, []any{&id, &posted}, func() error {
		if c.lines[id] != posted {
			report(ledger.Finding{
				Code: "ROW_WITHOUT_ACT", Place: fmt.Sprintf("bank_statements %d", id),
				Text: "ses lignes ne sont pas celles que les actes du journal ont apportées",
			})
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("look for lines without an act: %w", err)
	}
	return nil
}

// ownActs reads the acts that seal rows of this package.
func ownActs(ctx context.Context, tx pgx.Tx) ([]audit.Recorded, error) {
	var acts []audit.Recorded
	err := audit.Read(ctx, tx, 1, func(act audit.Recorded) bool {
		switch act.Action {
		case "bank_file.import", "bank_statement.import", "advice.announce",
			"suspense.assign", "suspense.split", "suspense.act", "suspense.return", "suspense.clear", "match.undo",
			"notice.apply", actReplace:
			acts = append(acts, act)
		}
		return true
	})
	return acts, err
}
