package main

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// proxies are the networks whose word about a client is believed.
type proxies []netip.Prefix

func parseProxies(texts []string) (proxies, error) {
	var all proxies
	for _, text := range texts {
		text = strings.TrimSpace(text)
		prefix, err := netip.ParsePrefix(text)
		if addr, single := netip.ParseAddr(text); single == nil {
			prefix, err = netip.PrefixFrom(addr, addr.BitLen()), nil
		}
		if err != nil || prefix.Bits() == 0 {
			return nil, &wrongSettingError{"MASP_TRUSTED_PROXIES", "« " + text + " » n'est pas un réseau (10.1.0.0/16, 192.0.2.7)."}
		}
		all = append(all, prefix.Masked())
	}
	return all, nil
}

func (p proxies) believes(addr netip.Addr) bool {
	return slices.ContainsFunc(p, func(n netip.Prefix) bool { return n.Contains(addr.Unmap()) })
}

// client is the address of who asks: the last one that a believed proxy has seen and that is no
// believed proxy itself. What stands before it was written by the client.
func (p proxies) client(r *http.Request) string {
	peer := peerOf(r)
	if !p.believes(peer) {
		return peer.String()
	}
	seen := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, text := range slices.Backward(seen) {
		addr, err := netip.ParseAddr(strings.TrimSpace(text))
		if err != nil {
			break
		}
		if peer = addr.Unmap(); !p.believes(peer) {
			break
		}
	}
	return peer.String()
}

// brought tells whether a believed proxy stands at the other end.
func (p proxies) brought(r *http.Request) bool { return p.believes(peerOf(r)) }

func peerOf(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}
	}
	return addr.Unmap()
}
