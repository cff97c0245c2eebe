package control_test

import (
	"testing"

	"masp/api/pages/bank"
	"masp/api/pages/control"
	"masp/api/pages/pagestest"
	"masp/api/v1/v1test"
	"masp/migrations/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// furnished is the office after a month: benefits came, a run was filed, another one waits.
var furnished struct {
	dbtest.Model
	tokens map[string]string
}

func house(t *testing.T) *pagestest.House {
	t.Helper()
	t.Parallel()
	like := dbtest.Like(&furnished.Model, func(db *dbtest.DB) {
		o := v1test.On(t, db, nil)
		o.Tokens = v1test.Furnish(t, db)
		o.Benefits(t)
		o.Runs(t)
		furnished.tokens = o.Tokens
	})
	h := pagestest.On(t, dbtest.New(t, like), furnished.tokens, control.Face(), bank.Face())
	h.At(t, "2026-11-09", 10)
	return h
}

func TestTheFirstPageSaysTheDifferenceFirst(t *testing.T) {
	h := house(t)
	for _, user := range []string{"v.olivier", "k.perrin"} {
		h.As(user).Get("/controle").Wants(200).Says("Écart : 0,00 € ✔", "La banque, le grand livre et les personnes disent la même chose")
	}
	h.As("e.quentin").Get("/controle").Wants(200).Says("Écart : 0,00 € ✔", "de votre périmètre", "616,66 €").SaysNot("2 264,08 €")
	h.As("e.texel").Get("/controle").Wants(200).Says("1 compte ne montre pas le total du jour", "d'autres Départements").
		SaysNot("616,66 €", "2 264,08 €", "mission")
	for _, user := range []string{"c.martin", "i.texier"} {
		for _, path := range []string{"", "/exports", "/integrite"} {
			h.As(user).Get("/controle" + path).Wants(403)
		}
	}
}

func TestAnAuditorWhoseMissionIsOverIsToldSo(t *testing.T) {
	h := house(t)
	if _, err := h.DB.Super.Exec(t.Context(), `UPDATE masp.auditor_scopes SET until_on = '2026-11-05' WHERE user_id = 'e.quentin'`); err != nil {
		t.Fatal(err)
	}
	h.As("e.quentin").Get("/controle").Wants(200).Says("Votre mission est finie").SaysNot("616,66 €", "d'autres Départements", "Écart : ")
}

func TestAnExportIsCountedBeforeItGoesOut(t *testing.T) {
	h := house(t)
	b := h.As("e.quentin")
	form := b.Get("/controle/exports").Wants(200).SaysNot("Télécharger le dossier de preuves")
	form.Press("Compter", "format", "csv-fr", "du", "2026-11-05", "au", "2026-11-01").Wants(422).Says("Il y a un point à corriger")
	form.Press("Compter", "format", "csv-fr", "mandat", "M-0002").Wants(404).Says("Aucun mandat de votre périmètre")
	form.Press("Compter", "format", "csv-fr", "du", "32/11/2026").Wants(422).Says("Écrivez une date")
	seen := form.Press("Compter", "format", "csv-fr", "mandat", "m-0001").Wants(200).Says("Total débit", "Compté le")
	seen.Click("Exporter").Wants(200)
	var acts int
	if err := h.DB.Owner.QueryRow(t.Context(), `SELECT count(*) FROM masp.audit_log WHERE actor = 'e.quentin' AND action LIKE '%export%'`).Scan(&acts); err != nil || acts != 1 {
		t.Errorf("%d acts of export, %v: to count is none, to fetch is one", acts, err)
	}
	h.As("k.perrin").Get("/controle/exports?du=2026-11-01").Wants(200).Click("Télécharger le dossier de preuves").Wants(200)
}

func TestTheHeadIsShownToBeKeptElsewhere(t *testing.T) {
	h := house(t)
	page := h.As("e.quentin").Get("/controle/integrite").Wants(200)
	page.Says("L'empreinte à garder", "masp verify --head", "aucun mois clos", "aucun encore")
}
