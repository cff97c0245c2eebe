package pgproxy

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
)

// link is one connection.
type link struct {
	proxy          *Proxy
	client, server net.Conn
	lost           atomic.Bool // the answer that comes next is lost
	reading        bool        // its transaction writes nothing
	parsed         string      // the statement that was parsed since the last step
	once           sync.Once
}

// end closes both sides: for PostgreSQL the program has gone, for the program PostgreSQL has.
func (l *link) end(cut bool) {
	l.once.Do(func() {
		if cut && l.proxy.OnCut != nil {
			l.proxy.OnCut()
		}
		_ = l.client.Close()
		_ = l.server.Close()
	})
}

// up carries what the program says.
func (l *link) up() {
	defer l.end(false)
	head, err := readSized(l.client, nil) // the first message of a program has no letter
	if err != nil {
		return
	}
	if _, err := l.server.Write(head); err != nil {
		return
	}
	for {
		frame, err := readFrame(l.client)
		if err != nil {
			return
		}
		switch l.judge(frame) {
		case Before:
			l.end(true)
			return
		case After:
			l.lost.Store(true)
		}
		if _, err := l.server.Write(frame); err != nil {
			return
		}
	}
}

// judge looks at a message; only those that PostgreSQL answers are steps.
func (l *link) judge(frame []byte) Verdict {
	step := Step{}
	switch frame[0] {
	case 'P': // the name of the statement, its text
		if parts := bytes.SplitN(frame[5:], []byte{0}, 3); len(parts) == 3 {
			l.parsed = string(parts[1])
		}
		return Pass
	case 'Q':
		step.Query = string(bytes.TrimRight(frame[5:], "\x00"))
	case 'S', 'c':
		step.Query = l.parsed
	default:
		return Pass
	}
	l.parsed = ""
	switch word := strings.ToLower(step.Query); {
	case strings.HasPrefix(word, "begin"):
		l.reading = strings.Contains(word, "read only")
	case strings.HasPrefix(word, "commit"):
		step.Commit = !l.reading
	}
	return l.proxy.judge(step)
}

// down carries what PostgreSQL answers.
func (l *link) down() {
	defer l.end(false)
	for {
		frame, err := readFrame(l.server)
		if err != nil {
			return
		}
		if l.lost.Load() {
			if frame[0] == 'Z' || frame[0] == 'G' { // it is ready, or waits for the rows of a COPY
				l.end(true)
				return
			}
			continue
		}
		if _, err := l.client.Write(frame); err != nil {
			return
		}
	}
}

// readFrame reads a message: a letter, its length, its content.
func readFrame(r io.Reader) ([]byte, error) {
	letter := make([]byte, 1)
	if _, err := io.ReadFull(r, letter); err != nil {
		return nil, err
	}
	return readSized(r, letter)
}

func readSized(r io.Reader, head []byte) ([]byte, error) {
	length := make([]byte, 4)
	if _, err := io.ReadFull(r, length); err != nil {
		return nil, err
	}
	size := int(binary.BigEndian.Uint32(length))
	if size < len(length) {
		return nil, io.ErrUnexpectedEOF
	}
	frame := make([]byte, len(head)+size)
	copy(frame, head)
	copy(frame[len(head):], length)
	_, err := io.ReadFull(r, frame[len(head)+4:])
	return frame, err
}
