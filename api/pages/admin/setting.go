package admin

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"masp/api"
	"masp/api/auth"
	"masp/api/pages"
	"masp/ledger/money"
)

// settingForm is one setting: its page, who changes it, where the contract keeps it.
type settingForm struct {
	Slug, Title, Intro string
	Roles              []auth.Role // who may; the contract says it anew
	Fields             []field
	Target             func(v *pages.Visit) string
	Of                 func(v *pages.Visit) string // which one, of several
	Pick               func(v *pages.Visit, read values) values
	Body               func(v *pages.Visit, body values)
	Reason             bool // a change says why
}

type values = map[string]any

// kind is how a field is typed.
type kind int

const (
	number kind = iota
	amount
	choice
)

// field is one value of a setting.
type field struct {
	Name, Label, Hint string
	Kind              kind
	May               bool // it may be empty
	Choices           []pages.Choice
}

// Mode is the keyboard of a telephone.
func (f field) Mode() string { return [...]string{"numeric", "decimal", ""}[f.Kind] }

// text is a value as one types it.
func (f field) text(value any) string {
	switch typed := value.(type) {
	case nil:
		return ""
	case string:
		if f.Kind == amount {
			return strings.Replace(typed, ".", ",", 1)
		}
		return typed
	}
	return fmt.Sprint(value)
}

// read reads what was typed, as the contract wants it; nil is nothing.
func (f field) read(v *pages.Visit) any {
	typed := v.Form.Value(f.Name)
	switch {
	case typed == "" && f.May:
		return nil
	case typed == "":
		v.Form.Bad(f.Name, f.Label+" : écrivez une valeur.")
		return nil
	case f.Kind == amount:
		if a := v.Form.Amount(f.Name); a != (money.Amount{}) || !f.May {
			return a.String()
		}
		return nil
	case f.Kind == choice:
		return typed
	}
	n, err := strconv.Atoi(typed)
	if err != nil {
		v.Form.Bad(f.Name, f.Label+" : écrivez un nombre, par exemple 10.")
	}
	return n
}

// sentence is a setting in a line.
func (s settingForm) sentence(now values) string {
	parts := make([]string, 0, len(s.Fields))
	for _, f := range s.Fields {
		shown := f.text(now[f.Name])
		for _, c := range f.Choices {
			if c.Value == shown {
				shown = c.Name
			}
		}
		if shown == "" {
			shown = "aucun"
		}
		parts = append(parts, f.Label+" : "+shown)
	}
	return strings.Join(parts, " ; ")
}

func (s settingForm) may(v *pages.Visit) bool {
	return v.May(auth.WriteSettings) && slices.ContainsFunc(s.Roles, v.Who().Is)
}

// filled is a field with its value.
type filled struct {
	field
	Value string
}

// settingPage is the form of one setting.
type settingPage struct {
	Intro, Action, Tag, Was string
	Fields                  []filled
	Reason                  bool
}

// load reads a setting, with the tag that a change names.
func (s settingForm) load(ctx context.Context, v *pages.Visit) (now values, tag string, err error) {
	var read json.RawMessage
	tag, err = v.ReadTagged(ctx, s.Target(v), &read)
	if fault, ok := errors.AsType[*api.Fault](err); ok && fault.Status == http.StatusBadRequest {
		err = api.NotFound() // what the address names has not even the form of a name
	}
	if err != nil {
		return nil, "", err
	}
	d := json.NewDecoder(bytes.NewReader(read))
	d.UseNumber()
	if err := d.Decode(&now); err != nil {
		return nil, "", err
	}
	if s.Pick != nil {
		now = s.Pick(v, now)
	}
	return now, tag, nil
}

func (s settingForm) show(ctx context.Context, v *pages.Visit) error {
	if !s.may(v) {
		return &api.Fault{Status: http.StatusForbidden, Code: "forbidden"}
	}
	now, tag, err := s.load(ctx, v)
	if err != nil {
		return err
	}
	data := settingPage{Intro: s.Intro, Action: v.URL.RequestURI(), Reason: s.Reason}
	data.Tag, data.Was = firstRead(v, tag, s.sentence(now))
	for _, f := range s.Fields {
		data.Fields = append(data.Fields, filled{f, f.text(now[f.Name])})
	}
	return v.Show("admin_reglage.html", pages.Sheet{Title: s.title(v), Back: settingsPath, Data: data})
}

func (s settingForm) title(v *pages.Visit) string {
	if s.Of == nil {
		return s.Title
	}
	return s.Title + ", " + s.Of(v)
}

// change writes a setting. When another has written the same meanwhile, it is done.
func (s settingForm) change(ctx context.Context, v *pages.Visit) error {
	body := values{}
	for _, f := range s.Fields {
		if value := f.read(v); value != nil {
			body[f.Name] = value
		}
	}
	want := maps.Clone(body)
	if s.Reason {
		body["reason"] = v.Form.Need("reason", "Dites pourquoi : la raison reste au journal.")
	}
	if s.Body != nil {
		s.Body(v, body)
	}
	_, err := act(ctx, v, deed{http.MethodPut, s.Target(v), body, v.Form.Value(tagField)})
	switch {
	case errors.Is(err, errAgain):
		return s.show(ctx, v)
	case changed(err):
		now, _, err := s.load(ctx, v)
		if err != nil {
			return err
		}
		if s.sentence(now) != s.sentence(want) {
			return showChanged(v, s.sentence(now), v.URL.RequestURI())
		}
	case err != nil:
		return err
	}
	return v.Done(settingsPath, s.title(v)+" : c'est changé.")
}

// settingAt is the address of one of several in the contract, by a parameter of the page.
func settingAt(of, parameter string) func(*pages.Visit) string {
	return func(v *pages.Visit) string {
		return "/v1/settings/" + of + "/" + url.PathEscape(cmp.Or(v.Query(parameter), "-"))
	}
}

func fixed(target string) func(*pages.Visit) string {
	return func(*pages.Visit) string { return target }
}

func query(parameter string) func(*pages.Visit) string {
	return func(v *pages.Visit) string { return v.Query(parameter) }
}
