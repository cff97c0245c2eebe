package control

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// readBank reads the bank lines that execute the payments or give them back, and the line of the start.
func (w *way) readBank(ctx context.Context) error {
	var line, instruction, entry int64
	var meaning string
	var amount money.Amount
	parts, from := map[int64]money.Amount{}, map[int64][]string{}
	back := map[int64]bool{}
	err := w.each(ctx, []any{&line, &instruction, &meaning, &amount, &entry}, func() error {
		if !contains(w.lines, line) {
			w.lines = append(w.lines, line)
		}
		parts[line] = parts[line].Add(amount)
		from[line] = append(from[line], w.keys[instruction])
		back[line] = back[line] || meaning == "RETURNED"
		place := placeEntrySettled
		if meaning == "RETURNED" {
			place = placeEntryBack
		}
		w.follow(entry, place, Ref{Kind: BankLine, Number: line}.Key())
		return nil
	}, `
		SELECT line_id, instruction_id, meaning, amount_cents, entry_no FROM masp.line_matches
		 WHERE instruction_id = ANY ($1) AND undone_by IS NULL ORDER BY line_id, instruction_id`, w.payments)
	if err != nil {
		return err
	}
	w.fromFiles(from)
	return w.readLines(ctx, parts, from, back)
}

// fromFiles lets a bank line come from the file of its payments, where there is one.
func (w *way) fromFiles(from map[int64][]string) {
	file := map[string]string{}
	for _, l := range w.Links {
		if l.Kind == File {
			for _, payment := range l.From {
				file[payment] = l.Key()
			}
		}
	}
	for line, keys := range from {
		for i, payment := range keys {
			if name, ok := file[payment]; ok {
				keys[i] = name
			}
		}
		from[line] = keys
	}
}

func (w *way) readLines(ctx context.Context, parts map[int64]money.Amount, from map[int64][]string, back map[int64]bool) error {
	var l Link
	var entry int64
	var account, ref, party, text, file string
	var rank int
	return w.each(ctx, []any{
		&l.Number, &l.On, &l.Amount, &l.State, &party, &text, &entry, &rank, &account, &ref, &file, &l.Hash,
	}, func() error {
		link := l
		link.Kind, link.From, link.place = BankLine, from[l.Number], placeLineOut
		switch {
		case back[l.Number]:
			link.place = placeLineBack
		case len(from[l.Number]) == 0:
			link.place = placeLineIn
			w.lineIn[l.Number] = true
		}
		traced := parts[l.Number]
		if !traced.IsZero() && traced != l.Amount.Abs() {
			link.Part = traced
		}
		link.What = fmt.Sprintf("Ligne %d du relevé %s (%s) : %s%s, %s.", rank, ref, account, l.Amount.French(), part(l.Amount, traced), bankWords(party, text))
		if file != "" {
			link.What += " Fichier " + file + "."
		}
		if link.place == placeLineIn && l.Amount.IsPositive() {
			link.Person = "De l'argent est arrivé " + onDay(l.On) + "."
		}
		w.add(link)
		if entry != 0 {
			place := placeEntryIn
			if link.place != placeLineIn {
				place = max(w.place[entry], placeEntrySettled)
			}
			w.follow(entry, place, link.Key())
		}
		return nil
	}, `
		SELECT l.line_id, l.booked_on, l.amount_cents, l.state, l.counterparty, l.text, coalesce(l.entry_no, 0), l.rank,
		       coalesce(s.bank_account_id, ''), coalesce(s.bank_ref, ''), coalesce(f.name, ''), coalesce(encode(f.sha256, 'hex'), '')
		  FROM masp.bank_lines l LEFT JOIN masp.bank_statements s USING (statement_id) LEFT JOIN masp.bank_files f USING (file_id)
		 WHERE l.line_id = ANY ($1) ORDER BY l.line_id`, w.lines)
}

func bankWords(party, text string) string {
	switch {
	case party != "" && text != "":
		return party + " – " + text
	case party+text == "":
		return "sans libellé"
	}
	return party + text
}

// readMatches reads what the lines were recognised as: what persons received, and who said so.
func (w *way) readMatches(ctx context.Context) error {
	if err := w.readReceipts(ctx); err != nil {
		return err
	}
	var l Link
	var line, entry, id int64
	var who, reason, benefit string
	return w.each(ctx, []any{&id, &line, &entry, &l.Amount, &l.Mandate, &benefit, &reason, &who, &l.At}, func() error {
		link := l
		link.Ref, link.place, link.On = Ref{Kind: Match, ID: "assignment-" + plain(id)}, placeMatch, civil.FromTime(l.At, civil.Paris)
		link.From = []string{Ref{Kind: BankLine, Number: line}.Key()}
		link.What = fmt.Sprintf("Identifiée par %s : %s", who, l.Amount.French())
		if benefit != "" {
			link.What += ", " + benefit
		}
		link.What += "."
		if reason != "" {
			link.What += " Raison : " + reason
		}
		w.add(link)
		w.follow(entry, max(w.place[entry], placeEntryIn), link.Key())
		return nil
	}, `
		SELECT a.assignment_id, a.line_id, a.entry_no, a.amount_cents, coalesce(a.mandate_id, ''), a.benefit, a.reason, a.assigned_by,
		       a.assigned_at
		  FROM masp.suspense_assignments a WHERE a.line_id = ANY ($1) AND ($2 = '' OR a.mandate_id = $2)
		   AND NOT EXISTS (SELECT FROM masp.match_undos u WHERE u.assignment_id = a.assignment_id)
		 ORDER BY 1`, w.lines, w.mandate)
}

func (w *way) readReceipts(ctx context.Context) error {
	var l Link
	var line, entry, id int64
	var benefit, rule string
	var period civil.Date
	return w.each(ctx, []any{&id, &line, &entry, &l.Amount, &l.Mandate, &l.On, &benefit, &period, &rule}, func() error {
		link := l
		link.Ref, link.place = Ref{Kind: Match, ID: "receipt-" + plain(id)}, placeMatch
		link.From = []string{Ref{Kind: BankLine, Number: line}.Key()}
		month := ""
		if !period.IsZero() {
			month = " " + period.MonthOf().FrenchOf()
		}
		link.What = fmt.Sprintf("Reconnue comme %s%s, %s, mandat %s%s.", benefit, month, l.Amount.French(), l.Mandate, byRule(rule))
		link.Person = fmt.Sprintf("Vous avez reçu %s : %s%s.", l.Amount.French(), benefit, month)
		if l.Amount.IsNegative() {
			link.What = fmt.Sprintf("Retirée de %s%s : %s, mandat %s.", benefit, month, l.Amount.French(), l.Mandate)
			link.Person = fmt.Sprintf("%s étaient notés par erreur. C'est corrigé.", l.Amount.Abs().French())
		}
		w.add(link)
		w.follow(entry, max(w.place[entry], placeEntryIn), link.Key())
		return nil
	}, `
		SELECT r.receipt_id, r.line_id, r.entry_no, r.amount_cents, r.mandate_id, r.received_on,
		       coalesce((SELECT b.label FROM masp.benefits b WHERE b.code = r.benefit ORDER BY b.valid_from DESC LIMIT 1), r.benefit),
		       r.period, CASE WHEN l.entry_no = r.entry_no THEN l.recognised_by ELSE '' END
		  FROM masp.receipts r JOIN masp.bank_lines l USING (line_id)
		 WHERE r.line_id = ANY ($1) AND ($2 = '' OR r.mandate_id = $2) ORDER BY 1`, w.lines, w.mandate)
}

func byRule(rule string) string {
	if rule == "" {
		return ""
	}
	return " (" + strings.TrimSuffix(rule, ".") + ")"
}

// readEntries reads the entries of the trace with their hashes.
func (w *way) readEntries(ctx context.Context) error {
	var l Link
	var journal, label string
	var inJournal, reverses int64
	var kind ledger.Kind
	var hash []byte
	return w.each(ctx, []any{&l.Number, &l.On, &kind, &journal, &inJournal, &label, &l.Amount, &hash, &reverses}, func() error {
		link := l
		link.Kind, link.Hash, link.State, link.place = Entry, hex.EncodeToString(hash), string(kind), w.place[l.Number]
		link.From = w.cause[l.Number]
		link.What = fmt.Sprintf("Écriture %d, %s n° %d du %s : %s, %s.", l.Number, journal, inJournal, l.On.FrenchShort(), frenchKind(kind), l.Amount.French())
		if label != "" {
			link.What += " " + label
		}
		if reverses != 0 {
			link.From = append(link.From, Ref{Kind: Entry, Number: reverses}.Key())
			link.place = placeEntryBack
		}
		w.add(link)
		return nil
	}, `
		SELECT e.entry_no, e.posted_on, e.kind, e.journal, e.journal_no, coalesce(t.label, ''),
		       coalesce((SELECT sum(p.amount_cents) FROM masp.postings p WHERE p.entry_no = e.entry_no), 0)::bigint,
		       e.content_hash, coalesce(e.reverses, 0)
		  FROM masp.entries e LEFT JOIN masp.entry_texts t USING (entry_no) WHERE e.entry_no = ANY ($1) ORDER BY 1`, w.entries)
}

// readAccounts reads which accounts of persons the entries moved: where the way in ends, and the way out
// begins.
func (w *way) readAccounts(ctx context.Context) error {
	var l Link
	var entry int64
	var code string
	var kind ledger.Kind
	return w.each(ctx, []any{&entry, &code, &l.Mandate, &l.On, &kind, &l.Amount}, func() error {
		link := l
		link.Ref, link.place = Ref{Kind: Account, ID: code + "@" + plain(entry)}, w.place[entry]+1
		link.From = []string{Ref{Kind: Entry, Number: entry}.Key()}
		move := "reçoit "
		if l.Amount.IsNegative() {
			move = "donne "
		}
		link.What = fmt.Sprintf("Compte %s : %s%s par l'écriture %d.", code, move, l.Amount.Abs().French(), entry)
		if say, ok := entryToPerson[kind]; ok {
			link.Person = fmt.Sprintf(say, l.Amount.Abs().French())
		}
		w.add(link)
		return nil
	}, `
		SELECT m.entry_no, a.code, a.owner, e.posted_on, e.kind, sum(m.cents)::bigint
		  FROM (SELECT p.entry_no, p.credit_account AS account, p.amount_cents AS cents FROM masp.postings p WHERE p.entry_no = ANY ($1)
		        UNION ALL SELECT p.entry_no, p.debit_account, -p.amount_cents FROM masp.postings p WHERE p.entry_no = ANY ($1)) m
		  JOIN masp.accounts a ON a.account_id = m.account JOIN masp.entries e ON e.entry_no = m.entry_no
		 WHERE a.pcg = '467' AND ($2 = '' OR a.owner = $2) GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2`, w.entries, w.mandate)
}
