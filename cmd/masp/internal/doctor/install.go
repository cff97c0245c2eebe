package doctor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// MissingError says that programs are still missing after an installation, or that we may not
// install them. Advice is the French sentence for the person, who has not been told it yet.
type MissingError struct {
	Names  []string
	Advice string
}

func (e *MissingError) Error() string { return "missing: " + strings.Join(e.Names, ", ") }

// French is what the person can do about it.
func (e *MissingError) French() string { return e.Advice }

// installer has the three doors to the machine, so that tests need no package manager.
type installer struct {
	inspect func(context.Context) []Check
	machine func(context.Context) Machine
	run     func(ctx context.Context, out io.Writer, command []string) error
}

// Install says on out, in French, what is missing and the exact commands, runs them, and looks
// again. With optional, the optional programs are installed too. When nothing is missing it
// writes one line and runs nothing. It returns a [*MissingError] when the machine needs a person.
func Install(ctx context.Context, out io.Writer, optional bool) error {
	return installer{inspect: Inspect, machine: detect, run: run}.install(ctx, out, optional)
}

func (i installer) install(ctx context.Context, out io.Writer, optional bool) error {
	checks := i.inspect(ctx)
	say := &speaker{out: out}
	if len(missing(checks, optional)) == 0 {
		say.line("Rien à installer : %s.", strings.Join(found(checks), ", "))
		return say.err
	}
	plan := MakePlan(checks, i.machine(ctx), optional)
	say.line("Il manque : %s.", strings.Join(titles(plan.Missing), ", "))
	if !plan.Runnable {
		return errors.Join(say.err, plan.refusal())
	}
	say.line("Installation par le gestionnaire de paquets du système :")
	for _, line := range plan.lines() {
		say.line("  %s", line)
	}
	if plan.Note != "" {
		say.line("%s", plan.Note)
	}
	if say.err != nil {
		return say.err // nothing is run that could not be said
	}
	for n, command := range plan.Commands {
		if err := i.run(ctx, out, command); err != nil {
			return fmt.Errorf("run %q: %w", plan.lines()[n], err)
		}
	}
	after := i.inspect(ctx)
	if still := missing(after, optional); len(still) > 0 {
		return &MissingError{Names: names(still), Advice: "Les paquets du système sont trop anciens ou incomplets. " +
			"Pour PostgreSQL, ajoutez le dépôt https://apt.postgresql.org puis recommencez."}
	}
	say.line("Installé : %s.", strings.Join(found(after), ", "))
	return say.err
}

// refusal tells the person what to run, when we may not or would not know how.
func (p Plan) refusal() error {
	advice := "Installez ces programmes avec le gestionnaire de paquets de votre système."
	if len(p.Commands) > 0 {
		advice = "Un administrateur doit lancer : " + strings.Join(p.lines(), " && ")
	}
	return &MissingError{Names: names(p.Missing), Advice: advice}
}

// detect finds the package manager and what we may do with it.
func detect(ctx context.Context) Machine {
	m := Machine{Root: os.Geteuid() == 0}
	for _, name := range []string{"apt-get", "dnf", "apk", "pacman", "brew"} {
		if _, err := exec.LookPath(name); err == nil {
			m.Manager = name
			break
		}
	}
	if !m.Root {
		m.Sudo = exec.CommandContext(ctx, "sudo", "-n", "true").Run() == nil
	}
	return m
}

func run(ctx context.Context, out io.Writer, command []string) error {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...) //nolint:gosec // a command of our own plan
	cmd.Stdout, cmd.Stderr = out, out
	return cmd.Run()
}

// speaker remembers the first failure to write.
type speaker struct {
	out io.Writer
	err error
}

func (s *speaker) line(format string, args ...any) {
	if s.err == nil {
		_, s.err = fmt.Fprintf(s.out, format+"\n", args...)
	}
}

func found(checks []Check) []string {
	var list []string
	for _, c := range checks {
		if c.Found {
			name := c.Title
			if c.Name == "postgresql" {
				name = "PostgreSQL"
			}
			list = append(list, strings.TrimSpace(name+" "+c.Version))
		}
	}
	return list
}

func titles(checks []Check) []string {
	var list []string
	for _, c := range checks {
		list = append(list, fmt.Sprintf("%s (%s)", c.Title, c.Use))
	}
	return list
}

func names(checks []Check) []string {
	var list []string
	for _, c := range checks {
		list = append(list, c.Name)
	}
	return list
}
