package admin

import (
	"context"
	"strings"
	"time"

	"masp/api/pages"
)

// job is what the service does by itself, and how it stands.
type job struct {
	Job       string
	Running   bool
	Succeeded time.Time `json:"last_success"`
	DoneUpTo  time.Time `json:"done_up_to"`
	Failing   string
}

// jobRun is one run.
type jobRun struct {
	Job, Outcome, Error          string
	Started, Ended               time.Time
	Taken, Held, Refused, Failed int
	Times                        int
}

var jobNames = map[string]string{
	"folder": "Dossier de dépôt des relevés", "sftp": "Serveur de la banque", "follow": "Relevés en attente", "day": "Tâches du jour",
	"statements": "suite des relevés", "begun": "mesures qui commencent", "ended": "mesures qui finissent", "estates": "successions",
	"due": "échéances", "remittances": "argent des personnes", "reconciled": "rapprochement des jours", "missing": "prestations qui manquent",
	"purposes": "emploi de l'argent", "alerts": "alertes", "late": "relevés en retard", "retention": "dossiers à archiver",
	"purge": "ménage du journal", "seal": "sceau du jour",
}

func nameOfJob(code string) string {
	if step, ok := strings.CutPrefix(code, "day:"); ok && jobNames[step] != "" {
		return "Chaque jour : " + jobNames[step]
	}
	if name := jobNames[code]; name != "" {
		return name
	}
	return code
}

// Name is the job as one speaks of it.
func (j job) Name() string { return nameOfJob(j.Job) }

// Name is the job as one speaks of it.
func (r jobRun) Name() string { return nameOfJob(r.Job) }

var outcomes = map[string]string{"running": "En cours", "done": "Fait", "failed": "Échec", "interrupted": "Interrompu"}

// State is how the run has ended.
func (r jobRun) State() string { return outcomes[r.Outcome] }

// Bad tells that somebody should look at it.
func (r jobRun) Bad() bool { return r.Outcome == "failed" || r.Outcome == "interrupted" }

// Files says what became of files, when there were some.
func (r jobRun) Files() string {
	var parts []string
	for _, p := range []struct {
		n         int
		one, many string
	}{
		{r.Taken, "fichier pris", "fichiers pris"},
		{r.Held, "en attente", "en attente"},
		{r.Refused, "refusé", "refusés"},
		{r.Failed, "à reprendre", "à reprendre"},
	} {
		if p.n > 0 {
			parts = append(parts, pages.Count(p.n, p.one, p.many))
		}
	}
	return strings.Join(parts, ", ")
}

type workPage struct {
	Jobs []job
	Runs []jobRun
	Down int // jobs that fail
}

func showWork(ctx context.Context, v *pages.Visit) error {
	var data workPage
	if err := v.Read(ctx, "/v1/jobs", &data); err != nil {
		return err
	}
	for _, j := range data.Jobs {
		if j.Failing != "" {
			data.Down++
		}
	}
	return v.Show("admin_travaux.html", pages.Sheet{Title: "Journal des travaux", Data: data, Back: settingsPath})
}

func showRegister(_ context.Context, v *pages.Visit) error {
	return v.Show("admin_registre.html", pages.Sheet{Title: "Registre des traitements", Back: settingsPath})
}
