package mandates

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// named is what the house holds of what a new line of a locked mandate names.
type named struct {
	taken    bool  // its reference
	level    Level // of its mandate
	creditor bool  // is there
	others   bool  // it is the own account of another person
	debt     Debt  // that it pays; without ID when there is none
}

// check adds what keeps any new line from its mandate.
func (n named) check(vs *Violations, id, creditor string) {
	vs.add(n.taken, "form", "exists", "« "+id+" » existe déjà.")
	vs.add(n.level == MASP1, "R-014", "MASP1_HOLDS_NO_MONEY", "Une MASP 1 ne gère pas d'argent.")
	vs.add(creditor != "" && !n.creditor, "R-060", "unknown_reference",
		"Le destinataire « "+creditor+" » n'existe pas (masp creditor list).")
	vs.add(n.others, "R-060", "ACCOUNT_OF_ANOTHER", FrenchOfAnother(creditor))
}

// FrenchOfAnother says that a creditor is the own account of somebody else.
func FrenchOfAnother(creditor string) string {
	return "« " + creditor + " » est le compte d'une autre personne accompagnée : l'argent de l'une ne va jamais à l'autre."
}

// ofAnother is the SQL that tells whether creditor $3 is the own account of another than m's person.
const ofAnother = `EXISTS (SELECT FROM masp.creditors WHERE creditor_id = $3 AND beneficiary_id <> m.beneficiary_id)`

// checkObligations judges new obligations of locked mandates beside what they name.
func checkObligations(ctx context.Context, tx pgx.Tx, all []Obligation) error {
	var vs Violations
	seen := map[string]bool{}
	for _, o := range all {
		var n named
		err := tx.QueryRow(ctx, `
			SELECT EXISTS (SELECT FROM masp.obligations WHERE obligation_id = $1), level,
			       EXISTS (SELECT FROM masp.creditors WHERE creditor_id = $3), `+ofAnother+`,
			       coalesce(d.debt_id, ''), coalesce(d.mandate_id, '')
			  FROM masp.mandates m LEFT JOIN masp.debts d ON d.debt_id = $4 WHERE m.mandate_id = $2`,
			o.ID, o.Mandate, o.Creditor, o.Debt).
			Scan(&n.taken, &n.level, &n.creditor, &n.others, &n.debt.ID, &n.debt.Mandate)
		if err != nil {
			return fmt.Errorf("read what %s names: %w", o.ID, translate(err, ErrNoMandate))
		}
		n.taken = n.taken || seen[o.ID]
		seen[o.ID] = true
		n.check(&vs, o.ID, o.Creditor)
		vs.join(o.Check())
		vs.add(o.Debt != "" && n.debt.ID == "", "R-064", "unknown_reference", "La dette « "+o.Debt+" » n'existe pas.")
		if n.debt.ID != "" {
			vs.join(o.CheckDebt(n.debt))
		}
	}
	return vs.err()
}

// checkDebt judges a new debt of a locked mandate beside what it names.
func checkDebt(ctx context.Context, tx pgx.Tx, d Debt) error {
	var n named
	err := tx.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM masp.debts WHERE debt_id = $1), level,
		       EXISTS (SELECT FROM masp.creditors WHERE creditor_id = $3), `+ofAnother+`
		  FROM masp.mandates m WHERE mandate_id = $2`, d.ID, d.Mandate, d.Creditor).
		Scan(&n.taken, &n.level, &n.creditor, &n.others)
	if err != nil {
		return fmt.Errorf("read what %s names: %w", d.ID, translate(err, ErrNoMandate))
	}
	var vs Violations
	n.check(&vs, d.ID, d.Creditor)
	vs.join(d.Check())
	return vs.err()
}

// checkExpected judges an expectation beside the catalogue and what the mandate authorises.
func checkExpected(ctx context.Context, tx pgx.Tx, e ExpectedBenefit) error {
	if _, err := SummaryTx(ctx, tx, e.Mandate); err != nil {
		return err
	}
	catalogue, err := CatalogueTx(ctx, tx)
	if err != nil {
		return fmt.Errorf("read the catalogue: %w", err)
	}
	granted, err := grantedTx(ctx, tx, e.Mandate)
	if err != nil {
		return err
	}
	return e.Check(catalogue, granted[e.Mandate])
}
