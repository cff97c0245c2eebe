package bank

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"masp/api/pages"
	"masp/ledger/civil"
)

// reference is what a mandate is called on the telephone.
var reference = regexp.MustCompile(`^[A-Z0-9-]*[0-9][A-Z0-9-]*$`)

// mandateTyped is the mandate that a field names: by its number, or by a name that one person has alone.
func mandateTyped(ctx context.Context, v *pages.Visit, field string) (string, error) {
	value := v.Form.Value(field)
	if upper := strings.ToUpper(value); value == "" || reference.MatchString(upper) {
		return upper, nil
	}
	const enough = "6"
	type mandate struct{ Mandate, Person string }
	found, _, err := pages.Some[mandate](ctx, v, "/v1/mandates?limit="+enough+"&q="+url.QueryEscape(value))
	switch {
	case err != nil:
		v.Form.Bad(field, "Écrivez le numéro du dossier, ou deux lettres du nom au moins.")
		return "", nil
	case len(found) == 0:
		v.Form.Bad(field, "Aucun dossier que vous suivez ne porte ce nom.")
		return "", nil
	case len(found) > 1:
		names := make([]string, len(found))
		for i, m := range found {
			names[i] = m.Mandate + " " + m.Person
		}
		v.Form.Bad(field, "Plusieurs dossiers répondent : "+strings.Join(names, ", ")+". Écrivez le numéro.")
		return "", nil
	}
	v.Form.Values.Set(field, found[0].Mandate)
	return found[0].Mandate, nil
}

// monthTyped is a month as the contract writes it: 2026-10, from 10/2026 too.
func monthTyped(v *pages.Visit, field string) string {
	value := v.Form.Value(field)
	if value == "" {
		return ""
	}
	m, ok := monthOf(value)
	if !ok {
		v.Form.Bad(field, "Écrivez un mois comme 10/2026.")
		return ""
	}
	return m.String()
}

func monthOf(typed string) (civil.Month, bool) {
	if parts := strings.Split(typed, "/"); len(parts) == 2 {
		typed = parts[1] + "-" + parts[0]
	}
	m, err := civil.ParseMonth(typed)
	return m, err == nil
}

// choices are the benefits for a list, by their names.
func (l labels) choices() []pages.Choice {
	all := make([]pages.Choice, 0, len(l)+1)
	for code, label := range l {
		if code != refund {
			label = code + ", " + label
		}
		all = append(all, pages.Choice{Value: code, Name: label})
	}
	slices.SortFunc(all, func(a, b pages.Choice) int { return strings.Compare(a.Name, b.Name) })
	return append([]pages.Choice{{Value: "", Name: "–"}}, all...)
}
