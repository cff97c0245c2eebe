package payments_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"

	"masp/ledger"
	"masp/ledger/civil"
	"masp/payments"
)

func TestARunLivesFromProposalToSettlement(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	run := h.propose()
	checkText(t, "lines", lines(run), `O-RENT 217.50 PAID
O-INS 18.40 PAID
O-DEBT 30.00 PAID
O-KEEP 40.00 RESERVED
`)
	checkText(t, "transfers", transfers(run), `PAYMENT C-LAND 247.50 2026-11-05 draft
PAYMENT C-INSURER 18.40 2026-11-05 draft
REMITTANCE C-SELF-M-0001 148.53 2026-11-05 draft
REMITTANCE C-SELF-M-0001 148.53 2026-11-12 draft
REMITTANCE C-SELF-M-0001 148.52 2026-11-19 draft
REMITTANCE C-SELF-M-0001 148.52 2026-11-26 draft
`)
	if got := h.show(run.ID); len(got.Files) > 0 {
		t.Errorf("a proposal has files: %v", got.Files)
	} else if run.Files = got.Files; !reflect.DeepEqual(got, run) {
		t.Errorf("shown\n%+v\nproposed\n%+v", got, run)
	}
	if got := h.held(ledger.Mandate("M-0001")); got != "900.00" {
		t.Errorf("a proposal moves money: %s are left of 900.00", got)
	}
	submitted, err := h.Submit(t.Context(), h.anne, run.ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(submitted.Files) != 1 || submitted.Files[0].Transfers != 3 || !submitted.Files[0].ReleasedAt.IsZero() {
		t.Fatalf("submission builds %+v, want one file of the three transfers of the day, not released", submitted.Files)
	}
	h.clean()
	if _, err := h.Approve(t.Context(), h.bruno, run.ID, submitted.ContentHash); err != nil {
		t.Fatal(err)
	}
	h.checkApproved(run.ID)
	h.checkFiled(run.ID)
	h.settleAll(run.ID)
}

func (h *house) checkApproved(id string) {
	h.t.Helper()
	checkText(h.t, "transfers", transfers(h.show(id)), `PAYMENT C-LAND 247.50 2026-11-05 in_transit
PAYMENT C-INSURER 18.40 2026-11-05 in_transit
REMITTANCE C-SELF-M-0001 148.53 2026-11-05 scheduled
REMITTANCE C-SELF-M-0001 148.53 2026-11-12 scheduled
REMITTANCE C-SELF-M-0001 148.52 2026-11-19 scheduled
REMITTANCE C-SELF-M-0001 148.52 2026-11-26 scheduled
`)
	for what, pair := range map[string][2]string{
		"the person's account": {h.held(ledger.Mandate("M-0001")), "634.10"},
		"transit":              {h.held(ledger.InTransit), "265.90"},
		"paid of the rent":     {h.duePaid("O-RENT"), "217.50"},
		"paid of the reserve":  {h.duePaid("O-KEEP"), "40.00"},
		"left of the debt":     {h.owed("D-1"), "510.00"},
	} {
		if pair[0] != pair[1] {
			h.t.Errorf("%s: got %s, want %s", what, pair[0], pair[1])
		}
	}
	if n := h.number(`SELECT sum(amount_cents) FROM masp.reserve_movements`); n != 4000 {
		h.t.Errorf("%d cents are reserved, want 4000", n)
	}
	h.clean()
}

func (h *house) checkFiled(id string) {
	h.t.Helper()
	first, err := h.File(h.t.Context(), h.bruno, id)
	if err != nil || len(first) != 1 {
		h.t.Fatalf("got %d files and %v, want one", len(first), err)
	}
	again, err := h.File(h.t.Context(), h.bruno, id)
	if err != nil || len(again) != 1 || !bytes.Equal(again[0].Content, first[0].Content) {
		h.t.Fatalf("filed again: %v, want the same bytes", err)
	}
	for range 2 {
		if err := h.HandOver(h.t.Context(), h.carla, id); err != nil {
			h.t.Fatalf("hand over: %v", err)
		}
	}
	if got := h.show(id).State; got != payments.HandedOver {
		h.t.Errorf("the run is %s, want handed_over", got)
	}
	h.clean()
}

// settleAll lets the weeks pass until the bank has debited everything.
func (h *house) settleAll(id string) {
	h.t.Helper()
	h.bankDebits(h.show(id).Instructions()[:3]...)
	for week, day := range []string{"2026-11-12", "2026-11-19", "2026-11-26"} {
		if got := h.show(id).State; got != payments.HandedOver {
			h.t.Errorf("before week %d the run is %s, want handed_over", week+2, got)
		}
		h.at(civil.MustParse(day), 7)
		files, err := h.ReleaseDue(h.t.Context())
		if err != nil || len(files) != 1 || files[0].Transfers != 1 {
			h.t.Fatalf("released %d files on %s: %v, want one of one transfer", len(files), day, err)
		}
		h.bankDebits(h.show(id).Instructions()[3+week])
	}
	if got := h.show(id).State; got != payments.Settled {
		h.t.Errorf("the run is %s, want settled", got)
	}
	if got := h.held(ledger.InTransit); got != "0.00" {
		h.t.Errorf("%s are still in transit", got)
	}
	h.clean()
}

func TestFilesOfARunFitTheSchemaOfTheirBank(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.creditor("C-LAND", "LANDLORD")
	for id, version := range map[string]string{"M-0001": "001.09", "M-0002": "001.03"} {
		h.person(person{id: id, balance: "900.00", pain: version})
		h.owes(obligation{id: "O-" + id, mandate: id, class: "RENT", creditor: "C-LAND", amount: "300.00"})
	}
	run := h.filed()
	files, err := h.File(t.Context(), h.bruno, run.ID)
	if err != nil || len(files) != 2 {
		t.Fatalf("got %d files and %v, want one for each version", len(files), err)
	}
	ids := make(map[string]bool)
	for _, f := range files {
		validate(t, f)
		if len(f.MessageID) > 35 || ids[f.MessageID] {
			t.Errorf("message id %q: want at most 35 characters and each once", f.MessageID)
		}
		ids[f.MessageID] = true
	}
	if n := h.number(`SELECT count(DISTINCT payment_info_id) FROM masp.payment_file_instructions`); n != 2 {
		t.Errorf("%d batch references for two files of one day, want two: a rejection names one of them", n)
	}
	h.clean()
}

// validate runs xmllint with the official schema of the file's version.
func validate(t *testing.T, f payments.PaymentFile) {
	t.Helper()
	lint, err := exec.LookPath("xmllint")
	schema := filepath.Join("..", "..", "shared", "xsd", "pain.001."+f.PainVersion+".xsd")
	if err == nil {
		_, err = os.Stat(schema)
	}
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("the schema check is needed in CI: %v", err)
		}
		t.Skipf("the schema check is skipped: %v", err)
	}
	name := filepath.Join(t.TempDir(), "file.xml")
	if err := os.WriteFile(name, f.Content, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(lint, "--noout", "--schema", schema, name).CombinedOutput(); err != nil {
		t.Errorf("%s does not validate: %v\n%s", f.Name, err, out)
	}
}

func checkText(t testing.TB, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got\n%s\nwant\n%s", what, got, want)
	}
}
