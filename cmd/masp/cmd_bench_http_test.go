package main

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
	"time"

	"masp/migrations/dbtest"
)

// TestTheServiceBearsItsLoad runs the bench: a second of it, more in CI, or with MASP_LONG all of it with the
// figures that are asked.
func TestTheServiceBearsItsLoad(t *testing.T) {
	t.Parallel()
	dbtest.Seldom(t, 4)
	long := os.Getenv("MASP_LONG") != ""
	args := []string{
		"bench", "http", "--json",
		"--persons", dbtest.Form("12", "60", ""), "--for", dbtest.Form("1s", "3s", ""), "--posts", dbtest.Form("6", "30", ""),
	}
	if long {
		args = args[:3]
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), args, &out, &errs); code != exitOK {
		t.Fatalf("got exit code %d: %s", code, &errs)
	}
	var r httpFigures
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if r.Errors != 0 || r.Requests == 0 || r.P50 == 0 || r.Posted == 0 || r.Bare == 0 {
		t.Errorf("got %+v, want every figure and no error\n%s", r, &errs)
	}
	for _, p := range r.Pages {
		if p.Errors != 0 || p.P50 == 0 || p.ReadingP50 == 0 || long && p.P95 > 50*time.Millisecond {
			t.Errorf("the page %s: %+v", p.Page, p)
		}
	}
	if long && (r.P95 > 50*time.Millisecond || r.Percent < 50 || r.RSSAfter > r.RSSBefore+64<<10) {
		t.Errorf("got %+v, want p95 under 50 ms, half of the bare posts, and no more memory", r)
	}
	t.Logf("%+v", r)
}
