package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/api/auth"
	"masp/api/contract"
	"masp/ledger"
	"masp/ledger/unit"
)

const (
	keyHeader      = "Idempotency-Key"
	replayedHeader = "Idempotency-Replayed"
	attempts       = 5
	pause          = 50 * time.Millisecond
	workTime       = 60 * time.Second // for one request that writes
)

// view reads in one view of the books. Whoever does not see the whole organisation reads as a role
// that row-level security restricts to what he reaches.
func (s *Service) view(ctx context.Context, c *Call, read func(context.Context) error) error {
	if ctx.Value(viewKey{}) != nil && c.Reach == auth.Own { // the view of the page that asks
		return read(ctx)
	}
	if c.Reach == auth.Own && s.Restricted != nil {
		return s.Restricted(ctx, c.Who, read)
	}
	return unit.Snapshot(ctx, s.DB, func(tx pgx.Tx) error { return read(unit.Joined(ctx, tx)) })
}

// once does a request and keeps its answer, or gives the kept one.
func (w *answering) once(ctx context.Context, do func(context.Context) (*made, error)) (m *made, err error) {
	key := ""
	if w.of.Kept {
		key = w.c.Request().Header.Get(keyHeader)
		owner := principalKey(w.call.Who, w.call.Address)
		leave, err := w.server.flights.enter(ctx, owner+"\x00"+key)
		if err != nil {
			return nil, err
		}
		defer leave()
	}
	if w.op.Alone {
		return w.alone(ctx, key, do)
	}
	for range attempts {
		err = pgx.BeginFunc(ctx, w.server.service.DB, func(tx pgx.Tx) error {
			m, err = w.keep(ctx, tx, key, do)
			return err
		})
		if !ledger.Crossed(err) {
			return m, err
		}
		time.Sleep(rand.N(pause)) //nolint:gosec // chance, so that the same two do not meet again
	}
	return nil, &Fault{Status: http.StatusServiceUnavailable, Code: "busy", After: time.Second, cause: err, Detail: contract.Text{
		French:  "D'autres travaillaient sur la même chose : rien n'a été fait. Recommencez.",
		English: "Others were at work on the same thing: nothing was done. Try again.",
	}}
}

// keep claims the key, does the work and keeps the answer, in one transaction.
func (w *answering) keep(
	ctx context.Context, tx pgx.Tx, key string, do func(context.Context) (*made, error),
) (*made, error) {
	if key == "" {
		return do(unit.Joined(ctx, tx))
	}
	owner, print := principalKey(w.call.Who, w.call.Address), w.fingerprint()
	claimed, err := tx.Exec(ctx, `
		INSERT INTO masp.idempotency_keys (owner, key, fingerprint, answered_at)
		VALUES ($1, $2, $3, masp.now()) ON CONFLICT DO NOTHING`, owner, key, print)
	if err != nil {
		return nil, err
	}
	if claimed.RowsAffected() == 0 {
		return replay(ctx, tx, owner, key, print)
	}
	m, err := do(unit.Joined(ctx, tx))
	if err != nil {
		return nil, err
	}
	headers, err := json.Marshal(m.Header)
	if err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, `
		UPDATE masp.idempotency_keys SET status = $3, headers = $4, body = $5 WHERE owner = $1 AND key = $2`,
		owner, key, m.Status, headers, m.Body)
	return m, err
}

// alone does work that begins its own transactions; its answer is kept after it.
func (w *answering) alone(ctx context.Context, key string, do func(context.Context) (*made, error)) (m *made, err error) {
	owner, print := principalKey(w.call.Who, w.call.Address), w.fingerprint()
	m, err = replay(ctx, w.server.service.DB, owner, key, print)
	if key == "" || errors.Is(err, pgx.ErrNoRows) {
		if m, err = do(ctx); err != nil {
			return nil, err
		}
	} else {
		return m, err
	}
	headers, err := json.Marshal(m.Header)
	if err != nil || key == "" {
		return m, err
	}
	_, err = w.server.service.DB.Exec(ctx, `
		INSERT INTO masp.idempotency_keys (owner, key, fingerprint, answered_at, status, headers, body)
		VALUES ($1, $2, $3, masp.now(), $4, $5, $6) ON CONFLICT DO NOTHING`,
		owner, key, print, m.Status, headers, m.Body)
	return m, err
}

// replay is the answer that was given to the same request.
func replay(ctx context.Context, q unit.Querier, owner, key string, print []byte) (*made, error) {
	var known, headers []byte
	m := &made{}
	err := q.QueryRow(ctx, `
		SELECT fingerprint, status, headers, body FROM masp.idempotency_keys
		 WHERE owner = $1 AND key = $2 AND status IS NOT NULL`, owner, key).Scan(&known, &m.Status, &headers, &m.Body)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(known, print) {
		return nil, &Fault{Status: http.StatusUnprocessableEntity, Code: "key_reused", Detail: contract.Text{
			French:  "Cette clé a servi à un autre envoi : donnez-en une nouvelle.",
			English: "This key was used for another request: take a new one.",
		}}
	}
	if err := json.Unmarshal(headers, &m.Header); err != nil {
		return nil, err
	}
	m.Header.Set(replayedHeader, "true")
	return m, nil
}

// fingerprint tells whether a request is the same again.
func (w *answering) fingerprint() []byte {
	r := w.c.Request()
	h := sha256.New()
	_, _ = io.WriteString(h, strings.Join([]string{r.Method, r.URL.RequestURI(), w.call.Match}, "\n")+"\n") // a hash takes all
	_, _ = h.Write(w.call.body)
	return h.Sum(nil)
}

// lockPath lets one change of a thing in at a time.
func lockPath(ctx context.Context, path string) error {
	_, err := unit.Reader(ctx, nil).Exec(ctx, `SELECT pg_advisory_xact_lock(28, hashtext($1))`, path)
	return err
}

// unreachable tells that the database does not answer, or not now: nothing was decided.
func unreachable(err error) bool {
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok {
		// Out of connections, out of room or memory, stopping, starting, waited too long for a lock.
		return slices.Contains([]string{"53", "57", "08", "55"}, refused.Code[:2])
	}
	_, connecting := errors.AsType[*pgconn.ConnectError](err)
	return connecting || pgconn.Timeout(err) || errors.Is(err, context.DeadlineExceeded)
}
