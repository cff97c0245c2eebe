package contract

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"masp/payments/jsonread"

	"github.com/getkin/kin-openapi/openapi3"
)

// Text is a sentence in the two languages of the service.
type Text struct{ French, English string }

// In is the sentence in a language.
func (t Text) In(english bool) string {
	if english {
		return t.English
	}
	return t.French
}

// Problem is one thing to correct in a request.
type Problem struct {
	Pointer string // JSON pointer in the body, "?name" for a parameter, "Name:" for a header
	Code    string // stable word for programs
	Text    Text
}

// words says what is wrong with a value, by the rule of the schema that it breaks. They never
// repeat the value: it may be a secret or a person's.
func words(rule string, s *openapi3.Schema) (code string, t Text) {
	switch rule {
	case "required":
		return "missing", Text{"Ce champ est obligatoire.", "This field is required."}
	case "properties":
		return "unknown_field", Text{"Ce champ n'existe pas.", "This field does not exist."}
	case "type", "nullable":
		return "wrong_type", Text{
			"Ce n'est pas une valeur de ce genre : " + kind(s, french) + " est attendu.",
			"Not a value of this kind: " + kind(s, english) + " is expected.",
		}
	case "enum":
		return "unknown_value", Text{
			"Cette valeur n'est pas dans la liste : " + list(s) + ".",
			"This value is not in the list: " + list(s) + ".",
		}
	case "format":
		if s.Format == dayFormat {
			return "no_such_day", Text{"Ce jour n'existe pas.", "There is no such day."}
		}
		fallthrough
	case "pattern":
		return "malformed", Text{
			"Cette valeur n'a pas la forme attendue" + example(s, " (exemple : %s)") + ".",
			"This value does not have the expected form" + example(s, " (example: %s)") + ".",
		}
	case "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "uniqueItems":
		return "wrong_length", length(rule, s)
	case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum":
		return "out_of_range", Text{
			"Ce nombre est hors des bornes" + bounds(s) + ".", "This number is out of range" + bounds(s) + ".",
		}
	}
	return "invalid", Text{"Cette valeur n'est pas admise ici.", "This value is not allowed here."}
}

var (
	french  = map[string]string{"string": "un texte", "integer": "un nombre entier", "boolean": "true ou false", "object": "un objet", "array": "une liste"}
	english = map[string]string{"string": "a text", "integer": "a whole number", "boolean": "true or false", "object": "an object", "array": "a list"}
)

func kind(s *openapi3.Schema, names map[string]string) string {
	if s != nil && s.Type != nil && len(*s.Type) > 0 {
		return names[(*s.Type)[0]]
	}
	return names["object"]
}

func list(s *openapi3.Schema) string {
	all := make([]string, 0, len(s.Enum))
	for _, v := range s.Enum {
		all = append(all, fmt.Sprint(v))
	}
	return strings.Join(all, ", ")
}

func example(s *openapi3.Schema, form string) string {
	if s == nil || s.Example == nil {
		return ""
	}
	return fmt.Sprintf(form, fmt.Sprint(s.Example))
}

func bounds(s *openapi3.Schema) string {
	if s == nil || s.Min == nil || s.Max == nil {
		return ""
	}
	return fmt.Sprintf(" (%.0f–%.0f)", *s.Min, *s.Max)
}

// length says which bound is broken, and where it stands.
func length(rule string, s *openapi3.Schema) Text {
	if rule == "uniqueItems" {
		return Text{"En double.", "Doubled."}
	}
	least := map[string]uint64{"minLength": s.MinLength, "minItems": s.MinItems, "minProperties": s.MinProps}
	if n, ok := least[rule]; ok {
		return Text{fmt.Sprintf("Trop court (au moins %d).", n), fmt.Sprintf("Too short (at least %d).", n)}
	}
	most := map[string]*uint64{"maxLength": s.MaxLength, "maxItems": s.MaxItems, "maxProperties": s.MaxProps}
	if n := most[rule]; n != nil {
		return Text{fmt.Sprintf("Trop long (au plus %d).", *n), fmt.Sprintf("Too long (at most %d).", *n)}
	}
	return Text{"Trop long.", "Too long."}
}

// problems lists what the schema refuses, in the order of the document.
func problems(err error, at string) []Problem {
	if err == nil {
		return nil
	}
	if many, ok := errors.AsType[openapi3.MultiError](err); ok {
		var all []Problem
		for _, one := range many {
			all = append(all, problems(one, at)...)
		}
		return withoutEchoes(all)
	}
	refused, ok := errors.AsType[*openapi3.SchemaError](err)
	if !ok {
		return []Problem{{Pointer: at, Code: "invalid", Text: Text{"Cette valeur n'est pas admise ici.", "This value is not allowed here."}}}
	}
	code, text := words(refused.SchemaField, refused.Schema)
	for _, step := range refused.JSONPointer() {
		at += "/" + jsonread.Escape(step)
	}
	if name := unknownField.FindStringSubmatch(refused.Reason); code == "unknown_field" && name != nil {
		at += "/" + jsonread.Escape(name[1])
	}
	return []Problem{{Pointer: at, Code: code, Text: text}}
}

// withoutEchoes leaves out that a day does not exist where it is not even written as one.
func withoutEchoes(all []Problem) []Problem {
	return slices.DeleteFunc(all, func(p Problem) bool {
		return p.Code == "no_such_day" && slices.ContainsFunc(all, func(q Problem) bool { return q.Pointer == p.Pointer && q.Code == "malformed" })
	})
}

// unknownField is how the judge names a field that is not in the schema.
var unknownField = regexp.MustCompile(`^property "(.*)" is unsupported$`)
