package check

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"masp/payments/xmlread"
)

// workbook is livre/ecritures.xlsx. It is a zip in the zip: its bytes stand in a temporary file while
// it is read, sheet after sheet.
type workbook struct {
	c      *checker
	name   string
	file   *os.File
	inside map[string]*zip.File
	sheet  io.ReadCloser
	rows   *xmlread.Reader
	sheets int
	line   int64
	broken bool
	data   int // depth of sheetData
}

// newWorkbook opens a workbook; nil, reported, when it cannot.
func (b *book) newWorkbook(name string) *workbook {
	in, err := b.open(name)
	if b.missing(name, err) {
		return nil
	}
	defer func() { _ = in.Close() }() // it was only read
	w := &workbook{c: b.checker, name: name, inside: map[string]*zip.File{}}
	if err := w.unpack(in); err != nil {
		b.found(name, 0, "", "le classeur ne s'ouvre pas")
		_ = w.Close()
		return nil
	}
	return w
}

func (w *workbook) unpack(in io.Reader) (err error) {
	if w.file, err = os.CreateTemp("", "classeur-*.xlsx"); err != nil {
		return err
	}
	size, err := io.Copy(w.file, in)
	if err != nil {
		return err
	}
	archive, err := zip.NewReader(w.file, size)
	if err != nil {
		return err
	}
	for _, f := range archive.File {
		w.inside[f.Name] = f
	}
	if !w.nextSheet() {
		return errors.New("no sheet")
	}
	return nil
}

// Close removes the temporary file.
func (w *workbook) Close() error {
	if w.sheet != nil {
		_ = w.sheet.Close() // it was only read
	}
	if w.file == nil {
		return nil
	}
	return errors.Join(w.file.Close(), os.Remove(w.file.Name()))
}

// nextSheet opens the next sheet behind its heading.
func (w *workbook) nextSheet() bool {
	f := w.inside[fmt.Sprintf("xl/worksheets/sheet%d.xml", w.sheets+1)]
	if f == nil {
		return false
	}
	if w.sheet != nil {
		_ = w.sheet.Close() // it was only read
	}
	var err error
	if w.sheet, err = f.Open(); err != nil {
		return false
	}
	w.rows, w.sheets = xmlread.New(w.sheet, xmlread.Options{}), w.sheets+1
	if !w.rows.Child(0) {
		return false
	}
	for at := w.rows.Depth(); w.rows.Child(at); {
		if w.rows.Name() == "sheetData" {
			w.data = w.rows.Depth()
			_, ok := w.row() // the heading
			return ok
		}
	}
	return false
}

// row reads the cells of the next row by their columns.
func (w *workbook) row() (map[byte]string, bool) {
	if !w.rows.Child(w.data) {
		return nil, false
	}
	w.line++
	cells := map[byte]string{}
	for at := w.rows.Depth(); w.rows.Child(at); {
		place, _ := w.rows.Attr("r")
		if place == "" {
			continue
		}
		cells[place[0]] = w.cell()
	}
	return cells, w.rows.Err() == nil
}

// cell is the value of a cell, or its text.
func (w *workbook) cell() (value string) {
	for at := w.rows.Depth(); w.rows.Child(at); {
		switch w.rows.Name() {
		case "v":
			value = w.rows.Value()
		case "is":
			for in := w.rows.Depth(); w.rows.Child(in); {
				value = w.rows.Value()
			}
		}
	}
	return value
}

func (w *workbook) next() (map[byte]string, bool) {
	cells, ok := w.row()
	if !ok && w.nextSheet() {
		return w.row()
	}
	return cells, ok
}

func (w *workbook) entry(e *entry, lines []printed) {
	for i, l := range lines {
		if w.broken {
			return
		}
		got, _ := w.next() // a missing row has no cells
		want := map[byte]string{
			'A': strconv.FormatInt(e.No, 10), 'B': e.Journal, 'C': strconv.FormatInt(e.JournalNo, 10), 'D': strconv.Itoa(i + 1),
			'E': serial(e.PostedOn), 'F': serial(e.BookedOn), 'G': serial(e.ValueOn), 'H': l.account, 'I': personOf(l.account),
			'J': kindNames[e.Kind], 'K': e.Source, 'L': e.label(), 'M': amount(l.debit, "."), 'N': amount(l.credit, "."),
		}
		if e.Reverses != 0 {
			want['O'] = strconv.FormatInt(e.Reverses, 10)
		}
		for column := byte('A'); column <= 'O'; column++ {
			if shown(got[column]) != shown(want[column]) && !w.broken {
				w.broken = true
				w.c.found(w.name, w.line, e.thing(), "la colonne %c n'est pas celle de l'écriture scellée : « %s », attendu « %s »",
					column, got[column], want[column])
			}
		}
	}
}

func (w *workbook) end() {
	if w.broken {
		return
	}
	got, _ := w.next()
	if got['L'] != "Total" || got['M'] != w.c.m.Totals.Debit || got['N'] != w.c.m.Totals.Credit {
		w.c.found(w.name, w.line, "", "le total n'est pas celui des écritures, ou il y a des lignes de trop")
	}
	if _, more := w.next(); more {
		w.c.found(w.name, w.line, "", "il y a des lignes après le total")
	}
}

// shown is a text as XML can carry it.
func shown(text string) string {
	return strings.TrimSpace(flat(strings.ReplaceAll(text, "\ufffd", " "), ""))
}

// serial is a day as spreadsheets count them.
func serial(iso string) string {
	d, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return ""
	}
	const day, until1970 = 24 * 60 * 60, 25569
	return strconv.FormatInt(d.Unix()/day+until1970, 10)
}
