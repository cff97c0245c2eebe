package inbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

// SFTP is a directory of a server of the bank. Each look makes a connection of its own.
type SFTP struct {
	Server
	// HostKeys are the fingerprints of the server's keys, "SHA256:…" as ssh-keygen -l prints them.
	// Any other key ends the connection before anything of ours is sent.
	HostKeys []string
	Auth     []ssh.AuthMethod

	conn   *ssh.Client
	client *sftp.Client
	cut    func() bool
	mended bool
}

// dialTime is how long a server may take to answer and to prove itself.
const dialTime = 30 * time.Second

// Name is the same for every server: an organisation has one.
func (s *SFTP) Name() string { return "sftp" }

// HostKeyError is a server that proves to be another one than the pinned one, or nobody's.
type HostKeyError struct {
	Host, Type, Fingerprint string // what it shows
}

func (e *HostKeyError) Error() string {
	return "the server shows a host key that is not pinned (" + e.Type + ")"
}

// Kind names it in logs.
func (e *HostKeyError) Kind() string { return "host_key" }

// French says what to compare before anything is changed.
func (e *HostKeyError) French() string {
	return fmt.Sprintf("Le serveur %s ne présente pas la clé attendue, mais %s (%s) : rien n'a été envoyé. "+
		"Demandez à la banque si elle a changé de clé avant de corriger MASP_SFTP_HOST_KEY.", e.Host, e.Fingerprint, e.Type)
}

// List connects and reads the directory.
func (s *SFTP) List(ctx context.Context) ([]Found, error) {
	if err := s.connect(ctx); err != nil {
		return nil, err
	}
	if !s.mended { // what cannot be mended keeps no file from its import; it is tried again
		s.mended = mend(s) == nil
	}
	list, err := s.client.ReadDirContext(ctx, s.Dir)
	if err != nil {
		return nil, fmt.Errorf("list the directory of the server: %w", err)
	}
	return allFound(list), nil
}

func (s *SFTP) connect(ctx context.Context) error {
	dialer := net.Dialer{Timeout: dialTime}
	conn, err := dialer.DialContext(ctx, "tcp", s.Address)
	if err != nil {
		return err
	}
	// Whatever hangs later ends with the look.
	s.cut = context.AfterFunc(ctx, func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(dialTime)); err != nil { //nolint:forbidigo // a deadline of the network
		return errors.Join(err, conn.Close())
	}
	secured, channels, requests, err := ssh.NewClientConn(conn, s.Address, &ssh.ClientConfig{
		User: s.User, Auth: s.Auth, HostKeyCallback: s.pinned, Timeout: dialTime,
	})
	if err != nil {
		return errors.Join(err, closed(conn.Close()))
	}
	s.conn = ssh.NewClient(secured, channels, requests)
	if err := conn.SetDeadline(time.Time{}); err != nil {
		return err
	}
	s.client, err = sftp.NewClient(s.conn)
	return err
}

func (s *SFTP) pinned(_ string, _ net.Addr, key ssh.PublicKey) error {
	shown := ssh.FingerprintSHA256(key)
	if !slices.Contains(s.HostKeys, shown) {
		return &HostKeyError{s.Address, key.Type(), shown}
	}
	return nil
}

// Close ends the connection without a farewell: a server that hangs would never answer it.
func (s *SFTP) Close() error {
	if s.cut != nil {
		s.cut()
	}
	var err error
	if s.conn != nil {
		err = closed(s.conn.Close())
	}
	s.client, s.conn, s.cut = nil, nil, nil
	return err
}

// closed forgives a connection that is over already.
func closed(err error) error {
	if errors.Is(err, net.ErrClosed) || errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// Open reads a file where it lies.
func (s *SFTP) Open(_ context.Context, f Found) (io.ReadCloser, error) {
	now, err := s.stat(f.Name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, ErrGone
	case err != nil:
		return nil, err
	case !now.same(f):
		return nil, ErrChanged
	}
	return s.client.Open(s.path(f.Name))
}

// Finish moves the file on the server, and writes the text there.
func (s *SFTP) Finish(_ context.Context, f Found, to Place, note string) (string, error) {
	return putAway(s, f, to, note)
}

func (s *SFTP) path(name string) string { return path.Join(s.Dir, name) }

func (s *SFTP) stat(name string) (Found, error) {
	info, err := s.client.Lstat(s.path(name))
	if err != nil {
		return Found{}, err
	}
	return foundOf(info), nil
}

func (s *SFTP) list(dir string) ([]Found, error) {
	list, err := s.client.ReadDir(s.path(dir))
	return allFound(list), err
}

// allFound puts a list in order. A name that is a path is no name of a file.
func allFound(list []fs.FileInfo) []Found {
	found := make([]Found, 0, len(list))
	for _, info := range list {
		f := foundOf(info)
		if strings.ContainsAny(f.Name, "/\x00") || f.Name == ".." {
			f.Mode |= fs.ModeIrregular
		}
		found = append(found, f)
	}
	slices.SortFunc(found, func(a, b Found) int { return strings.Compare(a.Name, b.Name) })
	return found
}

func (s *SFTP) mkdir(dir string) error {
	there, err := s.stat(dir)
	switch {
	case err == nil && there.Mode.IsDir():
		return nil
	case err == nil:
		return &fs.PathError{Op: "mkdir", Path: dir, Err: fs.ErrExist}
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	return s.client.Mkdir(s.path(dir))
}

func (s *SFTP) writeNew(name, text string) error {
	file, err := s.client.OpenFile(s.path(name), os.O_WRONLY|os.O_CREATE|os.O_EXCL)
	if err != nil {
		return err
	}
	_, err = io.WriteString(file, text)
	if _, can := s.client.HasExtension("fsync@openssh.com"); err == nil && can {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// move uses the rename of the protocol, which refuses a name that is taken; servers say so in
// different words.
func (s *SFTP) move(from, to string) error {
	err := s.client.Rename(s.path(from), s.path(to))
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if _, there := s.stat(to); there == nil {
		return errors.Join(fs.ErrExist, err)
	}
	return err
}

func (s *SFTP) remove(name string) error { return s.client.Remove(s.path(name)) }

func (s *SFTP) sync(string) error { return nil } // the server's business
