package payments_test

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"testing"

	"masp/payments"
)

func TestIdentifiersAreMadeOnceAndTheBankReadsThoseThatAreStored(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	named := func(run payments.Run) (ids []string) {
		for _, i := range run.Instructions() {
			ids = append(ids, i.EndToEndID)
		}
		return ids
	}
	draft := h.propose()
	ids := named(draft)
	if once := slices.Compact(slices.Sorted(slices.Values(ids))); len(once) != len(ids) || slices.Contains(ids, "") {
		t.Fatalf("got identifiers %v, want each once", ids)
	}
	h.decided(draft)
	run, err := h.Submit(t.Context(), h.anne, draft.ID)
	if err != nil {
		t.Fatal(err)
	}
	built := h.show(run.ID).Files[0].SHA256
	if _, err := h.Approve(t.Context(), h.bruno, run.ID, run.ContentHash); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		files, err := h.File(t.Context(), h.bruno, run.ID)
		if err != nil || len(files) != 1 || files[0].SHA256 != built {
			t.Fatalf("got %v, %v, want the bytes that were built for the approval", files, err)
		}
		for _, i := range h.show(run.ID).Instructions() {
			inFile := strings.Count(string(files[0].Content), "<EndToEndId>"+i.EndToEndID+"</EndToEndId>")
			if ofTheDay := i.State == payments.InTransit; (inFile == 1) != ofTheDay || inFile > 1 {
				t.Errorf("%s, %s, stands %d times in the file", i.EndToEndID, i.State, inFile)
			}
		}
	}
	if got := named(h.show(run.ID)); !slices.Equal(got, ids) {
		t.Errorf("the identifiers were %v and are %v", ids, got)
	}
	h.clean()
}

func TestATransferLeavesInOneFileWhoeverFilesAtOnce(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run := h.approved()
	contents := make([][]byte, 12)
	var wait sync.WaitGroup
	for n := range contents {
		wait.Go(func() {
			files, err := h.File(t.Context(), h.bruno, run.ID)
			if err != nil || len(files) != 1 {
				t.Errorf("got %d files, %v", len(files), err)
				return
			}
			contents[n] = files[0].Content
		})
	}
	wait.Wait()
	for _, content := range contents[1:] {
		if !bytes.Equal(content, contents[0]) {
			t.Error("two files of one run differ")
		}
	}
	for what, sql := range map[string]string{
		"transfers that stand in two files": `SELECT count(*) FROM (SELECT FROM masp.payment_file_instructions WHERE NOT void
			GROUP BY instruction_id HAVING count(*) > 1) twice`,
		"entries of one transfer too many": `SELECT count(*) - count(DISTINCT source) FROM masp.entries WHERE kind = 'PAYMENT'`,
		"files too many":                   `SELECT count(*) - 1 FROM masp.payment_files WHERE released_at IS NOT NULL`,
	} {
		if n := h.number(sql); n != 0 {
			t.Errorf("%d %s", n, what)
		}
	}
	h.person(person{id: "M-0002", balance: "50.00"})
	h.owes(obligation{id: "O-OTHER", mandate: "M-0002", class: "RENT", creditor: "C-LAND", amount: "10.00"})
	other := h.run(payments.Ask{Mandates: []string{"M-0002"}})
	got := h.app(`INSERT INTO masp.payment_file_instructions (file_id, instruction_id, payment_info_id)
		SELECT f.file_id, i.instruction_id, 'AGAIN' FROM masp.payment_files f, masp.instructions i
		 WHERE f.run_id = $1 AND i.run_id = $2 AND i.state = 'in_transit'`, other.ID, run.ID)
	if got != "instruction_in_one_file" {
		t.Errorf("PostgreSQL, of a transfer in a second file: %s", got)
	}
	h.clean()
}
