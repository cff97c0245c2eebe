package auth

import (
	"net/netip"
	"strings"
	"time"
)

// Session is one open session of a user, without its secret.
type Session struct {
	Key             string
	Since, LastSeen time.Time
	Until           time.Time // the end, used or not
	Address         string    // shortened: the network, not the machine
	Agent           string    // family of the browser
	Mine            bool      // the one that asks
}

// LoginAsk is what a person types, and from where.
type LoginAsk struct {
	User, Password, Code string

	Address, Agent string // remote address and User-Agent header of the request
}

// String keeps what was typed out of texts.
func (LoginAsk) String() string { return "login" }

// GoString keeps what was typed out of texts.
func (LoginAsk) GoString() string { return "login" }

// account is the account that tries are counted for; what can be no user counts together.
func (a LoginAsk) account() string {
	if id := strings.ToLower(strings.TrimSpace(a.User)); userID.MatchString(id) {
		return id
	}
	return "?"
}

// shownAddress is what a list of sessions shows: the network, not the machine.
func shownAddress(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return "?"
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		text := ip.String()
		return text[:strings.LastIndexByte(text, '.')] + ".x"
	}
	return netip.PrefixFrom(ip, 48).Masked().String()
}

// familyOf is the family of a browser: enough to know one's own.
func familyOf(agent string) string {
	for _, known := range []struct{ mark, name string }{
		{"Edg/", "Edge"},
		{"OPR/", "Opera"},
		{"Firefox/", "Firefox"},
		{"Chrome/", "Chrome"},
		{"Safari/", "Safari"},
		{"curl/", "curl"},
	} {
		if strings.Contains(agent, known.mark) {
			return known.name
		}
	}
	return "autre"
}
