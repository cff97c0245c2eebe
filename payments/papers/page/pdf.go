package page

import (
	"io"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

// Lengths on a sheet of A4, in millimetres; sizes of letters are in points.
const (
	sheetWidth  = 210.0
	sheetHeight = 297.0
	margin      = 15.0
	bottom      = sheetHeight - 20.0 // of what is printed; the footer stands below
	inner       = sheetWidth - 2*margin
	padding     = 1.0 // inside a cell

	lineHeight  = 4.1
	bodySize    = 8.5
	titleSize   = 15.0
	headingSize = 10.5
	smallSize   = 7.5
	factColumn  = 32.0
)

// PDF writes the paper as a PDF, the same bytes for the same paper.
func (p Paper) PDF(w io.Writer) error {
	first := p.layOut(0)
	if err := first.pdf.Error(); err != nil {
		return err
	}
	return p.layOut(first.pdf.PageCount()).pdf.Output(w)
}

// sheets is a PDF while it is laid out.
type sheets struct {
	pdf   *fpdf.Fpdf
	paper Paper
	pages int // 0 while nobody has counted them
}

// layOut draws all pages.
func (p Paper) layOut(pages int) *sheets {
	s := &sheets{pdf: fpdf.New("P", "mm", "A4", ""), paper: p, pages: pages}
	s.pdf.SetCatalogSort(true)
	s.pdf.SetCreationDate(p.Dated.UTC())
	s.pdf.SetModificationDate(p.Dated.UTC())
	s.pdf.SetProducer("masp", true)
	s.pdf.SetLang("fr-FR")
	s.pdf.SetTitle(p.Title+" "+p.Subtitle, true)
	s.pdf.SetAuthor(p.From, true)
	s.pdf.SetMargins(margin, margin, margin)
	s.pdf.SetAutoPageBreak(false, 0)
	s.pdf.SetCellMargin(padding)
	s.pdf.AddUTF8FontFromBytes("paper", "", goregular.TTF)
	s.pdf.AddUTF8FontFromBytes("paper", "B", gobold.TTF)
	s.pdf.SetFooterFunc(s.footer)
	s.pdf.AddPage()
	s.head()
	for _, section := range p.Sections {
		s.section(section)
	}
	s.end()
	return s
}

// font chooses letters; style is "" or "B".
func (s *sheets) font(style string, size float64) { s.pdf.SetFont("paper", style, size) }

// footer names the paper on each page and counts the pages.
func (s *sheets) footer() {
	s.pdf.SetY(bottom + 4)
	s.grey()
	s.font("", smallSize)
	s.pdf.CellFormat(inner-25, 3.5, printable(s.paper.Number+" — "+s.paper.Title), "T", 0, "L", false, 0, "")
	s.pdf.CellFormat(25, 3.5, "page "+number(s.pdf.PageNo())+"/"+number(s.pages), "T", 1, "R", false, 0, "")
	s.font("", smallSize-1)
	s.pdf.CellFormat(inner, 3.5, "Empreinte du contenu : "+s.paper.mark(), "", 0, "L", false, 0, "")
	s.black()
}

func (s *sheets) black() { s.pdf.SetTextColor(22, 22, 22); s.pdf.SetDrawColor(120, 120, 120) }
func (s *sheets) grey()  { s.pdf.SetTextColor(85, 85, 85); s.pdf.SetDrawColor(200, 200, 200) }

// head is the top of the first page.
func (s *sheets) head() {
	s.black()
	s.font("", bodySize+0.5)
	s.text(s.paper.From, inner)
	s.pdf.Ln(1.5)
	s.font("B", titleSize)
	s.pdf.CellFormat(inner, 7, printable(s.paper.Title), "", 1, "L", false, 0, "")
	s.font("", headingSize)
	s.text(s.paper.Subtitle, inner)
	if s.paper.Warning != "" {
		s.font("B", bodySize)
		s.text(s.paper.Warning, inner)
	}
	s.pdf.Ln(2)
	for _, f := range s.paper.Facts {
		s.fact(f)
	}
}

// fact prints a name and what it names beside it.
func (s *sheets) fact(f Fact) {
	s.grey()
	s.font("", bodySize)
	s.pdf.CellFormat(factColumn, lineHeight, printable(f.Name), "", 0, "L", false, 0, "")
	s.black()
	for i, line := range s.split(f.Value, inner-factColumn) {
		if i > 0 {
			s.pdf.SetX(margin + factColumn)
		}
		s.pdf.CellFormat(inner-factColumn, lineHeight, line, "", 1, "L", false, 0, "")
	}
}

// text prints lines over a width, on the next page when this one is full.
func (s *sheets) text(text string, width float64) {
	_, size := s.pdf.GetFontSize()
	height := size * 1.3
	for _, line := range s.split(text, width) {
		s.need(height)
		s.pdf.CellFormat(width, height, line, "", 1, "L", false, 0, "")
	}
}

// need begins a page when there is no room for a height; it answers whether it did.
func (s *sheets) need(height float64) bool {
	if s.pdf.GetY()+height <= bottom {
		return false
	}
	s.pdf.AddPage()
	return true
}

// end prints the notes, and what the words mean.
func (s *sheets) end() {
	s.pdf.Ln(3)
	s.font("", bodySize)
	for _, note := range s.paper.Notes {
		s.text(note, inner)
		s.pdf.Ln(0.6)
	}
	terms := s.paper.terms()
	if len(terms) == 0 {
		return
	}
	s.pdf.Ln(1.5)
	s.need(4 * lineHeight)
	s.font("B", bodySize)
	s.text("Les mots de ce papier", inner)
	s.font("", smallSize)
	for _, t := range terms {
		s.text(t.Word+" : "+t.Meaning, inner)
	}
}

// split breaks a text at its spaces, never at those that do not break, and a word that is wider
// than the column where the column ends.
func (s *sheets) split(text string, width float64) []string {
	room := width - 2*padding
	var lines []string
	line := ""
	for _, word := range strings.Split(printable(tied.Replace(text)), " ") {
		if line == "" {
			line = word
		} else if s.pdf.GetStringWidth(line+" "+word) <= room {
			line += " " + word
		} else {
			lines, line = append(lines, line), word
		}
		for s.pdf.GetStringWidth(line) > room {
			cut := s.fitting(line, room)
			lines, line = append(lines, line[:cut]), line[cut:]
		}
	}
	return append(lines, line)
}

// fitting is how many bytes of a word have room: one letter at least.
func (s *sheets) fitting(word string, room float64) int {
	fits := 0
	for i := range word {
		if i > 0 && (fits == 0 || s.pdf.GetStringWidth(word[:i]) <= room) {
			fits = i
		}
	}
	return max(fits, 1)
}
