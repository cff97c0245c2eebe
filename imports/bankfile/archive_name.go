package bankfile

import (
	"archive/zip"
	"io/fs"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// shownName is how a member is called in messages: without folders, whatever way they are
// written, printable, and at most 80 characters.
func shownName(f *zip.File) string {
	name := f.Name
	if !utf8.ValidString(name) { // as DOS wrote them
		name, _ = charmap.CodePage437.NewDecoder().String(name) // each byte has a character
	}
	name = name[strings.LastIndexAny(name, `/\:`)+1:]
	name = strings.Map(func(c rune) rune {
		if unicode.IsPrint(c) {
			return c
		}
		return '·'
	}, name)
	const most = 80
	if chars := []rune(name); len(chars) > most {
		name = string(chars[:most-1]) + "…"
	}
	return name
}

// passedOver tells the members that are no files of a bank: folders, hidden files, what macOS
// adds to an archive.
func passedOver(name string) bool {
	name = strings.ReplaceAll(name, `\`, "/")
	last := name[strings.LastIndexByte(name, '/')+1:]
	return last == "" || strings.HasPrefix(last, ".") ||
		strings.HasPrefix(name, "__MACOSX/") || strings.Contains(name, "/__MACOSX/")
}

// strayName tells a name that leads elsewhere when somebody unpacks the archive: absolute, with
// a folder above, or with the backslashes and drives of Windows. Nothing is ever written under
// such a name here; but no bank writes one.
func strayName(name string) bool {
	drive := len(name) > 1 && name[1] == ':'
	return drive || strings.HasPrefix(name, "/") || strings.Contains(name, `\`) ||
		slices.Contains(strings.Split(name, "/"), "..")
}

// special tells a link, a pipe or a device.
func special(f *zip.File) bool { return f.Mode().Type()&^fs.ModeDir != 0 }
