package simbank

import (
	"bytes"
	"encoding/xml"
	"strings"
)

// writer writes indented XML; elements are given by path.
type writer struct {
	b    bytes.Buffer
	open []string
}

// newDocument starts an ISO 20022 document: namespace and message element.
func newDocument(message, root string) *writer {
	w := &writer{}
	w.b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	w.b.WriteString(`<Document xmlns="urn:iso:std:iso:20022:tech:xsd:` + message + `">` + "\n")
	w.open = append(w.open, "Document")
	w.start(root)
	return w
}

func (w *writer) start(name string) {
	w.indent()
	w.b.WriteString("<" + name + ">\n")
	w.open = append(w.open, name)
}

func (w *writer) end() {
	last := len(w.open) - 1
	name := w.open[last]
	w.open = w.open[:last]
	w.indent()
	w.b.WriteString("</" + name + ">\n")
}

// put writes text under a path such as "Acct/Id/IBAN"; an empty text writes
// nothing. The last element may carry an attribute: `Amt Ccy="EUR"`.
func (w *writer) put(path, text string) {
	if text == "" {
		return
	}
	steps := strings.Split(path, "/")
	leaf := steps[len(steps)-1]
	w.indent()
	for _, s := range steps[:len(steps)-1] {
		w.b.WriteString("<" + s + ">")
	}
	w.b.WriteString("<" + leaf + ">")
	// EscapeText fails only when the buffer does, and a bytes.Buffer never does.
	_ = xml.EscapeText(&w.b, []byte(text))
	for i := len(steps) - 1; i >= 0; i-- {
		name, _, _ := strings.Cut(steps[i], " ")
		w.b.WriteString("</" + name + ">")
	}
	w.b.WriteByte('\n')
}

// amount writes an amount in euros, without its sign.
func (w *writer) amount(path string, cents int64) {
	w.put(path+` Ccy="EUR"`, centsText(cents))
}

// bytes closes what is open and returns the document.
func (w *writer) bytes() []byte {
	for len(w.open) > 0 {
		w.end()
	}
	return w.b.Bytes()
}

func (w *writer) indent() { w.b.WriteString(strings.Repeat(" ", len(w.open))) }
