package main

import (
	"masp/api"
	"masp/imports/inbox"
)

// web is what the HTTP server asks of the service.
func (v *service) web() api.Service {
	return api.Service{Ready: v.ready, Metrics: v.metrics, Kind: inbox.KindOf, Log: v.log}
}
