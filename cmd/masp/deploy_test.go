package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// settingNames are the settings that the program knows, read off its commands.
func settingNames(t *testing.T) map[string]bool {
	t.Helper()
	parser, err := kong.New(&commandLine{})
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{"MASP_TOKEN": true}
	var visit func(*kong.Node)
	visit = func(n *kong.Node) {
		for _, f := range n.Flags {
			for _, name := range f.Envs {
				names[name] = true
			}
		}
		for _, child := range n.Children {
			visit(child)
		}
	}
	visit(parser.Model.Node)
	return names
}

func TestEveryDeployedOrDocumentedSettingExists(t *testing.T) {
	t.Parallel()
	known := settingNames(t)
	files, err := filepath.Glob("deploy/*")
	if err != nil || len(files) < 4 {
		t.Fatal(files, err)
	}
	for _, path := range append(files, "../../README.md") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range regexp.MustCompile(`MASP_[A-Z_]*[A-Z]`).FindAllString(string(text), -1) {
			if !known[name] && name != "MASP_LONG" {
				t.Errorf("%s speaks of %s, which is no setting", path, name)
			}
		}
	}
}

func TestTheUnitAndTheImageHaveNoRightsThatTheyDoNotNeed(t *testing.T) {
	t.Parallel()
	for path, wants := range map[string][]string{
		"deploy/masp.service": {
			"DynamicUser=yes", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=\n", "PrivateDevices=yes",
			"SystemCallFilter=@system-service", "MemoryDenyWriteExecute=yes", "LoadCredential=database_url:", "RestartPreventExitStatus=2",
		},
		"deploy/Dockerfile":   {"USER 65532:65532", `CMD ["/usr/local/bin/masp", "health"]`, "STOPSIGNAL SIGTERM"},
		"deploy/compose.yaml": {"read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", "MASP_DATABASE_URL_FILE"},
	} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s lost %q", path, want)
			}
		}
	}
}
