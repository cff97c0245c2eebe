package bank

import (
	"errors"
	"net/http"

	"masp/api"
	"masp/api/pages"
)

// refusedAct puts what was refused onto the form of a page; names are the fields of the page by those of
// the body, and what has no field there is said on top.
func refusedAct(v *pages.Visit, err error, names map[string]string) error {
	fault, known := errors.AsType[*api.Fault](err)
	if known && fault.Status == http.StatusForbidden && fault.Code != "forbidden" { // he may, but not this time
		v.Form.Bad("", fault.Detail.French)
		return nil
	}
	before := len(v.Form.Problems)
	if err = v.Form.Refused(err); err != nil {
		return err
	}
	for i := before; i < len(v.Form.Problems); i++ {
		p := &v.Form.Problems[i]
		if name, ok := names[p.Field]; ok {
			p.Field = name
		}
		if _, there := v.Form.Values[p.Field]; !there {
			p.Field = ""
		}
	}
	return nil
}

// fields are the names that the fields of a search have on a page, by those of the contract.
var fields = map[string]string{
	"?q": "texte", "?bank_account": "compte", "?state": "etat", "?from": "du", "?to": "au", "?either_way": "montant",
}

// refusedSearch puts what is wrong with a search at its field.
func refusedSearch(v *pages.Visit, err error) error {
	before := len(v.Form.Problems)
	if err = v.Form.Refused(err); err != nil {
		return err
	}
	for i := before; i < len(v.Form.Problems); i++ {
		v.Form.Problems[i].Field = fields[v.Form.Problems[i].Field]
	}
	return nil
}
