package mandates

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/sepa"
)

// maxText is the longest text of a load file, in characters.
const maxText = 500

// object reads the fields of one JSON object and notes each that is missing, of another
// type or unknown. A field that cannot be read is its zero value.
type object struct {
	found *problems
	n     *node
	path  string
}

// wrong notes a problem of one field.
func (o object) wrong(n *node, key, code, french string) {
	o.found.add(n.at, o.path+"/"+key, code, french)
}

// get is the value of a key if it is of a kind; a required one that is absent is noted.
func (o object) get(key string, kind byte, required bool) *node {
	n := o.n.member(key)
	switch {
	case n == nil && required:
		o.wrong(o.n, key, "missing", fmt.Sprintf("Il manque « %s ».", key))
	case n != nil && n.kind != kind:
		o.wrong(n, key, "type", fmt.Sprintf("« %s » doit être %s.", key, frenchKinds[kind]))
		return nil
	}
	return n
}

var frenchKinds = map[byte]string{
	'{': "un objet { … }", '[': "une liste [ … ]", '"': "un texte entre guillemets",
	'0': "un nombre entier sans guillemets", 't': "true ou false",
}

// readText is a text as it stands, when it is one that a database can keep.
func (o object) readText(key string, required bool) (string, *node) {
	n := o.get(key, '"', required)
	if n == nil {
		return "", nil
	}
	if why := unfitText(n.text, required); why != "" {
		o.wrong(n, key, "text", why)
		return "", nil
	}
	return n.text, n
}

func unfitText(text string, required bool) string {
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

func (o object) text(key string) string    { text, _ := o.readText(key, true); return text }
func (o object) optText(key string) string { text, _ := o.readText(key, false); return text }

var (
	reference     = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{0,23}$`)
	obligationRef = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{0,31}$`)
	payerNumber   = regexp.MustCompile(`^[A-Z0-9]{4,20}$`)
	blockReason   = regexp.MustCompile(`^[A-Z][A-Z_]{0,39}$`)
)

// matching is a text of a grammar; an absent optional one is empty.
func (o object) matching(key string, grammar *regexp.Regexp, required bool, french string) string {
	text, n := o.readText(key, required)
	if n != nil && !grammar.MatchString(text) {
		o.wrong(n, key, "reference", french)
		return ""
	}
	return text
}

const frenchReference = "Une référence a 1 à 24 majuscules, chiffres ou tirets (M-0001)."

func (o object) ref(key string) string { return o.matching(key, reference, true, frenchReference) }

func (o object) optRef(key string) string { return o.matching(key, reference, false, frenchReference) }

// oneOf is one word of a list.
func (o object) oneOf(key string, required bool, words ...string) string {
	text, n := o.readText(key, required)
	if n != nil && !slices.Contains(words, text) {
		o.wrong(n, key, "unknown_word", "Il faut un de ces mots : "+strings.Join(words, ", ")+".")
		return ""
	}
	return text
}

func (o object) date(key string, required bool) civil.Date {
	text, n := o.readText(key, required)
	if n == nil {
		return civil.Date{}
	}
	day, err := civil.Parse(text)
	if err != nil {
		o.wrong(n, key, "date", "Une date existante s'écrit « 2026-11-05 ».")
	}
	return day
}

func (o object) month(key string) civil.Month {
	text, n := o.readText(key, true)
	if n == nil {
		return civil.Month{}
	}
	month, err := civil.ParseMonth(text)
	if err != nil {
		o.wrong(n, key, "month", "Un mois s'écrit « 2026-11 ».")
	}
	return month
}

func (o object) amount(key string, required bool) money.Amount {
	text, n := o.readText(key, required)
	if n == nil {
		return money.Amount{}
	}
	amount, err := money.Parse(text)
	if err != nil {
		o.wrong(n, key, "amount", "Un montant s'écrit « 123.45 » : un point et deux décimales.")
	}
	return amount
}

func (o object) iban(key string) sepa.IBAN {
	text, n := o.readText(key, true)
	if n == nil {
		return sepa.IBAN{}
	}
	iban, err := sepa.ParseIBAN(text)
	if err != nil {
		var own *sepa.IBANError
		if errors.As(err, &own) {
			o.wrong(n, key, "iban", own.French())
		}
	}
	return iban
}

// integer is a whole number from low to high; zero when absent.
func (o object) integer(key string, low, high int) int {
	n := o.get(key, '0', false)
	if n == nil {
		return 0
	}
	return o.bounded(n, key, low, high)
}

func (o object) bounded(n *node, place string, low, high int) int {
	value, err := strconv.Atoi(n.text)
	if n.kind != '0' || err != nil || value < low || value > high {
		o.wrong(n, place, "number", fmt.Sprintf("Il faut un nombre entier de %d à %d.", low, high))
		return 0
	}
	return value
}

func (o object) boolean(key string) bool {
	n := o.get(key, 't', false)
	return n != nil && n.text == "true"
}

// texts is a list of texts.
func (o object) texts(key string, required bool) []string {
	n := o.get(key, '[', required)
	if n == nil {
		return nil
	}
	list := make([]string, 0, len(n.items))
	for i := range n.items {
		item := &n.items[i]
		place := fmt.Sprintf("%s/%d", key, i)
		why := unfitText(item.text, true)
		switch {
		case item.kind != '"':
			o.wrong(item, place, "type", "Il faut un texte entre guillemets.")
		case why != "":
			o.wrong(item, place, "text", why)
		default:
			list = append(list, item.text)
		}
	}
	return list
}

// inner is an object inside this one; false when it is absent.
func (o object) inner(key string, required bool) (object, bool) {
	n := o.get(key, '{', required)
	return object{o.found, n, o.path + "/" + key}, n != nil
}

// end notes the keys that nobody has asked for, and those that stand there twice.
func (o object) end() {
	for i, key := range o.n.keys {
		code, french := "", ""
		switch first := slices.Index(o.n.keys, key); {
		case first < i:
			code, french = "duplicate_key", "« %s » est écrit deux fois."
		case !o.n.used[i]:
			code, french = "unknown_key", "« %s » n'existe pas ici."
		default:
			continue
		}
		o.found.add(o.n.items[i].at, o.path+"/"+escapePointer(key), code, fmt.Sprintf(french, shorten(key)))
	}
}

// escapePointer writes a key of a file into a JSON pointer (RFC 6901).
func escapePointer(key string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(shorten(key))
}

// shorten keeps a wild key from filling the screen.
func shorten(key string) string {
	if runes := []rune(key); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return key
}
