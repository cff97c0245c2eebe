package bank

import (
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"masp/api"
	"masp/api/auth"
	"masp/api/pages"
)

// known is the names of mandates, to say whose they are.
type known map[string]string

// Of is the name of a mandate, or its reference for who may not know it.
func (k known) Of(mandate string) string {
	if name := k[mandate]; name != "" {
		return name + " (" + mandate + ")"
	}
	return mandate
}

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

// labels are the names of benefits, by their codes.
type labels map[string]string

// Of is the name of a benefit with its code, as people say it.
func (l labels) Of(code string) string {
	switch label := l[code]; {
	case label == "":
		return code
	case code == refund:
		return label
	default:
		return pages.Capital(label) + " (" + code + ")"
	}
}

// refund is the code of money of a payment that comes back by its payee.
const refund = "REFUND_OF_PAYMENT"

// benefitLabels reads how the benefits are called.
func benefitLabels(ctx context.Context, v *pages.Visit) (labels, error) {
	names := labels{refund: "Remboursement d'un paiement"}
	if !v.May(auth.ReadPersons) {
		return names, nil
	}
	type benefit struct{ Code, Label string }
	all, err := pages.All[benefit](ctx, v, "/v1/benefits")
	for _, b := range all {
		names[b.Code] = b.Label
	}
	return names, err
}

// nth is a number as it is said: "n° 3".
func nth(n int) string { return "n°\u00a0" + strconv.Itoa(n) }

// readReply reads what an act has answered.
func readReply(reply *api.Reply, into any) error { return json.Unmarshal(reply.Body, into) }
