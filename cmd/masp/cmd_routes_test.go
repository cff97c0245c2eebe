package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestTheRoutesSayWhoMayWithoutADatabase(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"routes", "--json"}, &out, &errs); code != exitOK {
		t.Fatalf("got exit code %d: %s", code, &errs)
	}
	var all []route
	if err := json.Unmarshal(out.Bytes(), &all); err != nil {
		t.Fatal(err)
	}
	byID := map[string]route{}
	for _, r := range all {
		byID[r.Operation] = r
		if (r.Action == "") != (len(r.Roles) == 0) {
			t.Errorf("%s: the action is %q and its roles are %v: an action is of somebody", r.Operation, r.Action, r.Roles)
		}
	}
	got := byID["approvePaymentRun"]
	if got.Method != "POST" || got.Roles["approver"] != "whole" || len(got.Roles) != 1 {
		t.Errorf("got %+v, want approvals by approvers alone", got)
	}
	out.Reset()
	run(t.Context(), []string{"routes"}, &out, &errs)
	for line := range strings.Lines(out.String()) {
		if strings.Contains(line, "getMandate ") && !strings.Contains(line, "coordination (les siens), validation (tout)") {
			t.Errorf("got %q", line)
		}
	}
}
