package pages

import (
	"context"
	"errors"
	"html/template"
	"io/fs"
	"net/http"
	"strings"

	"masp/api"
	"masp/api/auth"
)

// Page is one address.
type Page struct {
	Method, Route string
	// Action is what a reader must be allowed to take at all; empty is for everybody.
	Action auth.Action
	Upload bool // the form brings a file
	Do     func(ctx context.Context, v *Visit) error
}

// Face is the pages of one kind of users. Each template file is the content of pages: {{define "main"}}
// and, for what stands in the head, {{define "head"}}.
type Face struct {
	Pages     []Page
	Templates fs.FS
}

// Site is all pages.
type Site struct {
	// Banner stands on every page, with the way to where a demonstration begins; empty for none.
	Banner, BannerPath string

	pages     []api.SitePage
	templates map[string]*template.Template
	own       *template.Template
}

// New puts the faces together. A template that does not parse, or a name that two have, panics: a mistake of
// the program.
func New(faces ...Face) *Site {
	s := &Site{templates: map[string]*template.Template{}, own: layout()}
	s.add(http.MethodGet, stylePath, func(_ context.Context, b *api.Browser) error {
		return b.Write(http.StatusOK, "text/css; charset=utf-8", style, true)
	})
	for _, f := range faces {
		for _, p := range f.Pages {
			s.pages = append(s.pages, api.SitePage{Method: p.Method, Route: p.Route, Upload: p.Upload, Do: s.visited(p)})
		}
		s.parse(f.Templates)
	}
	return s
}

func (s *Site) add(method, route string, do func(context.Context, *api.Browser) error) {
	s.pages = append(s.pages, api.SitePage{Method: method, Route: route, Do: do})
}

// parse reads the templates of a face: part*.html are known to all of its pages.
func (s *Site) parse(files fs.FS) {
	if files == nil {
		return
	}
	common := template.Must(s.own.Clone())
	pages := must(fs.Glob(files, "*.html"))
	for _, name := range pages {
		if strings.HasPrefix(name, "part") {
			common = template.Must(common.ParseFS(files, name))
		}
	}
	for _, name := range pages {
		if strings.HasPrefix(name, "part") {
			continue
		}
		if s.templates[name] != nil {
			panic("two templates are named " + name)
		}
		s.templates[name] = template.Must(template.Must(common.Clone()).ParseFS(files, name))
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Pages are the addresses, for the server.
func (s *Site) Pages() []api.SitePage { return s.pages }

// visited answers a request for a page. A form that is sent twice in a moment is answered once.
func (s *Site) visited(p Page) func(context.Context, *api.Browser) error {
	return func(ctx context.Context, b *api.Browser) error {
		v := &Visit{Browser: b, site: s}
		if b.Method == http.MethodPost {
			if err := v.readForm(p.Upload); err != nil {
				return err
			}
			if !p.Upload {
				return b.Once(ctx, v.print(), func() error { return v.admit(ctx, p) })
			}
		}
		return v.admit(ctx, p)
	}
}

// admit lets in who may read a page; who has not said who he is, or has to prove it again, is asked for it
// first, and what he had typed is kept for him.
func (v *Visit) admit(ctx context.Context, p Page) error {
	if p.Action != "" && v.Who().Means == auth.ByNobody {
		v.keepTyped()
		return v.Go(entryFor(v.Browser))
	}
	if p.Action != "" && v.Who().Reach(p.Action) == auth.Nowhere {
		return &api.Fault{Status: http.StatusForbidden, Code: "forbidden"}
	}
	if p.Action != "" {
		v.backTyped()
	}
	err := p.Do(ctx, v)
	if fault, ok := errors.AsType[*api.Fault](err); ok && wayIn(v.Browser, fault) != "" {
		v.keepTyped()
	}
	return err
}
