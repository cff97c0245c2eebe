package xmlread

import (
	"errors"
	"io"
	"unicode/utf8"
)

var (
	errContradicted = errors.New("bytes contradict the declared encoding")
	errTokenSize    = errors.New("token over the size limit")
	errFileSize     = errors.New("file over the size limit")
)

// source feeds the tokenizer byte by byte with text that is known to be valid
// UTF-8. It stops exactly at the first byte that contradicts the encoding, so
// that the position of the tokenizer is the place of the fault.
type source struct {
	r       io.Reader
	suspect func([]byte) int // length of the head of valid UTF-8 that the declaration allows

	buf       []byte
	pos, good int   // buf[pos:good] is checked and unread
	end       int   // buf[good:end] is the head of a rune whose rest is not read yet
	base      int64 // offset in the file of buf[0], in bytes of UTF-8
	err       error // what to report after buf[pos:good]

	mark              int64 // offset at which the current token began
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

// ReadByte implements io.ByteReader, which the tokenizer asks for.
func (s *source) ReadByte() (byte, error) {
	if s.pos == s.good {
		if err := s.fill(); err != nil {
			return 0, err
		}
	}
	b := s.buf[s.pos]
	s.pos++
	return b, nil
}

// Read exists because the tokenizer converts its input to io.Reader when a
// declaration names an encoding.
func (s *source) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if s.pos == s.good {
		if err := s.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, s.buf[s.pos:s.good])
	s.pos += n
	return n, nil
}

// fill makes at least one checked byte available or returns the error to report.
func (s *source) fill() error {
	for s.pos == s.good {
		if s.err != nil {
			return s.err
		}
		s.base += int64(s.good)
		s.end = copy(s.buf, s.buf[s.good:s.end])
		s.pos, s.good = 0, 0
		if s.fileMax > 0 && s.base > s.fileMax {
			s.err = errFileSize
			return s.err
		}
		if s.base-s.mark > s.tokenMax {
			s.err = errTokenSize
			return s.err
		}
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		s.err = err
		s.check()
	}
	return nil
}

// check moves good as far as the bytes read are right.
func (s *source) check() {
	read := s.buf[:s.end]
	if s.err != io.EOF {
		read = read[:wholeRunes(read)]
	}
	s.good = validPrefix(read)
	if s.suspect != nil {
		s.good = s.suspect(read[:s.good])
	}
	if s.good < len(read) {
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
