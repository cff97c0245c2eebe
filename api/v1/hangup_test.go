package v1_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"masp/migrations/dbtest"
)

// TestAClientThatHangsUpLeavesTheWholeOrNothing is N-9: each call is left after another time, and sent
// again it has its one effect; nobody waits behind it.
func TestAClientThatHangsUpLeavesTheWholeOrNothing(t *testing.T) {
	t.Parallel()
	d := newWorld(t)
	run := d.waiting()
	points := dbtest.Form(6, 40, 200)
	say := func(ctx context.Context, i int) int {
		body := fmt.Sprintf(`{"mandate": "M-0002", "text": "point %d"}`, i)
		r := httptest.NewRequestWithContext(ctx, http.MethodPost, runs+"/"+run+"/comments", strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+d.tokens["c.nadir"])
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", fmt.Sprint("point ", i))
		w := httptest.NewRecorder()
		d.server.ServeHTTP(w, r)
		return w.Code
	}
	for i := range points {
		ctx, hangUp := context.WithTimeout(t.Context(), time.Duration(i)*50*time.Millisecond/time.Duration(points))
		say(ctx, i)
		hangUp()
		start := time.Now()
		if status := say(t.Context(), i); status != http.StatusCreated {
			t.Errorf("point %d: sent again it is %d, want 201", i, status)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("point %d: the next call waited %s", i, took)
		}
	}
	var said int
	if d.scan(`SELECT count(*) FROM masp.run_comments WHERE text LIKE 'point %'`, &said); said != points {
		t.Errorf("%d comments, want each of %d once", said, points)
	}
}

// waiting is the run of the world that waits for its signature.
func (d *desk) waiting() string {
	d.t.Helper()
	return d.get("v.olivier", runs+"?state=in_review").wants(200).text("data", 0, "run")
}
