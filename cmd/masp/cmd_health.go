package main

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

type healthCommand struct{ netFlags }

// healthTime is how long the service may take to say that it lives.
const healthTime = 3 * time.Second

// unhealthyError is a service that does not answer.
type unhealthyError struct{ address string }

func (e *unhealthyError) Error() string { return "no answer at " + e.address }

// French says where it was asked.
func (e *unhealthyError) French() string { return "Le service ne répond pas sur " + e.address + "." }

// Run asks /healthz at the address of the service itself, for a container's or a supervisor's check.
func (c *healthCommand) Run(s *session) error {
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return &listenError{err}
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	address := "http://" + net.JoinHostPort(host, port) + "/healthz"
	client := http.Client{Timeout: healthTime}
	if c.TLSCert != "" {
		address = "https" + address[len("http"):]
		client.Transport = &http.Transport{TLSClientConfig: &tls.Config{
			MinVersion:         tls.VersionTLS12,
			InsecureSkipVerify: true, //nolint:gosec // the certificate names the public host; nothing secret is sent to our own machine
		}}
	}
	ctx, cancel := context.WithTimeout(s.ctx, healthTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return &listenError{err}
	}
	answer, err := client.Do(request)
	if err != nil {
		return &unhealthyError{address}
	}
	_ = answer.Body.Close() // nothing of it is read
	if answer.StatusCode != http.StatusOK {
		return &unhealthyError{address}
	}
	return s.out.data(map[string]bool{"alive": true}, func() { s.out.print("Le service répond.") })
}
