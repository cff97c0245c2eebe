package main

import (
	"os"

	"masp/ledger/ledgerbench"
	"masp/migrations"
	"masp/migrations/cluster"
)

type benchCommand struct {
	HTTP   benchHTTP   `cmd:"" name:"http" help:"Le service : 50 lectures par seconde sur 20 000 personnes, et 64 clients qui écrivent."`
	Ledger benchLedger `cmd:"" help:"Les livres, contre le mieux que cette machine sache faire, dans la même exécution."`
}

type benchLedger struct {
	Rounds int `default:"3" help:"Nombre de tours ; chaque chiffre est leur médiane."`
}

// Run measures on a cluster of its own that is thrown away: durable, as in production.
func (c *benchLedger) Run(s *session) error {
	return s.throwaway(func(owner, app string) error {
		result, err := ledgerbench.Run(s.ctx, owner, app, ledgerbench.Options{Rounds: c.Rounds}, func(step string) {
			s.out.say("%s", step)
		})
		if err != nil {
			return err
		}
		return s.out.data(result, func() { s.out.keep(result.Print(s.out.stdout)) })
	})
}

// throwaway gives a durable database of its own, migrated, and drops it afterwards.
func (s *session) throwaway(use func(owner, app string) error) error {
	dir, err := os.MkdirTemp("", "masp-bench-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // root's PostgreSQL runs as another user and must cross it
		return err
	}
	server, err := cluster.Open(s.ctx, dir+"/cluster", cluster.Options{Temporary: true})
	if err != nil {
		return err
	}
	defer func() { _ = server.Close() }()
	if err := server.CreateDatabase(s.ctx, databaseName); err != nil {
		return err
	}
	owner, app := server.OwnerURL(databaseName), server.AppURL(databaseName)
	if _, err := migrations.Apply(s.ctx, owner, app); err != nil {
		return err
	}
	return use(owner, app)
}
