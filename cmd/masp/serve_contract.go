package main

import (
	"context"

	"masp/api"
	"masp/api/contract"
	"masp/api/pages"
	"masp/api/pages/admin"
	"masp/api/pages/bank"
	"masp/api/pages/control"
	"masp/api/pages/desk"
	"masp/api/pages/entry"
	"masp/api/pages/person"
	runpages "masp/api/pages/run"
	v1 "masp/api/v1"
)

// serveContract adds the resources of the contract to what the HTTP server serves.
func (v *service) serveContract(ctx context.Context, to *api.Service) (err error) {
	h := v.house
	if to.Contract, err = contract.Read(api.ContractText); err != nil {
		return err
	}
	provider, err := v.session.provider(h)
	if err != nil {
		return err
	}
	resources := &v1.House{
		DB: h.db, Ledger: h.ledger, Auth: h.auth, Mandates: h.mandates, Payments: h.payments, Worklist: h.worklist,
		Imports: h.imports, Reconcile: h.reconcile, Reach: h.auth, OIDC: provider, BaseURL: v.session.settings.BaseURL,
	}
	if to.Operations, err = resources.Operations(ctx); err != nil {
		return err
	}
	to.DB, to.Auth, to.Explain, to.NoteRead = h.db, h.auth, v1.Explain, h.auth.NoteRead
	to.Restricted, to.Site = h.auth.Restricted, v.site
	return nil
}

// site is the pages of browsers, one face for each kind of users, and more of them.
func site(more ...pages.Face) *pages.Site {
	return pages.New(append([]pages.Face{entry.Face(), admin.Face(), person.Face(), bank.Face(), desk.Face(), runpages.Face(), control.Face()}, more...)...)
}
