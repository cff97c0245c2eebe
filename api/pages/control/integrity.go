package control

import (
	"context"
	"time"

	"masp/api/pages"
	"masp/ledger/civil"
)

// verification is where the books and the log of acts stand.
type verification struct {
	Entries       int        `json:"entries"`
	Seals         int        `json:"seals"`
	Acts          int        `json:"acts"`
	Head          string     `json:"head"`
	ClosedThrough civil.Date `json:"closed_through"`
	SealedDay     civil.Date `json:"sealed_day"`
	SealedAt      time.Time  `json:"sealed_at"`
}

// closing is a month that was closed, or opened again.
type closing struct {
	Month civil.Month `json:"month"`
	Act   string      `json:"act"`
	By    string      `json:"by"`
	At    time.Time   `json:"at"`
}

// Reopened tells that it was opened again.
func (c closing) Reopened() bool { return c.Act == "reopen" }

type integrityShown struct {
	verification
	Closings []closing
}

const recentClosings = "24"

func showIntegrity(ctx context.Context, v *pages.Visit) error {
	var shown integrityShown
	if err := v.Read(ctx, "/v1/verification", &shown.verification); err != nil {
		return err
	}
	var err error
	if shown.Closings, _, err = pages.Some[closing](ctx, v, "/v1/closings?limit="+recentClosings); err != nil {
		return err
	}
	return v.Show("controle_integrite.html", pages.Sheet{Title: "Rien n'est changé après coup", Data: shown, Back: "/controle"})
}
