package admin_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"masp/api/pages"
	"masp/api/pages/admin"
	"masp/api/pages/entry"
	"masp/api/pages/pagestest"
	"masp/migrations/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func open(t *testing.T) *pagestest.House {
	t.Helper()
	t.Parallel()
	return pagestest.New(t, []pages.Face{entry.Face(), admin.Face()})
}

func TestAnAdministratorAddsAUserAndSeesTheLinkOnce(t *testing.T) {
	h := open(t)
	b := h.As("i.texier")
	list := b.Get("/utilisateurs").Wants(200).Says("Claire Martin", "Coordination", "Ajouter un utilisateur")
	form := list.Click("Ajouter un utilisateur").Wants(200)
	bad := form.Press("Créer le compte", "name", "Chloé Durand").Wants(http.StatusUnprocessableEntity)
	bad = bad.Says("2 points à corriger", "Cochez au moins un rôle.").
		Press("Créer le compte", "user", "C.Durand!", "roles", "auditor").Wants(http.StatusUnprocessableEntity).
		Says("Un contrôle a une fin").Press("Créer le compte", "until", "2027-03-31").Wants(http.StatusUnprocessableEntity)
	if !strings.Contains(bad.Body, `value="Chloé Durand"`) {
		t.Error("what was typed is lost")
	}
	made := bad.Press("Créer le compte", "user", "c.durand", "roles", "coordinator", "until", "").Wants(200)
	made.Says("n'est montré qu'une fois", "72 heures", "://")
	link := regexp.MustCompile(`/entrer/[^<]+`).FindString(made.Body)
	if link == "" {
		t.Fatalf("no link: %s", made.Text())
	}
	made.Click("J'ai copié").Wants(200).Says("Chloé Durand", "c.durand").SaysNot("/entrer/")
	h.Stranger().Get(link).Wants(200).Says("Première connexion", "c.durand")
}

func TestOthersDoNotSeeUsers(t *testing.T) {
	h := open(t)
	for _, user := range []string{"c.martin", "v.olivier", "k.perrin", "e.quentin"} {
		h.As(user).Get("/utilisateurs").Wants(http.StatusForbidden)
		h.As(user).Get("/utilisateurs/c.nadir/droits").Wants(http.StatusForbidden)
	}
	h.As("i.texier").Get("/utilisateurs/personne").Wants(http.StatusNotFound)
	h.As("i.texier").Get("/utilisateurs/c.martin/mission").Wants(http.StatusNotFound)
	h.As("i.texier").Get("/utilisateurs?role=auditor").Wants(200).SaysNot("Claire Martin")
}

func TestRightsThatHaveChangedMeanwhileAreNotWrittenOver(t *testing.T) {
	h := open(t)
	b := h.As("i.texier")
	first := b.Get("/utilisateurs/c.nadir/droits").Wants(200)
	second := b.Get("/utilisateurs/c.nadir/droits").Wants(200)
	first.Press("Changer les droits", "roles", "accountant").Wants(200).Says("Droits changés", "Comptabilité")
	first.Press("Changer les droits", "roles", "accountant").Wants(200).Says("Droits changés") // a second tap
	late := second.Press("Changer les droits", "roles", "approver").Wants(http.StatusPreconditionFailed)
	late.Says("Rien n'a été fait.", "Vous aviez lu Coordination", "C'est maintenant Comptabilité")
	wrong := second.Press("Changer les droits", "until", "demain").Wants(http.StatusUnprocessableEntity)
	wrong.Press("Changer les droits", "until", "").Wants(http.StatusPreconditionFailed) // still what was read first
	late.Click("Relire").Wants(200).Says("Changer les droits")
	b.Get("/utilisateurs/i.texier").Wants(200).Says("C'est votre compte").SaysNot("Fermer le compte")
}

func TestAnOldSecondFactorIsAskedOnTheForm(t *testing.T) {
	h := open(t)
	b := h.Settled("i.texier")
	for range 6 {
		b.Code() // minutes pass
	}
	form := b.Get("/utilisateurs/c.nadir/lien").Wants(200)
	asked := form.Press("Faire un nouveau lien").Wants(http.StatusUnprocessableEntity).Says("Écrivez le code de votre application.")
	wrong := asked.Press("Faire un nouveau lien", "code", "000000").Wants(http.StatusUnprocessableEntity)
	wrong.Press("Faire un nouveau lien", "code", b.Code()).Wants(200).Says("Le lien d'entrée est prêt", "/entrer/")
}

func TestAnAccountEndsForEverAndTwiceIsOnce(t *testing.T) {
	h := open(t)
	b := h.As("i.texier")
	form := b.Get("/utilisateurs/c.nadir").Click("Fermer le compte").Wants(200).Says("Confiez d'abord ses mesures")
	form.Press("Fermer le compte").Wants(http.StatusUnprocessableEntity).Says("Cochez la case")
	form.Press("Fermer le compte", "sure", "oui").Wants(200).Says("Compte fermé")
	form.Press("Fermer le compte", "sure", "oui").Wants(200).Says("Compte fermé")
	b.Get("/utilisateurs").Wants(200).Says("1 compte fermé")
}

func TestOpenSessionsAndTokensOfAUserAreEnded(t *testing.T) {
	h := open(t)
	nadir := h.Settled("c.nadir")
	b := h.As("i.texier")
	b.Get("/utilisateurs/c.nadir/acces").Wants(200).Says("Firefox").Press("Fermer cette connexion").Wants(200).
		Says("Cette connexion est fermée.", "Aucune connexion n'est ouverte")
	nadir.Get("/mon-compte").Wants(200).Says("Se connecter")
	one := b.Get("/utilisateurs/c.martin/acces").Wants(200)
	one.Press("Fermer ce jeton").Wants(200).Says("Ce jeton ne vaut plus rien.", "Aucun jeton")
	one.Press("Fermer ce jeton").Wants(200) // a second tap
	b.Get("/utilisateurs/v.olivier/acces").Press("Tout fermer").Wants(200).Says("Tous les accès ouverts sont fermés.", "Aucun jeton")
}

func TestMeasuresAreGivenToACoordinatorAndTaken(t *testing.T) {
	h := open(t)
	b := h.As("i.texier")
	form := b.Get("/utilisateurs/c.nadir/mesures").Wants(200)
	form.Press("Confier ces mesures").Wants(http.StatusUnprocessableEntity).Says("Écrivez au moins une référence")
	form.Press("Confier ces mesures", "mandates", "M-9999").Wants(http.StatusUnprocessableEntity).Says("n'existe pas")
	given := form.Press("Confier ces mesures", "mandates", "m-0001, M-0002", "until", "2027-01-31").Wants(200)
	given.Says("M-0001", "jusqu'au 31/01/2027").SaysNot("€")
	given.Press("Retirer les mesures cochées").Wants(http.StatusUnprocessableEntity).Says("Cochez au moins une mesure.")
	given.Press("Retirer les mesures cochées", "taken", "M-0001").Wants(200).Says("1 mesure retirée.")
}

func TestAMissionSaysWhatAnAuditorMayRead(t *testing.T) {
	h := open(t)
	b := h.As("i.texier")
	form := b.Get("/utilisateurs/e.quentin").Click("Mission").Wants(200)
	form.Press("Enregistrer la mission", "departments", "Hérault").Wants(http.StatusUnprocessableEntity).Says("numéros de Département")
	form.Press("Enregistrer la mission", "departments", "26, 34", "from", "2026-01-01", "until", "").Wants(200).
		Says("Départements 26, 34, depuis le 1er janvier 2026")
	form.Press("Enregistrer la mission", "departments", "69").Wants(http.StatusPreconditionFailed).Says("C'est maintenant Départements 26, 34")
}
