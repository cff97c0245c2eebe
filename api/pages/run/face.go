package run

import (
	"embed"
	"net/http"

	"masp/api/auth"
	"masp/api/pages"
)

//go:embed *.html
var templates embed.FS

// Face is the pages of payment runs.
func Face() pages.Face {
	get := func(route string, action auth.Action, do pageDo) pages.Page {
		return pages.Page{Method: http.MethodGet, Route: route, Action: action, Do: do}
	}
	post := func(route string, action auth.Action, do pageDo) pages.Page {
		return pages.Page{Method: http.MethodPost, Route: route, Action: action, Do: do}
	}
	const one = "/campagnes/:run"
	return pages.Face{Templates: templates, Pages: []pages.Page{
		get("/campagnes", auth.ReadRuns, showRuns),
		post("/campagnes/nouvelle", auth.PrepareRuns, preview),
		post("/campagnes", auth.PrepareRuns, propose),
		get(one, auth.ReadRuns, showRun),
		post(one+"/exceptions/:exception", auth.PrepareRuns, decide),
		post(one+"/brouillon", auth.PrepareRuns, reopen),
		post(one+"/annulation", auth.PrepareRuns, cancel),
		get(one+"/paiements", auth.ReadRuns, showPayments),
		get(one+"/paiements/:payment", auth.ReadRuns, showPayment),
		post(one+"/paiements/:payment", auth.FileRuns, stopPayment),
		get(one+"/paiements/:payment/changer", auth.PrepareRuns, showAdjust),
		post(one+"/paiements/:payment/changer", auth.PrepareRuns, adjust),
		get(one+"/verifier", auth.ReadRuns, showCheck),
		post(one+"/soumettre", auth.PrepareRuns, submit),
		post(one+"/approuver", auth.ApproveRuns, approve),
		get(one+"/confirmation", auth.ReadRuns, showConfirmation),
		get(one+"/fichiers", auth.ReadRuns, showFiles),
		post(one+"/fichiers", auth.FileRuns, makeFiles),
		post(one+"/remise", auth.FileRuns, handOver),
		post(one+"/fichiers/:file/sans-valeur", auth.FileRuns, voidFile),
		get("/rejets", auth.ReadRuns, showRejects),
		post("/rejets/:payment", auth.FileRuns, reissue),
	}}
}
