package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// CheckAnswer judges an answer: its status must be in the contract, and its body must be what the
// contract says of that status. Tests judge every answer by it.
func (o *Operation) CheckAnswer(status int, contentType string, body []byte) error {
	ref := o.responses.Value(strconv.Itoa(status))
	if ref == nil && status >= 400 {
		ref = o.responses.Default()
	}
	if ref == nil {
		return fmt.Errorf("%s: the contract has no answer %d", o.ID, status)
	}
	kind, _, _ := strings.Cut(contentType, ";")
	media := ref.Value.Content.Get(kind)
	switch {
	case len(ref.Value.Content) == 0 && len(body) == 0:
		return nil
	case media == nil:
		return fmt.Errorf("%s %d: the contract has no %q", o.ID, status, kind)
	case media.Schema == nil || !strings.HasSuffix(kind, "json"):
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return fmt.Errorf("%s %d: %w", o.ID, status, err)
	}
	err := media.Schema.Value.VisitJSON(value, openapi3.MultiErrors(), openapi3.VisitAsResponse(), openapi3.EnableFormatValidation())
	if err != nil {
		return fmt.Errorf("%s %d: %w", o.ID, status, err)
	}
	return nil
}
