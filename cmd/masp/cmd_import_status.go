package main

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"masp/api/auth"
	"masp/imports/inbox"
	"masp/ledger/civil"
	"masp/payments/worklist"
)

// importGroup is what concerns the files of the bank; without a word it imports.
type importGroup struct {
	File   importCommand `cmd:"" default:"withargs" help:"Importe des fichiers de la banque (camt.053, pain.002 …) : masp import FICHIER."`
	Status importStatus  `cmd:"" help:"Derniers relevés par compte, relevés attendus, tâches et leurs derniers passages."`
	Expect importExpect  `cmd:"" help:"Dit en combien de jours ouvrés le relevé suivant d'un compte doit être là."`
}

type importStatus struct{}

// runsShown is how many runs of the log are shown.
const runsShown = 10

// Run says whether imports work; exit 3 when a statement is late or a job fails.
func (c *importStatus) Run(s *session) error {
	return s.with(func(h *house) error {
		store := &inbox.Store{DB: h.db}
		accounts, err := h.worklist.Statements(s.ctx)
		if err != nil {
			return err
		}
		jobs, err := store.Jobs(s.ctx)
		if err != nil {
			return err
		}
		runs, err := store.Runs(s.ctx, 20*runsShown)
		if err != nil {
			return err
		}
		runs = slices.DeleteFunc(runs, func(r inbox.Run) bool { return strings.HasPrefix(r.Job, stepPrefix) }) // masp jobs
		runs = runs[:min(len(runs), runsShown)]
		answer := map[string]any{"accounts": accounts, "jobs": jobs, "runs": runs}
		if err := s.out.data(answer, func() { printImportStatus(s.out, accounts, jobs, runs) }); err != nil {
			return err
		}
		for _, a := range accounts {
			if a.Late {
				return errFound
			}
		}
		for _, j := range jobs {
			if j.Failing != "" {
				return errFound
			}
		}
		return nil
	})
}

func printImportStatus(out *printer, accounts []worklist.Due, jobs []inbox.JobStatus, runs []inbox.Run) {
	for _, a := range accounts {
		state := out.green("à jour   ")
		if a.Late {
			state = out.red("en retard")
		}
		out.print("%s  %s  %s", state, a.Account, a.French())
	}
	for _, j := range jobs {
		state := "jamais abouti"
		if j.Succeeded != nil {
			state = "abouti le " + instant(*j.Succeeded)
		}
		if j.Failing != "" {
			state += out.red(", en échec : " + j.Failing)
		}
		out.print("tâche %s : %s", j.Job, state)
	}
	var rows [][]string
	for _, r := range runs {
		rows = append(rows, []string{
			instant(r.Started), r.Job, frenchRuns[r.Outcome], strconv.Itoa(r.Taken), strconv.Itoa(r.Held), strconv.Itoa(r.Refused),
			strconv.Itoa(r.Failed), strings.TrimSpace(r.Error + times(r.Times)),
		})
	}
	if len(rows) > 0 {
		out.table([]string{"Passage", "Tâche", "Résultat", ">Traités", ">En attente", ">Refusés", ">À revoir", "Cause"}, rows)
	}
}

var frenchRuns = map[string]string{"running": "en cours", "done": "fait", "failed": "échec", "interrupted": "interrompu"}

func instant(t time.Time) string { return t.In(civil.Paris).Format("02/01/2006 15:04") }

func times(n int) string {
	if n < 2 {
		return ""
	}
	return " (" + strconv.Itoa(n) + " fois)"
}

type importExpect struct {
	Account string `arg:"" help:"Référence du compte (masp import status)."`
	Days    int    `required:"" help:"Jours ouvrés après le jour du dernier relevé, de 1 à 60." placeholder:"N"`
	Reason  string `required:"" help:"Pourquoi ; inscrit au journal des actes." placeholder:"RAISON"`
}

// Run sets the delay in the name of the person.
func (c *importExpect) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		if err := h.worklist.ExpectStatements(s.ctx, who, c.Account, c.Days, c.Reason); err != nil {
			return err
		}
		return s.out.data(map[string]any{"account": c.Account, "days": c.Days}, func() {
			s.out.print("Compte %s : relevé suivant attendu sous %s.", c.Account, plural(c.Days, "jour ouvré", "jours ouvrés"))
		})
	})
}
