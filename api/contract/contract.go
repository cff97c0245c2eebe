package contract

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Contract is the document and its operations by their ids.
type Contract struct {
	Operations []*Operation // by path, then method
	byID       map[string]*Operation
	doc        *openapi3.T
	json       []byte
}

// Operation is one method of one path.
type Operation struct {
	ID     string // operationId
	Method string
	Path   string // /v1/payment_runs/{run}
	Tag    string // the resource

	Summary string
	// Public needs no identity.
	Public bool
	// Guarded changes something that must be as its sender has read it: If-Match.
	Guarded bool
	// Kept is a POST that is done once: Idempotency-Key.
	Kept bool
	// Upload takes the body as it comes: a file.
	Upload bool

	parameters openapi3.Parameters
	body       *openapi3.RequestBody
	responses  *openapi3.Responses
	extensions map[string]any
}

// Read takes the contract from its text and refuses one that is not valid OpenAPI.
func Read(text []byte) (*Contract, error) {
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromData(text)
	if err != nil {
		return nil, fmt.Errorf("read the contract: %w", err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		return nil, fmt.Errorf("the contract is not valid: %w", err)
	}
	c := &Contract{doc: doc, byID: map[string]*Operation{}}
	for path, item := range doc.Paths.Map() {
		for method, o := range item.Operations() {
			op := operation(method, path, item, o)
			if c.byID[op.ID] != nil {
				return nil, fmt.Errorf("the contract has two operations %q", op.ID)
			}
			c.byID[op.ID] = op
			c.Operations = append(c.Operations, op)
		}
	}
	slices.SortFunc(c.Operations, func(a, b *Operation) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
	if c.json, err = json.Marshal(doc); err != nil {
		return nil, fmt.Errorf("print the contract: %w", err)
	}
	return c, nil
}

func operation(method, path string, item *openapi3.PathItem, o *openapi3.Operation) *Operation {
	op := &Operation{
		ID: o.OperationID, Method: method, Path: path, Summary: o.Summary, responses: o.Responses,
		extensions: o.Extensions,
		parameters: append(slices.Clone(item.Parameters), o.Parameters...),
		Public:     o.Security != nil && isPublic(*o.Security),
	}
	if len(o.Tags) > 0 {
		op.Tag = o.Tags[0]
	}
	for _, p := range op.parameters {
		op.Guarded = op.Guarded || p.Value.In == "header" && p.Value.Name == "If-Match"
		op.Kept = op.Kept || p.Value.In == "header" && p.Value.Name == "Idempotency-Key"
	}
	if o.RequestBody != nil {
		op.body = o.RequestBody.Value
		op.Upload = op.body.Content["application/json"] == nil
	}
	return op
}

// isPublic tells whether the requirements ask for nothing: there are none, or an empty one among them.
func isPublic(all openapi3.SecurityRequirements) bool {
	return len(all) == 0 || slices.ContainsFunc(all, func(one openapi3.SecurityRequirement) bool { return len(one) == 0 })
}

// Find is the operation of an id, nil when there is none.
func (c *Contract) Find(id string) *Operation { return c.byID[id] }

// JSON is the contract for programs (/openapi.json).
func (c *Contract) JSON() []byte { return c.json }

// Writes tells whether the operation changes something.
func (o *Operation) Writes() bool { return o.Method != http.MethodGet && o.Method != http.MethodHead }

// Route is the path in the way of the router: /v1/payment_runs/:run.
func (o *Operation) Route() string {
	return strings.NewReplacer("{", ":", "}", "").Replace(o.Path)
}
