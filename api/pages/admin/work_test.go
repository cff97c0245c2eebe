package admin_test

import (
	"strings"
	"testing"

	"masp/imports/inbox"
)

func TestTheLogOfJobsSaysWhatFailsInWords(t *testing.T) {
	h := open(t)
	h.As("i.texier").Get("/reglages").Click("Journal des travaux").Wants(200).Says("Le service n'a encore rien fait seul.")
	store := &inbox.Store{DB: h.House.DB}
	for name, kind := range map[string]string{"folder": "", "day:seal": "disk_full"} {
		jobs := &inbox.Jobs{Log: store}
		_, err := jobs.Run(t.Context(), inbox.Job{Name: name, Limit: jobLimit}, worked(store, name, kind))
		if (err == nil) != (kind == "") {
			t.Fatal(err)
		}
	}
	for _, user := range []string{"i.texier", "c.martin"} {
		h.As(user).Get("/reglages/travaux").Wants(200).
			Says("1 tâche échoue", "Dossier de dépôt des relevés À jour", "Chaque jour : sceau du jour Échec : disk_full", "3 fichiers pris")
	}
}

func TestTheRegisterOfProcessingIsReadFromItsPage(t *testing.T) {
	h := open(t)
	page := h.As("c.martin").Get("/reglages").Click("Registre des traitements").Wants(200)
	page.Click("Télécharger en PDF").Wants(200)
	if read := h.As("c.martin").Get("/v1/processing_register?format=text").Wants(200); !strings.Contains(read.Body, "REGISTRE") && !strings.Contains(read.Body, "Registre") {
		t.Errorf("the register is %s", read.Body)
	}
}
