package desk

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"masp/api/pages"
)

const refSize = 4 // bytes of chance in a reference that is made here

// refOf makes a reference of the organisation for something new: a prefix, and chance from the key of the
// form. The same form sent twice makes the same reference.
func refOf(v *pages.Visit, prefix string) string {
	sum := sha256.Sum256([]byte(prefix + v.Form.Value("cle")))
	chance := strings.TrimRight(base32.StdEncoding.EncodeToString(sum[:refSize]), "=")
	return prefix + "-" + chance
}

// shortOf is what a reference made of a measure says of it: "0001" of M-0001.
func shortOf(mandate string) string { return strings.TrimPrefix(mandate, "M-") }
