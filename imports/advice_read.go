package imports

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// Limits of a payer's file.
const (
	adviceBytes = 16 << 20
	adviceLines = 100_000
)

// adviceColumns are the columns of a payer's file; benefit and amount must be there.
var adviceColumns = []string{"mandate", "number", "benefit", "period", "amount"}

// ReadAdvice reads the parts of a list from a CSV file in UTF-8, separated by semicolons or
// commas. Its first line names the columns: mandate or number (the payer's number of the
// person), benefit, period (2026-10) and amount (412,50). A *RefusedError says which line is
// wrong.
func ReadAdvice(file io.Reader) ([]AdvicePart, error) {
	in := bufio.NewReaderSize(io.LimitReader(file, adviceBytes+1), 4096)
	head, _ := in.Peek(256) // a file that cannot be read fails below
	if strings.HasPrefix(string(head), "\ufeff") {
		_, _ = in.Discard(len("\ufeff")) // it has just been seen
	}
	rows := csv.NewReader(in)
	rows.TrimLeadingSpace, rows.ReuseRecord = true, true
	if first, _, _ := strings.Cut(string(head), "\n"); strings.Contains(first, ";") {
		rows.Comma = ';'
	}
	at, err := adviceHeader(rows)
	if err != nil {
		return nil, err
	}
	var parts []AdvicePart
	for {
		row, err := rows.Read()
		switch {
		case errors.Is(err, io.EOF):
			return parts, nil
		case err != nil:
			return nil, unreadable(err)
		case len(parts) == adviceLines || rows.InputOffset() > adviceBytes:
			return nil, refuse("ADVICE_FILE", "Le bordereau est trop long : au plus %d lignes.", adviceLines)
		}
		line, _ := rows.FieldPos(0)
		part, err := readPart(at, row, line)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
}

// unreadable says where a file is not the CSV that its first line promises.
func unreadable(err error) error {
	if wrong, ok := errors.AsType[*csv.ParseError](err); ok {
		return refuse("ADVICE_FILE", "Ligne %d du fichier : elle n’a pas les colonnes de la première, "+
			"ou un guillemet manque.", wrong.Line)
	}
	return fmt.Errorf("read a payer's file: %w", err)
}

// adviceHeader reads where each column is.
func adviceHeader(rows *csv.Reader) (map[string]int, error) {
	names, err := rows.Read()
	if err != nil {
		return nil, refuse("ADVICE_FILE", "Le bordereau est vide, ou n’est pas un fichier CSV.")
	}
	at := map[string]int{}
	for i, name := range names {
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := at[name]; twice || !slices.Contains(adviceColumns, name) {
			return nil, refuse("ADVICE_FILE", "Colonne « %s » : les colonnes sont %s, chacune une fois.",
				name, strings.Join(adviceColumns, ", "))
		}
		at[name] = i
	}
	for _, name := range []string{"benefit", "amount"} {
		if _, there := at[name]; !there {
			return nil, refuse("ADVICE_FILE", "Il manque la colonne « %s ».", name)
		}
	}
	return at, nil
}

// readPart reads one line of the list.
func readPart(at map[string]int, row []string, line int) (part AdvicePart, err error) {
	field := func(name string) string {
		if i, there := at[name]; there {
			return strings.TrimSpace(row[i])
		}
		return ""
	}
	part = AdvicePart{
		Mandate: field("mandate"), Number: field("number"), Benefit: strings.ToUpper(field("benefit")),
	}
	if part.Amount, err = money.ParseInput(field("amount")); err != nil {
		return part, refuse("ADVICE_FILE", "Ligne %d du fichier : « %s » n’est pas un montant.", line, field("amount"))
	}
	if text := field("period"); text != "" {
		if part.Period, err = civil.ParseMonth(text); err != nil {
			return part, refuse("ADVICE_FILE", "Ligne %d du fichier : « %s » n’est pas un mois (2026-10).", line, text)
		}
	}
	return part, nil
}
