package api

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"masp/api/contract"
)

// Stale is the answer to a change of what its sender has not seen.
func Stale() *Fault {
	return &Fault{Status: http.StatusPreconditionFailed, Code: "stale", Detail: contract.Text{
		French:  "Relisez, puis décidez de nouveau : quelqu'un l'a changé.",
		English: "Read it again, then decide again: somebody has changed it.",
	}}
}

const zipped = "-gzip" // what a proxy that compresses adds to a tag

// untag is the tag inside a strong ETag, empty for any other text.
func untag(header string) string {
	if len(header) < 3 || header[0] != '"' || header[len(header)-1] != '"' || strings.Contains(header, ",") {
		return ""
	}
	return strings.TrimSuffix(header[1:len(header)-1], zipped)
}

// tagOf is the tag of a body.
func tagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:16])
}
