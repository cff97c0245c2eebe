package mandates

import (
	"context"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
)

// SetContact notes whom to ask at a creditor, from today on.
//
// Errors: ErrRole, ErrNoCreditor, Violations.
func (s *Service) SetContact(ctx context.Context, who auth.Principal, c Contact) error {
	if err := c.Check(); err != nil {
		return err
	}
	a := audit.Act{Action: "creditor.contact", ObjectType: "creditor", ObjectID: c.Creditor}
	return s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		if err := lockCreditor(ctx, tx, c.Creditor); err != nil { // two who note at once follow each other
			return err
		}
		noted, err := tx.Exec(ctx, `
			INSERT INTO masp.creditor_contacts (creditor_id, contact_no, on_day, name, phone, email, hours)
			SELECT c.creditor_id, (SELECT count(*) + 1 FROM masp.creditor_contacts o WHERE o.creditor_id = c.creditor_id), masp.today(), $2, $3, $4, $5
			  FROM masp.creditors c WHERE c.creditor_id = $1`, c.Creditor, c.Name, c.Phone, c.Email, c.Hours)
		if err == nil && noted.RowsAffected() == 0 {
			return ErrNoCreditor
		}
		return err
	})
}

// Contact is the last contact of a creditor; the zero value when none is noted.
func (s *Service) Contact(ctx context.Context, creditor string) (c Contact, err error) {
	err = ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) error {
		all, err := contactsOf(ctx, tx, []string{creditor})
		c = all[creditor]
		return err
	})
	return c, err
}

// readBeside reads what stands beside the contract and its debts.
func (d *Dossier) readBeside(ctx context.Context, tx pgx.Tx) (err error) {
	if err := d.readConvention(ctx, tx); err != nil {
		return err
	}
	if d.Requests, err = requestsOf(ctx, tx, d.ID); err != nil {
		return err
	}
	if d.Updated, err = updatedDebts(ctx, tx, d.ID); err != nil {
		return err
	}
	var creditors []string
	for _, debt := range d.Debts {
		creditors = append(creditors, debt.Creditor)
	}
	d.Contacts, err = contactsOf(ctx, tx, creditors)
	return err
}

// contactsOf reads the last contact of each of these creditors, by creditor.
func contactsOf(ctx context.Context, tx pgx.Tx, ids []string) (map[string]Contact, error) {
	contacts := map[string]Contact{}
	var c Contact
	err := each(ctx, tx, []any{&c.Creditor, &c.On, &c.Name, &c.Phone, &c.Email, &c.Hours}, func() { contacts[c.Creditor] = c }, `
		SELECT DISTINCT ON (creditor_id) creditor_id, on_day, name, phone, email, hours FROM masp.creditor_contacts
		 WHERE creditor_id = ANY ($1) ORDER BY creditor_id, contact_no DESC`, ids)
	return contacts, err
}

// updatedDebts reads on which day the creditor last said what is owed: of each debt of a mandate.
func updatedDebts(ctx context.Context, tx pgx.Tx, mandate string) (map[string]DebtUpdate, error) {
	updates := map[string]DebtUpdate{}
	var id string
	var u DebtUpdate
	err := each(ctx, tx, []any{&id, &u.On, &u.Evidence}, func() { updates[id] = u }, `
		SELECT DISTINCT ON (m.debt_id) m.debt_id, m.on_day, m.evidence
		  FROM masp.debt_movements m JOIN masp.debts d USING (debt_id)
		 WHERE d.mandate_id = $1 AND m.kind IN ('OPENING', 'CORRECTION') ORDER BY m.debt_id, m.movement_id DESC`, mandate)
	return updates, err
}
