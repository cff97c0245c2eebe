package bankfile

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"os"
	"path/filepath"
)

// readOn is how much of a refused file is still read for its hash.
const readOn = 64 << 20

// CheckFile is Check on a file of the disk. A directory, a pipe or a file that may not be
// read gives a refused report as well.
func CheckFile(ctx context.Context, path string) Report {
	name := filepath.Base(path)
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return unreadable(name, "le fichier n’existe pas.")
	case errors.Is(err, os.ErrPermission):
		return unreadable(name, "vous n’avez pas le droit de lire ce fichier.")
	case err != nil:
		return unreadable(name, "le fichier ne peut pas être lu.")
	case info.IsDir():
		return unreadable(name, "c’est un dossier, pas un fichier.")
	case !info.Mode().IsRegular():
		return unreadable(name, "ce n’est pas un fichier ordinaire.")
	}
	f, err := os.Open(path)
	if err != nil {
		return unreadable(name, "vous n’avez pas le droit de lire ce fichier.")
	}
	defer f.Close() //nolint:errcheck // the file is only read
	report := Check(ctx, f)
	report.File = name
	return report
}

func unreadable(name, why string) Report {
	return Report{
		File: name, Outcome: Refused, Statements: []StatementReport{},
		Reasons: []Reason{{Code: CodeUnreadable, Message: "Fichier refusé : " + why}},
	}
}

// Check reads a whole file, keeps nothing, and says what an import would make of it. Its
// findings are in the report, never an error: what cannot be read is refused.
func Check(ctx context.Context, r io.Reader) Report {
	in := &hashed{ctx: ctx, r: r, sum: sha256.New()}
	report := Report{Reasons: []Reason{}, Statements: []StatementReport{}}
	rd, format, err := Open(in)
	report.Format = format.String()
	for err == nil {
		var event Event
		if event, err = rd.Next(); err == nil {
			report.take(event)
		}
	}
	if !errors.Is(err, io.EOF) {
		report.refuse(err)
	}
	report.SHA256 = in.hex()
	return report
}

func (p *Report) take(event Event) {
	switch e := event.(type) {
	case StatementEnd:
		p.Statements = append(p.Statements, reportOf(e))
		p.add(e.Reasons)
	case FileEnd:
		p.add(e.Reasons)
	}
}

// add takes reasons over; a report lists reasonsMost of the file and its statements, the
// outcome of each statement says the rest.
func (p *Report) add(reasons []Reason) {
	p.Outcome = max(p.Outcome, worst(reasons))
	free := max(reasonsMost-len(p.Reasons), 0)
	p.Reasons = append(p.Reasons, reasons[:min(free, len(reasons))]...)
}

// reasonsMost is more than a person reads.
const reasonsMost = 1000

func (p *Report) refuse(err error) {
	reason := Reason{
		Code: CodeUnreadable, Outcome: Refused,
		Message: "Fichier refusé : il ne peut pas être lu.",
	}
	if f, ok := errors.AsType[*FormatError](err); ok {
		reason.Code, reason.Message, reason.Place = f.Code, f.French(), f.Place()
	}
	p.Outcome, p.Reasons = Refused, append(p.Reasons, reason)
}

// hashed hashes what is read through it, and stops when the context ends.
type hashed struct {
	ctx  context.Context
	r    io.Reader
	sum  hash.Hash
	done bool
}

func (h *hashed) Read(p []byte) (int, error) {
	if err := h.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := h.r.Read(p)
	h.sum.Write(p[:n])
	h.done = errors.Is(err, io.EOF)
	return n, err
}

// hex reads on to the end, within reason, and gives the hash of the whole file.
func (h *hashed) hex() *string {
	if !h.done {
		if _, err := io.CopyN(io.Discard, h, readOn); !errors.Is(err, io.EOF) || !h.done {
			return nil
		}
	}
	return new(hex.EncodeToString(h.sum.Sum(nil)))
}
