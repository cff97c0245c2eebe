package control

import (
	"embed"
	"net/http"

	"masp/api/auth"
	"masp/api/pages"
)

//go:embed *.html
var templates embed.FS

// Face is the pages of control.
func Face() pages.Face {
	get := http.MethodGet
	return pages.Face{Templates: templates, Pages: []pages.Page{
		{Method: get, Route: "/controle", Action: auth.ReadExports, Do: showHome},
		{Method: get, Route: "/controle/exports", Action: auth.ReadExports, Do: showExports},
		{Method: get, Route: "/controle/integrite", Action: auth.ReadExports, Do: showIntegrity},
		{Method: get, Route: "/controle/balance", Action: auth.ReadExports, Do: showBalance},
		{Method: get, Route: "/controle/grand-livre", Action: auth.ReadExports, Do: showLedger},
		{Method: get, Route: "/controle/trace", Action: auth.ReadExports, Do: askTrace},
		{Method: get, Route: "/controle/trace/:trace", Action: auth.ReadExports, Do: showTrace},
		{Method: get, Route: "/controle/echantillon", Action: auth.ReadExports, Do: showSample},
		{Method: get, Route: "/controle/approbations", Action: auth.ReadExports, Do: showApprovals},
		{Method: get, Route: "/controle/iban", Action: auth.ReadExports, Do: showIBANs},
		{Method: get, Route: "/controle/rapports", Action: auth.ReadExports, Do: showReports},
	}}
}
