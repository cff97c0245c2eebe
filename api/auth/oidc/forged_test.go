package oidc_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"masp/api/auth/oidc"
)

// forge stands between us and the provider and puts another ID token into its answers.
type forge struct {
	t      *testing.T
	change func(claims map[string]any)
	header jose.SigningKey
}

func (f *forge) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || !strings.HasSuffix(r.URL.Path, "/token") {
		return answer, err
	}
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	var said map[string]any
	if err := json.Unmarshal(raw, &said); err != nil || said["id_token"] == nil {
		f.t.Errorf("the provider answers %s", raw)
		return nil, errors.New("no token")
	}
	said["id_token"] = f.forged(said["id_token"].(string))
	raw, err = json.Marshal(said)
	answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
	answer.Header.Del("Content-Length")
	return answer, err
}

func (f *forge) forged(token string) string {
	parsed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		f.t.Error(err)
		return ""
	}
	claims := map[string]any{}
	if err := parsed.UnsafeClaimsWithoutVerification(&claims); err != nil {
		f.t.Error(err)
	}
	for name, value := range claims {
		if seconds, is := value.(float64); is {
			claims[name] = int64(seconds) // as it came: the library would write 1.7e+09
		}
	}
	f.change(claims)
	signer, err := jose.NewSigner(f.header, (&jose.SignerOptions{}).WithHeader("kid", "k1"))
	if err != nil {
		f.t.Error(err)
		return ""
	}
	made, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		f.t.Error(err)
	}
	return made
}

func TestATokenThatIsNotOfThisLoginProvesNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.link("carla", "carla.petit")
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	theirs := jose.SigningKey{Algorithm: jose.RS256, Key: h.process.key}
	set := func(name string, value any) func(map[string]any) {
		return func(claims map[string]any) { claims[name] = value }
	}
	hour := time.Hour / time.Second
	now := time.Now().Unix()
	for _, c := range []struct {
		name   string
		change func(map[string]any)
		key    jose.SigningKey
		want   error
	}{
		{"as it came", func(map[string]any) {}, theirs, nil},
		{"another nonce", set("nonce", "replayed"), theirs, oidc.ErrFalse},
		{"no nonce", set("nonce", nil), theirs, oidc.ErrFalse},
		{"another audience", set("aud", "another"), theirs, oidc.ErrFalse},
		{"an audience beside us", set("aud", []string{clientID, "another"}), theirs, oidc.ErrFalse},
		{"made for another party", set("azp", "another"), theirs, oidc.ErrFalse},
		{"over", set("exp", now-int64(hour)), theirs, oidc.ErrFalse},
		{"another issuer", set("iss", "https://attacker.example"), theirs, oidc.ErrFalse},
		{"an old login there", set("auth_time", now-11*int64(hour)), theirs, oidc.ErrFalse},
		{"a login to come", set("auth_time", now+int64(hour)), theirs, oidc.ErrFalse},
		{"a login at no time", set("auth_time", nil), theirs, oidc.ErrFalse},
		{"another access token", set("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"), theirs, oidc.ErrFalse},
		{"another key", func(map[string]any) {}, jose.SigningKey{Algorithm: jose.RS256, Key: other}, oidc.ErrFalse},
		{"our own secret as the key", func(map[string]any) {}, jose.SigningKey{Algorithm: jose.HS256, Key: []byte(secret + strings.Repeat("x", 32))}, oidc.ErrFalse},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := &oidc.Provider{DB: h.DB, Settings: h.Settings, Transport: &forge{t: t, change: c.change, header: c.key}}
			redirect, binding, err := p.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			back, _ := newBrowser(t).enter(redirect, who("carla.petit"))
			if id, err := p.Finish(t.Context(), back, binding); !errors.Is(err, c.want) || (err == nil) != (id.User == "carla") {
				t.Errorf("got %+v, %v, want %v", id, err, c.want)
			}
		})
	}
}

func TestAStepUpWithoutANewProofIsStale(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.link("carla", "carla.petit")
	old := time.Now().Add(-5 * time.Minute).Unix()
	h.Transport = &forge{
		t: t, change: func(claims map[string]any) { claims["auth_time"] = old },
		header: jose.SigningKey{Algorithm: jose.RS256, Key: h.process.key},
	}
	redirect, binding, err := h.BeginAgain(t.Context(), h.carla)
	if err != nil {
		t.Fatal(err)
	}
	back, _ := newBrowser(t).enter(redirect, who("carla.petit"))
	if _, err := h.Finish(t.Context(), back, binding); !errors.Is(err, oidc.ErrStale) {
		t.Errorf("got %v, want ErrStale", err)
	}
}
