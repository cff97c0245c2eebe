package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"masp/migrations/dbtest"
)

func TestTheServiceLivesWithoutItsDatabaseAndIsReadyAgainByItself(t *testing.T) {
	t.Parallel()
	d, dir := association(t)
	s := serve(t, d.db, dir)
	beside := dbtest.New(t, dbtest.Strict)
	do := func(sql string) {
		t.Helper()
		if _, err := beside.Super.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	do(`ALTER DATABASE ` + d.db.Name + ` ALLOW_CONNECTIONS false`)
	do(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '` + d.db.Name + `'`)
	s.until("unready for want of its database", func() bool {
		status, text := s.get("/readyz")
		return status == http.StatusServiceUnavailable && strings.Contains(text, `{"name":"database","ok":false,"detail":"`)
	})
	if status, _ := s.get("/healthz"); status != http.StatusOK {
		t.Errorf("healthz: %d without the database", status)
	}
	do(`ALTER DATABASE ` + d.db.Name + ` ALLOW_CONNECTIONS true`)
	s.until("ready again", s.ready)
	status, text := s.get("/readyz")
	for _, name := range []string{"database", "outbox", "disk", "schema", "clock", "import_folder", "statements", "jobs"} {
		if !strings.Contains(text, `{"name":"`+name+`","ok":true`) {
			t.Errorf("%d: no %s in %s", status, name, text)
		}
	}
	if err := os.RemoveAll(filepath.Join(dir, "..", "outbox")); err != nil {
		t.Fatal(err)
	}
	s.until("unready for want of its outbox", func() bool {
		status, text := s.get("/readyz")
		return status == http.StatusServiceUnavailable && strings.Contains(text, `{"name":"outbox","ok":false,"detail":"not_there"`)
	})
}

func TestAnAnswerUnderWayIsGivenBeforeTheEnd(t *testing.T) {
	t.Parallel()
	d, dir := association(t)
	s := serve(t, d.db, dir)
	tx, err := d.db.Owner.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(t.Context()) }()
	if _, err := tx.Exec(t.Context(), `LOCK TABLE masp.runs IN ACCESS EXCLUSIVE MODE`); err != nil {
		t.Fatal(err)
	}
	type answer struct {
		status int
		text   string
	}
	answers := make(chan answer, 1)
	go func() {
		status, text := s.get("/metrics") // waits for the lock
		answers <- answer{status, text}
	}()
	s.until("asked", func() bool {
		return d.count(`SELECT count(*) FROM pg_locks WHERE relation = 'masp.runs'::regclass AND NOT granted`) > 0
	})
	begin := time.Now()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	s.until("stopping", func() bool { _, err := net.Dial("tcp", s.address); return err != nil })
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a := <-answers; a.status != http.StatusOK || !strings.HasSuffix(a.text, "\n") || !strings.Contains(a.text, "masp_uptime_seconds") {
		t.Errorf("the answer under way is %d %q", a.status, a.text)
	}
	if err := <-s.ended; err != nil || time.Since(begin) > 10*time.Second {
		t.Errorf("it ends by %v after %v", err, time.Since(begin))
	}
}

func TestASecondSignalEndsAtOnce(t *testing.T) {
	t.Parallel()
	d, dir := association(t)
	s := serve(t, d.db, dir)
	tx, err := d.db.Owner.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(t.Context()) }()
	if _, err := tx.Exec(t.Context(), `LOCK TABLE masp.runs IN ACCESS EXCLUSIVE MODE`); err != nil {
		t.Fatal(err)
	}
	go s.get("/metrics")
	s.until("asked", func() bool {
		return d.count(`SELECT count(*) FROM pg_locks WHERE relation = 'masp.runs'::regclass AND NOT granted`) > 0
	})
	for range 2 {
		_ = s.cmd.Process.Signal(syscall.SIGTERM)
		time.Sleep(300 * time.Millisecond)
	}
	select {
	case err := <-s.ended:
		if err == nil {
			t.Error("it ended as if it had finished")
		}
	case <-time.After(time.Second):
		t.Error("it still waits for the answer under way")
	}
}

// refuse runs the program as an operator starts it, and wants one line and an exit code.
func refuse(t *testing.T, want int, part string, env []string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program(t), append([]string{"serve"}, args...)...)
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "MASP_") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, env...)
	out, err := cmd.CombinedOutput()
	if got := cmd.ProcessState.ExitCode(); got != want || !strings.Contains(string(out), part) {
		t.Errorf("serve %v %v: got %d, %v and %q, want %d and %q", env, args, got, err, out, want, part)
	}
}

func TestTheServiceStartsOnNoDatabaseThatMayLoseOrRewriteTheBooks(t *testing.T) {
	t.Parallel()
	outbox := "MASP_OUTBOX=" + filepath.Join(t.TempDir(), "outbox")
	start := func(url, want string) {
		t.Helper()
		refuse(t, exitFailure, want, []string{"MASP_DATABASE_URL=" + url, outbox}, "--listen", "127.0.0.1:0")
	}
	unsafe := dbtest.New(t) // the fast cluster of the tests
	start(unsafe.AppURL, "fsync = on")
	start(unsafe.AppURL, "full_page_writes = on")
	strict := dbtest.New(t, dbtest.Strict)
	start(strict.OwnerURL, "propriétaire des tables")
	start(strict.SuperURL, "super-utilisateur")
	start(dbtest.New(t, dbtest.Strict, dbtest.Empty).AppURL, "masp migrate")
	for sql, want := range map[string]string{
		`ALTER DATABASE ` + strict.Name + ` SET synchronous_commit = off`: "synchronous_commit = on",
	} {
		if _, err := strict.Super.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
		start(strict.AppURL, want)
	}
	latin := strict.Name + "_latin"
	if _, err := strict.Super.Exec(t.Context(), `CREATE DATABASE `+latin+` TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'`); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = strict.Super.Exec(t.Context(), `DROP DATABASE `+latin) })
	start(strings.Replace(strict.AppURL, "/"+strict.Name, "/"+latin, 1), "UTF-8")
}

func TestAStartWithoutASettingNamesIt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open := filepath.Join(dir, "open")
	if err := os.WriteFile(open, []byte("postgres://x"), 0o644); err != nil {
		t.Fatal(err)
	}
	closed := filepath.Join(dir, "closed")
	if err := os.WriteFile(closed, []byte("postgres://masp_app@127.0.0.1:1/masp\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	db := "MASP_DATABASE_URL=postgres://masp_app@127.0.0.1:1/masp"
	for _, c := range []struct {
		want int
		part string
		env  []string
	}{
		{exitUsage, "MASP_TLS_CERT_FILE", []string{db, "MASP_LISTEN=0.0.0.0:0"}},
		{exitUsage, "MASP_BASE_URL", []string{db, "MASP_LISTEN=:0", "MASP_TRUSTED_PROXIES=10.0.0.0/8"}},
		{exitUsage, "MASP_TLS_KEY_FILE", []string{db, "MASP_TLS_CERT_FILE=x"}},
		{exitUsage, "https://", []string{db, "MASP_BASE_URL=http://masp.exemple.fr"}},
		{exitUsage, "sans rien après", []string{db, "MASP_BASE_URL=https://masp.exemple.fr/masp"}},
		{exitUsage, "n'est pas un réseau", []string{db, "MASP_TRUSTED_PROXIES=0.0.0.0/0"}},
		{exitUsage, "MASP_DAY_AT", []string{db, "MASP_DAY_AT=zz"}},
		{exitUsage, "donné deux fois", []string{db + "2", "MASP_DATABASE_URL_FILE=" + closed}},
		{exitUsage, "chmod 600", []string{"MASP_DATABASE_URL_FILE=" + open}},
		{exitUsage, "n'existe pas", []string{"MASP_DATABASE_URL_FILE=" + open + "2"}},
		{exitFailure, "chmod 600", []string{db, "MASP_SECRET_FILE=" + open}},
		{exitFailure, "ne répond pas", []string{"MASP_DATABASE_URL_FILE=" + closed, "MASP_LISTEN=127.0.0.1:0"}},
	} {
		refuse(t, c.want, c.part, append(c.env, "MASP_OUTBOX="+dir))
	}
}

func TestOnlyABelievedProxySaysWhoAsks(t *testing.T) {
	t.Parallel()
	all, err := parseProxies([]string{"10.0.0.0/8", " 2001:db8::7"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ peer, seen, want string }{
		{"192.0.2.1:5", "", "192.0.2.1"},
		{"192.0.2.1:5", "198.51.100.9", "192.0.2.1"}, // the client's own words
		{"10.1.2.3:5", "198.51.100.9", "198.51.100.9"},
		{"10.1.2.3:5", "127.0.0.1, 198.51.100.9, 10.9.9.9", "198.51.100.9"},
		{"[2001:db8::7]:5", "2001:db8::99", "2001:db8::99"},
		{"[::ffff:10.1.2.3]:5", "198.51.100.9", "198.51.100.9"},
		{"10.1.2.3:5", "nonsense", "10.1.2.3"},
		{"10.1.2.3:5", "198.51.100.9, nonsense", "10.1.2.3"},
		{"10.1.2.3:5", "", "10.1.2.3"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.peer
		r.Header.Set("X-Forwarded-For", c.seen)
		if got := all.client(r); got != c.want {
			t.Errorf("%s by %s: got %s, want %s", c.seen, c.peer, got, c.want)
		}
	}
}

// certify writes a certificate of its own with its key.
func certify(t *testing.T, cert, key string, serial int64) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	of := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "masp.example"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	raw, err := x509.CreateCertificate(rand.Reader, of, of, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: raw}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestACertificateIsReadAgainWhenItChanges(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	certify(t, cert, key, 1)
	l, err := (netFlags{Listen: "127.0.0.1:0", TLSCert: cert, TLSKey: key}).listener()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { _ = c.(*tls.Conn).Handshake() }()
		}
	}()
	serial := func() string {
		t.Helper()
		c, err := tls.Dial("tcp", l.Addr().String(), &tls.Config{InsecureSkipVerify: true})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = c.Close() }()
		return c.ConnectionState().PeerCertificates[0].SerialNumber.String()
	}
	if got := serial(); got != "1" {
		t.Errorf("serves %s, want 1", got)
	}
	if err := os.WriteFile(cert, []byte("half a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := serial(); got != "1" {
		t.Errorf("serves %s while the new one is being written, want 1", got)
	}
	certify(t, cert, key, 2)
	if got := serial(); got != "2" {
		t.Errorf("serves %s, want the new one", got)
	}
	if err := os.Chmod(key, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := (netFlags{Listen: "127.0.0.1:0", TLSCert: cert, TLSKey: key}).listener(); !is[*openSecretError](err) {
		t.Errorf("a key that others may read: got %v", err)
	}
}

func TestTheSettingsAreToldWithoutTheirSecrets(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "url")
	if err := os.WriteFile(file, []byte("postgres://masp_owner:f1le@db/masp"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("MASP_DATABASE_URL", "host=db user=masp_app password='gehe im42' dbname=masp")
	t.Setenv("MASP_OWNER_URL_FILE", file)
	t.Setenv("MASP_TOKEN", "t0ken")
	t.Setenv("MASP_INBOX", "/srv/banque")
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"config", "--outbox", "/srv/virements"}, &out, &errs); code != exitOK {
		t.Fatalf("got %d: %s", code, &errs)
	}
	for _, want := range []string{
		`MASP_DATABASE_URL +host=db user=masp_app password=••• dbname=masp +environnement`,
		`MASP_OWNER_URL +postgres://masp_owner:•••@db/masp +fichier`,
		`MASP_TOKEN +••• +environnement`, `MASP_INBOX +/srv/banque +environnement`, `MASP_OUTBOX +/srv/virements +option`,
		`MASP_LISTEN +127\.0\.0\.1:8080 +par défaut`, `MASP_DAY_AT +30 4 \* \* \* +par défaut`, `MASP_SECRET_FILE *\n`,
	} {
		if !regexp.MustCompile(want).Match(out.Bytes()) {
			t.Errorf("no line like %s in\n%s", want, &out)
		}
	}
	for _, secret := range []string{"gehe", "im42", "f1le", "t0ken"} {
		if strings.Contains(out.String()+errs.String(), secret) {
			t.Errorf("%q is told:\n%s%s", secret, &out, &errs)
		}
	}
	for given, want := range map[string]string{
		"postgres://a:b%zz@host/x": hidden, "postgres://h/d?password=geheim&x=1": "postgres://h/d?password=" + hidden + "&x=1",
	} {
		if got := redacted("MASP_DATABASE_URL", given); got != want {
			t.Errorf("%s is told as %s, want %s", given, got, want)
		}
	}
}

func TestHealthAsksTheServiceOfThisMachine(t *testing.T) {
	t.Parallel()
	alive := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" {
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer alive.Close()
	for address, want := range map[string]int{alive.Listener.Addr().String(): exitOK, "127.0.0.1:1": exitFailure} {
		var out, errs bytes.Buffer
		if got := run(t.Context(), []string{"health", "--listen", address}, &out, &errs); got != want {
			t.Errorf("%s: got %d, want %d: %s", address, got, want, &errs)
		}
	}
}

// telling finds what must not be told of a text: names, IBANs, amounts.
func telling(text []byte) []string {
	var all []string
	for _, m := range regexp.MustCompile(`"(?:name|holder|first_name|last_name|label|birth_name|label)": "([^"]{4,})"|(FR76[0-9]{23})|"([0-9]+\.[0-9]{2})"`).
		FindAllStringSubmatch(string(text), -1) {
		for _, found := range m[1:] {
			if found != "" && found != "0.00" {
				all = append(all, found)
			}
		}
	}
	return all
}

func TestNeitherLogNorMetricsTellWhoOrHowMuch(t *testing.T) {
	t.Parallel()
	d, dir := association(t)
	text, err := os.ReadFile("testdata/association.json")
	if err != nil {
		t.Fatal(err)
	}
	secrets := append(telling(text), "48.17", "R-1", "R-3", "day1", "Lumen")
	if len(secrets) < 40 {
		t.Fatalf("found only %d things that must not be told", len(secrets))
	}
	s := serve(t, d.db, dir)
	drop(t, dir, "day1-FR7699999001000000000100189.xml", paperOf("R-1", "2026-11-05", "43.17", "48.17", "5.00"))
	drop(t, dir, "gap.xml", paperOf("R-3", "2026-11-07", "50.00", "51.10", "1.10"))
	drop(t, dir, "bad.xml", paperOf("R-4", "2026-11-08", "Mme Roux Éva", "51.10", ""))
	s.until("done", there(dir, "traites", "day1-FR7699999001000000000100189.xml.txt"))
	s.until("done", there(dir, "en_attente", "gap.xml.txt"))
	s.until("done", there(dir, "refuses", "bad.xml.txt"))
	// Everything fails for a while, whose errors hold rows.
	if _, err := d.db.Owner.Exec(t.Context(), `ALTER TABLE masp.bank_files ADD CONSTRAINT broken CHECK (false) NOT VALID`); err != nil {
		t.Fatal(err)
	}
	drop(t, dir, "later-FR7699999001010000000200181.xml", paperOf("R-5", "2026-11-06", "48.17", "49.17", "1.00"))
	s.until("failing", func() bool { return strings.Contains(s.log.String(), "sqlstate_23514") })
	told := ""
	for _, path := range []string{"/metrics", "/readyz", "/healthz", "/FR7699999001000000000100189?q=Roux"} {
		_, body := s.get(path)
		told += body
	}
	for _, want := range []string{`masp_proof_gap_cents{account="BK-0001",between="bank_books"} 0`, `masp_job_failing{job="folder"}`, "masp_alerts_open ", "masp_pool_waits_total ", "masp_goroutines "} {
		if !strings.Contains(told, want) {
			t.Errorf("the metrics do not tell %s:\n%s", want, told)
		}
	}
	if err := s.stop(syscall.SIGTERM); err != nil {
		t.Errorf("it ends by %v", err)
	}
	told += s.log.String()
	for _, secret := range secrets {
		if regexp.MustCompile(`(^|[^0-9A-Za-z.])` + regexp.QuoteMeta(secret) + `($|[^0-9A-Za-z])`).MatchString(told) {
			t.Errorf("%q is told:\n%s", secret, fmt.Sprint(told))
		}
	}
}
