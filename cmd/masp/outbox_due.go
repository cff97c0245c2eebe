package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"masp/payments"
)

// dueName is the file in the outbox that says that remittances are being released, and the number of
// the last payment file before.
const dueName = ".remises-en-cours"

// releaseDue releases the remittances of the day and gives their files to write, which puts them into
// the outbox. Between the release and the last file an intent stands in the outbox: whoever finds the
// one of a program that was killed, or whose disk was full, writes its files too. Without it they
// would be released and nowhere. All that nobody has noted as handed over cannot be written each day
// instead: files that a person has taken away would come back.
func (s *session) releaseDue(h *house, write func([]payments.PaymentFile) error) (err error) {
	dir, err := s.settings.outbox()
	if err != nil {
		return err
	}
	due, after, err := h.payments.RemittancesDue(s.ctx)
	if err != nil {
		return err
	}
	if _, err := os.Lstat(filepath.Join(dir, dueName)); !due && errors.Is(err, os.ErrNotExist) {
		return write(nil)
	}
	intent, err := lockedIntent(dir)
	if err != nil {
		return fmt.Errorf("lock the outbox: %w", err)
	}
	defer func() { _ = intent.Close() }() // and the lock ends
	after, again, err := intend(intent, after)
	if err != nil {
		return fmt.Errorf("note in the outbox what is released: %w", err)
	}
	files, failed := h.payments.ReleaseDue(s.ctx)
	if failed != nil { // perhaps the answer of a commit was lost: who asks again waits for its locks, and knows
		_, failed = h.payments.ReleaseDue(s.ctx)
		again = true
	}
	if again {
		if files, err = h.payments.ReleasedAfter(s.ctx, after); err != nil {
			return errors.Join(failed, err)
		}
	}
	if len(files) > 0 || failed == nil {
		if err := write(files); err != nil {
			return errors.Join(failed, err) // the intent stays
		}
	}
	return errors.Join(failed, os.Remove(intent.Name()))
}

// lockedIntent is the intent, locked as long as its writer lives: two at a time wait for each other.
func lockedIntent(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, err
	}
	for {
		f, err := os.OpenFile(filepath.Join(dir, dueName), os.O_RDWR|os.O_CREATE, 0o640) //nolint:gosec // the owner's group may read
		if err != nil {
			return nil, err
		}
		if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
			return nil, errors.Join(err, f.Close())
		}
		mine, err := f.Stat()
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		if there, err := os.Lstat(f.Name()); err == nil && os.SameFile(mine, there) {
			return f, nil
		}
		_ = f.Close() // the one before us has finished and removed it
	}
}

// intend answers what the intent of a dead program says; one that is not whole released nothing, and
// gets our own number.
func intend(intent *os.File, last int64) (after int64, again bool, err error) {
	text, err := os.ReadFile(intent.Name())
	if err != nil {
		return 0, false, err
	}
	line, whole := strings.CutSuffix(string(text), "\n")
	if after, err = strconv.ParseInt(line, 10, 64); err == nil && whole {
		return after, true, nil
	}
	err = intent.Truncate(0)
	if err == nil {
		_, err = intent.WriteAt(fmt.Appendln(nil, last), 0)
	}
	if err = errors.Join(err, intent.Sync(), syncFolder(filepath.Dir(intent.Name()))); err != nil {
		return 0, false, errors.Join(err, os.Remove(intent.Name()))
	}
	return last, false, nil
}
