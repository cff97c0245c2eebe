package v1

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"strings"

	"masp/api"
)

// Seal hides the numbers of rows in addresses: "lin_" and the number, encrypted. It is one block,
// so each number has one text and each text is one number or none: a guessed one is not found.
type Seal struct{ block cipher.Block }

// NewSeal makes the seal of an organisation from its key (masp.address_keys).
func NewSeal(key []byte) (Seal, error) {
	block, err := aes.NewCipher(key)
	return Seal{block}, err
}

var sealed = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

var errSealed = errors.New("not a sealed number")

// ID is the address of a row: prefix of its kind, underscore, 26 letters.
func (s Seal) ID(kind string, number int64) string {
	var b [aes.BlockSize]byte
	copy(b[:8], kind)
	binary.BigEndian.PutUint64(b[8:], uint64(number)) //nolint:gosec // the same bits, back and forth
	s.block.Encrypt(b[:], b[:])
	return kind + "_" + sealed.EncodeToString(b[:])
}

// Number is the number in an address of a kind; what is none is not found.
func (s Seal) Number(kind, id string) (int64, error) {
	text, ok := strings.CutPrefix(id, kind+"_")
	raw, err := sealed.DecodeString(text)
	if !ok || err != nil || len(raw) != aes.BlockSize {
		return 0, errors.Join(api.NotFound(), errSealed)
	}
	var want [8]byte
	copy(want[:], kind)
	s.block.Decrypt(raw, raw)
	if [8]byte(raw[:8]) != want {
		return 0, errors.Join(api.NotFound(), errSealed)
	}
	return int64(binary.BigEndian.Uint64(raw[8:])), nil //nolint:gosec // see ID
}
