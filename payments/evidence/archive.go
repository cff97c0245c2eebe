package evidence

import (
	"archive/zip"
	"bufio"
	"crypto/sha256"
	"hash"
	"io"
	"time"

	"masp/ledger/chain"
)

// Piece is a file of a bundle as the manifest lists it.
type Piece struct {
	Name   string     `json:"name"`
	Bytes  int64      `json:"bytes"`
	Rows   int64      `json:"rows,omitempty"` // of a table, its heading not counted
	SHA256 chain.Hash `json:"sha256"`
}

// archive is the zip while it is written: one piece after the other, each hashed on its way, nothing
// kept but what the manifest needs.
type archive struct {
	zip    *zip.Writer
	pieces []Piece
}

func newArchive(out io.Writer) *archive { return &archive{zip: zip.NewWriter(out)} }

// always is the time of each piece: the same contents give the same bytes.
var always = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// add writes one piece; write answers how many rows it has.
func (a *archive) add(name string, write func(io.Writer) (int64, error)) error {
	into, err := a.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: always})
	if err != nil {
		return err
	}
	sum := &summed{hash: sha256.New()}
	buffer := bufio.NewWriterSize(io.MultiWriter(into, sum), 64<<10)
	rows, err := write(buffer)
	if err != nil {
		return err
	}
	if err := buffer.Flush(); err != nil {
		return err
	}
	p := Piece{Name: name, Bytes: sum.bytes, Rows: rows}
	sum.hash.Sum(p.SHA256[:0])
	a.pieces = append(a.pieces, p)
	return nil
}

// text adds a piece that is at hand.
func (a *archive) text(name, content string) error {
	return a.add(name, func(w io.Writer) (int64, error) {
		_, err := io.WriteString(w, content)
		return 0, err
	})
}

// summed counts and hashes what goes through it.
type summed struct {
	hash  hash.Hash
	bytes int64
}

func (s *summed) Write(b []byte) (int, error) {
	s.bytes += int64(len(b))
	return s.hash.Write(b)
}
