package xmlread_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"masp/payments/xmlread"
)

// outline prints the events of a document, for comparison.
func outline(r *xmlread.Reader) string {
	var b strings.Builder
	for {
		switch t := r.Next(); t.Kind {
		case xmlread.Start:
			b.WriteString("<" + t.Name + ">")
		case xmlread.End:
			b.WriteString("</" + t.Name + ">")
		case xmlread.Text:
			b.Write(t.Text)
		default:
			return b.String()
		}
	}
}

func read(document string) (string, error) {
	r := xmlread.New(strings.NewReader(document), xmlread.Options{})
	got := outline(r)
	return got, r.Err()
}

func TestWellFormedDocumentsAreRead(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, in, want string }{
		{"an empty element", `<a/>`, `<a></a>`},
		{
			"declaration, comments and blanks around the root",
			"<?xml version=\"1.0\"?>\n<!-- x --><a>1</a>\n<!-- y -->\n", `<a>1</a>`,
		},
		{"text split by a comment and by CDATA", `<a>1<!-- --><![CDATA[2<]]>3</a>`, `<a>12<3</a>`},
		{"the five entities and a numeric one", `<a>&lt;&amp;&gt;&apos;&quot;&#233;</a>`, `<a><&>'"é</a>`},
		{"CRLF becomes LF", "<a>1\r\n2</a>", "<a>1\n2</a>"},
		{"a prefix throughout", `<n:a xmlns:n="urn:x"><n:b>1</n:b></n:a>`, `<a><b>1</b></a>`},
		{"a byte order mark", "\uFEFF<a>é</a>", `<a>é</a>`},
		{
			"a foreign element and its content are passed over",
			`<a xmlns="urn:x"><f:b xmlns:f="urn:f">9<c xmlns="urn:x">8</c></f:b><b>1</b></a>`, `<a><b>1</b></a>`,
		},
		{
			"an element that leaves the default namespace is foreign",
			`<a xmlns="urn:x"><b xmlns="">9</b><b>1</b></a>`, `<a><b>1</b></a>`,
		},
		{
			"an attribute of a declared prefix",
			`<a xmlns:xsi="urn:i" xsi:schemaLocation="u v" Ccy="EUR"/>`, `<a></a>`,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := read(c.in)
			if got != c.want || err != nil {
				t.Errorf("read %q = %q, %v; want %q", c.in, got, err, c.want)
			}
		})
	}
}

func TestBrokenDocumentsAreRefusedWithTheirPlace(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, in, code, path string
		line                 int
	}{
		{"nothing", "", xmlread.CodeEmpty, "", 1},
		{"only blanks", " \n\n ", xmlread.CodeEmpty, "", 3},
		{"only a comment", "<!-- -->", xmlread.CodeEmpty, "", 1},
		{"cut between two elements", "<a>\n<b>1</b>\n", xmlread.CodeTruncated, "a", 3},
		{"cut inside a tag", "<a>\n<b", xmlread.CodeTruncated, "a", 2},
		{"cut inside an entity", "<a>&am", xmlread.CodeTruncated, "a", 1},
		{"crossed tags", "<a>\n<b></a></b>", xmlread.CodeMalformed, "a/b", 2},
		{"an end tag alone", "<a/>\n</a>", xmlread.CodeMalformed, "", 2},
		{"two roots", "<a/>\n<b/>", xmlread.CodeTrailing, "", 2},
		{"text after the root", "<a/>\n\nx", xmlread.CodeTrailing, "", 3},
		{"text before the root", "x<a/>", xmlread.CodeTrailing, "", 1},
		{"a DOCTYPE", `<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`, xmlread.CodeDoctype, "", 1},
		{"an unknown entity", "<a>&eacute;</a>", xmlread.CodeMalformed, "a", 1},
		{"a prefix that nobody declared", "<a><n:b/></a>", xmlread.CodePrefix, "a/b", 1},
		{"a prefix whose element has closed", `<a><n:b xmlns:n="u"/><n:b/></a>`, xmlread.CodePrefix, "a/b[2]", 1},
		{"an attribute twice", `<a x="1" x="2"/>`, xmlread.CodeMalformed, "a", 1},
		{"a second declaration", `<a><?xml version="1.0"?></a>`, xmlread.CodeMalformed, "a", 1},
		{"XML 1.1", `<?xml version="1.1"?><a/>`, xmlread.CodeMalformed, "", 1},
		{"a control character", "<a>\x01</a>", xmlread.CodeMalformed, "a", 1},
		{"not XML", "0130003    ", xmlread.CodeTrailing, "", 1},
		{"the third brother", "<a><b/><b/>\n<b><c/>&</b></a>", xmlread.CodeMalformed, "a/b[3]", 2},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := read(c.in)
			got := refusal(t, err)
			if got.Code != c.code || got.Path != c.path || got.Line != c.line {
				t.Errorf("read %q: got %s at %q line %d; want %s at %q line %d",
					c.in, got.Code, got.Path, got.Line, c.code, c.path, c.line)
			}
		})
	}
}

func refusal(t *testing.T, err error) *xmlread.FormatError {
	t.Helper()
	var refused *xmlread.FormatError
	if !errors.As(err, &refused) {
		t.Fatalf("got error %v, want a FormatError", err)
	}
	return refused
}

func TestLimitsHold(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("<a>", 65) + strings.Repeat("</a>", 65)
	if _, err := read(deep); refusal(t, err).Code != xmlread.CodeDepth {
		t.Errorf("65 levels: got %v, want %s", err, xmlread.CodeDepth)
	}
	if _, err := read(deep[3 : len(deep)-4]); err != nil {
		t.Errorf("64 levels: got %v, want no error", err)
	}
	blanks := xmlread.New(io.LimitReader(endless{}, 1<<30), xmlread.Options{})
	outline(blanks)
	if got := refusal(t, blanks.Err()).Code; got != xmlread.CodeTooLarge {
		t.Errorf("1 GB of spaces: got %s, want %s", got, xmlread.CodeTooLarge)
	}
	if got := blanks.Offset(); got > 2<<20 {
		t.Errorf("1 GB of spaces: got refused after %d bytes, want at most 2 MiB", got)
	}
	inside := xmlread.New(io.MultiReader(strings.NewReader("<a>"), endless{}), xmlread.Options{})
	for inside.Child(0) {
		for inside.Child(1) {
			t.Fatal("an element of spaces")
		}
	}
	if got := refusal(t, inside.Err()).Code; got != xmlread.CodeTooLarge || inside.Offset() > 2<<20 {
		t.Errorf("spaces without end in an element: got %s after %d bytes, want %s", got,
			inside.Offset(), xmlread.CodeTooLarge)
	}
	whole := xmlread.New(strings.NewReader("<a>"+strings.Repeat("<b>1</b>", 100_000)+"</a>"),
		xmlread.Options{File: 200_000})
	outline(whole)
	if got := refusal(t, whole.Err()).Code; got != xmlread.CodeTooLarge {
		t.Errorf("file over its limit: got %s, want %s", got, xmlread.CodeTooLarge)
	}
}

// endless is a file of spaces.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestWhatNoMessageHasIsRefusedBeforeItCosts(t *testing.T) {
	t.Parallel()
	var attributes, prefixes strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&attributes, ` a%d=""`, i)
	}
	for i := range 40 {
		fmt.Fprintf(&prefixes, `<a xmlns:a%d="u" xmlns:b%d="u" xmlns:c%d="u" xmlns:d%d="u">`, i, i, i, i)
	}
	for name, c := range map[string]struct{ document, code string }{
		"attributes":        {"<a" + attributes.String()[:1<<19] + `x=""/>`, xmlread.CodeMalformed},
		"prefixes":          {prefixes.String(), xmlread.CodeTooLarge},
		"a long name":       {"<" + strings.Repeat("a", 2000) + "/>", xmlread.CodeMalformed},
		"a long namespace":  {`<a xmlns="` + strings.Repeat("u", 2000) + `"/>`, xmlread.CodeTooLarge},
		"a long attribute":  {`<a x="` + strings.Repeat("u", 2000) + `"/>`, ""},
		"some attributes":   {`<a a="1" b="2" c="3" d="4" xmlns:s="u" s:e="5"/>`, ""},
		"a long end of tag": {"<a></" + strings.Repeat("a", 2000) + ">", xmlread.CodeMalformed},
	} {
		_, err := read(c.document)
		if c.code == "" && err != nil || c.code != "" && refusal(t, err).Code != c.code {
			t.Errorf("%s: got %v, want %q", name, err, c.code)
		}
	}
}

func TestAnElementMayBeLimited(t *testing.T) {
	t.Parallel()
	const document = `<a><b><c>12345678</c></b><b><c>123456789012345678901234</c></b></a>`
	r := xmlread.New(strings.NewReader(document), xmlread.Options{})
	read := 0
	for r.Child(0) {
		for r.Child(1) {
			r.Limit(30)
			read++
		}
	}
	got := refusal(t, r.Err())
	if got.Code != xmlread.CodeTooLarge || !strings.HasPrefix(got.Path, "a/b[2]") || read != 2 {
		t.Errorf("got %s at %s after %d; want %s in a/b[2]", got.Code, got.Path, read, xmlread.CodeTooLarge)
	}
}

func TestAFailingFileIsNotAFormatError(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk on fire")
	r := xmlread.New(io.MultiReader(strings.NewReader("<a>"), failing{broken}), xmlread.Options{})
	outline(r)
	var refused *xmlread.FormatError
	if err := r.Err(); !errors.Is(err, broken) || errors.As(err, &refused) {
		t.Errorf("got %v, want the file's own error", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
