package xmlread_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode"

	"masp/payments/xmlread"
)

// oracle prints a document as encoding/xml's Token reads it, with end names
// and nesting checked there; false when it refuses the document.
func oracle(document []byte) (string, bool) {
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(document, []byte("\uFEFF"))))
	var b strings.Builder
	depth := 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			return b.String(), true
		}
		if err != nil {
			return "", false
		}
		switch t := token.(type) {
		case xml.StartElement:
			depth++
			b.WriteString("<" + t.Name.Local + ">")
		case xml.EndElement:
			depth--
			b.WriteString("</" + t.Name.Local + ">")
		case xml.CharData:
			if depth > 0 {
				b.Write(t)
			}
		}
	}
}

// element is one of a document, in the order of their starts.
type element struct {
	name, text string
	leaf       bool // it has no child
}

// elements lists those of a document that encoding/xml accepts.
func elements(document []byte) (list []element) {
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(document, []byte("\uFEFF"))))
	var open []int
	for {
		token, err := d.Token()
		if err != nil {
			return list
		}
		switch t := token.(type) {
		case xml.StartElement:
			if len(open) > 0 {
				list[open[len(open)-1]].leaf = false
			}
			open = append(open, len(list))
			list = append(list, element{name: t.Name.Local, leaf: true})
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				list[open[len(open)-1]].text += string(t)
			}
		}
	}
}

// walk goes through a document as the readers of formats do, and holds each element that it
// meets, and the value of each leaf, against the list.
func walk(t *testing.T, r *xmlread.Reader, at int, want []element) []element {
	t.Helper()
	for r.Child(at) {
		if len(want) == 0 || r.Name() != want[0].name {
			t.Fatalf("got element %q, the standard reader another one", r.Name())
		}
		this := want[0]
		if want = want[1:]; !this.leaf {
			want = walk(t, r, at+1, want)
			continue
		}
		if got := r.Value(); got != strings.Trim(this.text, " \t\r\n") {
			t.Fatalf("%s: got %q, want %q", this.name, got, this.text)
		}
	}
	return want
}

// FuzzReader: never a panic; what is accepted is accepted by the standard reader
// too and reads the same (when nothing is foreign; names beyond ASCII and other
// encodings are outside the comparison).
func FuzzReader(f *testing.F) {
	for _, seed := range []string{
		`<a/>`, `<?xml version="1.0" encoding="UTF-8"?><a x="1">&lt;é<b/><![CDATA[>]]></a>`,
		`<n:a xmlns:n="u"><n:b>1</n:b></n:a>`, `<a xmlns="u"><b xmlns="v">1</b></a>`,
		"<a>\r\n\r]]&#10;&#xD;</a>", `<a x='>' y="&lt;&#x41;"/>`, `<a><!-- > --><?p x?></a>`, `<a  ></a >`,
		`<a><b></a></b>`, `<a/><b/>`, `<!DOCTYPE a><a/>`, `<a>&x;</a>`, "\uFEFF<a/>", "<a>\xE9</a>",
		`<?xml version="1.0" encoding="ISO-8859-1"?><a/>`, "<a>\n <b> 1 </b>\n\t<b>2&amp;<!-- -->3</b\n></a>",
		"<a><b>\r\n</b><b>x\r</b> y <b>]]</b></a>", `<a><b/><c></c><b x="1">1</b></a>`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		r := xmlread.New(bytes.NewReader(document), xmlread.Options{Depth: 1000})
		got := outline(r)
		if r.Err() != nil || r.Foreign() > 0 {
			return
		}
		want, accepted := oracle(document)
		comparable := bytes.IndexFunc(document, func(r rune) bool { return r > unicode.MaxASCII }) < 0 &&
			!bytes.Contains(document, []byte("encoding"))
		if !accepted && comparable {
			t.Errorf("got %q accepted, want it refused as the standard reader does", document)
		}
		if accepted && got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if accepted {
			// Byte by byte, so that every tag and every text is cut somewhere.
			slow := iotest.OneByteReader(bytes.NewReader(document))
			if got := outline(xmlread.New(slow, xmlread.Options{Depth: 1000})); got != want {
				t.Errorf("byte by byte: got %q, want %q", got, want)
			}
			again := xmlread.New(bytes.NewReader(document), xmlread.Options{Depth: 1000})
			if rest := walk(t, again, 0, elements(document)); len(rest) > 0 || again.Err() != nil {
				t.Errorf("got %d elements less, %v", len(rest), again.Err())
			}
			slow = iotest.OneByteReader(bytes.NewReader(document))
			walk(t, xmlread.New(slow, xmlread.Options{Depth: 1000}), 0, elements(document))
		}
	})
}

// month is a file of the shape of a bank statement, of about the given size.
func month(size int) []byte {
	const entry = `<Ntry><NtryRef>42</NtryRef><Amt Ccy="EUR">412.50</Amt><CdtDbtInd>CRDT</CdtDbtInd>` +
		`<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-05</Dt></BookgDt><NtryDtls><TxDtls><Refs>` +
		`<EndToEndId>P000042-0007</EndToEndId></Refs><RmtInf><Ustrd>XPXREFERENCE 012345678` +
		`                         ME</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>` + "\n"
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:x"><Stmt>`)
	for b.Len() < size {
		b.WriteString(entry)
	}
	b.WriteString(`</Stmt></Document>`)
	return b.Bytes()
}

func BenchmarkReader(b *testing.B) {
	document := month(8 << 20)
	b.Run("encoding/xml RawToken alone", func(b *testing.B) {
		b.SetBytes(int64(len(document)))
		for b.Loop() {
			d := xml.NewDecoder(bytes.NewReader(document))
			for err := error(nil); err == nil; {
				_, err = d.RawToken()
			}
		}
	})
	b.Run("all passed over", func(b *testing.B) {
		b.SetBytes(int64(len(document)))
		b.ReportAllocs()
		for b.Loop() {
			r := xmlread.New(bytes.NewReader(document), xmlread.Options{})
			for r.Child(0) {
			}
			if r.Err() != nil {
				b.Fatal(r.Err())
			}
		}
	})
	b.Run("entries walked, amounts read", func(b *testing.B) {
		b.SetBytes(int64(len(document)))
		b.ReportAllocs()
		for b.Loop() {
			r := xmlread.New(bytes.NewReader(document), xmlread.Options{})
			for r.Child(0) {
				for r.Child(1) {
					for r.Child(2) {
						for r.Child(3) {
							if r.Name() == "Amt" {
								_ = r.Value()
							}
						}
					}
				}
			}
			if r.Err() != nil {
				b.Fatal(r.Err())
			}
		}
	})
}
