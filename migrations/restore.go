package migrations

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// RestoreError is a backup that could not be restored whole.
type RestoreError struct {
	Said  string // the last line of pg_restore
	Cause error
}

func (e *RestoreError) Error() string {
	return "restore the backup: " + e.Said + ": " + e.Cause.Error()
}

func (e *RestoreError) Unwrap() error { return e.Cause }

// Restore brings a backup (pg_dump -Fc) into an empty database by the given pg_restore, whole or
// with an error; what is not ours of it belongs to the owner who connects. The password of the
// address goes by the environment: the command line is seen by every user of the machine.
func Restore(ctx context.Context, pgRestore, ownerURL, file string) error {
	config, err := configOf(ownerURL)
	if err != nil {
		return err
	}
	options := []string{"--no-owner", "--exit-on-error", "--single-transaction", "--dbname", config.Database, file}
	cmd := exec.CommandContext(ctx, pgRestore, options...) //nolint:gosec // the operator's backup, by the program beside PostgreSQL
	cmd.Env = append(os.Environ(), "PGHOST="+config.Host, "PGPORT="+strconv.Itoa(int(config.Port)),
		"PGUSER="+config.User, "PGPASSWORD="+config.Password)
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		lines := strings.Split(strings.TrimSpace(said.String()), "\n")
		return &RestoreError{lines[len(lines)-1], fmt.Errorf("%s: %w", pgRestore, err)}
	}
	return nil
}
