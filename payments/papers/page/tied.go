package page

import (
	"bytes"
	"strings"
)

// tied keeps the signs that French sets apart on the line of their word, and a month on the line of its day.
var tied = strings.NewReplacer(
	" janvier", "\u00a0janvier", " février", "\u00a0février", " avril", "\u00a0avril", " juin", "\u00a0juin", " juillet", "\u00a0juillet",
	" août", "\u00a0août", " septembre", "\u00a0septembre", " octobre", "\u00a0octobre", " novembre", "\u00a0novembre",
	" décembre", "\u00a0décembre",
	" ;", "\u202f;", " !", "\u202f!", " ?", "\u202f?",
	" :", "\u00a0:", " »", "\u00a0»", "« ", "«\u00a0", " €", "\u00a0€", " ✔", "\u00a0✔", "n° ", "n°\u00a0",
)

// asIs are the elements whose text belongs to somebody: what was typed, what is compared letter by letter.
var asIs = []string{"textarea", "code", "style", "script"}

// TiedHTML ties the signs of the text of a document, and of nothing else of it: no attribute changes, nor what
// stands in a field or in code. The document is one that html/template wrote: a tag ends at its first « > ».
func TiedHTML(doc []byte) []byte {
	out := make([]byte, 0, len(doc)+len(doc)/64)
	for len(doc) > 0 {
		text, rest := cutBefore(doc, "<")
		out = append(out, tied.Replace(string(text))...)
		tag, after := cutBehind(rest, ">")
		out = append(out, tag...)
		doc = after
		for _, name := range asIs {
			if bytes.HasPrefix(tag, []byte("<"+name)) {
				text, doc = cutBefore(after, "</"+name)
				out = append(out, text...)
			}
		}
	}
	return out
}

// cutBefore cuts a document before a sign, or at its end.
func cutBefore(doc []byte, sign string) (before, rest []byte) {
	i := bytes.Index(doc, []byte(sign))
	if i < 0 {
		return doc, nil
	}
	return doc[:i], doc[i:]
}

// cutBehind cuts a document behind a sign, or at its end.
func cutBehind(doc []byte, sign string) (through, rest []byte) {
	i := bytes.Index(doc, []byte(sign))
	if i < 0 {
		return doc, nil
	}
	return doc[:i+len(sign)], doc[i+len(sign):]
}
