package page_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"masp/payments/papers/page"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// long is a label that takes three lines of its column.
const long = " <script>&amp; loyer de novembre 2026, charges comprises, à l'Office des Trois Collines ; référence très longue"

// sample is a statement with so many movements; each third has a long label.
func sample(rows int) page.Paper {
	p := page.Paper{
		Number: "RC-M-0001-20261101-20261130", Title: "Relevé de compte", Subtitle: "novembre 2026", Warning: "Provisoire.",
		From: "Association des Œuvres du Peuplier", Dated: time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC),
		Facts: []page.Fact{{"Personne", "Mme Façon Éva-Zoë"}, {"Mandat", "M-0001"}},
		Notes: []string{"Solde précédent + crédits − débits = nouveau solde."},
		Terms: []page.Term{{"Solde", "ce qu'il y a sur le compte."}},
		Sections: []page.Section{{
			Title: "Mouvements", Named: 2, Columns: []page.Column{
				{Title: "Date d'opération", Width: 11, Meaning: "le jour de la banque."},
				{Title: "Date de valeur", Width: 10, Meaning: "le jour qui compte pour la banque."},
				{Title: "Libellé", Width: 34},
				{Title: "Débit (sorties)", Width: 12, Number: true, Meaning: "l'argent qui sort."},
				{Title: "Crédit (entrées)", Width: 12, Number: true, Meaning: "l'argent qui entre."},
				{Title: "Solde", Width: 13, Number: true},
			},
		}, {Title: "Dettes", Columns: []page.Column{{Title: "Dette", Width: 20}}, Empty: "Aucune dette n'est notée."}},
	}
	s := &p.Sections[0]
	s.Rows = append(s.Rows, page.Row{Strong: true, Cells: []string{"", "", "Solde précédent au 31/10/2026", "", "", "43,17\u00a0€"}})
	for n := range rows {
		label := fmt.Sprintf("Ligne %d", n+1)
		if n%3 == 1 {
			label += long
		}
		s.Rows = append(s.Rows, page.Row{Cells: []string{"05/11/2026", "06/11/2026", label, "", "1\u202f573,49\u00a0€", "−12\u202f616,66\u00a0€"}})
	}
	return p
}

func pdf(t testing.TB, p page.Paper) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := p.PDF(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func htmlBytes(t testing.TB, p page.Paper) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := p.HTML(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pdfToText(t *testing.T, tool string, content []byte, how string) string {
	t.Helper()
	read := exec.CommandContext(t.Context(), tool, how, "-enc", "UTF-8", "-", "-")
	read.Stdin = bytes.NewReader(content)
	text, err := read.Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return string(text)
}

// readPDF is the text of each page, by a reader that is not ours; without it the test says so.
func readPDF(t *testing.T, content []byte) []string {
	t.Helper()
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("pdftotext (poppler-utils) is missing, and CI must not skip it")
		}
		t.Skip("pdftotext (poppler-utils) is missing: the text of the PDF is not read")
	}
	text := pdfToText(t, tool, content, "-layout")
	var pages []string
	for _, one := range strings.Split(strings.TrimSuffix(text, "\f"), "\f") {
		var lines []string
		for _, line := range strings.Split(one, "\n") {
			if words := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' }); len(words) > 0 {
				lines = append(lines, strings.Join(words, " "))
			}
		}
		pages = append(pages, strings.Join(lines, "\n")+"\n")
	}
	return pages
}

func TestEachFormOfAPaperIsItsGolden(t *testing.T) {
	t.Parallel()
	p := sample(4)
	for name, got := range map[string]string{
		"statement.html": string(htmlBytes(t, p)), "statement.txt": p.Text(), "statement.pdf.txt": strings.Join(readPDF(t, pdf(t, p)), ""),
	} {
		file := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
	}
}

func TestTheSamePaperIsTheSameBytesAndAnotherIsNot(t *testing.T) {
	t.Parallel()
	p := sample(12)
	if !bytes.Equal(pdf(t, p), pdf(t, sample(12))) || !bytes.Equal(htmlBytes(t, p), htmlBytes(t, sample(12))) {
		t.Error("the same paper has two forms")
	}
	other := sample(12)
	other.Sections[0].Rows[7].Cells[5] = "0,01\u00a0€"
	if p.Fingerprint() == other.Fingerprint() || bytes.Equal(pdf(t, p), pdf(t, other)) {
		t.Error("a cent more has the same form")
	}
	moved := sample(12)
	cells := moved.Sections[0].Rows[1].Cells
	cells[3], cells[4] = cells[4], cells[3]
	if p.Fingerprint() == moved.Fingerprint() {
		t.Error("a credit that became a debit has the same fingerprint")
	}
}

func TestTenMovementsFillOnePageAndTheirHeadComesAgainOnTheNext(t *testing.T) {
	t.Parallel()
	if pages := readPDF(t, pdf(t, sample(10))); len(pages) != 1 {
		t.Errorf("ten movements take %d pages, want 1", len(pages))
	}
	pages := readPDF(t, pdf(t, sample(90)))
	if len(pages) < 3 {
		t.Fatalf("90 movements take %d pages: the test would not fail", len(pages))
	}
	for i, text := range pages {
		if want := fmt.Sprintf("page %d/%d", i+1, len(pages)); !strings.Contains(text, want) {
			t.Errorf("page %d does not say %q", i+1, want)
		}
		if strings.Contains(text, "05/11/2026") && !strings.Contains(text, "Libellé") {
			t.Errorf("page %d has movements without the head of their table", i+1)
		}
	}
}

func TestNoRowIsCutAndNoneIsLost(t *testing.T) {
	t.Parallel()
	const rows = 90
	all := ""
	for i, text := range readPDF(t, pdf(t, sample(rows))) {
		all += text
		if begun, ended := strings.Count(text, "<script>"), strings.Count(text, "référence très longue"); begun != ended {
			t.Errorf("page %d begins %d long rows and ends %d", i+1, begun, ended)
		}
	}
	for n := range rows {
		if !strings.Contains(all, fmt.Sprintf("Ligne %d ", n+1)) {
			t.Errorf("row %d is lost", n+1)
		}
	}
}

// The lines of a page end above its footer, 277 mm down, and beside its margins, 15 mm wide: in points.
func TestNothingIsPrintedIntoTheFooterOrTheMargins(t *testing.T) {
	t.Parallel()
	p := sample(90)
	readPDF(t, pdf(t, p)) // tells when there is no reader
	found := word.FindAllStringSubmatch(pdfToText(t, "pdftotext", pdf(t, p), "-bbox"), -1)
	if len(found) < 900 {
		t.Fatalf("got %d words: the test would not fail", len(found))
	}
	for _, w := range found {
		left, right, low := points(t, w[1]), points(t, w[3]), points(t, w[4])
		if left < 42 || right > 553 {
			t.Errorf("%q stands from %d to %d, want it within 42 and 553", w[5], left, right)
		}
		if low > 786 && (w[5] == "05/11/2026" || w[5] == "longue") {
			t.Errorf("%q stands at %d, want it above the footer at 786", w[5], low)
		}
	}
}

var word = regexp.MustCompile(`<word xMin="(\d+)[^"]*" yMin="(\d+)[^"]*" xMax="(\d+)[^"]*" yMax="(\d+)[^"]*">([^<]*)</word>`)

func points(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestLettersThatTheFontsDoNotKnowSpoilNothing(t *testing.T) {
	t.Parallel()
	p := sample(0)
	p.Sections[0].Rows = append(p.Sections[0].Rows, page.Row{Cells: []string{
		"", "", "é è ç œ Œ € — « » ’ …\u202eabc\u0000\ud7ff" + "\U0001f600" + strings.Repeat("M", 120), "", "", "",
	}})
	pages := readPDF(t, pdf(t, p))
	if want := "é è ç œ Œ € — « » ’ …"; !strings.Contains(pages[0], want) {
		t.Errorf("got\n%s\nwant it with %q", pages[0], want)
	}
	if got := strings.Count(pages[0], "M") - strings.Count(strings.Join(readPDF(t, pdf(t, sample(0))), ""), "M"); got != 120 {
		t.Errorf("got %d letters of a word that is wider than its column, want 120", got)
	}
}

func BenchmarkPDFOfAYear(b *testing.B) {
	for b.Loop() {
		pdf(b, sample(250))
	}
}
