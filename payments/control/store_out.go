package control

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// readPayments reads our transfers, and which entries they made.
func (w *way) readPayments(ctx context.Context) error {
	var l Link
	var id, posted, settled, failed int64
	var payee, run, kind string
	var hash []byte
	var settledOn civil.Date
	return w.each(ctx, []any{
		&id, &l.ID, &l.Mandate, &l.Amount, &l.On, &l.State, &payee, &run, &kind, &posted, &settled, &failed, &settledOn, &hash,
	}, func() error {
		link := l
		link.Kind, link.place, link.Hash = Payment, placePayment, hex.EncodeToString(hash)
		link.From = nil
		link.What = fmt.Sprintf("Virement de %s à %s, à exécuter %s : %s", l.Amount.French(), payee, onDay(l.On), frenchStates[l.State])
		if !settledOn.IsZero() {
			link.What += " " + onDay(settledOn)
		}
		link.What += "."
		link.Person = paymentToPerson(kind, l.State, payee, l.Amount)
		w.keys[id], w.runOf[link.Key()] = link.Key(), run
		w.add(link)
		if run != "" && !contains(w.runs, run) {
			w.runs = append(w.runs, run)
		}
		w.follow(posted, placeEntryOut, link.Key())
		w.follow(settled, placeEntrySettled, link.Key())
		w.follow(failed, placeEntryBack, link.Key())
		return nil
	}, `
		SELECT i.instruction_id, i.end_to_end_id, i.mandate_id, i.amount_cents, i.execute_on, i.state, i.creditor_name,
		       coalesce(i.run_id, ''), i.kind, coalesce(i.posted_entry, 0), coalesce(i.settled_entry, 0), coalesce(i.failed_entry, 0),
		       i.settled_on, r.content_hash
		  FROM masp.instructions i LEFT JOIN masp.runs r USING (run_id)
		 WHERE i.instruction_id = ANY ($1) ORDER BY 1`, w.payments)
}

// paymentToPerson says a transfer in short sentences.
func paymentToPerson(kind, state, payee string, amount money.Amount) string {
	who := "à " + payee
	if kind == "REMITTANCE" || kind == "RESTITUTION" || kind == "PASS_THROUGH" {
		who = "sur votre compte à vous"
	}
	switch state {
	case "settled":
		return "Nous avons payé " + amount.French() + " " + who + "."
	case "rejected", "returned":
		return "Nous avons voulu payer " + amount.French() + " " + who + ". L'argent est revenu."
	case "cancelled":
		return "Ce paiement de " + amount.French() + " est annulé."
	}
	return "Nous payons " + amount.French() + " " + who + "."
}

// follow takes an entry into the trace.
func (w *way) follow(entry int64, place int, from string) {
	if entry == 0 {
		return
	}
	if !contains(w.entries, entry) {
		w.entries = append(w.entries, entry)
	}
	w.place[entry] = place
	if from != "" {
		w.cause[entry] = append(w.cause[entry], from)
	}
}

func (w *way) add(l Link) { w.Links = append(w.Links, l) }

func contains[T comparable](all []T, one T) bool {
	for _, a := range all {
		if a == one {
			return true
		}
	}
	return false
}

// readRunLines reads what the payments cover; the payment comes from each of them.
func (w *way) readRunLines(ctx context.Context) error {
	var l Link
	var payment int64
	var label, reason string
	var hash []byte
	var paid money.Amount
	var due civil.Date
	known := map[string]bool{}
	return w.each(ctx, []any{
		&payment, &l.ID, &l.Mandate, &l.On, &label, &due, &l.Amount, &paid, &l.State, &reason, &l.Person, &hash,
	}, func() error {
		link := l
		link.Kind, link.place, link.Hash = RunLine, placeRunLine, hex.EncodeToString(hash)
		link.What = fmt.Sprintf("%s, échéance du %s : %s demandés, %s %s.",
			label, due.FrenchShort(), l.Amount.French(), paid.French(), frenchLineStatuses[l.State])
		if reason != "" {
			link.What += " " + reason
		}
		if payment != 0 {
			w.came(w.keys[payment], link.Key())
		}
		if !known[link.ID] {
			known[link.ID] = true
			w.add(link)
		}
		return nil
	}, `
		SELECT c.instruction_id, l.run_id || ':' || l.mandate_id || ':' || l.line_no, l.mandate_id, r.run_on, l.label, l.due_on,
		       l.due_cents, l.paid_cents, l.status, CASE WHEN l.reason IS NULL THEN '' ELSE l.explanation END,
		       l.explanation_person, r.content_hash
		  FROM (SELECT c.instruction_id, i.run_id, c.obligation_id, c.due_on
		          FROM masp.instruction_covers c JOIN masp.instructions i USING (instruction_id) WHERE c.instruction_id = ANY ($1)
		         UNION ALL
		        SELECT 0, l.run_id, l.obligation_id, l.due_on
		          FROM masp.run_lines l WHERE l.run_id = ANY ($2) AND l.mandate_id = $3 AND l.line_no = $4) c
		  JOIN masp.run_lines l ON l.obligation_id = c.obligation_id AND l.due_on = c.due_on AND l.run_id = c.run_id
		  JOIN masp.runs r ON r.run_id = l.run_id
		 ORDER BY l.run_id, l.mandate_id, l.line_no`, w.payments, w.runs, w.mandate, w.runLine)
}

// came notes that a link comes from another.
func (w *way) came(link, from string) {
	for i := range w.Links {
		if w.Links[i].Key() == link {
			w.Links[i].From = append(w.Links[i].From, from)
		}
	}
}

// readActs reads who did what to the runs: what one person did again and again to one content is one act.
func (w *way) readActs(ctx context.Context) error {
	var run, user, act string
	var no, times int
	var hash []byte
	var at time.Time
	return w.each(ctx, []any{&run, &no, &user, &act, &hash, &at, &times}, func() error {
		l := Link{
			Ref: Ref{Kind: Act, ID: fmt.Sprintf("%s:%d", run, no)}, On: civil.FromTime(at, civil.Paris), At: at,
			Hash: hex.EncodeToString(hash), State: act, place: placeAct,
			What: fmt.Sprintf("%s par %s le %s.", frenchActs[act], user, at.In(civil.Paris).Format("02/01/2006 à 15 h 04")),
		}
		if times > 1 {
			l.What = strings.TrimSuffix(l.What, ".") + fmt.Sprintf(", %d fois depuis.", times)
		}
		w.add(l)
		if act == "approve" {
			for i := range w.Links {
				if w.Links[i].Kind == Payment && w.runOf[w.Links[i].Key()] == run {
					w.Links[i].From = append(w.Links[i].From, l.Key())
				}
			}
		}
		return nil
	}, `
		SELECT a.run_id, min(a.act_no), a.user_id, a.act, a.content_hash, min(a.at), count(*)
		  FROM masp.run_acts a WHERE a.run_id = ANY ($1) AND a.act <> 'comment'
		 GROUP BY a.run_id, a.user_id, a.act, a.content_hash ORDER BY 1, 2`, w.runs)
}

// readFiles reads the files that the payments left in.
func (w *way) readFiles(ctx context.Context) error {
	var name, message string
	var on civil.Date
	var total, traced money.Amount
	var transfers int
	var hash []byte
	var payments []int64
	var released, handed *time.Time
	return w.each(ctx, []any{&name, &message, &on, &total, &transfers, &hash, &released, &handed, &payments, &traced}, func() error {
		l := Link{
			Ref: Ref{Kind: File, ID: name}, On: on, Amount: total, Hash: hex.EncodeToString(hash), place: placeFile,
			What: fmt.Sprintf("Fichier %s (%s) : %d virements, %s%s", name, message, transfers, total.French(), part(total, traced)),
		}
		if traced != total {
			l.Part = traced
		}
		switch {
		case handed != nil:
			l.State = "handed_over"
			l.What += ", remis à la banque le " + handed.In(civil.Paris).Format("02/01/2006") + "."
		case released != nil:
			l.State = "released"
			l.What += ", sorti le " + released.In(civil.Paris).Format("02/01/2006") + "."
		default:
			l.State = "built"
			l.What += ", pas encore sorti."
		}
		for _, p := range payments {
			l.From = append(l.From, w.keys[p])
		}
		w.add(l)
		return nil
	}, `
		SELECT f.name, f.message_id, f.execute_on, f.total_cents, f.transfers, f.sha256, f.released_at, f.handed_over_at,
		       array_agg(p.instruction_id ORDER BY p.instruction_id), sum(i.amount_cents)::bigint
		  FROM masp.payment_file_instructions p JOIN masp.payment_files f USING (file_id)
		  JOIN masp.instructions i ON i.instruction_id = p.instruction_id
		 WHERE p.instruction_id = ANY ($1) AND NOT p.void AND NOT f.void GROUP BY f.file_id ORDER BY f.name`, w.payments)
}

// readAnswers reads what the bank answered to the files (pain.002).
func (w *way) readAnswers(ctx context.Context) error {
	var l Link
	var payment int64
	var message, reason string
	return w.each(ctx, []any{&l.Number, &payment, &message, &l.State, &reason, &l.At, &l.Mandate, &l.Amount, &l.Hash}, func() error {
		link := l
		link.Kind, link.place, link.On = Answer, placeAnswer, civil.FromTime(l.At, civil.Paris)
		link.What = fmt.Sprintf("Réponse de la banque au fichier %s : %s", message, l.State)
		if reason != "" {
			link.What += " (" + reason + ")"
		}
		link.What += "."
		link.From = []string{w.keys[payment]}
		w.add(link)
		return nil
	}, `
		SELECT s.report_id, s.instruction_id, s.message_id, s.status, s.reason, s.at, i.mandate_id, i.amount_cents,
		       coalesce(encode(f.sha256, 'hex'), '')
		  FROM masp.status_reports s JOIN masp.instructions i USING (instruction_id)
		  LEFT JOIN masp.bank_files f USING (file_id)
		 WHERE s.instruction_id = ANY ($1) ORDER BY 1`, w.payments)
}
