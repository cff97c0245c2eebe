package scenario

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"masp/api/auth"
	"masp/cmd/masp/internal/simbank"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// Play plays a story on an empty database, and says what it came to. The services decide
// everything; what they refuse ends the play.
func Play(ctx context.Context, env Env, story Story) (Result, error) {
	p := &player{
		house: newHouse(env), story: story, names: namesOf(story), desk: simbank.NewDesk(),
		result: Result{Scenario: story.Name, AsOf: story.AsOf, Runs: []RunResult{}},
	}
	if err := p.open(ctx); err != nil {
		return Result{}, fmt.Errorf("open the story: %w", err)
	}
	for day, ok := p.next(); ok; day, ok = p.next() {
		if err := p.day(ctx, day); err != nil {
			return Result{}, err
		}
	}
	if err := p.wake(ctx, story.AsOf); err != nil {
		return Result{}, err
	}
	var periods []civil.Month
	for _, e := range story.Expected {
		if !slices.Contains(periods, e.Period) {
			periods = append(periods, e.Period)
		}
	}
	f, err := p.read(ctx, periods)
	if err != nil {
		return Result{}, err
	}
	newScribe(story, p.names, f).write(&p.result)
	return p.result, nil
}

// EventError is an event that the services, or the bank, have refused.
type EventError struct {
	On   civil.Date
	Type string
	Err  error
}

// Error names the event.
func (e *EventError) Error() string { return e.Type + ": " + e.Err.Error() }

// Unwrap is the refusal.
func (e *EventError) Unwrap() error { return e.Err }

// player is a story on its way.
type player struct {
	*house
	story              Story
	names              *names
	desk               *simbank.Desk
	preparer, approver auth.Principal
	result             Result
	today, woken       civil.Date
	later              []civil.Date          // days on which something of ours happens
	toFile             []string              // runs whose files leave today
	given              map[string]bool       // files that the bank has
	over               map[EndOfMeasure]bool // ends that have been played
	withheld           map[string]civil.Date // debts of which it is noted, and on which day last
	doubted            []string              // creditors to whom a transfer has failed
	obligations, lists int
	asked              []mandates.DueOn // rents and charges of the runs so far
}

// open loads the organisation on the first day: its users, what its catalogue lacks, then
// everybody; two persons sign the creditors.
func (p *player) open(ctx context.Context) error {
	if err := p.wake(ctx, p.story.OpeningDate); err != nil {
		return err
	}
	file, err := organisation(p.story)
	if err != nil {
		return err
	}
	loaded, err := p.house.load.Load(ctx, auth.Principal{}, file)
	if err != nil {
		return err
	}
	users := map[string]*auth.Principal{preparerID: &p.preparer, approverID: &p.approver}
	for _, token := range loaded.Tokens {
		if *users[token.User], err = p.auth.Authenticate(ctx, token.Token); err != nil {
			return err
		}
	}
	for _, row := range newBenefits(p.story) {
		if err := p.mandates.AddBenefit(ctx, p.preparer, row, "cité par le mois d'exemple"); err != nil {
			return err
		}
	}
	if err := p.load(ctx); err != nil {
		return err
	}
	p.given, p.withheld, p.over = make(map[string]bool), make(map[string]civil.Date), make(map[EndOfMeasure]bool)
	return p.openBank()
}

func (p *player) load(ctx context.Context) error {
	file, err := p.names.loadFile(p.story)
	if err != nil {
		return err
	}
	loaded, err := p.house.load.Load(ctx, p.preparer, file)
	if err != nil {
		return p.story.told(err)
	}
	for _, who := range []auth.Principal{p.preparer, p.approver} {
		if _, err := p.mandates.SignLoad(ctx, who, loaded.SHA256); err != nil {
			return err
		}
	}
	return nil
}

// openBank opens the accounts at the bank, with what the mandates hold there.
func (p *player) openBank() error {
	for _, a := range p.story.BankAccounts {
		var opening int64
		for _, m := range p.story.Mandates {
			if m.Bank == a.Code {
				opening += m.Opening.Cents()
			}
		}
		err := p.desk.OpenAccount(simbank.Account{
			IBAN: a.IBAN.String(), Holder: a.Code, OpeningCents: opening, OpenedOn: bankDay(p.story.OpeningDate),
		})
		if err != nil {
			return err
		}
	}
	for _, e := range p.story.Expected {
		p.later = append(p.later, civil.AddTARGET(e.On, missingAfter))
	}
	return nil
}

// missingAfter is how many banking days after its day a benefit is checked.
const missingAfter = 3

func bankDay(d civil.Date) simbank.Day { return simbank.On(d.Year(), d.Month_(), d.Day()) }

// next is the next day on which something happens, if the story comes to it.
func (p *player) next() (civil.Date, bool) {
	var found civil.Date
	consider := func(d civil.Date) {
		if d.After(p.today) && (found.IsZero() || d.Before(found)) {
			found = d
		}
	}
	for _, e := range p.story.Events {
		consider(e.Day())
	}
	for _, d := range p.later {
		consider(d)
	}
	return found, !found.IsZero() && !found.After(p.story.AsOf)
}

// day plays one day in the order of the day.
func (p *player) day(ctx context.Context, day civil.Date) error {
	p.today = day
	if err := p.wake(ctx, day); err != nil {
		return err
	}
	for _, part := range []func(context.Context) error{
		p.settle,
		p.each(TypeCredit),
		p.each(TypeReturn),
		p.bankWrites,
		p.confirmAgain,
		p.each(TypeIdentify, TypeWithholding),
		p.each(TypeDeath),
		p.checkBenefits,
		p.each(TypeRun),
		p.release,
		p.each(TypePassThrough, TypeRestitute, TypeRefundPayer, TypeEstatePayout),
		p.file,
		p.each(TypeEndOfMeasure),
		p.each(TypeReject),
		p.confirmAgain,
	} {
		if err := part(ctx); err != nil {
			return fmt.Errorf("play %s: %w", day, err)
		}
	}
	return nil
}

// wake moves the clock to the morning of a day, once: it never goes back. Measures begin by it.
func (p *player) wake(ctx context.Context, day civil.Date) error {
	if day == p.woken {
		return nil
	}
	p.woken = day
	if err := p.setClock(ctx, day); err != nil {
		return err
	}
	_, err := p.mandates.BeginDue(ctx)
	return err
}

// each plays the events of some types of the day, in the order of the story.
func (p *player) each(types ...string) func(context.Context) error {
	return func(ctx context.Context) error {
		for _, e := range p.story.Events {
			if e.Day() != p.today || !slices.Contains(types, e.Type()) {
				continue
			}
			if err := p.event(ctx, e); err != nil {
				return &EventError{e.Day(), e.Type(), err}
			}
		}
		return nil
	}
}

func (p *player) event(ctx context.Context, e Event) error {
	switch e := e.(type) {
	case Credit:
		return p.credit(ctx, e)
	case Identify:
		return p.identify(ctx, e)
	case Withheld:
		return p.withhold(ctx, e)
	case Run:
		return p.run(ctx, e)
	case Failure:
		return p.failure(ctx, e)
	case Payout:
		return p.payout(ctx, e)
	case EndOfMeasure:
		return p.end(ctx, e)
	case Death:
		_, err := p.payments.RecordDeath(ctx, p.preparer, p.names.mandates.ours[e.Mandate], e.DiedOn)
		return err
	}
	return errors.ErrUnsupported
}

func (p *player) checkBenefits(ctx context.Context) error {
	_, err := p.imports.RaiseMissing(ctx)
	return err
}

// withhold notes what payers kept for a debt today: all of it at the first word of it, for one
// amount of a debt and a day is noted once.
func (p *player) withhold(ctx context.Context, first Withheld) error {
	if p.withheld[first.Debt] == first.Date {
		return nil
	}
	p.withheld[first.Debt] = first.Date
	var sum money.Amount
	for _, e := range p.story.Events {
		if w, ok := e.(Withheld); ok && w.Date == first.Date && w.Debt == first.Debt {
			sum = sum.Add(w.Amount)
		}
	}
	return p.mandates.RecordWithholding(ctx, p.preparer, p.names.debts.ours[first.Debt], sum, first.Date)
}
