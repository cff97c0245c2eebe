package main

import (
	"strings"

	"masp/api"
	"masp/api/auth"
	"masp/api/contract"
	v1 "masp/api/v1"
)

type routesCommand struct{}

// route is an operation of the service with who may ask it, and how far.
type route struct {
	Method    string               `json:"method"`
	Path      string               `json:"path"`
	Operation string               `json:"operation"`
	Action    auth.Action          `json:"action,omitempty"` // none: anybody may
	Roles     map[auth.Role]string `json:"roles,omitempty"`
}

var frenchReaches = map[auth.Reach]string{auth.Own: "les siens", auth.Whole: "tout"}

// Run prints the contract with its rights; it needs no database.
func (c *routesCommand) Run(s *session) error {
	of, err := contract.Read(api.ContractText)
	if err != nil {
		return err
	}
	actions := map[string]auth.Action{}
	for _, op := range v1.Routes() {
		actions[op.ID] = op.Action
	}
	all := make([]route, 0, len(of.Operations))
	var rows [][]string
	for _, op := range of.Operations {
		r := route{Method: op.Method, Path: op.Path, Operation: op.ID, Action: actions[op.ID]}
		r.Roles = rolesOf(r.Action)
		all = append(all, r)
		rows = append(rows, []string{r.Method, r.Path, r.Operation, string(r.Action), whoMay(r.Action)})
	}
	return s.out.data(all, func() {
		s.out.table([]string{"Méthode", "Adresse", "Opération", "Droit", "Qui"}, rows)
	})
}

func rolesOf(a auth.Action) map[auth.Role]string {
	words := map[auth.Reach]string{auth.Own: "own", auth.Whole: "whole"}
	roles := map[auth.Role]string{}
	for _, role := range append(auth.Roles(), auth.Beneficiary) {
		if reach := auth.Right(role, a); reach != auth.Nowhere {
			roles[role] = words[reach]
		}
	}
	return roles
}

func whoMay(a auth.Action) string {
	if a == "" {
		return "chacun"
	}
	var all []string
	for _, role := range append(auth.Roles(), auth.Beneficiary) {
		if reach := auth.Right(role, a); reach != auth.Nowhere {
			all = append(all, role.French()+" ("+frenchReaches[reach]+")")
		}
	}
	return strings.Join(all, ", ")
}
