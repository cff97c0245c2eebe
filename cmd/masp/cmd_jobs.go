package main

import (
	"strconv"
	"strings"

	"masp/imports/inbox"
)

type jobsCommand struct {
	Last int `default:"20" help:"Nombre de passages montrés." placeholder:"N"`
}

// Run lists the jobs and their last runs; exit 3 when one fails.
func (c *jobsCommand) Run(s *session) error {
	return s.with(func(h *house) error {
		store := &inbox.Store{DB: h.db}
		jobs, err := store.Jobs(s.ctx)
		if err != nil {
			return err
		}
		runs, err := store.Runs(s.ctx, max(c.Last, 0))
		if err != nil {
			return err
		}
		answer := map[string]any{"jobs": jobs, "runs": runs}
		if err := s.out.data(answer, func() { printJobs(s.out, jobs, runs) }); err != nil {
			return err
		}
		for _, j := range jobs {
			if j.Failing != "" {
				return errFound
			}
		}
		return nil
	})
}

func printJobs(out *printer, jobs []inbox.JobStatus, runs []inbox.Run) {
	var rows [][]string
	for _, j := range jobs {
		row := []string{j.Job, "jamais", "", "à jour"}
		if j.Succeeded != nil {
			row[1] = instant(*j.Succeeded)
		}
		if j.DoneUpTo != nil {
			row[2] = instant(*j.DoneUpTo)
		}
		switch {
		case j.Running:
			row[3] = "en cours"
		case j.Failing != "":
			row[3] = "en échec : " + j.Failing
		}
		rows = append(rows, row)
	}
	out.table([]string{"Tâche", "Abouti le", "Fait jusqu'au", "État"}, rows)
	rows = nil
	for _, r := range runs {
		end := ""
		if r.Ended != nil {
			end = instant(*r.Ended)
		}
		rows = append(rows, []string{
			strconv.FormatInt(r.ID, 10), instant(r.Started), end, r.Job, frenchRuns[r.Outcome],
			strings.TrimSpace(r.Error + times(r.Times)),
		})
	}
	if len(rows) > 0 {
		out.print("")
		out.table([]string{">N°", "Début", "Fin", "Tâche", "Résultat", "Cause"}, rows)
	}
}
