package admin_test

import (
	"net/http"
	"testing"
)

func TestEverybodyReadsTheSettingsAndChangesWhatHeMay(t *testing.T) {
	h := open(t)
	h.As("c.martin").Get("/reglages").Wants(200).Says("Réglages", "Jamais demandées", "CAF", "le 5 du mois suivant", "72 heures").
		SaysNot("Changer")
	h.As("c.martin").Get("/reglages/signatures").Wants(http.StatusForbidden)
	h.As("e.quentin").Get("/reglages").Wants(200).SaysNot("Changer")
	h.As("k.perrin").Get("/reglages").Wants(200).Says("Changer les deux signatures", "Changer le format des virements").
		SaysNot("Changer ce que signale")
	h.As("k.perrin").Get("/reglages/campagnes").Wants(http.StatusForbidden)
	h.As("i.texier").Get("/reglages").Wants(200).Says("Changer ce que signale").SaysNot("Changer le format", "Petit", "BK-0001")
	h.As("i.texier").Get("/reglages/format?compte=BK-POOL").Wants(http.StatusForbidden)
}

func TestASettingIsChangedAndSaysByWhom(t *testing.T) {
	h := open(t)
	b := h.As("i.texier")
	form := b.Get("/reglages").Click("Changer les deux signatures").Wants(200)
	form.Press("Changer ce réglage", "from", "1.000").Wants(http.StatusUnprocessableEntity)
	form.Press("Changer ce réglage", "from", "10000").Wants(200).
		Says("Deux signatures : c'est changé.", "À partir de 10 000,00 €", "Deux signatures : i.texier, le")
	form.Press("Changer ce réglage", "from", "10000").Wants(200) // a second tap
	form.Press("Changer ce réglage", "from", "500").Wants(http.StatusPreconditionFailed).
		Says("Vous aviez lu Total de la campagne (euros) : aucun", "C'est maintenant Total de la campagne (euros) : 10000,00")
	b.Get("/reglages/signatures").Press("Changer ce réglage", "from", "", "day", "20000").Wants(200).
		Says("À partir de 20 000,00 € pour tout ce qui part en un jour").SaysNot("pour une campagne")
	b.Get("/reglages/signatures").Press("Changer ce réglage", "from", "", "day", "").Wants(200).Says("Jamais demandées")
}

func TestEachSettingHasAFormThatKnowsWhatHolds(t *testing.T) {
	h := open(t)
	for _, c := range []struct {
		as, path, says string
		typed          []string
	}{
		{"i.texier", "/reglages/campagnes", "à la fois 5,00 € et 10 %", []string{"amount", "5", "percent", "10", "days", "60"}},
		{"k.perrin", "/reglages/attente", "En retard après 21 jours", []string{"days", "21"}},
		{"v.olivier", "/reglages/conservation", "Dossier courant 12 mois", []string{"active_months", "12"}},
		{"i.texier", "/reglages/tolerance?prestation=RSA", "RSA : à 1,00 € et 2 jours près", []string{"amount", "1", "days", "2"}},
		{"i.texier", "/reglages/tolerance?prestation=others", "Toutes les autres prestations : à 0,50 €", []string{"amount", "0,50", "days", "2"}},
		{"i.texier", "/reglages/calendrier?organisme=CAF", "le 6 du mois suivant", []string{"day", "6", "reason", "courrier"}},
		{"k.perrin", "/reglages/calendrier?organisme=MSA", "le 7 du mois suivant ; si c'est fermé, le jour ouvré suivant", []string{"day", "7", "reason", "courrier"}},
		{"k.perrin", "/reglages/format?compte=BK-POOL", "pain.001.03", []string{"pain_version", "001.03"}},
		{"k.perrin", "/reglages/delai?compte=BK-POOL", "sous 4 jours de banque", []string{"days", "4", "reason", "la banque est lente"}},
	} {
		h.As(c.as).Get(c.path).Wants(200).Press("Changer ce réglage", c.typed...).Wants(200).Says("c'est changé", c.says, c.as)
	}
	for path, typed := range map[string][]string{
		"/reglages/conservation":             {"account_years", "5"},
		"/reglages/attente":                  {"days", "dix"},
		"/reglages/calendrier?organisme=CAF": {"day", "6"},
		"/reglages/tolerance?prestation=APL": {"amount", "1", "days", "99"},
	} {
		h.As("k.perrin").Get(path).Wants(200).Press("Changer ce réglage", typed...).Wants(http.StatusUnprocessableEntity)
	}
	h.As("k.perrin").Get("/reglages/tolerance?prestation=RIEN").Wants(http.StatusNotFound)
	h.As("k.perrin").Get("/reglages/tolerance").Wants(http.StatusNotFound)
	h.As("k.perrin").Get("/reglages/format?compte=BK-RIEN").Wants(http.StatusNotFound)
}
