package page

import (
	"strings"
	"unicode/utf8"
)

// Text is the paper in letters of one width.
func (p Paper) Text() string {
	w := &strings.Builder{}
	width := p.textWidth()
	rule := strings.Repeat("─", width)
	line := func(text string) { w.WriteString(strings.TrimRight(text, " ") + "\n") }
	line(rule)
	line(p.From)
	line(strings.ToUpper(p.Title) + " — " + p.Subtitle)
	if p.Warning != "" {
		paragraph(line, "! "+p.Warning, width)
	}
	line(rule)
	for _, f := range p.Facts {
		line(left(f.Name, factWidth) + "  " + f.Value)
	}
	for _, s := range p.Sections {
		line("")
		s.text(line, width)
	}
	line(rule)
	for _, note := range p.Notes {
		paragraph(line, note, width)
	}
	for _, t := range p.terms() {
		paragraph(line, "  "+t.Word+" : "+t.Meaning, width)
	}
	line(p.Number)
	paragraph(line, "Empreinte du contenu : "+p.mark(), width)
	return w.String()
}

const (
	minTextWidth = 80
	factWidth    = 16
)

// textWidth is that of the widest table.
func (p Paper) textWidth() int {
	width := minTextWidth
	for _, s := range p.Sections {
		sum := -columnGap
		for _, c := range s.Columns {
			sum += c.Width + columnGap
		}
		width = max(width, sum)
	}
	return width
}

const columnGap = 2

// text prints the table; a cell that is too long goes on below.
func (s Section) text(line func(string), width int) {
	line(s.Title)
	if len(s.Rows) == 0 {
		paragraph(line, "  "+s.Empty, width)
	} else {
		titles := Row{}
		for _, c := range s.Columns {
			titles.Cells = append(titles.Cells, c.Title)
		}
		thin := strings.Repeat("-", width)
		s.textRow(line, titles)
		line(thin)
		for i, row := range s.Rows {
			if row.Strong && i > 0 {
				line(thin)
			}
			s.textRow(line, row)
		}
	}
	if s.Note != "" {
		paragraph(line, s.Note, width)
	}
}

func (s Section) textRow(line func(string), row Row) {
	cells := make([][]string, len(row.Cells))
	height := 1
	for i, text := range row.Cells {
		cells[i] = wrap(text, s.Columns[i].Width)
		height = max(height, len(cells[i]))
	}
	for n := range height {
		var parts []string
		for i, c := range s.Columns {
			text := ""
			if n < len(cells[i]) {
				text = cells[i][n]
			}
			if c.Number {
				parts = append(parts, right(text, c.Width))
			} else {
				parts = append(parts, left(text, c.Width))
			}
		}
		line(strings.Join(parts, strings.Repeat(" ", columnGap)))
	}
}

func paragraph(line func(string), text string, width int) {
	for _, part := range wrap(text, width) {
		line(part)
	}
}

// wrap breaks a text at its spaces, and a word that is longer than a line where the line ends.
// Spaces that do not break stay what they are.
func wrap(text string, width int) []string {
	var lines []string
	for len(text) > 0 {
		if utf8.RuneCountInString(text) <= width {
			return append(lines, text)
		}
		letters := []rune(text)
		end := width
		for i := width; i > 0; i-- {
			if letters[i] == ' ' {
				end = i
				break
			}
		}
		lines = append(lines, string(letters[:end]))
		text = strings.TrimLeft(string(letters[end:]), " ")
	}
	return lines
}

func left(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(text)))
}

func right(text string, width int) string {
	return strings.Repeat(" ", max(0, width-utf8.RuneCountInString(text))) + text
}
