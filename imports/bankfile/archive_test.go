package bankfile

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// member is a file to be put into an archive.
type member struct{ name, content string }

// packed makes an honest archive.
func packed(t testing.TB, members ...member) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, m := range members {
		f, err := w.Create(m.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, m.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// unpacked reads every member to its end: "1 releve.xml <content>", or the code of its error.
func unpacked(archive []byte, limits ArchiveLimits) []string {
	var out []string
	for m, err := range Members(bytes.NewReader(archive), int64(len(archive)), limits) {
		content := []byte(nil)
		if err == nil {
			content, err = io.ReadAll(m.Content)
		}
		if err != nil {
			content = []byte("refused")
			if f, ok := errors.AsType[*FormatError](err); ok {
				content = []byte(f.Code)
			}
		}
		out = append(out, fmt.Sprintf("%d %s %s", m.Number, m.Name, content))
	}
	return out
}

func TestTheFilesOfAnArchiveAreReadInTheirOrder(t *testing.T) {
	t.Parallel()
	archive := packed(
		t, member{"dossier/", ""}, member{"dossier/releve.xml", "un"},
		member{"__MACOSX/dossier/._releve.xml", "x"}, member{".DS_Store", "x"},
		member{`autre/releve.xml`, "deux"}, member{"vide.xml", ""},
	)
	want := []string{"1 releve.xml un", "2 releve.xml deux", "3 vide.xml "}
	if got := unpacked(archive, DefaultArchiveLimits); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTheNameOfAMemberIsNoPath(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"../../etc/passwd": "passwd", `..\..\windows\system.ini`: "system.ini", "/etc/shadow": "shadow",
		`C:\releve.xml`: "releve.xml", "C:releve.xml": "releve.xml", "a\x1b[31m\n.xml": "a·[31m·.xml",
		"relev\x82.xml": "relevé.xml", strings.Repeat("a", 300): strings.Repeat("a", 79) + "…",
	} {
		if got := shownName(&zip.File{FileHeader: zip.FileHeader{Name: name}}); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestAMemberWhoseNameLeadsElsewhereIsRefusedAndTheOthersFollow(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"../releve.xml", "a/../../releve.xml", "..", "../.cache", "/tmp/releve.xml",
		`..\releve.xml`, `a\releve.xml`, `C:\releve.xml`, "C:releve.xml", "../__MACOSX/x",
	} {
		got := unpacked(packed(t, member{name, "x"}, member{"bon..xml", "deux"}), DefaultArchiveLimits)
		if len(got) != 2 || !strings.Contains(got[0], CodeMemberName) || got[1] != "2 bon..xml deux" {
			t.Errorf("%q: got %q", name, got)
		}
	}
}

func TestALinkOrADeviceInAnArchiveIsRefused(t *testing.T) {
	t.Parallel()
	for _, mode := range []fs.FileMode{fs.ModeSymlink, fs.ModeNamedPipe, fs.ModeDevice, fs.ModeSocket} {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		header := &zip.FileHeader{Name: "releve.xml"}
		header.SetMode(mode | 0o644)
		if _, err := w.CreateHeader(header); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if got := unpacked(b.Bytes(), DefaultArchiveLimits); len(got) != 1 || !strings.Contains(got[0], CodeMemberSpecial) {
			t.Errorf("%s: got %q", mode, got)
		}
	}
}

// raw is a member written byte by byte, so that it can lie.
type raw struct {
	name          string
	body          []byte
	method, flags uint16
	whole         uint32 // the length that is claimed
	sum           uint32
	at            int // where the directory says it begins, when not where it is
}

func (r raw) header(signature string, offset int) []byte {
	var b bytes.Buffer
	b.WriteString(signature)
	put := func(values ...any) {
		for _, v := range values {
			_ = binary.Write(&b, binary.LittleEndian, v)
		}
	}
	central := signature == "PK\x01\x02"
	if central {
		put(uint16(20))
	}
	put(uint16(20), r.flags, r.method, uint32(0), r.sum, uint32(len(r.body)), r.whole,
		uint16(len(r.name)), uint16(0))
	if central {
		put(uint16(0), uint16(0), uint16(0), uint32(0), uint32(offset))
	}
	b.WriteString(r.name)
	return b.Bytes()
}

// rawArchive writes members and a directory that names the first of them so many times.
func rawArchive(members []raw, times int) []byte {
	var b, directory bytes.Buffer
	for _, m := range members {
		offset := b.Len()
		if m.at > 0 {
			offset = m.at - 1
		} else {
			b.Write(m.header("PK\x03\x04", 0))
			b.Write(m.body)
		}
		for range times {
			directory.Write(m.header("PK\x01\x02", offset))
		}
	}
	count, start := uint16(len(members)*times), b.Len()
	b.Write(directory.Bytes())
	b.WriteString("PK\x05\x06\x00\x00\x00\x00")
	for _, v := range []any{count, count, uint32(directory.Len()), uint32(start), uint16(0)} {
		_ = binary.Write(&b, binary.LittleEndian, v)
	}
	return b.Bytes()
}

// stored is an honest raw member.
func stored(name, content string) raw {
	return raw{
		name: name, body: []byte(content), whole: uint32(len(content)),
		sum: crc32.ChecksumIEEE([]byte(content)),
	}
}

// deflated compresses a content as an archive does.
func deflated(t testing.TB, content []byte) []byte {
	t.Helper()
	archive := packed(t, member{"x", string(content)})
	in, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	body, err := in.File[0].OpenRaw()
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// allocated is how many bytes f asks for in all, which bounds what it holds at once. Only a
// test that is not parallel can measure it.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestAHostileArchiveIsRefusedBeforeItDoesHarm(t *testing.T) {
	good := stored("a.xml", "bon")
	big := deflated(t, make([]byte, 40<<20))
	lying := raw{name: "b.xml", body: big, method: zip.Deflate, whole: 100}
	bomb := raw{name: "b.xml", body: big, method: zip.Deflate, whole: 40 << 20}
	wrong, zero := good, good
	wrong.sum++
	zero.sum = 0
	secret, strange, outside, twice := good, good, good, good
	secret.flags, strange.method, outside.at, twice.at = 1, 99, 1<<20, 1
	manyBytes := raw{name: "b.xml", body: make([]byte, 4<<20), whole: 4 << 20}
	for name, c := range map[string]struct {
		archive []byte
		want    []string
	}{
		"cut":                       {packed(t, member{"a", "b"})[:30], []string{"0  archive"}},
		"no archive":                {[]byte("PK\x03\x04 and nothing"), []string{"0  archive"}},
		"empty":                     {packed(t), []string{"0  archive_empty"}},
		"only what is passed over":  {packed(t, member{".x", "b"}), []string{"0  archive_empty"}},
		"a spreadsheet":             {packed(t, member{"x.xml", ""}, member{"[Content_Types].xml", ""}), []string{"0  not_a_statement"}},
		"too many":                  {rawArchive([]raw{good}, 11), []string{"0  archive_members"}},
		"a million under one":       {rawArchive([]raw{good}, 1<<16+1), []string{"0  archive_members"}},
		"the long form":             {slices.Insert(rawArchive([]raw{good}, 1), len(rawArchive([]raw{good}, 1))-22, []byte("PK\x06\x07"+strings.Repeat("\x00", 16))...), []string{"0  archive_members"}},
		"too large":                 {rawArchive([]raw{manyBytes, manyBytes}, 1), []string{"0  archive_size"}},
		"compressed too much":       {rawArchive([]raw{good, bomb}, 1), []string{"0  archive_bomb"}},
		"the same bytes twice":      {rawArchive([]raw{good, twice}, 1), []string{"0  archive_bomb"}},
		"bytes of nowhere":          {rawArchive([]raw{good, outside}, 1), []string{"0  archive"}},
		"longer than it says":       {rawArchive([]raw{good, lying}, 1), []string{"1 a.xml bon", "2 b.xml member_damaged"}},
		"a wrong sum":               {rawArchive([]raw{wrong, good}, 1), []string{"1 a.xml member_damaged", "2 a.xml bon"}},
		"a sum of zero":             {rawArchive([]raw{zero}, 1), []string{"1 a.xml member_damaged"}},
		"a password":                {rawArchive([]raw{secret, good}, 1), []string{"1 a.xml member_encrypted", "2 a.xml bon"}},
		"an unknown compression":    {rawArchive([]raw{strange, good}, 1), []string{"1 a.xml member_compressed", "2 a.xml bon"}},
		"an archive in the archive": {packed(t, member{"a.xml", string(packed(t, member{"b", "c"}))}), []string{"1 a.xml member_nested"}},
		"gzip in the archive":       {packed(t, member{"a.gz", "\x1f\x8b\x08"}), []string{"1 a.gz member_nested"}},
	} {
		limits := ArchiveLimits{Members: 10, Ratio: 200, Total: 6 << 20}
		if strings.HasPrefix(name, "compressed") {
			limits.Total = 1 << 30
		}
		start := time.Now()
		var got []string
		grown := allocated(func() { got = unpacked(c.archive, limits) })
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
		t.Logf("%s: %s and %d MiB", name, time.Since(start).Round(time.Millisecond), grown>>20)
		if grown > 64<<20 {
			t.Errorf("%s: took %d MiB, want 64 at most", name, grown>>20)
		}
	}
}

func TestAnArchiveSaysWhichFileIsWrong(t *testing.T) {
	t.Parallel()
	secret := stored("relevé.xml", "x")
	secret.flags = 1
	archive := rawArchive([]raw{stored("a.xml", "bon"), secret}, 1)
	for m, err := range Members(bytes.NewReader(archive), int64(len(archive)), DefaultArchiveLimits) {
		if m.Number != 2 {
			continue
		}
		f, ok := errors.AsType[*FormatError](err)
		want := "Fichier refusé : un fichier de l’archive demande un mot de passe (« relevé.xml »), " +
			"fichier 2 de l’archive. Rien n’a été enregistré."
		if !ok || f.French() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestAStatementInAnArchiveIsReadAndACutOneIsRefused(t *testing.T) {
	t.Parallel()
	var month []byte
	for range 40 {
		month = append(month, shapes["CRLF"].file(frenchMonth())...)
	}
	damaged := stored("b.txt", string(month))
	damaged.sum++
	archive := rawArchive([]raw{stored("a.txt", string(month)), damaged}, 1)
	var got []string
	for m, err := range Members(bytes.NewReader(archive), int64(len(archive)), DefaultArchiveLimits) {
		if err != nil {
			t.Fatal(err)
		}
		report := Check(t.Context(), m.Content)
		got = append(got, report.Outcome.String())
		if report.Outcome == Refused && report.Reasons[len(report.Reasons)-1].Code != CodeMemberDamaged {
			t.Errorf("got %+v", report.Reasons)
		}
	}
	if want := []string{"accepted", "refused"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestAnHonestArchiveComesBackWhole packs invented files and unpacks them again.
func TestAnHonestArchiveComesBackWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var members []member
		var want []string
		for i := range rapid.IntRange(1, 8).Draw(rt, "members") {
			m := member{
				rapid.StringMatching(`([a-z]{1,4}/)?[a-z]{1,9}`).Draw(rt, "name"),
				"<" + rapid.String().Draw(rt, "content"),
			}
			members = append(members, m)
			want = append(want, fmt.Sprintf("%d %s %s", i+1, m.name[strings.Index(m.name, "/")+1:], m.content))
		}
		if got := unpacked(packed(t, members...), DefaultArchiveLimits); !slices.Equal(got, want) {
			rt.Fatalf("got %q, want %q", got, want)
		}
	})
}

// FuzzMembers never panics, and never gives more bytes than the limits allow.
func FuzzMembers(f *testing.F) {
	f.Add(packed(f, member{"a.xml", "un"}, member{"b/c.xml", strings.Repeat("x", 3000)}))
	f.Add(rawArchive([]raw{stored("a.xml", "bon")}, 2))
	f.Fuzz(func(t *testing.T, archive []byte) {
		limits := ArchiveLimits{Members: 20, Ratio: 200, Total: 1 << 20}
		total, members := int64(0), 0
		for m, err := range Members(bytes.NewReader(archive), int64(len(archive)), limits) {
			if members++; err != nil {
				continue
			}
			n, err := io.Copy(io.Discard, m.Content)
			if _, ok := errors.AsType[*FormatError](err); err != nil && !ok {
				t.Errorf("got %v, want a *FormatError", err)
			}
			if total += n; n > m.Size {
				t.Errorf("%d bytes of %d", n, m.Size)
			}
		}
		if total > limits.Total || members > limits.Members {
			t.Errorf("got %d members, %d bytes", members, total)
		}
	})
}
