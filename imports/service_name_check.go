package imports

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/payments/sepa"
	"masp/payments/worklist"
)

// checked is one result as the report gives it: about a transfer of ours, else about an IBAN.
type checked struct {
	transfer int64 // 0: of no transfer of ours that can be told
	iban     string
	status   sepa.Status
	said     string // Cdtr/Nm of the report
}

// checkNames stores what the payees' banks say of their names, and tells which differ.
func (r *reporting) checkNames(file int64) error {
	var all []checked
	for _, b := range r.report.Batches {
		found, err := r.namesOf(b)
		if err != nil {
			return err
		}
		all = append(all, found...)
	}
	if len(r.report.Batches) == 0 && r.report.OriginalMessageID != "" {
		found, err := r.namesOfWhole("", r.report.GroupStatus, nil)
		if err != nil {
			return err
		}
		all = append(all, found...)
	}
	checks, err := insertNameChecks(r.ctx, r.tx, file, r.report.CreatedAt, all)
	if err != nil {
		return err
	}
	r.out.NameChecks = checks
	for _, c := range checks {
		if differs(c.Result) {
			r.alerts = append(r.alerts, r.nameDiffers(c))
		}
	}
	return nil
}

// namesOf are the results of one batch: of the transfers that it lists, then of the others.
func (r *reporting) namesOf(b sepa.BatchStatus) ([]checked, error) {
	var all []checked
	listed := map[int64]bool{}
	for _, t := range b.Transactions {
		found, err := r.find(sepa.Rejection{
			Level: sepa.OneTransfer, OriginalMessageID: r.report.OriginalMessageID,
			PaymentInfoID: b.PaymentInfoID, EndToEndID: t.EndToEndID, InstructionID: t.InstructionID,
		})
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			listed[f.ID] = true
		}
		if !t.Status.Information() {
			continue
		}
		one := checked{iban: t.CreditorIBAN, status: t.Status, said: t.CreditorName}
		if len(found) == 1 {
			one.transfer = found[0].ID
		}
		all = append(all, one)
	}
	if b.PaymentInfoID == "" {
		return all, nil
	}
	whole, err := r.namesOfWhole(b.PaymentInfoID, b.Status, listed)
	return append(all, whole...), err
}

// namesOfWhole gives a status of a whole to what it does not list: only where each must have it,
// since a bank lists what differs and says the worst of the whole.
func (r *reporting) namesOfWhole(
	paymentInfo string, status sepa.Status, listed map[int64]bool,
) ([]checked, error) {
	if !status.Information() {
		return nil, nil
	}
	found, err := r.service.Payments.FindByReportTx(
		r.ctx, r.tx, r.report.OriginalMessageID, paymentInfo, "",
	)
	if err != nil || differs(status) && len(found) != 1 {
		return nil, err
	}
	var all []checked
	for _, f := range found {
		if !listed[f.ID] {
			all = append(all, checked{transfer: f.ID, status: status})
		}
	}
	return all, nil
}

// nameDiffers tells once that the bank knows an account of a payee under another name.
func (r *reporting) nameDiffers(c NameCheck) worklist.Alert {
	return worklist.Alert{
		On: r.today, Code: AlertNameMismatch, Subject: c.Creditor,
		Text: fmt.Sprintf("%s (%s), %s : %s", c.OurName, c.Creditor, c.IBAN, c.Text),
		Source: strings.Join([]string{
			AlertNameMismatch, c.Creditor, c.IBAN, string(c.Result), c.OurName, c.BankName,
		}, " "),
		Details: map[string]string{"reference": c.Reference, "reason": string(c.Result)},
	}
}

// NameChecks lists the newest result of each name and account of all creditors: those that differ
// first.
func (s *Service) NameChecks(ctx context.Context) ([]NameCheck, error) {
	return s.nameChecks(ctx, ``)
}

// NameChecksOf lists those of these creditors; of none there are none.
func (s *Service) NameChecksOf(ctx context.Context, creditors ...string) ([]NameCheck, error) {
	return s.nameChecks(ctx, `WHERE creditor_id = ANY ($1)`, creditors)
}

func (s *Service) nameChecks(ctx context.Context, which string, args ...any) ([]NameCheck, error) {
	var list []NameCheck
	err := ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) (err error) {
		list, err = newestNameChecks(ctx, tx, which, args...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the checks of names: %w", err)
	}
	return list, nil
}
