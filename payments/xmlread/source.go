package xmlread

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"
)

var (
	errContradicted = errors.New("bytes contradict the declared encoding")
	errTokenSize    = errors.New("token over the size limit")
	errFileSize     = errors.New("file over the size limit")
)

// source holds a window on the text, known to be valid UTF-8. What is unread
// stays in one piece until it is taken, so that a token is a slice of it.
type source struct {
	r       io.Reader
	suspect func([]byte) int // length of the head of valid UTF-8 that the declaration allows

	buf       []byte
	pos, good int   // buf[pos:good] is checked and unread
	end       int   // buf[good:end] is not checked: the head of a rune, or what follows a fault
	base      int64 // offset in the file of buf[0], in bytes of UTF-8
	err       error // what to report after buf[pos:good]

	counted   int   // line ends are counted up to buf[counted]
	lines     int   // line ends before it
	lineStart int64 // offset of the line in which it lies

	tokenMax, fileMax int64
}

const chunk = 64 << 10

func newSource(r io.Reader, suspect func([]byte) int, o Options) *source {
	return &source{
		r: r, suspect: suspect, buf: make([]byte, chunk),
		tokenMax: o.Token, fileMax: o.File,
	}
}

func (s *source) offset() int64 { return s.base + int64(s.pos) }

func (s *source) window() []byte { return s.buf[s.pos:s.good] }

// position is the line and column of the next unread byte.
func (s *source) position() (line, column int) {
	s.countLines()
	return s.lines + 1, int(s.offset()-s.lineStart) + 1
}

// countLines counts the line ends of what was read since it was last asked for.
func (s *source) countLines() {
	read := s.buf[s.counted:s.pos]
	s.lines += bytes.Count(read, newline)
	if last := bytes.LastIndexByte(read, '\n'); last >= 0 {
		s.lineStart = s.base + int64(s.counted+last) + 1
	}
	s.counted = s.pos
}

// passBlanks moves over the blanks before the next tag or text and counts them.
func (s *source) passBlanks() int64 {
	start := s.pos
	for s.pos < s.good && isBlank[s.buf[s.pos]] {
		s.pos++
	}
	return int64(s.pos - start)
}

var isBlank = [256]bool{' ': true, '\t': true, '\r': true, '\n': true}

var newline = []byte{'\n'}

// more widens the window by at least one byte, or returns the error that ends
// the text there; io.EOF is the ordinary one.
func (s *source) more() error {
	const patience = 100 // empty reads in a row before giving up
	had := s.good - s.pos
	for range patience {
		if s.err == nil {
			s.err = s.overLimit()
		}
		if s.err != nil {
			return s.err
		}
		s.makeRoom()
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		s.err = err
		s.check()
		if s.good-s.pos > had {
			return nil
		}
	}
	return io.ErrNoProgress
}

func (s *source) overLimit() error {
	switch {
	case s.fileMax > 0 && s.base+int64(s.good) > s.fileMax:
		return errFileSize
	case int64(s.good-s.pos) > s.tokenMax:
		return errTokenSize
	}
	return nil
}

// makeRoom drops what was read and grows the buffer when it is full.
func (s *source) makeRoom() {
	if s.pos > 0 {
		s.countLines()
		s.base += int64(s.pos)
		copy(s.buf, s.buf[s.pos:s.end])
		s.good, s.end, s.pos, s.counted = s.good-s.pos, s.end-s.pos, 0, 0
	}
	if s.end == len(s.buf) {
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
}

// check moves good as far as the bytes read are right.
func (s *source) check() {
	fresh := s.buf[s.good:s.end]
	if s.err != io.EOF {
		fresh = fresh[:wholeRunes(fresh)]
	}
	right := validPrefix(fresh)
	if s.suspect != nil {
		right = s.suspect(fresh[:right])
	}
	s.good += right
	if right < len(fresh) {
		s.err = errContradicted
	}
}

// wholeRunes is the length of b without an unfinished rune at its end.
func wholeRunes(b []byte) int {
	for back := 1; back <= min(len(b), utf8.UTFMax-1); back++ {
		if at := len(b) - back; utf8.RuneStart(b[at]) {
			if utf8.FullRune(b[at:]) {
				return len(b)
			}
			return at
		}
	}
	return len(b)
}

// validPrefix is the length of the valid UTF-8 at the head of b.
func validPrefix(b []byte) int {
	if utf8.Valid(b) {
		return len(b)
	}
	at := 0
	for at < len(b) {
		r, size := utf8.DecodeRune(b[at:])
		if r == utf8.RuneError && size <= 1 {
			break
		}
		at += size
	}
	return at
}
