package jsonread_test

import (
	"encoding/json"
	"strings"
	"testing"

	"masp/payments/jsonread"
)

// read reads a file of one object {"name": text, "of": [{"n": 1…9}…]}.
func read(raw string) (names []string, sum int, found jsonread.List) {
	problems := jsonread.NewProblems([]byte(raw))
	if problems.CheckSyntax() {
		n, err := jsonread.NewScanner([]byte(raw), 0).Value(0)
		switch {
		case err != nil:
			problems.Add(n.At, "", "shape", jsonread.FrenchShape(err))
		case n.Kind != jsonread.ObjectKind:
			problems.Add(n.At, "", "type", "Il faut un objet.")
		default:
			o := jsonread.Object{Found: problems, Node: &n}
			names = append(names, o.Text("name"))
			o.Each(
				"of",
				false,
				func(inner jsonread.Object) { sum += inner.Integer("n", 1, 9, true) },
			)
			o.End()
		}
	}
	found, _ = problems.List()
	return names, sum, found
}

func TestAFileIsReadWithItsProblemsInTheirPlaces(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, raw, code, place string }{
		{"empty", " ", "empty", ""},
		{"cut off", `{"name": "x"`, "syntax", ""},
		{"two values", `{"name": "x"} {}`, "syntax", ""},
		{"not UTF-8", "{\"name\": \"\xff\"}", "not_utf8", ""},
		{"no object", `[]`, "type", ""},
		{"missing", `{}`, "missing", "/name"},
		{"null is missing", `{"name": null}`, "missing", "/name"},
		{"another type", `{"name": 1}`, "type", "/name"},
		{"another case", `{"Name": "x"}`, "unknown_key", "/Name"},
		{"a blank text", `{"name": " "}`, "text", "/name"},
		{"a key twice", `{"name": "x", "name": "y"}`, "duplicate_key", "/name"},
		{"a key that needs an escape", `{"name": "x", "a/b": 1}`, "unknown_key", "/a~1b"},
		{"an element that is no object", `{"name": "x", "of": [{"n": 1}, 2]}`, "type", "/of/1"},
		{"a key of an element", `{"name": "x", "of": [{"n": 1}, {"m": 1}]}`, "unknown_key", "/of/1/m"},
		{"a number out of bounds", `{"name": "x", "of": [{"n": 10}]}`, "number", "/of/0/n"},
		{"an exponent", `{"name": "x", "of": [{"n": 1e0}]}`, "number", "/of/0/n"},
		{"too deep", `{"name": ` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + "}", "shape", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, _, found := read(c.raw)
			for _, p := range found.Problems {
				if p.Code == c.code && p.Place == c.place && p.Line == 1 && p.French != "" {
					return
				}
			}
			t.Errorf("got %+v, want %s at %q, line 1", found.Problems, c.code, c.place)
		})
	}
}

func TestARightFileHasNoProblem(t *testing.T) {
	t.Parallel()
	names, sum, found := read(
		"{\n \"of\": [ {\"n\":1},\t{\"n\" : 8} ],\r\n\"name\" : \"\\u00e9\\\"\" }\n",
	)
	if len(found.Problems) != 0 || sum != 9 || names[0] != `é"` {
		t.Errorf("got %q, %d, %s", names, sum, found.Lines())
	}
}

// FuzzScanner holds what the scanner takes against the standard decoder.
func FuzzScanner(f *testing.F) {
	f.Add([]byte(`{"a": [1, -2.5e3, true, false, null, "x\ny", {}], "b": {"c": []}}`))
	f.Add([]byte(`[[[[[[[[[[[[[[]]]]]]]]]]]]]]`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !jsonread.NewProblems(raw).CheckSyntax() {
			return
		}
		n, err := jsonread.NewScanner(raw, 0).Value(0)
		if err != nil {
			return
		}
		var again any
		if err := json.Unmarshal([]byte(rewrite(n)), &again); err != nil {
			t.Fatalf("what was taken is no JSON: %v", err)
		}
		got, _ := json.Marshal(again)
		var whole any
		if err := json.Unmarshal(raw, &whole); err != nil {
			t.Fatal(err)
		}
		if want, _ := json.Marshal(whole); string(got) != string(want) {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

// rewrite is a value as JSON.
func rewrite(n jsonread.Node) string {
	parts := make([]string, len(n.Items))
	for i, item := range n.Items {
		parts[i] = rewrite(item)
		if n.Kind == jsonread.ObjectKind {
			key, _ := json.Marshal(n.Keys[i])
			parts[i] = string(key) + ":" + parts[i]
		}
	}
	switch n.Kind {
	case jsonread.ObjectKind:
		return "{" + strings.Join(parts, ",") + "}"
	case jsonread.ListKind:
		return "[" + strings.Join(parts, ",") + "]"
	case jsonread.TextKind:
		text, _ := json.Marshal(n.Text)
		return string(text)
	}
	return n.Text
}
