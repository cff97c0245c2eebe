package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"masp/api/auth"
	"masp/api/pages/demonstration"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
	"masp/payments/mandates"
)

// The invented secrets and persons of an open demonstration.
const (
	demoPassword = "quatre mots de sable fin" //nolint:gosec // G101: invented
	demoAdmin    = "i.garnier"
	demoAuditor  = "j.vasseur"
)

var demoStaff = []demonstration.Login{
	{ID: "k.benali", Role: "Coordinateur : prépare, suit ses personnes.", Home: "/accueil"},
	{ID: approverID, Role: "Coordinatrice et seconde signature : vérifie, approuve, remet à la banque.", Home: "/accueil"},
	{ID: "s.marchand", Role: "Comptable : fichiers, relevés de banque, rapprochement.", Home: "/accueil"},
	{ID: demoAuditor, Role: "Auditrice du Département : contrôle, en lecture seule.", Home: "/controle"},
	{ID: demoAdmin, Role: "Administratrice : utilisateurs et réglages.", Home: "/utilisateurs"},
}

// demoPersons are mandates with something to tell.
var demoPersons = []struct{ mandate, story string }{
	{shownMandate, "Bénéficiaire : tout est en ordre."},
	{"M-0001", "Bénéficiaire : la CAF a payé moins."},
	{"M-0004", "Bénéficiaire : le loyer est revenu en novembre."},
}

// open goes on into the next month, up to a run that waits for its decisions, and serves the pages.
func (d *demo) open(listen string) error {
	d.title("10. Le mois suivant commence")
	if err := d.nextMonth(); err != nil {
		return err
	}
	guide, err := d.guide()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", listen) //nolint:noctx // as long as the program
	if err != nil {
		return &listenError{err}
	}
	defer func() { _ = listener.Close() }() // closed by the server, when it came that far
	d.out.print("\nOuvrez dans votre navigateur : %s", d.out.bold("http://"+listener.Addr().String()+demonstration.Path))
	for _, l := range append(guide.Staff, guide.Persons...) {
		d.out.print("  %s %s", fit(l.Name, 22), l.Role)
	}
	d.out.print("Mot de passe de l'équipe : %s ; les codes du moment sont sur la page.", guide.Password)
	log, err := os.OpenFile(filepath.Join(d.dir, "journal.log"), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	d.out.print("Journal du service : %s", log.Name())
	d.out.print("Ctrl-C pour fermer.")
	c := &serveCommand{netFlags: netFlags{Listen: listen}, Every: 5 * time.Second, DayAt: "30 4 * * *", Grace: 3 * time.Second}
	d.settings.Inbox = d.inbox
	day, err := cron.ParseStandard(c.DayAt)
	if err != nil {
		return err
	}
	pages := site(demonstration.Face(guide))
	pages.Banner, pages.BannerPath = "Démonstration : personnes et argent inventés.", demonstration.Path
	return c.on(d.session, d.house, pages, served{listener, day, log})
}

// nextMonth plays the days of the bank up to the run of December, which a coordinator proposes and leaves.
func (d *demo) nextMonth() error {
	if err := d.month.Next.Prepare(d.bank); err != nil {
		return err
	}
	for _, m := range d.month.Load.Mandates {
		if _, err := d.mandates.PlanExpected(d.ctx, d.people[coordinatorID], m.ID, 3); err != nil {
			return err
		}
	}
	for _, r := range d.month.Next.Rises {
		_, err := d.mandates.ChangeAmount(d.ctx, d.people[coordinatorID], mandates.AmountChange{
			Obligation: r.Obligation, ID: r.Obligation + "-2", Amount: money.Cents(int64(r.Amount)), From: civil.MustParse(r.From.String()),
		})
		if err != nil {
			return err
		}
	}
	if err := d.days(d.month.LastDay+1, d.month.Next.RunOn); err != nil {
		return err
	}
	if err := d.setClock(d.month.Next.RunOn, 9); err != nil {
		return err
	}
	today, err := civil.Parse(d.today.String())
	if err != nil {
		return err
	}
	if _, err := d.reconcile.Run(d.ctx, "demo", today); err != nil {
		return err
	}
	run, err := d.payments.Propose(d.ctx, d.people[colleagueID], payments.Ask{Mandates: d.caseOf(colleagueID)})
	if err == nil {
		run, err = d.payments.Show(d.ctx, run.ID)
	}
	if err != nil {
		return err
	}
	d.out.print("  La campagne %s attend ses décisions : %s, %s, %s.", run.ID, plural(len(run.Mandates), "personne", "personnes"),
		plural(len(run.Instructions()), "virement", "virements"), plural(len(run.Exceptions()), "exception", "exceptions"))
	return nil
}

// caseOf lists the mandates of a coordinator.
func (d *demo) caseOf(user string) (all []string) {
	for _, m := range d.month.Load.Mandates {
		if m.Coordinator == user {
			all = append(all, m.ID)
		}
	}
	return all
}

// guide gives each invented person a way in.
func (d *demo) guide() (demonstration.Guide, error) {
	var err error
	if d.auth.Key, err = auth.NewKey([]byte("la clé inventée d'une démonstration")); err != nil {
		return demonstration.Guide{}, err
	}
	admin := d.people[demoAdmin]
	mission := auth.Mission{User: demoAuditor, Departments: []string{"26", "34", "91"}, From: civil.MustParse("2026-01-01")}
	if err := d.auth.Audits(d.ctx, admin, mission); err != nil {
		return demonstration.Guide{}, err
	}
	door := mandates.FrontDoor{Phone: "04 65 71 00 12", Email: "accueil@fil-de-l-eau.example"} // a number that nobody has
	if err := d.mandates.SetFrontDoor(d.ctx, admin, door); err != nil {
		return demonstration.Guide{}, err
	}
	g := demonstration.Guide{Password: demoPassword, Card: d.card}
	codes := &authenticators{demo: d, secrets: map[string]string{}, used: map[string]time.Time{}}
	for _, l := range demoStaff {
		if l.Name, err = codes.settle(admin, l.ID); err != nil {
			return g, fmt.Errorf("%s: %w", l.ID, err)
		}
		g.Staff = append(g.Staff, l)
	}
	g.Code = codes.code
	for _, p := range demoPersons {
		m, err := d.mandates.Summary(d.ctx, p.mandate)
		if err != nil {
			return g, err
		}
		g.Persons = append(g.Persons, demonstration.Login{ID: p.mandate, Name: m.Person, Role: p.story, Home: "/moi"})
	}
	return g, nil
}

// card is the code of a new card of a person.
func (d *demo) card(ctx context.Context, mandate string) (string, error) {
	for _, m := range d.month.Load.Mandates {
		if m.ID == mandate {
			card, err := d.auth.PrintCard(ctx, d.people[coordinatorID], m.Beneficiary)
			return card.Code, err
		}
	}
	return "", fmt.Errorf("there is no mandate %s", mandate)
}

// authenticators stand in for the telephones of invented users. A code proves once: who has just entered
// by one shows the next.
type authenticators struct {
	*demo
	gate    sync.Mutex
	secrets map[string]string
	used    map[string]time.Time
}

const codeStep = 30 * time.Second

// settle takes a user through his setup link, and answers his name.
func (a *authenticators) settle(admin auth.Principal, user string) (string, error) {
	link, err := a.auth.Reset(a.ctx, admin, user)
	if err != nil {
		return "", err
	}
	offer, err := a.auth.Setup(a.ctx, link)
	if err != nil {
		return "", err
	}
	a.secrets[user] = offer.Secret
	_, who, err := a.auth.Complete(a.ctx, auth.SetupAsk{
		Link: link, Password: demoPassword, Code: auth.CodeAt(offer.Secret, time.Now().Add(-codeStep)), Address: "127.0.0.1", Agent: "masp demo",
	})
	return who.Name, err
}

// code is what the authenticator of a user shows; one that is used is followed by the next.
func (a *authenticators) code(user string, use bool) string {
	a.gate.Lock()
	defer a.gate.Unlock()
	at := time.Now() // authenticators know nothing of the clock of the books
	if last := a.used[user]; !at.After(last) {
		at = last.Add(time.Second)
	}
	if use {
		a.used[user] = at.Truncate(codeStep).Add(codeStep - time.Nanosecond)
	}
	return auth.CodeAt(a.secrets[user], at)
}
