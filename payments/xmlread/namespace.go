package xmlread

import "errors"

// binding is a prefix declared by an open element.
type binding struct{ prefix, space string }

const xmlSpace = "http://www.w3.org/XML/1998/namespace"

// bind declares the namespaces among the attributes of the element just pushed
// and checks all attributes; false after setting an error.
func (r *Reader) bind(attrs []attr) bool {
	top := &r.stack[r.depth-1]
	for i, a := range attrs {
		for _, b := range attrs[:i] {
			if a.name.raw == b.name.raw {
				_ = r.Fail(CodeMalformed, a.name.local, errors.New("attribute given twice"))
				return false
			}
		}
		if (a.name.prefix == "xmlns" || a.name.raw == "xmlns") && len(a.value) > nameMost ||
			len(r.spaces) > attributesMost {
			_ = r.Fail(CodeTooLarge, a.name.local, errors.New("namespaces over their limits"))
			return false
		}
		switch {
		case a.name.prefix == "xmlns":
			r.spaces = append(r.spaces, binding{a.name.local, a.value})
		case a.name.prefix == "" && a.name.local == "xmlns":
			top.inherit = a.value
		}
	}
	for _, a := range attrs {
		if a.name.prefix == "" || a.name.prefix == "xmlns" {
			continue
		}
		if _, known := r.resolve(a.name.prefix, ""); !known {
			_ = r.Fail(CodePrefix, a.name.prefix, errors.New("undeclared prefix of an attribute"))
			return false
		}
	}
	return true
}

// resolve finds the namespace of a prefix; inherit is that of no prefix.
func (r *Reader) resolve(prefix, inherit string) (string, bool) {
	switch prefix {
	case "":
		return inherit, true
	case "xml":
		return xmlSpace, true
	}
	for i := len(r.spaces) - 1; i >= 0; i-- {
		if r.spaces[i].prefix == prefix {
			return r.spaces[i].space, r.spaces[i].space != ""
		}
	}
	return "", false
}
