package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"masp/api/contract"
)

// A cursor is the operation, its owner and the place reached. It opens nothing: a page is filtered
// by the rights of whoever asks, whatever the cursor says; but a cursor of somebody else, or of
// another list, is a mistake of the sender.

// Cursor is where the next page of this list begins: after the row of a key.
func (c *Call) Cursor(after string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(c.cursorMark() + "\x00" + after))
}

// After is the key that the sender's page begins after, empty for the first page.
func (c *Call) After() (string, error) {
	text := c.Query("cursor")
	if text == "" {
		return "", nil
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return "", badCursor()
	}
	mark, after, ok := strings.Cut(string(raw), "\x00")
	switch {
	case !ok || after == "" || len(mark) != len(c.cursorMark()) || mark[:markOfList] != c.cursorMark()[:markOfList]:
		return "", badCursor()
	case mark != c.cursorMark():
		return "", NotFound()
	}
	return after, nil
}

const markOfList = 8

// cursorMark is eight letters of the list and eight of its reader.
func (c *Call) cursorMark() string {
	list := sha256.Sum256([]byte(c.operation.ID))
	reader := sha256.Sum256([]byte(c.Who.ID + "\x00" + c.Who.Beneficiary))
	return hex.EncodeToString(list[:markOfList/2]) + hex.EncodeToString(reader[:markOfList/2])
}

func badCursor() *Fault {
	return &Fault{Status: 400, Code: "bad_cursor", Problems: []contract.Problem{{
		Pointer: "?cursor", Code: "bad_cursor", Text: contract.Text{
			French:  "Ce curseur n'est pas de cette liste : reprenez à la première page.",
			English: "This cursor is not of this list: begin again at the first page.",
		},
	}}}
}
