package auth

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// The costs of a password (RFC 9106, the second choice of its section 4 with less memory): some
// 40 ms here. Two at once are enough for an office, and bound what a flood of logins can take.
const (
	kdfMemory = 19 * 1024 // KiB
	kdfPasses = 2
	kdfLanes  = 1
	keyLength = 32
)

var deriving = make(chan struct{}, 2)

// kdf is how a key is derived from a password: costs and salt.
type kdf struct {
	memory, passes uint32
	lanes          uint8
	salt           []byte
}

// newKDF has the costs of today and a salt of its own.
func newKDF() kdf {
	k := kdf{memory: kdfMemory, passes: kdfPasses, lanes: kdfLanes, salt: make([]byte, 16)}
	_, _ = rand.Read(k.salt) // never fails
	return k
}

// String is the form that is stored, without the key.
func (k kdf) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s",
		argon2.Version, k.memory, k.passes, k.lanes, base64.RawStdEncoding.EncodeToString(k.salt))
}

func parseKDF(text string) (k kdf, err error) {
	costs, salt, _ := strings.Cut(strings.TrimPrefix(text, fmt.Sprintf("$argon2id$v=%d$", argon2.Version)), "$")
	if _, err = fmt.Sscanf(costs, "m=%d,t=%d,p=%d", &k.memory, &k.passes, &k.lanes); err == nil {
		k.salt, err = base64.RawStdEncoding.DecodeString(salt)
	}
	if err != nil || k.memory > 1<<20 || k.passes < 1 || k.passes > 100 || k.lanes < 1 || len(k.salt) < 8 {
		return kdf{}, fmt.Errorf("read how a password is derived: %w", errKDF)
	}
	return k, nil
}

// old tells whether the costs are not those of today.
func (k kdf) old() bool {
	return k.memory != kdfMemory || k.passes != kdfPasses || k.lanes != kdfLanes
}

// key derives the key of a password. It waits for its turn.
func (k kdf) key(ctx context.Context, password string) ([]byte, error) {
	if len(password) > maxPassword {
		password = ""
	}
	select {
	case deriving <- struct{}{}:
		defer func() { <-deriving }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(password), k.salt, k.passes, k.memory, k.lanes, keyLength), nil
}

const (
	minPassword = 12   // characters
	maxPassword = 1024 // bytes
)

// topPasswords are those of twelve characters and more that everybody tries first.
var topPasswords = []string{
	"123456789012", "1234567890123", "12345678901234", "123456789012345", "1234567890123456",
	"012345678901", "000000000000", "111111111111", "123123123123", "121212121212", "112233445566",
	"123456123456", "123456789123", "987654321012", "qwertyuiop12", "qwertyuiop123", "qwertyuiopas",
	"azertyuiop12", "azertyuiop123", "azertyuiopqs", "azertyuiopqsdfgh", "1q2w3e4r5t6y", "1a2z3e4r5t6y",
	"1qaz2wsx3edc", "qazwsxedcrfv", "aqwzsxedcrfv", "passwordpassword", "password1234", "password12345",
	"password123456", "motdepasse12", "motdepasse123", "motdepasse1234", "motdepassemotdepasse", "monmotdepasse",
	"administrateur", "administrator", "administrator1", "adminadminadmin", "abcdefghijkl", "abcd1234abcd",
	"iloveyou1234", "jetaimejetaime", "bonjourbonjour", "bonjour123456", "marseille1234", "soleil123456",
	"doudoudoudou", "loulouloulou", "welcome12345", "changeme1234", "letmein12345", "secret123456",
}

// checkPassword refuses what is guessed first. Nothing is asked of its composition.
func checkPassword(password string, u User) error {
	refuse := func(french string) error { return &InvalidError{Field: "password", French: french} }
	folded := strings.ToLower(password)
	switch {
	case !utf8.ValidString(password) || len(password) > maxPassword:
		return refuse("Ce mot de passe est trop long.")
	case utf8.RuneCountInString(password) < minPassword:
		return refuse("Le mot de passe a au moins 12 caractères : quatre mots de votre choix suffisent.")
	case slices.Contains(topPasswords, folded) || strings.Count(folded, folded[:1]) == len(folded):
		return refuse("Ce mot de passe est parmi les premiers que l'on essaie : choisissez-en un autre.")
	case folded == strings.ToLower(u.Name) || u.Email != "" && folded == u.Email:
		return refuse("Le mot de passe n'est ni votre nom ni votre adresse : choisissez-en un autre.")
	}
	return nil
}
