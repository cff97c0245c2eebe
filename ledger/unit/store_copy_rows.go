package unit

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// copyInto copies rows into a table. It does what pgx.CopyFrom does, without asking of each value how
// values of its type are written: rows by the hundred thousand are mostly texts, numbers and days.
func copyInto(ctx context.Context, conn *pgx.Conn, table, columns string, rows pgx.CopyFromSource) error {
	described, err := conn.Prepare(ctx, "", fmt.Sprintf(`SELECT %s FROM %s`, columns, table))
	if err != nil {
		return err
	}
	from := &rowReader{rows: rows, fields: described.Fields, types: conn.TypeMap(), made: append([]byte{}, copyHeader...)}
	_, err = conn.PgConn().CopyFrom(ctx, from, fmt.Sprintf(`COPY %s (%s) FROM STDIN BINARY`, table, columns))
	return err
}

const (
	copyHeader  = "PGCOPY\n\xff\r\n\x00" + "\x00\x00\x00\x00" + "\x00\x00\x00\x00"
	copyTrailer = "\xff\xff"
	copyAtOnce  = 1 << 16 // bytes that are made before they are read
)

// rowReader writes rows in the binary format of COPY while they are read.
type rowReader struct {
	rows   pgx.CopyFromSource
	fields []pgconn.FieldDescription
	types  *pgtype.Map
	made   []byte // and not yet read, from at on
	at     int
	ended  bool
}

// Read makes the next rows when all that was made is read.
func (r *rowReader) Read(p []byte) (int, error) {
	if r.at == len(r.made) {
		if r.ended {
			return 0, io.EOF
		}
		r.made, r.at = r.made[:0], 0
	}
	for !r.ended && len(r.made) < copyAtOnce {
		if err := r.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, r.made[r.at:])
	r.at += n
	return n, nil
}

// next makes one row, or the end.
func (r *rowReader) next() error {
	if !r.rows.Next() {
		r.made, r.ended = append(r.made, copyTrailer...), true
		return r.rows.Err()
	}
	values, err := r.rows.Values()
	if err != nil {
		return err
	}
	if len(values) != len(r.fields) {
		return fmt.Errorf("a row of %d values, want %d", len(values), len(r.fields))
	}
	r.made = binary.BigEndian.AppendUint16(r.made, uint16(len(values))) //nolint:gosec // columns of a table
	for i, v := range values {
		if r.made, err = r.append(r.made, r.fields[i], v); err != nil {
			return err
		}
	}
	return nil
}

// append writes one value: its length, or -1 for NULL, and its bytes.
func (r *rowReader) append(to []byte, field pgconn.FieldDescription, value any) ([]byte, error) {
	if text, is := value.(*string); is && text != nil {
		value = *text
	}
	start := len(to)
	to = append(to, 0, 0, 0, 0)
	switch v := value.(type) {
	case string:
		if field.DataTypeOID == pgtype.TextOID {
			return sized(append(to, v...), start), nil
		}
	case int64:
		if field.DataTypeOID == pgtype.Int8OID {
			return sized(binary.BigEndian.AppendUint64(to, uint64(v)), start), nil //nolint:gosec // the same bits
		}
	case int:
		if field.DataTypeOID == pgtype.Int4OID && v >= math.MinInt32 && v <= math.MaxInt32 {
			return sized(binary.BigEndian.AppendUint32(to, uint32(v)), start), nil //nolint:gosec // checked; the same bits
		}
	case time.Time:
		if field.DataTypeOID == pgtype.DateOID {
			return sized(binary.BigEndian.AppendUint32(to, daysOf(v)), start), nil
		}
	}
	out, err := r.types.Encode(field.DataTypeOID, pgtype.BinaryFormatCode, value, to)
	switch {
	case err != nil:
		return nil, fmt.Errorf("write column %s: %w", field.Name, err)
	case out == nil:
		binary.BigEndian.PutUint32(to[start:], math.MaxUint32)
		return to, nil
	}
	return sized(out, start), nil
}

// sized sets the length of the value whose bytes stand at the end.
func sized(to []byte, start int) []byte {
	binary.BigEndian.PutUint32(to[start:], uint32(len(to)-start-4)) //nolint:gosec // far below 4 GiB
	return to
}

// daysOf is a day as PostgreSQL sends it: days since 2000, two's complement.
func daysOf(t time.Time) uint32 {
	epoch := time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	return uint32(day.Sub(epoch) / (24 * time.Hour)) //nolint:gosec // the same bits
}
