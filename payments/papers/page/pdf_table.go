package page

import (
	"strconv"
	"strings"
	"unicode"
)

const rowGap = 0.9 // above and below the text of a row

// section prints a table: its head comes again on each page, and no row is cut.
func (s *sheets) section(t Section) {
	s.pdf.Ln(4)
	widths := t.widths()
	titles := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		titles[i] = c.Title
	}
	s.need(headingSize + 6*lineHeight)
	s.font("B", headingSize)
	s.text(t.Title, inner)
	if len(t.Rows) == 0 {
		s.font("", bodySize)
		s.text(t.Empty, inner)
	} else {
		s.row(t, widths, Row{Strong: true, Cells: titles}, true)
	}
	for _, row := range t.Rows {
		s.style(row)
		if s.need(s.height(widths, row)) {
			s.row(t, widths, Row{Strong: true, Cells: titles}, true)
		}
		s.row(t, widths, row, false)
	}
	if t.Note != "" {
		s.pdf.Ln(1)
		s.font("", bodySize)
		s.text(t.Note, inner)
	}
}

// widths share the sheet among the columns.
func (t Section) widths() []float64 {
	sum := 0
	for _, c := range t.Columns {
		sum += c.Width
	}
	widths := make([]float64, len(t.Columns))
	for i, c := range t.Columns {
		widths[i] = inner * float64(c.Width) / float64(sum)
	}
	return widths
}

func (s *sheets) style(row Row) {
	if row.Strong {
		s.font("B", bodySize)
		return
	}
	s.font("", bodySize)
}

// height is what a row needs, in the font that is set.
func (s *sheets) height(widths []float64, row Row) float64 {
	lines := 1
	for i, text := range row.Cells {
		lines = max(lines, len(s.split(text, widths[i])))
	}
	return float64(lines)*lineHeight + 2*rowGap
}

// row prints one row where the page stands, and a line below it.
func (s *sheets) row(t Section, widths []float64, row Row, isHead bool) {
	s.style(row)
	top, height := s.pdf.GetY(), s.height(widths, row)
	if row.Strong && !isHead {
		s.pdf.SetFillColor(242, 242, 242)
		s.pdf.Rect(margin, top+0.2, inner, height-0.2, "F")
	}
	x := margin
	for i, text := range row.Cells {
		align := "L"
		if t.Columns[i].Number {
			align = "R"
		}
		for n, line := range s.split(text, widths[i]) {
			s.pdf.SetXY(x, top+rowGap+float64(n)*lineHeight)
			s.pdf.CellFormat(widths[i], lineHeight, line, "", 0, align, false, 0, "")
		}
		x += widths[i]
	}
	s.grey()
	if isHead {
		s.pdf.SetDrawColor(22, 22, 22)
	}
	s.pdf.Line(margin, top+height, margin+inner, top+height)
	s.black()
	s.pdf.SetXY(margin, top+height)
}

// printable is a text that the fonts have letters for: they know no narrow space, and nothing
// outside the first plane; what would move the pen or turn its direction is a space.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u202f' || r == '\u2009':
			return '\u00a0'
		case r > 0xffff || r == unicode.ReplacementChar:
			return '?'
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return ' '
		}
		return r
	}, text)
}

func number(n int) string { return strconv.Itoa(n) }
