package imports

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"masp/imports/bankfile"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/sepa"
	"masp/payments/worklist"
	"masp/payments/xmlread"
)

// familyReport is the family of the answers of the bank to our payment files.
const familyReport = "pain.002"

// importReport reads a pain.002 and gives back what the bank rejected, once, whatever comes
// twice: the same bytes, another file that says the same, or a return on the account.
func (s *Service) importReport(
	ctx context.Context, who string, out Outcome, kept *spool,
) (Outcome, error) {
	report, err := sepa.ReadReport(kept.reader())
	if err != nil {
		return refusedReport(out, err)
	}
	if err := s.keepArchive(ctx, who, kept.from); err != nil {
		return Outcome{}, err
	}
	for _, code := range report.Warnings {
		out.Outcome = bankfile.AcceptedWithWarnings
		out.Reasons = append(out.Reasons, reportRemark(code))
	}
	err = ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		attempt := out
		if err := s.reportTx(ctx, tx, who, kept, report, &attempt); err != nil {
			return err
		}
		out = attempt
		return nil
	})
	if err != nil {
		return Outcome{}, fmt.Errorf("import pain.002: %w", err)
	}
	return out, nil
}

// refusedReport makes of a fault of the message the answer to the user.
func refusedReport(out Outcome, err error) (Outcome, error) {
	x, ok := errors.AsType[*xmlread.FormatError](err)
	if !ok {
		return Outcome{}, fmt.Errorf("import pain.002: %w", err)
	}
	out.Outcome = bankfile.Refused
	out.Reasons = append(out.Reasons, reportFault(x))
	return out, nil
}

// reportFault is why a pain.002 is refused, and reportRemark what it was read in spite of.
func reportFault(x *xmlread.FormatError) bankfile.Reason {
	return bankfile.Reason{
		Code: x.Code, Message: x.French(), Place: x.Place(), Outcome: bankfile.Refused,
	}
}

func reportRemark(code string) bankfile.Reason {
	return bankfile.Reason{
		Code: code, Message: "Remarque : " + sepa.WarningText(code) + ".",
		Outcome: bankfile.AcceptedWithWarnings,
	}
}

func (s *Service) reportTx(
	ctx context.Context, tx pgx.Tx, who string, kept *spool, report sepa.Report, out *Outcome,
) error {
	stored, err := insertFile(ctx, tx, fileRow{
		name: out.File, bytes: kept, format: out.Format, outcome: out.Outcome,
		reasons: out.Reasons, by: who,
	})
	if err != nil {
		return err
	}
	out.ReceivedAt, out.AlreadyKnown = stored.at, stored.known
	if stored.known {
		return nil
	}
	out.Report = &ReportOutcome{
		Kind:      report.Kind(),
		MessageID: report.MessageID,
		About:     report.OriginalMessageID,
		Transfers: []RejectedTransfer{},
	}
	out.Report.Information = out.Report.Kind != sepa.KindTransfers
	today, err := ledger.Today(ctx, tx)
	if err != nil {
		return err
	}
	r := reporting{
		service: s, ctx: ctx, tx: tx, who: who, today: today, report: report, out: out.Report,
	}
	if err := r.carryOut(stored.id); err != nil {
		return err
	}
	return record(
		ctx,
		tx,
		audit.Act{
			Actor: who, Action: "bank_file.import", ObjectType: "bank_file",
			ObjectID: strconv.FormatInt(stored.id, 10),
		},
		sealed{File: stored.id},
	)
}

// carryOut does what the report says, and stores it. An answer to something else than our
// transfers is stored and does nothing.
func (r *reporting) carryOut(file int64) error {
	if r.out.Kind == sepa.KindTransfers {
		if err := r.rejections(); err != nil {
			return err
		}
	}
	if r.out.Kind == sepa.KindTransfers || r.out.Kind == sepa.KindNameCheck {
		if err := r.checkNames(file); err != nil {
			return err
		}
	}
	r.remarks()
	if err := insertStatus(r.ctx, r.tx, file, r.rows); err != nil {
		return err
	}
	return worklist.RaiseTx(r.ctx, r.tx, r.alerts...)
}

// reporting is the work on one report.
type reporting struct {
	service *Service
	ctx     context.Context
	tx      pgx.Tx
	who     string
	today   civil.Date
	report  sepa.Report
	out     *ReportOutcome
	rows    []statusRow
	alerts  []worklist.Alert
}

// refusal is a transfer with the reason why the bank refused it.
type refusal struct {
	transfer Transfer
	reason   sepa.Reason
	whole    bool // nothing of its file has left: one alert tells it
}

// rejections finds and locks every transfer that the report rejects before it gives the first
// one back: rows are locked before the books are.
func (r *reporting) rejections() error {
	var all []refusal
	seen := map[int64]bool{}
	list := slices.Collect(r.report.Rejected())
	whole := slices.ContainsFunc(list, func(x sepa.Rejection) bool { return x.Level == sepa.WholeFile })
	for _, rejection := range list {
		reason := sepa.Reason{Code: "NARR"}
		if len(rejection.Reasons) > 0 {
			reason = rejection.Reasons[0]
		}
		found, err := r.find(rejection)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			r.out.Unknown++
			r.rows = append(r.rows, r.row(0, sepa.StatusRejected, reason))
			r.alerts = append(r.alerts, r.unmatched(rejection, reason))
		}
		for _, t := range found {
			if !seen[t.ID] {
				seen[t.ID] = true
				all = append(all, refusal{t, reason, whole && rejection.Level != sepa.OneTransfer})
			}
		}
	}
	return r.giveBack(all)
}

// unmatched tells of a rejection that names nothing that we sent.
func (r *reporting) unmatched(x sepa.Rejection, reason sepa.Reason) worklist.Alert {
	reference := firstOf(x.EndToEndID, x.InstructionID, x.PaymentInfoID, x.OriginalMessageID)
	return worklist.Alert{
		On: r.today, Code: AlertReportUnmatched, Subject: reference,
		Text:    "La banque refuse « " + reference + " » (" + reason.Code + "), que nous ne trouvons dans aucun fichier envoyé.",
		Source:  strings.Join([]string{AlertReportUnmatched, r.report.MessageID, x.OriginalMessageID, x.PaymentInfoID, reference}, " "),
		Details: map[string]string{"reference": reference, "reason": reason.Code},
	}
}

// refusedFile tells once that a file was refused as a whole.
func (r *reporting) refusedFile(reason string, sum money.Amount) worklist.Alert {
	file := r.report.OriginalMessageID
	return worklist.Alert{
		On: r.today, Code: AlertFileRejected, Subject: file, Amount: sum, Source: AlertFileRejected + " " + file,
		Text:    "Fichier refusé en entier (" + reason + ") : aucun paiement n'est parti.",
		Details: map[string]string{"reference": file, "reason": reason},
	}
}

// find gives what a rejection names. One transfer without a reference is none, and so is a batch
// without a name: else its whole batch, or the whole file, would be given back.
func (r *reporting) find(rejection sepa.Rejection) ([]Transfer, error) {
	reference := firstOf(rejection.EndToEndID, rejection.InstructionID)
	if rejection.Level == sepa.OneTransfer && reference == "" ||
		rejection.Level == sepa.WholeBatch && rejection.PaymentInfoID == "" {
		return nil, nil
	}
	return r.service.Payments.FindByReportTx(
		r.ctx, r.tx, rejection.OriginalMessageID, rejection.PaymentInfoID, reference,
	)
}

// giveBack undoes the transfers that are still under way.
func (r *reporting) giveBack(all []refusal) error {
	var sum money.Amount // of what the whole file was to pay
	reason := ""
	for _, f := range all {
		t, code := f.transfer, firstOf(f.reason.Code, "NARR")
		r.rows = append(
			r.rows, r.row(t.ID, sepa.StatusRejected, sepa.Reason{Code: code, Text: f.reason.Text}),
		)
		if t.State != payments.InTransit {
			r.out.Again++
			continue
		}
		_, err := r.service.Payments.RejectTx(r.ctx, r.tx, payments.Rejection{
			Instruction: t.ID, Reason: code,
			Source: "pain.002 " + r.report.MessageID, On: r.today, Actor: r.who,
			WholeFile: f.whole,
		})
		if err != nil {
			return err
		}
		if f.whole {
			sum, reason = sum.Add(t.Amount), code
		}
		r.out.Rejected++
		r.out.Transfers = append(r.out.Transfers, RejectedTransfer{
			EndToEndID: t.EndToEndID, Mandate: t.Mandate,
			Amount: t.Amount.String(), Reason: code,
			Text: sepa.Reason{Code: code, Text: f.reason.Text}.Explain(),
		})
	}
	if reason != "" {
		r.alerts = append(r.alerts, r.refusedFile(reason, sum))
	}
	return nil
}

// remarks keeps what else the report says: the state of the file, and the checks of names,
// which are never a rejection.
func (r *reporting) remarks() {
	if r.report.GroupStatus != "" || len(r.rows) == 0 {
		r.rows = append(r.rows, r.row(0, r.report.GroupStatus, first(r.report.Reasons)))
	}
	for _, b := range r.report.Batches {
		if b.Status != "" && b.Status != sepa.StatusRejected {
			r.rows = append(r.rows, r.row(0, b.Status, first(b.Reasons)))
		}
		for _, t := range b.Transactions {
			if t.Status.Information() {
				row := r.row(0, t.Status, first(t.Reasons))
				row.text = join(t.EndToEndID, t.CreditorName, row.text)
				r.rows = append(r.rows, row)
			}
		}
	}
}

func first(reasons []sepa.Reason) sepa.Reason {
	if len(reasons) == 0 {
		return sepa.Reason{}
	}
	return reasons[0]
}

func (r *reporting) row(transfer int64, status sepa.Status, reason sepa.Reason) statusRow {
	return statusRow{
		transfer: transfer, message: r.report.MessageID, about: r.report.OriginalMessageID, status: string(status),
		reason: reason.Code, text: reason.Text,
	}
}
