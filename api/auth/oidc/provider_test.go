package oidc_test

import (
	"bufio"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"masp/migrations/dbtest"
)

const (
	clientID = "masp"
	secret   = "le secret du client"
	baseURL  = "http://127.0.0.1:9" // nobody listens: the browser of the tests stops before it
	release  = "oidc-provider@8.8.1"
)

func TestMain(m *testing.M) {
	dbtest.Main(m)
}

// process is the provider of all tests of the package; it ends with them, when its input closes.
type process struct {
	issuer string
	key    *rsa.PrivateKey // with which it signs
	input  io.Closer       // kept open, or the process ends
}

var provider = sync.OnceValues(startProvider)

// real answers the running provider. Without npm, Node or network a test skips, but never in CI.
func real(t *testing.T) process {
	t.Helper()
	p, err := provider()
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("no provider of identities: %v", err)
		}
		t.Skipf("SKIPPED, no provider of identities to test against: %v", err)
	}
	return p
}

func startProvider() (process, error) {
	dir, err := installProvider()
	if err != nil {
		return process{}, err
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return process{}, err
	}
	script, err := filepath.Abs(filepath.Join("testdata", "provider.mjs"))
	if err != nil {
		return process{}, err
	}
	cmd := exec.Command("node", script)
	cmd.Dir = dir
	in, err := cmd.StdinPipe()
	if err != nil {
		return process{}, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return process{}, err
	}
	if err := cmd.Start(); err != nil {
		return process{}, err
	}
	asked, err := json.Marshal(map[string]any{
		"client": clientID, "secret": secret, "redirect": baseURL + "/v1/oidc/callback",
		"key": jose.JSONWebKey{Key: key, KeyID: "k1", Algorithm: "RS256", Use: "sig"},
	})
	if err != nil {
		return process{}, err
	}
	if _, err := fmt.Fprintf(in, "%s\n", asked); err != nil {
		return process{}, err
	}
	issuer, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return process{}, fmt.Errorf("the provider did not start: %w", errors.Join(err, cmd.Wait()))
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return process{strings.TrimSpace(issuer), key, in}, nil
}

// installProvider puts the provider into the cache of the tests, once for this machine.
func installProvider() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	cache = filepath.Join(cache, "masp-test")
	dir := filepath.Join(cache, strings.ReplaceAll(release, "@", "-"))
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "oidc-provider")); err == nil {
		return dir, nil
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", err
	}
	made, err := os.MkdirTemp(cache, "new")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(made) }()
	if err := os.WriteFile(filepath.Join(made, "package.json"), []byte(`{"private": true}`), 0o600); err != nil {
		return "", err
	}
	install := exec.Command("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", release)
	install.Dir = made
	if said, err := install.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm install %s: %w: %s", release, err, said)
	}
	if err := os.Rename(made, dir); err != nil { // somebody was faster
		if _, there := os.Stat(dir); there != nil {
			return "", err
		}
	}
	return dir, nil
}

// browser walks through the provider like a person's.
type browser struct {
	*http.Client
	t *testing.T
}

func newBrowser(t *testing.T) browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	stop := func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), baseURL) {
			return http.ErrUseLastResponse // back with us
		}
		return nil
	}
	return browser{&http.Client{Jar: jar, CheckRedirect: stop, Timeout: 20 * time.Second}, t}
}

// person is what is typed into the form of the provider.
type person struct{ user, password, code string }

func who(user string) person { return person{user: user, password: "un mot de passe"} }

// enter goes where it is sent, fills in the form when it is asked to, and answers what the provider
// sends the browser back with.
func (b browser) enter(redirect string, p person) (back url.Values, asked bool) {
	b.t.Helper()
	answer, err := b.Get(redirect)
	if err != nil {
		b.t.Fatal(err)
	}
	_ = answer.Body.Close()
	if strings.HasPrefix(answer.Request.URL.Path, "/form/") && answer.StatusCode == http.StatusOK {
		asked = true
		given := url.Values{"user": {p.user}, "password": {p.password}, "code": {p.code}}
		if answer, err = b.PostForm(answer.Request.URL.String(), given); err != nil {
			b.t.Fatal(err)
		}
		_ = answer.Body.Close()
	}
	to, err := answer.Location()
	if err != nil || !strings.HasPrefix(to.String(), baseURL+"/v1/oidc/callback?") {
		b.t.Fatalf("%s answers %s, %v, want the way back", answer.Request.URL, answer.Status, err)
	}
	return to.Query(), asked
}
