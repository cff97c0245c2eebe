package mandates

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits of a load file.
const (
	maxLoadBytes = 64 << 20
	maxLoadDepth = 8
	maxLoadKeys  = 64 // of one object
)

// node is a JSON value with its place in the file: the standard decoder keeps neither
// places nor duplicate keys.
type node struct {
	kind  byte // '{', '[', '"', '0' for a number, 't' for true and false, 'n' for null
	at    int  // offset of the first byte
	text  string
	keys  []string // of an object, beside items
	items []node
	used  []bool // keys that somebody has asked for
}

// member is the value of a key, nil when there is none or it is null.
func (n *node) member(key string) *node {
	i := slices.Index(n.keys, key)
	if i < 0 {
		return nil
	}
	n.used[i] = true
	if n.items[i].kind == 'n' {
		return nil
	}
	return &n.items[i]
}

// find follows a JSON pointer as far as it leads.
func (n *node) find(pointer string) *node {
	for step := range strings.SplitSeq(strings.Trim(pointer, "/"), "/") {
		next := -1
		switch n.kind {
		case '{':
			next = slices.Index(n.keys, step)
		case '[':
			if i, err := strconv.Atoi(step); err == nil && i < len(n.items) {
				next = i
			}
		}
		if next < 0 {
			return n
		}
		n = &n.items[next]
	}
	return n
}

// checkSyntax tells whether the file is JSON in UTF-8, with the place where it is not.
func (p *problems) checkSyntax() bool {
	switch {
	case len(p.raw) > maxLoadBytes:
		p.add(-1, "", "too_large", "Le fichier dépasse 64 Mio : partagez-le en plusieurs.")
		return false
	case len(bytes.TrimSpace(p.raw)) == 0:
		p.add(0, "", "empty", "Le fichier est vide.")
		return false
	case !utf8.Valid(p.raw):
		p.add(firstInvalid(p.raw), "", "not_utf8", "Le fichier n'est pas en UTF-8 : enregistrez-le dans ce codage.")
		return false
	}
	var all json.RawMessage
	err := json.Unmarshal(p.raw, &all)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		p.add(int(syntax.Offset)-1, "", "syntax", "Ce n'est plus du JSON à cet endroit : "+
			"vérifiez les virgules, les guillemets et les accolades. Un objet { … } et rien après.")
	}
	return err == nil
}

func firstInvalid(raw []byte) int {
	for at := 0; at < len(raw); {
		r, size := utf8.DecodeRune(raw[at:])
		if r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return len(raw)
}

// scanner reads values of a text that checkSyntax has accepted.
type scanner struct {
	raw []byte
	at  int
}

// skip passes over blanks and answers the next byte.
func (s *scanner) skip() byte {
	for s.raw[s.at] <= ' ' {
		s.at++
	}
	return s.raw[s.at]
}

// errDeep and errWide are shapes that no load file has.
var (
	errDeep = errors.New("nested too deeply")
	errWide = errors.New("too many keys")
)

// value reads the next value whole.
func (s *scanner) value(depth int) (node, error) {
	n := node{kind: s.skip(), at: s.at}
	if depth > maxLoadDepth {
		return n, errDeep
	}
	switch n.kind {
	case '{', '[':
		return n, s.inside(&n, depth)
	case '"':
		n.text = s.text()
		return n, nil
	}
	for s.at < len(s.raw) && !bytes.ContainsRune([]byte(" \t\r\n,]}"), rune(s.raw[s.at])) {
		s.at++
	}
	n.text = string(s.raw[n.at:s.at])
	switch n.kind {
	case 'n':
	case 't', 'f':
		n.kind = 't'
	default:
		n.kind = '0'
	}
	return n, nil
}

// inside reads the members of an object or the elements of an array.
func (s *scanner) inside(n *node, depth int) error {
	for s.at++; ; {
		switch s.skip() {
		case '}', ']':
			s.at++
			n.used = make([]bool, len(n.keys))
			return nil
		case ',':
			s.at++
			s.skip()
		}
		if n.kind == '{' {
			n.keys = append(n.keys, s.text())
			s.skip()
			s.at++ // the colon
			if len(n.keys) > maxLoadKeys {
				return errWide
			}
		}
		item, err := s.value(depth + 1)
		n.items = append(n.items, item)
		if err != nil {
			return err
		}
	}
}

// text reads a string.
func (s *scanner) text() string {
	start := s.at
	plain := true
	for s.at++; s.raw[s.at] != '"'; s.at++ {
		if s.raw[s.at] == '\\' {
			plain = false
			s.at++
		}
	}
	s.at++
	if plain {
		return string(s.raw[start+1 : s.at-1])
	}
	var text string
	_ = json.Unmarshal(s.raw[start:s.at], &text) // checkSyntax has read it already
	return text
}

// shape says in French what a shape error means.
func shape(err error) string {
	if errors.Is(err, errDeep) {
		return fmt.Sprintf("Trop de niveaux imbriqués (au plus %d).", maxLoadDepth)
	}
	return fmt.Sprintf("Trop de clés dans un même objet (au plus %d).", maxLoadKeys)
}
