package migrations

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Fault is one reason not to keep books on a database. Code is stable, for translation.
type Fault struct {
	Code    string // fsync_off, full_page_writes_off, synchronous_commit_off, not_utf8, superuser, owner, too_old
	Message string // one line, with what to do
}

// UnsafeError lists why the program refuses to start on a database.
type UnsafeError struct{ Faults []Fault }

func (e *UnsafeError) Error() string {
	lines := make([]string, 0, len(e.Faults))
	for _, f := range e.Faults {
		lines = append(lines, f.Message)
	}
	return strings.Join(lines, "\n")
}

// situation is what the server answers about itself and about our role.
type situation struct {
	Version           int // server_version_num
	Fsync             string
	FullPageWrites    string
	SynchronousCommit string
	Encoding          string
	Role              string
	Superuser         bool
	OwnsSchema        bool // the role is, or may become, the owner of the schema masp
}

// Guard refuses, with an [*UnsafeError], a database that may lose acknowledged money or a role
// that could rewrite the books (reliability C-10). It is asked on the pool of the program.
func Guard(ctx context.Context, app Querier) error {
	rows, err := app.Query(ctx, `
		SELECT current_setting('server_version_num')::integer AS version,
		       current_setting('fsync') AS fsync,
		       current_setting('full_page_writes') AS full_page_writes,
		       current_setting('synchronous_commit') AS synchronous_commit,
		       current_setting('server_encoding') AS encoding,
		       current_user::text AS role,
		       (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
		       coalesce((SELECT pg_has_role(current_user, nspowner, 'MEMBER')
		                   FROM pg_namespace WHERE nspname = 'masp'), false) AS owns_schema`)
	if err != nil {
		return fmt.Errorf("ask the database for its settings: %w", err)
	}
	s, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[situation])
	if err != nil {
		return fmt.Errorf("ask the database for its settings: %w", err)
	}
	if faults := s.faults(); len(faults) > 0 {
		return &UnsafeError{Faults: faults}
	}
	return nil
}

// refuseServer refuses what no migration can mend: a server that is too old, an encoding that
// loses letters.
func refuseServer(ctx context.Context, conn *sql.Conn) error {
	s := situation{Fsync: "on", FullPageWrites: "on"} // these may be mended later; Guard asks for them
	err := conn.QueryRowContext(ctx, `
		SELECT current_setting('server_version_num')::integer, current_setting('server_encoding')`).Scan(&s.Version, &s.Encoding)
	if err != nil {
		return fmt.Errorf("ask the database for its settings: %w", err)
	}
	if faults := s.faults(); len(faults) > 0 {
		return &UnsafeError{Faults: faults}
	}
	return nil
}

func (s situation) faults() []Fault {
	const lost = "a crash would lose or tear acknowledged entries: set it to on"
	rules := []struct {
		broken        bool
		code, message string
	}{
		{s.Version < 150000, "too_old", fmt.Sprintf("PostgreSQL %d is too old: 15 is needed", s.Version/10000)},
		{s.Fsync != "on", "fsync_off", "fsync is off: " + lost},
		{s.FullPageWrites != "on", "full_page_writes_off", "full_page_writes is off: " + lost},
		{s.SynchronousCommit == "off", "synchronous_commit_off", "synchronous_commit is off: " + lost},
		{s.Encoding != "UTF8", "not_utf8", "the database is encoded in " + s.Encoding + ": create it with ENCODING 'UTF8'"},
		{s.Superuser, "superuser", "the program connects as " + s.Role +
			", a superuser, who could rewrite the books: use a role that is only a member of masp_app"},
		{s.OwnsSchema && !s.Superuser, "owner", "the program connects as " + s.Role +
			", an owner of the tables, who could rewrite the books: use a role that is only a member of masp_app"},
	}
	var faults []Fault
	for _, r := range rules {
		if r.broken {
			faults = append(faults, Fault{Code: r.code, Message: r.message})
		}
	}
	return faults
}
