package privacy

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/papers/page"
)

// Copy is all that the house holds of one person (R-114, R-115; GDPR articles 15 and 20).
type Copy struct {
	Organisation string
	Person       string // reference
	Name         string
	On           civil.Date
	Tables       []Table
	Withheld     []Withheld
	statements   []sheet
}

// Table is the rows of one table that are hers. Whoever works here stands in them as a role and a short
// reference.
type Table struct {
	Name  string           `json:"table"`
	Title string           `json:"title"`
	For   string           `json:"purpose"`
	Rows  []map[string]any `json:"rows"`
}

// Withheld is what is not copied, and why.
type Withheld struct{ Title, Why string }

// sheet is a file of the copy.
type sheet struct {
	name string
	text []byte
}

// Rows is how many rows there are.
func (c Copy) Rows() (n int) {
	for _, t := range c.Tables {
		n += len(t.Rows)
	}
	return n
}

const readMe = `Copie de votre dossier

dossier.html   tout ce qui est noté de vous, à lire
releves/       vos relevés de compte
donnees/       les mêmes données, pour une machine (JSON, un fichier par table)
MANIFESTE.sha256   pour vérifier que rien ne manque : sha256sum -c MANIFESTE.sha256

Le personnel y figure par son rôle et une référence courte. Les autres personnes n'y figurent pas.
Une erreur ? Dites-le à l'association : elle corrige, ou répond sous un mois. Vous pouvez aussi vous adresser à la CNIL.
`

// ZIP writes the copy: the same rows give the same bytes.
func (c Copy) ZIP() ([]byte, error) {
	sheets := []sheet{{"LISEZMOI.txt", []byte(readMe)}}
	var text bytes.Buffer
	if err := c.Paper().HTML(&text); err != nil {
		return nil, err
	}
	sheets = append(sheets, sheet{"dossier.html", text.Bytes()})
	for _, t := range c.Tables {
		raw, err := json.MarshalIndent(t, "", " ")
		if err != nil {
			return nil, err
		}
		sheets = append(sheets, sheet{"donnees/" + t.Name + ".json", append(raw, '\n')})
	}
	sheets = append(sheets, c.statements...)
	var manifest strings.Builder
	for _, s := range sheets {
		fmt.Fprintf(&manifest, "%x  %s\n", sha256.Sum256(s.text), s.name)
	}
	return c.pack(append(sheets, sheet{"MANIFESTE.sha256", []byte(manifest.String())}))
}

func (c Copy) pack(sheets []sheet) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, s := range sheets {
		w, err := z.CreateHeader(&zip.FileHeader{Name: s.name, Method: zip.Deflate, Modified: c.On.Time().Add(12 * time.Hour)})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(s.text); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return out.Bytes(), err
}

// Paper puts the copy in words.
func (c Copy) Paper() page.Paper {
	p := page.Paper{
		Number: "COPIE-" + c.Person + "-" + strings.ReplaceAll(c.On.String(), "-", ""), Title: "Copie de votre dossier",
		Subtitle: "au " + c.On.French(), From: c.Organisation, Dated: c.On.Time().Add(12 * time.Hour),
		Facts: []page.Fact{{Name: "Personne", Value: c.Name}, {Name: "Référence", Value: c.Person}},
		Notes: []string{
			"Cette copie dit tout ce que l'association garde de vous. Vos relevés de compte sont à côté, dans le dossier releves.",
			"Une erreur ? Dites-le à l'association : elle corrige, ou répond sous un mois. Vous pouvez aussi vous adresser à la CNIL.",
		},
	}
	for _, t := range c.Tables {
		if len(t.Rows) > 0 {
			p.Sections = append(p.Sections, t.section())
		}
	}
	without := page.Section{Title: "Ce qui n'est pas copié", Columns: []page.Column{{Title: "Quoi", Width: 30}, {Title: "Pourquoi", Width: 70}}}
	for _, w := range c.Withheld {
		without.Rows = append(without.Rows, page.Row{Cells: []string{w.Title, w.Why}})
	}
	p.Sections = append(p.Sections, without)
	return p
}

func (t Table) section() page.Section {
	s := page.Section{Title: t.Title, Columns: []page.Column{{Title: "N°", Width: 6, Number: true}, {Title: "Ce qui est noté", Width: 94}}}
	for i, row := range t.Rows {
		var said []string
		for _, name := range slices.Sorted(keys(row)) {
			if value := frenchValue(name, row[name]); value != "" {
				said = append(said, frenchColumn(name)+" : "+value)
			}
		}
		s.Rows = append(s.Rows, page.Row{Cells: []string{fmt.Sprint(i + 1), strings.Join(said, " ; ")}})
	}
	return s
}

func keys(row map[string]any) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range row {
			if !yield(k) {
				return
			}
		}
	}
}

// frenchValue is a value as a person reads it; empty when there is none.
func frenchValue(column string, value any) string {
	switch v := value.(type) {
	case bool:
		if v {
			return "oui"
		}
		return "non"
	case json.Number:
		cents, err := v.Int64()
		if strings.HasSuffix(column, "_cents") && err == nil {
			return money.Cents(cents).French()
		}
		return v.String()
	case string:
		if d, err := civil.Parse(v); err == nil {
			return d.French()
		}
		if at, err := time.Parse(time.RFC3339Nano, v); err == nil {
			return civil.FromTime(at, civil.Paris).French() + " à " + at.In(civil.Paris).Format("15 h 04")
		}
		return v
	case []any:
		var words []string
		for _, one := range v {
			words = append(words, frenchValue(column, one))
		}
		return strings.Join(words, ", ")
	case map[string]any:
		var words []string
		for _, k := range slices.Sorted(keys(v)) {
			words = append(words, frenchColumn(k)+" "+frenchValue(k, v[k]))
		}
		return strings.Join(words, ", ")
	}
	return ""
}
