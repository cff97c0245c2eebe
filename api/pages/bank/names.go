package bank

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"

	"masp/api/auth"
	"masp/api/pages"
)

// people reads the names of some mandates in one reading; of none there is none.
func people(ctx context.Context, v *pages.Visit, mandates ...string) (known, error) {
	wanted := map[string]bool{}
	for _, m := range mandates {
		wanted[m] = m != ""
	}
	delete(wanted, "")
	names := known{}
	if len(wanted) == 0 || !v.May(auth.ReadPersons) {
		return names, nil
	}
	const atOnce = 150 // what an address holds
	for some := range slices.Chunk(slices.Sorted(maps.Keys(wanted)), atOnce) {
		type name struct{ Mandate, Person string }
		all, err := pages.All[name](ctx, v, "/v1/mandate_names?mandates="+url.QueryEscape(strings.Join(some, ",")))
		if err != nil {
			return nil, err
		}
		for _, n := range all {
			names[n.Mandate] = n.Person
		}
	}
	return names, nil
}
