package desk

import (
	"context"
	"strings"

	"masp/api/auth"
	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// waiting is what the contract counts for a reader (getDesk).
type waiting struct {
	Day        civil.Date `json:"day"`
	Statements struct {
		Through civil.Date `json:"through"`
		Lines   int        `json:"lines"`
		Held    int        `json:"held"`
	} `json:"statements"`
	Alerts []alertCount `json:"alerts"`
	Runs   []openRun    `json:"runs"`
	ToSign int          `json:"ibans_to_sign"`
}

type alertCount struct {
	Code     string     `json:"code"`
	Severity string     `json:"severity"`
	Label    string     `json:"label"`
	Count    int        `json:"count"`
	Oldest   civil.Date `json:"oldest"`
}

type openRun struct {
	Run        string       `json:"run"`
	Month      civil.Month  `json:"month"`
	State      string       `json:"state"`
	Payments   int          `json:"payments"`
	Total      money.Amount `json:"total"`
	Open       int          `json:"open_exceptions"`
	Blocking   int          `json:"blocking_exceptions"`
	Signatures int          `json:"signatures"`
	Yours      bool         `json:"yours"`
	Signed     bool         `json:"signed"`
}

// task is one line of what is to do. A line without a tone is done, or waits for somebody else.
type task struct{ Name, Text, State, Tone, To string }

const (
	urgent = "rouge"
	soon   = "jaune"
)

func home(ctx context.Context, v *pages.Visit) error {
	data := struct {
		Day   civil.Date
		Tasks []task
		Busy  bool
		Reads bool // only: somebody else does what is to do
		Proof *proof
		Ways  []task
	}{Ways: otherWays(v)}
	if v.May(auth.ReadAlerts) {
		w, p, err := readHome(ctx, v, &data.Tasks)
		if err != nil {
			return err
		}
		data.Day, data.Proof = w.Day, p
	}
	data.Reads = !v.May(auth.WriteAlerts)
	for i, t := range data.Tasks {
		if data.Reads {
			data.Tasks[i].Tone = ""
		}
		data.Busy = data.Busy || t.Tone != ""
	}
	title := "Accueil"
	if !data.Day.IsZero() {
		title += " : " + pages.Weekday(data.Day)
	}
	return v.Show("bureau_accueil.html", pages.Sheet{Title: title, Data: data})
}

// readHome reads what waits, and the proof of the day for who sees totals.
func readHome(ctx context.Context, v *pages.Visit, tasks *[]task) (w waiting, p *proof, err error) {
	if err = v.Read(ctx, "/v1/desk", &w); err != nil {
		return w, nil, err
	}
	suspense, err := suspenseOpen(ctx, v)
	if err != nil {
		return w, nil, err
	}
	if v.May(auth.ReadTotals) && v.May(auth.ReadProof) {
		p = &proof{}
		if err = v.Read(ctx, "/v1/proof", p); err != nil {
			return w, nil, err
		}
		if p.addUp(); !p.OK {
			*tasks = append(*tasks, gapTask(p))
		}
	}
	ibans, err := ibansToConfirm(ctx, v)
	if err != nil {
		return w, nil, err
	}
	*tasks = append(*tasks, tasksOf(v, w, suspense, ibans)...)
	return w, p, nil
}

// suspenseOpen is how many lines of the bank nobody can explain yet.
func suspenseOpen(ctx context.Context, v *pages.Visit) (int, error) {
	if !v.May(auth.MatchBank) || !v.May(auth.ReadTotals) {
		return 0, nil
	}
	var ages struct {
		Lines int `json:"lines"`
	}
	err := v.Read(ctx, "/v1/suspense_ages", &ages)
	return ages.Lines, err
}

// ibansToConfirm is how many new IBANs wait for the word of the reader: not those that he has proposed.
func ibansToConfirm(ctx context.Context, v *pages.Visit) (n int, err error) {
	if !v.May(auth.ConfirmIBANs) {
		return 0, nil
	}
	changes, err := pages.All[ibanChange](ctx, v, "/v1/iban_changes?state=to_confirm")
	for _, c := range changes {
		if c.AwaitsWord(v.Who().ID) {
			n++
		}
	}
	return n, err
}

// tasksOf are the lines of a day, in the order of a morning.
func tasksOf(v *pages.Visit, w waiting, suspense, ibans int) (all []task) {
	if v.May(auth.ReadBank) {
		all = append(all, statementTask(w))
	}
	if v.May(auth.MatchBank) {
		all = append(all, countTask("Rapprocher", "/banque/rapprochement/lignes", suspense,
			"ligne sans explication", "lignes sans explication", "à faire"))
	}
	late := w.take("BENEFIT_MISSING")
	all = append(all, countTask("Prestations attendues", "/prestations", late,
		"prestation en retard", "prestations en retard", "à voir"))
	for _, r := range w.Runs {
		all = append(all, runTask(v, r))
	}
	if len(w.Runs) == 0 && v.May(auth.ReadRuns) {
		all = append(all, task{Name: "Campagnes", Text: "Aucune campagne en cours.", State: "Terminé", To: "/campagnes"})
	}
	rejects := w.take("PAYMENT_REJECTED", "PAYMENT_RETURNED", "RETURN_ANNOUNCED", "FILE_REJECTED", "REPORT_UNMATCHED")
	all = append(all, countTask("Rejets", "/rejets", rejects, "paiement revenu", "paiements revenus", "à traiter"))
	if v.May(auth.ConfirmIBANs) {
		all = append(all, countTask("IBAN à confirmer", "/destinataires?etat=to_confirm", ibans,
			"changement attend une seconde personne", "changements attendent une seconde personne", "à confirmer"))
		if w.ToSign > 0 {
			all = append(all, countTask("IBAN à signer", "/destinataires?etat=to_sign", w.ToSign,
				"IBAN d'un chargement attend votre signature", "IBAN d'un chargement attendent votre signature", "à signer"))
		}
	}
	if v.May(auth.ReadPersons) {
		asked := w.take(questionCode)
		all = append(all, countTask("Questions des personnes", "/alertes?code="+questionCode, asked,
			"question sans réponse", "questions sans réponse", "à répondre"))
	}
	return append(all, restTask(w))
}

// questionCode is the alert of a person's question.
const questionCode = "PERSON_ASKS"

// take counts alerts of some codes, and takes them out.
func (w *waiting) take(codes ...string) (n int) {
	kept := w.Alerts[:0:0]
	for _, a := range w.Alerts {
		if strings.Contains(" "+strings.Join(codes, " ")+" ", " "+a.Code+" ") {
			n += a.Count
		} else {
			kept = append(kept, a)
		}
	}
	w.Alerts = kept
	return n
}

func statementTask(w waiting) task {
	t := task{Name: "Relevés de banque", Text: "Aucun relevé reçu.", State: "À voir", Tone: soon, To: "/banque/imports"}
	if day := w.Statements.Through; !day.IsZero() {
		lines := "aucune ligne"
		if n := w.Statements.Lines; n > 0 {
			lines = pages.Count(n, "ligne", "lignes")
		}
		t.Text = "Reçus jusqu'au " + pages.Weekday(day) + ", " + lines + " ce jour-là"
		t.State, t.Tone = "Terminé", ""
	}
	if late := w.take("STATEMENT_LATE"); late > 0 {
		t.Text += ", " + pages.Count(late, "compte en retard", "comptes en retard")
		t.State, t.Tone = "En retard", urgent
	}
	if n := w.Statements.Held; n > 0 {
		t.Text += ", " + pages.Count(n, "relevé en attente", "relevés en attente")
		t.State, t.Tone = pages.Number(n)+" à voir", urgent
	}
	return t
}

func countTask(name, to string, n int, one, many, todo string) task {
	if n == 0 {
		return task{Name: name, Text: "Rien en attente.", State: "Terminé", To: to}
	}
	return task{Name: name, Text: pages.Count(n, one, many), State: pages.Number(n) + " " + todo, Tone: soon, To: to}
}

// runTask says what the reader has to do for a run; without a tone it waits for somebody else.
func runTask(v *pages.Visit, r openRun) task {
	t := task{Name: "Campagne " + deMonth(r.Month), To: "/campagnes/" + r.Run}
	t.Text = r.Run + " : " + pages.Count(r.Payments, "paiement", "paiements") + ", " + r.Total.French()
	switch {
	case r.State == "draft" && v.May(auth.PrepareRuns):
		t.State, t.Tone = "À vérifier", soon
		if r.Open > 0 {
			t.Text += ", " + pages.Count(r.Open, "exception", "exceptions")
		}
		if r.Blocking > 0 {
			t.Text += ", dont " + pages.Count(r.Blocking, "bloquante", "bloquantes")
			t.Tone = urgent
		}
	case r.State == "in_review" && v.May(auth.ApproveRuns) && !r.Yours && !r.Signed:
		t.State, t.Tone, t.To = "À approuver", soon, t.To+"/verifier"
	case r.State == "in_review":
		t.State = "Attend une signature"
	case r.State == "approved" && v.May(auth.FileRuns):
		t.State, t.Tone = "Fichier à créer", soon
	case r.State == "filed" && v.May(auth.FetchFiles):
		t.State, t.Tone = "À remettre à la banque", soon
	default:
		t.State = map[string]string{"draft": "En préparation", "approved": "Approuvée", "filed": "Fichier créé"}[r.State]
	}
	return t
}

// deMonth is a month after a noun: "de décembre", "d'avril".
func deMonth(m civil.Month) string { return m.FrenchOf() }

// restTask is what no other line counts.
func restTask(w waiting) task {
	n, first := 0, 0
	for _, a := range w.Alerts {
		if n += a.Count; a.Severity == "urgent" {
			first += a.Count
		}
	}
	t := countTask("Alertes", "/alertes", n, "alerte ouverte", "alertes ouvertes", "à voir")
	if first > 0 {
		t.Text += ", dont " + pages.Count(first, "urgente", "urgentes")
		t.Tone = urgent
	}
	return t
}

// otherWays are the first pages of those who have no list of tasks.
func otherWays(v *pages.Visit) (ways []task) {
	for _, w := range []struct {
		action   auth.Action
		way      task
		exceptIf auth.Action
	}{
		{
			auth.ReadExports,
			task{Name: "Contrôle", Text: "Balance, grand livre, échantillon, intégrité, exports", To: "/controle"},
			auth.ReadTotals,
		},
		{
			auth.ReadUsers,
			task{Name: "Utilisateurs", Text: "Qui travaille ici, avec quel rôle, pour qui", To: "/utilisateurs"},
			"",
		},
		{
			auth.WriteSettings,
			task{Name: "Réglages", Text: "Seuils, calendriers, comptes de banque", To: "/reglages"},
			auth.ReadPersons,
		},
	} {
		if v.May(w.action) && (w.exceptIf == "" || !v.May(w.exceptIf)) {
			ways = append(ways, w.way)
		}
	}
	return ways
}
