package bank_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"os"
	"strings"
	"testing"

	"masp/imports"
)

func TestAFileIsHandedInAndItsPageSaysWhatBecameOfIt(t *testing.T) {
	h := house(t)
	content := paper("REL-1", ibanRoux, "43.17", "628.66", "2026-11-04", said{"573.49", caf, rsa}, said{"12.00", "Inconnu", "VERSEMENT"})
	page := hand(h, "releve", content)
	page.Wants(200).Says("Relevé REL-1", "✔ Accepté", "585,49 € de lignes", "2 lignes , 1 pour des personnes, 1 sans explication",
		"✔ Il suit le relevé d'avant", "05/11/2026 à 9 h 00", "releve.xml")
	sum := sha256.Sum256(content)
	page.Says(hex.EncodeToString(sum[:]))
	file := page.Click("Télécharger le fichier de la banque").Wants(200)
	if file.Body != string(content) || !strings.Contains(file.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the file comes as %s", file.Header)
	}
	hand(h, "autre-nom", content).Wants(200).Says("Déjà reçu le 05/11 à 9 h 00. 1 mouvement reste à identifier.")
	h.As("k.perrin").Get("/banque/imports").Says("43,17 €", "585,49 €", "628,66 €")
	says(t, h, "REL-2", "BK-0001", "2026-11-05").Wants(200).Says("Relevé reçu, aucun mouvement.")
	hand(h, "vide", paper("REL-2", ibanRoux, "628.66", "628.66", "2026-11-05")).Says("Déjà reçu le 05/11 à 9 h 00. Rien à faire.")
}

func TestAFileThatIsNoStatementSaysWhatItIsOrGoesWhereItBelongs(t *testing.T) {
	h := house(t)
	hand(h, "ordre", []byte(`<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn/></Document>`)).
		Wants(http.StatusUnprocessableEntity).Says("pain.001", "Déposer un fichier de la banque")
	hand(h, "reponse", []byte(`<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt/></Document>`)).Wants(200)
	form := h.As("k.perrin").Get("/banque/imports")
	if none := form.Upload("Déposer le fichier", "fichier", "vide.xml", nil).Wants(http.StatusUnprocessableEntity); !strings.HasPrefix(none.Title(), "Erreur : ") {
		t.Errorf("the title is %q", none.Title())
	}
	for user, why := range map[string]string{"c.martin": "a coordinator", "v.olivier": "an approver"} {
		if page := h.As(user).Get("/banque/imports").Wants(200); strings.Contains(page.Text(), "Déposer le fichier") {
			t.Errorf("%s is offered to hand in a file", why)
		}
	}
}

func TestAStatementThatWaitsIsDecidedOnByWhoHasReadIt(t *testing.T) {
	h := house(t)
	says(t, h, "REL-1", "BK-0001", "2026-11-03").Wants(200)
	page := hand(h, "REL-3", paper("REL-3", ibanRoux, "99.00", "99.00", "2026-11-05")).Wants(200)
	page.Says("! En attente", "04/11/2026")
	b := h.As("k.perrin")
	b.Get("/banque").Wants(200).Says("1 relevé attend", "1 à voir")
	b.Get("/banque/imports").Says("À décider ou à attendre", "Relevé REL-3")
	page.Press("Enregistrer la décision").Wants(http.StatusUnprocessableEntity).Says("2 points à corriger")
	at := page.Path
	seen := h.As("k.sauvage").Get(at)
	page.Press("Enregistrer la décision", "decision", "abandonner", "reason", "vu avec la banque").Wants(200).Says("Relevé abandonné", "Abandonné")
	seen.Press("Enregistrer la décision", "decision", "abandonner", "reason", "moi aussi").
		Wants(http.StatusPreconditionFailed).Says("Cela a changé depuis votre lecture")
	h.As("v.olivier").Get(at).Wants(200).SaysNot("Enregistrer la décision")
	b.Get(at).Press("Enregistrer la décision", "decision", "reprendre", "reason", "par erreur").Wants(200).Says("Relevé repris", "! En attente")
	b.Get("/banque").Says("1 relevé attend")
}

func TestAStatementThatTheBankHasIssuedAgainTakesThePlaceOfTheFirst(t *testing.T) {
	h := house(t)
	says(t, h, "REL-1", "BK-0001", "2026-11-04", said{"12.00", "Inconnu", "VERSEMENT"}).Wants(200)
	again := hand(h, "corrige", paper("REL-1", ibanRoux, "43.17", "64.17", "2026-11-04", said{"21.00", "Inconnu", "VERSEMENT"})).Wants(200)
	again.Says("! En attente", "Le mettre à la place du relevé REL-1")
	done := again.Press("Enregistrer la décision", "decision", "remplacer", "reason", "la banque l'a réémis").Wants(200)
	done.Says("Relevé remplacé", "✔ Accepté")
	if got := holds(t, h, "BK-0001").String(); got != "64.17" {
		t.Errorf("the books hold %s", got)
	}
}

func TestWhoSeesAPartOfTheHouseReadsHisStatements(t *testing.T) {
	h := house(t)
	mine := says(t, h, "REL-1", "BK-0001", "2026-11-04").Wants(200).Path
	pool := says(t, h, "REL-P", "BK-POOL", "2026-11-04", said{"60.00", "Inconnu", "VERSEMENT"}).Wants(200).Path
	for _, user := range []string{"c.martin", "e.quentin"} {
		b := h.As(user)
		b.Get(mine).Wants(200).Says("Reçu le", "05/11/2026").SaysNot("Télécharger le fichier")
		b.Get(pool).Wants(404)
		b.Get("/banque").Wants(200)
		b.Get("/banque/imports").Wants(200).Says("REL-1").SaysNot("REL-P")
		b.Get("/banque/comptes").Wants(200).Says("BK-0001").SaysNot("BK-POOL")
		b.Get("/v1" + strings.Replace(mine, "banque/imports", "bank_statements", 1) + "/file").Wants(403)
	}
	h.As("i.texier").Get("/banque").Wants(403)
}

func TestALongStatementSaysHowFarItIs(t *testing.T) {
	h := house(t)
	seen := ""
	h.House.Imports.AtOnce = 1
	h.House.Imports.Progress = func(p imports.Progress) {
		if p.Done == 1 {
			page := h.As("k.sauvage").Get("/banque/imports").Wants(200)
			seen = page.Text()
			page.Click("Relevé REL-1").Wants(200).Says("En cours", "1 / 3 lignes", "Il suit le relevé d'avant.")
			h.As("k.sauvage").Get("/banque").Wants(200).Says("1 long relevé s'enregistre")
		}
	}
	twin := said{"12.00", "Inconnu", "VERSEMENT"}
	hand(h, "long", paper("REL-1", ibanRoux, "43.17", "79.17", "2026-11-04", twin, twin, twin)).Wants(200).Says("✔ Accepté", "3 lignes")
	if !strings.Contains(seen, "1 / 3 lignes") || !strings.Contains(seen, "dans les livres") {
		t.Errorf("while it was imported the page said %s", seen)
	}
}

func TestFilesInAnArchiveAndOfOtherBanksSayEachWhatTheyAre(t *testing.T) {
	h := house(t)
	foreign, err := os.ReadFile("../../../imports/bankfile/testdata/check/latin.xml")
	if err != nil {
		t.Fatal(err)
	}
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	for name, content := range map[string][]byte{"a.xml": paper("REL-1", ibanRoux, "43.17", "43.17", "2026-11-04"), "b.xml": foreign} {
		part, err := w.Create(name)
		if err == nil {
			_, err = part.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	page := hand(h, "paquet", archive.Bytes()).Wants(200)
	page.Says("Relevés de banque", "REL-1", "✔ Accepté", "Compte inconnu")
	hand(h, "image", []byte("\x89PNG\r\n\x1a\n")).Wants(http.StatusUnprocessableEntity)
}
