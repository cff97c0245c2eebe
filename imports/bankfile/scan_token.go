package bankfile

import (
	"bytes"
	"errors"
	"io"

	"masp/imports/xmlread"
)

// read returns the next token of any namespace.
func (s *scanner) read() xmlread.Token {
	if s.empty && s.err == nil {
		s.empty = false
		return s.pop()
	}
	for s.err == nil && s.affordable() {
		if s.pos == s.good && !s.more() {
			s.stop(false)
			break
		}
		if t := s.token(); t.Kind != xmlread.None {
			return t
		}
	}
	return xmlread.Token{}
}

// affordable refuses what goes beyond the limit of an open element.
func (s *scanner) affordable() bool {
	for _, b := range s.budgets {
		if s.offset() > b.until {
			_ = s.Fail(xmlread.CodeTooLarge, "", errors.New("element over its size limit"))
			return false
		}
	}
	return true
}

// token reads what begins at pos; None for what is not reported and after an error.
func (s *scanner) token() xmlread.Token {
	if s.buf[s.pos] != '<' {
		return s.text()
	}
	if s.good-s.pos < 2 && !s.more() {
		s.stop(true)
		return xmlread.Token{}
	}
	switch s.buf[s.pos+1] {
	case '/':
		return s.endTag()
	case '?':
		s.instruction()
	case '!':
		return s.declaration()
	default:
		return s.startTag()
	}
	return xmlread.Token{}
}

// find makes the token at pos reach to the first mark at or after from, and returns the
// length of the token, the mark included; -1 after an error.
func (s *scanner) find(mark string, from int) int {
	for {
		if from <= s.good-s.pos {
			if i := bytes.Index(s.buf[s.pos+from:s.good], []byte(mark)); i >= 0 {
				return from + i + len(mark)
			}
			from = max(from, s.good-s.pos-len(mark)+1)
		}
		if !s.more() {
			s.stop(true)
			return -1
		}
	}
}

// text reads the characters up to the next tag.
func (s *scanner) text() xmlread.Token {
	from := 0
	for {
		if i := bytes.IndexByte(s.buf[s.pos+from:s.good], '<'); i >= 0 {
			from += i
			break
		}
		if from = s.good - s.pos; !s.more() {
			if s.depth > 0 || s.tail != io.EOF {
				s.stop(true)
				return xmlread.Token{}
			}
			break
		}
	}
	run := s.buf[s.pos : s.pos+from]
	var seen byte
	for _, c := range run {
		seen |= classes[c]
	}
	if seen&special != 0 {
		run = s.unescape(run, true)
	}
	if s.depth == 0 && seen&solid != 0 {
		_ = s.Fail(xmlread.CodeTrailing, string(bytes.TrimSpace(run)), errors.New("text outside the root"))
	}
	s.pos += from
	if s.err != nil || s.depth == 0 {
		return xmlread.Token{}
	}
	return xmlread.Token{Kind: xmlread.Text, Text: run}
}

// instruction passes over <? … ?>. The declaration was judged when the file was opened.
func (s *scanner) instruction() {
	n := s.find("?>", 2)
	if n < 0 {
		return
	}
	target := s.buf[s.pos+2 : s.pos+n-2]
	if i := bytes.IndexAny(target, " \t\r\n"); i >= 0 {
		target = target[:i]
	}
	switch {
	case !isName(target):
		s.malformed("", "processing instruction without target")
	case string(target) == "xml" && s.offset() != 0:
		s.malformed("<?xml", "declaration not at the beginning")
	}
	s.pos += n
}

// declaration passes over a comment and reads a CDATA section; all else that begins with
// "<!" is refused.
func (s *scanner) declaration() xmlread.Token {
	const cdata, comment = "<![CDATA[", "<!--"
	for s.good-s.pos < len(cdata) && s.more() {
	}
	head := s.buf[s.pos:s.good]
	switch {
	case bytes.HasPrefix(head, []byte(comment)):
		if n := s.find("--", len(comment)); n >= 0 {
			s.endComment(n)
		}
	case bytes.HasPrefix(head, []byte(cdata)):
		return s.cdata(len(cdata))
	case bytes.HasPrefix([]byte(comment), head), bytes.HasPrefix([]byte(cdata), head):
		s.stop(true)
	case s.depth > 0 && head[2] == '[':
		s.malformed("<![", "invalid <![ sequence")
	default:
		line := head[2:min(len(head), 60)]
		_ = s.Fail(xmlread.CodeDoctype, string(line), errors.New("directive"))
	}
	return xmlread.Token{}
}

// endComment wants ">" behind the "--" that ends at n.
func (s *scanner) endComment(n int) {
	if s.good-s.pos <= n && !s.more() {
		s.stop(true)
		return
	}
	if s.buf[s.pos+n] != '>' {
		s.malformed("--", "two hyphens in a comment")
		return
	}
	s.pos += n + 1
}

func (s *scanner) cdata(head int) xmlread.Token {
	n := s.find("]]>", head)
	if n < 0 {
		return xmlread.Token{}
	}
	text := s.buf[s.pos+head : s.pos+n-3]
	if bytes.IndexByte(text, '\r') >= 0 {
		text = s.unescape(text, false)
	}
	if s.depth == 0 && len(bytes.TrimSpace(text)) > 0 {
		_ = s.Fail(xmlread.CodeTrailing, string(text), errors.New("text outside the root"))
	}
	s.pos += n
	if s.err != nil || s.depth == 0 {
		return xmlread.Token{}
	}
	return xmlread.Token{Kind: xmlread.Text, Text: text}
}
