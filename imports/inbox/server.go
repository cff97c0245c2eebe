package inbox

import (
	"fmt"
	"net"
	"net/url"
	"strings"

	"golang.org/x/crypto/ssh"
)

// Server is where a bank keeps its files: sftp://user@host:port/directory.
type Server struct {
	Address string // host:port
	User    string
	Dir     string
}

// ServerError refuses what does not name a server, its keys, or who we are to it.
type ServerError struct{ reason, french string }

func (e *ServerError) Error() string { return e.reason }

// French says how it is written.
func (e *ServerError) French() string { return e.french }

// The refusals of a server's settings.
var (
	ErrServer = &ServerError{
		"not an address of an SFTP server",
		"L'adresse du serveur s'écrit sftp://UTILISATEUR@SERVEUR/DOSSIER (MASP_SFTP_URL) ; le mot de passe va dans un fichier.",
	}
	ErrHostKey = &ServerError{
		"the host key of the server is not pinned",
		"Donnez l'empreinte de la clé du serveur, reçue de la banque : MASP_SFTP_HOST_KEY=SHA256:… " +
			"(plusieurs, séparées par des virgules, quand elle en change).",
	}
	ErrCredential = &ServerError{
		"no key and no password for the server",
		"Donnez le fichier de la clé (MASP_SFTP_KEY_FILE) ou du mot de passe (MASP_SFTP_PASSWORD_FILE) pour le serveur de la banque.",
	}
	ErrKeyFile = &ServerError{
		"the private key cannot be read",
		"La clé privée pour le serveur de la banque ne se lit pas : il faut une clé OpenSSH ou PEM sans phrase secrète.",
	}
)

// ParseServer reads the address of a server; a password in it is refused, it would be seen.
func ParseServer(text string) (Server, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "sftp" || u.Hostname() == "" || u.User.Username() == "" || u.RawQuery+u.Fragment != "" {
		return Server{}, ErrServer
	}
	if _, shown := u.User.Password(); shown {
		return Server{}, ErrServer
	}
	port := u.Port()
	if port == "" {
		port = "22"
	}
	dir := u.Path
	if dir == "" || strings.HasPrefix(dir, "/~/") {
		dir = "." + strings.TrimPrefix(dir, "/~")
	}
	return Server{Address: net.JoinHostPort(u.Hostname(), port), User: u.User.Username(), Dir: dir}, nil
}

// NewSFTP pins the keys of a server (a list with commas) and says who we are to it: by a private
// key, a password, or both.
func NewSFTP(server Server, hostKeys string, key []byte, password string) (*SFTP, error) {
	s := &SFTP{Server: server}
	for pin := range strings.SplitSeq(hostKeys, ",") {
		pin = strings.TrimSpace(pin)
		if len(pin) != len("SHA256:")+43 || !strings.HasPrefix(pin, "SHA256:") {
			return nil, ErrHostKey
		}
		s.HostKeys = append(s.HostKeys, pin)
	}
	if len(key) > 0 {
		signer, err := ssh.ParsePrivateKey(key)
		if err != nil {
			return nil, fmt.Errorf("%w: %s", ErrKeyFile, err.Error())
		}
		s.Auth = append(s.Auth, ssh.PublicKeys(signer))
	}
	if password != "" {
		s.Auth = append(s.Auth, ssh.Password(password))
	}
	if len(s.Auth) == 0 {
		return nil, ErrCredential
	}
	return s, nil
}
