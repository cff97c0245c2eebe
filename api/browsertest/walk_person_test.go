package browsertest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// A person comes in by the card that her coordinator prints for her, with a telephone that reads the square, and
// asks something; both with keys alone (ux 3.3, 6.D).
func TestAPersonComesInByHerCardAndAsks(t *testing.T) {
	b := newTab(t, desk).withoutScript().enter("Karim Benali")
	b.open(b.oneOfHis() + "/carte")
	b.tabOn("Faire une carte")
	b.goes(kb.Enter)
	b.says("Photographiez le carré", "Le code marche une fois")
	address := b.square()

	person := newTab(t, phone).withoutScript()
	person.open(address)
	if at := person.at(); at != "/carte" {
		t.Errorf("the code stays in the address: %s", at)
	}
	person.tabOn("Entrer")
	person.goes(kb.Enter)
	person.says("Mon argent")
	person.tabOn("Poser une question")
	person.goes(kb.Enter)
	person.tabOn("Je ne comprends pas")
	person.goes(kb.Enter)
	person.says("Nous avons votre question")

	other := newTab(t, phone).withoutScript()
	other.open(address)
	other.press("Entrer")
	if said := other.text(); strings.Contains(said, "Mon argent") {
		t.Errorf("a card opens twice:\n%s", said)
	}
}

// Answers of a list are chosen by the arrows, in one stop of Tab.
func TestAnswersAreChosenByTheArrows(t *testing.T) {
	b := newTab(t, desk).enter("Karim Benali")
	b.open(b.oneOfHis() + "/papiers/remise")
	first := b.tabTo("the answers", func(s stop) bool { return s.Type == "radio" })
	b.key(kb.ArrowDown)
	if s := b.stands(); s.Name != first.Name || s.Text == first.Text || !value[bool](b, `document.activeElement.checked`) {
		t.Errorf("the arrow goes from %+v to %+v", first, s)
	}
	b.key(kb.Tab)
	if s := b.stands(); s.Name == first.Name {
		t.Errorf("Tab stays in the group: %+v", s)
	}
	b.key(kb.Tab, shift)
	if s := b.stands(); s.Name != first.Name || s.Text == first.Text {
		t.Errorf("back comes to %+v, want the chosen answer", s)
	}
}

// Two minutes before a session ends the page asks whether to stay, without a script: what follows lets the time
// of the style sheet pass.
func TestTheEndOfASessionIsAnnounced(t *testing.T) {
	b := newTab(t, phone).enter("Karim Benali")
	b.open("/destinataires/nouveau")
	const notice = `getComputedStyle(document.querySelector('.fin')).visibility`
	if got := value[string](b, notice); got != "hidden" {
		t.Errorf("at first the notice is %s", got)
	}
	value[int](b, `document.getAnimations().map(a => a.finish()).length`)
	if got := value[string](b, notice); got != "visible" {
		t.Errorf("at the end the notice is %s", got)
	}
	b.judge("the notice", phone)
	b.tabOn("Oui, rester")
}

// oneOfHis is the page of a person whom the coordinator follows.
func (b *tab) oneOfHis() string {
	b.t.Helper()
	b.open("/beneficiaires")
	return value[string](b, `document.querySelector('main a[href^="/beneficiaires/M-"]').getAttribute('href')`)
}

// square is the address that a telephone reads from the picture of the page; without a program that reads it,
// the address that stands there with the code.
func (b *tab) square() string {
	b.t.Helper()
	code := value[string](b, `document.querySelector('.acces .grand').textContent.trim()`)
	reader, err := exec.LookPath("zbarimg")
	if err != nil {
		if inCI {
			b.t.Fatal("in CI zbarimg must be there: apt-get install zbar-tools")
		}
		b.t.Log("zbarimg is not there: the square is not read")
		return "/carte/" + code
	}
	file := filepath.Join(b.t.TempDir(), "carte.png")
	if err := os.WriteFile(file, b.picture(), 0o600); err != nil {
		b.t.Fatal(err)
	}
	out, err := exec.CommandContext(b.ctx, reader, "--quiet", "--raw", file).Output()
	read := strings.TrimSpace(string(out))
	if err != nil || read != world.base+"/carte/"+code {
		b.t.Fatalf("the square says %q (%v), want the code %s", read, err, code)
	}
	return strings.TrimPrefix(read, world.base)
}
