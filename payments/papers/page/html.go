package page

import (
	"bytes"
	_ "embed"
	"html/template"
	"io"
)

//go:embed paper.html
var htmlSource string

var htmlPaper = template.Must(template.New("paper").Funcs(template.FuncMap{
	"strong": func(row Row) string {
		if row.Strong {
			return "strong"
		}
		return ""
	},
	"kind": func(c Column) string {
		if c.Number {
			return "n"
		}
		return ""
	},
}).Parse(htmlSource))

// HTML writes the paper as one document of its own.
func (p Paper) HTML(w io.Writer) error {
	var doc bytes.Buffer
	if err := htmlPaper.Execute(&doc, map[string]any{"Paper": p, "Terms": p.terms(), "Mark": p.mark()}); err != nil {
		return err
	}
	_, err := w.Write(TiedHTML(doc.Bytes()))
	return err
}
