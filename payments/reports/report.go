package reports

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/papers/page"
)

// Name is a report.
type Name string

// The reports.
const (
	Priority  Name = "priority"
	LateRents Name = "late_rents"
	Arrears   Name = "arrears"
	Activity  Name = "activity"
	Masp      Name = "masp"
)

// Ask is what a report tells of: days, both included, and a Département or all of them.
type Ask struct {
	From, To   civil.Date
	Department string
}

// Value is a number, an amount, a day or a text. The zero value is nothing.
type Value struct {
	text   string
	amount *money.Amount
	count  *int64
	day    civil.Date
	rate   *int64 // in thousandths
}

// Text is a value of words.
func Text(s string) Value { return Value{text: s} }

// Count is a value of things.
func Count(n int64) Value { return Value{count: &n} }

// Amount is a value of money.
func Amount(a money.Amount) Value { return Value{amount: &a} }

// Day is a value of a day.
func Day(d civil.Date) Value { return Value{day: d} }

// Rate is a part of a whole, to the thousandth; of nothing there is no rate.
func Rate(part, whole int64) Value {
	if whole == 0 {
		return Value{}
	}
	thousandths := (2000*part + whole) / (2 * whole)
	return Value{rate: &thousandths}
}

// String is the value for programs: 412.00, 2026-11-05, 0.945.
func (v Value) String() string {
	switch {
	case v.amount != nil:
		return v.amount.String()
	case v.count != nil:
		return strconv.FormatInt(*v.count, 10)
	case v.rate != nil:
		return fmt.Sprintf("%d.%03d", *v.rate/1000, *v.rate%1000)
	case !v.day.IsZero():
		return v.day.String()
	}
	return v.text
}

// French is the value as people read it.
func (v Value) French() string {
	switch {
	case v.amount != nil:
		return v.amount.French()
	case v.rate != nil:
		return fmt.Sprintf("%d,%d %%", *v.rate/10, *v.rate%10)
	case !v.day.IsZero():
		return v.day.FrenchShort()
	}
	return v.String()
}

// sheet is the value in a French spreadsheet, where a text must not become a formula.
func (v Value) sheet() string {
	switch {
	case v.amount != nil, v.rate != nil:
		return strings.Replace(v.String(), ".", ",", 1)
	case v.count != nil:
		return v.String()
	case !v.day.IsZero():
		return v.day.FrenchShort()
	}
	if v.text != "" && strings.ContainsRune("=+-@\t\r", rune(v.text[0])) {
		return "'" + v.text
	}
	return v.text
}

func (v Value) number() bool { return v.amount != nil || v.count != nil || v.rate != nil }

// Figure is one number of a report.
type Figure struct {
	Code  string // stable
	Label string // French
	Value Value
}

// Column is a column of a table.
type Column struct {
	Code  string // stable
	Title string // French
	Width int    // on a printed sheet, in letters
}

// Table is a list of a report.
type Table struct {
	Code    string
	Title   string
	Columns []Column
	Rows    [][]Value
	Empty   string // what is said of no rows
}

// Report is figures and tables.
type Report struct {
	Name         Name
	Title        string
	Organisation string
	Ask          Ask
	Figures      []Figure
	Tables       []Table
	Notes        []string
}

// Mandates are those that the report names.
func (r Report) Mandates() []string {
	var all []string
	for _, t := range r.Tables {
		for i, c := range t.Columns {
			for _, row := range t.Rows {
				if c.Code == "mandate" && !slices.Contains(all, row[i].text) {
					all = append(all, row[i].text)
				}
			}
		}
	}
	return all
}

func (r *Report) add(code, label string, v Value) {
	r.Figures = append(r.Figures, Figure{code, label, v})
}

// MarshalJSON writes the report for programs: each row by the codes of its columns.
func (r Report) MarshalJSON() ([]byte, error) {
	type figure struct {
		Code  string `json:"code"`
		Label string `json:"label"`
		Value string `json:"value"`
	}
	type table struct {
		Code  string              `json:"code"`
		Title string              `json:"title"`
		Rows  []map[string]string `json:"rows"`
	}
	out := struct {
		Report     Name       `json:"report"`
		Title      string     `json:"title"`
		From       civil.Date `json:"from"`
		To         civil.Date `json:"to"`
		Department string     `json:"department,omitempty"`
		Figures    []figure   `json:"figures"`
		Tables     []table    `json:"tables"`
		Notes      []string   `json:"notes"`
	}{r.Name, r.Title, r.Ask.From, r.Ask.To, r.Ask.Department, []figure{}, []table{}, append([]string{}, r.Notes...)}
	for _, f := range r.Figures {
		out.Figures = append(out.Figures, figure{f.Code, f.Label, f.Value.String()})
	}
	for _, t := range r.Tables {
		one := table{t.Code, t.Title, []map[string]string{}}
		for _, row := range t.Rows {
			cells := map[string]string{}
			for i, c := range t.Columns {
				cells[c.Code] = row[i].String()
			}
			one.Rows = append(one.Rows, cells)
		}
		out.Tables = append(out.Tables, one)
	}
	return json.Marshal(out)
}

// CSV is the report as a French spreadsheet reads it: its figures, then its tables, an empty line between.
func (r Report) CSV() string {
	b := []byte("\ufeff")
	row := func(cells ...string) {
		for i, cell := range cells {
			if i > 0 {
				b = append(b, ';')
			}
			if strings.ContainsAny(cell, ";\"\r\n") {
				cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
			}
			b = append(b, cell...)
		}
		b = append(b, '\r', '\n')
	}
	row(r.Title, r.Ask.From.FrenchShort(), r.Ask.To.FrenchShort(), r.Ask.Department)
	for _, f := range r.Figures {
		row(f.Label, f.Value.sheet())
	}
	for _, t := range r.Tables {
		row()
		row(t.Title)
		titles := make([]string, len(t.Columns))
		for i, c := range t.Columns {
			titles[i] = c.Title
		}
		row(titles...)
		for _, values := range t.Rows {
			cells := make([]string, len(values))
			for i, v := range values {
				cells[i] = v.sheet()
			}
			row(cells...)
		}
	}
	return string(b)
}

// Paper puts the report on paper: HTML to print, PDF or text.
func (r Report) Paper() page.Paper {
	p := page.Paper{
		Number: "ETAT-" + strings.ToUpper(string(r.Name)) + "-" + compact(r.Ask.From) + "-" + compact(r.Ask.To) + dash(r.Ask.Department),
		Title:  r.Title, Subtitle: "du " + r.Ask.From.French() + " au " + r.Ask.To.French(), From: r.Organisation, Notes: r.Notes,
		Dated: r.Ask.To.Time(),
	}
	if r.Ask.Department != "" {
		p.Facts = append(p.Facts, page.Fact{Name: "Département", Value: r.Ask.Department})
	}
	if len(r.Figures) > 0 {
		s := page.Section{Title: "Chiffres", Columns: []page.Column{{Title: "Indicateur", Width: 70}, {Title: "Valeur", Width: 18, Number: true}}}
		for _, f := range r.Figures {
			s.Rows = append(s.Rows, page.Row{Cells: []string{f.Label, f.Value.French()}})
		}
		p.Sections = append(p.Sections, s)
	}
	for _, t := range r.Tables {
		p.Sections = append(p.Sections, t.section())
	}
	return p
}

func (t Table) section() page.Section {
	s := page.Section{Title: t.Title, Empty: t.Empty}
	for i, c := range t.Columns {
		s.Columns = append(s.Columns, page.Column{Title: c.Title, Width: c.Width, Number: len(t.Rows) > 0 && t.Rows[0][i].number()})
	}
	for _, row := range t.Rows {
		cells := make([]string, len(row))
		for i, v := range row {
			cells[i] = v.French()
		}
		s.Rows = append(s.Rows, page.Row{Cells: cells})
	}
	return s
}

func compact(d civil.Date) string { return strings.ReplaceAll(d.String(), "-", "") }

func dash(s string) string {
	if s == "" {
		return ""
	}
	return "-" + s
}
