package export_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/export"
	"masp/ledger/money"
)

func cents(a money.Amount) string { return strconv.FormatInt(a.Cents(), 10) }

func readCSV(t testing.TB, text string, comma rune) [][]string {
	t.Helper()
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = comma
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestTheFrenchCSVOpensRightInAFrenchSpreadsheet(t *testing.T) {
	t.Parallel()
	_, text := newHouse(t).export(t, export.Ask{Format: export.CSVFrench})
	body, marked := strings.CutPrefix(text, "\ufeff")
	if !marked || strings.Count(body, "\r\n") != strings.Count(strings.ReplaceAll(body, "CAF\nDU", ""), "\n") {
		t.Errorf("no byte order mark, or a line that does not end in CRLF:\n%q", body)
	}
	rows := readCSV(t, body, ';')
	want := []string{
		"1", "BQ", "1", "2", "05/11/2026", "05/11/2026", "06/11/2026", "467:M-1", "M-1", "Encaissement",
		`bank POOL =HYPERLINK("x";"y"), 1`, `'=HYPERLINK("x";"y"), 1`, "0,00", "600,05", "",
	}
	if !slices.Equal(rows[2], want) {
		t.Errorf("got  %q\nwant %q", rows[2], want)
	}
	var texts []string
	for _, r := range rows[1:] {
		texts = append(texts, r[11])
	}
	for _, inert := range []string{"'-12,50 loyer", "'+33 CARSAT", "'@now", "CAF; de l'Été | <lot> & co", "décès"} {
		if !slices.Contains(texts, inert) {
			t.Errorf("no text %q in %q", inert, texts)
		}
	}
}

func TestTheFileOfEntriesPassesTheChecksOfTheTaxOffice(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s, text := h.export(t, export.Ask{Format: export.FEC, To: firstDay.AddDays(55)})
	for _, fault := range checkFEC(s.FileName(), text) {
		t.Error(fault)
	}
	if want := "999999998FEC20261230.txt"; s.FileName() != want {
		t.Errorf("got the name %q, want %q", s.FileName(), want)
	}
	want := "BQ\tBanque\t3\t20261105\t467\tFonds des personnes accompagnées\tM-1\tDURAND Élise\tbank POOL 171/3\t20261105\t" +
		"CAF; de l'Été | <lot> & co\t0,00\t1,10\t\t\t20261105\t\t"
	if !strings.Contains(text, "\r\n"+want+"\r\n") {
		t.Errorf("no line %q in\n%s", want, text)
	}
}

func TestPlantedFaultsOfAFileOfEntriesAreFound(t *testing.T) {
	t.Parallel()
	_, text := newHouse(t).export(t, export.Ask{Format: export.FEC})
	name := "999999998FEC20261231.txt"
	for _, c := range []struct{ old, planted, want string }{
		{"600,05", "600.05", "point"},
		{"1234567,89", "1 234 567,89", "thousands"},
		{"\t20261105\t", "\t20261305\t", "date"},
		{"\t467\t", "\tA67\t", "three digits"},
		{"\t0,00\t600,05", "\t600,05\t600,05", "both"},
		{"\t0,00\t600,05", "\t0,00\t600,06", "balance"},
		{"BQ\tBanque\t2\t", "BQ\tBanque\t9\t", "continue"},
		{"EcritureNum", "EcritureNo", "header"},
		{"\tbank POOL 171/3\t", "\tbank POOL\t171/3\t", "fields"},
		{"Virements\t1\t20261115", "Virements\t1\t", "empty"},
	} {
		found := strings.Join(checkFEC(name, strings.ReplaceAll(text, c.old, c.planted)), "\n")
		if !strings.Contains(found, c.want) {
			t.Errorf("%q instead of %q: found %q, want a fault of %s", c.planted, c.old, found, c.want)
		}
	}
	if checkFEC("FEC.txt", text) == nil {
		t.Error("a file without SIREN passes")
	}
}

func TestHledgerAcceptsTheJournalAndHasOurBalances(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("hledger"); err != nil {
		t.Skip("hledger is not installed: masp doctor --install --optional")
	}
	h := newHouse(t)
	_, text := h.export(t, export.Ask{Format: export.Hledger})
	hledger := func(args ...string) string {
		c := exec.CommandContext(t.Context(), "hledger", append([]string{"-f-"}, args...)...)
		c.Stdin, c.Env = strings.NewReader(text), []string{"LANG=C.UTF-8", "HOME=/nonexistent"}
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("hledger %q: %v\n%s\n%s", args, err, out, text)
		}
		return string(out)
	}
	hledger("check", "--strict", "ordereddates")
	got := map[string]string{}
	for _, r := range readCSV(t, hledger("balance", "--flat", "--empty", "--no-total", "-O", "csv"), ',')[1:] {
		got[r[0]] = strings.TrimSuffix(r[1], " EUR")
	}
	trial, err := h.TrialBalance(t.Context(), h.db.App)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range trial {
		balance := got[string(a.Code)]
		if balance == "0" {
			balance = "0.00"
		}
		if balance != a.Balance.String() {
			t.Errorf("%s: hledger says %q, we %s", a.Code, got[string(a.Code)], a.Balance)
		}
	}
	if len(got) != len(trial) {
		t.Errorf("hledger has %d accounts, we %d", len(got), len(trial))
	}
}

func TestEachLineOfJSONIsAnEntryAsItWasPosted(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, text := h.export(t, export.Ask{Format: export.JSONLines})
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	for no := int64(1); no <= 8; no++ {
		var got struct {
			Number        int64
			JournalNumber int64 `json:"journal_number"`
			Journal, Kind string
			Source, Label string
			By, Amount    string
			At            time.Time
			PostedOn      civil.Date `json:"posted_on"`
			BookedOn      civil.Date `json:"booked_on"`
			ValueOn       civil.Date `json:"value_on"`
			Reverses      int64      `json:"reverses_number"`
			Postings      []struct{ Debit, Credit, Amount string }
		}
		if err := d.Decode(&got); err != nil {
			t.Fatal(err)
		}
		want, err := h.Entry(t.Context(), h.db.App, no)
		if err != nil {
			t.Fatal(err)
		}
		var total money.Amount
		var pairs []ledger.Posting
		for _, p := range got.Postings {
			pairs = append(pairs, ledger.Posting{Debit: ledger.Code(p.Debit), Credit: ledger.Code(p.Credit), Amount: money.MustParse(p.Amount)})
			total = total.Add(money.MustParse(p.Amount))
		}
		if got.Number != no || got.Journal != string(want.Journal) || got.Kind != string(want.Kind) || got.Source != want.Source ||
			got.Label != want.Label || got.By != want.Actor || got.PostedOn != want.PostedOn || got.BookedOn != want.BookedOn ||
			got.ValueOn != want.ValueOn || got.Reverses != want.Reverses || got.Amount != total.String() ||
			!slices.Equal(pairs, want.Postings) || got.At.IsZero() || got.JournalNumber == 0 {
			t.Errorf("entry %d: got %+v, want %+v", no, got, want)
		}
	}
}

func TestAnotherReaderFindsNumbersDaysAndTotalsInTheWorkbook(t *testing.T) {
	t.Parallel()
	s, text := newHouse(t).export(t, export.Ask{Format: export.XLSX})
	f, err := excelize.OpenReader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	const sheet = "Écritures"
	for cell, want := range map[string]string{
		"A1": "Écriture", "L2": `=HYPERLINK("x";"y"), 1`, "N3": "600.05", "L6": "CAF; de l'Été | <lot> & co", "E2": "46331", "L4": "CAF\nDU NORD\t2026",
	} {
		if got, err := f.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true}); err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", cell, got, err, want)
		}
	}
	rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil || int64(len(rows)) != s.Lines+2 {
		t.Fatalf("got %d rows, %v, want %d", len(rows), err, s.Lines+2)
	}
	total := rows[len(rows)-1]
	if total[11] != "Total" || total[12] != s.Debit.String() || total[13] != s.Credit.String() {
		t.Errorf("got the totals %q, want %s and %s", total, s.Debit, s.Credit)
	}
	if kind, err := f.GetCellType(sheet, "N3"); err != nil || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
		t.Errorf("an amount has the type %v, %v", kind, err)
	}
	if formula, err := f.GetCellFormula(sheet, "L2"); err != nil || formula != "" {
		t.Errorf("got the formula %q, %v", formula, err)
	}
	if panes, err := f.GetPanes(sheet); err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("the header is not frozen: %+v, %v", panes, err)
	}
	if day, err := f.GetCellValue(sheet, "E2"); err != nil || day != "11-05-26" { // format 14 in the reader's own country
		t.Errorf("got the day %q, %v", day, err)
	}
}

func TestAFullSheetIsFollowedByTheNext(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := export.WriteRows(&out, 7, 3); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil || rows[0][0] != "Écriture" {
			t.Errorf("%s: no header, %v", sheet, err)
		}
		got[sheet] = len(rows)
	}
	if len(got) != 3 || got["Écritures"] != 4 || got["Écritures 2"] != 4 || got["Écritures 3"] != 3 {
		t.Errorf("got rows %v, want 4, 4 and 1 + 1 + total", got)
	}
}

func TestEveryPartOfTheWorkbookIsXML(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Skip("xmllint is not installed: masp doctor --install")
	}
	_, text := newHouse(t).export(t, export.Ask{Format: export.XLSX})
	parts, err := zip.NewReader(strings.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parts.File {
		r, err := p.Open()
		if err != nil {
			t.Fatal(err)
		}
		c := exec.CommandContext(t.Context(), "xmllint", "--noout", "-")
		c.Stdin = r
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", filepath.Base(p.Name), err, out)
		}
	}
}
