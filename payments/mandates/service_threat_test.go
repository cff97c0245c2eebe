package mandates_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"masp/api/auth"
	"masp/payments/mandates"
)

func TestWhyAMeasureIsNeededIsReadByNameAndStandsInNoLog(t *testing.T) {
	t.Parallel()
	s, db, _, who := loaded(t)
	const text = "coupure de chauffage"
	wantRule(t, s.NoteThreat(t.Context(), who["a.morel"], "M-0001", " "), "THREAT_NOTE")
	wantRule(t, s.NoteThreat(t.Context(), who["a.morel"], "M-0001", strings.Repeat("é", 501)), "THREAT_NOTE")
	if err := s.NoteThreat(t.Context(), who["d.leroy"], "M-0001", text); !errors.Is(err, mandates.ErrRole) {
		t.Errorf("an auditor writes: %v", err)
	}
	for _, one := range []string{"dettes", text} {
		if err := s.NoteThreat(t.Context(), who["a.morel"], "M-0001", one); err != nil {
			t.Fatal(french(err))
		}
	}
	if _, err := s.Threat(t.Context(), who["d.leroy"], "M-0001"); !errors.Is(err, mandates.ErrRole) {
		t.Errorf("an auditor reads: %v", err)
	}
	note, err := s.Threat(t.Context(), who["a.morel"], "M-0001")
	if err != nil || note.Text != text || note.Ground != mandates.Both {
		t.Errorf("got %+v, %v", note, err)
	}
	if _, err := s.Threat(t.Context(), auth.Principal{}, "M-0001"); !errors.Is(err, mandates.ErrRole) {
		t.Errorf("nobody reads: %v", err)
	}
	if _, err := s.Threat(t.Context(), who["a.morel"], "M-9999"); !errors.Is(err, mandates.ErrNoMandate) {
		t.Errorf("no mandate: %v", err)
	}
	if n := count(t, db, `audit_log WHERE details LIKE '%chauffage%' OR reason LIKE '%chauffage%'`); n != 0 {
		t.Error("the note stands in the log of acts")
	}
	if n := count(t, db, `audit_log WHERE action = 'mandate.threat_read' AND actor = 'a.morel'`); n != 1 {
		t.Error("nobody knows who has read the note")
	}
	d, err := s.Dossier(t.Context(), "M-0001")
	if err != nil {
		t.Fatal(err)
	}
	if shown, _ := json.Marshal(d); strings.Contains(string(shown), "chauffage") {
		t.Error("the dossier repeats the note")
	}
}
