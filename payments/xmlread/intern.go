package xmlread

import "strings"

// interner makes each name and short attribute value of a file once. Its room
// is bounded: a file with endless different names only costs allocations.
type interner struct {
	recent [256]*name // by a cheap sum of the name, before names is asked
	names  map[string]*name
	values map[string]string
}

const (
	internMost   = 1024
	nameLongest  = 64
	valueLongest = 16
	nameMost     = 1024 // bytes of a name: longer ones are not names but an attack
)

// name splits a name at its colon; nil when it is not one.
func (in *interner) name(raw []byte) *name {
	n := len(raw)
	if n == 0 || n > nameLongest {
		return in.known(raw)
	}
	slot := &in.recent[(n*5+int(raw[0])*31+int(raw[n/2])*17+int(raw[n-1])*7)%len(in.recent)]
	if q := *slot; q != nil && q.raw == string(raw) {
		return q
	}
	q := in.known(raw)
	if q != nil {
		*slot = q
	}
	return q
}

// known finds or makes a name.
func (in *interner) known(raw []byte) *name {
	if q := in.names[string(raw)]; q != nil {
		return q
	}
	if len(raw) > nameMost {
		return nil
	}
	q := &name{raw: string(raw)}
	prefix, local, prefixed := strings.Cut(q.raw, ":")
	if !prefixed {
		prefix, local = "", q.raw
	}
	if !rightName(local) || (prefixed && !rightName(prefix)) {
		return nil
	}
	q.prefix, q.local = prefix, local
	if in.names == nil {
		in.names = map[string]*name{}
	}
	if len(in.names) < internMost && len(raw) <= nameLongest {
		in.names[q.raw] = q
	}
	return q
}

// value is a text under a name; a short one is made once.
func (in *interner) value(under *name, raw []byte) string {
	if len(raw) > valueLongest {
		return string(raw)
	}
	if under.value != string(raw) {
		under.value = in.text(raw)
	}
	return under.value
}

func (in *interner) text(raw []byte) string {
	if v, known := in.values[string(raw)]; known {
		return v
	}
	v := string(raw)
	if in.values == nil {
		in.values = map[string]string{}
	}
	if len(in.values) < internMost {
		in.values[v] = v
	}
	return v
}
