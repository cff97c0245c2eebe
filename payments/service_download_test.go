package payments_test

import (
	"errors"
	"testing"
	"time"

	"masp/api/auth"
	"masp/ledger/chain"
	"masp/payments"
)

func TestAFileIsFetchedASecondTimeForAReason(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run := h.approved()
	name := run.Files[0].Name
	var state *payments.StateError
	if _, err := h.Download(t.Context(), h.bruno, name, ""); !errors.As(err, &state) {
		t.Errorf("a file that has not left: got %v", err)
	}
	files, err := h.File(t.Context(), h.bruno, run.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := h.Download(t.Context(), h.bruno, name, ""); err != nil || string(got.Content) != string(files[0].Content) {
		t.Errorf("the first time: %v", err)
	}
	if _, err := h.Download(t.Context(), h.bruno, name, " "); !errors.Is(err, payments.ErrNoReason) {
		t.Errorf("the second time without a reason: got %v", err)
	}
	robot := h.user("robot", auth.Machine)
	for _, again := range []struct {
		who    auth.Principal
		reason string
	}{{h.bruno, "le portail était en panne"}, {robot, ""}} {
		if _, err := h.Download(t.Context(), again.who, name, again.reason); err != nil {
			t.Errorf("%s again: %v", again.who.ID, err)
		}
	}
	_, fetched, err := h.FileNamed(t.Context(), name)
	if err != nil || len(fetched) != 3 || fetched[1].Reason != "le portail était en panne" || fetched[2].By != "robot" {
		t.Errorf("got %v, %v", fetched, err)
	}
	if found := h.findings(); len(found) > 0 {
		t.Errorf("verify finds %v", found)
	}
	if err := h.VoidFile(t.Context(), h.bruno, name, "illisible"); err != nil {
		t.Fatal(err)
	}
	var void *payments.VoidFileError
	if _, err := h.Download(t.Context(), h.bruno, name, "encore"); !errors.As(err, &void) {
		t.Errorf("a void file: got %v", err)
	}
	if _, err := h.Download(t.Context(), h.bruno, "autre.xml", ""); !errors.Is(err, payments.ErrNoFile) {
		t.Errorf("no file: got %v", err)
	}
	if found := h.findings(); len(found) > 0 {
		t.Errorf("verify finds %v", found)
	}
}

func TestNoFileIsFetchedFromAHouseThatWasRestored(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run := h.filed()
	if err := h.MarkRestored(t.Context(), h.user("root", auth.Admin), time.Time{}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Download(t.Context(), h.bruno, run.Files[0].Name, ""); !errors.Is(err, payments.ErrRestored) {
		t.Errorf("got %v, want %v", err, payments.ErrRestored)
	}
}

func TestTransfersAreFoundPageByPage(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run := h.filed()
	all := run.Instructions()
	var found []payments.Instruction
	look := payments.Search{Run: run.ID, Most: 2}
	for {
		page, err := h.Transfers(t.Context(), look)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		found = append(found, page...)
		look.After = page[len(page)-1].ID
	}
	if n, err := h.CountTransfers(t.Context(), payments.Search{Mandate: "M-0001"}); err != nil || n != len(all) || len(found) != n {
		t.Errorf("found %d, counted %d of %d transfers, %v", len(found), n, len(all), err)
	}
	none, err := h.Transfers(t.Context(), payments.Search{Mandates: []string{}, Most: 9})
	if err != nil || len(none) != 0 {
		t.Errorf("who reaches nobody finds %d, %v", len(none), err)
	}
	at, err := h.FindTransfer(t.Context(), all[0].EndToEndID)
	if err != nil || at != (payments.TransferAt{Run: run.ID, Mandate: "M-0001", File: run.Files[0].Name}) {
		t.Errorf("got %+v, %v", at, err)
	}
	if _, err := h.FindTransfer(t.Context(), "V000009-000001"); !errors.Is(err, payments.ErrNoTransfer) {
		t.Errorf("got %v", err)
	}
	if runs, err := h.RunsOf(t.Context(), []string{"M-0001", "M-9999"}); err != nil || len(runs) != 1 || runs[0] != run.ID {
		t.Errorf("got %v, %v", runs, err)
	}
	if run.ContentHash == (chain.Hash{}) {
		t.Error("a run without content")
	}
}
