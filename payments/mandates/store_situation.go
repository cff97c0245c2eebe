package mandates

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// LockTx locks these mandates for the caller's transaction, in the order of their references:
// what is decided on them stays true until the commit. It answers the references of those that
// may hold money; of an empty list, nil or not, there is none.
func LockTx(ctx context.Context, tx pgx.Tx, ids []string) ([]string, error) {
	return lock(ctx, tx, `mandate_id = ANY ($1)`, ids)
}

// LockAllTx does what LockTx does with every mandate that may hold money and has not ended.
func LockAllTx(ctx context.Context, tx pgx.Tx) ([]string, error) {
	return lock(ctx, tx, `status IN ('ACTIVE', 'SUSPENDED')`)
}

func lock(ctx context.Context, tx pgx.Tx, which string, args ...any) ([]string, error) {
	rows, err := tx.Query(ctx, `
		SELECT mandate_id FROM masp.mandates WHERE level = 'MASP2' AND `+which+`
		 ORDER BY mandate_id FOR NO KEY UPDATE`, args...)
	if err != nil {
		return nil, fmt.Errorf("lock mandates: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// SituationsTx reads what a run on that day must know of the mandates, in the order of
// their references.
func SituationsTx(ctx context.Context, tx pgx.Tx, on civil.Date, ids []string) ([]Situation, error) {
	rows, err := tx.Query(ctx, `
		SELECT m.mandate_id, m.beneficiary_id, concat_ws(' ', b.civility, b.last_name, b.first_name), m.status,
		       m.contract_start, m.last_day, m.signed_by_person_on, m.signed_by_department_on, m.ended_on,
		       a.bank_account_id, a.iban, coalesce(a.bic, ''), a.holder, a.model, a.pain_version,
		       array_to_string(t.class_order, ' '), array_to_string(t.senior_classes, ' '), array_to_string(t.partial_classes, ' '), t.living_floor_cents, t.shortfall,
		       coalesce(t.remit_to, ''), t.remit_days, t.remit_weekly
		  FROM masp.mandates m
		  JOIN masp.beneficiaries b USING (beneficiary_id)
		  JOIN masp.bank_accounts a USING (bank_account_id)
		  JOIN LATERAL (SELECT * FROM masp.mandate_terms t
		                 WHERE t.mandate_id = m.mandate_id AND t.valid_from <= greatest($2, m.contract_start)
		                 ORDER BY t.valid_from DESC LIMIT 1) t ON true
		 WHERE m.mandate_id = ANY ($1)
		 ORDER BY m.mandate_id`, ids, on)
	if err != nil {
		return nil, fmt.Errorf("read situations: %w", err)
	}
	said := make(map[string][]Class)
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Situation, error) { return scanSituation(row, on, said) })
	if err != nil {
		return nil, fmt.Errorf("read situations: %w", err)
	}
	if err := addObligations(ctx, tx, all); err != nil {
		return nil, err
	}
	if err := blockByOrders(ctx, tx, on, all); err != nil {
		return nil, err
	}
	return all, blockByLaw(ctx, tx, on, all)
}

// scanSituation reads one situation. The terms of most are the same: said keeps their lists, each once.
func scanSituation(row pgx.CollectableRow, on civil.Date, said map[string][]Class) (Situation, error) {
	var s Situation
	var m Mandate
	var floor int64
	var order, senior, partial string
	var person, department civil.Date
	err := row.Scan(&s.Mandate, &s.Beneficiary, &s.Person, &m.Status,
		&m.Contract.Start, &m.Contract.End, &person, &department, &m.EndedOn,
		&s.BankAccount.ID, &s.BankAccount.IBAN, &s.BankAccount.BIC, &s.BankAccount.Holder,
		&s.BankAccount.Model, &s.BankAccount.PainVersion,
		&order, &senior, &partial, &floor, &s.Policy.Shortfall,
		&s.RemitTo, &s.Remit.Days, &s.Remit.Weekly)
	classes := func(text string) []Class {
		list, known := said[text]
		if !known {
			for word := range strings.FieldsSeq(text) {
				list = append(list, Class(word))
			}
			said[text] = slices.Clip(list)
		}
		return said[text]
	}
	s.Policy.ClassOrder, s.Policy.SeniorClasses, s.Policy.PartialClasses = classes(order), classes(senior), classes(partial)
	s.Policy.LivingFloor = money.Cents(floor)
	m.Contract.Signatures = []Signature{{PartyPerson, person}, {PartyDepartment, department}}
	s.Noted = m.Status
	if s.Status = m.Status; s.Status == Active {
		s.Status = m.StatusOn(on)
	}
	return s, err
}

// PayeesTx reads the creditors by reference, each with the newest IBAN that may be paid
// now by the clock of the database. An IBAN that a bank has refused is not paid again:
// two people put another in its place, or the same.
func PayeesTx(ctx context.Context, tx pgx.Tx, ids []string) (map[string]Payee, error) {
	rows, err := tx.Query(ctx, `
		SELECT c.creditor_id, c.name, c.kind, coalesce(p.iban, ''), coalesce(p.version, 0),
		       EXISTS (SELECT FROM masp.instructions i WHERE i.creditor_id = c.creditor_id
		                  AND i.iban_version = p.version AND i.state = 'settled'),
		       (SELECT max(h.payable_from AT TIME ZONE 'Europe/Paris')::date FROM masp.creditor_ibans h
		         WHERE h.creditor_id = c.creditor_id AND h.payable_from > clock.at),
		       coalesce(c.beneficiary_id, '')
		  FROM (SELECT masp.now() AS at OFFSET 0) clock
		 CROSS JOIN masp.creditors c
		  LEFT JOIN `+payableV+` p ON p.refusal IS NULL
		 WHERE c.creditor_id = ANY ($1)`, orEmpty(ids))
	if err != nil {
		return nil, fmt.Errorf("read creditors: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Payee])
	if err != nil {
		return nil, fmt.Errorf("read creditors: %w", err)
	}
	payees := make(map[string]Payee, len(list))
	for _, p := range list {
		payees[p.ID] = p
	}
	return payees, nil
}

// ReservedTx is what each mandate has set aside inside its balance.
func ReservedTx(ctx context.Context, tx pgx.Tx, ids []string) (map[string]money.Amount, error) {
	rows, err := tx.Query(ctx, `
		SELECT mandate_id, sum(amount_cents)::bigint FROM masp.reserve_movements
		 WHERE mandate_id = ANY ($1) GROUP BY mandate_id`, ids)
	if err != nil {
		return nil, fmt.Errorf("read reserves: %w", err)
	}
	reserved := make(map[string]money.Amount)
	var id string
	var cents int64
	_, err = pgx.ForEachRow(rows, []any{&id, &cents}, func() error {
		reserved[id] = money.Cents(cents)
		return nil
	})
	return reserved, err
}

// Earmark is money set aside inside the balance of a mandate; a negative amount releases it.
type Earmark struct {
	Mandate string
	Amount  money.Amount // euros
	Source  string       // unique: the same reserve is never set aside twice
	On      civil.Date
}

// ReserveTx sets money aside for mandates, in one statement.
func ReserveTx(ctx context.Context, tx pgx.Tx, reserves ...Earmark) error {
	ids, sources := make([]string, len(reserves)), make([]string, len(reserves))
	cents, days := make([]int64, len(reserves)), make([]time.Time, len(reserves))
	for i, r := range reserves {
		ids[i], sources[i], cents[i], days[i] = r.Mandate, r.Source, r.Amount.Cents(), r.On.Time()
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO masp.reserve_movements (mandate_id, amount_cents, source, on_day)
		SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::date[])`, ids, cents, sources, days)
	if err != nil {
		return fmt.Errorf("reserve: %w", err)
	}
	return nil
}

// BankAccountsTx reads the bank accounts by reference.
func BankAccountsTx(ctx context.Context, tx pgx.Tx) (map[string]BankAccount, error) {
	rows, err := tx.Query(ctx, `
		SELECT bank_account_id, iban, coalesce(bic, ''), holder, model, pain_version FROM masp.bank_accounts`)
	if err != nil {
		return nil, fmt.Errorf("read bank accounts: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[BankAccount])
	if err != nil {
		return nil, fmt.Errorf("read bank accounts: %w", err)
	}
	accounts := make(map[string]BankAccount, len(list))
	for _, a := range list {
		accounts[a.ID] = a
	}
	return accounts, nil
}
