package export

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// Format names what an export is written as.
type Format string

// The formats.
const (
	CSVFrench Format = "csv-fr"
	CSV       Format = "csv"
	FEC       Format = "fec"
	Hledger   Format = "hledger"
	JSONLines Format = "jsonl"
	XLSX      Format = "xlsx"
)

// Formats lists every format.
func Formats() []Format { return []Format{CSVFrench, CSV, FEC, Hledger, JSONLines, XLSX} }

// MediaType is the format's type in HTTP.
func (f Format) MediaType() string {
	switch f {
	case CSVFrench, CSV:
		return "text/csv; charset=utf-8; header=present"
	case JSONLines:
		return "application/jsonl"
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "text/plain; charset=utf-8"
}

func (f Format) extension() string {
	switch f {
	case CSVFrench, CSV:
		return ".csv"
	case Hledger:
		return ".journal"
	case FEC:
		return ".txt"
	}
	return "." + string(f)
}

// Ask says what is exported. The zero scope is the whole books.
type Ask struct {
	Format     Format
	From, To   civil.Date // posting days, both included; zero for the first, the last
	Mandate    string     // M-0001: the lines of this mandate only
	Department string     // 59: those of the mandates of this Département only
}

// Summary says what was exported and from where: of the same books, the same.
type Summary struct {
	Ask
	Entries, Lines int64        // lines as accountants count them, the hub of each entry included
	Debit, Credit  money.Amount // totals of the lines
	LastEntry      int64        // of the books as they stood, whatever the scope
	Head           string       // of the chain there, as ledger.ParseHead and masp verify --head read it
	AsOf           time.Time    // of the snapshot, by the clock of the database
	SIREN          string       // of the organisation, or empty
}

// FileName is the name that the file should have; for fec the one that the law prescribes,
// SIRENFECAAAAMMJJ.txt with the last day.
func (s Summary) FileName() string {
	last := s.To
	if last.IsZero() {
		last = civil.FromTime(s.AsOf, civil.Paris)
	}
	if s.Format == FEC {
		return s.SIREN + "FEC" + compact(last) + s.Format.extension()
	}
	name := "ecritures"
	for _, part := range []string{s.Mandate, s.Department} {
		if part != "" {
			name += "-" + part
		}
	}
	if !s.From.IsZero() {
		name += "-du-" + s.From.String()
	}
	return name + "-au-" + last.String() + s.Format.extension()
}

func compact(d civil.Date) string {
	return fmt.Sprintf("%04d%02d%02d", d.Year(), int(d.Month_()), d.Day())
}

// InvalidError refuses what nobody can export.
type InvalidError struct{ why, french string }

func (e *InvalidError) Error() string { return "cannot export: " + e.why }

// French says what to ask instead.
func (e *InvalidError) French() string { return e.french }

// ErrNoMandate: nobody's accounts are in the scope: the mandate or the Département is unknown, or the
// reader does not see it.
var ErrNoMandate error = &InvalidError{
	"no such mandate", "Aucun mandat ne répond à cette demande (masp mandate list).",
}

// errNotCounted: the rows that were written are not those that were counted before.
var errNotCounted = errors.New("the rows written are not those that were counted: the file is worth nothing")

var departmentForm = regexp.MustCompile(`^(0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-6])$`)

func (a Ask) check() error {
	switch {
	case !slices.Contains(Formats(), a.Format):
		return &InvalidError{
			"unknown format " + string(a.Format),
			"Ce format n'existe pas : csv-fr, csv, fec, hledger, jsonl ou xlsx.",
		}
	case !a.From.IsZero() && !a.To.IsZero() && a.To.Before(a.From):
		return &InvalidError{"the period ends before it begins", "La période finit avant de commencer : inversez les deux jours."}
	case a.Mandate != "" && a.Department != "":
		return &InvalidError{"a mandate and a Département", "Donnez un mandat ou un département, pas les deux."}
	case a.Department != "" && !departmentForm.MatchString(a.Department):
		return &InvalidError{"no Département", "Ce département n'existe pas (59, 2A, 974)."}
	}
	return nil
}
