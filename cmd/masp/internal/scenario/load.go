package scenario

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
	"masp/payments/mandates/load"
	"masp/payments/sepa"
)

// The persons who act, invented: four eyes see every run.
const (
	preparerID = "coordination"
	approverID = "validation"
)

// organisation writes the load file of an organisation with two users and nothing else
// (package load).
func organisation(s Story) ([]byte, error) {
	return json.Marshal(map[string]any{
		"masp_load": load.Version,
		"organisation": map[string]any{
			"name": "ASSOCIATION D EXEMPLE", "opened_on": s.OpeningDate, "iban_hold_hours": 0,
		},
		"users": []any{
			map[string]any{"id": preparerID, "name": "Angèle Morel", "roles": []string{"coordinator"}},
			map[string]any{"id": approverID, "name": "Hélène Lefèvre", "roles": []string{"approver", "accountant"}},
		},
	})
}

// loadFile writes everybody of the story as a load file. What the law requires and the story
// leaves out is filled in: signatures, ground, commitments.
func (n *names) loadFile(s Story) ([]byte, error) {
	file := map[string]any{"masp_load": load.Version}
	for i, a := range s.BankAccounts {
		add(file, "bank_accounts", map[string]any{
			"id": n.banks.ours[a.Code], "iban": a.IBAN, "model": a.Model,
			"holder": fmt.Sprintf("TITULAIRE %d", i+1),
		})
	}
	persons := map[string]string{}
	for i, m := range s.Mandates {
		persons[m.ID] = fmt.Sprintf("PERSONNE-%d", i+1)
	}
	for i, p := range s.Payees {
		creditor := map[string]any{
			"id": n.payees.ours[p.ID], "name": payeeName(i, p), "kind": kindOf(p.Kind), "iban": p.IBAN,
		}
		if kindOf(p.Kind) != mandates.OwnAccount {
			add(file, "creditors", creditor)
			continue
		}
		for _, m := range s.Mandates {
			if ref, uses := n.own[ownAccount{p.ID, m.ID}]; uses {
				own := maps.Clone(creditor)
				own["id"], own["beneficiary"] = ref, persons[m.ID]
				add(file, "creditors", own)
			}
		}
	}
	for _, m := range s.Mandates {
		person := persons[m.ID]
		add(file, "beneficiaries", map[string]any{
			"id": person, "last_name": m.Beneficiary, "first_name": "-", "born_on": "1970-01-01",
			"department": m.Department,
		})
		mandate := n.mandate(m, person, s.OpeningDate)
		if s.endsByMAJ(m.ID) {
			mandate["remittance"] = map[string]any{"to": n.ownOf(file, s, m.ID, person)}
		}
		add(file, "mandates", mandate)
	}
	for _, e := range s.Expected {
		add(file, "expected_benefits", map[string]any{
			"mandate": n.mandates.ours[e.Mandate], "benefit": e.Benefit, "period": e.Period,
			"payer": payerOf(e.Benefit, e.On), "amount": e.Amount, "expected_on": e.On,
		})
	}
	for _, d := range s.Debts {
		add(file, "debts", n.debt(d))
	}
	return json.Marshal(file)
}

// endsByMAJ tells whether the measure ends because a judge opens another one.
func (s Story) endsByMAJ(mandate string) bool {
	return slices.ContainsFunc(s.Events, func(e Event) bool {
		end, ok := e.(EndOfMeasure)
		return ok && end.Mandate == mandate && mandates.EndReason(end.Reason) == mandates.MAJOpened
	})
}

// ownOf is an account in the person's name, to which the money goes when such a measure opens: the
// first that the story uses, or an invented one in the file.
func (n *names) ownOf(file map[string]any, s Story, mandate, person string) string {
	for _, use := range s.uses() {
		if ref, own := n.own[use]; own && use.mandate == mandate {
			return ref
		}
	}
	list, _ := file["creditors"].([]any)
	number := len(list) + 1
	ref := fmt.Sprintf("SELF-%d", number)
	for ; n.payees.theirs[ref] != ""; number++ {
		ref = fmt.Sprintf("SELF-%d", number+1)
	}
	iban, _ := sepa.MakeFrenchIBAN("99999", "00077", fmt.Sprintf("%011d", number)) // digits of the right lengths
	add(file, "creditors", map[string]any{
		"id": ref, "name": "COMPTE PERSONNEL", "kind": mandates.OwnAccount, "iban": iban, "beneficiary": person,
	})
	return ref
}

func add(file map[string]any, section string, record map[string]any) {
	for key, value := range record {
		if value == nil || value == (civil.Date{}) {
			delete(record, key)
		}
	}
	list, _ := file[section].([]any)
	file[section] = append(list, record)
}

// mandate is signed on its first day; one that begins later, as the story opens.
func (n *names) mandate(m Mandate, person string, opened civil.Date) map[string]any {
	signed := m.Start
	if signed.After(opened) {
		signed = opened
	}
	return map[string]any{
		"id": n.mandates.ours[m.ID], "beneficiary": person, "level": m.Level, "department": m.Department,
		"threat_ground": mandates.Both, "coordinator": preparerID, "bank_account": n.banks.ours[m.Bank],
		"contract": map[string]any{
			"start": m.Start, "end": m.End, "signed_by_person_on": signed, "signed_by_department_on": signed,
			"commitments": map[string]any{
				"person": []string{"Payer son loyer."}, "department": []string{"Accompagner."},
			},
		},
		"authorised_benefits": m.Benefits, "opening_balance": m.Opening, "opening_reserve": m.OpeningReserve,
		"policy": map[string]any{
			"class_order":     wholeOrder(m.Policy.ClassOrder),
			"partial_classes": append([]mandates.Class{}, m.Policy.Partial...), // none is a list, too
			"living_floor":    m.Policy.LivingFloor, "shortfall": m.Policy.Shortfall,
		},
	}
}

// wholeOrder adds the classes that a story does not use: those of the law at their place, the
// others behind.
func wholeOrder(order []mandates.Class) []mandates.Class {
	whole := slices.Clone(order)
	for i, c := range mandates.Classes() {
		switch {
		case slices.Contains(whole, c):
		case slices.Contains(mandates.LawClasses(), c):
			whole = slices.Insert(whole, min(i, len(whole)), c)
		default:
			whole = append(whole, c)
		}
	}
	return whole
}

func (n *names) debt(d Debt) map[string]any {
	born := civil.Date{}
	if !d.BornBefore.IsZero() {
		born = d.BornBefore.AddDays(-1)
	}
	kind := d.Kind
	if !slices.Contains(mandates.DebtKinds(), kind) {
		kind = "OTHER"
	}
	record := map[string]any{
		"id": n.debts.ours[d.ID], "mandate": n.mandates.ours[d.Mandate], "creditor": n.payee(d.Mandate, d.Creditor),
		"kind": kind, "principal": d.Outstanding, "outstanding": d.Outstanding, "born_on": born,
		"contested_on": d.ContestedOn, "recovery": d.Recovery,
	}
	if d.Instalment != (money.Amount{}) {
		record["instalment"] = d.Instalment
	}
	return record
}

// payeeName is a name that a payment file can carry.
func payeeName(i int, p Payee) string {
	name := strings.TrimSpace(p.Name)
	named := mandates.Creditor{ID: p.ID, Name: name, Kind: mandates.OtherKind}
	if named.Check() != nil || sepa.UnfitName(name) != "" {
		return fmt.Sprintf("DESTINATAIRE %d", i+1)
	}
	return name
}

// kindOf is the nearest kind of creditor that a load file knows.
func kindOf(kind string) mandates.CreditorKind {
	known := mandates.CreditorKind(kind)
	switch {
	case slices.Contains(mandates.CreditorKinds(), known):
		return known
	}
	return mandates.OtherKind
}

// payerOf is an organisation that pays a benefit; the load refuses a benefit that nobody pays.
func payerOf(benefit string, on civil.Date) string {
	row, _ := mandates.Find(mandates.Catalogue(), benefit, on)
	if len(row.Payers) == 0 {
		return mandates.CAF
	}
	return row.Payers[0]
}

// newBenefits are the benefits of which a story speaks and that the catalogue does not list. Those
// that a contract names may be managed, as the story says.
func newBenefits(s Story) []mandates.Benefit {
	var rows []mandates.Benefit
	note := func(code string, manageable bool) {
		_, known := mandates.Find(append(mandates.Catalogue(), rows...), code, s.OpeningDate)
		if known || code == "" || code == mandates.RefundOfPayment {
			return
		}
		rows = append(rows, mandates.Benefit{
			Code: code, Label: code, LegalItem: "selon le mois d'exemple", Payers: []string{mandates.CAF},
			From: civil.MustParse("2009-01-01"), Manageable: manageable,
		})
	}
	for _, m := range s.Mandates {
		for _, code := range m.Benefits {
			note(code, true)
		}
	}
	for _, e := range s.Events {
		switch e := e.(type) {
		case Credit:
			for _, part := range e.Parts {
				note(part.Benefit, false)
			}
		case Identify:
			note(e.Benefit, false)
		}
	}
	return rows
}
