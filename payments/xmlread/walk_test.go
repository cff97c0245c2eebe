package xmlread_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"masp/payments/xmlread"
)

func TestChildPassesOverWhatIsNotRead(t *testing.T) {
	t.Parallel()
	const document = `<a><x><y>no</y></x><Amt Ccy="EUR"> 12.50
</Amt><x/><b><c>1</c><c>2</c></b><d/></a>`
	r := xmlread.New(strings.NewReader(document), xmlread.Options{})
	var got []string
	for r.Child(0) {
		for r.Child(1) {
			switch r.Name() {
			case "Amt":
				currency, _ := r.Attr("Ccy")
				got = append(got, currency+" "+r.Value())
			case "b":
				for r.Child(2) {
					got = append(got, r.Path()+"="+r.Value())
				}
			}
		}
	}
	want := "[EUR 12.50 a/b/c=1 a/b/c[2]=2]"
	if fmt.Sprint(got) != want || r.Err() != nil {
		t.Errorf("got %v, %v; want %s", got, r.Err(), want)
	}
}

func TestAValueWithAChildIsRefused(t *testing.T) {
	t.Parallel()
	for _, document := range []string{
		`<a xmlns="u"><Amt>1<b/>2</Amt></a>`,
		`<a xmlns="u"><Amt>1<b xmlns="f">0</b>2</Amt></a>`,
	} {
		r := xmlread.New(strings.NewReader(document), xmlread.Options{})
		value := "none"
		for r.Child(0) {
			for r.Child(1) {
				value = r.Value()
			}
		}
		if got := refusal(t, r.Err()).Code; got != xmlread.CodeNotText || value != "" {
			t.Errorf("%s: got %s and %q, want %s and no value", document, got, value, xmlread.CodeNotText)
		}
	}
}

func TestSeekFindsTheDocumentInsideAnEnvelope(t *testing.T) {
	t.Parallel()
	const document = `<env xmlns="urn:e"><AppHdr xmlns="urn:h"><Document>no</Document1></AppHdr></env>`
	wrapped := strings.ReplaceAll(document, "<Document>no</Document1>", "<To/>")
	wrapped = strings.Replace(wrapped, "</env>",
		`<D xmlns="urn:d"><b>1</b></D><D xmlns="urn:d2"><b>2</b></D></env>`, 1)
	r := xmlread.New(strings.NewReader(wrapped), xmlread.Options{})
	var got []string
	for r.Seek("D") {
		at := r.Depth()
		for r.Child(at) {
			got = append(got, r.Space()+" "+r.Value())
		}
	}
	if want := "[urn:d 1 urn:d2 2]"; fmt.Sprint(got) != want || r.Err() != nil {
		t.Errorf("got %v, %v; want %s", got, r.Err(), want)
	}
}

func TestForeignElementsAreCounted(t *testing.T) {
	t.Parallel()
	r := xmlread.New(strings.NewReader(`<a xmlns="u"><b xmlns="f"><c/></b><b/><n:b xmlns:n="g"/></a>`),
		xmlread.Options{})
	children := 0
	for r.Child(0) {
		for r.Child(1) {
			children++
		}
	}
	if r.Foreign() != 2 || children != 1 {
		t.Errorf("got %d foreign and %d children, want 2 and 1", r.Foreign(), children)
	}
}

func TestFailStopsTheReadingAtItsPlace(t *testing.T) {
	t.Parallel()
	r := xmlread.New(strings.NewReader("<a>\n<Amt>12,5</Amt><Amt>1</Amt></a>"), xmlread.Options{})
	cause := errors.New("comma")
	for r.Child(0) {
		for r.Child(1) {
			value := r.Value()
			_ = r.Fail("amount", value, cause)
		}
	}
	got := refusal(t, r.Err())
	if got.Value != "12,5" || got.Line != 2 || !errors.Is(got, cause) {
		t.Errorf("got %+v, want the first amount on line 2", got)
	}
	if want := "« 12,5 »), ligne 2, colonne"; !strings.Contains(got.French(), want) {
		t.Errorf("got %q, want it to contain %q", got.French(), want)
	}
}
