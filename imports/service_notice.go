package imports

import (
	"fmt"
	"slices"
	"strconv"

	"masp/ledger"
	"masp/ledger/audit"
	"masp/payments"
	"masp/payments/worklist"
)

// notice keeps what a notice of the bank (camt.054) says of lines, and tells at once which transfers
// will come back. Nothing is posted and no due is reopened by that: only a line of the statement
// moves money, and the notice that announces it may be wrong, or come twice.
func (b *batch) notice(st *statement, lines []Line) error {
	if err := storeNotices(b.ctx, b.tx, st, lines); err != nil {
		return err
	}
	var references []string
	codes := map[string]string{}
	for _, l := range lines {
		for _, d := range l.Details {
			if l.Booked && l.Amount.IsPositive() && (l.Returned || d.ReturnCode != "") && d.EndToEndID != "" {
				references = append(references, d.EndToEndID)
				codes[d.EndToEndID] = firstOf(d.ReturnCode, returnUnexplained)
			}
		}
	}
	if len(references) == 0 {
		return nil
	}
	sent, err := b.service.Payments.FindSentTx(b.ctx, b.tx, st.account, references)
	if err != nil {
		return err
	}
	var alerts []worklist.Alert
	for _, t := range sent {
		if t.State != payments.InTransit && t.State != payments.InstructionSettled {
			continue
		}
		code := codes[t.EndToEndID]
		alerts = append(alerts, worklist.Alert{
			On: b.today, Code: AlertReturnAnnounced, Mandate: t.Mandate, Subject: t.EndToEndID, Amount: t.Amount,
			Source: AlertReturnAnnounced + " " + t.EndToEndID,
			Text: fmt.Sprintf("La banque annonce le retour du virement à %s (%s) : l’argent sera rendu "+
				"quand le relevé le montrera.", t.CreditorName, code),
			Details: map[string]string{"payment": t.EndToEndID, "reason": code},
		})
	}
	return worklist.RaiseTx(b.ctx, b.tx, alerts...)
}

// applyNotices tries the lines that lie whole in suspense again, on the accounts of the batch, with
// what notices say of them, until nothing more is known: whichever came first, the line or the notice.
// A long statement is asked about once, with its last part: a notice that fits two of its lines
// names none of them, wherever the statement was cut.
func (b *batch) applyNotices() error {
	var accounts []string
	for _, p := range slices.Concat(b.portions, b.notices) {
		if p.posted == p.entries && p.account != "" && !slices.Contains(accounts, p.account) {
			accounts = append(accounts, p.account)
		}
	}
	slices.Sort(accounts)
	for _, account := range accounts {
		var done []int64
		for {
			more, err := b.applyOnce(account)
			if err != nil {
				return err
			}
			if done = append(done, more...); len(more) == 0 {
				break
			}
		}
		if len(done) == 0 {
			continue
		}
		err := record(b.ctx, b.tx, audit.Act{
			Actor: b.who, Action: "notice.apply", ObjectType: "bank_account", ObjectID: account,
			Reason: "lignes expliquées par un avis de la banque : " + strconv.Itoa(len(done)),
		}, sealed{Noticed: done})
		if err != nil {
			return err
		}
	}
	return nil
}

// applyOnce identifies what can be identified now and answers the lines.
func (b *batch) applyOnce(account string) ([]int64, error) {
	notices, err := unusedNotices(b.ctx, b.tx, account)
	if err != nil {
		return nil, err
	}
	lines, err := waitingLines(b.ctx, b.tx, account, notices)
	if err != nil {
		return nil, err
	}
	found := pair(notices, lines)
	returns, err := returnsNowKnown(b.ctx, b.tx, account)
	if err != nil {
		return nil, err
	}
	found = append(found, returns...)
	if len(found) == 0 {
		return nil, nil
	}
	known, err := b.knowFor(account, found)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(found, func(a, b described) int { return a.amount.Cmp(b.amount) }) // what left first
	var done []int64
	for _, d := range found {
		r := recognise(d.line, known)
		if !r.certain() {
			continue
		}
		known.take(r)
		if err := b.identifyByNotice(d, r); err != nil {
			return nil, err
		}
		done = append(done, d.id)
	}
	return done, nil
}

// knowFor reads what must be known to recognise these lines.
func (b *batch) knowFor(account string, found []described) (*Known, error) {
	of, err := accountOfID(b.ctx, b.tx, account)
	if err != nil {
		return nil, err
	}
	lines := make([]Line, len(found))
	for i, d := range found {
		lines[i] = d.line
	}
	var known *Known
	err = b.service.know(b.ctx, b.tx, of, lines, &known)
	return known, err
}

// identifyByNotice writes the entry out of 471 and all that follows from it.
func (b *batch) identifyByNotice(d described, r Recognition) error {
	posted, err := b.service.Ledger.PostTx(b.ctx, b.tx, d.entryOutOfSuspense(r, b.who))
	if err != nil {
		return err
	}
	entry := posted[0].No
	if err := useNotice(b.ctx, b.tx, d, entry, r); err != nil {
		return err
	}
	var settled []payments.Settlement
	for _, p := range r.Parts {
		switch {
		case p.Transfer == 0:
		case r.Kind == ledger.Return:
			err := b.service.Payments.MarkReturnedTx(b.ctx, b.tx, payments.Failure{
				Instruction: p.Transfer, Entry: entry, Reason: p.ReturnCode, On: d.bookedOn,
			})
			if err != nil {
				return err
			}
		default:
			settled = append(settled, payments.Settlement{Instruction: p.Transfer, Entry: entry, On: d.bookedOn})
		}
	}
	if err := b.service.Payments.MarkSettledTx(b.ctx, b.tx, settled); err != nil {
		return err
	}
	_, err = worklist.CureTx(b.ctx, b.tx, "la ligne est expliquée par un avis de la banque",
		AlertCreditUnidentified+" "+d.source+" 1", AlertDebitUnidentified+" "+d.source+" 1")
	return err
}
