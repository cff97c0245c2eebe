package xmlread

// The short ways: what nearly every tag and text is, taken without a second look. They decide
// nothing; what does not fit goes the long way, which knows the reasons of refusals.

// usual takes a start tag without attributes that is the one that came after the last one the
// time before: files repeat themselves.
func (s *scanner) usual() bool {
	if s.last == nil || s.last.next == nil {
		return false
	}
	q, w := s.last.next, s.src.window()
	n := len(q.raw)
	if len(w) < n+2 || w[n+1] != '>' || string(w[1:n+1]) != q.raw {
		return false
	}
	s.attrs, s.name, s.last = s.attrs[:0], q, q
	s.take(n + 2)
	return true
}

// expected is the length of the end tag of the open element, when it stands at this place
// of the window; 0 when something else does.
func (s *scanner) expected(at int) int {
	if s.inside == nil {
		return 0
	}
	w, n := s.src.window()[at:], len(s.inside.raw)
	if len(w) > n+2 && w[n+2] == '>' && w[0] == '<' && w[1] == '/' &&
		string(w[2:n+2]) == s.inside.raw {
		return n + 3
	}
	return 0
}

// leaf takes the text and the end tag of an element that has just been opened, when that is
// all it holds and the text needs no second look: the case of nearly every value.
func (s *scanner) leaf() (text []byte, ok bool) {
	w, at := s.src.window(), 0
	for at < len(w) && unmarked[w[at]] {
		at++
	}
	end := s.expected(at)
	if s.pending || end == 0 || int64(at) > s.src.tokenMax {
		return nil, false
	}
	s.name = s.inside
	s.take(at + end)
	return w[:at], true
}
