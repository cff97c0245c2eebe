package contract

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Example is a request of the contract that works word by word on the example organisation
// (payments/mandates/load). The contract says beside the body who sends it (x-example-as), with which
// values of the path (x-example-path) and of the query (x-example-query), and the status of its
// answer when it is no success (x-example-status).
type Example struct {
	As     string // a user; empty for nobody
	Path   string // with its values
	Body   []byte
	Status int // zero is any success
}

// Example is the example of the operation; false when it has none.
func (o *Operation) Example() (Example, bool, error) {
	e := Example{Path: o.Path}
	if o.body != nil {
		if media := o.body.Content["application/json"]; media != nil && media.Example != nil {
			var err error
			if e.Body, err = json.Marshal(media.Example); err != nil {
				return e, false, fmt.Errorf("%s: its example: %w", o.ID, err)
			}
		}
	}
	as, given := o.extensions["x-example-as"].(string)
	if !given {
		return e, false, nil
	}
	e.As = as
	if status, given := o.extensions["x-example-status"]; given {
		var err error
		if e.Status, err = strconv.Atoi(fmt.Sprint(status)); err != nil {
			return e, false, fmt.Errorf("%s: the status of its example: %w", o.ID, err)
		}
	}
	values, _ := o.extensions["x-example-path"].(map[string]any)
	for name, value := range values {
		e.Path = strings.ReplaceAll(e.Path, "{"+name+"}", fmt.Sprint(value))
	}
	if strings.Contains(e.Path, "{") {
		return e, false, fmt.Errorf("%s: its example lacks a value of %s", o.ID, e.Path)
	}
	if query, ok := o.extensions["x-example-query"].(string); ok {
		e.Path += "?" + query
	}
	return e, true, nil
}

// TakesJSON tells whether the operation has a JSON body, which the contract must show by an example.
func (o *Operation) TakesJSON() bool {
	return o.body != nil && o.body.Content["application/json"] != nil
}
