package v1_test

import (
	"net/http"
	"testing"

	"masp/api/contract"
	"masp/migrations/dbtest"
)

// TestEveryExampleOfTheContractWorksWordByWord plays the readings on one desk and each change on one of its own.
// One change in eight is drawn, all of them in CI.
func TestEveryExampleOfTheContractWorksWordByWord(t *testing.T) {
	t.Parallel()
	of, err := judged()
	if err != nil {
		t.Fatal(err)
	}
	run, readers, lot := 0, newDesk(t), dbtest.NewLot(t, 8, 1, 1)
	for _, op := range of.Operations {
		example, has, err := op.Example()
		if err != nil {
			t.Error(err)
		}
		if op.TakesJSON() && (!has || example.Body == nil) {
			t.Errorf("%s takes a body and shows none", op.ID)
		}
		if !has {
			continue
		}
		run++
		if op.Writes() && !lot.Takes() {
			continue
		}
		t.Run(op.ID, func(t *testing.T) {
			if !op.Writes() {
				playExample(t, readers.of(t), op, example)
				return
			}
			t.Parallel()
			playExample(t, newDesk(t), op, example)
		})
	}
	if run == 0 {
		t.Error("the contract has no example")
	}
}

// of is the desk in another test, which changes nothing.
func (d *desk) of(t *testing.T) *desk {
	return &desk{t: t, db: d.db, house: d.house, server: d.server, tokens: d.tokens, office: d.office}
}

func playExample(t *testing.T, d *desk, op *contract.Operation, e contract.Example) {
	t.Helper()
	var more []header
	if op.Guarded {
		if tag := d.ask(e.As, http.MethodGet, e.Path, "").Header.Get("ETag"); tag != "" {
			more = append(more, header{"If-Match", tag})
		}
	}
	got := d.ask(e.As, op.Method, e.Path, string(e.Body), more...)
	if e.Status != 0 && got.Status != e.Status || e.Status == 0 && got.Status >= http.StatusMultipleChoices {
		t.Errorf("%s %s as %s: got %d, want %d (0: a success)\n%s", op.Method, e.Path, e.As, got.Status, e.Status, got.Body)
	}
}
