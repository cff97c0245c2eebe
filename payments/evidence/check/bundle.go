package check

import (
	"archive/zip"
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"masp/ledger/chain"
)

const (
	manifestName = "manifest.json"
	sumsName     = "SHA256SUMS"
)

// stretch is a part of a chain, as the manifest states it.
type stretch struct {
	From   int64      `json:"from"`
	To     int64      `json:"to"`
	Before chain.Hash `json:"hash_before"`
	Head   chain.Hash `json:"head"`
}

// manifest is manifest.json as it is read.
type manifest struct {
	Format       int    `json:"masp_bundle"`
	Organisation string `json:"organisation"`
	SIREN        string `json:"siren"`
	AsOf         string `json:"as_of"`
	Asked        struct {
		From   string `json:"from"`
		To     string `json:"to"`
		Sample int    `json:"sample"`
		Seed   string `json:"seed"`
	} `json:"asked"`
	Whole    bool     `json:"whole_house"`
	Mandates []string `json:"mandates"`
	First    int64    `json:"first_entry"`
	Last     int64    `json:"last_entry"`
	Head     string   `json:"head"`
	Entries  stretch  `json:"entries"`
	Batches  stretch  `json:"batches"`
	Acts     stretch  `json:"acts"`
	Reads    stretch  `json:"reads"`
	Totals   struct {
		Entries int64  `json:"entries"`
		Lines   int64  `json:"lines"`
		Debit   string `json:"debit"`
		Credit  string `json:"credit"`
	} `json:"totals"`
	Pieces []struct {
		Name   string     `json:"name"`
		Bytes  int64      `json:"bytes"`
		SHA256 chain.Hash `json:"sha256"`
	} `json:"pieces"`
}

// checker is one bundle while it is read.
type checker struct {
	*Report
	m      manifest
	pieces map[string]*zip.File
	sums   map[string]chain.Hash // of the bytes as they are
	seals  []Seal
	book   *book
	erased map[string]bool // "écriture 42", "acte 7", a run
	log    actLog
	runs   map[string]*run
}

// Bundle reads a bundle and reports where it is not what it was. An error means that it could not be
// read: *NotABundleError, or that of the file.
func Bundle(file io.ReaderAt, size int64, o Options) (Report, error) {
	archive, err := zip.NewReader(file, size)
	if err != nil {
		return Report{}, &NotABundleError{"ce n'est pas un zip entier"}
	}
	c := &checker{Report: &Report{}, pieces: map[string]*zip.File{}, sums: map[string]chain.Hash{}, seals: o.Seals}
	for _, f := range archive.File {
		if c.pieces[f.Name] != nil {
			c.found(f.Name, 0, "", "cette pièce est deux fois dans le dossier")
		}
		c.pieces[f.Name] = f
	}
	if err := c.readManifest(); err != nil {
		return Report{}, err
	}
	for _, step := range []func() error{
		c.checkSums, c.readErasures, c.checkBooks, c.checkActs, c.checkReads, c.checkBalance, c.checkRuns, c.checkFiles, c.checkIBANs, c.checkBank, c.checkSeals,
	} {
		if err := step(); err != nil {
			return *c.Report, err
		}
	}
	return *c.Report, nil
}

func (c *checker) readManifest() error {
	in, err := c.open(manifestName)
	if err != nil {
		return &NotABundleError{"manifest.json manque"}
	}
	defer func() { _ = in.Close() }() // it was only read
	if err := json.NewDecoder(in).Decode(&c.m); err != nil || c.m.Format != 1 {
		return &NotABundleError{"manifest.json ne se lit pas"}
	}
	c.Organisation = c.m.Organisation
	c.AsOf, c.Head, c.Pieces = c.m.AsOf, c.m.Head, len(c.pieces)
	return nil
}

// open opens a piece; a missing one is an error that missing tells.
func (c *checker) open(name string) (io.ReadCloser, error) {
	f := c.pieces[name]
	if f == nil {
		return nil, fmt.Errorf("piece %s is missing", name)
	}
	return f.Open()
}

// missing reports a piece that is not there or cannot be opened.
func (c *checker) missing(name string, err error) bool {
	if err != nil {
		c.found(name, 0, "", "la pièce manque ou ne s'ouvre pas")
	}
	return err != nil
}

// checkSums holds the bytes of each piece against both lists of sums.
func (c *checker) checkSums() error {
	listed := map[string]chain.Hash{}
	for _, p := range c.m.Pieces {
		listed[p.Name] = p.SHA256
	}
	written, err := c.readSums()
	if err != nil {
		return err
	}
	for _, name := range c.names(listed, written) {
		sum, broken := c.sumOf(name)
		if broken {
			continue
		}
		c.sums[name] = sum
		if name == sumsName {
			continue
		}
		if said, ok := written[name]; !ok || said != sum {
			c.found(name, 0, "", "ses octets ne sont pas ceux de SHA256SUMS")
		}
		if said, ok := listed[name]; name != manifestName && (!ok || said != sum) {
			c.found(name, 0, "", "ses octets ne sont pas ceux de manifest.json")
		}
	}
	return nil
}

// names are all names that stand anywhere, in order.
func (c *checker) names(lists ...map[string]chain.Hash) []string {
	var names []string
	for name := range c.pieces {
		names = append(names, name)
	}
	for _, list := range lists {
		for name := range list {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (c *checker) sumOf(name string) (sum chain.Hash, broken bool) {
	in, err := c.open(name)
	if c.missing(name, err) {
		return sum, true
	}
	defer func() { _ = in.Close() }() // it was only read
	hash := sha256.New()
	if _, err := io.Copy(hash, in); err != nil {
		c.found(name, 0, "", "la pièce est abîmée : %v", err)
		return sum, true
	}
	hash.Sum(sum[:0])
	return sum, false
}

func (c *checker) readSums() (map[string]chain.Hash, error) {
	sums := map[string]chain.Hash{}
	in, err := c.open(sumsName)
	if c.missing(sumsName, err) {
		return sums, nil
	}
	defer func() { _ = in.Close() }() // it was only read
	lines := bufio.NewScanner(in)
	for n := int64(1); lines.Scan(); n++ {
		text, name, _ := strings.Cut(lines.Text(), "  ")
		sum, err := chain.ParseHash(text)
		if _, twice := sums[name]; err != nil || twice {
			c.found(sumsName, n, "", "cette ligne ne se lit pas, ou nomme une pièce deux fois")
		}
		sums[name] = sum
	}
	return sums, lines.Err()
}

// checkSeals holds the chains against the seals of the days: those within what the bundle gives.
func (c *checker) checkSeals() error {
	asOf, err := time.Parse(time.RFC3339Nano, c.m.AsOf)
	if err != nil {
		c.found(manifestName, 0, "", "l'instant des livres ne se lit pas")
	}
	for _, s := range c.seals {
		if s.At.After(asOf) {
			c.Younger++
			continue
		}
		c.Seals++
		for _, of := range []struct {
			what string
			no   int64
			hash chain.Hash
			in   stretch
			have map[int64]chain.Hash
		}{
			{"lot", s.Batch, s.Head, c.m.Batches, c.book.heads},
			{"acte", s.Act, s.ActHash, c.m.Acts, c.log.hashes},
			{"lecture", s.Read, s.ReadSum, c.m.Reads, c.log.reads},
		} {
			switch {
			case of.no > of.in.To:
				c.found(s.Name, 0, fmt.Sprintf("%s %d", of.what, of.no), "la fin manque : ce sceau va plus loin que le dossier")
			case of.no >= of.in.From && of.have[of.no] != of.hash:
				c.found(s.Name, 0, fmt.Sprintf("%s %d", of.what, of.no), "l'empreinte du dossier n'est pas celle de ce sceau : le passé a été réécrit")
			case of.no == of.in.From-1 && of.no > 0 && of.in.Before != of.hash:
				c.found(s.Name, 0, fmt.Sprintf("%s %d", of.what, of.no), "l'empreinte avant la période n'est pas celle de ce sceau")
			}
		}
	}
	return nil
}
