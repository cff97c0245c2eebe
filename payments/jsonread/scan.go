package jsonread

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

// Limits of a file.
const (
	MaxBytes = 64 << 20
	MaxDepth = 12   // values inside values
	MaxKeys  = 4096 // of one object
)

// Kinds of a value.
const (
	ObjectKind byte = '{'
	ListKind   byte = '['
	TextKind   byte = '"'
	NumberKind byte = '0'
	BoolKind   byte = 't'
	NullKind   byte = 'n'
)

// Node is a JSON value with its place in the file.
type Node struct {
	Kind  byte
	At    int      // offset of the first byte
	Text  string   // of a text; a number, true or false as it is written
	Keys  []string // of an object, beside Items
	Items []Node
	used  []bool // keys that somebody has asked for
}

// Member is the value of a key, nil when there is none or it is null. The key counts as
// asked for.
func (n *Node) Member(key string) *Node {
	i := slices.Index(n.Keys, key)
	if i < 0 {
		return nil
	}
	n.used[i] = true
	if n.Items[i].Kind == NullKind {
		return nil
	}
	return &n.Items[i]
}

// Find follows a JSON pointer as far as it leads.
func (n *Node) Find(pointer string) *Node {
	for step := range strings.SplitSeq(strings.Trim(pointer, "/"), "/") {
		next := -1
		switch n.Kind {
		case ObjectKind:
			next = slices.Index(n.Keys, step)
		case ListKind:
			if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(n.Items) {
				next = i
			}
		}
		if next < 0 {
			return n
		}
		n = &n.Items[next]
	}
	return n
}

// CheckSyntax tells whether the file is JSON in UTF-8 of at most [MaxBytes], and notes the
// place where it is not.
func (p *Problems) CheckSyntax() bool {
	switch {
	case len(p.raw) > MaxBytes:
		p.Add(-1, "", "too_large", "Le fichier dépasse 64 Mio : partagez-le en plusieurs.")
		return false
	case len(bytes.TrimSpace(p.raw)) == 0:
		p.Add(0, "", "empty", "Le fichier est vide.")
		return false
	case !utf8.Valid(p.raw):
		p.Add(
			firstInvalid(p.raw),
			"",
			"not_utf8",
			"Le fichier n'est pas en UTF-8 : enregistrez-le dans ce codage.",
		)
		return false
	}
	var all json.RawMessage
	err := json.Unmarshal(p.raw, &all)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		p.Add(int(syntax.Offset)-1, "", "syntax", "Ce n'est plus du JSON à cet endroit : "+
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

// Scanner reads values of a text that [Problems.CheckSyntax] has accepted.
type Scanner struct {
	raw []byte
	at  int
}

// NewScanner reads a text from an offset.
func NewScanner(raw []byte, at int) *Scanner { return &Scanner{raw: raw, at: at} }

// At is the offset reached.
func (s *Scanner) At() int { return s.at }

// Next passes over blanks and answers the first byte of what comes.
func (s *Scanner) Next() byte {
	for s.raw[s.at] <= ' ' {
		s.at++
	}
	return s.raw[s.at]
}

// Members calls read before the value of each member of the object that comes; read takes
// that value, and answers whether to go on. Members answers whether all were read.
func (s *Scanner) Members(read func(key string, at int) bool) bool {
	for s.open(); s.Next() != '}'; {
		s.comma()
		at := s.at
		key := s.text()
		s.Next()
		s.at++ // the colon
		s.Next()
		if !read(key, at) {
			return false
		}
	}
	s.at++
	return true
}

// Elements calls read before each element of the list that comes, as Members does.
func (s *Scanner) Elements(read func(i int) bool) bool {
	i := 0
	for s.open(); s.Next() != ']'; i++ {
		s.comma()
		if !read(i) {
			return false
		}
	}
	s.at++
	return true
}

func (s *Scanner) open() { s.Next(); s.at++ }

func (s *Scanner) comma() {
	if s.raw[s.at] == ',' {
		s.at++
		s.Next()
	}
}

// errDeep and errWide are shapes that no file of ours has.
var (
	errDeep = errors.New("nested too deeply")
	errWide = errors.New("too many keys")
)

// Value takes the next value whole, which stands at a depth of the file (the outermost
// has 0). Its error is for [FrenchShape].
func (s *Scanner) Value(depth int) (Node, error) {
	n := Node{Kind: s.Next(), At: s.at}
	if depth > MaxDepth {
		return n, errDeep
	}
	switch n.Kind {
	case ListKind:
		return n, s.list(&n, depth)
	case ObjectKind:
		return n, s.object(&n, depth)
	case TextKind:
		n.Text = s.text()
		return n, nil
	case NullKind, BoolKind:
	case 'f':
		n.Kind = BoolKind
	default:
		n.Kind = NumberKind
	}
	for s.at < len(s.raw) && !strings.ContainsRune(" \t\r\n,]}", rune(s.raw[s.at])) {
		s.at++
	}
	n.Text = string(s.raw[n.At:s.at])
	return n, nil
}

func (s *Scanner) list(n *Node, depth int) (err error) {
	s.Elements(func(int) bool {
		var item Node
		item, err = s.Value(depth + 1)
		n.Items = append(n.Items, item)
		return err == nil
	})
	return err
}

func (s *Scanner) object(n *Node, depth int) (err error) {
	s.Members(func(key string, _ int) bool {
		var item Node
		item, err = s.Value(depth + 1)
		n.Keys, n.Items = append(n.Keys, key), append(n.Items, item)
		if err == nil && len(n.Keys) > MaxKeys {
			err = errWide
		}
		return err == nil
	})
	n.used = make([]bool, len(n.Keys))
	return err
}

// text takes a string.
func (s *Scanner) text() string {
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
	_ = json.Unmarshal(s.raw[start:s.at], &text) // CheckSyntax has read it already
	return text
}

// FrenchShape says in French what an error of [Scanner.Value] means.
func FrenchShape(err error) string {
	if errors.Is(err, errDeep) {
		return fmt.Sprintf("Trop de niveaux imbriqués (au plus %d).", MaxDepth)
	}
	return fmt.Sprintf("Trop de clés dans un même objet (au plus %d).", MaxKeys)
}
