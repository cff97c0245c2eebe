package mandates

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// Dossier is what a coordinator reads about one mandate, from one snapshot.
type Dossier struct {
	Summary
	Commitments []Commitment
	Benefits    []Authorisation
	Policy      Policy // of today; the default in MASP 1
	RemitTo     string
	Remittance  RemittancePlan
	Obligations []Obligation
	DueMonth    civil.Month
	Due         []DueOn // what falls due in that month
	Debts       []Debt
	Creditors   []CreditorState // who is paid, and the person's own account
}

// Dossier reads one mandate, or ErrNoMandate.
func (s *Service) Dossier(ctx context.Context, id string) (Dossier, error) {
	d := Dossier{Policy: DefaultPolicy()}
	err := ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) (err error) {
		if d.Summary, err = SummaryTx(ctx, tx, id); err != nil {
			return err
		}
		today, err := ledger.Today(ctx, tx)
		if err != nil {
			return err
		}
		situations, err := SituationsTx(ctx, tx, today, []string{id})
		if err != nil {
			return err
		}
		for _, one := range situations { // one, or none in MASP 1
			d.Policy, d.RemitTo, d.Remittance, d.Obligations = one.Policy, one.RemitTo, one.Remit, one.Obligations
		}
		d.DueMonth = today.MonthOf()
		for _, o := range d.Obligations {
			d.Due = append(d.Due, Due(o, d.DueMonth)...)
		}
		return d.readRest(ctx, tx)
	})
	if err != nil {
		return Dossier{}, fmt.Errorf("read dossier: %w", err)
	}
	return d, nil
}

// EndTx ends a mandate on its last day, for a reason of R-090: no run pays it any more. A
// death freezes it instead. What is set aside for the person is part of the balance
// again, and EndTx answers how much that was. It joins the transaction of its caller,
// who stops what is under way and records the act.
func EndTx(
	ctx context.Context, tx pgx.Tx, who auth.Principal, id string, on civil.Date, reason EndReason,
) (released money.Amount, err error) {
	status := Ended
	switch {
	case !mayEdit(who):
		return released, ErrRole
	case !reason.Known():
		return released, ErrEndReason
	case reason == Death:
		status = Deceased
	}
	var known Status
	var start, today civil.Date
	// No key is locked: an import may raise an alert of the mandate meanwhile.
	err = tx.QueryRow(ctx, `
		SELECT status, contract_start, masp.today() FROM masp.mandates WHERE mandate_id = $1 FOR NO KEY UPDATE`, id).
		Scan(&known, &start, &today)
	switch {
	case err != nil:
		return released, translate(err, ErrNoMandate)
	case known == Closed, known == Deceased, known != Active && known != Suspended && reason != Death:
		return released, ErrNotActive
	case reason != Death && on.Before(start):
		return released, ErrEndDay
	case on.After(today):
		return released, ErrFutureEnd
	}
	_, err = tx.Exec(ctx, `
		UPDATE masp.mandates
		   SET status = $2, ended_on = coalesce(ended_on, $3), end_reason = coalesce(end_reason, $4),
		       died_on = CASE $4 WHEN 'DEATH' THEN $3::date END
		 WHERE mandate_id = $1`, id, string(status), on, string(reason))
	if err != nil {
		return released, err
	}
	reserved, err := ReservedTx(ctx, tx, []string{id})
	if err != nil || !reserved[id].IsPositive() {
		return released, err
	}
	return reserved[id], ReserveTx(ctx, tx, id, "end "+id, reserved[id].Neg(), today)
}

// Sign notes the signature of one party, and starts the mandate when all have signed and
// its first day has come. An empty party notes nothing and only starts. It
// answers the status.
func (s *Service) Sign(ctx context.Context, who auth.Principal, id string, by Party, on civil.Date) (Status, error) {
	var status Status
	a := audit.Act{Action: "mandate.sign", ObjectType: "mandate", ObjectID: id, Details: map[string]any{"by": by, "on": on}}
	err := s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		m := Mandate{ID: id}
		days := map[Party]*civil.Date{PartyPerson: {}, PartyDepartment: {}, PartyOperator: {}}
		var today civil.Date
		err := tx.QueryRow(ctx, `
			SELECT status, contract_start, contract_end, signed_by_person_on, signed_by_department_on, signed_by_operator_on, masp.today()
			  FROM masp.mandates WHERE mandate_id = $1 FOR UPDATE`, id).
			Scan(&m.Status, &m.Contract.Start, &m.Contract.End, days[PartyPerson], days[PartyDepartment], days[PartyOperator], &today)
		switch {
		case err != nil:
			return translate(err, ErrNoMandate)
		case m.Status != PendingSignature:
			return ErrNotActive
		case by != "" && days[by] == nil:
			return ErrParty
		case by != "" && !days[by].IsZero():
			return ErrSigned
		case by != "":
			*days[by] = on
		}
		m.Contract.Signatures = []Signature{{PartyPerson, *days[PartyPerson]}, {PartyDepartment, *days[PartyDepartment]}}
		if !days[PartyOperator].IsZero() {
			m.Contract.Signatures = append(m.Contract.Signatures, Signature{PartyOperator, *days[PartyOperator]})
		}
		if status = PendingSignature; m.StatusOn(today) == Active {
			status = Active
		}
		_, err = tx.Exec(ctx, `
			UPDATE masp.mandates SET status = $2, signed_by_person_on = $3, signed_by_department_on = $4, signed_by_operator_on = $5
			 WHERE mandate_id = $1`, id, string(status), *days[PartyPerson], *days[PartyDepartment], *days[PartyOperator])
		return err
	})
	return status, err
}

// SetPainVersion tells which version of pain.001 the bank of an account reads: "001.09" or
// "001.03". Files that are already made do not change.
func (s *Service) SetPainVersion(ctx context.Context, who auth.Principal, account, version string) error {
	if version != "001.09" && version != "001.03" {
		return ErrPainVersion
	}
	a := audit.Act{
		Action: "bank_account.pain_version", ObjectType: "bank_account", ObjectID: account,
		Details: map[string]string{"version": version},
	}
	return s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		tag, err := tx.Exec(ctx, `UPDATE masp.bank_accounts SET pain_version = $2 WHERE bank_account_id = $1`, account, version)
		if err == nil && tag.RowsAffected() == 0 {
			return ErrNoAccount
		}
		return err
	})
}
