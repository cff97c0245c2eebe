package mandates_test

import (
	"errors"
	"testing"

	"masp/payments/mandates"
)

func TestTheNewestWordOnHowToReachTheOrganisationCounts(t *testing.T) {
	t.Parallel()
	s, _, _, who := loaded(t)
	approver := who["b.simon"]
	for _, phone := range []string{"04 00 00 00 00", "04 11 11 11 11"} {
		if err := s.SetFrontDoor(t.Context(), approver, mandates.FrontDoor{Phone: phone, Address: " 1 rue des Exemples "}); err != nil {
			t.Fatal(french(err))
		}
	}
	d, err := s.FrontDoor(t.Context())
	if err != nil || d.Phone != "04 11 11 11 11" || d.Address != "1 rue des Exemples" || d.Name == "" {
		t.Errorf("got %+v, %v", d, err)
	}
	for _, bad := range []mandates.FrontDoor{{Phone: "le matin"}, {Email: "pas une adresse"}} {
		if err := s.SetFrontDoor(t.Context(), approver, bad); !errors.Is(err, mandates.ErrFrontDoor) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	if err := s.SetFrontDoor(t.Context(), who["d.leroy"], d); !errors.Is(err, mandates.ErrRole) {
		t.Errorf("an auditor: %v", err)
	}
	if _, err := s.DB.Exec(t.Context(), `INSERT INTO masp.front_doors VALUES (9, '', '', '', 'b.simon', masp.now())`); err == nil {
		t.Error("a row came in beside the door")
	}
}
