// Package xmlread reads XML files that come from outside, one token at a time,
// in memory that does not depend on the size of the file.
//
// It owns what encoding/xml leaves open. RawToken accepts truncated and
// mismatched files silently; Token accepts two roots and text after the last
// one, duplicate attributes and undeclared prefixes; neither bounds a text.
// Here a document is read to its end or refused with its place:
//
//   - one root, every element closed by its own name, nothing after it;
//   - no DOCTYPE, hence no entity of the file's own;
//   - depth, size of one token, of one element and of the file are limited, as
//     are names (1 KiB), attributes of a tag and prefixes in use (128 each);
//   - UTF-8, US-ASCII, ISO-8859-1, ISO-8859-15, Windows-1252 and UTF-16 (with
//     byte order mark) are read when declared; bytes that contradict the
//     declaration are refused, never replaced;
//   - prefixes are resolved; an element of a foreign namespace is passed over
//     with all that it contains, so that it can never supply an amount.
//
// # How to read with it
//
// A reader of a format is a set of small functions, one per element that has
// children; what a function does not read is skipped:
//
//	r := xmlread.New(file, xmlread.Options{})
//	for r.Child(0) { // the root; the loop also proves the end of the file
//		readDocument(r)
//	}
//	return r.Err()
//
//	func readDocument(r *xmlread.Reader) {
//		at := r.Depth()
//		for r.Child(at) {
//			switch r.Name() {
//			case "MsgId":
//				id = r.Value()
//			case "Amt":
//				currency, _ := r.Attr("Ccy")
//				text := r.Value()
//			}
//		}
//	}
//
// [Reader.Word] gives a text that comes again and again (a code, a day) without
// making it anew; [Reader.Bytes] one that is looked at and not kept.
//
// Errors are sticky: after one, Child is false, Value is empty, and Err tells.
// [Reader.Fail] adds an error of the format at the place reached.
//
// # Home namespace
//
// The namespace of the root is home. A wrapper (an envelope around Document)
// is left with [Reader.SetHome] when the element looked for has been reached.
// Which namespace is an acceptable one is the format's decision, not ours.
//
// # Decisions
//
// 2026-11: an own scanner (scan.go, characters.go) instead of encoding/xml as
// tokenizer: a statement must be read at 150 MB/s, and the standard one alone
// gives a third of that or less; limits and places are exact as well.
// encoding/xml stays as the judge: FuzzReader holds every accepted document
// against it, token by token, as readers of formats walk through it, and byte
// by byte. There is no DTD, so the scanner is small.
//
// 2026-11: what nearly every tag and text is has a short way that decides
// nothing by itself: the end tag that is expected, the value without a mark
// (leaf), the blanks before a tag that nobody reads. What does not fit goes the
// long way, which gives the reasons of refusals.
//
// 2026-11: control codes 0x80 to 0x9F under ISO-8859-1 are a contradiction (in
// practice a file of Windows-1252 with a wrong declaration), refused rather
// than guessed.
package xmlread
