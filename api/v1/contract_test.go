package v1_test

import (
	"net/http"
	"testing"

	"masp/api/contract"
)

func TestEveryExampleOfTheContractWorksWordByWord(t *testing.T) {
	t.Parallel()
	of, err := judged()
	if err != nil {
		t.Fatal(err)
	}
	run := 0
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
		t.Run(op.ID, func(t *testing.T) {
			t.Parallel()
			playExample(t, op, example)
		})
	}
	if run == 0 {
		t.Error("the contract has no example")
	}
}

func playExample(t *testing.T, op *contract.Operation, e contract.Example) {
	t.Helper()
	d := newDesk(t)
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
