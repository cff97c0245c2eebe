package run_test

import (
	"testing"

	"masp/api/pages"
	"masp/api/pages/pagestest"
	"masp/api/pages/run"
	"masp/migrations/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// turns are those of the tests by house.
var turns = dbtest.Turns{OneIn: 3, Doors: []string{"open"}}

// open is an office in which each person has the money of the month.
func open(t *testing.T) *pagestest.House {
	t.Helper()
	turns.Take(t)
	t.Parallel()
	h := pagestest.New(t, []pages.Face{run.Face()})
	h.Benefits(t)
	return h
}

// proposed is the page of a draft that somebody has just prepared for her persons.
func proposed(t *testing.T, b *pagestest.Browser) *pagestest.Screen {
	t.Helper()
	seen := b.Get("/campagnes").Wants(200).Press("Voir ce qu'elle contient", "on", "2026-11-09").Wants(200)
	return seen.Says("Préparer la campagne de novembre 2026", "Rien n'est envoyé").Press("Préparer cette campagne").Wants(200)
}

func TestACampaignIsPreparedFromWhatItWouldContain(t *testing.T) {
	dbtest.Seldom(t, 3)
	h := open(t)
	b := h.As("c.nadir")
	got := proposed(t, b).Says("Campagne de novembre 2026", "C-2026-11-1", "Brouillon", "Préparée par c.nadir", "La campagne est préparée")
	if got.Path != "/campagnes/C-2026-11-1" {
		t.Errorf("arrived at %s", got.Path)
	}
	b.Get("/campagnes").Wants(200).Says("Campagne de novembre 2026", "C-2026-11-1", "lundi 9 novembre", "Brouillon")
}

func TestTheListIsNarrowedAndWhatIsNoReferenceIsNoPage(t *testing.T) {
	h := open(t)
	b := h.As("c.nadir")
	proposed(t, b)
	b.Get("/campagnes").Press("Filtrer", "etat", "draft").Wants(200).Says("C-2026-11-1")
	b.Get("/campagnes?etat=settled").Wants(200).Says("Aucune campagne").SaysNot("C-2026-11-1")
	for _, path := range []string{"/campagnes/x", "/campagnes/C-2026-11-9", "/campagnes/C-2026-11-1/paiements/x", "/campagnes/x/verifier"} {
		b.Get(path).Wants(404).Says("Cette page n'existe pas")
	}
}
