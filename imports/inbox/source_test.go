package inbox

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

// stage is a source of a test and what lies in it.
type stage struct {
	source Source
	put    func(name, text string)
	read   func(name string) string // empty: not there
}

// stages are a folder and a server, which must behave alike.
func stages(t *testing.T) map[string]stage {
	t.Helper()
	dir := t.TempDir()
	server := newServer(t)
	return map[string]stage{
		"folder": {
			&Folder{Dir: dir},
			func(name, text string) { must(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600)) },
			func(name string) string { b, _ := os.ReadFile(filepath.Join(dir, name)); return string(b) },
		},
		"server": {server.source(t), server.put, server.read},
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// one is the only ordinary file that a source lists.
func one(t *testing.T, s Source) Found {
	t.Helper()
	list, err := s.List(t.Context())
	must(t, err)
	list = slices.DeleteFunc(list, func(f Found) bool { return !f.Mode.IsRegular() })
	if len(list) != 1 {
		t.Fatalf("listed %v, want one file", list)
	}
	return list[0]
}

// opened opens a file that nobody writes: a process that another test starts holds, for a moment, what
// this one has open.
func opened(t *testing.T, s Source, f Found) io.ReadCloser {
	t.Helper()
	for {
		content, err := s.Open(t.Context(), f)
		if errors.Is(err, ErrOpen) && t.Context().Err() == nil {
			time.Sleep(10 * time.Millisecond)
			continue
		}
		must(t, err)
		return content
	}
}

func TestAFileIsPutAwayWithItsTextAndNothingIsOverwritten(t *testing.T) {
	t.Parallel()
	for name, s := range stages(t) {
		for _, want := range []string{"r.xml", "r-2.xml", "r-3.xml"} {
			s.put("r.xml", "bytes of "+want)
			f := one(t, s.source)
			content := opened(t, s.source, f)
			text, err := io.ReadAll(content)
			must(t, errors.Join(err, content.Close()))
			got, err := s.source.Finish(t.Context(), f, Held, "text of "+want)
			if err != nil || got != want || string(text) != "bytes of "+want {
				t.Errorf("%s: put away as %q with %q, %v; want %q", name, got, text, err, want)
			}
			must(t, s.source.Close())
		}
		for _, n := range []string{"r.xml", "r-2.xml", "r-3.xml"} {
			if s.read("en_attente/"+n) != "bytes of "+n || s.read("en_attente/"+n+".txt") != "text of "+n {
				t.Errorf("%s: %s holds %q and %q", name, n, s.read("en_attente/"+n), s.read("en_attente/"+n+".txt"))
			}
		}
		if s.read("r.xml") != "" {
			t.Errorf("%s: the file still lies there", name)
		}
	}
}

func TestAFileThatChangesIsNeitherReadNorMoved(t *testing.T) {
	t.Parallel()
	for name, s := range stages(t) {
		s.put("r.xml", "half")
		f := one(t, s.source)
		s.put("r.xml", "half and the rest")
		if _, err := s.source.Open(t.Context(), f); !errors.Is(err, ErrChanged) {
			t.Errorf("%s: open: got %v, want ErrChanged", name, err)
		}
		if _, err := s.source.Finish(t.Context(), f, Taken, "x"); !errors.Is(err, ErrChanged) {
			t.Errorf("%s: finish: got %v, want ErrChanged", name, err)
		}
		if s.read("r.xml") != "half and the rest" {
			t.Errorf("%s: the file was moved", name)
		}
		must(t, s.source.Close())
	}
}

func TestAFileThatSomebodyElseHasMovedIsGoneAndLeavesNoText(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "r.xml"), []byte("x"), 0o600))
	a, b := &Folder{Dir: dir}, &Folder{Dir: dir}
	f := one(t, a)
	one(t, b)
	_, err := a.Finish(t.Context(), f, Taken, "by a")
	must(t, err)
	if _, err := b.Finish(t.Context(), f, Taken, "by b"); !errors.Is(err, ErrGone) {
		t.Errorf("got %v, want ErrGone", err)
	}
	left, err := os.ReadDir(filepath.Join(dir, "traites"))
	must(t, err)
	if len(left) != 2 {
		t.Errorf("left %v, want the file and one text", left)
	}
}

func TestWhatACrashLeavesIsMended(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, os.Mkdir(filepath.Join(dir, "traites"), 0o700))
	put := func(name, text string) {
		must(t, os.WriteFile(filepath.Join(dir, "traites", name), []byte(text), 0o600))
	}
	put(".before.xml.txt.ABCDEFGH.new", "not moved yet")
	put("after.xml", "moved")
	put(".after.xml.txt.ABCDEFGH.new", "text of after")
	folder := &Folder{Dir: dir}
	_, err := folder.List(t.Context())
	must(t, errors.Join(err, folder.Close()))
	var names []string
	left, err := os.ReadDir(filepath.Join(dir, "traites"))
	must(t, err)
	for _, e := range left {
		names = append(names, e.Name())
	}
	if want := []string{"after.xml", "after.xml.txt"}; !slices.Equal(names, want) {
		t.Errorf("left %v, want %v", names, want)
	}
}

func TestNoLinkLeadsOutOfTheFolder(t *testing.T) {
	t.Parallel()
	dir, outside := t.TempDir(), t.TempDir()
	secret := filepath.Join(outside, "secret.xml")
	must(t, os.WriteFile(secret, []byte("secret"), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "r.xml"), []byte("real"), 0o600))
	folder := &Folder{Dir: dir}
	f := one(t, folder)
	must(t, os.Remove(filepath.Join(dir, "r.xml")))
	must(t, os.Symlink(secret, filepath.Join(dir, "r.xml")))
	if c, err := folder.Open(t.Context(), f); err == nil {
		t.Errorf("a link out of the folder was opened: %v", c)
	}
	must(t, os.Remove(filepath.Join(dir, "r.xml")))
	must(t, os.WriteFile(filepath.Join(dir, "r.xml"), []byte("real"), 0o600))
	must(t, os.Symlink("r.xml", filepath.Join(dir, "inside.xml")))
	f.Name = "inside.xml"
	if c, err := folder.Open(t.Context(), f); err == nil {
		t.Errorf("a link within the folder was opened: %v", c)
	}
	must(t, os.Remove(filepath.Join(dir, "inside.xml")))
	must(t, os.Symlink(outside, filepath.Join(dir, "traites")))
	f = one(t, &Folder{Dir: dir})
	if _, err := folder.Finish(t.Context(), f, Taken, "x"); err == nil {
		t.Error("a file was put away through a link")
	}
	if left, _ := os.ReadDir(outside); len(left) != 1 {
		t.Errorf("outside there is %v now", left)
	}
}

func TestThingsThatAreNoFileHoldNothingUp(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, syscall.Mkfifo(filepath.Join(dir, "pipe.xml"), 0o600))
	must(t, os.Mkdir(filepath.Join(dir, "sub"), 0o700))
	must(t, os.Symlink("loop.xml", filepath.Join(dir, "loop.xml")))
	must(t, os.Symlink("/etc/passwd", filepath.Join(dir, "passwd.xml")))
	l, err := net.Listen("unix", filepath.Join(dir, "s.xml"))
	must(t, err)
	defer func() { _ = l.Close() }()
	names := []string{"a\nb.xml", "-rf.xml", strings.Repeat("é", 120) + ".xml", "\u202elmx.xml", "UPPER.XML"}
	for _, n := range names {
		must(t, os.WriteFile(filepath.Join(dir, n), []byte("x"), 0o600))
	}
	box := newBox(&Folder{Dir: dir}, importing(accepted))
	look, err := box.Look(t.Context())
	must(t, err)
	if len(look.Files) != len(names) || len(look.Strange) != 5 {
		t.Errorf("took %d files and said %q", len(look.Files), look.Strange)
	}
	for _, h := range look.Files {
		if h.Place != Taken || h.Error != "" {
			t.Errorf("%q: %+v", h.Name, h)
		}
	}
}

// server is an SFTP server in memory behind a real handshake on the loopback.
type server struct {
	t        *testing.T
	address  string
	host     ssh.Signer
	clientPK ssh.PublicKey
	clientPM []byte
	files    sftp.Handlers
	admin    *sftp.Client
}

func newServer(t *testing.T) *server {
	t.Helper()
	s := &server{t: t, files: sftp.InMemHandler()}
	_, hostKey, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	s.host, err = ssh.NewSignerFromKey(hostKey)
	must(t, err)
	_, key, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	signer, err := ssh.NewSignerFromKey(key)
	must(t, err)
	s.clientPK = signer.PublicKey()
	block, err := ssh.MarshalPrivateKey(key, "")
	must(t, err)
	s.clientPM = pem.EncodeToMemory(block)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	s.address = l.Addr().String()
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(conn)
		}
	}()
	hands := s.source(t)
	must(t, hands.connect(context.Background()))
	s.admin = hands.client
	t.Cleanup(func() { _ = hands.Close() })
	return s
}

func (s *server) serve(conn net.Conn) {
	config := &ssh.ServerConfig{
		PublicKeyCallback: func(_ ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
			if string(key.Marshal()) != string(s.clientPK.Marshal()) {
				return nil, errors.New("who is this")
			}
			return nil, nil
		},
		PasswordCallback: func(_ ssh.ConnMetadata, password []byte) (*ssh.Permissions, error) {
			if string(password) != "sesame" {
				return nil, errors.New("wrong password")
			}
			return nil, nil
		},
	}
	config.AddHostKey(s.host)
	_, channels, requests, err := ssh.NewServerConn(conn, config)
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	for wanted := range channels {
		channel, asked, err := wanted.Accept()
		if err != nil {
			return
		}
		go func() {
			for r := range asked {
				_ = r.Reply(r.Type == "subsystem", nil)
			}
		}()
		go func() { _ = sftp.NewRequestServer(channel, s.files).Serve() }()
	}
}

func (s *server) source(t *testing.T) *SFTP {
	t.Helper()
	where, err := ParseServer("sftp://asso@" + s.address + "/")
	must(t, err)
	source, err := NewSFTP(where, ssh.FingerprintSHA256(s.host.PublicKey()), s.clientPM, "")
	must(t, err)
	return source
}

func (s *server) put(name, text string) {
	f, err := s.admin.Create("/" + name)
	must(s.t, err)
	_, err = io.WriteString(f, text)
	must(s.t, errors.Join(err, f.Close()))
}

func (s *server) read(name string) string {
	f, err := s.admin.Open("/" + name)
	if err != nil {
		return ""
	}
	b, err := io.ReadAll(f)
	must(s.t, errors.Join(err, f.Close()))
	return string(b)
}

func TestAServerWithAnotherKeyIsRefusedBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	mine, other := newServer(t), newServer(t)
	source := mine.source(t)
	source.Address = other.address // who answers is not who was pinned
	_, err := source.List(t.Context())
	refused, ok := errors.AsType[*HostKeyError](err)
	if !ok || refused.Fingerprint != ssh.FingerprintSHA256(other.host.PublicKey()) || kindOf(err) != "host_key" {
		t.Errorf("got %v, want *HostKeyError", err)
	}
	must(t, source.Close())
	told := &teller{}
	box := newBox(source, importing(accepted))
	box.Tell = told
	_, err = box.Look(t.Context())
	if err == nil || told.open[SourceFailed+" sftp"] == "" {
		t.Errorf("got %v and %v, want an alert at once", err, told.open)
	}
}

func TestTheServerKnowsUsByKeyOrPassword(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	where, err := ParseServer("sftp://asso@" + s.address)
	must(t, err)
	pin := ssh.FingerprintSHA256(s.host.PublicKey())
	for _, c := range []struct {
		name, password string
		key            []byte
		want           string
	}{
		{"key", "", s.clientPM, ""},
		{"password", "sesame", nil, ""},
		{"wrong password", "open", nil, "other"},
	} {
		source, err := NewSFTP(where, pin+", "+pin, c.key, c.password)
		must(t, err)
		source.Dir = "/"
		_, err = source.List(t.Context())
		if got := ""; err != nil {
			if got = kindOf(err); got != c.want {
				t.Errorf("%s: got %v", c.name, err)
			}
		} else if c.want != "" {
			t.Errorf("%s was let in", c.name)
		}
		must(t, source.Close())
	}
}

func TestSettingsOfAServerThatSayTooLittleAreRefused(t *testing.T) {
	t.Parallel()
	pin := "SHA256:" + strings.Repeat("A", 43)
	for _, c := range []struct {
		name, url, pins, password string
		key                       string
		want                      error
	}{
		{"no scheme", "bank.example/out", pin, "x", "", ErrServer},
		{"no user", "sftp://bank.example/out", pin, "x", "", ErrServer},
		{"a password to be seen", "sftp://a:b@bank.example/out", pin, "x", "", ErrServer},
		{"no pin", "sftp://a@bank.example/out", "", "x", "", ErrHostKey},
		{"a pin of another kind", "sftp://a@bank.example/out", "MD5:00", "x", "", ErrHostKey},
		{"nobody", "sftp://a@bank.example/out", pin, "", "", ErrCredential},
		{"no key", "sftp://a@bank.example/out", pin, "", "no key", ErrKeyFile},
	} {
		where, err := ParseServer(c.url)
		if err == nil {
			_, err = NewSFTP(where, c.pins, []byte(c.key), c.password)
		}
		if !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
	where, err := ParseServer("sftp://asso@bank.example:2222/~/out")
	if want := (Server{"bank.example:2222", "asso", "./out"}); err != nil || where != want {
		t.Errorf("got %+v, %v; want %+v", where, err, want)
	}
}
