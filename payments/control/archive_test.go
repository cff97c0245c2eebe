package control_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"masp/payments/control"
)

var everything = control.Plan{Method: control.ByValue, Size: 50, Seed: "2026"}

func (h *house) archive(p control.Plan, pieces bool) []byte {
	h.t.Helper()
	var b bytes.Buffer
	_, err := h.Archive(h.t.Context(), p, pieces, &b)
	h.must(err)
	return b.Bytes()
}

// unpacked are the files of an archive in a folder.
func (h *house) unpacked(raw []byte) (folder string, names []string) {
	h.t.Helper()
	folder = h.t.TempDir()
	r, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	h.must(err)
	for _, f := range r.File {
		from, err := f.Open()
		h.must(err)
		text, err := io.ReadAll(from)
		h.must(err)
		path := filepath.Join(folder, filepath.FromSlash(f.Name))
		h.must(os.MkdirAll(filepath.Dir(path), 0o750))
		h.must(os.WriteFile(path, text, 0o600))
		names = append(names, f.Name)
	}
	return folder, names
}

func TestTwoArchivesOfOneSampleAreTheSameBytesAndAnotherSeedIsAnother(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first := h.archive(everything, true)
	if !bytes.Equal(first, h.archive(everything, true)) {
		t.Error("the same sample gave other bytes")
	}
	other := control.Plan{Method: control.Random, Size: 3, Seed: "a"}
	again := other
	again.Seed = "b"
	if bytes.Equal(h.archive(other, true), h.archive(again, true)) {
		t.Error("two seeds gave the same bytes")
	}
}

func TestSha256sumChecksTheArchiveAndFindsAChangedPiece(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("sha256sum"); err != nil {
		t.Skip("sha256sum is not here")
	}
	h := newHouse(t)
	folder, names := h.unpacked(h.archive(everything, true))
	check := func() (string, error) {
		c := exec.CommandContext(t.Context(), "sha256sum", "-c", "SHA256SUMS")
		c.Dir = folder
		out, err := c.CombinedOutput()
		return string(out), err
	}
	out, err := check()
	if err != nil || strings.Count(out, ": OK") != len(names)-1 {
		t.Fatalf("%d files: %v\n%s", len(names), err, out)
	}
	h.must(os.WriteFile(filepath.Join(folder, "echantillon.csv"), []byte("x"), 0o600))
	if out, err := check(); err == nil || !strings.Contains(out, "echantillon.csv: FAILED") {
		t.Errorf("a changed list: %v\n%s", err, out)
	}
}

func TestThePiecesAreTheBytesOfTheBankAndOfOurFiles(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	folder, names := h.unpacked(h.archive(everything, true))
	banks, files := 0, 0
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(name)))
		h.must(err)
		sum := sha256.Sum256(text)
		switch hash := hex.EncodeToString(sum[:]); {
		case strings.HasPrefix(name, "banque/"):
			banks++
			if n := one[int](h, `SELECT count(*) FROM masp.bank_files WHERE encode(sha256, 'hex') = $1`, hash); n != 1 {
				t.Errorf("%s is no file of the bank", name)
			}
		case strings.HasPrefix(name, "virements/"):
			files++
			if n := one[int](h, `SELECT count(*) FROM masp.payment_files WHERE encode(sha256, 'hex') = $1`, hash); n != 1 {
				t.Errorf("%s is no payment file", name)
			}
		}
	}
	if banks != 3 || files != 1 {
		t.Errorf("got %d bank files and %d payment files, want 3 and 1: %v", banks, files, names)
	}
}

func TestWhoSeesAPartGetsNoFileOfABank(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, names := h.unpacked(h.archive(everything, false))
	for _, name := range names {
		if strings.HasPrefix(name, "banque/") || strings.HasPrefix(name, "virements/") {
			t.Errorf("the archive holds %s", name)
		}
	}
}

func TestASampleOfAMandateOrADayIsOfItsEntriesAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := control.Plan{Method: control.ByStratum, By: control.ByMandate, Size: 100, Seed: "x", Mandate: "M-0001"}
	s, err := h.Sample(t.Context(), p)
	h.must(err)
	if want := one[int64](h, `SELECT count(DISTINCT l.entry_no) FROM masp.posting_lines l JOIN masp.accounts a USING (account_id)
		WHERE a.owner = 'M-0001' AND a.pcg = '467'`); s.Entries != want || int64(len(s.Items)) != want || len(s.Strata) != 1 {
		t.Errorf("got %d of %d entries, %+v, want %d", len(s.Items), s.Entries, s.Strata, want)
	}
	p = control.Plan{Method: control.ByValue, Size: 100, Seed: "x"}
	s, err = h.Sample(t.Context(), p)
	h.must(err)
	if want := one[int64](h, `SELECT sum(amount_cents)::bigint FROM masp.postings`); s.Value.Cents() != want {
		t.Errorf("the population is worth %s, want %d cents", s.Value, want)
	}
}
