package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"
)

// printer keeps data on stdout and words on stderr. Colour and progress appear only for
// eyes: on a terminal, without NO_COLOR, without --json.
type printer struct {
	stdout, stderr io.Writer
	json           bool
	colour         bool
	live           bool // stderr is a terminal: a progress line may be rewritten
	unwritten      error
}

func newPrinter(stdout, stderr io.Writer, asJSON bool) *printer {
	p := &printer{stdout: stdout, stderr: stderr, json: asJSON}
	_, plain := os.LookupEnv("NO_COLOR")
	p.colour = terminal(stdout) && !plain && !asJSON
	p.live = terminal(stderr) && !asJSON
	return p
}

// terminal tells whether somebody reads this stream.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// print writes one line of data for people; with --json it writes nothing.
func (p *printer) print(format string, args ...any) {
	if !p.json {
		_, err := fmt.Fprintf(p.stdout, format+"\n", args...)
		p.keep(err)
	}
}

// keep remembers the first data that could not be written: an answer that a full disk cut
// must not pass for a whole one.
func (p *printer) keep(err error) {
	if p.unwritten == nil && err != nil {
		p.unwritten = &unwrittenError{err}
	}
}

// unwrittenError is an answer that did not reach its reader.
type unwrittenError struct{ cause error }

func (e *unwrittenError) Error() string { return "write the answer: " + e.cause.Error() }

func (e *unwrittenError) Unwrap() error { return e.cause }

// French says that the work itself is done.
func (e *unwrittenError) French() string {
	return "La réponse n'a pas pu être écrite en entier (disque plein ?), mais l'opération est faite : " +
		"relisez son résultat avant de la recommencer."
}

// data writes the answer of a command: the value as JSON, or what people reads.
func (p *printer) data(value any, forPeople func()) error {
	if !p.json {
		forPeople()
		return nil
	}
	e := json.NewEncoder(p.stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	p.keep(e.Encode(value))
	return p.unwritten
}

// say writes a message for the person on stderr.
func (p *printer) say(format string, args ...any) { p.tell(fmt.Sprintf(format+"\n", args...)) }

// tell writes to stderr; when that fails, nobody is left to tell.
func (p *printer) tell(text string) { _, _ = io.WriteString(p.stderr, text) }

// plural is a number with its noun: none and one take the singular in French.
func plural(n int, one, many string) string {
	if n < 2 {
		return fmt.Sprintf("%d %s", n, one)
	}
	return fmt.Sprintf("%d %s", n, many)
}

// progress rewrites one line on a terminal: « fichier 3 / 12 »; elsewhere it says nothing.
func (p *printer) progress(what string, done, of int) {
	if !p.live {
		return
	}
	p.tell(fmt.Sprintf("\r  %s %d / %d ", what, done, of))
	if done == of {
		p.tell("\r\x1b[K")
	}
}

func (p *printer) fail(text string) { p.tell("masp : " + text + "\n") }

// bold and the colours below change nothing for a program or with NO_COLOR.
func (p *printer) bold(s string) string   { return p.paint("1", s) }
func (p *printer) green(s string) string  { return p.paint("32", s) }
func (p *printer) yellow(s string) string { return p.paint("33", s) }
func (p *printer) red(s string) string    { return p.paint("31", s) }

func (p *printer) paint(code, s string) string {
	if !p.colour {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// table prints rows in columns; a column whose title starts with ">" is right-aligned.
func (p *printer) table(titles []string, rows [][]string) {
	if p.json {
		return
	}
	width := make([]int, len(titles))
	for i, t := range titles {
		width[i] = utf8.RuneCountInString(strings.TrimPrefix(t, ">"))
	}
	for _, row := range rows {
		for i, cell := range row {
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	heads := make([]string, len(titles))
	for i, t := range titles {
		heads[i] = strings.TrimPrefix(t, ">")
	}
	p.print("%s", p.bold(alignRow(titles, heads, width)))
	for _, row := range rows {
		p.print("%s", alignRow(titles, row, width))
	}
}

func alignRow(titles, cells []string, width []int) string {
	out := make([]string, len(cells))
	for i, cell := range cells {
		gap := strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell))
		if strings.HasPrefix(titles[i], ">") {
			out[i] = gap + cell
		} else {
			out[i] = cell + gap
		}
	}
	return "  " + strings.TrimRight(strings.Join(out, "  "), " ")
}

// errFound ends a check that found something: its findings are already printed.
var errFound = errors.New("the check found something")

// usage explains a command line that cannot be read.
func (p *printer) usage(err error) int {
	p.fail(frenchUsage(err))
	p.say("Aide : masp --help")
	return exitUsage
}

// finish prints what went wrong, in French and with what to do, and answers the exit code.
func (p *printer) finish(err error) int {
	if p.unwritten != nil && (err == nil || errors.Is(err, errFound)) {
		err = p.unwritten // what was found is not read either
	}
	if err == nil {
		return exitOK
	}
	if errors.Is(err, errFound) {
		return exitFound
	}
	m := messageOf(err)
	if p.json {
		_ = p.data(map[string]any{"error": map[string]string{"code": m.code, "message": m.text}}, nil)
	}
	p.fail(m.text)
	return m.exit
}

// fit cuts or fills a text to a number of characters.
func fit(text string, width int) string {
	if n := utf8.RuneCountInString(text); n <= width {
		return text + strings.Repeat(" ", width-n)
	}
	return string([]rune(text)[:width-1]) + "…"
}

func right(text string, width int) string {
	return strings.Repeat(" ", max(0, width-utf8.RuneCountInString(text))) + text
}
