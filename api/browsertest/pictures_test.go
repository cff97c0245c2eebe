package browsertest

import (
	"os"
	"path/filepath"
	"testing"
)

// shown are the key pages, as the README and whoever reviews them look at them.
var shown = []struct {
	name, who, path string
	width           int64
}{
	{"entree", "", "/", phone},
	{"carte", "", "/carte", phone},
	{"connexion", "", "/connexion", desk},
	{"moi", "M. Renard Thierry", "/moi", phone},
	{"moi-court", "M. Jacquet Hugo", "/moi", phone},
	{"moi-detail", "M. Renard Thierry", "/moi/detail", phone},
	{"moi-prochain", "M. Renard Thierry", "/moi/prochain", phone},
	{"moi-releve", "M. Renard Thierry", "/moi/releves/2026-11", phone},
	{"accueil", "Karim Benali", "/accueil", desk},
	{"accueil-telephone", "Karim Benali", "/accueil", phone},
	{"beneficiaires", "Karim Benali", "/beneficiaires", desk},
	{"beneficiaire", "Karim Benali", "/beneficiaires/M-0005", desk},
	{"campagne", "Karim Benali", "/campagnes/C-2026-12-1", desk},
	{"campagne-telephone", "Karim Benali", "/campagnes/C-2026-12-1", phone},
	{"verifier", "Hélène Lefèvre", "/campagnes/C-2026-12-1/verifier", desk},
	{"banque", "Simon Marchand", "/banque", desk},
	{"imports", "Simon Marchand", "/banque/imports", desk},
	{"rapprochement", "Simon Marchand", "/banque/rapprochement", desk},
	{"controle", "Judith Vasseur", "/controle", desk},
}

func TestPicturesOfTheKeyPages(t *testing.T) {
	if *pictures == "" {
		t.Skip("no folder was given: -pictures DIR")
	}
	if err := os.MkdirAll(*pictures, 0o750); err != nil {
		t.Fatal(err)
	}
	for _, s := range shown {
		t.Run(s.name, func(t *testing.T) {
			b := newTab(t, s.width)
			if s.who != "" {
				b.enter(s.who)
			}
			if status := b.open(s.path); status != 200 {
				t.Errorf("%s answers %d", s.path, status)
			}
			if err := os.WriteFile(filepath.Join(*pictures, s.name+".png"), b.picture(), 0o600); err != nil {
				t.Fatal(err)
			}
		})
	}
}
