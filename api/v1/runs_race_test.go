package v1_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/audit"
	"masp/migrations/dbtest"
)

// clients are released together.
const clients = 64

// rounds is how often a race is run: all of them with MASP_LONG.
func rounds(short, long int) int { return dbtest.Form(short, short, long) }

// goesOn tells whether a race is run once more: so many rounds, or as many as -timeout leaves a minute for.
// The last says how many there were.
func goesOn(t *testing.T, done, short, long int) bool {
	t.Helper()
	deadline, ok := t.Deadline()
	if done < rounds(short, long) && (!ok || time.Until(deadline) > time.Minute) {
		return true
	}
	t.Logf("%d rounds of %d clients", done, clients)
	return false
}

// together sends what each client sends, at once, and counts the answers by status. None is a fault
// of the service.
func together(t *testing.T, send func(client int) reply) map[int]int {
	t.Helper()
	var mu sync.Mutex
	var wait sync.WaitGroup
	counts, start := map[int]int{}, make(chan struct{})
	for i := range clients {
		wait.Go(func() {
			<-start
			got := send(i)
			if got.Status >= 500 {
				t.Errorf("client %d: got %d\n%s", i, got.Status, got.Body)
			}
			mu.Lock()
			defer mu.Unlock()
			counts[got.Status]++
		})
	}
	close(start)
	wait.Wait()
	return counts
}

// N-1: of many who pay 80 of 100 one does.
func TestManyWhoPayTheSameMoneyPayItOnce(t *testing.T) {
	t.Parallel()
	turns.Take(t)
	for n := 0; goesOn(t, n, 1, 100); n++ {
		t.Run(fmt.Sprint("round ", n), payTheSameMoney) // a database of its own
	}
}

func payTheSameMoney(t *testing.T) {
	d := newDesk(t)
	d.credit("M-0003", "BK-POOL", "100.00")
	d.owes64()
	var path string
	var mu sync.Mutex
	proposed := together(t, func(client int) reply {
		got := d.post("c.nadir", runs, fmt.Sprintf(
			`{"purpose": "OFF_CYCLE", "mandates": ["M-0003"], "lines": ["O-N1-%d@2026-11-05"]}`, client), "")
		if got.Status == 201 {
			mu.Lock()
			defer mu.Unlock()
			path = got.Header.Get("Location")
		}
		return got
	})
	if proposed[201] != 1 || proposed[409] != clients-1 {
		t.Fatalf("proposals: got %v, want one 201 and 409", proposed)
	}
	d.decided("c.nadir", path)
	tag := d.post("c.nadir", path+"/submissions", "", "").wants(201).Header.Get("ETag")
	approved := together(t, func(client int) reply {
		return d.post([]string{"v.olivier", "v.royer"}[client%2], path+"/approvals", "", tag)
	})
	balance, err := d.house.Ledger.Balance(t.Context(), d.db.App, ledger.Mandate("M-0003"))
	if approved[201] != 1 || approved[409] != clients-1 || err != nil || balance.Neg().String() != "20.00" {
		t.Fatalf("approvals: got %v and a balance of %s, %v", approved, balance.Neg(), err)
	}
}

// owes64 gives M-0003 a bill of its rent for each client.
func (d *desk) owes64() {
	d.t.Helper()
	err := pgx.BeginFunc(d.t.Context(), d.db.Owner, func(tx pgx.Tx) error {
		_, err := tx.Exec(d.t.Context(), `
			INSERT INTO masp.obligations (obligation_id, mandate_id, class, creditor_id, amount_cents, label, reference, frequency,
			       due_day, valid_from, position)
			SELECT 'O-N1-' || n, 'M-0003', 'RENT', 'C-OFFICE', 8000, 'Loyer ' || n, 'Bail ' || n, 'ONCE', 5, '2026-11-05', 10 + n
			  FROM generate_series(0, $1 - 1) n`, clients)
		if err != nil {
			return err
		}
		_, err = audit.Record(d.t.Context(), tx, audit.Act{Actor: "test", Action: "test.change", ObjectType: "test", ObjectID: "desk"})
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

// N-3: many who make the file of a run, at two services, make one.
func TestManyWhoMakeTheFileOfARunMakeOne(t *testing.T) {
	t.Parallel()
	turns.Take(t)
	for n := 0; goesOn(t, n, 1, 100); n++ {
		t.Run(fmt.Sprint("round ", n), makeOneFile)
	}
}

func makeOneFile(t *testing.T) {
	d := richDesk(t)
	path, _ := d.approved("c.martin")
	other := deskAgain(d)
	var sums sync.Map
	counts := together(t, func(client int) reply {
		at := []*desk{d, other}[client%2]
		got := at.post([]string{"k.perrin", "v.royer"}[client%2], path+"/files", "", "")
		sums.Store(got.text("data", 0, "sha256")+fmt.Sprint(got.length("data")), true)
		return got
	})
	seen := 0
	sums.Range(func(any, any) bool { seen++; return true })
	var made, acts int
	d.scan(`SELECT count(*) FROM masp.payment_files`, &made)
	d.scan(`SELECT count(*) FROM masp.run_acts WHERE act = 'file'`, &acts)
	if counts[201] != clients || seen != 1 || made != 1 || acts != 1 {
		t.Fatalf("got %v: %d answers, %d files, %d acts", counts, seen, made, acts)
	}
}

// N-4: what is filed is what was approved, whoever edits meanwhile.
func TestWhatIsFiledIsWhatWasApprovedWhoeverEditsMeanwhile(t *testing.T) {
	t.Parallel()
	turns.Take(t)
	filed, all := 0, 0
	for ; goesOn(t, all, 1, 400) || filed == 0 && all < 5; all++ {
		t.Run(fmt.Sprint("round ", all), func(t *testing.T) {
			d := richDesk(t)
			path, _ := d.proposed("c.martin")
			together(t, func(client int) reply { return d.meddles(path, client) })
			if d.provesItsFile(path) {
				filed++
			}
		})
	}
	t.Logf("%d of %d runs were filed", filed, all)
	if filed*5 < all {
		t.Errorf("%d of %d runs were filed: the test says nothing", filed, all)
	}
}

// meddles is one of 5 who edit, 2 who reopen, 7 who submit, 30 who approve, 20 who file.
func (d *desk) meddles(path string, client int) (got reply) {
	d.t.Helper()
	for range 2 {
		time.Sleep(rand.N(200 * time.Millisecond))
		tag := d.get("v.olivier", path).Header.Get("ETag")
		switch {
		case client < 5:
			body := fmt.Sprintf(`{"kind": "SET_AMOUNT", "mandate": "M-0001", "line": "O-0001-ENERGY@2026-11-12",
				"amount": "%d.00", "reason": "accord"}`, 10+rand.IntN(30))
			got = d.post("c.martin", path+"/adjustments", body, tag)
		case client < 7:
			got = d.post("c.martin", path+"/reopenings", "", tag)
		case client < 14:
			got = d.post("c.martin", path+"/submissions", "", "")
		case client < 44:
			got = d.post("v.olivier", path+"/approvals", "", tag)
		default:
			got = d.post("k.perrin", path+"/files", "", "")
		}
		if got.Status < 300 || got.Status >= 500 {
			return got
		}
	}
	return got
}

// provesItsFile tells whether the run has a file, which must be of the content that was approved.
func (d *desk) provesItsFile(path string) bool {
	d.t.Helper()
	run := strings.TrimPrefix(path, runs+"/")
	var content, signed, file string
	d.scan(`SELECT encode(content_hash, 'hex') FROM masp.runs WHERE run_id = $1`, &content, run)
	d.scan(`SELECT coalesce((SELECT encode(content_hash, 'hex') FROM masp.run_acts
		WHERE run_id = $1 AND act = 'approve' ORDER BY act_no DESC LIMIT 1), '')`, &signed, run)
	d.scan(`SELECT coalesce(string_agg(encode(content_hash, 'hex'), ' '), '') FROM masp.payment_files
		WHERE run_id = $1 AND NOT void AND released_at IS NOT NULL`, &file, run)
	if file != "" && (file != signed || file != content) {
		d.t.Errorf("content %s, approved %s, filed %s", content, signed, file)
	}
	return file != ""
}
