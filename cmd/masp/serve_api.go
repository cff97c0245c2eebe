package main

import (
	"strings"

	"masp/api"
	"masp/imports/inbox"
)

// web is what the HTTP server asks of the service.
func (v *service) web() (api.Service, error) {
	believed, err := parseProxies(v.command.Proxies)
	if err != nil {
		return api.Service{}, err
	}
	near, err := loopback(v.command.Listen)
	if err != nil {
		return api.Service{}, &listenError{err}
	}
	web := api.Service{
		Version: readBuild(),
		Ready:   v.ready, Metrics: v.metrics, Kind: inbox.KindOf, Log: v.log,
		Client: believed.client, Proxied: believed.brought, Observe: v.answers.Observe,
		Plain: near && v.command.TLSCert == "" && !strings.HasPrefix(v.session.settings.BaseURL, "https://"),
	}
	return web, v.serveContract(v.session.ctx, &web)
}
