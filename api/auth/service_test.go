package auth_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"masp/api/auth"
	"masp/migrations/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

var (
	operator = auth.Principal{}
	carine   = auth.User{ID: "c.blanc", Name: "Carine Blanc", Roles: []auth.Role{auth.Coordinator}}
)

// house is an organisation with an admin and a coordinator.
type house struct {
	*auth.Service
	t            *testing.T
	db           *dbtest.DB
	admin, carla auth.Principal
}

// turns are those of the tests by house.
var turns = dbtest.Turns{OneIn: 3, Doors: []string{"open", "openDesk", "openWithPersons", "openReach"}}

func open(t *testing.T, inProduction bool) *house {
	t.Helper()
	turns.Take(t)
	db := dbtest.New(t)
	h := &house{Service: &auth.Service{DB: db.App}, t: t, db: db}
	_, err := db.Owner.Exec(t.Context(), `
		INSERT INTO masp.organisations (name, opened_on, created_at) VALUES ('Les Essais', '2026-11-01', masp.now())`)
	if err != nil {
		t.Fatal(err)
	}
	h.admin = h.add(auth.User{ID: "root.one", Name: "Rémi Un", Roles: []auth.Role{auth.Admin}})
	h.carla = h.add(auth.User{ID: "carla", Name: "Carla Petit", Roles: []auth.Role{auth.Coordinator, auth.Approver}})
	if _, err := db.Owner.Exec(t.Context(), `UPDATE masp.organisations SET in_production = $1`, inProduction); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) add(u auth.User) auth.Principal {
	h.t.Helper()
	token, err := h.Add(h.t.Context(), operator, u)
	if err != nil {
		h.t.Fatalf("add %s: %v", u.ID, err)
	}
	return h.who(token)
}

func (h *house) who(token string) auth.Principal {
	h.t.Helper()
	who, err := h.Authenticate(h.t.Context(), token)
	if err != nil {
		h.t.Fatal(err)
	}
	return who
}

// acts are the actors of an action, in order.
func (h *house) acts(action string) []string {
	h.t.Helper()
	rows, err := h.db.App.Query(h.t.Context(), `SELECT actor FROM masp.audit_log WHERE action = $1 ORDER BY seq`, action)
	if err != nil {
		h.t.Fatal(err)
	}
	actors, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		h.t.Fatal(err)
	}
	return actors
}

func TestBeforeProductionTheOperatorMakesUsers(t *testing.T) {
	t.Parallel()
	h := open(t, false)
	if _, err := h.Add(t.Context(), h.carla, carine); err != nil {
		t.Errorf("coordinator: %v", err)
	}
	if got := h.acts("user.add"); len(got) != 3 || got[0] != auth.Operator || got[2] != "carla" {
		t.Errorf("the log names %v, want the operator twice, then carla", got)
	}
	if _, err := h.Issue(t.Context(), auth.Principal{}, "nobody"); !errors.Is(err, auth.ErrNoUser) {
		t.Errorf("token of nobody: got %v, want ErrNoUser", err)
	}
}

func TestWhoHoldsATokenIsGivenAnotherByHimselfOrAnAdminOnly(t *testing.T) {
	t.Parallel()
	h := open(t, false)
	other := h.add(carine)
	for _, c := range []struct {
		name string
		by   auth.Principal
		want error
	}{{"operator", operator, auth.ErrNoProof}, {"colleague", other, auth.ErrRole}} {
		if _, err := h.Issue(t.Context(), c.by, "carla"); !errors.Is(err, c.want) {
			t.Errorf("%s takes her token: got %v, want %v", c.name, err, c.want)
		}
		if _, err := h.Revoke(t.Context(), c.by, "carla"); !errors.Is(err, c.want) {
			t.Errorf("%s revokes hers, to make the next one the first: got %v, want %v", c.name, err, c.want)
		}
		if _, err := h.Add(t.Context(), c.by, h.carla.User); !errors.Is(err, c.want) {
			t.Errorf("%s adds her again: got %v, want %v", c.name, err, c.want)
		}
	}
	for _, by := range []auth.Principal{h.carla, h.admin} {
		if token, err := h.Issue(t.Context(), by, "carla"); err != nil || h.who(token).ID != "carla" {
			t.Errorf("by %s: %v", by.ID, err)
		}
	}
	if got, err := h.Revoke(t.Context(), h.admin, "carla"); err != nil || got != 3 {
		t.Fatalf("got %d, %v, want her three tokens revoked", got, err)
	}
	if token, err := h.Issue(t.Context(), operator, "carla"); err != nil || h.who(token).ID != "carla" {
		t.Errorf("without a living token the operator gives the first one: %v", err)
	}
}

func TestTwoFirstTokensAtOnceAreOne(t *testing.T) {
	t.Parallel()
	h := open(t, false)
	if _, err := h.Revoke(t.Context(), h.admin, "carla"); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	var given atomic.Int32
	for range 8 {
		all.Go(func() {
			switch _, err := h.Issue(t.Context(), operator, "carla"); {
			case err == nil:
				given.Add(1)
			case !errors.Is(err, auth.ErrNoProof):
				t.Errorf("got %v, want ErrNoProof", err)
			}
		})
	}
	all.Wait()
	if got := given.Load(); got != 1 {
		t.Errorf("the operator was given %d tokens, want one", got)
	}
}

func TestInProductionOnlyAnAdminMakesUsersAndTokensOfOthers(t *testing.T) {
	t.Parallel()
	h := open(t, true)
	for _, c := range []struct {
		name string
		by   auth.Principal
		want error
	}{{"operator", operator, auth.ErrNoProof}, {"coordinator", h.carla, auth.ErrRole}} {
		if _, err := h.Add(t.Context(), c.by, carine); !errors.Is(err, c.want) {
			t.Errorf("%s adds a user: got %v, want %v", c.name, err, c.want)
		}
		if _, err := h.Issue(t.Context(), c.by, "root.one"); !errors.Is(err, c.want) {
			t.Errorf("%s takes a token of the admin: got %v, want %v", c.name, err, c.want)
		}
		if _, err := h.Revoke(t.Context(), c.by, "root.one"); !errors.Is(err, c.want) {
			t.Errorf("%s revokes the admin: got %v, want %v", c.name, err, c.want)
		}
		if err := h.Disable(t.Context(), c.by, "root.one"); !errors.Is(err, c.want) {
			t.Errorf("%s disables the admin: got %v, want %v", c.name, err, c.want)
		}
	}
	if _, err := h.Add(t.Context(), h.admin, carine); !errors.Is(err, auth.ErrOwnToken) {
		t.Errorf("an admin makes the token of a person: got %v, want ErrOwnToken", err)
	}
	if _, err := h.Issue(t.Context(), h.admin, "carla"); !errors.Is(err, auth.ErrOwnToken) {
		t.Errorf("an admin makes another: got %v, want ErrOwnToken", err)
	}
	robot := auth.User{ID: "robot", Name: "Logiciel métier", Roles: []auth.Role{auth.Machine}}
	token, err := h.Add(t.Context(), h.admin, robot)
	if err != nil || h.who(token).ID != robot.ID {
		t.Fatalf("admin: got %v, want the program's token", err)
	}
	if token, err = h.Issue(t.Context(), h.carla, "carla"); err != nil || h.who(token).ID != "carla" {
		t.Errorf("her own new token: %v", err)
	}
	if got := h.acts("token.issue"); len(got) != 4 || got[2] != "root.one" || got[3] != "carla" {
		t.Errorf("the log names %v, want the operator twice, root.one and carla", got)
	}
}

func TestRevokingKeepsTheTokenThatActs(t *testing.T) {
	t.Parallel()
	h := open(t, true)
	lost, err := h.Issue(t.Context(), h.carla, "carla")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := h.Revoke(t.Context(), h.carla, "carla"); err != nil || got != 1 {
		t.Errorf("got %d, %v, want one token revoked", got, err)
	}
	if _, err := h.Authenticate(t.Context(), lost); !errors.Is(err, auth.ErrUnknown) {
		t.Errorf("the lost token: got %v, want ErrUnknown", err)
	}
	h.who(h.carla.Secret())
	if got, err := h.Revoke(t.Context(), h.admin, "carla"); err != nil || got != 1 {
		t.Errorf("by the admin: got %d, %v, want her last one", got, err)
	}
	if _, err := h.Issue(t.Context(), h.carla, "carla"); !errors.Is(err, auth.ErrUnknown) {
		t.Errorf("a revoked token makes another: got %v, want ErrUnknown", err)
	}
}

func TestADisabledUserIsNobodyAndAnAdminIsAlwaysLeft(t *testing.T) {
	t.Parallel()
	h := open(t, true)
	if err := h.Disable(t.Context(), h.admin, "root.one"); !errors.Is(err, auth.ErrSelf) {
		t.Errorf("himself: got %v, want ErrSelf", err)
	}
	if err := h.Disable(t.Context(), h.admin, "carla"); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Authenticate(t.Context(), h.carla.Secret()); !errors.Is(err, auth.ErrUnknown) {
		t.Errorf("her token: got %v, want ErrUnknown", err)
	}
	if _, err := h.Issue(t.Context(), h.admin, "carla"); !errors.Is(err, auth.ErrNoUser) {
		t.Errorf("another token: got %v, want ErrNoUser", err)
	}
	if err := h.Disable(t.Context(), h.admin, "carla"); !errors.Is(err, auth.ErrNoUser) {
		t.Errorf("twice: got %v, want ErrNoUser", err)
	}
	list, err := h.List(t.Context())
	if err != nil || len(list) != 2 || !list[0].Disabled || list[1].Disabled {
		t.Errorf("got %+v, %v, want carla alone disabled", list, err)
	}
}

func TestTheApplicationRoleWritesNoUserAndNoSecret(t *testing.T) {
	t.Parallel()
	h := open(t, false)
	for _, sql := range []string{
		`INSERT INTO masp.users (user_id, name, roles, created_at) VALUES ('x.y', 'X', '{approver}', masp.now())`,
		`UPDATE masp.users SET roles = '{approver}'`,
		`UPDATE masp.users SET disabled_at = NULL`,
		`INSERT INTO masp.credentials (user_id, purpose, secret_hash, created_at, expires_at)
		 VALUES ('carla', 'token', sha256('x'), masp.now(), masp.now() + '1 day')`,
		`UPDATE masp.credentials SET revoked_at = NULL`,
		`SELECT secret_hash FROM masp.credentials`,
		`DELETE FROM masp.users`,
		`UPDATE masp.organisations SET in_production = false`,
	} {
		_, err := h.db.App.Exec(t.Context(), sql)
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.Code != "42501" {
			t.Errorf("got %v, want that the application role may not: %s", err, sql)
		}
	}
}
