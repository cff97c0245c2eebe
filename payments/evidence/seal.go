package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// Seal is the seal of a day: how far everything goes, in a few lines that leave the house. Whoever keeps
// one proves later that nothing before it was changed, taken out or cut off.
type Seal struct {
	Format       int        `json:"masp_seal"` // 1
	Organisation string     `json:"organisation"`
	SIREN        string     `json:"siren"`
	At           time.Time  `json:"at"`
	Books        Books      `json:"books"`
	Acts         End        `json:"acts"`
	Reads        End        `json:"reads"`
	Registers    chain.Hash `json:"registers"` // of all registered tables, as the last act has sealed them
	Head         string     `json:"head"`      // books and acts, as masp verify --head reads it
}

// Books is the end of the books, with what stood in them.
type Books struct {
	Batch    int64        `json:"batch"`
	Entry    int64        `json:"entry"`
	Head     chain.Hash   `json:"head"`
	Postings int64        `json:"postings"`
	Accounts int64        `json:"accounts"`
	Total    money.Amount `json:"total"` // of all postings
}

// End is the last record of a log.
type End struct {
	No   int64      `json:"no"`
	Hash chain.Hash `json:"hash"`
}

// Day is the day of the seal in Paris.
func (s Seal) Day() civil.Date { return civil.FromTime(s.At, civil.Paris) }

const (
	sealPrefix = "sceau-"
	sealSuffix = ".json"
)

// FileName is the name of the seal's file: its day and the number of its act, which no other has. Names
// are in the order of the seals.
func (s Seal) FileName() string {
	return fmt.Sprintf("%s%s-%09d%s", sealPrefix, s.Day(), s.Acts.No, sealSuffix)
}

// Bytes are the file of the seal.
func (s Seal) Bytes() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	err := e.Encode(s)
	return b.Bytes(), err
}

// SealError is a file that is no seal.
type SealError struct {
	Path string
	Err  error
}

func (e *SealError) Error() string { return "read the seal " + e.Path + ": " + e.Err.Error() }

func (e *SealError) Unwrap() error { return e.Err }

// French says what a seal is.
func (e *SealError) French() string {
	return "« " + e.Path + " » n'est pas un sceau du jour entier : donnez un fichier sceau-AAAA-MM-JJ-….json, ou le dossier qui les garde."
}

var errNoSeal = errors.New("no seal there")

// ReadSeals reads a seal, or all those of a folder, the oldest first.
func ReadSeals(path string) ([]Seal, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	paths := []string{path}
	if info.IsDir() {
		if paths, err = filepath.Glob(filepath.Join(path, sealPrefix+"*"+sealSuffix)); err != nil {
			return nil, err
		}
		if len(paths) == 0 {
			return nil, &SealError{path, errNoSeal}
		}
	}
	var seals []Seal
	for _, p := range paths {
		s, err := readSeal(p)
		if err != nil {
			return nil, &SealError{p, err}
		}
		seals = append(seals, s)
	}
	slices.SortFunc(seals, func(a, b Seal) int { return a.At.Compare(b.At) })
	return seals, nil
}

// largestSeal is far more than a seal has.
const largestSeal = 64 << 10

func readSeal(path string) (Seal, error) {
	f, err := os.Open(path)
	if err != nil {
		return Seal{}, err
	}
	defer func() { _ = f.Close() }() // it was only read
	var s Seal
	d := json.NewDecoder(io.LimitReader(f, largestSeal))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return Seal{}, err
	}
	if s.Format != 1 {
		return Seal{}, fmt.Errorf("format %d", s.Format)
	}
	return s, nil
}
