package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"masp/cmd/masp/internal/scenario"
	"masp/ledger/money"
	"masp/migrations"
	"masp/migrations/cluster"
	"masp/payments/mandates"
)

type scenarioCommand struct {
	Run scenarioRun `cmd:"" help:"Joue un mois d'exemple par les vrais services, dans une base à part qui disparaît ensuite."`
}

type scenarioRun struct {
	File string `arg:"" help:"Mois d'exemple (JSON)."`
}

// Run plays a story in a database of its own and prints what it came to.
func (c *scenarioRun) Run(s *session) error {
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	story, err := scenario.Read(file)
	if err != nil {
		return err
	}
	var result scenario.Result
	err = s.inScratch(func(owner, app string) error {
		env := scenario.Env{}
		if env.Owner, err = migrations.Open(s.ctx, owner, 1); err != nil {
			return err
		}
		defer env.Owner.Close()
		if env.App, err = migrations.Open(s.ctx, app, 4); err != nil {
			return err
		}
		defer env.App.Close()
		result, err = scenario.Play(s.ctx, env, story)
		return err
	})
	if refused, ok := errors.AsType[*scenario.EventError](err); ok {
		s.out.say("Le %s, à l'événement %s :", refused.On.French(), refused.Type)
	}
	if err != nil {
		return err
	}
	return s.out.data(result, func() { printScenario(s.out, story, result) })
}

// inScratch gives a database for the time of one use: at the user's server when its owner may
// create one, else in a PostgreSQL of our own beside that of the organisation.
func (s *session) inScratch(use func(owner, app string) error) error {
	if !s.settings.private() && s.settings.OwnerURL != "" {
		scratch, err := migrations.NewScratch(s.ctx, s.settings.OwnerURL, s.settings.DatabaseURL)
		if err == nil {
			err = use(scratch.OwnerURL, scratch.AppURL)
			return errors.Join(err, scratch.Drop(context.WithoutCancel(s.ctx)))
		}
		s.out.say("Le serveur donné ne permet pas de créer une base d'essai : un PostgreSQL à part sert.")
	}
	state, err := s.settings.stateDir()
	if err != nil {
		return err
	}
	server, err := cluster.Open(s.ctx, filepath.Join(state, "scenario"), cluster.Options{})
	if err != nil {
		return err
	}
	defer func() { _ = server.Close() }()
	name := migrations.ScratchName()
	if err := server.CreateDatabase(s.ctx, name); err != nil {
		return err
	}
	owner, app := server.OwnerURL(name), server.AppURL(name)
	if _, err = migrations.Apply(s.ctx, owner, app); err == nil {
		err = use(owner, app)
	}
	return errors.Join(err, server.DropDatabase(context.WithoutCancel(s.ctx), name))
}

func french(c scenario.Cents) string { return money.Cents(int64(c)).French() }

// printScenario prints a result for people: the runs, what failed, where the money is.
func printScenario(out *printer, story scenario.Story, r scenario.Result) {
	out.print("%s", out.bold(r.Scenario+" — "+story.Title))
	for _, run := range r.Runs {
		printScenarioRun(out, run)
	}
	out.print("\n%s", out.bold("À regarder"))
	for _, a := range r.Alerts {
		out.print("  %s  %s  %s%s%s%s", a.Date.FrenchShort(), a.Code,
			a.Mandate, a.Payment, a.Reference, blankBefore(a.Line+a.Benefit+a.Reason))
	}
	if len(r.Alerts) == 0 {
		out.print("  rien")
	}
	var rows [][]string
	for _, m := range story.Mandates {
		rows = append(rows, []string{
			m.ID, frenchOr(frenchStatusOf, mandates.Status(r.MandateStatus[m.ID])), french(-r.Balances["467:"+m.ID]), french(r.Reserves[m.ID]),
		})
	}
	out.print("\n%s", out.bold("Au "+r.AsOf.French()))
	out.table([]string{"Mandat", "État", ">Solde", ">dont provision"}, rows)
	out.print("  %s, %s. --json donne tout.",
		plural(len(r.Payments), "virement parti", "virements partis"), plural(len(r.Journal), "écriture", "écritures"))
}

func printScenarioRun(out *printer, run scenario.RunResult) {
	kind := "campagne approuvée"
	if run.Status == "PROPOSED" {
		kind = "campagne seulement calculée"
	}
	out.print("\n%s", out.bold(run.Run+", "+kind+" le "+run.Date.French()))
	for _, m := range run.Mandates {
		out.print("  %s — disponible %s, versé à la personne %s, gardé %s",
			m.Mandate, french(m.Available), french(m.Remit), french(m.Carried))
		var rows [][]string
		for _, l := range m.Lines {
			decision, reason := frenchLine(l)
			rows = append(rows, []string{l.Label, french(l.Due), french(l.Paid), decision, reason})
		}
		out.table([]string{"Échéance", ">Dû", ">Payé", "Décision", "Raison"}, rows)
	}
}

func blankBefore(text string) string {
	if text == "" {
		return ""
	}
	return " " + text
}
