package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"

	"masp/api"
	"masp/imports/inbox"
)

const (
	diskNeeded   = 64 << 20         // bytes: a file of a month is some hundreds of kilobytes
	clockAllowed = 10 * time.Second // between this machine and the database
)

func checked(name string, err error, detail string) api.Check {
	if err != nil {
		detail = inbox.KindOf(err)
	}
	return api.Check{Name: name, OK: err == nil, Detail: detail}
}

// makeOutbox makes the folder of the payment files, so that a wrong one is seen at the start.
func (s *session) makeOutbox() error {
	dir, err := s.settings.outbox()
	if err != nil {
		return err
	}
	return os.MkdirAll(dir, 0o750)
}

// localChecks are of what lies on this machine: the outbox, room in it, the secret file.
func (v *service) localChecks() []api.Check {
	dir, err := v.session.settings.outbox()
	if err == nil {
		err = syscall.Access(dir, 2) // may be written to
	}
	checks := []api.Check{checked("outbox", err, "")}
	var disk syscall.Statfs_t
	if err == nil && syscall.Statfs(dir, &disk) == nil {
		free := disk.Bavail * uint64(max(disk.Bsize, 0))
		checks = append(checks, api.Check{Name: "disk", OK: free >= diskNeeded, Detail: fmt.Sprintf("%d MiB free", free>>20)})
	}
	if file := v.session.settings.SecretFile; file != "" {
		_, err := secretFile(file)
		checks = append(checks, checked("secret_file", err, ""))
	}
	return checks
}

// clockCheck compares the clock of this machine with that of the database, which decides about
// money: codes of one use and certificates go by this machine's.
func (v *service) clockCheck(ctx context.Context) api.Check {
	off, err := clockOff(ctx, v.house.db)
	c := checked("clock", err, fmt.Sprintf("%d ms before the database", off.Milliseconds()))
	c.OK = c.OK && off.Abs() <= clockAllowed
	return c
}

// jobsCheck tells which jobs fail. They are tried again, and keep nobody away.
func (v *service) jobsCheck(ctx context.Context) api.Check {
	jobs, err := v.store.Jobs(ctx)
	var failing []string
	for _, j := range jobs {
		if j.Failing != "" {
			failing = append(failing, j.Job+" ("+j.Failing+")")
		}
	}
	detail := ""
	if len(failing) > 0 {
		detail = "failing: " + strings.Join(failing, ", ")
	}
	return checked("jobs", err, detail)
}
