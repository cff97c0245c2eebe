package main

import (
	"runtime"
	"runtime/debug"

	"masp/migrations"
)

// build is what /version and `masp version` say of this program.
type build struct {
	Version  string `json:"version"`
	Commit   string `json:"commit"`   // empty when the build did not record it
	Modified bool   `json:"modified"` // built from files that were not committed
	Schema   int64  `json:"schema"`   // newest migration that the program knows
	Go       string `json:"go"`
}

func readBuild() build {
	b := build{Version: "(développement)", Go: runtime.Version()}
	if files, err := migrations.Files(); err == nil {
		for _, f := range files {
			b.Schema = max(b.Schema, f.Version)
		}
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if info.Main.Version != "" {
		b.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

type versionCommand struct{}

// Run prints what the build recorded.
func (c *versionCommand) Run(s *session) error {
	b := readBuild()
	return s.out.data(b, func() { s.out.print("masp %s", b.Version) })
}
