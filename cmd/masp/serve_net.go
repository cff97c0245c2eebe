package main

import (
	"crypto/tls"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"
)

// netFlags say how the service is reached.
type netFlags struct {
	Listen  string   `env:"MASP_LISTEN" default:"127.0.0.1:8080" help:"Adresse du service." placeholder:"ADRESSE"`
	TLSCert string   `name:"tls-cert-file" env:"MASP_TLS_CERT_FILE" help:"Certificat (PEM, chaîne entière) ; relu quand il change." placeholder:"FICHIER"`
	TLSKey  string   `name:"tls-key-file" env:"MASP_TLS_KEY_FILE" help:"Sa clé privée, lisible par vous seul." placeholder:"FICHIER"`
	Proxies []string `name:"trusted-proxies" env:"MASP_TRUSTED_PROXIES" help:"Réseaux des mandataires HTTPS dont X-Forwarded-For est cru (10.0.0.0/8,…)." placeholder:"RÉSEAUX"`
}

// check refuses what would put secrets on the network in clear, and what is missing.
func (f netFlags) check(s Settings) error {
	near, err := loopback(f.Listen)
	if err != nil {
		return &listenError{err}
	}
	if _, err := parseProxies(f.Proxies); err != nil {
		return err
	}
	switch {
	case f.TLSCert == "" && f.TLSKey != "":
		return &missingSettingError{"MASP_TLS_CERT_FILE", "le certificat qui va avec la clé (MASP_TLS_KEY_FILE)."}
	case f.TLSCert != "" && f.TLSKey == "":
		return &missingSettingError{"MASP_TLS_KEY_FILE", "la clé qui va avec le certificat (MASP_TLS_CERT_FILE)."}
	case !near && f.TLSCert == "" && len(f.Proxies) == 0:
		return &missingSettingError{
			"MASP_TLS_CERT_FILE", "hors de cette machine, rien ne passe en clair. Donnez un certificat, ou le mandataire " +
				"HTTPS qui est devant (MASP_TRUSTED_PROXIES).",
		}
	case !near && s.BaseURL == "":
		return &missingSettingError{"MASP_BASE_URL", "l'adresse publique du service (https://masp.exemple.fr)."}
	}
	if err := checkBaseURL(s.BaseURL); err != nil {
		return err
	}
	_, err = secretFile(s.SecretFile)
	return err
}

// loopback tells whether only this machine reaches an address.
func loopback(listen string) (bool, error) {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false, err
	}
	return isLoopback(host), nil
}

func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.Unmap().IsLoopback()
}

// checkBaseURL wants the address that browsers use: in https, without a path.
func checkBaseURL(text string) error {
	if text == "" {
		return nil
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return &wrongSettingError{"MASP_BASE_URL", "une adresse s'écrit https://masp.exemple.fr, sans rien après."}
	case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		return &wrongSettingError{"MASP_BASE_URL", "hors de cette machine l'adresse commence par https://."}
	}
	return nil
}

// listener takes connections, encrypted when there is a certificate.
func (f netFlags) listener() (net.Listener, error) {
	l, err := net.Listen("tcp", f.Listen)
	if err != nil {
		return nil, &listenError{err}
	}
	if f.TLSCert == "" {
		return l, nil
	}
	pair := &keyPair{cert: f.TLSCert, key: f.TLSKey}
	if err := pair.load(); err != nil {
		_ = l.Close() // the first error says more
		return nil, err
	}
	return tls.NewListener(l, &tls.Config{
		MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return pair.current(), nil },
	}), nil
}

// keyPair is a certificate with its key, read again when one of the files has changed.
type keyPair struct {
	cert, key string

	mu     sync.Mutex
	loaded *tls.Certificate
	stamp  [2]time.Time
}

// load reads both files; what does not go together changes nothing.
func (p *keyPair) load() error {
	stamp := p.changed()
	key, err := secretFile(p.key)
	if err != nil {
		return err
	}
	cert, err := os.ReadFile(p.cert)
	if err != nil {
		return err
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return &wrongSettingError{"MASP_TLS_CERT_FILE", "le certificat et sa clé ne se lisent pas, ou ne vont pas ensemble."}
	}
	p.loaded, p.stamp = &pair, stamp
	return nil
}

// current is the pair of the files. While one of them is new and the other is not, the old pair serves.
func (p *keyPair) current() *tls.Certificate {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.changed() != p.stamp {
		_ = p.load() // the certificate in use goes on; its end is seen by whoever watches it
	}
	return p.loaded
}

func (p *keyPair) changed() (stamp [2]time.Time) {
	for i, path := range []string{p.cert, p.key} {
		if info, err := os.Stat(path); err == nil {
			stamp[i] = info.ModTime()
		}
	}
	return stamp
}
