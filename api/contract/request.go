package contract

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"

	"masp/ledger/civil"
	"masp/payments/jsonread"
)

// CheckParameters judges the parameters of a request; path are those of the route. It answers all
// problems, none when all are right.
func (o *Operation) CheckParameters(path func(name string) string, query url.Values, header http.Header) []Problem {
	var found []Problem
	var known []string
	for _, ref := range o.parameters {
		p := ref.Value
		switch p.In {
		case "path":
			found = append(found, one(p, p.Name, []string{path(p.Name)})...)
		case "query":
			known = append(known, p.Name)
			found = append(found, one(p, "?"+p.Name, query[p.Name])...)
		case "header":
			// The two headers that guard a change have answers of their own: 400 and 428.
			if value := header.Values(p.Name); len(value) > 0 {
				found = append(found, one(p, p.Name+":", value)...)
			}
		}
	}
	for name := range query {
		if !slices.Contains(known, name) {
			found = append(found, Problem{Pointer: "?" + jsonread.Shorten(name), Code: "unknown_parameter", Text: Text{
				"Ce paramètre n'existe pas ici.", "There is no such parameter here.",
			}})
		}
	}
	slices.SortFunc(found, func(a, b Problem) int { return compare(a.Pointer, b.Pointer) })
	return found
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// one judges the values of one parameter.
func one(p *openapi3.Parameter, at string, values []string) []Problem {
	switch {
	case len(values) == 0 && p.Required:
		return []Problem{{Pointer: at, Code: "missing", Text: Text{"Ce paramètre est obligatoire.", "This parameter is required."}}}
	case len(values) == 0:
		return nil
	case len(values) > 1:
		return []Problem{{Pointer: at, Code: "repeated", Text: Text{"Ce paramètre est donné deux fois.", "This parameter is given twice."}}}
	}
	if !utf8.ValidString(values[0]) { // an address may hold any bytes
		return []Problem{{Pointer: at, Code: "malformed", Text: Text{"Ce texte n'est pas en UTF-8.", "This text is not UTF-8."}}}
	}
	if strings.ContainsFunc(values[0], unreadable) {
		return []Problem{unreadableAt(at)}
	}
	return problems(p.Schema.Value.VisitJSON(typed(p.Schema.Value, values[0]), judged()...), at)
}

// typed is the text of a parameter as its schema wants it; a text that is no number stays one, and
// is refused.
func typed(s *openapi3.Schema, text string) any {
	switch {
	case s.Type.Is("integer"):
		if n, err := strconv.ParseInt(text, 10, 64); err == nil && strconv.FormatInt(n, 10) == text {
			return n
		}
	case s.Type.Is("boolean") && (text == "true" || text == "false"):
		return text == "true"
	}
	return text
}

// A day that is written as one and does not exist, as 30 February, is refused with words of its own. What is
// not written as a day breaks the pattern of its schema.
func init() { //nolint:gochecknoinits // the judge keeps its formats for the whole program
	openapi3.DefineStringFormatValidator(dayFormat, openapi3.NewCallbackValidator(func(text string) error {
		if _, err := civil.Parse(text); err != nil && !errors.Is(err, civil.ErrSyntax) {
			return err
		}
		return nil
	}))
}

const dayFormat = "date"

func judged() []openapi3.SchemaValidationOption {
	return []openapi3.SchemaValidationOption{
		openapi3.MultiErrors(), openapi3.VisitAsRequest(), openapi3.EnableFormatValidation(),
	}
}

// HasBody tells whether the operation takes a body, and whether it must have one.
func (o *Operation) HasBody() (takes, must bool) {
	return o.body != nil, o.body != nil && o.body.Required
}

// CheckBody judges a JSON body. It answers all problems; syntax tells that it is no JSON at all.
func (o *Operation) CheckBody(raw []byte) (found []Problem, syntax bool) {
	notes := jsonread.NewProblems(raw)
	if !notes.CheckSyntax() {
		return noted(notes), true
	}
	node, err := jsonread.NewScanner(raw, 0).Value(0)
	if err != nil {
		return []Problem{{Code: "too_deep", Text: Text{
			jsonread.FrenchShape(err), "Nested too deeply, or too many keys.",
		}}}, true
	}
	if found = append(doubled(&node, ""), unwritable(&node, "")...); len(found) > 0 {
		return found, true
	}
	value := plain(&node)
	return problems(o.body.Content["application/json"].Schema.Value.VisitJSON(value, judged()...), ""), false
}

func noted(p *jsonread.Problems) (found []Problem) {
	list, _ := p.List()
	for _, one := range list.Problems {
		found = append(found, Problem{Pointer: one.Place, Code: one.Code, Text: Text{
			one.French, "The body is not JSON, line " + strconv.Itoa(one.Line) + ".",
		}})
	}
	return found
}

// doubled finds the keys that stand twice in one object.
func doubled(n *jsonread.Node, at string) (found []Problem) {
	seen := map[string]bool{}
	for i := range n.Items {
		place := at + "/" + strconv.Itoa(i)
		if n.Kind == jsonread.ObjectKind {
			place = at + "/" + jsonread.Escape(n.Keys[i])
			if seen[n.Keys[i]] {
				found = append(found, Problem{Pointer: place, Code: "repeated", Text: Text{
					"Ce champ est donné deux fois.", "This field is given twice.",
				}})
			}
			seen[n.Keys[i]] = true
		}
		found = append(found, doubled(&n.Items[i], place)...)
	}
	return found
}

// unwritable finds the texts with characters that nobody can read: PostgreSQL keeps no NUL, and no
// statement prints a bell.
func unwritable(n *jsonread.Node, at string) (found []Problem) {
	if n.Kind == jsonread.TextKind && strings.ContainsFunc(n.Text, unreadable) {
		found = append(found, unreadableAt(at))
	}
	for i := range n.Items {
		place := at + "/" + strconv.Itoa(i)
		if n.Kind == jsonread.ObjectKind {
			place = at + "/" + jsonread.Escape(n.Keys[i])
		}
		found = append(found, unwritable(&n.Items[i], place)...)
	}
	return found
}

func unreadable(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == '\x7f' }

func unreadableAt(at string) Problem {
	return Problem{Pointer: at, Code: "malformed", Text: Text{
		"Ce texte contient un caractère de commande : retirez-le.", "This text holds a control character: take it out.",
	}}
}

// plain is a value as the schemas judge it.
func plain(n *jsonread.Node) any {
	switch n.Kind {
	case jsonread.ObjectKind:
		object := make(map[string]any, len(n.Items))
		for i := range n.Items {
			object[n.Keys[i]] = plain(&n.Items[i])
		}
		return object
	case jsonread.ListKind:
		list := make([]any, len(n.Items))
		for i := range n.Items {
			list[i] = plain(&n.Items[i])
		}
		return list
	case jsonread.TextKind:
		return n.Text
	case jsonread.BoolKind:
		return n.Text == "true"
	case jsonread.NullKind:
		return nil
	}
	return json.Number(n.Text)
}
