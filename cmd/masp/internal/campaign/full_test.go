package campaign

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"masp/migrations/cluster"
)

// mount puts a small file system in memory over a folder; where that is not allowed the test says so.
func mount(t testing.TB, dir, size string) {
	t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size+",mode=0755"); err != nil {
		t.Skipf("a disk cannot be filled here (mount of tmpfs: %v)", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
}

// filler is what takes the room of a disk.
const filler = ".filler"

// fill takes all room of a disk.
func fill(t testing.TB, dir string) {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, filler))
	if err != nil {
		t.Fatal(err)
	}
	block := make([]byte, 1<<12)
	for err == nil {
		_, err = f.Write(block)
	}
	if err := errors.Join(f.Close()); err != nil {
		t.Fatal(err)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
}

// empty gives the room back.
func empty(t testing.TB, dir string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, filler)); err != nil {
		t.Fatal(err)
	}
}

// fullDisks are works whose folder is full.
var fullDisks = []struct{ work, folder string }{
	{"file", "outbox"},
	{"remittances due", "outbox"},
	{"the day", "outbox"},
	{"inbox: a return", "inbox"},
	{"export: csv", "exports"},
	{"export: fec", "exports"},
	{"export: xlsx", "exports"},
	{"export: bundle", "exports"},
	{"seal", "exports"},
}

// TestCrashOfAFullDisk fills the disk of the folder that a work writes to: somebody is told, nothing is
// half there, and when there is room again the same work brings the same bytes.
func TestCrashOfAFullDisk(t *testing.T) {
	t.Parallel()
	b := theMonth(t)
	lot := draw(t.Name())
	for _, i := range lot.Perm(len(fullDisks))[:among(4, len(fullDisks))] {
		full := fullDisks[i]
		c := b.chapter(t, full.work)
		x := &point{chapter: c, book: b, fault: "disk of the " + full.folder + " full", name: "until there is room"}
		x.strike = func(t testing.TB, p *place) bool { return x.noRoom(t, p, filepath.Join(p.dir, full.folder)) }
		if full.folder == "inbox" { // an alert said that it cannot be put away, and was taken back
			x.also = []string{"table alerts", "table audit_log"}
		}
		x.try(t)
	}
}

// noRoom does a work while a folder has no room.
func (x *point) noRoom(t testing.TB, p *place, dir string) bool {
	t.Helper()
	kept, err := os.MkdirTemp(scratch, "kept-")
	if err == nil {
		err = os.CopyFS(kept+"/f", os.DirFS(dir))
	}
	if err != nil {
		t.Fatal(err)
	}
	mount(t, dir, "1m")
	if err := os.CopyFS(dir, os.DirFS(kept+"/f")); err != nil {
		t.Fatal(err)
	}
	fill(t, dir)
	code, said := p.do(t, x.book.orderOf(x.chapter, p, nil))
	if code == 0 || !strings.Contains(said, "disque est plein") && !strings.Contains(said, "disk_full") {
		t.Errorf("%s: full, it ends by %d and says\n%s", x.chapter.name, code, said)
	}
	now := p.look(t)
	for name, digest := range now { // what stands under its final name is whole
		if strings.HasPrefix(name, "file ") && x.before.look(t)[name] != digest && x.once[name] != digest {
			t.Errorf("%s: full, %s is half there", x.chapter.name, name)
		}
	}
	empty(t, dir)
	return true
}

// TestCrashOfAFullStandardOutput writes an export where no byte has room.
func TestCrashOfAFullStandardOutput(t *testing.T) {
	t.Parallel()
	b := theMonth(t)
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer func() { _ = full.Close() }()
	cmd := b.end.command(t.Context(), order{args: []string{"export", "ledger", "--format", "csv"}})
	cmd.Stdout = full
	if err := cmd.Run(); err == nil {
		t.Error("nobody was told that the export is not there")
	}
}

// TestCrashOfAFullDatabase fills the disk of PostgreSQL while a file of the bank is imported.
func TestCrashOfAFullDatabase(t *testing.T) {
	t.Parallel()
	theMonth(t) // makes the program
	dir := crossed(t)
	mount(t, dir, "400m")
	s := own(t, dir)
	var b book
	b.end = s.empty(t)
	b.unpack(t)
	until := 0
	for !strings.HasPrefix(month[until].name, "import") {
		until++
	}
	for _, w := range month[:until+1] {
		b.chapters = append(b.chapters, b.write(t, w))
	}
	x := &point{chapter: b.chapters[until], book: &b, fault: "disk of the database full", name: "until there is room"}
	x.strike = func(t testing.TB, p *place) bool {
		p.ask(t, cluster.Superuser, `CHECKPOINT`)
		fill(t, dir)
		code, said := p.do(t, b.orderOf(x.chapter, p, nil))
		if code == 0 || !strings.Contains(said, "disque de la base") {
			t.Errorf("without room it ends by %d and says\n%s", code, said)
		}
		empty(t, dir)
		s.again(t)
		return true
	}
	x.try(t)
}
