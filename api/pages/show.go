package pages

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"masp/api"
	"masp/api/auth"
	"masp/payments/papers/page"
)

//go:embed layout.html
var layoutText string

//go:embed style.css
var styleText string

// style is the one style sheet, and stylePath its address: another content has another one.
var (
	style     = []byte(styleText)
	stylePath = "/style-" + hashOf(style) + ".css"
)

func hashOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:6])
}

func layout() *template.Template {
	return template.Must(template.New("layout").Funcs(words).Parse(layoutText))
}

// Sheet is what a page shows.
type Sheet struct {
	Title string // of the tab, and the h1
	Data  any    // what the template reads as .Data
	Back  string // where « Retour » leads; empty for none
	Bare  bool   // without the bar of the staff: what is for a person, or for print
}

// shown is what a template reads.
type shown struct {
	Sheet
	Form   Form
	Who    auth.Principal
	Said   string // what was just done
	Bar    []entry
	Style  string
	Path   string
	Search string
	Site   *Site
	visit  *Visit
}

// Key is the key of a form; each form takes its own.
func (s *shown) Key() string { return s.visit.newKey() }

// ending is when the session of a reader ends if he does nothing more, and the class of the notice that
// appears two minutes before: the style counts, for there is no script. A use is written once a minute: the
// session may end that much earlier than its time without a use.
type ending struct {
	At    time.Time
	Delay string
}

const useWritten = time.Minute

// Ending is the end of the session that reads; nil for who has none.
func (s *shown) Ending() *ending {
	idle := s.Who.Idle()
	if idle == 0 {
		return nil
	}
	return &ending{time.Now().Add(idle - useWritten), "fin" + strconv.Itoa(int(idle.Minutes()))}
}

// May tells whether the reader may take an action at all.
func (s *shown) May(action string) bool { return s.visit.May(auth.Action(action)) }

// Show answers with a page: a template of the face and what it shows.
func (v *Visit) Show(name string, sheet Sheet) error {
	status := http.StatusOK
	if len(v.Form.Problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return v.show(status, name, sheet)
}

// ShowAs answers with a page under a status of its own: what has changed meanwhile (412), what is done
// already (409).
func (v *Visit) ShowAs(status int, name string, sheet Sheet) error {
	return v.show(status, name, sheet)
}

func (v *Visit) show(status int, name string, sheet Sheet) error {
	t := v.site.templates[name]
	if t == nil {
		return fmt.Errorf("there is no template %s", name)
	}
	return v.write(status, t, sheet)
}

func (v *Visit) write(status int, t *template.Template, sheet Sheet) error {
	s := &shown{
		Sheet: sheet, Form: v.Form, Who: v.Who(), Said: v.said(), Style: stylePath, Path: v.URL.Path, visit: v,
		Search: v.URL.Query().Get("q"), Site: v.site,
	}
	if !sheet.Bare {
		s.Bar = barFor(v)
	}
	if v.back {
		s.Said = typedBack
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "page", s); err != nil {
		return err
	}
	return v.Write(status, "text/html; charset=utf-8", page.TiedHTML(b.Bytes()), false)
}

// entry is one way of the bar.
type entry struct {
	Name, Path string
	Here       bool
	action     auth.Action
}

// bar is the ways of the staff, in the order of a month.
var bar = []entry{
	{Name: "Accueil", Path: "/accueil", action: auth.OwnIdentity},
	{Name: "Bénéficiaires", Path: "/beneficiaires", action: auth.ReadPersons},
	{Name: "Campagnes", Path: "/campagnes", action: auth.ReadRuns},
	{Name: "Rejets", Path: "/rejets", action: auth.ReadRuns},
	{Name: "Destinataires", Path: "/destinataires", action: auth.ReadCreditors},
	{Name: "Banque", Path: "/banque", action: auth.ReadBank},
	{Name: "Contrôle", Path: "/controle", action: auth.ReadExports},
	{Name: "Utilisateurs", Path: "/utilisateurs", action: auth.ReadUsers},
	{Name: "Réglages", Path: "/reglages", action: auth.ReadOrganisation},
}

// barFor is the ways that lead somewhere for the reader.
func barFor(v *Visit) (found []entry) {
	for _, e := range bar {
		if v.May(e.action) {
			e.Here = v.URL.Path == e.Path || strings.HasPrefix(v.URL.Path, e.Path+"/")
			found = append(found, e)
		}
	}
	return found
}

// Problem answers with the page of an error, which keeps its reader calm: what happened, that nothing is
// lost, where to go.
func (s *Site) Problem(b *api.Browser, f *api.Fault) error {
	if to := wayIn(b, f); to != "" {
		return b.Go(to)
	}
	v := &Visit{Browser: b, site: s}
	person := b.Who().Beneficiary != "" || b.Who().Means == auth.ByNobody && strings.HasPrefix(b.URL.Path, "/moi")
	t := template.Must(s.own.Clone())
	if _, err := t.Parse(`{{define "main"}}{{template "problem" .}}{{end}}`); err != nil {
		return err
	}
	return v.write(f.Status, t, Sheet{Title: titleOf(f, person), Bare: person || b.Who().Means == auth.ByNobody, Data: map[string]any{
		"Text": f.Detail.French, "Person": person, "Status": f.Status, "ID": b.RequestID(), "Problems": f.Problems,
		"Home": Home(b.Who()),
	}})
}

// wayIn is where a reader who must prove who he is goes first; empty when it is no question of that.
func wayIn(b *api.Browser, f *api.Fault) string {
	switch f.Code {
	case "step_up_required":
		return proofEntry + "?" + url.Values{"vers": {formPage(b)}}.Encode()
	case "unauthenticated":
		return entryFor(b)
	}
	return ""
}

// formPage is the page that a form stood on: what it wanted was refused, and is read anew.
func formPage(b *api.Browser) string {
	if b.Method == http.MethodGet {
		return b.URL.RequestURI()
	}
	from, err := url.Parse(b.Referer())
	if err != nil || from.Host != b.Host {
		return Home(b.Who())
	}
	return from.RequestURI()
}

// Home is the first page of a reader.
func Home(who auth.Principal) string {
	switch {
	case who.Beneficiary != "":
		return "/moi"
	case who.Means == auth.ByNobody:
		return "/"
	case who.Reach(auth.ReadUsers) == auth.Whole:
		return "/utilisateurs"
	case len(who.Roles) == 1 && who.Is(auth.Auditor):
		return "/controle"
	}
	return "/accueil"
}

func titleOf(f *api.Fault, person bool) string {
	switch {
	case f.Status == http.StatusNotFound:
		return "Cette page n'existe pas"
	case person:
		return "Cette page ne marche pas"
	case f.Status == http.StatusForbidden:
		return "Cette page n'est pas pour votre rôle"
	case f.Status == http.StatusPreconditionFailed:
		return "Cela a changé depuis votre lecture"
	case f.Status >= http.StatusInternalServerError:
		return "Cette page ne répond pas"
	}
	return "Cela n'a pas été fait"
}
