package imports

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"

	"masp/ledger/chain"
)

// DefaultLimit is the size in bytes above which a file is refused (decisions 9).
const DefaultLimit = 2 << 30

// inMemory is how much of a file is kept in memory, in bytes; a longer one lies on the disk.
const inMemory = 1 << 20

// errTooLarge stops the reading of a file above the limit.
var errTooLarge = errors.New("the file is larger than the limit")

// spool keeps a file while it is read again and again: in memory, or in a file of the disk that
// has no name any more, so that it goes with the process. Its folder is that of TMPDIR.
type spool struct {
	io.ReaderAt
	size int64
	hash chain.Hash // SHA-256 of the bytes
	file *os.File   // nil when the bytes are in memory
	from *archive   // the ZIP that it came in; nil for none
}

// spoolOf keeps the bytes of content, at most so many.
func spoolOf(content io.Reader, limit int64) (*spool, error) {
	digest := sha256.New()
	in := io.TeeReader(io.LimitReader(content, limit+1), digest)
	head, err := io.ReadAll(io.LimitReader(in, inMemory+1))
	s := &spool{ReaderAt: bytes.NewReader(head), size: int64(len(head))}
	if err == nil && s.size > inMemory {
		err = s.toDisk(io.MultiReader(bytes.NewReader(head), in))
	}
	if err == nil && s.size > limit {
		err = errTooLarge
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("read bank file: %w", err), s.Close())
	}
	digest.Sum(s.hash[:0])
	return s, nil
}

// toDisk writes the bytes into a file and takes its name away.
func (s *spool) toDisk(in io.Reader) error {
	file, err := os.CreateTemp("", "masp-*")
	if err != nil {
		return err
	}
	s.file, s.ReaderAt = file, file
	if err := os.Remove(file.Name()); err != nil {
		return err
	}
	s.size, err = io.Copy(file, in)
	return err
}

// reader reads the bytes from the first one.
func (s *spool) reader() io.Reader { return io.NewSectionReader(s, 0, s.size) }

// Close gives the memory or the disk back.
func (s *spool) Close() error {
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}
