package ledger

import (
	"bytes"
	"encoding/binary"

	"github.com/jackc/pgx/v5/pgtype"
)

// column is an array parameter in PostgreSQL's binary form, written value by value. The general
// encoder of the driver costs as much for a batch of thousands of entries as storing them does.
type column struct {
	bytes  []byte
	count  uint32
	nulls  bool
	varies bool // more than one value; one that is repeated is sent once (masp.spread)
	first  int  // where the first value ends
	last   int  // where the last value begins
}

// Layout of a binary array of one dimension: dimensions, whether there are nulls, type of the
// elements, length, lower bound; then each element with its length, -1 for null.
const (
	arrayHeader = 20
	nullLength  = 0xFFFFFFFF
)

func newColumn(element uint32, size int) column {
	c := column{bytes: make([]byte, arrayHeader, arrayHeader+size)}
	binary.BigEndian.PutUint32(c.bytes[0:], 1)
	binary.BigEndian.PutUint32(c.bytes[8:], element)
	binary.BigEndian.PutUint32(c.bytes[16:], 1)
	return c
}

func (c *column) int8(v int64) {
	c.length(8)
	c.bytes = appendInt8(c.bytes, v)
}

func appendInt8(b []byte, v int64) []byte {
	return binary.BigEndian.AppendUint64(b, uint64(v)) //nolint:gosec // two's complement, as PostgreSQL reads it
}

func (c *column) int4(v int) {
	c.length(4)
	c.bytes = binary.BigEndian.AppendUint32(c.bytes, uint32(v)) //nolint:gosec // two's complement, as PostgreSQL reads it
}

func (c *column) text(v string) {
	c.length(len(v))
	c.bytes = append(c.bytes, v...)
}

func (c *column) blob(v []byte) {
	c.length(len(v))
	c.bytes = append(c.bytes, v...)
}

// daysToPostgres is the number of days from 1970-01-01 to 2000-01-01, where its days begin.
const daysToPostgres = 10957

func (c *column) day(d int64) {
	if d == noDay {
		c.null()
		return
	}
	c.int4(int(d - daysToPostgres))
}

func (c *column) orNull(v int64) {
	if v == 0 {
		c.null()
		return
	}
	c.int8(v)
}

func (c *column) null() {
	c.nulls = true
	c.length(nullLength)
}

func (c *column) length(n int) {
	c.compare()
	c.count++
	c.last = len(c.bytes)
	c.bytes = binary.BigEndian.AppendUint32(c.bytes, uint32(n)) //nolint:gosec // of a value of this batch
}

// compare looks at the last value before the next one is begun.
func (c *column) compare() {
	switch {
	case c.count == 1:
		c.first = len(c.bytes)
	case c.count > 1 && !c.varies:
		c.varies = !bytes.Equal(c.bytes[arrayHeader:c.first], c.bytes[c.last:])
	}
}

// once finishes the array; a value that all places share is sent once.
func (c *column) once() []byte {
	c.compare()
	if c.count > 1 && !c.varies {
		c.count = 1
		c.bytes = c.bytes[:c.first]
	}
	return c.value()
}

// value finishes the array; an empty one has no dimension.
func (c *column) value() []byte {
	if c.count == 0 {
		binary.BigEndian.PutUint32(c.bytes[0:], 0)
		return c.bytes[:12]
	}
	if c.nulls {
		c.bytes[7] = 1
	}
	binary.BigEndian.PutUint32(c.bytes[12:], c.count)
	return c.bytes
}

const (
	oidInt8  = pgtype.Int8OID
	oidInt4  = pgtype.Int4OID
	oidText  = pgtype.TextOID
	oidBytea = pgtype.ByteaOID
	oidDate  = pgtype.DateOID
)
