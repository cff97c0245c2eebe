package pages

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"masp/api"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// Form is what was typed, and what is wrong with it.
type Form struct {
	Values   url.Values
	Problems []Problem

	key string
	of  string // whom the form was made for
}

// Problem is one thing to correct. Field is empty when it is of no field.
type Problem struct{ Field, Text string }

// Value is what a field holds: what was typed, without blanks around.
func (f Form) Value(field string) string { return strings.TrimSpace(f.Values.Get(field)) }

// Has tells whether a box was ticked, or a button with this name and value pressed.
func (f Form) Has(field, value string) bool { return slices.Contains(f.Values[field], value) }

// Wrong is what to correct at a field; empty for nothing.
func (f Form) Wrong(field string) string {
	for _, p := range f.Problems {
		if p.Field == field {
			return p.Text
		}
	}
	return ""
}

// Bad adds a thing to correct.
func (f *Form) Bad(field, text string) { f.Problems = append(f.Problems, Problem{field, text}) }

// Need is the value of a field that must be filled; text says what is missing.
func (f *Form) Need(field, text string) string {
	value := f.Value(field)
	if value == "" {
		f.Bad(field, text)
	}
	return value
}

// Amount reads an amount as a French person types it; an empty one is zero.
func (f *Form) Amount(field string) money.Amount {
	value := f.Value(field)
	if value == "" {
		return money.Amount{}
	}
	a, err := money.ParseInput(value)
	if err != nil {
		f.Bad(field, frenchOf(err, "Écrivez un montant comme 412,50."))
	}
	return a
}

// Date reads a day from a field of days (2026-11-05), or as it is written by hand (05/11/2026); an empty
// one is none.
func (f *Form) Date(field string) civil.Date {
	value := f.Value(field)
	if value == "" {
		return civil.Date{}
	}
	if parts := strings.Split(value, "/"); len(parts) == 3 {
		slices.Reverse(parts)
		value = strings.Join(parts, "-")
	}
	d, err := civil.Parse(value)
	if err != nil {
		f.Bad(field, "Écrivez une date comme 05/11/2026.")
	}
	return d
}

// frenchOf is what an error says to its reader, or else what to say.
func frenchOf(err error, otherwise string) string {
	if said, ok := errors.AsType[interface {
		error
		French() string
	}](err); ok {
		return said.French()
	}
	return otherwise
}

// Refused takes what an operation has refused onto the form. It answers the error itself when it is none
// that a form can show: who has to prove himself, what does not exist, what broke.
func (f *Form) Refused(err error) error {
	fault, ok := errors.AsType[*api.Fault](err)
	if !ok {
		return err
	}
	switch fault.Status {
	case http.StatusBadRequest, http.StatusConflict, http.StatusUnprocessableEntity, http.StatusTooManyRequests:
	default:
		return err
	}
	if fault.Code == "key_reused" {
		f.Bad("", "Cette page avait déjà servi. Relisez, puis envoyez de nouveau.")
		return nil
	}
	before := len(f.Problems)
	for _, p := range fault.Problems {
		field := strings.ReplaceAll(strings.TrimPrefix(p.Pointer, "/"), "/", ".")
		f.Bad(field, p.Text.French)
	}
	if len(f.Problems) == before {
		f.Bad("", fault.Detail.French)
	}
	return nil
}

// Code is the code of what was refused; empty for another error.
func Code(err error) string {
	if fault, ok := errors.AsType[*api.Fault](err); ok {
		return fault.Code
	}
	return ""
}

// The key of a form: chance, whom it was made for, and the seal of both under a secret of the browser.
const (
	keyField   = "cle"
	keyMark    = "~"
	sealCookie = "formulaire"
	chanceSize = 12
)

func seal(secret, of string) string {
	h := hmac.New(sha256.New, []byte(secret))
	_, _ = h.Write([]byte(of)) // a hash takes all
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:chanceSize])
}

// newKey makes the key of one form.
func (v *Visit) newKey() string {
	secret := v.Kept(sealCookie)
	if secret == "" {
		if secret = v.made; secret == "" {
			secret = rand.Text()
			v.made = secret
			v.Keep(sealCookie, secret, 0)
		}
	}
	chance := make([]byte, chanceSize)
	_, _ = rand.Read(chance) // never fails
	text := base64.RawURLEncoding.EncodeToString(chance) + keyMark + readerOf(v.Browser)
	return text + keyMark + seal(secret, text)
}

const formSize = 1 << 20

// readForm reads what a form has sent, and refuses one that was not made for this browser.
func (v *Visit) readForm(upload bool) error {
	var err error
	if upload {
		err = v.ParseMultipartForm(formSize)
	} else {
		err = v.ParseForm()
	}
	if _, tooLong := errors.AsType[*http.MaxBytesError](err); tooLong {
		return err
	}
	if err != nil {
		return api.Say(http.StatusBadRequest, "malformed", "Le formulaire n'est pas arrivé en entier. Revenez en arrière et envoyez-le de nouveau.",
			"The form did not arrive whole. Go back and send it again.")
	}
	v.Form.Values = v.PostForm
	parts := strings.Split(v.PostForm.Get(keyField), keyMark)
	secret := v.Kept(sealCookie)
	if len(parts) != 3 || secret == "" || !hmac.Equal([]byte(seal(secret, parts[0]+keyMark+parts[1])), []byte(parts[2])) {
		return api.Say(http.StatusForbidden, "form_expired", "Ce formulaire est trop ancien. Revenez en arrière, rechargez la page, puis recommencez.",
			"This form is too old. Go back, load the page again, then try once more.")
	}
	v.Form.key, v.Form.of = parts[0], parts[1]
	return nil
}

// print is the same for the same form with the same in it.
func (v *Visit) print() string {
	h := sha256.Sum256([]byte(v.URL.Path + "\n" + v.PostForm.Encode()))
	return v.Form.key + string(h[:])
}
