package export

import (
	"archive/zip"
	"compress/flate"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// maxRows is how many rows of lines a sheet has under its header, as Excel counts.
const maxRows = 1_048_575

// xlsxWriter writes a workbook as it goes: a sheet is compressed row by row, and what must name all
// sheets comes last.
type xlsxWriter struct {
	zip    *zip.Writer
	sheet  io.Writer // nil before the first
	sheets int
	row    int64 // of the sheet, 1 for the header
	limit  int64 // rows of lines of a sheet
	buffer []byte
}

func newXLSX(out io.Writer) *xlsxWriter {
	z := zip.NewWriter(out)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestSpeed)
	})
	return &xlsxWriter{zip: z, limit: maxRows}
}

// The styles of a cell: their place in xlsxStyles.
const (
	plainStyle = iota
	dayStyle
	amountStyle
	headStyle
	totalStyle
)

func (w *xlsxWriter) begin() error { return w.nextSheet() }

func (w *xlsxWriter) entry(e *entry, lines []line) error {
	for i := range lines {
		l := &lines[i]
		b, err := w.nextRow()
		if err != nil {
			return err
		}
		b = w.number(b, 'A', e.no, plainStyle)
		b = w.text(b, 'B', e.journal, plainStyle)
		b = w.number(b, 'C', e.inNo, plainStyle)
		b = w.number(b, 'D', int64(i+1), plainStyle)
		b = w.day(b, 'E', e.posted)
		b = w.day(b, 'F', e.booked)
		b = w.day(b, 'G', e.value)
		b = w.text(b, 'H', []byte(l.account.code), plainStyle)
		b = w.text(b, 'I', []byte(l.account.mandate()), plainStyle)
		b = w.text(b, 'J', []byte(e.kindName()), plainStyle)
		b = w.text(b, 'K', e.source, plainStyle)
		b = w.text(b, 'L', e.label, plainStyle)
		b = w.amount(b, 'M', l.debit, amountStyle)
		b = w.amount(b, 'N', l.credit, amountStyle)
		if e.reverses != 0 {
			b = w.number(b, 'O', e.reverses, plainStyle)
		}
		w.buffer = append(b, "</row>"...)
	}
	if len(w.buffer) < pieceSize {
		return nil
	}
	return w.flush()
}

// end writes the totals as values, and what a workbook is made of.
func (w *xlsxWriter) end(s Summary) error {
	b, err := w.nextRow()
	if err != nil {
		return err
	}
	b = w.text(b, 'L', []byte("Total"), headStyle)
	b = w.amount(b, 'M', s.Debit.Cents(), totalStyle)
	b = w.amount(b, 'N', s.Credit.Cents(), totalStyle)
	w.buffer = append(b, "</row>"...)
	if err := w.closeSheet(); err != nil {
		return err
	}
	for _, part := range w.parts() {
		into, err := w.create(part[0])
		if err != nil {
			return err
		}
		if _, err := io.WriteString(into, xmlHead+part[1]); err != nil {
			return err
		}
	}
	return w.zip.Close()
}

// nextRow begins a row, on a next sheet when this one is full.
func (w *xlsxWriter) nextRow() ([]byte, error) {
	if w.row > w.limit {
		if err := w.closeSheet(); err != nil {
			return nil, err
		}
		if err := w.nextSheet(); err != nil {
			return nil, err
		}
	}
	w.row++
	b := strconv.AppendInt(append(w.buffer, `<row r="`...), w.row, 10)
	return append(b, `">`...), nil
}

func (w *xlsxWriter) nextSheet() (err error) {
	w.sheets++
	if w.sheet, err = w.create(fmt.Sprintf("xl/worksheets/sheet%d.xml", w.sheets)); err != nil {
		return err
	}
	w.row = 1
	b := append(w.buffer, xmlHead+sheetHead+`<row r="1">`...)
	for i, name := range frenchColumns {
		b = w.text(b, byte('A'+i), []byte(name), headStyle)
	}
	w.buffer = append(b, "</row>"...)
	return nil
}

func (w *xlsxWriter) closeSheet() error {
	w.buffer = append(w.buffer, "</sheetData></worksheet>"...)
	return w.flush()
}

func (w *xlsxWriter) flush() error {
	_, err := w.sheet.Write(w.buffer)
	w.buffer = w.buffer[:0]
	return err
}

// create begins a part of the file. Its time is always the same: the same books give the same bytes.
func (w *xlsxWriter) create(name string) (io.Writer, error) {
	return w.zip.CreateHeader(&zip.FileHeader{
		Name: name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC),
	})
}

// cell begins a cell; its value follows.
func (w *xlsxWriter) cell(b []byte, column byte, style int) []byte {
	b = strconv.AppendInt(append(append(b, `<c r="`...), column), w.row, 10)
	if style != plainStyle {
		b = strconv.AppendInt(append(b, `" s="`...), int64(style), 10)
	}
	return append(b, '"')
}

func (w *xlsxWriter) number(b []byte, column byte, n int64, style int) []byte {
	b = strconv.AppendInt(append(w.cell(b, column, style), "><v>"...), n, 10)
	return append(b, "</v></c>"...)
}

func (w *xlsxWriter) amount(b []byte, column byte, cents int64, style int) []byte {
	b = appendAmount(append(w.cell(b, column, style), "><v>"...), cents, '.')
	return append(b, "</v></c>"...)
}

// daysToMillennium is 2000-01-01 as spreadsheets count days.
const daysToMillennium = 36526

func (w *xlsxWriter) day(b []byte, column byte, d day) []byte {
	if d == noDay {
		return b
	}
	return w.number(b, column, int64(d)+daysToMillennium, dayStyle)
}

// text is never computed: its type says that it is a text.
func (w *xlsxWriter) text(b []byte, column byte, text []byte, style int) []byte {
	if len(text) == 0 {
		return b
	}
	b = append(w.cell(b, column, style), ` t="inlineStr"><is><t xml:space="preserve">`...)
	return append(appendXML(b, text), "</t></is></c>"...)
}

// appendXML writes a text as XML 1.0 allows: what it does not, becomes U+FFFD.
func appendXML(b, text []byte) []byte {
	for i, c := range text {
		switch {
		case c == '&':
			b = append(b, "&amp;"...)
		case c == '<':
			b = append(b, "&lt;"...)
		case c == '>':
			b = append(b, "&gt;"...)
		case c < ' ' && c != '\t' && c != '\n':
			b = append(b, "\ufffd"...)
		case c >= 0xbe && i >= 2 && text[i-1] == 0xbf && text[i-2] == 0xef: // U+FFFE, U+FFFF
			b = append(b, 0xbd)
		default:
			b = append(b, c)
		}
	}
	return b
}

const (
	xmlHead   = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainSpace = `"http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	relations = `"http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	packaging = `"http://schemas.openxmlformats.org/package/2006/`
	mainTypes = `application/vnd.openxmlformats-officedocument.spreadsheetml.`

	sheetHead = `<worksheet xmlns=` + mainSpace + `><sheetViews><sheetView workbookViewId="0">` +
		`<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>` +
		`<sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="4" width="9" customWidth="1"/>` +
		`<col min="5" max="7" width="11" customWidth="1"/><col min="8" max="8" width="22" customWidth="1"/>` +
		`<col min="9" max="9" width="11" customWidth="1"/><col min="10" max="10" width="20" customWidth="1"/>` +
		`<col min="11" max="12" width="36" customWidth="1"/><col min="13" max="14" width="14" customWidth="1"/>` +
		`<col min="15" max="15" width="12" customWidth="1"/></cols><sheetData>`

	// numFmtId 14 is the short day of the reader's country, 4 his number with two decimals.
	xlsxStyles = `<styleSheet xmlns=` + mainSpace + `><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>` +
		`<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>` +
		`<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/>` +
		`</border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		`<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
		`<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>` +
		`<xf numFmtId="4" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>` +
		`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
)

// parts are what makes the sheets a workbook: name and content of each.
func (w *xlsxWriter) parts() [][2]string {
	var types, sheets, links strings.Builder
	for i := range w.sheets {
		n, name := i+1, "Écritures"
		if i > 0 {
			name += " " + strconv.Itoa(n)
		}
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%sworksheet+xml"/>`, n, mainTypes)
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, name, n, n)
		fmt.Fprintf(&links, `<Relationship Id="rId%d" Type=%s/worksheet" Target="worksheets/sheet%d.xml"/>`, n, relations, n)
	}
	fmt.Fprintf(&links, `<Relationship Id="rId%d" Type=%s/styles" Target="styles.xml"/>`, w.sheets+1, relations)
	return [][2]string{
		{"xl/styles.xml", xlsxStyles},
		{"xl/workbook.xml", `<workbook xmlns=` + mainSpace + ` xmlns:r=` + relations + `"><sheets>` + sheets.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns=` + packaging + `relationships">` + links.String() + `</Relationships>`},
		{"_rels/.rels", `<Relationships xmlns=` + packaging + `relationships"><Relationship Id="rId1" Type=` + relations +
			`/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"[Content_Types].xml", `<Types xmlns=` + packaging + `content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="` + mainTypes + `sheet.main+xml"/>` +
			`<Override PartName="/xl/styles.xml" ContentType="` + mainTypes + `styles+xml"/>` + types.String() + `</Types>`},
	}
}
