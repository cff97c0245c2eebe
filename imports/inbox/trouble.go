package inbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"strings"
	"syscall"

	"github.com/pkg/sftp"

	"masp/imports"
	"masp/imports/bankfile"
)

// The codes of the alerts about sources; worklist.Kinds says what to do.
const (
	SourceFailed = "IMPORT_SOURCE_FAILED" // the folder or the server cannot be read
	ImportFailed = "IMPORT_FAILED"        // a file that could not be imported three times
	Stuck        = "INBOX_STUCK"          // imported, but it cannot be put away
	Left         = "INBOX_LEFT"           // what is no file, or is written for more than an hour
)

// Teller keeps one open alert for each code and subject while there is a text, and closes it when
// there is none.
type Teller interface {
	Tell(ctx context.Context, code, subject, text string) error
}

var errPanic = errors.New("the program has failed")

// ErrHung is work that went on after its time: it was left behind, and what it used with it.
var ErrHung = errors.New("the job did not end in its time")

// kinds are the causes that a log names. The words of an error stay out of it: they hold names,
// paths, and what a file contains.
var kinds = []struct {
	err  error
	kind string
}{
	{errPanic, "panic"},
	{ErrHung, "hung"},
	{errLeaseLost, "lease_lost"},
	{context.DeadlineExceeded, "timeout"},
	{context.Canceled, "stopped"},
	{ErrNames, "no_free_name"},
	{syscall.ENOSPC, "disk_full"},
	{syscall.EDQUOT, "disk_full"},
	{syscall.EROFS, "read_only"},
	{fs.ErrPermission, "permission"},
	{fs.ErrNotExist, "not_there"},
	{syscall.ENOTDIR, "not_a_folder"},
	{syscall.EIO, "disk_error"},
	{io.ErrUnexpectedEOF, "cut"},
}

// kindOf is the kind of an error, for logs and for the run log: what the error itself says by a
// method Kind, a word, or a SQLSTATE.
func kindOf(err error) string {
	if state := databaseKind(err); state != "" {
		return state
	}
	var own interface{ Kind() string }
	if errors.As(err, &own) {
		return own.Kind()
	}
	for _, k := range kinds {
		if errors.Is(err, k.err) {
			return k.kind
		}
	}
	if refused, ok := errors.AsType[*sftp.StatusError](err); ok {
		return fmt.Sprintf("sftp_%d", refused.Code)
	}
	if _, network := errors.AsType[net.Error](err); network {
		return "network"
	}
	return "other"
}

// KindOf is the kind of an error as the log of runs names it.
func KindOf(err error) string { return kindOf(err) }

func sourceText(name string, err error) string {
	if own, ok := errors.AsType[*HostKeyError](err); ok {
		return own.French()
	}
	where := "Le dossier de dépôt ne se lit plus"
	if name == "sftp" {
		where = "Le serveur de la banque ne répond plus, ou nous refuse"
	}
	return fmt.Sprintf("%s (%s) : aucun relevé n'arrive plus par là.", where, kindOf(err))
}

func stuckText(name, kind string) string {
	where := "du dossier de dépôt"
	if name == "sftp" {
		where = "du serveur de la banque"
	}
	return fmt.Sprintf("Un fichier %s est importé, mais ne peut pas être rangé (%s) : rien n'est compté deux fois, "+
		"il est rangé dès que c'est possible.", where, kind)
}

// namesTold is how many names an alert tells.
const namesTold = 3

// leftText is nothing when nothing is left.
func leftText(name string, left []string) string {
	if len(left) == 0 {
		return ""
	}
	where := "le dossier de dépôt"
	if name == "sftp" {
		where = "le serveur de la banque"
	}
	var shown []string
	for _, n := range left[:min(len(left), namesTold)] {
		shown = append(shown, "« "+printable(n)+" »")
	}
	if more := len(left) - namesTold; more > 0 {
		shown = append(shown, plural(more, "autre", "autres"))
	}
	return fmt.Sprintf("Dans %s, %s pas : %s. Ce sont des liens, des dossiers, ou des fichiers dont l'écriture n'est pas finie depuis une heure.",
		where, plural(len(left), "élément ne se lit", "éléments ne se lisent"), strings.Join(shown, ", "))
}

func failedText(name string, attempts int, kind string) string {
	return fmt.Sprintf("« %s » n'a pas pu être importé, %d fois (%s). Rien n'en est enregistré ; il est essayé de nouveau.",
		printable(name), attempts, kind)
}

// tooLarge refuses a file before it is read.
func tooLarge(name string) imports.Outcome {
	return imports.Outcome{
		File: name, Outcome: bankfile.Refused, Statements: []imports.StatementOutcome{},
		Reasons: []bankfile.Reason{{
			Code: "too_large", Outcome: bankfile.Refused,
			Message: "Fichier refusé : il dépasse 2 Gio. Rien n’a été enregistré.",
		}},
	}
}
