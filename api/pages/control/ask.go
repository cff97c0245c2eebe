package control

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"masp/api"
	"masp/api/pages"
)

// asked is what was typed of a period and a scope, as the contract takes it.
func asked(v *pages.Visit) url.Values {
	v.Form.Values = v.URL.Query() // what is wrong is said at its field, as it was typed
	q := url.Values{}
	for name, value := range map[string]string{
		"from": v.Form.Date("du").String(), "to": v.Form.Date("au").String(),
		"mandate": strings.ToUpper(v.Query("mandat")), "department": strings.ToUpper(v.Query("departement")),
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

// fields are the names of the fields of these pages by those of the contract.
var fields = map[string]string{
	"?from": "du", "?to": "au", "?mandate": "mandat", "?department": "departement", "?account": "compte", "?size": "taille",
	"?seed": "graine", "?method": "methode", "?by": "strate", "account": "compte", "trace": "id",
}

// answered shows a page whose reading may have been refused: what is wrong is said at its field. What is
// not there for this reader is said on the form, for he has typed it, under the status of what is not there.
func answered(v *pages.Visit, err error, nothing, name string, sheet pages.Sheet) error {
	if fault, ok := errors.AsType[*api.Fault](err); ok && fault.Status == http.StatusNotFound && nothing != "" {
		v.Form.Bad("", nothing)
		return v.ShowAs(http.StatusNotFound, name, sheet)
	}
	before := len(v.Form.Problems)
	if err != nil {
		if err = v.Form.Refused(err); err != nil {
			return err
		}
	}
	for i := before; i < len(v.Form.Problems); i++ {
		v.Form.Problems[i].Field = fields[v.Form.Problems[i].Field]
	}
	return v.Show(name, sheet)
}

const shownAtOnce = "50"

// pageOf is the number of the page that is read, from 1.
func pageOf(v *pages.Visit) int {
	n, err := strconv.Atoi(v.Query("page"))
	if err != nil || n < 1 || v.Query("suite") == "" {
		return 1
	}
	return n
}

// nextPage is the address of the page behind this one, with all that was asked; empty at the end.
func nextPage(v *pages.Visit, cursor string) string {
	if cursor == "" {
		return ""
	}
	q := v.URL.Query()
	q.Set("suite", cursor)
	q.Set("page", strconv.Itoa(pageOf(v)+1))
	return v.URL.Path + "?" + q.Encode()
}

// numbered is the title of a page of a list.
func numbered(v *pages.Visit, title string) string {
	if page := pageOf(v); page > 1 {
		return fmt.Sprintf("%s, page %d", title, page)
	}
	return title
}
