package payments_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"masp/ledger/civil"
	"masp/payments"
)

// content is what a run says, but for its own numbers.
func content(t *testing.T, run payments.Run) string {
	t.Helper()
	for m := range run.Mandates {
		for i := range run.Mandates[m].Transfers {
			of := &run.Mandates[m].Transfers[i]
			of.ID, of.Run, of.EndToEndID = 0, "", strings.TrimPrefix(of.EndToEndID, fmt.Sprintf("V%06d", run.Number))
		}
	}
	text, err := json.MarshalIndent(run.Mandates, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A run of many mandates is composed in pieces, and is the same run in whatever pieces: a remittance that is asked
// for, a landlord who is not confirmed, exceptions numbered through.
func TestARunIsTheSameInPiecesOfAnySize(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.many(7)
	h.owner(`UPDATE masp.mandates SET contract_end = '2026-11-20' WHERE mandate_id = 'M-00002'`)
	ask := payments.Ask{Remit: map[string]payments.Remit{
		"M-00001": {To: "C-SELF-M-00001", On: []civil.Date{thursday}},
		"M-00006": {To: "C-SELF-M-00006", On: []civil.Date{thursday, thursday.AddDays(7)}},
	}}
	for i := range 7 {
		ask.Mandates = append(ask.Mandates, fmt.Sprintf("M-%05d", 6-i))
	}
	want := ""
	for _, of := range []int{0, 1, 2, 3, 6, 7} {
		h.InPieces(of)
		run, err := h.Propose(t.Context(), h.anne, ask)
		if err != nil {
			t.Fatal(err)
		}
		exceptions := 0
		for _, m := range run.Mandates {
			for _, e := range m.Exceptions {
				if exceptions++; e.No != exceptions {
					t.Errorf("in pieces of %d: exception %d of %s, want %d", of, e.No, m.Mandate, exceptions)
				}
			}
		}
		got := content(t, run)
		if want == "" {
			want = got
		}
		if got != want || exceptions < 7 || len(run.Instructions()) < 35 {
			t.Errorf("in pieces of %d: %d transfers, %d exceptions, and the run is\n%s\nwant\n%s", of, len(run.Instructions()), exceptions, got, want)
		}
		h.clean()
		if err := h.Cancel(t.Context(), h.anne, run.ID); err != nil {
			t.Fatal(err)
		}
	}
	ask.Remit["M-99999"] = ask.Remit["M-00001"]
	if _, err := h.Propose(t.Context(), h.anne, ask); err == nil || !strings.Contains(err.Error(), "MANDATE_NOT_IN") {
		t.Errorf("a remittance of a mandate that is not asked for: %v, want MANDATE_NOT_IN", err)
	}
}
