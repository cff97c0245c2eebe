package bank

import (
	"embed"
	"net/http"

	"masp/api/auth"
	"masp/api/pages"
)

//go:embed *.html
var templates embed.FS

// Face is the pages of the bank.
func Face() pages.Face {
	get, post := http.MethodGet, http.MethodPost
	return pages.Face{Templates: templates, Pages: []pages.Page{
		{Method: get, Route: "/banque", Action: auth.ReadBank, Do: showHome},
		{Method: get, Route: "/banque/imports", Action: auth.ReadBank, Do: showImports},
		{Method: post, Route: "/banque/imports", Action: auth.ImportBank, Upload: true, Do: importFile},
		{Method: get, Route: "/banque/imports/:statement", Action: auth.ReadBank, Do: showStatement},
		{Method: post, Route: "/banque/imports/:statement", Action: auth.MatchBank, Do: decideStatement},
		{Method: get, Route: "/banque/lignes", Action: auth.ReadBank, Do: showLines},
		{Method: get, Route: "/banque/lignes/:line", Action: auth.ReadBank, Do: showLine},
		{Method: post, Route: "/banque/annuler/:match", Action: auth.MatchBank, Do: undoMatch},
		{Method: get, Route: "/banque/rapprochement/lignes", Action: auth.ReadSuspense, Do: showMatching},
		{Method: post, Route: "/banque/rapprochement/lignes", Action: auth.MatchBank, Do: acceptSuggestion},
		{Method: get, Route: "/banque/rapprochement", Action: auth.ReadTotals, Do: showReconciliation},
		{Method: post, Route: "/banque/rapprochement", Action: auth.LockDays, Do: lock},
		{Method: get, Route: "/banque/rapprochement/jours", Action: auth.ReadProof, Do: showDays},
		{Method: get, Route: "/banque/rapprochement/personne", Action: auth.ReadPersons, Do: showPerson},
		{Method: get, Route: "/banque/attente", Action: auth.ReadSuspense, Do: showSuspense},
		{Method: get, Route: "/banque/attente/:line", Action: auth.ReadSuspense, Do: showItem},
		{Method: post, Route: "/banque/attente/:line", Action: auth.ReadSuspense, Do: actOnItem},
		{Method: get, Route: "/banque/regles", Action: auth.ReadBank, Do: showRules},
		{Method: get, Route: "/banque/regles/nouvelle", Action: auth.MatchBank, Do: showNewRule},
		{Method: post, Route: "/banque/regles/nouvelle", Action: auth.MatchBank, Do: writeRule},
		{Method: post, Route: "/banque/regles/:rule/fin", Action: auth.MatchBank, Do: endRule},
		{Method: post, Route: "/banque/regles/offres/:offer", Action: auth.MatchBank, Do: answerOffer},
		{Method: get, Route: "/banque/bordereaux", Action: auth.ReadBank, Do: showAdvices},
		{Method: post, Route: "/banque/bordereaux", Action: auth.MatchBank, Do: announce},
		{Method: get, Route: "/banque/comptes", Action: auth.ReadBank, Do: showAccounts},
	}}
}
