package v1_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/ledger/audit"
	"masp/ledger/civil"
	"masp/payments"
)

// ux 33
func TestWhatTheBankSentBackIsListedWithWhatToDo(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	path, _ := d.filed("c.martin")
	sent := d.get("k.perrin", "/v1/payments?run="+path[len(runs)+1:]+"&state=in_transit").wants(200)
	for i, reason := range []string{"AC04", "ZZ99"} {
		d.rejects(sent.text("data", i, "payment"), reason)
	}
	got := d.get("c.martin", "/v1/failed_payments?count=exact").wants(200)
	if got.length("data") != 2 {
		t.Fatalf("got %s", got.Body)
	}
	said := map[string]string{}
	for i := range 2 {
		said[got.text("data", i, "reason")] = got.text("data", i, "text")
		if got.get("data", i, "due_again") != true || got.text("data", i, "person") == "" {
			t.Errorf("row %d: %s", i, got.Body)
		}
	}
	if said["AC04"] != "Compte fermé. Demandez un nouveau RIB." || said["ZZ99"] != "Code ZZ99 : voir la banque." {
		t.Errorf("got %v", said)
	}
	if other := d.get("c.nadir", "/v1/failed_payments").wants(200); other.length("data") != 0 {
		t.Errorf("another coordinator sees %s", other.Body)
	}
	d.post("c.martin", "/v1/payments/"+got.text("data", 0, "payment")+"/reissues", `{}`, "").wants(201)
	if open := d.get("c.martin", "/v1/failed_payments?open=true").wants(200); open.length("data") != 1 {
		t.Errorf("what is issued again is still open: %s", open.Body)
	}
}

// rejects is the bank's answer that it does not carry a transfer out.
func (d *desk) rejects(endToEnd, reason string) {
	d.t.Helper()
	var id int64
	d.scan(`SELECT instruction_id FROM masp.instructions WHERE end_to_end_id = $1`, &id, endToEnd)
	ctx := d.t.Context()
	err := pgx.BeginFunc(ctx, d.db.App, func(tx pgx.Tx) error {
		_, err := d.house.Payments.RejectTx(ctx, tx, payments.Rejection{
			Instruction: id, Reason: reason, Source: "pain.002 " + endToEnd, On: civil.MustParse("2026-11-05"), Actor: "test",
		})
		if err != nil {
			return err
		}
		_, err = audit.Record(ctx, tx, audit.Act{Actor: "test", Action: "test.change", ObjectType: "test", ObjectID: "desk"})
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
}
