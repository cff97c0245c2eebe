package doctor

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

// machineWith lists the checks of a machine that has only the named programs.
func machineWith(present ...string) []Check {
	all := []Check{
		{Name: "postgresql", Title: "PostgreSQL 15 ou plus récent", Use: "les livres de compte", Version: "15.18"},
		{Name: "xmllint", Title: "xmllint", Use: "contrôle", Version: "2.9.14"},
		{Name: "hledger", Title: "hledger", Use: "tests", Optional: true, Version: "1.25"},
		{Name: "gcc", Title: "gcc", Use: "tests", Optional: true, Version: "12.2.0"},
	}
	for i := range all {
		all[i].Found = slices.Contains(present, all[i].Name)
	}
	return all
}

const (
	asRoot = "env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "
	asSudo = "sudo -n " + asRoot
)

func TestThePlanInstallsExactlyWhatIsMissing(t *testing.T) {
	t.Parallel()
	root, sudo, user := Machine{Manager: "apt-get", Root: true}, Machine{Manager: "apt-get", Sudo: true}, Machine{Manager: "apt-get"}
	const install = "install -y --no-install-recommends "
	for _, c := range []struct {
		name     string
		present  []string
		machine  Machine
		optional bool
		want     []string
		runnable bool
	}{
		{"nothing missing", []string{"postgresql", "xmllint"}, root, false, nil, false},
		{"a bare machine", nil, root, false, []string{asRoot + "update", asRoot + install + "postgresql libxml2-utils"}, true},
		{"by sudo", []string{"postgresql"}, sudo, false, []string{asSudo + "update", asSudo + install + "libxml2-utils"}, true},
		{"no right to install", []string{"xmllint"}, user, false, []string{"sudo apt-get update", "sudo apt-get " + install + "postgresql"}, false},
		{"the optional ones too", []string{"postgresql", "xmllint"}, root, true, []string{asRoot + "update", asRoot + install + "hledger gcc libc6-dev"}, true},
		{"Fedora", nil, Machine{Manager: "dnf"}, true, []string{"sudo dnf install -y postgresql-server libxml2 gcc"}, false},
		{"Alpine as root", nil, Machine{Manager: "apk", Root: true}, false, []string{"apk add postgresql libxml2-utils"}, false},
		{"Arch", nil, Machine{Manager: "pacman"}, false, []string{"sudo pacman -S --noconfirm postgresql libxml2"}, false},
		{"a Mac", nil, Machine{Manager: "brew"}, false, []string{"brew install postgresql libxml2"}, false},
		{"no package manager", nil, Machine{}, false, nil, false},
	} {
		plan := MakePlan(machineWith(c.present...), c.machine, c.optional)
		if got := plan.lines(); !slices.Equal(got, c.want) || plan.Runnable != c.runnable {
			t.Errorf("%s:\n got %q, runnable %v\nwant %q, runnable %v", c.name, got, plan.Runnable, c.want, c.runnable)
		}
	}
}

// trial installs on an invented machine and records what it ran and said.
type trial struct {
	before, after []Check
	machine       Machine
	fails         error
	ran           []string
	said          strings.Builder
}

func (tr *trial) install(optional bool) error {
	i := installer{
		inspect: func(context.Context) []Check {
			if len(tr.ran) > 0 {
				return tr.after
			}
			return tr.before
		},
		machine: func(context.Context) Machine { return tr.machine },
		run: func(_ context.Context, _ io.Writer, command []string) error {
			line := strings.Join(command, " ")
			if !strings.Contains(tr.said.String(), line) {
				return errors.New("run before it was said: " + line)
			}
			tr.ran = append(tr.ran, line)
			return tr.fails
		},
	}
	return i.install(context.Background(), &tr.said, optional)
}

func TestACompleteMachineGetsOneLineAndNoCommand(t *testing.T) {
	t.Parallel()
	tr := &trial{before: machineWith("postgresql", "xmllint"), machine: Machine{Manager: "apt-get", Root: true}}
	if err := tr.install(false); err != nil || len(tr.ran) > 0 {
		t.Errorf("got %v, ran %q; want nothing done", err, tr.ran)
	}
	if got, want := tr.said.String(), "Rien à installer : PostgreSQL 15.18, xmllint 2.9.14.\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWhatIsInstalledIsSaidFirst(t *testing.T) {
	t.Parallel()
	tr := &trial{
		before: machineWith(), after: machineWith("postgresql", "xmllint"),
		machine: Machine{Manager: "apt-get", Root: true},
	}
	if err := tr.install(false); err != nil {
		t.Fatal(err)
	}
	if len(tr.ran) != 2 {
		t.Errorf("ran %q, want update and install", tr.ran)
	}
	for _, want := range []string{"Il manque : PostgreSQL 15 ou plus récent (les livres de compte)", "« main »", "Installé : PostgreSQL 15.18"} {
		if !strings.Contains(tr.said.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, tr.said.String())
		}
	}
}

func TestWithoutTheRightTheAdministratorGetsTheCommand(t *testing.T) {
	t.Parallel()
	tr := &trial{before: machineWith("postgresql"), machine: Machine{Manager: "apt-get"}}
	err := tr.install(false)
	var missing *MissingError
	if !errors.As(err, &missing) || !slices.Equal(missing.Names, []string{"xmllint"}) || len(tr.ran) > 0 {
		t.Fatalf("got %v, ran %q; want xmllint missing and nothing run", err, tr.ran)
	}
	if want := "sudo apt-get update && sudo apt-get install -y --no-install-recommends libxml2-utils"; !strings.Contains(missing.French(), want) {
		t.Errorf("advice %q; want %q in it", missing.French(), want)
	}
}

func TestAnInstallationThatFailsOrIsNotEnoughIsAnError(t *testing.T) {
	t.Parallel()
	root := Machine{Manager: "apt-get", Root: true}
	broken := &trial{before: machineWith(), machine: root, fails: errors.New("exit status 100")}
	if err := broken.install(false); err == nil || !strings.Contains(err.Error(), "apt-get") || len(broken.ran) != 1 {
		t.Errorf("a failing update: got %v after %d commands; want its name after one", err, len(broken.ran))
	}
	old := &trial{before: machineWith(), after: machineWith("xmllint"), machine: root}
	var missing *MissingError
	if err := old.install(false); !errors.As(err, &missing) || !slices.Equal(missing.Names, []string{"postgresql"}) {
		t.Errorf("a system with an old PostgreSQL: got %v, want it named", err)
	}
}

func TestThisMachineIsInspected(t *testing.T) {
	t.Parallel()
	for _, c := range Inspect(t.Context()) {
		if c.Found == (c.Reason != "") || c.Found && (c.Version == "" || c.Place == "") {
			t.Errorf("%+v: want either a version and a place, or a reason", c)
		}
	}
	if got := readable("20914"); got != "2.9.14" {
		t.Errorf("libxml's number: got %s, want 2.9.14", got)
	}
}
