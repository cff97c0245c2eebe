package simbank

import "fmt"

// File is a file that the bank puts at the customer's disposal.
type File struct {
	Name  string
	Bytes []byte
}

// EndOfDay closes a day: it books what has become due since the last closed day
// and returns the files of the day, late refusals first. A day on which TARGET
// is closed has no files and stays open. A day already closed is refused.
func (b *Bank) EndOfDay(day Day) ([]File, error) {
	if day <= b.closed {
		return nil, fmt.Errorf("end of day %s: days are closed up to %s", day, b.closed)
	}
	if !day.IsTARGET() {
		return nil, nil
	}
	var files []File
	for d := b.firstOpenDay(day); d <= day; d = d.AddTARGET(1) {
		for _, r := range b.bookDay(d) {
			bytes := b.writeReport(r)
			name := fmt.Sprintf("pain002_%s_%06d.xml", day.time().Format("20060102"), b.reports)
			files = append(files, File{name, bytes})
		}
	}
	b.closed = day
	return append(files, b.statementFiles(day)...), nil
}

// firstOpenDay is the TARGET day after the last closed one; before any is
// closed, the first on which an account was open.
func (b *Bank) firstOpenDay(day Day) Day {
	if b.closed != 0 {
		return b.closed.AddTARGET(1)
	}
	first := day
	for _, a := range b.accounts {
		first = min(first, a.OpenedOn)
	}
	return first.NextTARGET()
}

// statementFiles writes the statements of all open accounts, a file per version
// or a file per account.
func (b *Bank) statementFiles(day Day) []File {
	var groups [][]*account
	place := map[string]int{}
	for _, a := range b.accounts {
		if a.OpenedOn > day {
			continue
		}
		key := a.StatementVersion
		if b.options.FilePerAccount {
			key += "_" + a.IBAN
		}
		i, ok := place[key]
		if !ok {
			i, place[key] = len(groups), len(groups)
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], a)
	}
	var files []File
	for _, group := range groups {
		files = append(files, b.statementFile(group, day))
	}
	return files
}

func (b *Bank) statementFile(group []*account, day Day) File {
	on, account := day.time().Format("20060102"), ""
	if b.options.FilePerAccount {
		account = "_" + group[0].IBAN
	}
	name := "camt053_" + on + "_v" + group[0].StatementVersion + account + ".xml"
	if group[0].StatementVersion == French {
		name = "cfonb120_" + on + account + ".txt"
	}
	return File{name, b.writeStatements(group, day)}
}
