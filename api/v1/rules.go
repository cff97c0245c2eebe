package v1

import (
	"context"
	"net/http"
	"slices"
	"time"

	"masp/api"
	"masp/api/auth"
	"masp/imports"
	"masp/ledger/civil"
	"masp/ledger/money"
)

func (h *House) ruleOperations() []api.Operation {
	return []api.Operation{
		{ID: "listRecognitionRules", Action: auth.ReadBank, Do: h.listRules},
		{ID: "getRecognitionRule", Action: auth.ReadBank, Do: h.getRule},
		{ID: "writeRecognitionRule", Action: auth.MatchBank, Do: h.writeRule},
		{ID: "tryRecognitionRule", Action: auth.MatchBank, Do: h.tryRule},
		{ID: "endRecognitionRule", Action: auth.MatchBank, Do: h.endRule},
		{ID: "listRuleOffers", Action: auth.ReadBank, Do: h.listOffers},
		{ID: "acceptRuleOffer", Action: auth.MatchBank, Do: h.acceptOffer},
		{ID: "refuseRuleOffer", Action: auth.MatchBank, Do: h.refuseOffer},
	}
}

// ruleSays is a RuleSays of the contract: which credits are what.
type ruleSays struct {
	BankAccount string       `json:"bank_account,omitempty"`
	PayerWords  string       `json:"payer_words,omitempty"`
	Words       []string     `json:"words"`
	Least       money.Amount `json:"min"`
	Most        money.Amount `json:"max"`
	Mandate     string       `json:"mandate,omitempty"`
	Benefit     string       `json:"benefit,omitempty"`
	Payer       string       `json:"payer,omitempty"`
}

func (r ruleSays) rule() imports.Rule {
	return imports.Rule{
		BankAccount: r.BankAccount, PayerWords: r.PayerWords, Words: r.Words, Least: r.Least, Most: r.Most, Mandate: r.Mandate,
		Benefit: r.Benefit, Payer: r.Payer,
	}
}

func saysOf(r imports.Rule) ruleSays {
	return ruleSays{
		BankAccount: r.BankAccount, PayerWords: r.PayerWords, Words: append([]string{}, r.Words...), Least: r.Least, Most: r.Most,
		Mandate: r.Mandate, Benefit: r.Benefit, Payer: r.Payer,
	}
}

// rule is a RecognitionRule of the contract.
type rule struct {
	Rule string `json:"rule"`
	ruleSays
	Sentence  string     `json:"sentence"`
	Replaces  string     `json:"replaces,omitempty"`
	From      civil.Date `json:"from"`
	By        string     `json:"by"`
	Reason    string     `json:"reason"`
	Anyway    string     `json:"in_spite_of,omitempty"`
	WrittenAt time.Time  `json:"written_at"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
	EndedBy   string     `json:"ended_by,omitempty"`
	EndReason string     `json:"end_reason,omitempty"`
	Lines     int        `json:"lines"`
	Posts     bool       `json:"posts"`

	number int64
}

func (h *House) ruleOf(r imports.WrittenRule) rule {
	out := rule{
		Rule: h.seal.ID(ruleKind, r.ID), ruleSays: saysOf(r.Rule), Sentence: r.French(), From: r.From, By: r.By, Reason: r.Reason,
		Anyway: r.InSpiteOf, WrittenAt: r.WrittenAt, EndedAt: r.EndedAt, EndedBy: r.EndedBy, EndReason: r.EndReason, Lines: r.Lines,
		Posts: r.Posts, number: r.ID,
	}
	if r.Replaces != 0 {
		out.Replaces = h.seal.ID(ruleKind, r.Replaces)
	}
	return out
}

// rules are those that persons wrote; none for who sees a part of the house only.
func (h *House) rules(ctx context.Context, c *api.Call, ended bool) ([]rule, error) {
	if c.Reach != auth.Whole {
		return nil, nil
	}
	all, err := h.Imports.Rules(ctx, ended)
	out := make([]rule, len(all))
	for i, r := range all {
		out[i] = h.ruleOf(r)
	}
	return out, err
}

func (h *House) listRules(ctx context.Context, c *api.Call) (api.Answer, error) {
	all, err := h.rules(ctx, c, c.Query("ended") == "true")
	if err != nil {
		return api.Answer{}, err
	}
	return placed(c, all, func(r rule) string { return r.Rule })
}

func (h *House) getRule(ctx context.Context, c *api.Call) (api.Answer, error) {
	r, err := h.ruleNamed(ctx, c, c.Path("rule"))
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Body: r}, nil
}

func (h *House) ruleNamed(ctx context.Context, c *api.Call, id string) (rule, error) {
	all, err := h.rules(ctx, c, true)
	if err != nil {
		return rule{}, err
	}
	i := slices.IndexFunc(all, func(r rule) bool { return r.Rule == id })
	if i < 0 {
		return rule{}, api.NotFound()
	}
	return all[i], nil
}

// writeRule keeps a rule in the name of who asks. Where another one could fit the same lines it is
// refused, unless anyway says why both are right.
func (h *House) writeRule(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		ruleSays
		From     civil.Date `json:"from"`
		Replaces string     `json:"replaces"`
		Reason   string     `json:"reason"`
		Anyway   string     `json:"anyway"`
	}
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	if err := h.bookable(ctx, c, body.Mandate, "/mandate"); err != nil {
		return api.Answer{}, err
	}
	r := body.rule()
	r.From = body.From
	if body.Replaces != "" {
		var err error
		if r.Replaces, err = h.seal.Number(ruleKind, body.Replaces); err != nil {
			return api.Answer{}, unknownAt("/replaces")
		}
	}
	done, err := h.Imports.WriteRule(ctx, c.Who, r, body.Reason, body.Anyway)
	return h.ruleWritten(ctx, c, done, err)
}

// ruleWritten answers a rule as it is kept.
func (h *House) ruleWritten(ctx context.Context, c *api.Call, done imports.WrittenRule, err error) (api.Answer, error) {
	if err != nil {
		return api.Answer{}, err
	}
	r, err := h.ruleNamed(ctx, c, h.seal.ID(ruleKind, done.ID))
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Status: http.StatusCreated, Body: r, Location: "/v1/recognition_rules/" + r.Rule}, nil
}

// pastLine is a PastLine of the contract: a credit that came, for whoever tries a rule on it.
type pastLine struct {
	Line         string            `json:"line"`
	BankAccount  string            `json:"bank_account"`
	BookedOn     civil.Date        `json:"booked_on"`
	Amount       money.Amount      `json:"amount"`
	Counterparty string            `json:"counterparty"`
	Text         string            `json:"text"`
	State        imports.LineState `json:"state"`
	Was          string            `json:"was"`
	Others       []string          `json:"other_rules"`
}

// tryRule tells which credits a rule would have fitted, and writes nothing.
func (h *House) tryRule(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		ruleSays
		Days int `json:"days"`
	}
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	const usual = 90
	if body.Days == 0 {
		body.Days = usual
	}
	lines, err := h.tryOn(ctx, c, body.rule(), body.Days)
	if err != nil {
		return api.Answer{}, err
	}
	out := struct {
		Lines []pastLine `json:"lines"`
	}{make([]pastLine, len(lines))}
	for i, l := range lines {
		out.Lines[i] = pastLine{
			Line: h.seal.ID(lineKind, l.Line), BankAccount: l.BankAccount, BookedOn: l.BookedOn, Amount: l.Amount,
			Counterparty: l.Counterparty, Text: l.Text, State: l.State, Was: l.Was, Others: make([]string, len(l.Others)),
		}
		for n, o := range l.Others {
			out.Lines[i].Others[n] = h.seal.ID(ruleKind, o)
		}
	}
	return api.Answer{Body: out}, nil
}

// because reads the reason of an act, and why a rule is right in spite of another one.
func because(c *api.Call) (reason, anyway string, err error) {
	var body struct {
		Reason string `json:"reason"`
		Anyway string `json:"anyway"`
	}
	err = c.Read(&body)
	return body.Reason, body.Anyway, err
}

func (h *House) endRule(ctx context.Context, c *api.Call) (api.Answer, error) {
	reason, _, err := because(c)
	if err != nil {
		return api.Answer{}, err
	}
	r, err := h.ruleNamed(ctx, c, c.Path("rule"))
	if err != nil {
		return api.Answer{}, err
	}
	if h.bookable(ctx, c, r.Mandate, "") != nil {
		return api.Answer{}, api.NotFound()
	}
	if err := h.Imports.EndRule(ctx, c.Who, r.number, reason); err != nil {
		return api.Answer{}, err
	}
	return h.ruleWritten(ctx, c, imports.WrittenRule{Rule: imports.Rule{ID: r.number}}, nil)
}

// ruleOffer is a RuleOffer of the contract: a rule that equal choices of persons suggest.
type ruleOffer struct {
	Offer string `json:"offer"`
	ruleSays
	Sentence string   `json:"sentence"`
	Lines    []string `json:"lines"`
}

func (h *House) listOffers(ctx context.Context, c *api.Call) (api.Answer, error) {
	if c.Reach != auth.Whole {
		return nothing(), nil
	}
	all, err := h.Imports.Offers(ctx)
	if err != nil {
		return api.Answer{}, err
	}
	out := make([]ruleOffer, len(all))
	for i, o := range all {
		out[i] = ruleOffer{Offer: o.Key, ruleSays: saysOf(o.Rule), Sentence: o.French(), Lines: make([]string, len(o.Lines))}
		for n, l := range o.Lines {
			out[i].Lines[n] = h.seal.ID(lineKind, l)
		}
	}
	return placed(c, out, func(o ruleOffer) string { return o.Offer })
}

func (h *House) acceptOffer(ctx context.Context, c *api.Call) (api.Answer, error) {
	reason, anyway, err := because(c)
	if err != nil {
		return api.Answer{}, err
	}
	if err := h.offered(ctx, c); err != nil {
		return api.Answer{}, err
	}
	done, err := h.Imports.AcceptOffer(ctx, c.Who, c.Path("offer"), reason, anyway)
	return h.ruleWritten(ctx, c, done, err)
}

// offered hides an offer about a person whom who answers does not reach: it names her number at the payer.
func (h *House) offered(ctx context.Context, c *api.Call) error {
	if c.Who.SeesAll() {
		return nil
	}
	all, err := h.Imports.Offers(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(o imports.Offer) bool { return o.Key == c.Path("offer") })
	if i < 0 || h.bookable(ctx, c, all[i].Mandate, "") != nil {
		return &api.Fault{Status: http.StatusNotFound, Code: "offer_unknown"}
	}
	return nil
}

func (h *House) refuseOffer(ctx context.Context, c *api.Call) (api.Answer, error) {
	reason, _, err := because(c)
	if err != nil {
		return api.Answer{}, err
	}
	if err := h.offered(ctx, c); err != nil {
		return api.Answer{}, err
	}
	if err := h.Imports.RefuseOffer(ctx, c.Who, c.Path("offer"), reason); err != nil {
		return api.Answer{}, err
	}
	return api.Answer{}, nil
}
