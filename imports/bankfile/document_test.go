package bankfile

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"masp/imports/xmlread"
)

// transcript writes down all that a document gives, and whether it ends well. Texts are
// joined: where they are cut is nobody's business.
func transcript(d document) (string, error) {
	var b strings.Builder
	for {
		t := d.Next()
		switch t.Kind {
		case xmlread.None:
			return b.String(), d.Err()
		case xmlread.Start:
			lang, _ := d.Attr("Ccy")
			fmt.Fprintf(&b, "\n<%s %s %s %s>", t.Name, t.Space, lang, d.Path())
		case xmlread.End:
			fmt.Fprintf(&b, "\n</%s %s>", t.Name, t.Space)
		case xmlread.Text:
			b.Write(t.Text)
		}
	}
}

// both reads a text with the scanner and with xmlread.
func both(text []byte) (fast, sure string, fastErr, sureErr error) {
	fast, fastErr = transcript(newScanner(nil, bytes.NewReader(text)))
	sure, sureErr = transcript(xmlread.New(bytes.NewReader(text), xmlread.Options{}))
	return fast, sure, fastErr, sureErr
}

func TestTheScannerAndTheReaderOfXMLGiveTheSame(t *testing.T) {
	t.Parallel()
	for _, text := range append(oddXML, faultyXML...) {
		fast, sure, fastErr, sureErr := both([]byte(text))
		if codeOf(fastErr) != codeOf(sureErr) {
			t.Errorf("%.70q: scanner says %v, xmlread %v", text, fastErr, sureErr)
		} else if fastErr == nil && fast != sure {
			t.Errorf("%.70q: scanner gives\n%s\nxmlread\n%s", text, fast, sure)
		}
	}
}

func TestTheScannerRefusesWhatEncodingXMLLetsPass(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`<a>&#xD800;</a>`, `<a b="1"c="2"/>`} {
		_, err := transcript(newScanner(nil, strings.NewReader(text)))
		if codeOf(err) != xmlread.CodeMalformed {
			t.Errorf("%q: got %v, want it refused: it is not XML", text, err)
		}
	}
}

func TestTheScannerDoesNotCareHowReadsAreCut(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	invented{version: "08", statements: 2, entries: 3, details: 2}.write(&file)
	for _, text := range append([]string{file.String()}, oddXML...) {
		want, wantErr := transcript(newScanner(nil, strings.NewReader(text)))
		got, err := transcript(newScanner(nil, iotest.OneByteReader(strings.NewReader(text))))
		if codeOf(err) != codeOf(wantErr) || err == nil && got != want {
			t.Errorf("%.70q: byte by byte gives %v, at once %v", text, err, wantErr)
		}
	}
}

func TestTheScannerReadsTheSamplesAsXMLReadDoes(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(shared(t, "samples"), "*", "*.xml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no sample found: %v", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if len(text) > 100<<10 || !scannable(text[:min(len(text), sniffLength)]) {
			continue // the long ones bring nothing new
		}
		text = withoutBOM(text)
		fast, sure, fastErr, sureErr := both(text)
		if codeOf(fastErr) != codeOf(sureErr) || fastErr == nil && fast != sure {
			t.Errorf("%s: scanner says %v, xmlread %v", filepath.Base(name), fastErr, sureErr)
		}
	}
}

// codeOf is the code of an error of the content, empty for nil.
func codeOf(err error) string {
	if x, ok := errors.AsType[*xmlread.FormatError](err); ok {
		return x.Code
	}
	if f, ok := errors.AsType[*FormatError](err); ok {
		return f.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func FuzzTheScannerAgreesWithXMLRead(f *testing.F) {
	for _, text := range append(oddXML, faultyXML...) {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if !scannable(text) || bytes.HasPrefix(text, []byte("\xef\xbb\xbf")) {
			t.Skip("not for the scanner")
		}
		fast, sure, fastErr, sureErr := both(text)
		if fastErr == nil && (sureErr != nil || fast != sure) && !exotic(text) {
			t.Errorf("scanner accepts what xmlread reads otherwise: %v\n%s\n%s", sureErr, fast, sure)
		}
	})
}

// exotic tells whether a text may hold a name beyond ASCII, where the tables of letters of
// the two differ.
func exotic(text []byte) bool {
	return bytes.ContainsFunc(text, func(r rune) bool { return r > 127 })
}

// oddXML is right, if unusual.
var oddXML = []string{
	`<a/>`, `<a></a >`, "<a\n/>", `<a> x <b/> y </a>`, "\n <a/> \n",
	`<?xml version="1.0"?><a/>`, `<!-- before --><a/><!-- after -->`, `<a><?go on?></a>`,
	`<a>1<!-- x -->2<![CDATA[3<4]]>5</a>`, `<a>&lt;&amp;&#65;&#x42;&apos;&quot;&gt;</a>`,
	"<a>one\r\ntwo\rthree<![CDATA[\r\n]]></a>", `<a>]] ></a>`, `<a b=">" c='"'/>`,
	`<a Ccy="E&amp;R"/>`, "<a Ccy = \"EUR\"\tb=''/>", `<é>ü</é>`,
	`<a xmlns="u:1"><b/><c xmlns="u:2"><d/></c><e/></a>`,
	`<p:a xmlns:p="u:1"><p:b p:c="1" xml:lang="fr"/><b/></p:a>`,
	`<p:a xmlns:p="u:1" xmlns:q="u:1"><q:b/></p:a>`,
	`<a xmlns="u:1"><b xmlns=""/><a xmlns="u:1"/></a>`, `<a><b/><b/><c/><b/></a>`,
	strings.Repeat("<a>", 64) + strings.Repeat("</a>", 64),
}

// faultyXML must be refused.
var faultyXML = []string{
	``, `  `, `x`, `<`, `<a`, `<a>`, `<a>x`, `<a><b></a>`, `<a></b>`, `</a>`, `<a/><b/>`,
	`<a/>x`, `x<a/>`, `<a/><!`, `<!DOCTYPE a><a/>`, `<a><!ENTITY x "y"></a>`, `<a>&x;</a>`,
	`<a>&#0;</a>`, `<a>&lt</a>`, `<a>]]></a>`, `<a b></a>`, `<a b=1/>`,
	`<a b="1" b="2"/>`, `<p:a/>`, `<a p:b="1"/>`, `<a:b:c/>`, `<1a/>`, `< a/>`,
	`<a><!-- x -- y --></a>`, `<a><!-- x`, `<a><![CDATA[x`, `<a><![CDAT[x]]></a>`, `<a><? ?></a>`,
	`<a/><?xml version="1.0"?>`, "<a>\x00</a>", "<a>\x1b</a>", "<a>\xff</a>", "<a>\uffff</a>",
	"<a>\xc3", "<a>\xed\xa0\x80</a>", `<a b="<"/>`, `<a><b c="</a>`, `<a>` + "\xf0\x9f",
	strings.Repeat("<a>", 65) + strings.Repeat("</a>", 65),
	`<a>` + strings.Repeat("x", 2<<20) + `</a>`, `<a>` + strings.Repeat(" ", 2<<20) + `</a>`,
}
