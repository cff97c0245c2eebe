package privacy

import (
	"fmt"
	"strings"
	"time"

	"masp/ledger/civil"
	"masp/payments/papers/page"
)

// Register is the record of processing of the organisation (GDPR article 30), from its settings and
// from what its tables hold.
type Register struct {
	Organisation, Siren string
	Controllers         []string // who delegates, with the reference of the convention
	Today               civil.Date
	Times               Times
	Persons             int
	Holds               map[string][]string // by purpose, the titles of what is held
}

// purposes are what the processing is for, in the order of the register: the words, the legal
// ground, who receives.
var purposes = []struct{ key, title, ground, recipients string }{
	{"dossier", "Tenir le dossier administratif de la mesure", "Mission d'intérêt public (CASF L271-1), par délégation du Département", "Coordination du dossier ; Département délégant ; contrôle, dans sa mission"},
	{"contrat", "Exécuter et suivre le contrat d'accompagnement", "Mission d'intérêt public ; contrat signé de la personne", "Coordination ; Département délégant"},
	{"accompagnement", "Accompagner la personne", "Mission d'intérêt public", "Coordination du dossier seule ; la personne, sur demande"},
	{"prestations", "Recevoir les prestations sociales confiées", "CASF L271-1 à L271-3 ; contrat", "Organismes payeurs (CAF, MSA, caisses de retraite) ; comptabilité"},
	{"logement", "Payer le loyer d'abord et garder le logement", "Contrat ; CASF L271-2", "Bailleur : la référence du paiement, jamais la mesure"},
	{"budget", "Établir et suivre le budget, les dettes, les provisions", "Contrat", "Créanciers : la référence du paiement ; commission de surendettement, si la personne la saisit"},
	{"paiements", "Payer à deux signatures", "Contrat", "Banque de l'organisation ; destinataires des virements"},
	{"comptabilité", "Tenir des comptes justes et les prouver", "Obligation légale (Code de commerce L123-12 à L123-24)", "Comptabilité ; contrôle du Département ; juge, s'il le demande"},
	{"sécurité", "Savoir qui a lu et fait quoi", "Obligation légale (RGPD, article 32)", "Approbation ; contrôle ; CNIL, si elle le demande"},
}

var securityMeasures = [][2]string{
	{"Accès", "chacun voit ce que son rôle demande : la coordination ses dossiers, le contrôle son Département et sa période, l'administration aucun dossier ; la base de données le refuse une seconde fois"},
	{"Identité", "second facteur, sessions courtes, jetons nommés qui finissent ; aucun secret n'est gardé en clair"},
	{"Traces", "chaque lecture d'un dossier et chaque acte sont notés, enchaînés par empreintes, et ne se changent pas"},
	{"Paiements", "deux personnes, IBAN confirmé par une autre, délai d'attente"},
	{"Preuve", "les écritures sont scellées ; masp verify recalcule tout"},
	{"Sauvegarde", "restauration essayée par la machine (masp backup-check)"},
	{"Fin", "archive restreinte puis pseudonymisation, en deux temps, par une personne nommée"},
}

// Paper puts the register in words.
func (r Register) Paper() page.Paper {
	p := page.Paper{
		Number: "REGISTRE-" + strings.ReplaceAll(r.Today.String(), "-", ""), Title: "Registre des traitements",
		Subtitle: "RGPD, article 30 — au " + r.Today.French(), From: r.Organisation, Dated: r.Today.Time().Add(12 * time.Hour),
		Facts: []page.Fact{
			{Name: "Organisme", Value: strings.TrimSpace(r.Organisation + " " + r.Siren)},
			{Name: "Traitement", Value: "Mesures d'accompagnement social personnalisé avec gestion des prestations (MASP)"},
			{Name: "Personnes concernées", Value: fmt.Sprintf("%d personnes accompagnées ; le personnel qui se sert du logiciel", r.Persons)},
			{Name: "Responsable", Value: r.controllers()},
		},
		Sections: []page.Section{r.purposes(), r.durations(), r.security(), r.rights()},
		Notes: []string{
			"Références : délibérations CNIL 2021-028 (accompagnement social) et 2023-095 (durées de conservation). Une analyse d'impact (AIPD) est à joindre.",
			"Aucun numéro de sécurité sociale, aucun texte médical n'est demandé. Aucune décision n'est prise par la machine seule. Aucun transfert hors de l'Union européenne n'est fait par le logiciel.",
		},
	}
	return p
}

func (r Register) controllers() string {
	if len(r.Controllers) == 0 {
		return "aucune convention enregistrée : complétez par masp convention"
	}
	return strings.Join(r.Controllers, " ; ")
}

func (r Register) purposes() page.Section {
	s := page.Section{Title: "Finalités", Columns: []page.Column{
		{Title: "Finalité", Width: 26}, {Title: "Fondement", Width: 26}, {Title: "Données", Width: 36}, {Title: "Destinataires", Width: 30},
	}}
	for _, p := range purposes {
		s.Rows = append(s.Rows, page.Row{Cells: []string{p.title, p.ground, strings.Join(r.Holds[p.key], ", "), p.recipients}})
	}
	return s
}

func (r Register) durations() page.Section {
	row := func(cells ...string) page.Row { return page.Row{Cells: cells} }
	return page.Section{Title: "Durées de conservation", Columns: []page.Column{
		{Title: "Données", Width: 34}, {Title: "Durée", Width: 30}, {Title: "Ensuite", Width: 40},
	}, Rows: []page.Row{
		row("Dossier en base active", fmt.Sprintf("%d mois après la fin de la mesure ou le dernier mouvement", r.Times.ActiveMonths), "archive restreinte : comptabilité, approbation, contrôle, pour une raison notée"),
		row("Comptes et pièces", fmt.Sprintf("%d ans après la fin de l'année du dernier mouvement", r.Times.AccountYears), "pseudonymisation ; les écritures restent, sans nom"),
		row("Dossier sans argent", fmt.Sprintf("%d ans", r.Times.OtherYears), "pseudonymisation"),
		row("Fichiers de la banque et de virements", "autant que les comptes des personnes qui y figurent", "octets retirés, empreinte gardée"),
		row("Qui a lu un dossier", "autant que la chaîne des lectures", "ne contient que des références"),
		row("Dossier retenu", "litige, dette, indu, solde non nul", "le délai attend que la raison soit levée"),
	}}
}

func (r Register) security() page.Section {
	s := page.Section{Title: "Mesures de sécurité", Columns: []page.Column{{Title: "Mesure", Width: 16}, {Title: "Comment", Width: 90}}}
	for _, m := range securityMeasures {
		s.Rows = append(s.Rows, page.Row{Cells: m[:]})
	}
	return s
}

func (r Register) rights() page.Section {
	row := func(cells ...string) page.Row { return page.Row{Cells: cells} }
	return page.Section{Title: "Droits des personnes", Columns: []page.Column{{Title: "Droit", Width: 22}, {Title: "Comment", Width: 84}}, Rows: []page.Row{
		row("Accès et portabilité", "copie de tout le dossier, à lire et pour une machine : masp person export (réponse sous un mois)"),
		row("Rectification", "une écriture se corrige par son contraire ; les autres données par un acte noté"),
		row("Limitation, opposition", "à la coordination du dossier ; une retenue garde le dossier (masp retention hold)"),
	}}
}
