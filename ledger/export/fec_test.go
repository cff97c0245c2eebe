package export_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// checkFEC checks a file of entries as the tax office's own Test-Compta-Demat does: name, header,
// number of fields, fields that may not be empty, days, numbers, account numbers, debit or credit on
// each line. And what the law asks beyond it: numbers that continue in each journal, entries that
// balance, days of validation that do not go back.
func checkFEC(name, text string) (faults []string) {
	fault := func(line int, format string, args ...any) {
		faults = append(faults, fmt.Sprintf("line %d: ", line)+fmt.Sprintf(format, args...))
	}
	if !fecName.MatchString(name) {
		fault(0, "the file is not named SIRENFECAAAAMMJJ.txt: %s", name)
	}
	lines := strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n")
	header := strings.Split(lines[0], "\t")
	if strings.Join(header, " ") != fecHeader {
		fault(1, "the header is not that of the decree")
	}
	numbers, balances := map[string]int{}, map[string]int64{}
	for i, l := range lines[1:] {
		no, f := i+2, strings.Split(l, "\t")
		if len(f) != len(header) || len(f) != 18 {
			fault(no, "%d fields, want 18", len(f))
			continue
		}
		for _, m := range []int{0, 1, 2, 3, 4, 5, 8, 9, 10, 15} {
			if strings.TrimSpace(f[m]) == "" {
				fault(no, "%s is empty", header[m])
			}
		}
		for _, d := range []int{3, 9, 15} {
			if _, err := time.Parse("20060102", f[d]); err != nil {
				fault(no, "%s is no date: %q", header[d], f[d])
			}
		}
		if !threeDigits.MatchString(f[4]) {
			fault(no, "the account does not begin with three digits: %s", f[4])
		}
		debit, credit := fecCents(no, f[11], fault), fecCents(no, f[12], fault)
		if (debit == 0) == (credit == 0) {
			fault(no, "debit and credit: both or neither")
		}
		balances[f[0]+" "+f[2]] += debit - credit
		n, _ := strconv.Atoi(f[2])
		if before := numbers[f[0]]; n != before && n != before+1 {
			fault(no, "the numbers of %s do not continue: %d after %d", f[0], n, before)
		}
		numbers[f[0]] = n
	}
	for entry, left := range balances {
		if left != 0 {
			fault(0, "the entry %s does not balance: %d", entry, left)
		}
	}
	return faults
}

const fecHeader = "JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum CompAuxLib " +
	"PieceRef PieceDate EcritureLib Debit Credit EcritureLet DateLet ValidDate Montantdevise Idevise"

var (
	fecName     = regexp.MustCompile(`^[0-9]{9}FEC[0-9]{8}\.txt$`)
	threeDigits = regexp.MustCompile(`^[0-9]{3}`)
	fecAmount   = regexp.MustCompile(`^[0-9]+(,[0-9]{1,2})?$`)
)

func fecCents(line int, text string, fault func(int, string, ...any)) int64 {
	switch {
	case strings.Contains(text, "."):
		fault(line, "a point instead of a comma: %s", text)
	case strings.Contains(text, " "):
		fault(line, "thousands are separated: %s", text)
	case !fecAmount.MatchString(text):
		fault(line, "no number: %q", text)
	}
	whole, fraction, _ := strings.Cut(text, ",")
	n, _ := strconv.ParseInt(whole+(fraction + "00")[:2], 10, 64)
	return n
}
