package cluster

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is the system user that runs the server.
type account struct {
	name     string
	uid, gid uint32
	switched bool // true when we are root and become that user
}

// chooseAccount follows the owner of an existing data folder, so that a "postgres" user that
// appears later does not lock us out of a cluster that "nobody" made.
func chooseAccount(dataDir string) (account, error) {
	self := account{uid: uint32(os.Geteuid()), gid: uint32(os.Getegid())} //nolint:gosec // ids fit
	owner, exists := ownerOf(dataDir)
	if self.uid != 0 {
		if exists && owner.uid != self.uid {
			return account{}, fmt.Errorf("the data folder %s belongs to user %d, and the program "+
				"runs as user %d: run it as that user or as root", dataDir, owner.uid, self.uid)
		}
		return self, nil
	}
	if exists && owner.uid != 0 {
		return owner, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			return accountOf(u)
		}
	}
	return account{}, fmt.Errorf("PostgreSQL refuses to run as root, and there is no user " +
		"\"postgres\" or \"nobody\" to run it")
}

func ownerOf(path string) (account, bool) {
	info, err := os.Stat(path)
	if err != nil {
		return account{}, false
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return account{}, false
	}
	name := strconv.Itoa(int(st.Uid))
	if u, err := user.LookupId(name); err == nil {
		name = u.Username
	}
	return account{name: name, uid: st.Uid, gid: st.Gid, switched: true}, true
}

func accountOf(u *user.User) (account, error) {
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("user %s: %w", u.Username, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("user %s: %w", u.Username, err)
	}
	return account{name: u.Username, uid: uint32(uid), gid: uint32(gid), switched: true}, nil
}

// attributes makes a child process of this account; the empty group list drops root's groups.
func (a account) attributes() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setsid: true} // a Ctrl-C at the terminal is for us, not for it
	if a.switched {
		attr.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid}
	}
	return attr
}

// makePrivate creates a folder that only the account can enter, or takes an existing one.
func (a account) makePrivate(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !os.IsExist(err) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is not a folder", dir)
	}
	owner, _ := ownerOf(dir)
	if a.switched && owner.uid == 0 {
		if err := os.Chown(dir, int(a.uid), int(a.gid)); err != nil {
			return err
		}
	} else if owner.uid != a.uid {
		return fmt.Errorf("the folder %s belongs to user %d, not to user %d", dir, owner.uid, a.uid)
	}
	return os.Chmod(dir, 0o700) //nolint:gosec // 0700 on a folder is what PostgreSQL demands
}

// ClosedFolderError says that a folder on the way to the cluster lets the server's user not through.
type ClosedFolderError struct{ User, Folder string }

func (e *ClosedFolderError) Error() string {
	return fmt.Sprintf("user %s, who runs PostgreSQL because root may not, cannot cross the folder %s",
		e.User, e.Folder)
}

// French is the sentence for the person who runs the program.
func (e *ClosedFolderError) French() string {
	return fmt.Sprintf("L'utilisateur %s, qui fait tourner PostgreSQL parce que root n'en a pas le droit, ne peut pas "+
		"traverser le dossier %s. Ouvrez le passage (chmod o+x %s) ou choisissez un autre dossier (MASP_STATE_DIR).",
		e.User, e.Folder, e.Folder)
}

// mayReach refuses a folder with a parent that the account cannot cross, and names that parent:
// PostgreSQL's own message would only say "permission denied".
func (a account) mayReach(dir string) error {
	if !a.switched {
		return nil
	}
	for p := dir; ; p = filepath.Dir(p) {
		info, err := os.Stat(p)
		if err != nil {
			return err
		}
		owner, _ := ownerOf(p)
		bit := os.FileMode(0o001)
		switch {
		case owner.uid == a.uid:
			bit = 0o100
		case owner.gid == a.gid:
			bit = 0o010
		}
		if info.Mode()&bit == 0 {
			return &ClosedFolderError{User: a.name, Folder: p}
		}
		if p == filepath.Dir(p) {
			return nil
		}
	}
}
