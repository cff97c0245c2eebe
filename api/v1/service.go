package v1

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5/pgxpool"

	"masp/api"
	"masp/api/auth"
	"masp/api/auth/oidc"
	"masp/imports"
	"masp/imports/reconcile"
	"masp/ledger"
	"masp/payments"
	"masp/payments/mandates"
	"masp/payments/worklist"
)

// House is the services that the operations call.
type House struct {
	DB        *pgxpool.Pool
	Ledger    *ledger.Ledger
	Auth      *auth.Service
	Mandates  *mandates.Service
	Payments  *payments.Service
	Worklist  *worklist.Service
	Imports   *imports.Service
	Reconcile *reconcile.Service
	Reach     Reacher
	OIDC      *oidc.Provider // the way in by the organisation's own provider of identities; nil is none
	BaseURL   string         // where browsers reach us, before what is handed out as a link

	seal Seal
}

// Reacher knows which mandates a principal reaches.
type Reacher interface {
	Reaches(ctx context.Context, who auth.Principal, mandate string) (bool, error)
	Reached(ctx context.Context, who auth.Principal) ([]string, error)
}

// Operations is what the program does for the contract. It reads the key that seals the numbers of
// rows.
func (h *House) Operations(ctx context.Context) ([]api.Operation, error) {
	seal, err := readSeal(ctx, h.DB)
	if err != nil {
		return nil, err
	}
	h.seal = seal
	return h.operations(), nil
}

// Routes are the operations as a table: which action each asks. Nothing stands behind them.
func Routes() []api.Operation { return (&House{}).operations() }

func (h *House) operations() (all []api.Operation) {
	for _, of := range [][]api.Operation{
		h.mandateOperations(), h.lifeOperations(), h.orderOperations(), h.beneficiaryOperations(),
		h.benefitOperations(), h.obligationOperations(), h.housingOperations(), h.contributionOperations(),
		h.runOperations(), h.paymentOperations(), h.paperOperations(), h.privacyOperations(), h.controlOperations(), h.bankOperations(),
		h.creditorOperations(), h.debtOperations(), h.alertOperations(), h.settingOperations(),
		h.identityOperations(), h.userOperations(), h.tokenOperations(), h.cardOperations(), h.meOperations(), h.oidcOperations(), h.bookOperations(), h.deskOperations(),
	} {
		all = append(all, of...)
	}
	return all
}

// reached answers as if the mandate did not exist when it is not in the reach of who asks.
func (h *House) reached(ctx context.Context, c *api.Call, mandate string) error {
	if c.Reach == auth.Whole {
		closed, err := h.closed(ctx, c)
		if err == nil && slices.Contains(closed, mandate) {
			err = errArchived()
		}
		return err
	}
	ok, err := h.Reach.Reaches(ctx, c.Who, mandate)
	if err != nil {
		return err
	}
	if !ok {
		return api.NotFound()
	}
	return nil
}

// within keeps what belongs to a mandate that who asks reaches.
func within[T any](ctx context.Context, h *House, c *api.Call, all []T, mandate func(T) string) ([]T, error) {
	if c.Reach == auth.Whole {
		closed, err := h.closed(ctx, c)
		if err != nil || len(closed) == 0 {
			return all, err
		}
		return slices.DeleteFunc(slices.Clone(all), func(one T) bool { return slices.Contains(closed, mandate(one)) }), nil
	}
	reached, err := h.Reach.Reached(ctx, c.Who)
	if err != nil {
		return nil, err
	}
	known := make(map[string]bool, len(reached))
	for _, id := range reached {
		known[id] = true
	}
	kept := make([]T, 0, len(reached))
	for _, one := range all {
		if known[mandate(one)] {
			kept = append(kept, one)
		}
	}
	return kept, nil
}

func ascending(a, b string) bool { return a < b }
