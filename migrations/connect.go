package migrations

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
)

// Unreachable is a database that could not be reached, for a message. It holds no password.
type Unreachable struct {
	Code                 string // no_server, refused, no_database, busy: stable, for translation
	Host, Database, User string
}

// UnreachableBy tells whether err says that a database could not be reached, and which one.
func UnreachableBy(err error) (Unreachable, bool) {
	var failed *pgconn.ConnectError
	if !errors.As(err, &failed) || failed.Config == nil {
		return Unreachable{}, false
	}
	u := Unreachable{Code: "no_server", Host: failed.Config.Host, Database: failed.Config.Database, User: failed.Config.User}
	var answer *pgconn.PgError
	if !errors.As(err, &answer) {
		return u, true
	}
	switch answer.Code {
	case "3D000": // invalid_catalog_name
		u.Code = "no_database"
	case "57P01", "57P02", "57P03", "53300": // starting, stopping, or full
		u.Code = "busy"
	case "28000", "28P01", "42501": // role, password, right to connect
		u.Code = "refused"
	default:
		return Unreachable{}, false
	}
	return u, true
}

// DiskFull tells whether PostgreSQL had no room left on its disk; the transaction is taken back.
func DiskFull(err error) bool {
	var answer *pgconn.PgError
	return errors.As(err, &answer) && answer.Code == "53100"
}

// URLError is a database URL that cannot be read. It never holds the URL, which may carry a
// password.
type URLError struct{ Cause error }

func (e *URLError) Error() string {
	return "the database URL cannot be read (postgres://user@host/database): " + e.Cause.Error()
}

func (e *URLError) Unwrap() error { return e.Cause }
