package scenario

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/jsonread"
	"masp/payments/mandates"
	"masp/payments/sepa"
)

// maxCents is the most that one SEPA transfer carries.
const maxCents = 99_999_999_999

var (
	openWord = regexp.MustCompile(`^[A-Z][A-Z0-9_]{0,39}$`)
	isoCode  = regexp.MustCompile(`^[A-Z0-9]{4}$`)
	remitted = regexp.MustCompile(`^REM[1-9][0-9]{0,2}$`)
)

// What a story names.
const (
	aBank     = "Le compte bancaire"
	aMandate  = "Le mandat"
	aPayee    = "Le destinataire"
	aDebt     = "La dette"
	aCredit   = "Le crédit"
	aTransfer = "Le virement ou la campagne"
	aRun      = "La campagne"
	aReissue  = "Le virement émis à nouveau"
)

// object reads the fields of one object of a story.
type object struct {
	jsonread.Object
	reader *reader
}

func (o object) inner(key string, required bool) (object, bool) {
	inside, ok := o.Inner(key, required)
	return object{inside, o.reader}, ok
}

func (o object) each(key string, required bool, read func(object)) {
	o.Each(key, required, func(inside jsonread.Object) {
		inside.Node.Member("note")
		read(object{inside, o.reader})
	})
}

// end allows a note.
func (o object) end() {
	o.Node.Member("note")
	o.End()
}

// forgive takes every key for asked for.
func (o object) forgive() {
	for _, key := range o.Node.Keys {
		o.Node.Member(key)
	}
}

// name is a text that others of the story refer to; only credits may share one.
func (o object) name(key, what string) string {
	text, n := o.Fit(key, true)
	if n == nil {
		return ""
	}
	if o.reader.note(what, text) && what != aCredit {
		o.Wrong(n, key, "duplicate",
			fmt.Sprintf("« %s » est déjà plus haut dans le fichier.", text))
	}
	return text
}

// note remembers a name; true when it was there.
func (r *reader) note(what, name string) bool {
	if r.named[what] == nil {
		r.named[what] = map[string]bool{}
	}
	was := r.named[what][name]
	r.named[what][name] = true
	return was
}

// ref is a name that something of the story has; it is looked up at the end.
func (o object) ref(key, what string, required bool) string {
	text, n := o.Fit(key, required)
	o.resolve(n, key, what, text)
	return text
}

func (o object) refs(key, what string) []string {
	texts := o.Texts(key, true)
	seen := map[string]bool{}
	n := o.Node.Find(key)
	for i, text := range texts {
		place := fmt.Sprintf("%s/%d", key, i)
		if seen[text] {
			o.Wrong(n.Find(fmt.Sprint(i)), place, "duplicate",
				fmt.Sprintf("« %s » est deux fois dans la liste.", text))
		}
		seen[text] = true
		o.resolve(n.Find(fmt.Sprint(i)), place, what, text)
	}
	return texts
}

func (o object) resolve(n *jsonread.Node, key, what, text string) {
	if n == nil || text == "" {
		return
	}
	o.reader.later = append(o.reader.later, func() {
		if !o.reader.named[what][text] {
			o.Wrong(n, key, "unknown_reference",
				fmt.Sprintf("%s « %s » n'existe pas dans ce fichier.", what, jsonread.Shorten(text)))
		}
	})
}

// payment is the ID of a transfer: RUN-mandate-payee, RUN-mandate-REMn, or that of a
// payout.
func (o object) payment(key string, required bool) string {
	text, n := o.Fit(key, required)
	if n == nil || text == "" {
		return text
	}
	o.reader.later = append(o.reader.later, func() {
		if !o.reader.isTransfer(text) {
			o.Wrong(n, key, "unknown_reference",
				fmt.Sprintf("Aucun virement de ce fichier ne peut s'appeler « %s ».", jsonread.Shorten(text)))
		}
	})
	return text
}

func (r *reader) isTransfer(id string) bool {
	if r.named[aTransfer][id] && !r.named[aRun][id] {
		return true
	}
	for run := range r.named[aRun] {
		rest, ok := strings.CutPrefix(id, run+"-")
		for mandate := range r.named[aMandate] {
			end, mine := strings.CutPrefix(rest, mandate+"-")
			if ok && mine && (r.named[aPayee][end] || remitted.MatchString(end)) {
				return true
			}
		}
	}
	return false
}

func (o object) remittance(mandate string, run civil.Date) Remittance {
	plan, ok := o.inner(mandate, true)
	if !ok {
		return Remittance{}
	}
	o.resolve(plan.Node, jsonread.Escape(mandate), aMandate, mandate)
	var dates []civil.Date
	for i, text := range plan.Texts("dates", true) {
		place := fmt.Sprintf("dates/%d", i)
		day, err := civil.Parse(text)
		switch n := plan.Node.Find(place); {
		case err != nil:
			plan.Wrong(n, place, "date", frenchDate)
		case day.Before(run):
			plan.Wrong(n, place, "before", "Cette date précède celle de la campagne.")
		default:
			dates = append(dates, day)
		}
	}
	payee := plan.ref("payee", aPayee, true)
	plan.end()
	return Remittance{Payee: payee, Dates: dates}
}

const frenchDate = "Une date existante s'écrit « 2026-11-05 »."

// dateOrFlag reads a day, or true or false where only the fact is told: then no day is known.
func (o object) dateOrFlag(key string) civil.Date {
	if n := o.Node.Member(key); n != nil && n.Kind == jsonread.BoolKind {
		return civil.Date{}
	}
	return o.Date(key, false)
}

// notBefore notes a day that precedes another; a day that could not be read is no problem.
func (o object) notBefore(key string, day, first civil.Date) {
	if !day.IsZero() && !first.IsZero() && day.Before(first) {
		o.Wrong(o.Node.Find(key), key, "before", "Cette date précède le "+first.French()+".")
	}
}

// cents is an amount of these files.
func (o object) cents(key string, required bool) money.Amount {
	return money.Cents(int64(o.Integer(key, 0, maxCents, required)))
}

func (o object) iban(key string) sepa.IBAN {
	text, n := o.Fit(key, true)
	if n == nil {
		return sepa.IBAN{}
	}
	iban, err := sepa.ParseIBAN(text)
	var own *sepa.IBANError
	if errors.As(err, &own) {
		o.Wrong(n, key, "iban", own.French())
	}
	return iban
}

const frenchWord = "Il faut un mot en majuscules (RENT_ARREARS)."

func (o object) word(key string) string    { return o.Matching(key, openWord, true, frenchWord) }
func (o object) optWord(key string) string { return o.Matching(key, openWord, false, frenchWord) }

func (o object) class(key string) mandates.Class {
	var words []string
	for _, c := range mandates.Classes() {
		words = append(words, string(c))
	}
	return mandates.Class(o.OneOf(key, true, words...))
}

// classes is a list of classes, each once.
func (o object) classes(key string) []mandates.Class {
	list := make([]mandates.Class, 0, 6)
	for i, text := range o.Texts(key, true) {
		place := fmt.Sprintf("%s/%d", key, i)
		switch n := o.Node.Find(place); {
		case !mandates.Class(text).Known():
			o.Wrong(n, place, "unknown_word",
				fmt.Sprintf("La classe « %s » n'existe pas.", jsonread.Shorten(text)))
		case slices.Contains(list, mandates.Class(text)):
			o.Wrong(n, place, "duplicate", "Cette classe est deux fois dans la liste.")
		default:
			list = append(list, mandates.Class(text))
		}
	}
	return list
}
