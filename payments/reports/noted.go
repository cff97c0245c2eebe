package reports

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"masp/ledger/civil"
)

// Outcome is what became of a diagnostic.
type Outcome string

// The outcomes (seed 001: refused, or never met).
const (
	Followed Outcome = "FOLLOWED"
	Refused  Outcome = "REFUSED"
	NeverMet Outcome = "NEVER_MET"
)

// SupportKind is what a support without a mandate is for (ASLL).
type SupportKind string

// The kinds of support; that of a mandate is the measure itself.
const (
	Maintenance SupportKind = "MAINTENANCE" // in the dwelling
	Search      SupportKind = "SEARCH"      // of a dwelling
	Access      SupportKind = "ACCESS"      // to a new one
)

// Means is how somebody was met.
type Means string

// The means. A telephone call is no visit.
const (
	AtHome   Means = "HOME"
	AtOffice Means = "OFFICE"
	ByPhone  Means = "PHONE"
)

// Diagnostic is one of a household, by a reference of the organisation's own.
type Diagnostic struct {
	ID         string     `json:"id"`
	Department string     `json:"department"`
	On         civil.Date `json:"done_on"`
	Outcome    Outcome    `json:"outcome"`
}

// Support is one of a household, with the visits that were agreed.
type Support struct {
	ID         string      `json:"id"`
	Diagnostic string      `json:"diagnostic,omitempty"` // none: made elsewhere
	Department string      `json:"department"`
	Kind       SupportKind `json:"kind"`
	From       civil.Date  `json:"starts_on"`
	To         civil.Date  `json:"ends_on,omitzero"`
	FirstMonth int         `json:"first_month"` // visits; zero: as in the others
	PerMonth   int         `json:"per_month"`
}

// Visit is a meeting, or a call.
type Visit struct {
	Support string     `json:"support"`
	On      civil.Date `json:"visited_on"`
	Means   Means      `json:"means"`
}

// Noted is activity that somebody notes.
type Noted struct {
	Diagnostics []Diagnostic `json:"diagnostics"`
	Supports    []Support    `json:"supports"`
	Visits      []Visit      `json:"visits"`
}

// LineError is a line of a file of activity that cannot be read.
type LineError struct {
	Line int
	Text string
}

// Error names the line.
func (e *LineError) Error() string {
	return fmt.Sprintf("line %d of the activity cannot be read", e.Line)
}

// French shows the forms.
func (e *LineError) French() string {
	return fmt.Sprintf("Ligne %d illisible : « %s ». Les formes sont diagnostic;D-1;26;2016-03-01;FOLLOWED puis "+
		"support;S-1;D-1;26;MAINTENANCE;2016-03-10;2016-09-09;3;2 (diagnostic, dernier jour et visites du premier mois peuvent manquer) "+
		"puis visit;S-1;2016-03-12;HOME. Rien n'a été noté.", e.Line, e.Text)
}

// ReadNoted reads a file of activity: one fact a line, fields between semicolons, lines that begin with #
// left out. Errors: *LineError.
func ReadNoted(from io.Reader) (Noted, error) {
	var n Noted
	lines := bufio.NewScanner(from)
	for no := 1; lines.Scan(); no++ {
		text := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		if !n.take(strings.Split(text, ";")) {
			return Noted{}, &LineError{no, text}
		}
	}
	return n, lines.Err()
}

// take adds the fact of a line.
func (n *Noted) take(f []string) bool {
	for i := range f {
		f[i] = strings.TrimSpace(f[i])
	}
	ok := true
	day := func(text string) civil.Date {
		d, err := civil.Parse(text)
		ok = ok && err == nil
		return d
	}
	count := func(text string) int {
		if text == "" {
			return 0
		}
		i, err := strconv.Atoi(text)
		ok = ok && err == nil && i >= 0
		return i
	}
	switch {
	case f[0] == "diagnostic" && len(f) == 5:
		n.Diagnostics = append(n.Diagnostics, Diagnostic{f[1], f[2], day(f[3]), Outcome(f[4])})
	case f[0] == "support" && len(f) == 9:
		s := Support{ID: f[1], Diagnostic: f[2], Department: f[3], Kind: SupportKind(f[4]), From: day(f[5]), FirstMonth: count(f[7]), PerMonth: count(f[8])}
		if f[6] != "" {
			s.To = day(f[6])
		}
		n.Supports = append(n.Supports, s)
	case f[0] == "visit" && len(f) == 4:
		n.Visits = append(n.Visits, Visit{f[1], day(f[2]), Means(f[3])})
	default:
		return false
	}
	return ok
}

// planned is how many visits a support agreed to within some days: those of each of its months that begin
// there.
func (s Support) planned(from, to civil.Date) (n int64) {
	for k := 0; ; k++ {
		begins := s.From.AddMonths(k)
		if begins.After(to) || !s.To.IsZero() && begins.After(s.To) {
			return n
		}
		switch {
		case begins.Before(from):
		case k == 0 && s.FirstMonth > 0:
			n += int64(s.FirstMonth)
		default:
			n += int64(s.PerMonth)
		}
	}
}
