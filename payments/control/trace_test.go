package control_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger/civil"
	"masp/ledger/unit"
	"masp/payments/control"
)

func (h *house) trace(from string) control.Trace {
	h.t.Helper()
	ref, err := control.ParseRef(from)
	h.must(err)
	t, err := h.Trace(h.t.Context(), ref, "", control.DefaultMost)
	h.must(err)
	return t
}

// way is a trace in a word a link.
func way(t control.Trace) string {
	var kinds []string
	for _, l := range t.Links {
		kinds = append(kinds, string(l.Kind))
	}
	return strings.Join(kinds, " ")
}

const (
	wayOut = "RUN_LINE RUN_LINE RUN_LINE ACT ACT ACT ACT ACT PAYMENT ENTRY ACCOUNT FILE BANK_LINE ENTRY"
	wayIn  = "BANK_LINE MATCH ENTRY ACCOUNT"
)

func TestACentIsFoundFromEachEndOfItsWay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	const rent = "V000001-000001" // rent, charges and a plan of one payee, executed
	whole := h.trace(rent)
	if got := way(whole); got != wayOut {
		t.Fatalf("got %s, want %s", got, wayOut)
	}
	posted := one[int64](h, `SELECT posted_entry FROM masp.instructions WHERE end_to_end_id = $1`, rent)
	settled := one[int64](h, `SELECT settled_entry FROM masp.instructions WHERE end_to_end_id = $1`, rent)
	line := one[int64](h, `SELECT line_id FROM masp.bank_lines WHERE entry_no = $1`, settled)
	for _, from := range []string{fmt.Sprint(posted), fmt.Sprint("entry:", settled), fmt.Sprint("line:", line), "C-2026-11-1:M-0001:1"} {
		got := h.trace(from)
		if way(got) != wayOut {
			t.Errorf("from %s: got %s, want %s", from, way(got), wayOut)
		}
		for i, l := range got.Links {
			if want := whole.Links[i]; l.Key() != want.Key() || l.Hash != want.Hash || l.Amount != want.Amount || !slices.Equal(l.From, want.From) {
				t.Errorf("from %s: link %d is %+v, want %+v", from, i+1, l, want)
			}
		}
	}
	file := one[string](h, `SELECT name FROM masp.payment_files WHERE NOT void`)
	for _, from := range []string{"C-2026-11-1", file} {
		if got := h.trace(from); got.Payments < 2 || !strings.Contains(way(got), "PAYMENT PAYMENT") {
			t.Errorf("from %s: got %d payments, %s", from, got.Payments, way(got))
		}
	}
}

func TestEachLinkBearsTheHashThatWasSealed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, l := range h.trace("V000001-000001").Links {
		want := map[control.Kind]string{
			control.RunLine: `SELECT encode(content_hash, 'hex') FROM masp.runs WHERE $1 <> ''`,
			control.Act:     `SELECT encode(content_hash, 'hex') FROM masp.run_acts WHERE run_id || ':' || act_no = $1`,
			control.Payment: `SELECT encode(content_hash, 'hex') FROM masp.runs WHERE $1 <> ''`,
			control.File:    `SELECT encode(sha256(content), 'hex') FROM masp.payment_files WHERE name = $1`,
		}[l.Kind]
		if want != "" {
			if got := one[string](h, want, l.ID); got != l.Hash {
				t.Errorf("%s bears %s, want %s", l.Key(), l.Hash, got)
			}
		}
		if l.Kind == control.Entry && one[string](h, `SELECT encode(content_hash, 'hex') FROM masp.entries WHERE entry_no = $1`, l.Number) != l.Hash {
			t.Errorf("%s bears %s", l.Key(), l.Hash)
		}
		if l.Kind != control.Account && len(l.Hash) != 64 {
			t.Errorf("%s has no hash", l.Key())
		}
		if l.On.IsZero() || l.What == "" {
			t.Errorf("%s has no day or no sentence: %+v", l.Key(), l)
		}
	}
}

func TestMoneyThatCameInEndsAtTheAccountOfThePerson(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	entry := one[int64](h, `SELECT entry_no FROM masp.entries WHERE kind = 'BANK_CREDIT' AND booked_on = '2026-11-05'`)
	line := one[int64](h, `SELECT line_id FROM masp.bank_lines WHERE entry_no = $1`, entry)
	for _, from := range []string{fmt.Sprint(entry), fmt.Sprint("line:", line)} {
		got := h.trace(from)
		if way(got) != wayIn {
			t.Errorf("from %s: got %s, want %s", from, way(got), wayIn)
		}
		last := got.Links[len(got.Links)-1]
		if last.Mandate != "M-0001" || last.Amount.String() != "573.49" || last.Person != "Vous avez reçu "+last.Amount.French()+"." {
			t.Errorf("the way ends at %+v", last)
		}
		for i, l := range got.Links[1:] {
			if !slices.Contains(l.From, got.Links[i].Key()) {
				t.Errorf("%s comes from %v, want %s among them", l.Key(), l.From, got.Links[i].Key())
			}
		}
	}
}

func TestWhatCameBackIsTheEndOfTheWay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	got := h.trace("V000001-000002")
	if want := "BANK_LINE ENTRY BANK_LINE ENTRY ACCOUNT"; !strings.HasSuffix(way(got), want) {
		t.Fatalf("got %s, want it to end with %s", way(got), want)
	}
	if last := got.Links[len(got.Links)-1]; last.Amount.String() != "46.00" || !strings.Contains(last.Person, "Le paiement est revenu.") {
		t.Errorf("the way ends at %+v", last)
	}
}

func TestWhatDoesNotExistHasNoTrace(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, from := range []string{"999999", "line:999999", "C-2031-01-1", "C-2026-11-1:M-0001:99", "C-2026-11-1:M-0001:999999", "V000009-000009", "nothing.xml"} {
		ref, err := control.ParseRef(from)
		h.must(err)
		if _, err := h.Trace(t.Context(), ref, "", 5); !errors.Is(err, control.ErrNothing) {
			t.Errorf("%s: got %v", from, err)
		}
	}
	if _, err := control.ParseRef(" "); !errors.Is(err, control.ErrNothing) {
		t.Errorf("of nothing: got %v", err)
	}
}

func TestATraceIsJSONWithItsLinks(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	raw, err := json.Marshal(h.trace("V000001-000001"))
	h.must(err)
	var got struct {
		Start string
		Links []struct{ ID, Hash, What string }
	}
	h.must(json.Unmarshal(raw, &got))
	if got.Start != "PAYMENT V000001-000001" || len(got.Links) != 14 {
		t.Errorf("got %s", raw)
	}
}

func TestAnAuditorTracesHisOwnAndNothingElse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	users := &auth.Service{DB: h.db.App}
	auditor := func(id, department string) auth.Principal {
		token, err := users.Add(t.Context(), auth.Principal{}, auth.User{ID: id, Name: id, Roles: []auth.Role{auth.Auditor}, Until: civil.MustParse("2099-12-31")})
		h.must(err)
		h.plant(fmt.Sprintf(`INSERT INTO masp.auditor_scopes (user_id, department, from_on) VALUES ('%s', '%s', '2026-01-01')`, id, department))
		who, err := users.Authenticate(t.Context(), token)
		h.must(err)
		return who
	}
	own := one[string](h, `SELECT department FROM masp.mandates WHERE mandate_id = 'M-0001'`)
	read := func(who auth.Principal) (got control.Trace, err error) {
		err = auth.Restricted(t.Context(), h.db.App, who, func(ctx context.Context, tx pgx.Tx) (err error) {
			got, err = h.Trace(unit.Joined(ctx, tx), control.Ref{Kind: control.Payment, ID: "V000001-000001"}, "", 5)
			return err
		})
		return got, err
	}
	if got, err := read(auditor("his", own)); err != nil || way(got) != wayOut {
		t.Errorf("his own: got %s, %v", way(got), err)
	}
	if got, err := read(auditor("other", "75")); !errors.Is(err, control.ErrNothing) {
		t.Errorf("another's: got %s, %v", way(got), err)
	}
}
