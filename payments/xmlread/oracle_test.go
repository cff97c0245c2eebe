package xmlread_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"
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

// FuzzReader: never a panic; what is accepted is accepted by the standard reader
// too and reads the same (when nothing is foreign; names beyond ASCII and other
// encodings are outside the comparison).
func FuzzReader(f *testing.F) {
	for _, seed := range []string{
		`<a/>`, `<?xml version="1.0" encoding="UTF-8"?><a x="1">&lt;é<b/><![CDATA[>]]></a>`,
		`<n:a xmlns:n="u"><n:b>1</n:b></n:a>`, `<a xmlns="u"><b xmlns="v">1</b></a>`,
		"<a>\r\n\r]]&#10;&#xD;</a>", `<a x='>' y="&lt;&#x41;"/>`, `<a><!-- > --><?p x?></a>`, `<a  ></a >`,
		`<a><b></a></b>`, `<a/><b/>`, `<!DOCTYPE a><a/>`, `<a>&x;</a>`, "\uFEFF<a/>", "<a>\xE9</a>",
		`<?xml version="1.0" encoding="ISO-8859-1"?><a/>`,
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
