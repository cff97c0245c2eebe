package oidc

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// Identity is who the provider says that somebody is, and which user that is.
type Identity struct {
	Issuer, Subject string
	Email           string    // verified by the provider; empty when it is not
	User            string    // linked; never empty in an answer of Finish
	ProvedAt        time.Time // second factor proved there, by the clock of the books; zero is never
}

// login is what binds an answer of the provider to the browser that asked: the state goes by the
// address, the binding by the cookie, and one is worth nothing without the other.
type login struct{ state, binding string }

func newLogin() login { return login{state: random(), binding: random()} }

func random() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand stops the program instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// nonce is what the ID token must carry.
func (l login) nonce() string { return l.derived("nonce") }

// verifier is what PKCE shows at the exchange: 43 characters, as RFC 7636 asks.
func (l login) verifier() string { return l.derived("verifier") }

func (l login) derived(what string) string {
	mac := hmac.New(sha256.New, []byte(l.binding))
	mac.Write([]byte(what + " " + l.state))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// claims are what we read of an ID token beside what the library checks.
type claims struct {
	Nonce         string   `json:"nonce"`
	Party         string   `json:"azp"`
	AuthTime      int64    `json:"auth_time"`
	ACR           string   `json:"acr"`
	AMR           []string `json:"amr"`
	Email         string   `json:"email"`
	EmailVerified bool     `json:"email_verified"`
}

// forUs tells whether the token is for this client alone, and answers this very login.
func (c claims) forUs(token *oidc.IDToken, l login, client string) bool {
	return hmac.Equal([]byte(c.Nonce), []byte(l.nonce())) && (c.Party == "" || c.Party == client) &&
		len(token.Audience) == 1 && token.Audience[0] == client
}

// secondFactors are the words of RFC 8176 that stand for a second factor.
var secondFactors = []string{"mfa", "otp", "hwk"}

// strong tells whether the provider has proved a second factor.
func (c claims) strong(acrs []string) bool {
	return slices.Contains(acrs, c.ACR) ||
		slices.ContainsFunc(c.AMR, func(means string) bool { return slices.Contains(secondFactors, means) })
}

// age is how long ago the user has proved himself there; false when the provider does not say, or
// says a time to come.
func (c claims) age(now time.Time) (time.Duration, bool) {
	if c.AuthTime <= 0 {
		return 0, false
	}
	age := now.Sub(time.Unix(c.AuthTime, 0))
	return max(age, 0), age > -leeway
}
