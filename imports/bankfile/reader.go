package bankfile

import (
	"errors"
	"io"
)

// Reader reads one file as a stream of events; it holds one line in memory at a time.
type Reader struct{}

// Open recognises the format by the content and prepares to read it. A file that is not a
// bank statement gives its Format all the same, with a *FormatError that names it.
func Open(r io.Reader) (*Reader, Format, error) { return nil, Format{}, errors.ErrUnsupported }

// Next gives the next event, io.EOF after FileEnd, or a *FormatError when the file must be
// refused whole: then nothing of it may be kept, whatever came before.
func (r *Reader) Next() (Event, error) { return nil, io.EOF }
