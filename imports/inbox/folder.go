package inbox

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Folder is a folder of this machine.
type Folder struct {
	Dir string

	root   *os.Root // of the look under way
	mended bool     // by this process
}

// Name is the same for every folder: an organisation has one.
func (f *Folder) Name() string { return "folder" }

// List reads the folder. No link leads out of it, nor one put there later.
func (f *Folder) List(context.Context) ([]Found, error) {
	root, err := os.OpenRoot(f.Dir)
	if err != nil {
		return nil, err
	}
	f.root = root
	if !f.mended { // what cannot be mended keeps no file from its import; it is tried again
		f.mended = mend(f) == nil
	}
	return f.list(".")
}

// Close lets go of the folder.
func (f *Folder) Close() error {
	if f.root == nil {
		return nil
	}
	root := f.root
	f.root = nil
	return root.Close()
}

// Open never waits for a pipe and never follows a link.
func (f *Folder) Open(_ context.Context, found Found) (io.ReadCloser, error) {
	file, err := f.root.OpenFile(found.Name, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrGone
	}
	if err != nil {
		return nil, err
	}
	opened, err := file.Stat()
	if err == nil && !found.same(foundOf(opened)) {
		err = ErrChanged
	}
	if err == nil {
		if there, statErr := f.root.Lstat(found.Name); statErr != nil || !os.SameFile(opened, there) {
			err = ErrChanged // a link in its place
		}
	}
	if err == nil {
		err = closedByWriters(file)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// closedByWriters asks the kernel whether any process of this machine has the file open for
// writing, however long it pauses: a lease to read is given only when none has. Where there are no
// leases (network folders, files of another user), only the rests tell.
func closedByWriters(file *os.File) error {
	_, err := unix.FcntlInt(file.Fd(), unix.F_SETLEASE, unix.F_RDLCK)
	if errors.Is(err, unix.EAGAIN) {
		return ErrOpen
	}
	if err == nil {
		_, err = unix.FcntlInt(file.Fd(), unix.F_SETLEASE, unix.F_UNLCK)
		return err
	}
	return nil
}

// Finish renames the file, which is one step, and makes it lasting.
func (f *Folder) Finish(_ context.Context, found Found, to Place, note string) (string, error) {
	return putAway(f, found, to, note)
}

func foundOf(info fs.FileInfo) Found {
	return Found{Name: info.Name(), Size: info.Size(), Modified: info.ModTime(), Mode: info.Mode()}
}

func (f *Folder) stat(name string) (Found, error) {
	info, err := f.root.Lstat(name)
	if err != nil {
		return Found{}, err
	}
	return foundOf(info), nil
}

func (f *Folder) list(dir string) ([]Found, error) {
	d, err := f.root.Open(dir)
	if err != nil {
		return nil, err
	}
	entries, err := d.ReadDir(-1)
	if err = errors.Join(err, d.Close()); err != nil {
		return nil, err
	}
	found := make([]Found, 0, len(entries))
	for _, e := range entries {
		one, err := f.stat(path.Join(dir, e.Name()))
		if errors.Is(err, fs.ErrNotExist) {
			continue // moved meanwhile
		}
		if err != nil {
			return nil, err
		}
		found = append(found, one)
	}
	slices.SortFunc(found, func(a, b Found) int { return strings.Compare(a.Name, b.Name) })
	return found, nil
}

func (f *Folder) mkdir(dir string) error {
	err := f.root.Mkdir(dir, 0o750)
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := f.root.Lstat(dir)
	if err == nil && !info.IsDir() {
		err = &fs.PathError{Op: "mkdir", Path: dir, Err: syscall.ENOTDIR} // a link, put there by somebody
	}
	return err
}

func (f *Folder) writeNew(name, text string) error {
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// move renames without overwriting, in one step where the file system can; else the lease, which
// lets one process at a time move files, has to do.
func (f *Folder) move(from, to string) error {
	source, err := f.root.Open(path.Dir(from))
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }()
	target, err := f.root.Open(path.Dir(to))
	if err != nil {
		return err
	}
	defer func() { _ = target.Close() }()
	err = unix.Renameat2(int(source.Fd()), path.Base(from), int(target.Fd()), path.Base(to), unix.RENAME_NOREPLACE)
	if !errors.Is(err, unix.EINVAL) && !errors.Is(err, unix.ENOSYS) {
		return err
	}
	if _, err := f.root.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(fs.ErrExist, err)
	}
	return f.root.Rename(from, to)
}

func (f *Folder) remove(name string) error { return f.root.Remove(name) }

func (f *Folder) sync(dir string) error {
	d, err := f.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
