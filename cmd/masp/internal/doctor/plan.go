package doctor

import "strings"

// Machine is what a plan depends on.
type Machine struct {
	Manager string // apt-get, dnf, apk, pacman, brew, or "" when none was found
	Root    bool
	Sudo    bool // sudo works without a question
}

// Plan says how the missing programs are installed.
type Plan struct {
	Missing  []Check
	Commands [][]string // argument lists, in their order; empty when nothing is missing
	Runnable bool       // we may run them; otherwise they are for a person
	Note     string     // what the person should know, in French
}

// packages names the packages of each program in each manager; none where there is none.
var packages = map[string]map[string][]string{
	"apt-get": {
		"postgresql": {"postgresql"}, "xmllint": {"libxml2-utils"}, "hledger": {"hledger"},
		"gcc": {"gcc", "libc6-dev"},
	},
	"dnf":    {"postgresql": {"postgresql-server"}, "xmllint": {"libxml2"}, "gcc": {"gcc"}},
	"apk":    {"postgresql": {"postgresql"}, "xmllint": {"libxml2-utils"}, "gcc": {"gcc", "musl-dev"}},
	"pacman": {"postgresql": {"postgresql"}, "xmllint": {"libxml2"}, "hledger": {"hledger"}, "gcc": {"gcc"}},
	"brew":   {"postgresql": {"postgresql"}, "xmllint": {"libxml2"}, "hledger": {"hledger"}, "gcc": {"gcc"}},
}

var installCommand = map[string][]string{
	"dnf":    {"dnf", "install", "-y"},
	"apk":    {"apk", "add"},
	"pacman": {"pacman", "-S", "--noconfirm"},
	"brew":   {"brew", "install"},
}

// MakePlan decides what to run. With optional, the optional programs are wanted too.
func MakePlan(checks []Check, m Machine, optional bool) Plan {
	plan := Plan{Missing: missing(checks, optional)}
	var names []string
	for _, c := range plan.Missing {
		names = append(names, packages[m.Manager][c.Name]...)
		if c.Name == "postgresql" && m.Manager == "apt-get" {
			plan.Note = "Le paquet de Debian crée aussi un serveur PostgreSQL standard (« main ») ; " +
				"masp ne s'en sert pas et n'y touche pas."
		}
	}
	switch {
	case len(names) == 0:
	case m.Manager == "apt-get" && (m.Root || m.Sudo):
		plan.Commands, plan.Runnable = aptCommands(names, m), true
	case m.Manager == "apt-get": // typed by a person, who may be asked for a password
		plan.Commands = [][]string{
			{"sudo", "apt-get", "update"},
			append([]string{"sudo", "apt-get", "install", "-y", "--no-install-recommends"}, names...),
		}
	default:
		plan.Commands = [][]string{withSudo(append(append([]string{}, installCommand[m.Manager]...), names...), m)}
	}
	return plan
}

func missing(checks []Check, optional bool) []Check {
	var list []Check
	for _, c := range checks {
		if !c.Found && (optional || !c.Optional) {
			list = append(list, c)
		}
	}
	return list
}

func aptCommands(names []string, m Machine) [][]string {
	apt := []string{
		"env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q",
		"-o", "DPkg::Lock::Timeout=120",
		"-o", "Dpkg::Use-Pty=0", // no progress bars, no terminal needed
	}
	if !m.Root {
		apt = append([]string{"sudo", "-n"}, apt...)
	}
	update := append(append([]string{}, apt...), "update")
	install := append(append([]string{}, apt...), "install", "-y", "--no-install-recommends")
	return [][]string{update, append(install, names...)}
}

func withSudo(command []string, m Machine) []string {
	if m.Root || m.Manager == "brew" {
		return command
	}
	return append([]string{"sudo"}, command...)
}

// lines prints the commands as one would type them; no argument of ours needs quotes.
func (p Plan) lines() []string {
	var lines []string
	for _, c := range p.Commands {
		lines = append(lines, strings.Join(c, " "))
	}
	return lines
}
