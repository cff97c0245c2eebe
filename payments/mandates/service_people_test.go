package mandates_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
	"masp/payments/sepa"
)

func stateOf(t *testing.T, s *mandates.Service, creditor string) mandates.CreditorState {
	t.Helper()
	list, err := s.CreditorsNamed(t.Context(), creditor)
	if err != nil || len(list) != 1 {
		t.Fatalf("got %v, %v, want one creditor", list, err)
	}
	return list[0]
}

func TestTwoSignaturesMakeALoadPayable(t *testing.T) {
	t.Parallel()
	s, _, result, who := loaded(t)
	if got := stateOf(t, s, "C-OFFICE"); got.Word() != "to_sign" || got.PayableVersion != 0 {
		t.Errorf("got %+v, want to_sign", got)
	}
	for i, id := range []string{"a.morel", "a.morel", "b.simon"} {
		got, err := s.SignLoad(t.Context(), who[id], result.SHA256)
		want := []int{1, 1, 2}[i]
		if err != nil || got.Signatures != want || got.Payable != (want == 2) {
			t.Errorf("signature of %s: got %+v, %v, want %d: one person counts once", id, got, err, want)
		}
	}
	if got := stateOf(t, s, "C-OFFICE"); !got.Payable() || got.French() != "payable" {
		t.Errorf("got %+v, want payable at once", got)
	}
	if _, err := s.SignLoad(t.Context(), who["d.leroy"], result.SHA256); !errors.Is(err, mandates.ErrRole) {
		t.Errorf("auditor: got %v, want ErrRole", err)
	}
	if _, err := s.SignLoad(t.Context(), who["a.morel"], "00"); !errors.Is(err, mandates.ErrNoLoad) {
		t.Errorf("unknown load: got %v, want ErrNoLoad", err)
	}
}

func TestANewIBANNeedsAnotherPersonAndTime(t *testing.T) {
	t.Parallel()
	s, db, result, who := loaded(t)
	for _, id := range []string{"a.morel", "b.simon"} {
		if _, err := s.SignLoad(t.Context(), who[id], result.SHA256); err != nil {
			t.Fatal(err)
		}
	}
	iban := sepa.MustParseIBAN(frenchIBAN(t, "00600", 1))
	version, err := s.ProposeIBAN(t.Context(), who["a.morel"], "C-LUMEN", iban, "RIB reçu le 9 novembre")
	if err != nil || version != 2 {
		t.Fatalf("got version %d, %v, want 2", version, err)
	}
	if _, err := s.ConfirmIBAN(t.Context(), who["a.morel"], "C-LUMEN"); !errors.Is(err, mandates.ErrSamePerson) {
		t.Errorf("same person: got %v, want ErrSamePerson", err)
	}
	if _, err := s.ConfirmIBAN(t.Context(), auth.Principal{User: who["b.simon"].User}, "C-LUMEN"); !errors.Is(err, mandates.ErrToken) {
		t.Errorf("a name without its secret: got %v, want ErrToken", err)
	}
	from, err := s.ConfirmIBAN(t.Context(), who["b.simon"], "C-LUMEN")
	if hold := from.Sub(time.Date(2026, 11, 12, 8, 0, 0, 0, time.UTC)); err != nil || hold < 0 || hold > time.Minute {
		t.Errorf("got payable from %s, %v, want 72 hours after 9 November 9 h", from, err)
	}
	for _, c := range []struct {
		at   time.Time
		word string
		pays int
	}{{from.Add(-time.Minute), "held", 1}, {from.Add(time.Second), "payable", 2}} {
		db.SetClock(t, c.at)
		if got := stateOf(t, s, "C-LUMEN"); got.Word() != c.word || got.PayableVersion != c.pays || got.IBAN != iban {
			t.Errorf("at %s: got %s paying version %d, want %s paying %d", c.at, got.Word(), got.PayableVersion, c.word, c.pays)
		}
	}
	if _, err := s.ConfirmIBAN(t.Context(), who["b.simon"], "C-LUMEN"); !errors.Is(err, mandates.ErrNoIBAN) {
		t.Errorf("confirmed twice: got %v, want ErrNoIBAN", err)
	}
}

func TestWhatTheDatabaseRefusesItselfOfAnIBAN(t *testing.T) {
	t.Parallel()
	s, db, _, who := loaded(t)
	iban := sepa.MustParseIBAN(frenchIBAN(t, "00600", 2))
	if _, err := s.ProposeIBAN(t.Context(), who["a.morel"], "C-LUMEN", iban, "RIB"); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		`UPDATE masp.creditor_ibans SET confirmed_by = 'b.simon', confirmed_at = masp.now(), payable_from = masp.now()`,
		`UPDATE masp.creditor_ibans SET iban = 'FR7600000000000000000000000'`,
		`INSERT INTO masp.creditor_ibans (creditor_id, version, iban, proposed_by, proposed_at, confirmed_by, confirmed_at, payable_from)
		 VALUES ('C-LUMEN', 3, 'FR7600000000000000000000000', 'a.morel', masp.now(), 'b.simon', masp.now(), masp.now())`,
		`DELETE FROM masp.creditor_ibans`,
		`INSERT INTO masp.load_signatures (load_sha256, user_id, signed_at) SELECT load_sha256, 'b.simon', masp.now() FROM masp.creditor_ibans`,
	} {
		if _, err := db.App.Exec(t.Context(), sql); err == nil {
			t.Errorf("the application role may run: %s", sql)
		}
	}
}

func TestACreditorIsAddedWithEvidenceOnly(t *testing.T) {
	t.Parallel()
	s, _, _, who := loaded(t)
	c := mandates.Creditor{ID: "C-EAU", Name: "Eau des Trois Collines", Kind: mandates.Water}
	iban := sepa.MustParseIBAN(frenchIBAN(t, "00600", 3))
	if err := s.AddCreditor(t.Context(), who["a.morel"], c, iban, " "); !errors.Is(err, mandates.ErrEvidence) {
		t.Errorf("got %v, want ErrEvidence", err)
	}
	if err := s.AddCreditor(t.Context(), who["d.leroy"], c, iban, "RIB"); !errors.Is(err, mandates.ErrRole) {
		t.Errorf("auditor: got %v, want ErrRole", err)
	}
	if err := s.AddCreditor(t.Context(), who["a.morel"], c, iban, "RIB"); err != nil {
		t.Fatal(french(err))
	}
	var broken mandates.Violations
	if err := s.AddCreditor(t.Context(), who["a.morel"], c, iban, "RIB"); !errors.As(err, &broken) || broken[0].Code != "exists" {
		t.Errorf("twice: got %v, want that it exists", err)
	}
	if got, want := stateOf(t, s, "C-EAU").French(), "à confirmer par une autre personne que a.morel"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if _, err := s.ProposeIBAN(t.Context(), who["b.simon"], "C-EAU", iban, "RIB"); !errors.Is(err, mandates.ErrSameIBAN) {
		t.Errorf("same IBAN: got %v, want ErrSameIBAN", err)
	}
	if _, err := s.ProposeIBAN(t.Context(), who["b.simon"], "C-9", iban, "RIB"); !errors.Is(err, mandates.ErrNoCreditor) {
		t.Errorf("nobody: got %v, want ErrNoCreditor", err)
	}
}

func TestAnObligationIsAddedAndEnded(t *testing.T) {
	t.Parallel()
	s, _, _, who := loaded(t)
	o := mandates.Obligation{
		ID: "O-0001-PHONE", Mandate: "M-0001", Class: mandates.OtherBill, Creditor: "C-LUMEN", Amount: money.Cents(1299),
		Label: "Téléphone", Reference: "Ligne 12", Frequency: mandates.Monthly, From: civil.MustParse("2026-11-20"),
	}
	if err := s.AddObligation(t.Context(), who["a.morel"], o); err != nil {
		t.Fatal(french(err))
	}
	last := civil.MustParse("2027-01-31")
	if err := s.EndObligation(t.Context(), who["a.morel"], o.ID, last); err != nil {
		t.Fatal(french(err))
	}
	list, err := s.Obligations(t.Context(), "M-0001")
	if err != nil || len(list) != 6 || list[5].ID != o.ID || list[5].To != last || list[5].Amount != o.Amount {
		t.Errorf("got %+v, %v, want it last, until %s", list, err, last)
	}
	if err := s.EndObligation(t.Context(), who["a.morel"], o.ID, civil.MustParse("2026-11-19")); !errors.Is(err, mandates.ErrEndDay) {
		t.Errorf("got %v, want ErrEndDay", err)
	}
	if err := s.EndObligation(t.Context(), who["a.morel"], "O-9", last); !errors.Is(err, mandates.ErrNoObligation) {
		t.Errorf("got %v, want ErrNoObligation", err)
	}
	for code, broken := range map[string]func(*mandates.Obligation){
		"REFERENCE_UNFIT":     func(o *mandates.Obligation) { o.Reference = "tutelle Roux" },
		"unknown_reference":   func(o *mandates.Obligation) { o.Creditor = "C-9" },
		"AMOUNT_NOT_POSITIVE": func(o *mandates.Obligation) { o.Amount = money.Amount{} },
		"debt_of_another":     func(o *mandates.Obligation) { o.Debt = "D-0003-ENERGIE" },
		"exists":              func(o *mandates.Obligation) { o.ID = "O-0001-RENT" },
	} {
		bad := o
		bad.ID = "O-0001-NEW"
		broken(&bad)
		var violations mandates.Violations
		if err := s.AddObligation(t.Context(), who["a.morel"], bad); !errors.As(err, &violations) || violations[0].Code != code {
			t.Errorf("got %v, want %s", err, code)
		}
	}
}

// end ends a mandate in a transaction of its own.
func end(t *testing.T, s *mandates.Service, who auth.Principal, id string, on civil.Date, reason mandates.EndReason) error {
	t.Helper()
	return pgx.BeginFunc(t.Context(), s.DB, func(tx pgx.Tx) error {
		_, err := mandates.EndTx(t.Context(), tx, who, id, on, reason)
		return err
	})
}

func TestAMandateEndsForAReason(t *testing.T) {
	t.Parallel()
	s, _, _, who := loaded(t)
	day := civil.MustParse("2026-11-08")
	for want, try := range map[error]func() error{
		mandates.ErrEndReason: func() error { return end(t, s, who["a.morel"], "M-0001", day, "BORED") },
		mandates.ErrNoMandate: func() error { return end(t, s, who["a.morel"], "M-9", day, mandates.Moved) },
		mandates.ErrFutureEnd: func() error { return end(t, s, who["a.morel"], "M-0001", day.AddDays(2), mandates.Moved) },
		mandates.ErrEndDay: func() error {
			return end(t, s, who["a.morel"], "M-0001", civil.MustParse("2025-12-31"), mandates.Moved)
		},
		mandates.ErrRole: func() error { return end(t, s, who["d.leroy"], "M-0001", day, mandates.Moved) },
	} {
		if err := try(); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
	if err := end(t, s, who["a.morel"], "M-0001", civil.MustParse("2026-10-31"), mandates.Moved); !errors.Is(err, mandates.ErrEndDay) {
		t.Errorf("before the books were opened: got %v, want ErrEndDay", err)
	}
	if err := end(t, s, who["a.morel"], "M-0001", day, mandates.Moved); err != nil {
		t.Fatal(french(err))
	}
	if err := end(t, s, who["a.morel"], "M-0002", day, mandates.Death); err != nil {
		t.Fatal(french(err))
	}
	list, err := s.List(t.Context())
	if err != nil || list[0].Status != mandates.Ended || list[1].Status != mandates.Deceased || list[2].Status != mandates.Active {
		t.Errorf("got %+v, %v, want ended, deceased, active", list, err)
	}
	if err := end(t, s, who["a.morel"], "M-0001", day, mandates.Moved); !errors.Is(err, mandates.ErrNotActive) {
		t.Errorf("twice: got %v, want ErrNotActive", err)
	}
	o := mandates.Obligation{
		ID: "O-1", Mandate: "M-0001", Class: mandates.OtherBill, Creditor: "C-LUMEN", Amount: money.Cents(1), Label: "x",
		Frequency: mandates.Once, From: day,
	}
	if err := s.AddObligation(t.Context(), who["a.morel"], o); !errors.Is(err, mandates.ErrNotActive) {
		t.Errorf("obligation of an ended mandate: got %v, want ErrNotActive", err)
	}
}

func TestTheBankOfAnAccountReadsOneVersion(t *testing.T) {
	t.Parallel()
	s, _, _, who := loaded(t)
	if err := s.SetPainVersion(t.Context(), who["a.morel"], "BK-0001", "001.03"); err != nil {
		t.Fatal(err)
	}
	for want, try := range map[error][2]string{mandates.ErrNoAccount: {"BK-9", "001.03"}, mandates.ErrPainVersion: {"BK-0001", "001.02"}} {
		if err := s.SetPainVersion(t.Context(), who["a.morel"], try[0], try[1]); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
}

func TestASummaryOfNobodyIsErrNoMandate(t *testing.T) {
	t.Parallel()
	s, _ := openHouse(t)
	err := pgx.BeginFunc(t.Context(), s.DB, func(tx pgx.Tx) error {
		_, err := mandates.SummaryTx(context.Background(), tx, "M-9")
		return err
	})
	if !errors.Is(err, mandates.ErrNoMandate) {
		t.Errorf("got %v, want ErrNoMandate", err)
	}
}

func TestWhatIsLeftGoesToAnAccountOfThePersonOnly(t *testing.T) {
	t.Parallel()
	s, _, _, who := loaded(t)
	add := func(person string) error {
		return s.AddCreditor(t.Context(), who["a.morel"], mandates.Creditor{
			ID: "C-SELF-9", Name: "Lina Haddad", Kind: mandates.OwnAccount, Beneficiary: person,
		}, sepa.MustParseIBAN(frenchIBAN(t, "00600", 1)), "RIB reçu")
	}
	var broken mandates.Violations
	if err := add(""); !errors.As(err, &broken) || broken[0].Code != "OWN_ACCOUNT_OF_NOBODY" {
		t.Errorf("an own account of nobody: got %v", err)
	}
	if err := add("B-9999"); !errors.Is(err, mandates.ErrNoPerson) {
		t.Errorf("an own account of a stranger: got %v, want ErrNoPerson", err)
	}
	if err := add("B-0003"); err != nil {
		t.Fatal(err)
	}
	amend := func(mandate, to string) error {
		today := civil.MustParse("2026-11-09")
		return s.Amend(t.Context(), who["a.morel"], mandate, mandates.Amendment{
			EffectiveOn: today, Reason: "nouveau compte", SignedByPerson: today, SignedByDepartment: today, RemitTo: to,
		})
	}
	for _, to := range []string{"C-SELF-0003", "C-OFFICE", "C-NONE"} {
		if err := amend("M-0001", to); !errors.As(err, &broken) || broken[0].Code != "NOT_OWN_ACCOUNT" {
			t.Errorf("what is left of M-0001 to %s: got %v, want NOT_OWN_ACCOUNT", to, err)
		}
	}
	if err := amend("M-0003", "C-SELF-9"); err != nil {
		t.Errorf("to a second account of the person: got %v", err)
	}
	err := s.AddObligation(t.Context(), who["a.morel"], mandates.Obligation{
		ID: "O-9", Mandate: "M-0001", Class: mandates.OtherBill, Creditor: "C-SELF-9", Amount: money.MustParse("5.00"),
		Label: "Prêt", Frequency: mandates.Once, From: civil.MustParse("2026-11-20"),
	})
	if !errors.As(err, &broken) || broken[0].Code != "ACCOUNT_OF_ANOTHER" {
		t.Errorf("a bill paid to another person: got %v, want ACCOUNT_OF_ANOTHER", err)
	}
}
