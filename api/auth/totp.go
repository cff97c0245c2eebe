package auth

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // RFC 6238 as every authenticator speaks it; HMAC-SHA-1 is not broken
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// stepLength is how long one code of the second factor is shown (RFC 6238).
const stepLength = 30 * time.Second

// noStep is what no code proves: no step comes after it.
const noStep = 0

func stepAt(now time.Time) int64 { return now.Unix() / int64(stepLength/time.Second) }

// CodeAt is what an authenticator shows at a moment, for a secret as it was typed in; empty when it
// is none. It stands in for the telephone of an invented person.
func CodeAt(secret string, at time.Time) string {
	raw, err := base32Text.DecodeString(secret)
	if err != nil {
		return ""
	}
	return codeAt(raw, stepAt(at))
}

// codeAt is the six figures that an authenticator shows during a step.
func codeAt(secret []byte, step int64) string {
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], uint64(step)) //nolint:gosec // steps count from 1970
	mac := hmac.New(sha1.New, secret)
	mac.Write(counter[:])
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[at:])&0x7fffffff%1_000_000)
}

// stepOf is the step that a code proves: this one, the one before or the one after, else noStep.
// A blank that a person typed between the figures is no matter.
func stepOf(secret []byte, code string, now time.Time) int64 {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	found := int64(noStep)
	for step := stepAt(now) - 1; step <= stepAt(now)+1; step++ {
		if subtle.ConstantTimeCompare([]byte(codeAt(secret, step)), []byte(code)) == 1 {
			found = step
		}
	}
	return found
}

var base32Text = base32.StdEncoding.WithPadding(base32.NoPadding)

// otpauth is what an authenticator reads from a picture or a link.
func otpauth(secret []byte, user string) string {
	values := url.Values{"secret": {base32Text.EncodeToString(secret)}, "issuer": {"MASP"}}
	return "otpauth://totp/MASP:" + url.PathEscape(user) + "?" + values.Encode()
}
