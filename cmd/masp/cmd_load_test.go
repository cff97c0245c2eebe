package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"masp/cmd/masp/internal/invent"
	"masp/migrations/dbtest"
	"masp/payments/mandates/load"
	"masp/payments/sepa"
)

// counter runs commands against one database, as one person after the other.
type counter struct {
	t      *testing.T
	db     *dbtest.DB
	folder string
	token  string // file of the person who acts; empty = nobody
}

func newCounter(t *testing.T) *counter {
	t.Helper()
	db := dbtest.New(t, dbtest.Strict)
	db.SetClock(t, time.Date(2026, 11, 9, 8, 0, 0, 0, time.UTC))
	return &counter{t: t, db: db, folder: t.TempDir()}
}

// run runs a command and wants its exit code; it answers stdout, then stderr.
func (d *counter) run(want int, args ...string) (stdout, stderr string) {
	d.t.Helper()
	args = append(args, "--database-url", d.db.AppURL)
	if d.token != "" {
		args = append(args, "--token-file", d.token)
	}
	var out, errs bytes.Buffer
	if got := run(d.t.Context(), args, &out, &errs); got != want {
		d.t.Fatalf("masp %s: got exit code %d, want %d\n%s%s", strings.Join(args, " "), got, want, &out, &errs)
	}
	return out.String(), errs.String()
}

// json runs a command with --json and reads its answer.
func (d *counter) json(want int, into any, args ...string) {
	d.t.Helper()
	out, _ := d.run(want, append(args, "--json")...)
	if err := json.Unmarshal([]byte(out), into); err != nil {
		d.t.Fatalf("masp %s: %v in %s", strings.Join(args, " "), err, out)
	}
}

// as lets a person act from now on.
func (d *counter) as(user, token string) {
	d.t.Helper()
	d.token = filepath.Join(d.folder, user)
	if err := os.WriteFile(d.token, []byte(token+"\n"), 0o600); err != nil {
		d.t.Fatal(err)
	}
}

func (d *counter) wants(text string, parts ...string) {
	d.t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			d.t.Errorf("got\n%s\nwant it to hold %q", text, part)
		}
	}
}

func TestTwoPeopleOpenAnAssociationByCommands(t *testing.T) {
	t.Parallel()
	d := newCounter(t)
	const file = "testdata/association.json"
	_, words := d.run(exitOK, "load", file, "--dry-run")
	d.wants(words, "rien n'a été écrit")
	var load struct {
		Outcome string
		SHA256  string
		Tokens  []struct{ User, Token string }
	}
	d.json(exitOK, &load, "load", file)
	if load.Outcome != "loaded" || len(load.Tokens) != 3 {
		t.Fatalf("got %+v, want it loaded with three tokens", load)
	}
	out, _ := d.run(exitOK, "load", file)
	d.wants(out, "déjà chargé")
	_, words = d.run(exitNobody, "creditor", "confirm", "--load", load.SHA256)
	d.wants(words, "jeton")
	for i, want := range []string{"Il manque la signature", "sont payables"} {
		d.as(load.Tokens[i].User, load.Tokens[i].Token)
		out, _ = d.run(exitOK, "creditor", "confirm", "--load", load.SHA256)
		d.wants(out, want)
	}
	out, _ = d.run(exitOK, "creditor", "list", "C-LUMEN")
	d.wants(out, "Lumen Énergie", "payable")
	out, _ = d.run(exitOK, "mandate", "list")
	d.wants(out, "Mme Roux Éva", "en cours", "43,17")
	out, _ = d.run(exitOK, "mandate", "show", "M-0001")
	d.wants(out, "Dû en novembre 2026", "132,40", "Plan d'apurement du loyer", "Engagement de la personne")
	d.changeThings(load.Tokens[0].Token, load.Tokens[1].Token)
}

// changeThings plays the everyday changes, each by the person who may.
func (d *counter) changeThings(first, second string) {
	d.t.Helper()
	newIBAN, err := sepa.MakeFrenchIBAN("99999", "00200", "00000003999")
	if err != nil {
		d.t.Fatal(err)
	}
	d.as("first", first)
	_, words := d.run(exitFailure, "creditor", "iban", "C-LUMEN", "FR7612345", "--evidence", "RIB")
	d.wants(words, "27 caractères")
	out, _ := d.run(exitOK, "creditor", "iban", "C-LUMEN", newIBAN.Formatted(), "--evidence", "RIB du 9 novembre")
	d.wants(out, "à confirmer par une autre personne")
	_, words = d.run(exitConflict, "creditor", "confirm", "C-LUMEN")
	d.wants(words, "Une autre personne doit confirmer")
	d.as("second", second)
	out, _ = d.run(exitOK, "creditor", "confirm", "C-LUMEN")
	d.wants(out, "payable le 12 novembre 2026 à 9 h 0")
	out, _ = d.run(exitOK, "creditor", "list", "C-LUMEN")
	d.wants(out, "payable le 12 novembre 2026", "l'IBAN précédent sert encore")
	out, _ = d.run(exitOK, "obligation", "add", "O-0001-TEL", "--mandate", "M-0001", "--class", "OTHER_BILL", "--creditor", "C-LUMEN",
		"--amount", "12,99", "--label", "Téléphone", "--from", "2026-11-20")
	d.wants(out, "autre facture de 12,99", "20 novembre 2026")
	d.run(exitOK, "obligation", "end", "O-0001-TEL", "--on", "2027-01-31")
	out, _ = d.run(exitOK, "obligation", "list", "M-0001")
	d.wants(out, "O-0001-TEL", "jusqu'au 31/01/2027")
	d.run(exitOK, "mandate", "account", "BK-0001", "--pain", "001.03")
	out, _ = d.run(exitOK, "mandate", "end", "M-0003", "--on", "2026-11-08", "--reason", "MOVED")
	d.wants(out, "départ du Département")
	var dossier struct {
		Status    string
		Balance   string
		Creditors []map[string]any
	}
	d.json(exitOK, &dossier, "mandate", "show", "M-0003")
	if dossier.Status != "ENDED" || dossier.Balance != "0.00" || len(dossier.Creditors) != 3 {
		d.t.Errorf("got %+v, want it ended at 0.00 with three creditors", dossier)
	}
}

func TestARefusedLoadTellsEachPlace(t *testing.T) {
	t.Parallel()
	d := newCounter(t)
	text, err := os.ReadFile("testdata/association.json")
	if err != nil {
		t.Fatal(err)
	}
	wrong := filepath.Join(d.folder, "wrong.json")
	if err := os.WriteFile(wrong, bytes.ReplaceAll(text, []byte(`"132.40"`), []byte(`"132,40"`)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, words := d.run(exitFound, "load", wrong)
	d.wants(words, "ligne 42", "/obligations/0/amount", "rien n'a été écrit")
	var refused struct {
		Outcome  string
		Problems []struct {
			Place, Code, Message string
			Line                 int
		}
	}
	d.json(exitFound, &refused, "load", wrong)
	if refused.Outcome != "refused" || len(refused.Problems) != 1 || refused.Problems[0].Line != 42 {
		t.Errorf("got %+v, want one problem on line 42", refused)
	}
	d.run(exitFailure, "load", filepath.Join(d.folder, "absent.json"))
}

func TestEveryInventedAssociationKeepsTheRules(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		var file bytes.Buffer
		if err := invent.New(seed, 44).WriteLoad(&file); err != nil {
			t.Fatal(err)
		}
		given, err := load.Read(&file)
		if err == nil {
			err = given.Check()
		}
		if err != nil {
			t.Errorf("seed %d: %s", seed, messageOf(err).text)
		}
	}
}
