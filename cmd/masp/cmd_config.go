package main

import (
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

type configCommand struct{}

// setting is a setting as it is in force.
type setting struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Source string `json:"source"` // environment, file, flag, default, none
	Help   string `json:"help"`
}

var frenchSources = map[string]string{
	"environment": "environnement", "file": "fichier", "flag": "option", "default": "par défaut", "none": "",
}

// Run prints each setting of the environment, those of the service too.
func (c *configCommand) Run(s *session, parsed *kong.Context) error {
	all := s.settings.inForce(parsed)
	return s.out.data(all, func() {
		var rows [][]string
		for _, one := range all {
			rows = append(rows, []string{one.Name, one.Value, frenchSources[one.Source]})
		}
		s.out.table([]string{"Réglage", "Valeur", "Source"}, rows)
	})
}

// inForce reads the settings off the commands themselves, so that none is forgotten.
func (s Settings) inForce(parsed *kong.Context) []setting {
	byName := map[string]setting{"MASP_TOKEN": {Name: "MASP_TOKEN", Help: "Votre jeton personnel."}}
	var visit func(*kong.Node)
	visit = func(n *kong.Node) {
		for _, f := range n.Flags {
			for _, name := range f.Envs {
				one := setting{Name: name, Value: f.Default, Source: "default", Help: f.Help}
				if n == parsed.Model.Node && f.Set {
					one.Value, one.Source = f.Target.String(), "flag"
				}
				byName[name] = one
			}
		}
		for _, child := range n.Children {
			visit(child)
		}
	}
	visit(parsed.Model.Node)
	all := make([]setting, 0, len(byName))
	for name, one := range byName {
		all = append(all, s.settled(name, one))
	}
	slices.SortFunc(all, func(a, b setting) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// settled says where a value comes from, and hides it when it is a secret.
func (s Settings) settled(name string, one setting) setting {
	given, set := os.LookupEnv(name)
	switch {
	case set && (one.Source != "flag" || one.Value == given):
		one.Value, one.Source = given, "environment"
	case one.Source != "flag" && name == "MASP_DATABASE_URL" && s.DatabaseURLFile != "":
		one.Value, one.Source = s.DatabaseURL, "file"
	case one.Source != "flag" && name == "MASP_OWNER_URL" && s.OwnerURLFile != "":
		one.Value, one.Source = s.OwnerURL, "file"
	case one.Value == "":
		one.Source = "none"
	}
	one.Value = redacted(name, one.Value)
	return one
}

// hidden stands for a secret.
const hidden = "•••"

// password is one in a connection string of keywords: password='…' or password=….
var password = regexp.MustCompile(`(?i)(pass\w*|sslkey)\s*=\s*('(?:[^'\\]|\\.)*'|[^\s&]+)`)

// redacted hides what proves somebody.
func redacted(name, value string) string {
	if value == "" {
		return ""
	}
	if name == "MASP_TOKEN" {
		return hidden
	}
	if !strings.HasSuffix(name, "_URL") {
		return value
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme == "" {
		if strings.Contains(value, "://") {
			return hidden // unreadable, and may hold anything
		}
		return password.ReplaceAllString(value, "$1="+hidden)
	}
	if _, has := u.User.Password(); has {
		u.User = url.UserPassword(u.User.Username(), "xxxxx")
	}
	return strings.Replace(password.ReplaceAllString(u.String(), "$1="+hidden), ":xxxxx@", ":"+hidden+"@", 1)
}
