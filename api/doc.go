// Package api is the HTTP service: for now what a machine asks about the service itself.
//
//	/healthz   200 while the process lives
//	/readyz    200 when every check passes, else 503, with the checks as JSON
//	/metrics   the figures as Prometheus text
//
// Every request has limits of time and size, an id (X-Request-Id, taken over when it is a plain
// word), and one line in the log: method, route, status, duration, id; nothing of its content. A
// panic is an answer of 500 and a line. Errors are problems (RFC 9457).
//
// # Decisions
//
//   - The middleware is our own, some ten lines each: that of echo brings a module for the limits
//     of rates, and logs paths and errors word by word.
//   - The figures are written by hand: the text format is four rules, and all our figures are
//     counted by the database.
package api
