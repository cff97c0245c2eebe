package v1

import (
	"context"
	"encoding/json"

	"masp/api"
	"masp/api/auth"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// dossier is a Dossier of the contract: all that is known of a measure but why it is needed.
type dossier struct {
	mandate

	PrecededBy  string          `json:"preceded_by,omitempty"`
	Convention  string          `json:"convention,omitempty"`
	Place       string          `json:"place,omitempty"`
	Commitments []commitment    `json:"commitments"`
	Benefits    []authorisation `json:"authorised_benefits"`
	Court       []courtBenefit  `json:"court_benefits"`
	Policy      policy          `json:"policy"`
	Remittance  remittance      `json:"remittance"`
	Contracts   []contractLine  `json:"contracts"`
	Evaluations []evaluation    `json:"evaluations"`
	Amendments  []amendment     `json:"amendments"`
	Suspensions []suspension    `json:"suspensions"`
	Month       civil.Month     `json:"month"`
	Due         []dueOn         `json:"due"`
	Obligations []obligation    `json:"obligations"`
	Debts       []debtLine      `json:"debts"`
	Requests    []requestedAid  `json:"aid_requests"`
	Creditors   []creditorName  `json:"creditors"`
}

type commitment struct {
	By   mandates.Party `json:"by"`
	Text string         `json:"text"`
}

type authorisation struct {
	Benefit string     `json:"benefit"`
	From    civil.Date `json:"from"`
	To      civil.Date `json:"to,omitzero"`
}

type courtBenefit struct {
	Benefit  string     `json:"benefit"`
	From     civil.Date `json:"from"`
	To       civil.Date `json:"to,omitzero"`
	Judgment string     `json:"judgment"`
}

type policy struct {
	ClassOrder     []mandates.Class         `json:"class_order"`
	PartialClasses []mandates.Class         `json:"partial_classes"`
	LivingFloor    money.Amount             `json:"living_floor"`
	Shortfall      mandates.ShortfallPolicy `json:"shortfall"`
}

type remittance struct {
	To     string `json:"to,omitempty"`
	Days   []int  `json:"days"`
	Weekly int    `json:"weekly,omitempty"`
}

type contractLine struct {
	Contract           int        `json:"contract"`
	Start              civil.Date `json:"start"`
	End                civil.Date `json:"end"`
	SignedByPerson     civil.Date `json:"signed_by_person_on,omitzero"`
	SignedByDepartment civil.Date `json:"signed_by_department_on,omitzero"`
	SignedByOperator   civil.Date `json:"signed_by_operator_on,omitzero"`
	Evaluation         string     `json:"evaluation,omitempty"`
	GapReason          string     `json:"gap_reason,omitempty"`
}

type evaluation struct {
	Evaluation string     `json:"evaluation"`
	On         civil.Date `json:"on"`
	Author     string     `json:"author"`
	Text       string     `json:"text,omitempty"` // for who may read notes
}

type amendment struct {
	Amendment   int             `json:"amendment"`
	EffectiveOn civil.Date      `json:"effective_on"`
	Reason      string          `json:"reason"`
	Changes     json.RawMessage `json:"changes"`
}

type suspension struct {
	On         civil.Date `json:"on"`
	Reason     string     `json:"reason"`
	LiftedOn   civil.Date `json:"lifted_on,omitzero"`
	LiftReason string     `json:"lift_reason,omitempty"`
}

type dueOn struct {
	Obligation string       `json:"obligation"`
	On         civil.Date   `json:"on"`
	Amount     money.Amount `json:"amount"`
}

type debtLine struct {
	Debt        string       `json:"debt"`
	Creditor    string       `json:"creditor"`
	Kind        string       `json:"kind"`
	Outstanding money.Amount `json:"outstanding"`
	Instalment  money.Amount `json:"instalment"`
	ContestedOn civil.Date   `json:"contested_on,omitzero"`
}

type requestedAid struct {
	Request   int              `json:"request"`
	AskedOn   civil.Date       `json:"asked_on"`
	AskedOf   string           `json:"asked_of"`
	Purpose   string           `json:"purpose"`
	Amount    money.Amount     `json:"amount"`
	DecidedOn civil.Date       `json:"decided_on,omitzero"`
	Outcome   mandates.Outcome `json:"outcome,omitempty"`
}

type creditorName struct {
	Creditor string                `json:"creditor"`
	Name     string                `json:"name"`
	Kind     mandates.CreditorKind `json:"kind"`
	State    string                `json:"state"`
}

func (h *House) getDossier(ctx context.Context, c *api.Call) (api.Answer, error) {
	id := c.Path("mandate")
	if err := h.reached(ctx, c, id); err != nil {
		return api.Answer{}, err
	}
	d, err := h.Mandates.Dossier(ctx, id)
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Body: h.dossierOf(d, c.Who.Reach(auth.ReadNotes) != auth.Nowhere), Persons: []string{id}}, nil
}

func (h *House) dossierOf(d mandates.Dossier, notes bool) dossier {
	return dossier{
		mandate: mandateOf(d.Summary), PrecededBy: d.PrecededBy, Convention: d.Convention, Place: d.Place,
		Commitments: each(d.Commitments, func(k mandates.Commitment) commitment { return commitment(k) }),
		Benefits:    each(d.Benefits, func(a mandates.Authorisation) authorisation { return authorisation(a) }),
		Court:       each(d.Court, courtOf),
		Policy: policy{
			ClassOrder: d.Policy.ClassOrder, PartialClasses: append([]mandates.Class{}, d.Policy.PartialClasses...),
			LivingFloor: d.Policy.LivingFloor, Shortfall: d.Policy.Shortfall,
		},
		Remittance:  remittance{To: d.RemitTo, Days: append([]int{}, d.Remittance.Days...), Weekly: d.Remittance.Weekly},
		Contracts:   each(d.History.Contracts, h.contractOf),
		Evaluations: each(d.History.Evaluations, func(e mandates.Evaluation) evaluation { return h.evaluationOf(e, notes) }),
		Amendments: each(d.History.Amendments, func(a mandates.AmendmentLine) amendment {
			return amendment{Amendment: a.No, EffectiveOn: a.EffectiveOn, Reason: a.Reason, Changes: a.Changes}
		}),
		Suspensions: each(d.History.Suspensions, func(s mandates.Suspension) suspension {
			return suspension{On: s.On, Reason: s.Reason, LiftedOn: s.LiftedOn, LiftReason: s.LiftReason}
		}),
		Month: d.DueMonth, Due: each(d.Due, func(o mandates.DueOn) dueOn { return dueOn(o) }),
		Obligations: each(d.Obligations, obligationOf), Debts: each(d.Debts, debtLineOf), Requests: each(d.Requests, requestOf),
		Creditors: each(d.Creditors, func(one mandates.CreditorState) creditorName {
			return creditorName{Creditor: one.ID, Name: one.Name, Kind: one.Kind, State: one.Word()}
		}),
	}
}

func courtOf(b mandates.CourtBenefit) courtBenefit { return courtBenefit(b) }

func (h *House) contractOf(k mandates.ContractLine) contractLine {
	line := contractLine{
		Contract: k.No, Start: k.Start, End: k.End, SignedByPerson: k.SignedByPerson,
		SignedByDepartment: k.SignedByDepartment, SignedByOperator: k.SignedByOperator, GapReason: k.GapReason,
	}
	if k.Evaluation != 0 {
		line.Evaluation = h.seal.ID(evaluationKind, k.Evaluation)
	}
	return line
}

const evaluationKind = "evl" // of a sealed number

func (h *House) evaluationOf(e mandates.Evaluation, notes bool) evaluation {
	shown := evaluation{Evaluation: h.seal.ID(evaluationKind, e.ID), On: e.On, Author: e.Author}
	if notes {
		shown.Text = e.Text
	}
	return shown
}

func debtLineOf(d mandates.Debt) debtLine {
	line := debtLine{Debt: d.ID, Creditor: d.Creditor, Kind: d.Kind, Outstanding: d.Outstanding, Instalment: d.Instalment}
	if d.ContestEndedOn.IsZero() {
		line.ContestedOn = d.ContestedOn
	}
	return line
}

func requestOf(r mandates.AidRequest) requestedAid {
	return requestedAid{
		Request: r.No, AskedOn: r.AskedOn, AskedOf: r.AskedOf, Purpose: r.Purpose, Amount: r.Amount,
		DecidedOn: r.DecidedOn, Outcome: r.Outcome,
	}
}

// each is a list of the domain as the contract has it, never null.
func each[T, U any](all []T, one func(T) U) []U {
	shown := make([]U, 0, len(all))
	for _, t := range all {
		shown = append(shown, one(t))
	}
	return shown
}
