package xmlread

import (
	"errors"
	"fmt"
	"strings"
)

// Codes of [FormatError], stable for tests, JSON and logs. Formats add their own.
const (
	CodeEmpty        = "empty"                 // no element at all
	CodeMalformed    = "malformed"             // not well-formed XML
	CodeTruncated    = "truncated"             // the file ends inside an element
	CodeTrailing     = "trailing"              // something after the root, or before it
	CodeDoctype      = "doctype"               // a DOCTYPE or another directive
	CodeDepth        = "too_deep"              // more nested elements than Options.Depth
	CodeTooLarge     = "too_large"             // a token, an element or the file over its limit
	CodeEncoding     = "encoding_unknown"      // a declared encoding that is not read
	CodeContradicted = "encoding_contradicted" // bytes that the declared encoding cannot hold
	CodePrefix       = "prefix"                // a prefix that is not declared
	CodeNotText      = "not_text"              // an element where a text is expected
)

// A FormatError says what is wrong in a file and where.
type FormatError struct {
	Line, Column int    // 1-based; column in bytes of the UTF-8 text
	Path         string // as "Document/BkToCstmrStmt/Stmt[2]/Ntry[17]"; empty outside the root
	Code         string // one of the Code constants, or the format's own
	Value        string // the offending piece, shortened; may hold personal data: not for logs
	Err          error  // the cause, never nil
}

// Error is for logs and developers; it leaves Value out.
func (e *FormatError) Error() string {
	return fmt.Sprintf("line %d column %d (%s): %s: %v", e.Line, e.Column, e.Path, e.Code, e.Err)
}

// Unwrap returns the cause.
func (e *FormatError) Unwrap() error { return e.Err }

// French is the sentence shown to users: what, where, and what to do. For a
// code of the format's own, the words are those of Err when it has a method
// French() string: a clause without capital and full stop.
func (e *FormatError) French() string {
	what, known := french[e.Code]
	var own interface{ French() string }
	switch {
	case known:
	case errors.As(e.Err, &own):
		what = own.French()
	default:
		what = "contenu inattendu"
	}
	var b strings.Builder
	b.WriteString("Fichier refusé : ")
	b.WriteString(what)
	if e.Value != "" {
		b.WriteString(" (« ")
		b.WriteString(e.Value)
		b.WriteString(" »)")
	}
	if place := e.Place(); place != "" {
		b.WriteString(", ")
		b.WriteString(place)
	}
	b.WriteString(". Rien n’a été enregistré.")
	return b.String()
}

// Place is "ligne 12, colonne 8, dans Document/GrpHdr", or empty when unknown.
func (e *FormatError) Place() string {
	if e.Line == 0 {
		return ""
	}
	place := fmt.Sprintf("ligne %d, colonne %d", e.Line, e.Column)
	if e.Path != "" {
		place += ", dans " + e.Path
	}
	return place
}

var french = map[string]string{
	CodeEmpty:        "il est vide",
	CodeMalformed:    "ce n’est pas du XML correct",
	CodeTruncated:    "il est incomplet (coupé avant la fin) ; redemandez-le à la banque",
	CodeTrailing:     "il y a quelque chose avant ou après le document",
	CodeDoctype:      "il contient une définition DOCTYPE, interdite",
	CodeDepth:        "trop d’éléments emboîtés",
	CodeTooLarge:     "un élément ou le fichier dépasse la taille permise",
	CodeEncoding:     "encodage de caractères non pris en charge",
	CodeContradicted: "les caractères ne correspondent pas à l’encodage annoncé",
	CodePrefix:       "préfixe d’espace de noms non déclaré",
	CodeNotText:      "un élément se trouve là où un texte est attendu",
}

// shorten keeps a value printable and short enough for one line of a message.
func shorten(s string) string {
	const most = 60
	s = strings.Join(strings.Fields(s), " ")
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + "…"
		}
	}
	return s
}
