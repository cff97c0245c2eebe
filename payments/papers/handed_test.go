package papers_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/api/auth"
	"masp/ledger/chain"
	"masp/payments/mandates"
	"masp/payments/papers"
)

func TestWhoReceivedWhichPaperIsKept(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.money(on("2028-12-05"), 12345)
	ask := papers.Handed{
		Mandate: "M-1", Kind: papers.KindStatement, From: on("2028-12-01"), To: on("2028-12-31"), Recipient: papers.ToPerson, Means: papers.ByHand,
	}
	noted, err := h.HandOver(t.Context(), h.anne, ask)
	h.must(err)
	made, err := h.Statement(t.Context(), "M-1", ask.From, ask.To)
	h.must(err)
	list, err := h.HandedOver(t.Context(), "M-1")
	h.must(err)
	if len(list) != 1 || list[0].Fingerprint != made.Paper().Fingerprint() || list[0].RecordedBy != "anne" || list[0].On != on("2029-01-10") {
		t.Fatalf("got %+v, noted %+v", list, noted)
	}
	with := func(change func(*papers.Handed)) papers.Handed { other := ask; change(&other); return other }
	nobody, auditor := auth.Principal{}, h.user("ines", auth.Auditor)
	for _, c := range []struct {
		name string
		who  auth.Principal
		ask  papers.Handed
		want error
	}{
		{"twice", h.anne, ask, papers.ErrTwice},
		{"by nobody", nobody, with(func(p *papers.Handed) { p.Means = papers.ByPost }), papers.ErrToken},
		{"by an auditor", auditor, with(func(p *papers.Handed) { p.Means = papers.ByPost }), papers.ErrRole},
		{"before its days are over", h.anne, with(func(p *papers.Handed) { p.On = on("2028-12-30") }), papers.ErrDay},
		{"in the future", h.anne, with(func(p *papers.Handed) { p.On = on("2029-01-11") }), papers.ErrDay},
		{"to somebody unnamed", h.anne, with(func(p *papers.Handed) { p.Recipient = papers.ToOther }), papers.ErrRecipient},
		{"by a pigeon", h.anne, with(func(p *papers.Handed) { p.Means = "PIGEON" }), papers.ErrRecipient},
		{"the final account of a measure that goes on", h.anne, with(func(p *papers.Handed) { p.Kind = papers.KindFinal }), papers.ErrNotOver},
		{"of no kind", h.anne, with(func(p *papers.Handed) { p.Kind = "POEM" }), papers.ErrKind},
		{"of nobody", h.anne, with(func(p *papers.Handed) { p.Mandate = "M-9" }), mandates.ErrNoMandate},
	} {
		if _, err := h.HandOver(t.Context(), c.who, c.ask); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
	h.refused("MA142", `SELECT masp.hand_over_paper($1, 'M-1', 'FINAL', '2028-12-01', '2028-12-31', sha256('x'), 'PERSON', 'POST', '2029-01-10', '')`,
		h.anne.Secret())
	h.refused("42501", `INSERT INTO masp.handed_papers OVERRIDING SYSTEM VALUE SELECT * FROM masp.handed_papers`)
	h.refused("42501", `DELETE FROM masp.handed_papers`)
	for sql, want := range map[string]string{
		`INSERT INTO masp.handed_papers OVERRIDING SYSTEM VALUE SELECT * FROM masp.handed_papers`: "MA002",
		`UPDATE masp.handed_papers SET recipient = 'COURT'`:                                       "MA001",
		`DELETE FROM masp.handed_papers`:                                                          "MA001",
	} {
		_, err := h.db.Owner.Exec(t.Context(), sql)
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.Code != want {
			t.Errorf("as the owner, %s: got %v, want %s", sql, err, want)
		}
	}
}

func TestNothingIsHandedToThePersonAfterHerDeath(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.money(on("2028-12-05"), 12345)
	h.owner(`UPDATE masp.mandates SET status = 'DECEASED', died_on = '2029-01-08', ended_on = '2029-01-08', end_reason = 'DEATH'`)
	ask := papers.Handed{Mandate: "M-1", Kind: papers.KindFinal, Recipient: papers.ToPerson, Means: papers.ByPost}
	if _, err := h.HandOver(t.Context(), h.anne, ask); !errors.Is(err, papers.ErrDead) {
		t.Errorf("got %v, want %v", err, papers.ErrDead)
	}
	ask.Recipient = papers.ToHeirs
	noted, err := h.HandOver(t.Context(), h.anne, ask)
	h.must(err)
	if noted.From != on("2027-09-01") || noted.To != on("2029-01-10") {
		t.Errorf("got %s to %s, want the days of the measure until today", noted.From, noted.To)
	}
}

func TestWhoFollowsThePersonReadsHerPapersAndNobodyElseDoes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.money(on("2028-12-05"), 12345)
	for _, k := range []papers.Kind{papers.KindStatement, papers.KindAnnual} {
		_, err := h.HandOver(t.Context(), h.anne, papers.Handed{
			Mandate: "M-1", Kind: k, From: on("2028-12-01"), To: on("2028-12-31"), Recipient: papers.ToPerson, Means: papers.ByHand,
		})
		h.must(err)
	}
	for _, c := range []struct {
		who  auth.Principal
		sees bool
	}{{h.anne, true}, {h.user("bruno", auth.Coordinator), false}} {
		err := auth.Restricted(t.Context(), h.db.App, c.who, func(ctx context.Context, _ pgx.Tx) error {
			list, err := h.HandedOver(ctx, "M-1")
			h.must(err)
			if sees := len(list) == 2; sees != c.sees {
				t.Errorf("%s sees %d papers handed over", c.who.ID, len(list))
			}
			for _, k := range []papers.Kind{papers.KindStatement, papers.KindAnnual} {
				made, err := h.Make(ctx, k, "M-1", on("2028-12-01"), on("2028-12-31"))
				switch {
				case !c.sees && !errors.Is(err, mandates.ErrNoMandate):
					t.Errorf("%s: got %v, want %v", c.who.ID, err, mandates.ErrNoMandate)
				case c.sees && err != nil:
					t.Errorf("%s: %v", c.who.ID, err)
				case c.sees && chain.Hash(made.Paper().Fingerprint()) != list[slices.IndexFunc(list, func(p papers.Handed) bool { return p.Kind == k })].Fingerprint:
					t.Errorf("%s reads another %s than was handed over", c.who.ID, k)
				}
			}
			return nil
		})
		h.must(err)
	}
}
