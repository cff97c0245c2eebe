package jsonread

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText is the longest text of a file, in characters.
const maxText = 500

// Object reads the fields of one JSON object and notes each that is missing, of another
// type or unknown. A field that cannot be read is its zero value.
type Object struct {
	Found *Problems
	Node  *Node
	Path  string // JSON pointer of the object
}

// Wrong notes a problem of one field, at a value of the file.
func (o Object) Wrong(n *Node, key, code, french string) {
	o.Found.Add(n.At, o.Path+"/"+key, code, french)
}

// Get is the value of a key if it is of a kind; a required one that is absent is noted.
func (o Object) Get(key string, kind byte, required bool) *Node {
	n := o.Node.Member(key)
	switch {
	case n == nil && required:
		o.Wrong(o.Node, key, "missing", fmt.Sprintf("Il manque « %s ».", key))
	case n != nil && n.Kind != kind:
		o.Wrong(n, key, "type", fmt.Sprintf("« %s » doit être %s.", key, frenchKinds[kind]))
		return nil
	}
	return n
}

var frenchKinds = map[byte]string{
	ObjectKind: "un objet { … }",
	ListKind:   "une liste [ … ]",
	TextKind:   "un texte entre guillemets",
	NumberKind: "un nombre entier sans guillemets",
	BoolKind:   "true ou false",
}

// Fit is a text as it stands, when it is one that a database can keep; nil when there is
// none to judge further.
func (o Object) Fit(key string, required bool) (string, *Node) {
	n := o.Get(key, TextKind, required)
	if n == nil {
		return "", nil
	}
	if why := unfit(n.Text, required); why != "" {
		o.Wrong(n, key, "text", why)
		return "", nil
	}
	return n.Text, n
}

func unfit(text string, required bool) string {
	switch {
	case required && strings.TrimSpace(text) == "":
		return "Ce texte est vide."
	case utf8.RuneCountInString(text) > maxText:
		return fmt.Sprintf("Ce texte dépasse %d caractères.", maxText)
	case strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }):
		return "Ce texte contient un caractère illisible ou un saut de ligne."
	}
	return ""
}

// Text is a required text.
func (o Object) Text(key string) string { text, _ := o.Fit(key, true); return text }

// OptText is a text that may be absent or empty.
func (o Object) OptText(key string) string { text, _ := o.Fit(key, false); return text }

// Matching is a text of a grammar; an absent optional one is empty.
func (o Object) Matching(key string, grammar *regexp.Regexp, required bool, french string) string {
	text, n := o.Fit(key, required)
	if n != nil && !grammar.MatchString(text) {
		o.Wrong(n, key, "reference", french)
		return ""
	}
	return text
}

// OneOf is one word of a list.
func (o Object) OneOf(key string, required bool, words ...string) string {
	text, n := o.Fit(key, required)
	if n != nil && !slices.Contains(words, text) {
		o.Wrong(n, key, "unknown_word", "Il faut un de ces mots : "+strings.Join(words, ", ")+".")
		return ""
	}
	return text
}

// Integer is a whole number from low to high; zero when absent.
func (o Object) Integer(key string, low, high int, required bool) int {
	n := o.Get(key, NumberKind, required)
	if n == nil {
		return 0
	}
	return o.Bounded(n, key, low, high)
}

// Bounded is a value of the file as a whole number from low to high.
func (o Object) Bounded(n *Node, place string, low, high int) int {
	value, err := strconv.Atoi(n.Text)
	if n.Kind != NumberKind || err != nil || value < low || value > high {
		o.Wrong(n, place, "number", fmt.Sprintf("Il faut un nombre entier de %d à %d.", low, high))
		return 0
	}
	return value
}

// Bool is true or false; false when absent.
func (o Object) Bool(key string) bool {
	n := o.Get(key, BoolKind, false)
	return n != nil && n.Text == "true"
}

// Texts is a list of texts.
func (o Object) Texts(key string, required bool) []string {
	n := o.Get(key, ListKind, required)
	if n == nil {
		return nil
	}
	list := make([]string, 0, len(n.Items))
	for i := range n.Items {
		item := &n.Items[i]
		place := fmt.Sprintf("%s/%d", key, i)
		why := unfit(item.Text, true)
		switch {
		case item.Kind != TextKind:
			o.Wrong(item, place, "type", "Il faut un texte entre guillemets.")
		case why != "":
			o.Wrong(item, place, "text", why)
		default:
			list = append(list, item.Text)
		}
	}
	return list
}

// Inner is an object inside this one; false when it is absent.
func (o Object) Inner(key string, required bool) (Object, bool) {
	n := o.Get(key, ObjectKind, required)
	return Object{o.Found, n, o.Path + "/" + Escape(key)}, n != nil
}

// Each calls read for each object of a list, and ends it.
func (o Object) Each(key string, required bool, read func(Object)) {
	n := o.Get(key, ListKind, required)
	if n == nil {
		return
	}
	for i := range n.Items {
		item := &n.Items[i]
		place := fmt.Sprintf("%s/%d", key, i)
		if item.Kind != ObjectKind {
			o.Wrong(item, place, "type", "Il faut un objet { … }.")
			continue
		}
		inner := Object{o.Found, item, o.Path + "/" + place}
		read(inner)
		inner.End()
	}
}

// End notes the keys that nobody has asked for, and those that stand there twice.
func (o Object) End() {
	seen := make(map[string]bool, len(o.Node.Keys))
	for i, key := range o.Node.Keys {
		code, french := "", ""
		switch {
		case seen[key]:
			code, french = "duplicate_key", "« %s » est écrit deux fois."
		case !o.Node.used[i]:
			code, french = "unknown_key", "« %s » n'existe pas ici."
		}
		seen[key] = true
		if code != "" {
			o.Wrong(&o.Node.Items[i], Escape(key), code, fmt.Sprintf(french, Shorten(key)))
		}
	}
}

// Escape writes a key of a file into a JSON pointer (RFC 6901), shortened.
func Escape(key string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(Shorten(key))
}

// Shorten keeps a wild key from filling the screen.
func Shorten(key string) string {
	if runes := []rune(key); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return key
}
