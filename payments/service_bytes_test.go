package payments_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"masp/payments"
	"masp/payments/sepa"
)

func TestNothingInAFileTellsOfTheMeasure(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.person(person{id: "M-0002", balance: "1.00", restricted: "100.00"})
	run := h.filed()
	files, err := h.File(t.Context(), h.bruno, run.ID)
	if err != nil {
		t.Fatal(err)
	}
	content := string(files[0].Content)
	for _, word := range []string{"MASP", "RSA", "CAF", "mandat", "mesure", "tutelle", "bénéficiaire", "O-KEEP", run.ID, "PASS_THROUGH"} {
		if strings.Contains(strings.ToLower(content), strings.ToLower(word)) {
			t.Errorf("the bank's file says %q:\n%s", word, content)
		}
	}
	for _, i := range run.Instructions() {
		if len(i.EndToEndID) > 35 || strings.Contains(i.EndToEndID, i.Mandate) {
			t.Errorf("identifier %q: want at most 35 neutral characters", i.EndToEndID)
		}
	}
}

func TestAReferenceThatNamesTheMeasureStopsTheSubmission(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	h.owner(`UPDATE masp.obligations SET reference = 'MASP de Mme Exemple' WHERE obligation_id = 'O-INS'`)
	run := h.propose()
	var refused *sepa.RefusedError
	if _, err := h.Submit(t.Context(), h.anne, run.ID); !errors.As(err, &refused) {
		t.Errorf("got %v, want a RefusedError", err)
	}
	if got := h.show(run.ID); got.State != payments.Draft || len(got.Files) > 0 {
		t.Errorf("a refused submission leaves a run that is %s with %d files", got.State, len(got.Files))
	}
}

func TestReferencesOfManyLinesFitTheFile(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.creditor("C-LAND", "LANDLORD")
	h.person(person{id: "M-0001", balance: "500.00"})
	for i := range 12 {
		h.owes(obligation{id: fmt.Sprintf("O-BILL-%02d-ŒUVRE", i)[:9], mandate: "M-0001", class: "OTHER_BILL", creditor: "C-LAND", amount: "10.00"})
	}
	h.owner(`UPDATE masp.obligations SET reference = 'Œuvre nº ' || obligation_id || ' & dépendances'`)
	run := h.submitted()
	if got := h.to(run, "C-LAND"); got.Amount.String() != "120.00" || !strings.HasPrefix(got.Reference, "Œuvre nº O-BILL-00 & dépendances, Œuvre nº O-BILL-01") {
		t.Errorf("got %s %q", got.Amount, got.Reference)
	}
}

func TestACancelledRunKeepsItsBytesAndTheNextOneHasItsOwn(t *testing.T) {
	t.Parallel()
	h := evasHouse(t)
	first := h.submitted()
	if err := h.Cancel(t.Context(), h.anne, first.ID); err != nil {
		t.Fatal(err)
	}
	second := h.filed()
	void, left := h.show(first.ID).Files[0], second.Files[0]
	if void.MessageID == left.MessageID || bytes.Equal(void.SHA256[:], left.SHA256[:]) {
		t.Errorf("two runs share %s", void.MessageID)
	}
	if n := h.number(`SELECT count(*) FROM masp.payment_file_instructions f JOIN masp.instructions i USING (instruction_id)
		WHERE NOT f.void AND i.state = 'cancelled'`); n != 0 {
		t.Errorf("%d cancelled transfers stand in a file that may leave", n)
	}
	h.clean() // verify makes both files again, byte by byte
}
