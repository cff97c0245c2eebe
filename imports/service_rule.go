package imports

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// WrittenRule is a rule with what became of it.
type WrittenRule struct {
	Rule
	Reason    string     `json:"reason"`
	InSpiteOf string     `json:"in_spite_of"` // why it stands beside one that fits the same lines
	WrittenAt time.Time  `json:"written_at"`
	EndedAt   *time.Time `json:"ended_at"` // nil: in force
	EndedBy   string     `json:"ended_by"`
	EndReason string     `json:"end_reason"`
	Lines     int        `json:"lines"` // recognised by it
	// Posts tells that it books by itself; else it only suggests.
	Posts bool `json:"posts"`
}

// PastLine is a credit that came, for whoever tries a rule on it.
type PastLine struct {
	Line         int64        `json:"line"`
	BankAccount  string       `json:"account"`
	BookedOn     civil.Date   `json:"booked_on"`
	Amount       money.Amount `json:"amount"`
	Counterparty string       `json:"counterparty"`
	Text         string       `json:"text"`
	State        LineState    `json:"state"`
	Was          string       `json:"was"` // what it is now: "M-0001 RSA", empty while unidentified
	// Others are further rules that fit the line.
	Others []int64 `json:"other_rules"`
}

// WriteRule keeps a rule in the name of a person, and ends the one that it replaces. Where
// another one could fit the same lines it is refused, unless anyway says why both are right.
// Lines that came before stay what they are.
//
// Errors: ErrRole, ErrToken, *RefusedError.
func (s *Service) WriteRule(
	ctx context.Context, who auth.Principal, r Rule, reason, anyway string,
) (WrittenRule, error) {
	r = r.tidied()
	done := WrittenRule{Rule: r, Reason: reason, InSpiteOf: anyway}
	err := s.teach(ctx, who, "write a rule", reason, func(tx pgx.Tx) (act audit.Act, err error) {
		if err = judgeRule(ctx, tx, &done); err != nil {
			return act, err
		}
		if done.ID, err = insertRule(ctx, tx, who.Secret(), r, reason, anyway); err != nil {
			return act, err
		}
		details := map[string]any{"says": r.key()}
		if r.Replaces != 0 {
			details["replaces"] = r.Replaces
		}
		return audit.Act{Action: "rule.write", ObjectID: strconv.FormatInt(done.ID, 10), Details: details}, nil
	})
	return done, err
}

// EndRule ends a rule in the name of a person. What it recognised stays; it is never deleted.
//
// Errors: ErrRole, ErrToken, *RefusedError.
func (s *Service) EndRule(ctx context.Context, who auth.Principal, rule int64, reason string) error {
	return s.teach(ctx, who, "end a rule", reason, func(tx pgx.Tx) (audit.Act, error) {
		_, err := tx.Exec(ctx, `SELECT masp.end_rule($1, $2, $3)`, who.Secret(), rule, reason)
		return audit.Act{Action: "rule.end", ObjectID: strconv.FormatInt(rule, 10)}, err
	})
}

// AcceptOffer makes a rule of an offer, which must still stand.
//
// Errors: ErrRole, ErrToken, *RefusedError.
func (s *Service) AcceptOffer(
	ctx context.Context, who auth.Principal, key, reason, anyway string,
) (WrittenRule, error) {
	offer, err := s.offer(ctx, key)
	if err != nil {
		return WrittenRule{}, err
	}
	return s.WriteRule(ctx, who, offer.Rule, reason, anyway)
}

// RefuseOffer remembers that a person does not want a rule: it is not offered again.
//
// Errors: ErrRole, ErrToken, *RefusedError.
func (s *Service) RefuseOffer(ctx context.Context, who auth.Principal, key, reason string) error {
	if _, err := s.offer(ctx, key); err != nil {
		return err
	}
	return s.teach(ctx, who, "refuse a rule", reason, func(tx pgx.Tx) (audit.Act, error) {
		_, err := tx.Exec(ctx, `SELECT masp.refuse_rule($1, $2, $3)`, who.Secret(), key, reason)
		return audit.Act{Action: "rule.refuse", ObjectID: key}, err
	})
}

// teach runs an act about rules, with its reason and the secret of the person.
func (s *Service) teach(
	ctx context.Context, who auth.Principal, what, reason string, do func(pgx.Tx) (audit.Act, error),
) error {
	if who.Secret() == "" {
		return fmt.Errorf("%s: %w", what, ErrToken)
	}
	if reason == "" {
		return refuse("REASON", "Dites pourquoi : cela reste dans le journal des actes.")
	}
	err := ledger.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		act, err := do(tx)
		if err != nil {
			return err
		}
		act.Actor, act.ObjectType, act.Reason = who.ID, "recognition_rule", reason
		_, err = audit.Record(ctx, tx, act)
		return err
	})
	if err != nil {
		return fmt.Errorf("%s: %w", what, ruleRefusal(err))
	}
	return nil
}

// judgeRule refuses a rule that cannot be right, and tells whether it will book by itself.
func judgeRule(ctx context.Context, tx pgx.Tx, w *WrittenRule) error {
	r := w.Rule
	if err := r.check(); err != nil {
		return err
	}
	if err := judgeOutcome(ctx, tx, w); err != nil {
		return err
	}
	all, err := rulesInForce(ctx, tx, "")
	if err != nil {
		return err
	}
	if w.InSpiteOf != "" {
		return nil
	}
	return r.warn(all)
}

// judgeOutcome refuses what a rule says when nobody knows it.
func judgeOutcome(ctx context.Context, tx pgx.Tx, w *WrittenRule) error {
	if w.Payer != "" {
		w.Posts = true
		if !slices.Contains(mandates.Payers(), w.Payer) {
			return refuse("RULE_PAYER", "Les organismes payeurs sont %s.", strings.Join(mandates.Payers(), ", "))
		}
		return nil
	}
	m, err := mandateByID(ctx, tx, w.Mandate)
	if err != nil {
		return err
	}
	catalogue, err := mandates.CatalogueTx(ctx, tx)
	if err != nil {
		return err
	}
	if !mandates.Named(catalogue, w.Benefit) && w.Benefit != mandates.RefundOfPayment {
		return refuse("BENEFIT_UNKNOWN", "La prestation %s n’est pas au catalogue.", w.Benefit)
	}
	if w.BankAccount != "" && w.BankAccount != m.BankAccount {
		return refuse("OTHER_ACCOUNT", "L’argent du mandat %s n’est pas sur le compte %s.", m.ID, w.BankAccount)
	}
	k := &Known{Account: m.BankAccount, Numbers: map[PayerNumber]string{}, Mandates: []mandates.Mandate{m}}
	asked := Line{Amount: money.Cents(1), Details: []Detail{{Text: join(w.Words...)}}}
	if err := addNumbers(ctx, tx, k, []Line{asked}); err != nil {
		return err
	}
	if err := w.owners(m, k.Numbers); err != nil {
		return err
	}
	k.Model, err = modelOf(ctx, tx, m.BankAccount)
	w.Posts = k.certain(w.Rule, m)
	return err
}

// TryRule tells which credits of the last days a rule would have fitted, and what they are now.
// It writes nothing.
func (s *Service) TryRule(ctx context.Context, r Rule, days int) (lines []PastLine, err error) {
	r = r.tidied()
	if err := r.check(); err != nil {
		return nil, err
	}
	r.From = civil.Date{}
	err = ledger.Snapshot(ctx, s.DB, func(tx pgx.Tx) error {
		rules, err := rulesInForce(ctx, tx, "")
		if err != nil {
			return err
		}
		past, err := pastCredits(ctx, tx, r.BankAccount, days)
		if err != nil {
			return err
		}
		lines = tried(r, past, rules)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("try a rule: %w", err)
	}
	return lines, nil
}

// tried keeps the lines that a rule fits, each with the other rules that fit it.
func tried(r Rule, past []PastLine, rules []Rule) []PastLine {
	fitting := []PastLine{}
	for _, p := range past {
		w := wording{party: phrase(p.Counterparty), text: phrase(p.Text)}
		w.party = firstOf(w.party, w.text)
		if !r.fits(w, p.BankAccount, p.Amount, p.BookedOn) {
			continue
		}
		p.Others = []int64{}
		for _, o := range rules {
			if o.ID != r.ID && o.fits(w, p.BankAccount, p.Amount, p.BookedOn) {
				p.Others = append(p.Others, o.ID)
			}
		}
		fitting = append(fitting, p)
	}
	return fitting
}
