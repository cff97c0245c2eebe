package page_test

import (
	"bytes"
	"fmt"
	"os"
	"testing"
	"time"

	"masp/payments/papers/page"
)

func sample(rows int) page.Paper {
	p := page.Paper{
		Number: "RC-M-0001-2026-11-01-2026-11-30", Title: "Relevé de compte", Subtitle: "du 1er au 30 novembre 2026",
		From: "Association des Œuvres du Peuplier", Dated: time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC),
		Facts: []page.Fact{{"Personne", "Mme Façon Éva-Zoë"}, {"Mandat", "M-0001"}},
		Notes: []string{"Solde précédent + crédits − débits = nouveau solde."},
		Terms: []page.Term{{"Solde", "ce qu'il y a sur le compte."}},
		Sections: []page.Section{{
			Title: "Mouvements", Named: 2, Columns: []page.Column{
				{Title: "Date d'opération", Width: 10}, {Title: "Date de valeur", Width: 10, Meaning: "le jour qui compte pour la banque."},
				{Title: "Libellé", Width: 36}, {Title: "Débit (sorties)", Width: 11, Number: true, Meaning: "l'argent qui sort."},
				{Title: "Crédit (entrées)", Width: 11, Number: true, Meaning: "l'argent qui entre."}, {Title: "Solde", Width: 12, Number: true},
			},
		}, {Title: "Dettes", Columns: []page.Column{{Title: "Dette", Width: 20}}, Empty: "Aucune dette n'est notée."}},
	}
	s := &p.Sections[0]
	s.Rows = append(s.Rows, page.Row{Strong: true, Cells: []string{"", "", "Solde précédent au 31 octobre 2026", "", "", "43,17\u00a0€"}})
	for n := range rows {
		label := fmt.Sprintf("Ligne %d", n+1)
		if n%3 == 1 {
			label += " <script>&amp; loyer de novembre 2026, charges comprises, à l'Office des Trois Collines ; référence très longue"
		}
		s.Rows = append(s.Rows, page.Row{Cells: []string{"05/11/2026", "05/11/2026", label, "", "1\u202f573,49\u00a0€", "−12\u202f616,66\u00a0€"}})
	}
	return p
}

func pdf(t *testing.T, p page.Paper) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := p.PDF(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestLook(t *testing.T) {
	for _, n := range []int{0, 10, 60} {
		_ = os.WriteFile(fmt.Sprintf("/tmp/x2/p%d.pdf", n), pdf(t, sample(n)), 0o600)
		var b bytes.Buffer
		if err := sample(n).HTML(&b); err != nil {
			t.Fatal(err)
		}
		_ = os.WriteFile(fmt.Sprintf("/tmp/x2/p%d.html", n), b.Bytes(), 0o600)
		_ = os.WriteFile(fmt.Sprintf("/tmp/x2/p%d.txt", n), []byte(sample(n).Text()), 0o600)
	}
}
