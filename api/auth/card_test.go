package auth_test

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/migrations/dbtest"
)

// persons are two who are helped; B-2 has died.
const persons = `
	INSERT INTO masp.beneficiaries (beneficiary_id, last_name, first_name, born_on, department)
	VALUES ('B-1', 'Petit', 'Anne', '1970-01-01', '34'), ('B-2', 'Grand', 'Paul', '1950-01-01', '34');
	INSERT INTO masp.mandates (mandate_id, beneficiary_id, level, department, status, threat_ground, contract_start, contract_end,
	        commitments, ended_on, end_reason, died_on)
	VALUES ('M-1', 'B-1', 'MASP1', '34', 'PENDING_SIGNATURE', 'BOTH', '2026-01-01', '2026-12-31', '{}', NULL, NULL, NULL),
	       ('M-2', 'B-2', 'MASP1', '34', 'DECEASED', 'BOTH', '2026-01-01', '2026-12-31',
	        '{PERSON: x,OPERATOR: y}', '2026-10-01', 'DEATH', '2026-10-01')`

func openWithPersons(t *testing.T) *house {
	t.Helper()
	h := open(t, false)
	h.exec(persons)
	return h
}

func (h *house) exec(sql string) {
	h.t.Helper()
	if _, err := h.db.Owner.Exec(h.t.Context(), sql); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) card(person string) auth.Card {
	h.t.Helper()
	card, err := h.PrintCard(h.t.Context(), h.carla, person)
	if err != nil {
		h.t.Fatal(err)
	}
	return card
}

func (h *house) enter(code string) (secret string) {
	h.t.Helper()
	secret, _, err := h.Enter(h.t.Context(), code, "192.0.2.1")
	if err != nil {
		h.t.Fatal(err)
	}
	return secret
}

func TestAPersonEntersWithHerCardOnce(t *testing.T) {
	t.Parallel()
	h := openWithPersons(t)
	card := h.card("M-1")
	if card.Beneficiary != "B-1" || len(card.Code) != 14 || strings.ContainsAny(card.Code, "0O1IL") || time.Until(card.Until) < 29*24*time.Hour {
		t.Fatalf("got %+v, want a card of B-1 for 30 days", card)
	}
	typed := " " + strings.ToLower(strings.ReplaceAll(card.Code, "-", " "))
	secret, p, err := h.Enter(t.Context(), typed, "2001:db8::1")
	if err != nil || p.Beneficiary != "B-1" || p.Means != auth.ByDevice || !p.Is(auth.Beneficiary) || p.ID != "" {
		t.Fatalf("got %+v, %v, want B-1 by device", p, err)
	}
	again := h.who(secret)
	if again.Beneficiary != "B-1" || again.Key != p.Key || again.Secret() != secret || again.Means != auth.ByDevice {
		t.Errorf("the next request is of %+v, want the same", again)
	}
	if _, _, err := h.Enter(t.Context(), card.Code, "192.0.2.7"); !errors.Is(err, auth.ErrCard) {
		t.Errorf("the same code again: got %v, want ErrCard", err)
	}
	if got := h.acts("card.enter"); len(got) != 1 || got[0] != "B-1" {
		t.Errorf("the log names %v, want B-1", got)
	}
	h.mustVerify()
}

// mustVerify wants the tables of cards as the acts have left them; the tests fill others by hand.
func (h *house) mustVerify() {
	h.t.Helper()
	report, err := ledger.Verify(h.t.Context(), h.db.App, ledger.VerifyOptions{})
	if err != nil {
		h.t.Fatal(err)
	}
	for _, f := range report.Findings {
		if found := fmt.Sprint(f); strings.Contains(found, "cards") || strings.Contains(found, "devices") {
			h.t.Errorf("verify finds %s", found)
		}
	}
}

func TestOnlyACoordinatorPrintsACardOfALivingPerson(t *testing.T) {
	t.Parallel()
	h := openWithPersons(t)
	for _, c := range []struct {
		name, person string
		by           auth.Principal
		want         error
	}{
		{"operator", "B-1", operator, auth.ErrNoProof},
		{"admin", "B-1", h.admin, auth.ErrRole},
		{"nobody", "B-9", h.carla, auth.ErrNoPerson},
		{"deceased", "B-2", h.carla, auth.ErrDeceased},
		{"deceased, by mandate", "M-2", h.carla, auth.ErrDeceased},
	} {
		if _, err := h.PrintCard(t.Context(), c.by, c.person); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
	person := h.who(h.enter(h.card("B-1").Code))
	if _, err := h.PrintCard(t.Context(), person, "B-1"); !errors.Is(err, auth.ErrUnknown) {
		t.Errorf("the person herself: got %v, want ErrUnknown", err)
	}
}

func TestACodeEndsByTheNextOneByTimeAndByDeath(t *testing.T) {
	t.Parallel()
	h := openWithPersons(t)
	first, second := h.card("B-1"), h.card("B-1")
	if _, _, err := h.Enter(t.Context(), first.Code, "192.0.2.1"); !errors.Is(err, auth.ErrCard) {
		t.Errorf("the card before: got %v, want ErrCard", err)
	}
	h.db.SetClock(t, second.Until.Add(time.Second))
	if _, _, err := h.Enter(t.Context(), second.Code, "192.0.2.1"); !errors.Is(err, auth.ErrCard) {
		t.Errorf("after 30 days: got %v, want ErrCard", err)
	}
	device, waiting := h.enter(h.card("B-1").Code), h.card("B-1")
	h.exec(`UPDATE masp.mandates SET status = 'DECEASED', died_on = '2026-11-02', ended_on = '2026-11-02',
		end_reason = 'DEATH', commitments = '{PERSON: x,OPERATOR: y}' WHERE mandate_id = 'M-1'`)
	if _, err := h.Authenticate(t.Context(), device); !errors.Is(err, auth.ErrUnknown) {
		t.Errorf("a device after the death: got %v, want ErrUnknown", err)
	}
	if _, _, err := h.Enter(t.Context(), waiting.Code, "192.0.2.1"); !errors.Is(err, auth.ErrCard) {
		t.Errorf("a code after the death: got %v, want ErrCard", err)
	}
}

func TestADeviceLives30DaysFromItsLastUse(t *testing.T) {
	t.Parallel()
	h := openWithPersons(t)
	device := h.enter(h.card("B-1").Code)
	day := time.Now()
	for range 3 {
		day = day.AddDate(0, 0, 29)
		h.db.SetClock(t, day)
		h.who(device)
	}
	h.db.SetClock(t, day.AddDate(0, 0, 31))
	if _, err := h.Authenticate(t.Context(), device); !errors.Is(err, auth.ErrUnknown) {
		t.Errorf("31 days without a use: got %v, want ErrUnknown", err)
	}
	h.mustVerify()
}

func TestThreeDevicesLiveAndEndInOneGo(t *testing.T) {
	t.Parallel()
	h := openWithPersons(t)
	var devices []string
	for range auth.MaxDevices + 1 {
		devices = append(devices, h.enter(h.card("B-1").Code))
	}
	if _, err := h.Authenticate(t.Context(), devices[0]); !errors.Is(err, auth.ErrUnknown) {
		t.Errorf("the first of four: got %v, want ErrUnknown", err)
	}
	me := h.who(devices[1])
	if list, err := h.Devices(t.Context(), me, "B-1"); err != nil || len(list) != auth.MaxDevices || list[2].Key != me.Key {
		t.Errorf("got %+v, %v, want three, hers the oldest", list, err)
	}
	for name, who := range map[string]auth.Principal{"another": h.visitor("B-3"), "admin": h.admin} {
		if _, err := h.Devices(t.Context(), who, "B-1"); !errors.Is(err, auth.ErrRole) {
			t.Errorf("%s lists: got %v, want ErrRole", name, err)
		}
		if _, err := h.EndDevices(t.Context(), who, "B-1"); !errors.Is(err, auth.ErrRole) && !errors.Is(err, auth.ErrUnknown) {
			t.Errorf("%s ends: got %v, want refused", name, err)
		}
	}
	if err := h.Leave(t.Context(), me); err != nil {
		t.Fatal(err)
	}
	waiting := h.card("B-1")
	if ended, err := h.EndDevices(t.Context(), h.carla, "M-1"); err != nil || ended != 2 {
		t.Errorf("got %d, %v, want the two that were left", ended, err)
	}
	for i, d := range devices {
		if _, err := h.Authenticate(t.Context(), d); !errors.Is(err, auth.ErrUnknown) {
			t.Errorf("device %d at its next request: got %v, want ErrUnknown", i, err)
		}
	}
	if _, _, err := h.Enter(t.Context(), waiting.Code, "192.0.2.1"); !errors.Is(err, auth.ErrCard) {
		t.Errorf("the code that waited: got %v, want ErrCard", err)
	}
	mine := h.who(h.enter(h.card("B-1").Code))
	if ended, err := h.EndDevices(t.Context(), mine, "B-1"); err != nil || ended != 1 {
		t.Errorf("the person herself: got %d, %v, want one", ended, err)
	}
	h.mustVerify()
}

// visitor is a further person by her device.
func (h *house) visitor(person string) auth.Principal {
	h.t.Helper()
	h.exec(fmt.Sprintf(`INSERT INTO masp.beneficiaries (beneficiary_id, last_name, first_name, born_on, department)
		VALUES ('%s', 'Autre', 'Une', '1980-01-01', '34')`, person))
	return h.who(h.enter(h.card(person).Code))
}

func TestOf64EntriesAtOnceWithOneCodeOneOpensADevice(t *testing.T) {
	t.Parallel()
	h := openWithPersons(t)
	card := h.card("B-1")
	var opened, slowed atomic.Int32
	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() {
			_, _, err := h.Enter(t.Context(), card.Code, fmt.Sprintf("192.0.2.%d", i))
			var slow *auth.SlowedError
			switch {
			case err == nil:
				opened.Add(1)
			case errors.As(err, &slow):
				slowed.Add(1)
			case !errors.Is(err, auth.ErrCard):
				t.Error(err)
			}
		})
	}
	all.Wait()
	if list, err := h.Devices(t.Context(), h.carla, "B-1"); err != nil || len(list) != 1 || opened.Load() != 1 {
		t.Errorf("%d entries, %d devices, %v, want one", opened.Load(), len(list), err)
	}
	t.Logf("%d were slowed", slowed.Load())
}

func TestEntriesAtOnceWithManyCardsLeaveThreeDevices(t *testing.T) {
	t.Parallel()
	h := openWithPersons(t)
	var codes []string
	for range 8 { // each ends the one before: at most one of them opens
		codes = append(codes, h.card("B-1").Code)
	}
	var all sync.WaitGroup
	for i, code := range codes {
		all.Go(func() {
			_, _, _ = h.Enter(t.Context(), code, fmt.Sprintf("192.0.2.%d", i)) // most are refused
			_, _ = h.PrintCard(t.Context(), h.carla, "B-1")                    // while others enter
		})
	}
	all.Wait()
	if list, err := h.Devices(t.Context(), h.carla, "B-1"); err != nil || len(list) > 1 {
		t.Errorf("%d devices, %v, want at most one", len(list), err)
	}
	h.mustVerify()
}

// TestTenThousandGuessesOpenNothingAndAreSlowed tries a thousand of them, all in CI.
func TestTenThousandGuessesOpenNothingAndAreSlowed(t *testing.T) {
	t.Parallel()
	h := openWithPersons(t)
	code := h.card("B-1").Code
	many := dbtest.Form(1_000, 10_000, 10_000)
	if testing.Short() {
		many = 1_000
	}
	guesses := auth.Guesses(code[:4], many) // the beginning was seen over a shoulder
	var tried, slowed atomic.Int32
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			address := netip.AddrFrom4([4]byte{198, 51, 100, byte(worker)}).String()
			for i := worker; i < len(guesses); i += 8 {
				_, _, err := h.Enter(t.Context(), guesses[i], address)
				var slow *auth.SlowedError
				switch {
				case errors.As(err, &slow):
					slowed.Add(1)
				case errors.Is(err, auth.ErrCard):
					tried.Add(1)
				default:
					t.Errorf("guess %s: got %v", guesses[i], err)
				}
			}
		})
	}
	all.Wait()
	if tried.Load() > 20 || int(slowed.Load()) < many-20 {
		t.Errorf("%d guesses were tried and %d slowed, want a handful tried", tried.Load(), slowed.Load())
	}
	// A restart forgets nothing: the card itself waits now, and opens later.
	restarted := &auth.Service{DB: h.db.App}
	var slow *auth.SlowedError
	if _, _, err := restarted.Enter(t.Context(), code, "203.0.113.9"); !errors.As(err, &slow) || slow.RetryAfter <= 0 || slow.RetryAfter > 15*time.Minute {
		t.Errorf("after a restart: got %v, want to wait a quarter of an hour at most", err)
	}
	h.db.SetClock(t, time.Now().Add(16*time.Minute))
	if _, _, err := restarted.Enter(t.Context(), code, "203.0.113.9"); err != nil {
		t.Errorf("a quarter of an hour later: %v", err)
	}
}

func TestOneAddressIsSlowedOverAllBeginnings(t *testing.T) {
	t.Parallel()
	h := openWithPersons(t)
	refused := 0
	for i := range 60 {
		guess := auth.Guesses("", 1)[0]
		_, _, err := h.Enter(t.Context(), guess, fmt.Sprintf("2001:db8::%x", i)) // one household
		var slow *auth.SlowedError
		if errors.As(err, &slow) {
			refused++
		}
	}
	if refused < 30 {
		t.Errorf("%d of 60 were slowed, want most", refused)
	}
}

func TestASlipIsNoTry(t *testing.T) {
	t.Parallel()
	h := openWithPersons(t)
	code := h.card("B-1").Code
	swapped := []byte(code)
	for i := range len(swapped) - 1 {
		if swapped[i] != swapped[i+1] && swapped[i] != '-' && swapped[i+1] != '-' {
			swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
			break
		}
	}
	for _, typed := range []string{"", "ABCD", string(swapped), code + "2", strings.Repeat("A", 1000), "ABCD-EFGH-JK0I", "éééééé"} {
		for range 10 {
			if _, _, err := h.Enter(t.Context(), typed, "192.0.2.1"); !errors.Is(err, auth.ErrTyped) {
				t.Errorf("%q: got %v, want ErrTyped", typed, err)
			}
		}
	}
	h.enter(code)
}

func TestEverySingleSlipAndEverySwapIsFound(t *testing.T) {
	t.Parallel()
	code := auth.Guesses("", 1)[0]
	const letters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
	for i := range code {
		for _, l := range letters {
			other := code[:i] + string(l) + code[i+1:]
			if got := auth.Readable(other); got != (other == code) {
				t.Errorf("%s for %s: readable %v", other, code, got)
			}
		}
		if i > 0 && code[i] != code[i-1] && auth.Readable(code[:i-1]+string(code[i])+string(code[i-1])+code[i+1:]) {
			t.Errorf("%s with places %d and %d changed is readable", code, i-1, i)
		}
	}
}

func TestNoTextOfAnErrorHoldsACodeOrASecret(t *testing.T) {
	t.Parallel()
	h := openWithPersons(t)
	code := h.card("B-1").Code
	secret := h.enter(code)
	_, _, used := h.Enter(t.Context(), code, "192.0.2.1")
	_, _, slow := h.Enter(t.Context(), code, "192.0.2.1")
	_, ended := h.EndDevices(t.Context(), h.who(secret), "B-2")
	for _, err := range []error{used, slow, ended} {
		if err == nil || strings.Contains(err.Error(), code[:4]) || strings.Contains(err.Error(), secret) {
			t.Errorf("got %v, want an error without secrets", err)
		}
	}
	var found []audit.Recorded
	if err := audit.Read(t.Context(), h.db.App, 1, func(r audit.Recorded) bool { found = append(found, r); return true }); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(fmt.Sprintf("%+v", found), code[:4]) {
		t.Error("the log of acts holds a part of the code")
	}
}
