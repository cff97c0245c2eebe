package browsertest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"masp/migrations/dbtest"
)

const (
	mostClicks    = 35 // of the work of twelve exceptions (ux 6.C 29)
	signingClicks = 6  // to the run, to its check, into the code, to the tick, on the button, and one to spare
)

const december = "/campagnes/C-2026-12-1"

// The month of a coordinator without any script and with the keyboard alone: he comes in, finds a person,
// decides what has to be decided among two hundred (fifty by default), and hands over. Another signs what she has read, with a
// click too many; the file leaves (ux 6.B, 6.C, 6.E).
func TestARunGoesFromItsExceptionsToTheBank(t *testing.T) {
	b := newTab(t, desk).withoutScript().comeIn("Karim Benali", "k.benali")
	b.tabField("q", "Jacquet")
	b.goes(kb.Enter)
	b.tabOn("Jacquet")
	b.goes(kb.Enter)
	b.says("Disponible", "Réservé")
	b.clicks = 0
	b.tabOn("Campagnes")
	b.goes(kb.Enter)
	b.tabOn("C-2026-12-1")
	b.goes(kb.Enter)
	persons := dbtest.Form(`[45]\d`, `(19\d|2\d\d)`, `(19\d|2\d\d)`)
	if said := b.text(); !regexp.MustCompile(persons + ` bénéficiaires|Bénéficiaires\s+` + persons).MatchString(said) {
		t.Errorf("the run is not of as many persons as it should:\n%.600s", said)
	}
	way := b.clicks
	decisions := b.decideAll()
	perDecision := float64(b.clicks-way) / float64(max(decisions, 1))
	if decisions < 9 {
		t.Errorf("only %d decisions were to be taken", decisions)
	}
	b.tabOn("Vérifier avant de soumettre")
	b.goes(kb.Enter)
	b.tabField("vu", " ")
	b.tabOn("Soumettre")
	b.goes(kb.Enter)
	b.says("Une autre personne")
	clicks := float64(b.clicks) + perDecision*float64(12-decisions) + signingClicks
	t.Logf("%d decisions, %d keys; with a mouse %.1f clicks a decision", decisions, b.pressed, perDecision)
	if clicks > mostClicks {
		t.Errorf("twelve decisions, from the list of runs to the confirmation of who signs, are %.0f clicks", clicks)
	}

	b.open(december + "/verifier")
	b.says("Une autre personne doit approuver")
	signed(t)
}

// signed is the run as whoever signs sees it: her code is too old, she clicks twice, and goes back.
func signed(t *testing.T) {
	t.Helper()
	signer := newTab(t, desk).withoutScript().enter("Hélène Lefèvre")
	minutesPass(t)
	code := signer.code("h.lefevre")
	signer.open(december + "/verifier")
	seen := signer.buttons()
	signer.fill("code", code)
	signer.tick("vu")
	signer.twice("Approuver")
	signer.says("C-2026-12-1", "SHA-256", "approuvée")
	signer.session()
	if !strings.Contains(seen, "Approuver") || !regexp.MustCompile(`\d paiements pour [\d ]+,\d\d €`).MatchString(seen) {
		t.Errorf("the button does not say what it approves: %q", seen)
	}
	signer.back()
	signer.open(december + "/verifier")
	signer.says("déjà approuvée")

	signer.open(december + "/fichiers")
	signer.press("Créer le fichier")
	signer.says("SHA-256")
	file, sum := signer.download()
	if said := signer.text(); !strings.Contains(said, sum) {
		t.Errorf("the page does not say the hash %s of what it gives:\n%s", sum, said)
	}
	validate(t, file)
	signer.open(december + "/fichiers")
	signer.press("Remis à la banque")
	signer.open(december)
	signer.says("Remis à la banque")
}

// comeIn goes in by the page of the login, with the keyboard: first the way past what every page begins with.
func (b *tab) comeIn(name, user string) *tab {
	b.t.Helper()
	b.person = name
	password, code := "quatre mots de sable fin", b.code(user)
	b.open("/connexion?vers=/accueil")
	b.key(kb.Tab)
	if s := b.stands(); s.Text != "Aller au contenu" {
		b.t.Errorf("the first stop is %+v", s)
	}
	b.key(kb.Enter)
	b.tabField("user", user)
	b.tabField("password", password)
	b.tabField("code", code)
	b.goes(kb.Enter)
	b.says("À faire")
	b.session()
	return b
}

// code is what the authenticator of an invented person shows.
func (b *tab) code(user string) string {
	b.t.Helper()
	b.open("/demonstration")
	code := value[string](b, `[...document.querySelectorAll('dl')].find(d => d.textContent.includes('`+user+`')).lastElementChild.textContent`)
	return strings.TrimSpace(code)
}

// decideAll takes the first offered decision of every card that has one, until none is open: Tab goes on from
// what was decided to what comes next.
func (b *tab) decideAll() (decisions int) {
	b.t.Helper()
	const most = 80
	for range most {
		open := value[int64](b, `[...document.querySelectorAll('li.carte')].filter(c => c.querySelector('button[name=decision]:not(.lien)')).length`)
		if open == 0 {
			return decisions
		}
		before := b.pressed
		s := b.tabTo("something to decide", func(s stop) bool { return s.Card && (s.Name == "decision" || s.Tag == "INPUT") })
		if s.Tag == "INPUT" {
			b.key("vu avec la personne au téléphone")
			b.clicks++
			before = b.pressed
			b.tabTo("the decision", func(s stop) bool { return s.Card && s.Name == "decision" })
		}
		if steps := b.pressed - before; decisions > 0 && steps > mostSteps {
			b.t.Errorf("the next decision is %d times Tab away", steps)
		}
		b.goes(kb.Enter)
		decisions++
	}
	b.t.Fatalf("%d decisions and no end:\n%s", decisions, b.text())
	return decisions
}

// mostSteps is how far the next decision may be from the last one.
const mostSteps = 8

// twice clicks a button twice, as who is used to double clicks does, and waits for what comes of it.
func (b *tab) twice(text string) {
	b.t.Helper()
	where := `//button[contains(normalize-space(.), "` + text + `") and not(@disabled)]`
	b.do(chromedp.DoubleClick(chromedp.Search(where)))
	for range 50 {
		time.Sleep(100 * time.Millisecond)
		if strings.HasSuffix(b.at(), "/confirmation") {
			b.do(chromedp.WaitReady(chromedp.CSS("h1")))
			return
		}
	}
	b.t.Fatalf("two clicks lead to %s:\n%s", b.at(), b.text())
}

// back presses the button Back of the browser. A page that the browser has kept comes without being loaded:
// nothing tells when.
func (b *tab) back() {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 3*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.NavigateBack()); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		b.t.Fatalf("back: %v", err)
	}
}

// tick ticks a box when the page has it.
func (b *tab) tick(name string) {
	b.t.Helper()
	if value[int64](b, `document.querySelectorAll('[name=`+name+`]').length`) > 0 {
		b.do(chromedp.Click(chromedp.CSS(`[name=` + name + `]`)))
	}
}

// buttons are the texts of the buttons of the page.
func (b *tab) buttons() string {
	all := value[string](b, `[...document.querySelectorAll('main button')].map(x => x.textContent.trim()).join(' | ')`)
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(all)
}

// download fetches the first file of the page as its link says, with the session of the tab.
func (b *tab) download() (path, sum string) {
	b.t.Helper()
	to := value[string](b, `document.querySelector('a[href*="/content"]').getAttribute('href')`)
	q, err := http.NewRequestWithContext(b.ctx, http.MethodGet, world.base+to, http.NoBody)
	if err != nil {
		b.t.Fatal(err)
	}
	q.AddCookie(&http.Cookie{Name: sessionCookie, Value: b.session()})
	got, err := http.DefaultClient.Do(q)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	content, err := io.ReadAll(got.Body)
	if err != nil || got.StatusCode != http.StatusOK {
		b.t.Fatalf("%s: %d %v", to, got.StatusCode, err)
	}
	path = filepath.Join(b.t.TempDir(), "virements.xml")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		b.t.Fatal(err)
	}
	hash := sha256.Sum256(content)
	return path, hex.EncodeToString(hash[:])
}

var painVersion = regexp.MustCompile(`pain\.001\.001\.\d\d`)

// validate judges a file by the schema of its version, with xmllint.
func validate(t *testing.T, path string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := filepath.Glob(fmt.Sprintf("../../../shared/xsd/*%s*.xsd", painVersion.Find(content)))
	if err != nil || len(schemas) == 0 {
		if inCI {
			t.Fatalf("no schema of %s", painVersion.Find(content))
		}
		t.Log("the schema is not there: the file was not judged by xmllint")
		return
	}
	if out, err := exec.CommandContext(t.Context(), "xmllint", "--noout", "--schema", schemas[0], path).CombinedOutput(); err != nil {
		t.Errorf("xmllint: %v\n%s", err, out)
	}
}

// Another person's page does not exist, for a person and for a coordinator.
func TestNobodyReadsThePageOfAnother(t *testing.T) {
	b := newTab(t, phone).enter("M. Renard Thierry")
	for _, path := range []string{"/beneficiaires/M-0006", "/beneficiaires/M-0006/vue-personne", "/campagnes/C-2026-12-1"} {
		if status := b.open(path); status != http.StatusNotFound && status != http.StatusForbidden {
			t.Errorf("a person reads %s: %d", path, status)
		}
	}
	other := newTab(t, desk).enter("Karim Benali")
	foreign := other.notMine()
	if status := other.open("/beneficiaires/" + foreign); status != http.StatusNotFound {
		t.Errorf("a coordinator reads %s of another: %d", foreign, status)
	}
}

// notMine is a mandate of another coordinator.
func (b *tab) notMine() string {
	b.t.Helper()
	for n := 1; n < 40; n++ {
		id := fmt.Sprintf("M-%04d", n)
		if b.open("/v1/mandates/"+id) == http.StatusNotFound {
			return id
		}
	}
	b.t.Fatal("every mandate is his")
	return ""
}
