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
)

const december = "/campagnes/C-2026-12-1"

// The month of a coordinator without any script: he decides what has to be decided among two hundred
// persons, hands over; another signs what she has read; the file leaves (ux 6.B, 6.C).
func TestARunGoesFromItsExceptionsToTheBank(t *testing.T) {
	b := newTab(t, desk).withoutScript().enter("Karim Benali")
	b.open(december)
	if said := b.text(); !regexp.MustCompile(`(19\d|2\d\d) bénéficiaires|Bénéficiaires\s+(19\d|2\d\d)`).MatchString(said) {
		t.Errorf("the run is not of some two hundred persons:\n%.600s", said)
	}
	clicks := b.decideAll()
	t.Logf("%d decisions", clicks)
	if clicks < 9 {
		t.Errorf("only %d decisions were to be taken", clicks)
	}
	b.open(december + "/verifier")
	b.tick("vu")
	b.press("Soumettre")
	b.says("Une autre personne")

	b.open(december + "/verifier")
	b.says("Une autre personne doit approuver")

	signer := newTab(t, desk).withoutScript().enter("Hélène Lefèvre")
	signer.open(december + "/verifier")
	seen := signer.buttons()
	signer.tick("vu")
	signer.press("Approuver")
	signer.says("C-2026-12-1", "SHA-256")
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

// decideAll takes the first offered decision of every card that has one, until none is open.
func (b *tab) decideAll() (decisions int) {
	b.t.Helper()
	const most = 80
	for range most {
		open := value[int64](b, `[...document.querySelectorAll('li.carte')].filter(c => c.querySelector('button[name=decision]:not(.lien)')).length`)
		if open == 0 {
			return decisions
		}
		name := value[string](b, `(() => { const c = [...document.querySelectorAll('li.carte')].find(c => c.querySelector('button[name=decision]:not(.lien)'));
			const why = c.querySelector('input:not([type=hidden])'); return why ? why.name : ''; })()`)
		if name != "" {
			b.fill(name, "vu avec la personne au téléphone")
		}
		b.click(`(//li[contains(@class,"carte")]//button[@name="decision" and not(contains(@class,"lien"))])[1]`)
		decisions++
	}
	b.t.Fatalf("%d decisions and no end:\n%s", decisions, b.text())
	return decisions
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
