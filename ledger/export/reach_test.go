package export_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger/civil"
	"masp/ledger/export"
)

func TestARestrictedReaderExportsHisOwnAndNothingElse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	users := &auth.Service{DB: h.db.App}
	token, err := users.Add(t.Context(), auth.Principal{}, auth.User{ID: "carine", Name: "Carine", Roles: []auth.Role{auth.Coordinator}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := users.Assign(t.Context(), auth.Principal{}, "carine", []string{"M-1"}, civil.Date{}, civil.Date{}); err != nil {
		t.Fatal(err)
	}
	carine, err := users.Authenticate(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []export.Ask{{}, {From: firstDay.AddDays(1), To: firstDay.AddDays(19)}, {Mandate: "M-1"}, {Department: "59"}} {
		for _, a.Format = range export.Formats() {
			var out bytes.Buffer
			var got export.Summary
			err := auth.Restricted(t.Context(), h.db.App, carine, func(ctx context.Context, _ pgx.Tx) (err error) {
				got, err = export.Ledger(ctx, h.db.App, a, &out, nil)
				return err
			})
			want, _ := h.export(t, export.Ask{Format: a.Format, Mandate: "M-1", From: a.From, To: a.To})
			if err != nil || got.Entries == 0 || got.Entries != want.Entries || got.Lines != want.Lines || got.Debit != want.Debit {
				t.Errorf("%+v: got %+v, %v, want the lines of M-1: %+v", a, got, err, want)
			}
			if text := out.String(); strings.Contains(text, "M-2") || strings.Contains(text, "PETIT") || strings.Contains(text, "1234567") {
				t.Errorf("%+v: she reads of others:\n%s", a, text)
			}
		}
	}
	err = auth.Restricted(t.Context(), h.db.App, carine, func(ctx context.Context, _ pgx.Tx) error {
		_, err := export.Preview(ctx, h.db.App, export.Ask{Format: export.CSV, Mandate: "M-3"})
		return err
	})
	if !errors.Is(err, export.ErrNoMandate) {
		t.Errorf("another's mandate: got %v, want ErrNoMandate", err)
	}
}
