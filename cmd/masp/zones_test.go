package main

import (
	"bytes"
	"crypto/sha256"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"masp/migrations/dbtest"
)

// zones are those in which a day begins first, last, and as ours.
var zones = []string{"UTC", "Europe/Paris", "Pacific/Kiritimati", "America/Adak"}

// T-1: wherever the program and its database believe to be, the same books give the same bytes. Each zone once
// on each side; all pairs in CI.
func TestExportsAreTheSameBytesInEveryZone(t *testing.T) {
	t.Parallel()
	dbtest.Seldom(t, 4)
	d, _ := seededDesk(t)
	var first map[string][sha256.Size]byte
	for i, ours := range zones {
		theirs := []string{zones[(i+1)%len(zones)]}
		if dbtest.Form(false, true, true) {
			theirs = zones
		}
		for _, zone := range theirs {
			for _, of := range []string{"DATABASE " + d.db.Name, "ROLE masp_app IN DATABASE " + d.db.Name} {
				if _, err := d.db.Super.Exec(t.Context(), `ALTER `+of+` SET timezone = '`+zone+`'`); err != nil {
					t.Fatal(err)
				}
			}
			got := d.exports(ours)
			if first == nil {
				first = got
			}
			for name, sum := range got {
				if sum != first[name] {
					t.Errorf("%s in %s, the database in %s: other bytes than in %s", name, ours, zone, zones[0])
				}
			}
		}
	}
}

// exports are the sums of what goes out of the house, written by a program in a zone.
func (d *counter) exports(zone string) map[string][sha256.Size]byte {
	d.t.Helper()
	all := map[string][sha256.Size]byte{}
	dir := d.t.TempDir()
	for _, what := range []string{"csv-fr", "csv", "fec", "hledger", "jsonl", "xlsx", "bundle"} {
		args := []string{"export", "ledger", "--format", what}
		if what == "bundle" {
			args = []string{"export", what}
		}
		file := filepath.Join(dir, what)
		c := exec.CommandContext(d.t.Context(), program(d.t), append(args, "-o", file)...)
		c.Env = append(os.Environ(), "TZ="+zone, "MASP_DATABASE_URL="+d.db.AppURL)
		if out, err := c.CombinedOutput(); err != nil {
			d.t.Fatalf("%v: %v: %s", args, err, out)
		}
		content, err := os.ReadFile(file)
		if err != nil || len(bytes.TrimSpace(content)) == 0 {
			d.t.Fatalf("%v wrote %d bytes, %v", args, len(content), err)
		}
		all[what] = sha256.Sum256(content)
	}
	statement := []string{"statement", "M-0001", "--from", "2026-11-01", "--to", "2026-12-09"}
	for _, args := range [][]string{statement, append(slices.Clone(statement), "--json")} {
		c := exec.CommandContext(d.t.Context(), program(d.t), args...)
		c.Env = append(os.Environ(), "TZ="+zone, "MASP_DATABASE_URL="+d.db.AppURL)
		out, err := c.Output()
		if err != nil || len(out) == 0 {
			d.t.Fatalf("%v: %v", args, err)
		}
		all["statement "+args[len(args)-1]] = sha256.Sum256(out)
	}
	return all
}
