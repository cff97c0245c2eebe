package admin

import (
	"context"
	"embed"
	"net/http"

	"masp/api/auth"
	"masp/api/pages"
)

//go:embed *.html
var templates embed.FS

type pageDo = func(context.Context, *pages.Visit) error

// Face is the pages of who keeps the house.
func Face() pages.Face {
	get := func(route string, action auth.Action, do pageDo) pages.Page {
		return pages.Page{Method: http.MethodGet, Route: route, Action: action, Do: do}
	}
	post := func(route string, action auth.Action, do pageDo) pages.Page {
		return pages.Page{Method: http.MethodPost, Route: route, Action: action, Do: do}
	}
	const one = "/utilisateurs/:user"
	face := pages.Face{Templates: templates, Pages: []pages.Page{
		get("/utilisateurs", auth.ReadUsers, showUsers),
		get("/utilisateurs/nouveau", auth.WriteUsers, showNew),
		post("/utilisateurs/nouveau", auth.WriteUsers, invite),
		get(one, auth.ReadUsers, showUser),
		get(one+"/droits", auth.WriteUsers, showRights),
		post(one+"/droits", auth.WriteUsers, changeRights),
		get(one+"/lien", auth.WriteUsers, showReset),
		post(one+"/lien", auth.WriteUsers, reset),
		get(one+"/fin", auth.WriteUsers, showEnd),
		post(one+"/fin", auth.WriteUsers, end),
		get(one+"/jeton", auth.WriteUsers, showToken),
		post(one+"/jeton", auth.WriteUsers, makeToken),
		get(one+"/acces", auth.WriteUsers, showOpen),
		post(one+"/acces/sessions/:session", auth.WriteUsers, endSession),
		post(one+"/acces/jetons/:token", auth.WriteUsers, endToken),
		post(one+"/acces", auth.WriteUsers, endAll),
		get(one+"/mesures", auth.ReadUsers, showCases),
		post(one+"/mesures", auth.WriteUsers, assign),
		post(one+"/mesures/retrait", auth.WriteUsers, release),
		get(one+"/mission", auth.ReadUsers, showMission),
		post(one+"/mission", auth.WriteUsers, changeMission),
		get(settingsPath, auth.ReadOrganisation, showSettings),
		get(settingsPath+"/travaux", auth.ReadOrganisation, showWork),
		get(settingsPath+"/registre", auth.ReadOrganisation, showRegister),
	}}
	for _, s := range settingForms {
		path := settingsPath + "/" + s.Slug
		face.Pages = append(face.Pages, get(path, auth.WriteSettings, s.show), post(path, auth.WriteSettings, s.change))
	}
	return face
}
