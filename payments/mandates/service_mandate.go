package mandates

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/civil"
)

// Dossier is what a coordinator reads about one mandate, from one snapshot.
type Dossier struct {
	Summary
	PrecededBy  string // "MAJ" or empty
	Commitments []Commitment
	Benefits    []Authorisation
	Court       []CourtBenefit
	Convention  string // of today, or empty
	Place       string
	Policy      Policy // of today; the default in MASP 1
	RemitTo     string
	Remittance  RemittancePlan
	Obligations []Obligation
	DueMonth    civil.Month
	Due         []DueOn // what falls due in that month
	Debts       []Debt
	Requests    []AidRequest          // for aids
	Updated     map[string]DebtUpdate // by debt
	Contacts    map[string]Contact    // by creditor of a debt
	Creditors   []CreditorState       // who is paid, and the person's own account
	History     History
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
		if err := d.readRest(ctx, tx); err != nil {
			return err
		}
		return d.readBeside(ctx, tx)
	})
	if err != nil {
		return Dossier{}, fmt.Errorf("read dossier: %w", err)
	}
	return d, nil
}

// Sign notes the signature of one party: under the first contract, which starts the measure when
// all have signed and its first day has come, then under the renewal that is drafted
// . An empty party notes nothing and only starts. It answers the status.
//
// Errors: ErrRole, ErrParty, ErrNoMandate, ErrSigned, ErrFutureDay, ErrNotActive when nothing waits
// for a signature, ErrContractLaw, Violations.
func (s *Service) Sign(ctx context.Context, who auth.Principal, id string, by Party, on civil.Date) (Status, error) {
	if by != "" && by != PartyPerson && by != PartyDepartment && by != PartyOperator {
		return "", ErrParty
	}
	var status Status
	a := audit.Act{Action: "mandate.sign", ObjectType: "mandate", ObjectID: id, Details: map[string]any{"by": by, "on": on}}
	err := s.act(ctx, who, a, func(tx pgx.Tx, _ *audit.Act) error {
		m, err := lockMeasure(ctx, tx, id)
		switch {
		case err != nil:
			return err
		case by != "" && (on.IsZero() || on.After(m.today)):
			return ErrFutureDay
		case m.Status == PendingSignature:
			status, err = m.signFirst(ctx, tx, by, on)
		case m.renewable():
			status, err = m.signRenewal(ctx, tx, by, on)
		default:
			err = ErrNotActive
		}
		return err
	})
	return status, err
}

// signFirst notes one signature under the first contract, and starts the measure when it may.
func (m measure) signFirst(ctx context.Context, tx pgx.Tx, by Party, on civil.Date) (Status, error) {
	days := map[Party]civil.Date{}
	for _, s := range m.latest.Signatures {
		days[s.Party] = s.On
	}
	if by != "" {
		if !days[by].IsZero() {
			return m.Status, ErrSigned
		}
		if on.After(m.latest.End) {
			return m.Status, ErrSignedLate
		}
		days[by] = on
	}
	m.Contract.Signatures = []Signature{{PartyPerson, days[PartyPerson]}, {PartyDepartment, days[PartyDepartment]}}
	if !days[PartyOperator].IsZero() {
		m.Contract.Signatures = append(m.Contract.Signatures, Signature{PartyOperator, days[PartyOperator]})
	}
	if m.StatusOn(m.today) == Active {
		if err := m.refuseOther(ctx, tx); err != nil {
			return m.Status, err
		}
		if err := m.refuseOutside(ctx, tx, m.Contract.Start); err != nil {
			return m.Status, err
		}
		m.Status = Active
	}
	_, err := tx.Exec(ctx, `
		UPDATE masp.mandates SET status = $2, signed_by_person_on = $3, signed_by_department_on = $4, signed_by_operator_on = $5
		 WHERE mandate_id = $1`, m.ID, string(m.Status), days[PartyPerson], days[PartyDepartment], days[PartyOperator])
	return m.Status, translate(err, ErrNoMandate)
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
