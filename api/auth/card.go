package auth

import (
	"crypto/rand"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"
)

// CardLife is how long the code of a printed card waits for its person.
const CardLife = 30 * 24 * time.Hour

// MaxDevices is how many devices of one person live at a time.
const MaxDevices = 3

// Card is what is handed to a person on paper. The code is shown once and never stored.
type Card struct {
	Beneficiary string    // reference of the person
	Code        string    // "ABCD-EFGH-JKMN"
	Until       time.Time // last instant of the code, by the clock of the books
}

// Device is a telephone or a computer that a person has entered with.
type Device struct {
	Key     string    // public name, "D12"
	Opened  time.Time // by the card
	Seen    time.Time // last day on which it was used, to the day
	Expires time.Time // unless it is used before
}

// cardLetters cannot be taken for each other, by hand or aloud. They are 31, a prime: the check
// character finds every single mistake and every two neighbours that changed places.
const cardLetters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

// cardLength is 11 characters by chance, which is 54 bits, and the check character.
const cardLength = 12

// code is the code of a card as it is hashed: twelve letters with the right check character.
type code string

// newCode takes a code by chance.
func newCode() code {
	const fair = 256 - 256%len(cardLetters) // bytes above would favour the first letters
	var letters [cardLength]byte
	for i := 0; i < cardLength-1; {
		var b [1]byte
		_, _ = rand.Read(b[:]) // never fails: crypto/rand stops the program instead
		if int(b[0]) < fair {
			letters[i] = cardLetters[int(b[0])%len(cardLetters)]
			i++
		}
	}
	letters[cardLength-1] = checkLetter(string(letters[:cardLength-1]))
	return code(letters[:])
}

// checkLetter weighs each letter by its place.
func checkLetter(letters string) byte {
	sum := 0
	for i := range letters {
		sum += (i + 2) * strings.IndexByte(cardLetters, letters[i])
	}
	return cardLetters[sum%len(cardLetters)]
}

// parseCode reads what a person has typed: small letters, spaces and hyphens as she likes. A slip is
// ErrTyped, which the database never hears of.
func parseCode(typed string) (code, error) {
	if len(typed) > 64 {
		return "", ErrTyped
	}
	letters := strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-', '\t', '\r', '\n', '\u00a0', '\u202f', '\u2010', '\u2011', '\u2013', '.':
			return -1
		}
		return r
	}, strings.ToUpper(typed))
	if len(letters) != cardLength || strings.Trim(letters, cardLetters) != "" ||
		checkLetter(letters[:cardLength-1]) != letters[cardLength-1] {
		return "", ErrTyped
	}
	return code(letters), nil
}

// String is the code in three groups, as it is printed.
func (c code) String() string { return string(c[:4] + "-" + c[4:8] + "-" + c[8:]) }

// cardTurns bounds the memory of codes that are hashed at the same time.
var cardTurns = make(chan struct{}, 2)

// hash is slow on purpose: 54 bits are found in time by who has the table and a fast hash. It has no
// salt, because the code alone names its card; the codes are by chance, so no two are alike.
func (c code) hash() []byte {
	cardTurns <- struct{}{}
	defer func() { <-cardTurns }()
	return argon2.IDKey([]byte(c), []byte("masp card, version 1"), 1, 8<<10, 1, 32)
}

// try is what an entry counts for: the beginning of the code, and the network that it comes from.
type try struct{ code, address string }

func (c code) tried(address string) try { return try{"card " + string(c[:4]), network(address)} }

// network is the address of one caller: of an IPv6 the /64 that a household is given.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return "unknown"
	}
	if ip = ip.Unmap().WithZone(""); ip.Is6() {
		return netip.PrefixFrom(ip, 64).Masked().String()
	}
	return ip.String()
}
