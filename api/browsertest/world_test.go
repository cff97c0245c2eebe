package browsertest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/jackc/pgx/v5"

	"masp/migrations/dbtest"
)

var (
	pictures = flag.String("pictures", "", "folder for the pictures of the key pages")
	openAt   = flag.String("at", "", "address of an open demonstration to look at; without it one is started")
	openIn   = flag.String("state", "", "with -at: the folder of its state")
)

// inCI tells that nothing may be left out.
var inCI = os.Getenv("CI") != ""

// world is what all tests share: the program with its invented organisation, and one browser.
var world struct {
	base    string // address of the pages
	socket  string // folder of the socket of its database
	browser context.Context
	axe     string
	missing string // why there is none
}

func TestMain(m *testing.M) {
	flag.Parse()
	if testing.Short() {
		world.missing = "left out by -short"
		os.Exit(m.Run())
	}
	end, err := open()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	end()
	os.Exit(code)
}

// open starts the program and the browser, or says what is missing for it.
func open() (end func(), err error) {
	axe, err := os.ReadFile("node_modules/axe-core/axe.min.js")
	if err == nil {
		_, err = exec.LookPath("chromium")
	}
	if err != nil {
		if inCI {
			return nil, fmt.Errorf("in CI the browser and axe-core must be there (npm ci in api/browsertest): %w", err)
		}
		world.missing = "chromium or axe-core is not there: apt-get install chromium, then npm ci in api/browsertest"
		return func() {}, nil
	}
	world.axe = string(axe)
	world.base, world.socket = *openAt, filepath.Join(*openIn, "demo", "cluster", "run")
	stop := func() {}
	if world.base == "" {
		if stop, err = startDemo(); err != nil {
			return nil, err
		}
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath("chromium"), chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "fr-FR"))
	allocated, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	browser, leave := chromedp.NewContext(allocated)
	if err := chromedp.Do(browser); err != nil {
		stop()
		return nil, fmt.Errorf("start chromium: %w", err)
	}
	world.browser = browser
	return func() { leave(); cancel(); stop() }, nil
}

// startDemo builds the program and opens its demonstration on a free port of this machine.
func startDemo() (stop func(), err error) {
	dir, err := os.MkdirTemp("", "masp-browsertest-*")
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(dir, 0o755); err != nil { // root's PostgreSQL runs as another user
		return nil, err
	}
	program := filepath.Join(dir, "masp")
	if out, err := exec.Command("go", "build", "-o", program, "masp/cmd/masp").CombinedOutput(); err != nil { //nolint:noctx // as long as the tests
		return nil, fmt.Errorf("build: %w\n%s", err, out)
	}
	listen, err := freeAddress()
	if err != nil {
		return nil, err
	}
	persons := dbtest.Form("60", "240", "240")
	demo := exec.Command(program, "demo", "--persons", persons, "--open", "--listen", listen) //nolint:noctx // as long as the tests
	demo.Env = append(os.Environ(), "MASP_STATE_DIR="+dir)
	var said bytes.Buffer
	demo.Stderr = &said
	out, err := demo.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := demo.Start(); err != nil {
		return nil, err
	}
	stop = func() {
		_ = demo.Process.Signal(syscall.SIGTERM)
		_ = demo.Wait()
		_ = os.RemoveAll(dir)
	}
	world.base, world.socket = "http://"+listen, filepath.Join(dir, "demo", "cluster", "run")
	if err := awaited(bufio.NewScanner(out), world.base); err != nil {
		stop()
		return nil, fmt.Errorf("%w\n%s", err, said.String())
	}
	return stop, nil
}

// minutesPass lets six minutes pass in the books: more than a second factor proves, less than a session lives.
func minutesPass(t *testing.T) {
	t.Helper()
	owner, err := pgx.Connect(t.Context(), "host="+world.socket+" user=masp_owner dbname=masp")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = owner.Close(t.Context()) }()
	if _, err := owner.Exec(t.Context(), `SELECT masp.set_clock(masp.now() + interval '6 minutes')`); err != nil {
		t.Fatal(err)
	}
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // at once
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

const patience = 8 * time.Minute

// awaited reads what the demonstration says until it gives its address, and goes on reading.
func awaited(said *bufio.Scanner, address string) error {
	found := make(chan bool, 1)
	go func() {
		seen := false
		for said.Scan() {
			if !seen && strings.HasPrefix(said.Text(), "Ctrl-C") {
				seen = true
				found <- true
			}
		}
		if !seen {
			found <- false
		}
	}()
	select {
	case ok := <-found:
		if ok {
			return nil
		}
	case <-time.After(patience):
	}
	return errors.New("the demonstration did not open " + address)
}
