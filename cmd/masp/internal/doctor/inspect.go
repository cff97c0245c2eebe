package doctor

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"

	"masp/migrations/cluster"
)

// Check is what was found of one program. Title and Use are for a reader, in French.
type Check struct {
	Name     string `json:"name"` // postgresql, xmllint, hledger or gcc
	Title    string `json:"title"`
	Use      string `json:"use"`
	Optional bool   `json:"optional"`
	Found    bool   `json:"found"`
	Version  string `json:"version,omitempty"`
	Place    string `json:"place,omitempty"`  // folder or path
	Reason   string `json:"reason,omitempty"` // why it counts as missing, in English
}

// Inspect looks for every program, the required ones first. It changes nothing.
func Inspect(ctx context.Context) []Check {
	return []Check{
		postgresql(ctx),
		program(ctx, Check{
			Name: "xmllint", Title: "xmllint",
			Use: "contrôle des fichiers de virement avec les schémas officiels",
		}, regexp.MustCompile(`libxml version (\d+)`)),
		program(ctx, Check{
			Name: "hledger", Title: "hledger", Optional: true,
			Use: "seconde comptabilité, pour les tests seulement",
		}, regexp.MustCompile(`hledger ([0-9.]+)`)),
		program(ctx, Check{
			Name: "gcc", Title: "gcc", Optional: true,
			Use: "détecteur d'accès concurrents, pour les tests seulement",
		}, regexp.MustCompile(`\) ([0-9.]+)`)),
	}
}

func postgresql(ctx context.Context) Check {
	c := Check{
		Name: "postgresql", Title: fmt.Sprintf("PostgreSQL %d ou plus récent", cluster.OldestMajor),
		Use: "les livres de compte",
	}
	found, err := cluster.Find(ctx)
	if err != nil {
		c.Reason = err.Error()
		return c
	}
	c.Found, c.Version, c.Place = true, found.Version, found.Dir
	return c
}

func program(ctx context.Context, c Check, version *regexp.Regexp) Check {
	path, err := exec.LookPath(c.Name)
	if err != nil {
		c.Reason = err.Error()
		return c
	}
	out, err := exec.CommandContext(ctx, path, "--version").CombinedOutput() //nolint:gosec // looked up by a fixed name
	if err != nil {
		c.Reason = fmt.Sprintf("%s --version: %v", path, err)
		return c
	}
	c.Found, c.Place = true, path
	if m := version.FindSubmatch(out); m != nil {
		c.Version = readable(string(m[1]))
	}
	return c
}

// readable turns libxml's "20914" into "2.9.14".
func readable(version string) string {
	n, err := strconv.Atoi(version)
	if err != nil || n < 10000 {
		return version
	}
	return fmt.Sprintf("%d.%d.%d", n/10000, n/100%100, n%100)
}
