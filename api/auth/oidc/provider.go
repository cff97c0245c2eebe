package oidc

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Settings are what the organisation has agreed with its provider.
type Settings struct {
	Issuer       string   // address of the provider, as it names itself
	ClientID     string   // our name there
	ClientSecret string   // never printed
	BaseURL      string   // where browsers reach us: MASP_BASE_URL
	StrongACR    []string // values of acr that stand for a second factor
	ByEmail      bool     // a verified address links its user at the first login
}

// Path is where the provider sends browsers back to, under the base URL: the redirect address that
// is registered there.
const Path = "/v1/oidc/callback"

// On tells whether a provider is configured.
func (s Settings) On() bool { return s.Issuer != "" }

// secure tells whether an address is one that secrets may travel to: https, or this machine.
func secure(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return false
	}
	host := u.Hostname()
	return u.Scheme == "https" || u.Scheme == "http" && (host == "localhost" || host == "127.0.0.1" || host == "::1")
}

// Check refuses settings that could not work, or not safely.
func (s Settings) Check() error {
	switch {
	case !s.On():
		return ErrOff
	case !secure(s.Issuer):
		return &SettingError{"MASP_OIDC_ISSUER", "une adresse https:// (http:// seulement sur cette machine)"}
	case s.ClientID == "":
		return &SettingError{"MASP_OIDC_CLIENT_ID", "le nom de ce service chez le fournisseur"}
	case !secure(s.BaseURL):
		return &SettingError{"MASP_BASE_URL", "l'adresse https:// de ce service (http:// seulement sur cette machine)"}
	}
	return nil
}

// SettingError is a setting that is missing or cannot work.
type SettingError struct{ Name, Want string }

// Error names the setting, never its value.
func (e *SettingError) Error() string { return "the setting " + e.Name + " is missing or cannot work" }

// French says what to give.
func (e *SettingError) French() string {
	return fmt.Sprintf("Le réglage %s manque ou ne convient pas : donnez %s.", e.Name, e.Want)
}

const (
	lookTime = 5 * time.Second  // how long the provider may take to answer
	lookRest = 5 * time.Second  // how long nobody asks after a failure
	maxAge   = 10 * time.Hour   // of a login there that counts here: a session lasts no longer
	leeway   = time.Minute      // between two clocks
	maxBytes = 1 << 20          // of one answer of the provider
	callTime = 10 * time.Second // one whole call of the provider
)

// lookup is the discovery of the provider, done at the first need.
type lookup struct {
	mu     sync.Mutex
	found  *oidc.Provider
	failed time.Time
}

// discovered answers what the provider says of itself, or ErrDown.
func (p *Provider) discovered(ctx context.Context) (*oidc.Provider, error) {
	if err := p.Settings.Check(); err != nil {
		return nil, err
	}
	l := &p.lookup
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.found != nil {
		return l.found, nil
	}
	if time.Since(l.failed) < lookRest {
		return nil, ErrDown
	}
	// The login of one browser that goes away must not fail the look of the others.
	ctx, cancel := context.WithTimeout(p.calling(context.WithoutCancel(ctx)), lookTime)
	defer cancel()
	found, err := oidc.NewProvider(ctx, p.Settings.Issuer)
	if err != nil {
		l.failed = time.Now()
		return nil, fmt.Errorf("%w: %w", ErrDown, err)
	}
	l.found = found
	return found, nil
}

// calling is a context under which the libraries call the provider with our limits.
func (p *Provider) calling(ctx context.Context) context.Context {
	carrier := p.Transport
	if carrier == nil {
		carrier = http.DefaultTransport
	}
	return oidc.ClientContext(ctx, &http.Client{Transport: limited{carrier}, Timeout: callTime})
}

// limited reads no more of an answer than a provider has to say.
type limited struct{ http.RoundTripper }

// RoundTrip cuts an answer that is too long; what is cut does not parse.
func (l limited) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := l.RoundTripper.RoundTrip(r)
	if err == nil {
		answer.Body = http.MaxBytesReader(nil, answer.Body, maxBytes)
	}
	return answer, err
}

// client is our side of the flow.
func (p *Provider) client(at *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.Settings.ClientID, ClientSecret: p.Settings.ClientSecret,
		Endpoint: at.Endpoint(), RedirectURL: strings.TrimSuffix(p.Settings.BaseURL, "/") + Path,
		Scopes: []string{oidc.ScopeOpenID, "email"},
	}
}
