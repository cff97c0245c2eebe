package auth

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"strconv"
)

// Key encrypts what the program has to read again: the secrets of second factors. It stands in a
// file beside the database (MASP_SECRET_FILE): who has the database alone has no second factor.
//
// It may be changed for another one (Service.Rekey): meanwhile the older key still reads.
type Key struct {
	sealer cipher.AEAD
	marks  []byte
	setups []byte
	nexts  []byte
	older  *Key // reads what it has encrypted, and encrypts nothing any more
}

// NewKey makes the key from the content of its file, at least 32 characters
// (openssl rand -base64 32). Anything shorter is ErrKey.
func NewKey(content []byte) (*Key, error) {
	content = bytes.TrimSpace(content)
	if len(content) < 32 {
		return nil, ErrKey
	}
	part := func(use string) []byte { return hmacOf(content, "masp key "+use) }
	block, err := aes.NewCipher(part("seal"))
	if err != nil {
		return nil, fmt.Errorf("make the key: %w", err)
	}
	sealer, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("make the key: %w", err)
	}
	return &Key{sealer: sealer, marks: part("mark"), setups: part("setup"), nexts: part("next")}, nil
}

// seal encrypts the second factor of a user, for that row alone: moved to another it does not open.
func (k *Key) seal(secret []byte, user string) []byte {
	return k.sealer.Seal(nil, nil, secret, rowOf(user)) //nolint:gosec // G407: the sealer draws its nonce itself
}

// After is the key, where an older one has been before it; nil is none.
func (k *Key) After(older *Key) *Key {
	after := *k
	after.older = older
	return &after
}

// open decrypts the second factor of a user, by the older key where it must.
func (k *Key) open(sealed []byte, user string) ([]byte, error) {
	secret, err := k.openThis(sealed, user)
	if err != nil && k.older != nil {
		return k.older.open(sealed, user)
	}
	return secret, err
}

// openThis decrypts by this key alone.
func (k *Key) openThis(sealed []byte, user string) ([]byte, error) {
	secret, err := k.sealer.Open(nil, nil, sealed, rowOf(user))
	if err != nil {
		return nil, fmt.Errorf("open the second factor of %s: %w", user, ErrKey)
	}
	return secret, nil
}

func rowOf(user string) []byte { return []byte("logins|totp_sealed|" + user) }

// mark is the same for the same secret and says nothing about it.
func (k *Key) mark(secret []byte) []byte { return hmacOf(k.marks, string(secret)) }

// secondFactor is what a setup link gives to an authenticator. It follows from the link, so that
// showing it stores nothing.
func (k *Key) secondFactor(link string) []byte { return hmacOf(k.setups, link)[:20] }

// successor is the secret under which a session goes on when it has proved itself by a code. It follows from
// the secret before and from the code's step, so that the same click twice gives the same.
func (k *Key) successor(secret string, step int64) string {
	return secretOf(hmacOf(k.nexts, secret+" "+strconv.FormatInt(step, 10)))
}

func hmacOf(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}
