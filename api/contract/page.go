package contract

import (
	"bytes"
	_ "embed"
	"html/template"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// PageStyle is the style sheet of the page.
//
//go:embed page.css
var PageStyle []byte

//go:embed page.html
var pageText string

var page = template.Must(template.New("docs").Parse(pageText))

// Rights is what the page says about who may: for each role a row of how far it may take each
// action, and for each operation its action.
type Rights struct {
	Roles   []string
	Actions []ActionRow
	Of      map[string]string // by operationId
}

// ActionRow is one action, with a word for each role.
type ActionRow struct {
	Action string
	Reach  []string
}

type pageTag struct {
	Name, Description string
	Operations        []pageOperation
}

type pageOperation struct {
	*Operation
	Action     string
	Parameters []pageField
	Body       []pageField
	Answers    []pageField
}

type pageField struct {
	Name, In, Kind, About string
	Required              bool
}

// Page writes the contract for readers: no script, every operation with its fields.
func (c *Contract) Page(r Rights) ([]byte, error) {
	data := struct {
		Title, Version, About string
		Tags                  []pageTag
		Rights                Rights
	}{Title: c.doc.Info.Title, Version: c.doc.Info.Version, About: c.doc.Info.Description, Rights: r}
	for _, t := range c.doc.Tags {
		tag := pageTag{Name: t.Name, Description: t.Description}
		for _, o := range c.Operations {
			if o.Tag == t.Name {
				tag.Operations = append(tag.Operations, pageOf(o, r))
			}
		}
		data.Tags = append(data.Tags, tag)
	}
	var b bytes.Buffer
	err := page.Execute(&b, data)
	return b.Bytes(), err
}

func pageOf(o *Operation, r Rights) pageOperation {
	p := pageOperation{Operation: o, Action: r.Of[o.ID]}
	for _, ref := range o.parameters {
		v := ref.Value
		p.Parameters = append(p.Parameters, pageField{
			Name: v.Name, In: v.In, Kind: kindOf(v.Schema), About: v.Description, Required: v.Required || v.In == "header",
		})
	}
	if o.body != nil {
		if media := o.body.Content["application/json"]; media != nil {
			p.Body = fieldsOf(media.Schema.Value)
		} else {
			p.Body = []pageField{{Name: strings.Join(mediaTypes(o.body), ", "), Kind: "file"}}
		}
	}
	for status, ref := range o.responses.Map() {
		about := ""
		if ref.Value.Description != nil {
			about = *ref.Value.Description
		}
		p.Answers = append(p.Answers, pageField{Name: status, About: about})
	}
	slices.SortFunc(p.Answers, func(a, b pageField) int { return strings.Compare(a.Name, b.Name) })
	return p
}

func mediaTypes(b *openapi3.RequestBody) (all []string) {
	for kind := range b.Content {
		all = append(all, kind)
	}
	slices.Sort(all)
	return all
}

func fieldsOf(s *openapi3.Schema) []pageField {
	var all []pageField
	for name, ref := range s.Properties {
		all = append(all, pageField{
			Name: name, Kind: kindOf(ref), About: ref.Value.Description, Required: slices.Contains(s.Required, name),
		})
	}
	slices.SortFunc(all, func(a, b pageField) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// kindOf is the name of a schema, or what it is.
func kindOf(ref *openapi3.SchemaRef) string {
	if ref.Ref != "" {
		return ref.Ref[strings.LastIndex(ref.Ref, "/")+1:]
	}
	s := ref.Value
	switch {
	case len(s.Enum) > 0:
		return list(s)
	case s.Type.Is("array"):
		return "list of " + kindOf(s.Items)
	case s.Type != nil && len(*s.Type) > 0:
		return (*s.Type)[0]
	}
	return "any"
}
