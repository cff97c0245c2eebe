package bankfile

import (
	"archive/zip"
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"hash/crc32"
	"io"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"
)

// ArchiveLimits bound what an archive may hold.
type ArchiveLimits struct {
	Members int   // files, those that are passed over included
	Ratio   int64 // bytes of a file for each of its compressed ones, beyond its first MiB
	Total   int64 // bytes of all files together
}

// DefaultArchiveLimits are those of an inbox: 1 000 files, a ratio of 200, 512 MiB.
var DefaultArchiveLimits = ArchiveLimits{Members: 1000, Ratio: 200, Total: 512 << 20}

const (
	// anyRatio is how large a file may grow out of nothing: blanks compress well.
	anyRatio = 1 << 20
	// directoryShare is what the directory may take for each file that is allowed.
	directoryShare = 1 << 10
	// directoryEnd is how much of an archive is searched for its directory.
	directoryEnd = 128 << 10
)

// Member is one file of an archive.
type Member struct {
	// Name is what to call it in messages: the last part of its name, printable and short. It
	// is no path, and two members may have the same.
	Name string
	// Number counts the files of the archive from 1, without those that are passed over.
	Number int
	// Size is how many bytes it says it has; Content never gives more.
	Size int64
	// Content may be read until the next member. It ends with io.EOF only where length and
	// checksum are right, else with a *FormatError.
	Content io.Reader
	// Note tells that it is a short text and of no format at all, as "LISEZMOI.txt" beside the
	// statements: nothing is lost when it is ignored.
	Note bool
}

// Members reads a ZIP archive (Format.Archive) file by file. Directories, hidden files and what
// macOS adds are passed over.
//
// An error with a Member whose Number is set concerns that one: it is encrypted, packed in an
// unknown way, an archive itself, a link or a device, or its name leads out of a folder; the
// others follow. An error without refuses the archive
// whole and stands alone, before anything of it was read: its directory is damaged, its files
// overlap, are too many, too large or too much compressed (decisions 9). All errors are
// *FormatError. As no file gives more bytes than the directory says, an archive that lies
// about them ends at a damaged file, not in a full memory.
func Members(r io.ReaderAt, size int64, limits ArchiveLimits) iter.Seq2[Member, error] {
	return func(yield func(Member, error) bool) {
		files, err := directory(r, size, limits)
		if err != nil {
			yield(Member{}, err)
			return
		}
		for i, f := range files {
			m := Member{Name: shownName(f), Number: i + 1, Size: int64(f.UncompressedSize64)} //nolint:gosec // within limits
			if !m.open(f, yield) {
				return
			}
		}
	}
}

// Archive tells that a file is an archive, whose files Members reads.
func (f Format) Archive() bool { return f.Family == zipFamily }

const zipFamily = "ZIP"

// directory lists the files of an archive that is no trap.
func directory(r io.ReaderAt, size int64, limits ArchiveLimits) ([]*zip.File, error) {
	budget := &bounded{r: r, left: directoryEnd + directoryShare*int64(limits.Members)}
	if longForm(r, size) {
		return nil, archiveFault(CodeArchiveMembers, "an archive in the long form (ZIP64)")
	}
	in, err := zip.NewReader(budget, size)
	switch {
	case budget.left < 0, err == nil && len(in.File) > limits.Members:
		return nil, archiveFault(CodeArchiveMembers, "too many members")
	case err != nil:
		return nil, archiveFault(CodeArchive, err.Error())
	}
	budget.left = math.MaxInt64 // the files have limits of their own
	if err := judgeMembers(in.File, size, limits); err != nil {
		return nil, err
	}
	var files []*zip.File
	for _, f := range in.File {
		if f.Name == "[Content_Types].xml" || f.Name == "mimetype" {
			return nil, notStatement(Format{Family: "Excel"})
		}
		if strayName(f.Name) || special(f) || !passedOver(f.Name) {
			files = append(files, f)
		}
	}
	if len(files) == 0 {
		return nil, archiveFault(CodeArchiveEmpty, "no member")
	}
	return files, nil
}

// longForm sees an archive of more than 65 535 files or 4 GiB, far beyond any limit, before a
// directory of that length is prepared.
func longForm(r io.ReaderAt, size int64) bool {
	tail := make([]byte, min(size, directoryEnd/2+1<<10))
	n, _ := r.ReadAt(tail, size-int64(len(tail))) // what cannot be read is judged by zip.NewReader
	const locator = 20
	end := strings.LastIndex(string(tail[:n]), "PK\x05\x06")
	return end >= locator && string(tail[end-locator:end-locator+4]) == "PK\x06\x07"
}

// judgeMembers refuses an archive by what its directory says of its files.
func judgeMembers(files []*zip.File, size int64, limits ArchiveLimits) error {
	type span struct{ from, to int64 }
	var spans []span
	left := limits.Total
	for _, f := range files {
		packed, whole := int64(f.CompressedSize64), int64(f.UncompressedSize64) //nolint:gosec // judged below
		if whole < 0 || whole > left {
			return archiveFault(CodeArchiveSize, "too many bytes")
		}
		left -= whole
		if whole > anyRatio && whole/limits.Ratio > packed {
			return archiveFault(CodeArchiveBomb, "compressed too much")
		}
		from, err := f.DataOffset()
		if err != nil || packed < 0 || packed > size-from {
			return archiveFault(CodeArchive, "a member outside of the archive")
		}
		spans = append(spans, span{from, from + packed})
	}
	slices.SortFunc(spans, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	for i := 1; i < len(spans); i++ {
		if spans[i].from < spans[i-1].to {
			return archiveFault(CodeArchiveBomb, "members that overlap")
		}
	}
	return nil
}

// open yields the member with its content, or with what is wrong with it.
func (m Member) open(f *zip.File, yield func(Member, error) bool) (more bool) {
	const encrypted, strong = 0x1, 0x2000
	switch {
	case strayName(f.Name):
		return yield(m, m.fault(CodeMemberName, "a name that leads elsewhere"))
	case special(f):
		return yield(m, m.fault(CodeMemberSpecial, f.Mode().Type().String()))
	case f.Flags&(encrypted|strong) != 0:
		return yield(m, m.fault(CodeMemberEncrypted, "encrypted"))
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return yield(m, m.fault(CodeMemberMethod, "method "+strconv.Itoa(int(f.Method))))
	}
	content, err := f.Open()
	if err != nil {
		return yield(m, m.fault(CodeMemberDamaged, err.Error()))
	}
	defer content.Close() //nolint:errcheck // it is only read
	buffered := bufio.NewReaderSize(&verified{member: m, from: content, want: f.CRC32}, sniffLength)
	head, err := buffered.Peek(sniffLength)
	if err != nil && !errors.Is(err, io.EOF) {
		return yield(m, err)
	}
	switch family := recognise(head).Family; family {
	case zipFamily, "gzip", "7z", "RAR":
		return yield(m, m.fault(CodeMemberNested, family))
	}
	m.Content, m.Note = buffered, m.Size < sniffLength && isNote(head)
	return yield(m, nil)
}

// isNote tells that all of a file is words: no row of it begins like a record of a bank, and nothing
// looks like a message in it.
func isNote(content []byte) bool {
	if recognise(content).Family != plainText || bytes.ContainsAny(content, "<\x7f") {
		return false
	}
	for row := range bytes.Lines(content) {
		row = bytes.TrimRight(row, "\r\n")
		if flatFamily(row) != plainText || len(row) >= recordLength || bytes.ContainsFunc(row, isControl) {
			return false
		}
	}
	return true
}

func isControl(r rune) bool { return r < ' ' && r != '\t' }

func archiveFault(code, cause string) error {
	return &FormatError{Format: Format{Family: zipFamily}, Code: code, Err: errors.New(cause)}
}

// fault refuses the member and names it.
func (m Member) fault(code, cause string) error {
	return &FormatError{
		Format: Format{Family: zipFamily}, Code: code, Value: m.Name, Err: errors.New(cause),
		Path: "fichier " + strconv.Itoa(m.Number) + " de l’archive",
	}
}

// verified gives the bytes of a member and checks their sum at the end, also where the
// directory says that it is zero, which archive/zip takes for "not known".
type verified struct {
	member Member
	from   io.Reader
	sum    uint32
	want   uint32
}

func (v *verified) Read(p []byte) (int, error) {
	n, err := v.from.Read(p)
	v.sum = crc32.Update(v.sum, crc32.IEEETable, p[:n])
	switch {
	case err == nil:
		return n, nil
	case !errors.Is(err, io.EOF):
		return n, v.member.fault(CodeMemberDamaged, err.Error())
	case v.sum != v.want:
		return n, v.member.fault(CodeMemberDamaged, "wrong checksum")
	}
	return n, io.EOF
}

// bounded reads no more than so many bytes: a directory of a million files is not loaded.
type bounded struct {
	r    io.ReaderAt
	left int64
}

var errBudget = errors.New("the directory is too long")

func (b *bounded) ReadAt(p []byte, at int64) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 {
		return 0, errBudget
	}
	return b.r.ReadAt(p, at)
}
