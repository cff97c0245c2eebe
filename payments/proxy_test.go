package payments_test

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

// proxy stands between the program and PostgreSQL, counts the steps of the protocol and cuts the
// connection at one of them. A step is a message that PostgreSQL answers: a query, a Sync, the end
// of a COPY. Whatever comes first, the step asked for or the COMMIT of a writer, is cut: so nothing
// is committed before afterCommit asks for it.
type proxy struct {
	listener net.Listener
	target   *pgconn.Config

	at          int64  // the step that is cut, counted from one
	after       bool   // PostgreSQL does the step and its answer is lost; else it never sees it
	afterCommit bool   // PostgreSQL commits, and its answer is lost
	onCut       func() // before the connection is closed

	steps    atomic.Int64
	cut      atomic.Bool // the connection was cut
	atCommit atomic.Bool // at the commit
}

// newProxy listens until the test ends.
func newProxy(t testing.TB, url string) *proxy {
	t.Helper()
	config, err := pgconn.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: listener, target: config}
	t.Cleanup(func() { _ = listener.Close() })
	return p
}

// url is where the program finds the proxy.
func (p *proxy) url() string {
	return fmt.Sprintf("postgres://%s@%s/%s?sslmode=disable", p.target.User, p.listener.Addr(), p.target.Database)
}

// serve takes connections until the listener is closed.
func (p *proxy) serve() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		network, address := pgconn.NetworkAddress(p.target.Host, p.target.Port)
		server, err := net.Dial(network, address)
		if err != nil {
			_ = client.Close()
			continue
		}
		l := &link{proxy: p, client: client, server: server}
		go l.up()
		go l.down()
	}
}

// link is one connection.
type link struct {
	*proxy
	client, server net.Conn
	lost           atomic.Bool // the answer that comes next is lost
	reading        bool        // its transaction writes nothing
	once           sync.Once
}

// end closes both sides: for PostgreSQL the program has gone, for the program PostgreSQL has.
func (l *link) end(cut bool) {
	l.once.Do(func() {
		if cut {
			l.cut.Store(true)
			if l.onCut != nil {
				l.onCut()
			}
		}
		_ = l.client.Close()
		_ = l.server.Close()
	})
}

// up carries what the program says.
func (l *link) up() {
	defer l.end(false)
	head, err := readStartup(l.client)
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
		if strings.ContainsRune("QSc", rune(frame[0])) {
			switch before, after := l.step(frame); {
			case before:
				l.end(true)
				return
			case after:
				l.lost.Store(true)
			}
		}
		if _, err := l.server.Write(frame); err != nil {
			return
		}
	}
}

// step counts, and tells whether the connection is cut before or after this message.
func (l *link) step(frame []byte) (before, after bool) {
	n, query := l.steps.Add(1), ""
	if frame[0] == 'Q' {
		query = string(frame[5:])
	}
	switch {
	case strings.HasPrefix(query, "begin"):
		l.reading = strings.Contains(query, "read only")
	case strings.HasPrefix(query, "commit") && !l.reading:
		l.atCommit.Store(true)
		return !l.afterCommit, l.afterCommit
	}
	if l.afterCommit || n != l.at {
		return false, false
	}
	return !l.after, l.after
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

// readStartup reads the first message of a program, which has no letter.
func readStartup(r io.Reader) ([]byte, error) { return readSized(r, nil) }

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
	frame := make([]byte, len(head)+int(binary.BigEndian.Uint32(length)))
	copy(frame, head)
	copy(frame[len(head):], length)
	_, err := io.ReadFull(r, frame[len(head)+4:])
	return frame, err
}
