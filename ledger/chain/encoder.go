package chain

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"math"
)

// First bytes of what is hashed: they keep the three uses of SHA-256 apart.
const (
	leafPrefix   = 0x00
	nodePrefix   = 0x01
	recordPrefix = 0x02
)

// Tags of the fields, part of the stored format.
const (
	tagInt   = 'i'
	tagStr   = 's'
	tagBytes = 'b'
	tagBool  = 't'
	tagNull  = 'n'
)

// Encoder writes one record after another in the canonical form of the package documentation.
// Make it with [New], reuse it with [Encoder.Reset]; it is not safe for concurrent use.
type Encoder struct {
	buf    []byte
	header int
	long   hash.Hash // what a long record had before buf; nil while it is short
}

// chunk is how much of a record is kept in memory.
const chunk = 64 << 10

// New returns an encoder of records of one domain ("entry", "act") and version of their fields.
func New(version byte, domain string) *Encoder {
	e := &Encoder{buf: make([]byte, 0, 512)}
	e.buf = append(e.buf, recordPrefix, version)
	e.Str(domain)
	e.header = len(e.buf)
	return e
}

// Reset begins the next record of the same domain and version, in the same memory.
func (e *Encoder) Reset() *Encoder {
	e.buf, e.long = e.buf[:e.header], nil
	return e
}

// Int adds an integer: cents, a number, microseconds.
func (e *Encoder) Int(v int64) *Encoder {
	e.open(tagInt, 8)
	e.buf = binary.BigEndian.AppendUint64(e.buf, uint64(v)) //nolint:gosec // two's complement is the encoding
	return e
}

// Str adds a text. An empty text is not a null.
func (e *Encoder) Str(s string) *Encoder {
	e.open(tagStr, len(s))
	e.buf = append(e.buf, s...)
	return e
}

// Bytes adds bytes, such as a [Hash]. No bytes is not a null.
func (e *Encoder) Bytes(b []byte) *Encoder {
	e.open(tagBytes, len(b))
	e.buf = append(e.buf, b...)
	return e
}

// Bool adds a truth.
func (e *Encoder) Bool(v bool) *Encoder {
	e.open(tagBool, 1)
	var b byte
	if v {
		b = 1
	}
	e.buf = append(e.buf, b)
	return e
}

// Null adds the absence of a value.
func (e *Encoder) Null() *Encoder {
	e.open(tagNull, 0)
	return e
}

// Sum returns the hash of the record so far and leaves it open for more fields.
func (e *Encoder) Sum() Hash {
	if e.long == nil {
		return sha256.Sum256(e.buf)
	}
	e.fold()
	return Hash(e.long.Sum(nil))
}

// fold hands over what stands in memory to the hash; the header stays for the next record.
func (e *Encoder) fold() {
	if e.long == nil {
		e.long = sha256.New()
		_, _ = e.long.Write(e.buf[:e.header]) // a hash never fails
	}
	_, _ = e.long.Write(e.buf[e.header:])
	e.buf = e.buf[:e.header]
}

// open writes tag and length of the field that follows. A field of 4 GiB is a broken caller.
func (e *Encoder) open(tag byte, length int) {
	n := int64(length)
	if n < 0 || n > math.MaxUint32 {
		panic("chain: field longer than 4 GiB")
	}
	if len(e.buf) >= chunk {
		e.fold()
	}
	e.buf = append(e.buf, tag)
	e.buf = binary.BigEndian.AppendUint32(e.buf, uint32(n))
}
