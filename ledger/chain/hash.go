package chain

import (
	"crypto/sha256"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
)

// Hash is a SHA-256 value. The zero value is the head before the first batch.
type Hash [sha256.Size]byte

// ErrSyntax is a text that is not 64 hexadecimal digits.
var ErrSyntax = errors.New("want 64 hexadecimal digits")

// ParseHash reads 64 hexadecimal digits, in either case.
func ParseHash(s string) (Hash, error) {
	var h Hash
	if len(s) != 2*len(h) {
		return Hash{}, fmt.Errorf("parse hash of %d characters: %w", len(s), ErrSyntax)
	}
	if _, err := hex.Decode(h[:], []byte(s)); err != nil {
		return Hash{}, fmt.Errorf("parse hash: %w: %w", ErrSyntax, err)
	}
	return h, nil
}

// String returns 64 lower-case hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// IsZero tells whether h is the zero hash, which no record has.
func (h Hash) IsZero() bool { return h == Hash{} }

// MarshalText writes h as [Hash.String] does.
func (h Hash) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h[:]), nil }

// UnmarshalText reads what [ParseHash] reads.
func (h *Hash) UnmarshalText(text []byte) error {
	parsed, err := ParseHash(string(text))
	if err != nil {
		return err
	}
	*h = parsed
	return nil
}

// Value hands h to the database as 32 bytes (bytea).
func (h Hash) Value() (driver.Value, error) { return h[:], nil }

// Scan reads a bytea of exactly 32 bytes; NULL and any other length are refused.
func (h *Hash) Scan(src any) error {
	b, ok := src.([]byte)
	if !ok {
		return fmt.Errorf("scan hash: %T instead of bytes", src)
	}
	if len(b) != len(h) {
		return fmt.Errorf("scan hash: %d bytes instead of %d", len(b), len(h))
	}
	copy(h[:], b)
	return nil
}
