package desk

import (
	"slices"
	"strconv"
	"strings"

	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// The kinds of a question of a form.
const (
	asText   = "champ"
	asMonth  = "mois" // "2026-11"
	asDate   = "jour"
	asAmount = "montant"
	asNumber = "nombre"
	asNote   = "zone"    // a longer text
	asLines  = "lignes"  // one text a line: a list
	asDays   = "jours"   // numbers with commas: a list
	asChoice = "choix"   // one of a few
	asMenu   = "menu"    // one of many
	asBoxes  = "coches"  // some of a few: a list
	asTick   = "coche"   // yes or no
	asSearch = "cherche" // a word that is looked for, with its button
)

// ask is one question of a form. Its name is the place of its value in the body of the operation.
type ask struct {
	Name, Label, Hint string
	Kind              string // asText when empty
	Value             string // before anything was typed
	Choices           []pages.Choice
	Need              string // what is said when it is left empty; empty: it may be
	Aside             bool   // it is no part of the body
}

// Mode is the keyboard that a telephone shows.
func (a ask) Mode() string {
	return map[string]string{asAmount: "decimal", asNumber: "numeric"}[a.Kind]
}

// check tells what is wrong with an answer.
func (a ask) check(v *pages.Visit) {
	f := &v.Form
	if a.Need != "" && f.Need(a.Name, a.Need) == "" {
		return
	}
	switch a.Kind {
	case asAmount:
		if sum := f.Amount(a.Name); f.Value(a.Name) != "" && f.Wrong(a.Name) == "" && !sum.IsPositive() {
			f.Bad(a.Name, "Écrivez un montant plus grand que zéro.")
		}
	case asDate:
		f.Date(a.Name)
	case asNumber, asDays:
		for _, one := range a.parts(v) {
			if n, err := strconv.Atoi(one); err != nil || n < 1 {
				f.Bad(a.Name, "Écrivez des nombres entiers, comme 5.")
				return
			}
		}
	case asChoice, asMenu:
		known := slices.ContainsFunc(a.Choices, func(c pages.Choice) bool { return c.Value == f.Value(a.Name) })
		if f.Value(a.Name) != "" && !known {
			f.Bad(a.Name, "Choisissez dans la liste.")
		}
	}
}

// parts are the values of an answer that is a list.
func (a ask) parts(v *pages.Visit) (all []string) {
	of := []string{v.Form.Value(a.Name)}
	switch a.Kind {
	case asBoxes:
		of = v.Form.Values[a.Name]
	case asLines:
		of = strings.Split(of[0], "\n")
	case asDays:
		of = strings.FieldsFunc(of[0], func(r rune) bool { return strings.ContainsRune(",; ", r) })
	}
	for _, one := range of {
		if one = strings.TrimSpace(one); one != "" {
			all = append(all, one)
		}
	}
	return all
}

// answer is the value as the contract wants it; nil for none.
func (a ask) answer(v *pages.Visit) any {
	text := v.Form.Value(a.Name)
	if text == "" && a.Kind != asBoxes {
		return nil
	}
	switch a.Kind {
	case asAmount:
		return v.Form.Amount(a.Name)
	case asDate:
		return v.Form.Date(a.Name)
	case asNumber:
		n, _ := strconv.Atoi(text) // was checked
		return n
	case asDays:
		var all []int
		for _, one := range a.parts(v) {
			n, _ := strconv.Atoi(one) // was checked
			all = append(all, n)
		}
		return all
	case asBoxes, asLines:
		if all := a.parts(v); len(all) > 0 {
			return all
		}
		return nil
	case asTick:
		return true
	}
	return text
}

// Shown is the answer as its reader reads it again.
func (a ask) Shown(v *pages.Visit) string {
	var said []string
	for _, one := range a.parts(v) {
		for _, c := range a.Choices {
			if c.Value == one {
				one = c.Name
			}
		}
		said = append(said, one)
	}
	text := strings.Join(said, ", ")
	switch value := a.answer(v).(type) {
	case nil:
		return "–"
	case money.Amount:
		return value.French()
	case civil.Date:
		return value.French()
	case bool:
		return "oui"
	}
	return text
}

// filled are the questions with what was typed where the layout does not know it: boxes.
func filled(v *pages.Visit, asks []ask) []ask {
	asks = slices.Clone(asks)
	for i, a := range asks {
		if a.Kind != asBoxes {
			continue
		}
		asks[i].Choices = slices.Clone(a.Choices)
		for j, c := range a.Choices {
			asks[i].Choices[j].Chosen = v.Form.Has(a.Name, c.Value) || len(v.Form.Values) == 0 && c.Chosen
		}
	}
	return asks
}

// check tells what is wrong with some answers, and whether nothing is.
func check(v *pages.Visit, asks []ask) bool {
	before := len(v.Form.Problems)
	for _, a := range asks {
		a.check(v)
	}
	return len(v.Form.Problems) == before
}

// bodyOf makes the body of an operation of answers: "mandates.0.contract.start" is the start of the
// contract of the first of the mandates.
func bodyOf(v *pages.Visit, asks []ask) map[string]any {
	body := map[string]any{}
	for _, a := range asks {
		if value := a.answer(v); value != nil && !a.Aside {
			set(body, a.Name, value)
		}
	}
	return body
}

// set puts a value at its place in a body.
func set(body map[string]any, place string, value any) {
	first, rest, deeper := strings.Cut(place, ".")
	if !deeper {
		body[first] = value
		return
	}
	index, after, isList := strings.Cut(rest, ".")
	n, err := strconv.Atoi(index)
	if err != nil || !isList {
		inner, ok := body[first].(map[string]any)
		if !ok {
			inner = map[string]any{}
			body[first] = inner
		}
		set(inner, rest, value)
		return
	}
	list, _ := body[first].([]map[string]any)
	for len(list) <= n {
		list = append(list, map[string]any{})
	}
	body[first] = list
	set(list[n], after, value)
}

// place puts each problem at the question that it is of: one of a part of an answer at the answer, one of no
// question at the top.
func place(v *pages.Visit, asks []ask) {
	for i, p := range v.Form.Problems {
		field := ""
		for _, a := range asks {
			if p.Field == a.Name || strings.HasPrefix(p.Field, a.Name+".") {
				field = a.Name
			}
		}
		v.Form.Problems[i].Field = field
	}
}
