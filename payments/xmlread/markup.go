package xmlread

import (
	"bytes"
	"io"
	"strings"
)

// instruction passes over <? … ?> and checks the XML declaration.
func (s *scanner) instruction() (Kind, error) {
	at, err := s.find("?>", 2)
	if err != nil {
		return None, err
	}
	inside := s.src.window()[2:at]
	n := nameLength(inside)
	switch {
	case s.words.name(inside[:n]) == nil:
		return s.fault(2, "processing instruction without a name")
	case badCharacter(inside) >= 0:
		return s.fault(2+badCharacter(inside), "forbidden character")
	case strings.EqualFold(string(inside[:n]), "xml"):
		if s.src.offset() != 0 || string(inside[:n]) != "xml" {
			return s.fault(0, "declaration not at the beginning")
		}
		if version := pseudo(inside, "version"); version != "" && version != "1.0" {
			return s.fault(0, "version of XML that is not 1.0")
		}
	}
	s.take(at + 2)
	return None, nil
}

// declaration is a comment, CDATA or a directive.
func (s *scanner) declaration() (Kind, error) {
	const comment, cdata = "<!--", "<![CDATA["
	for len(s.src.window()) < len(cdata) {
		if err := s.src.more(); err == io.EOF {
			break
		} else if err != nil {
			return None, s.cut(err)
		}
	}
	w := s.src.window()
	switch {
	case bytes.HasPrefix(w, []byte(comment)):
		at, err := s.find("--", len(comment))
		if err != nil {
			return None, err
		}
		return s.comment(at)
	case bytes.HasPrefix(w, []byte(cdata)):
		at, err := s.find("]]>", len(cdata))
		if err != nil {
			return None, err
		}
		return s.characters(at+3, len(cdata), 3, false)
	}
	s.raw = w[:min(len(w), 60)]
	return directive, nil
}

// comment passes over a comment whose closing -- has been found.
func (s *scanner) comment(at int) (Kind, error) {
	for len(s.src.window()) < at+3 {
		if err := s.src.more(); err != nil {
			return None, s.cut(err)
		}
	}
	w := s.src.window()
	if w[at+2] != '>' {
		return s.fault(at, "-- inside a comment")
	}
	if bad := badCharacter(w[:at]); bad >= 0 {
		return s.fault(bad, "forbidden character")
	}
	s.take(at + 3)
	return None, nil
}
