package imports_test

import "testing"

func TestABenefitThatLeftTheCatalogueIsKeptApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`UPDATE masp.benefits SET valid_to = '2026-09-30' WHERE code = 'RSA'`)
	p := november(fromCAF("573.49", "2026-11-05", cafText))
	p.closing = "673.49"
	w.drop(statements(p))
	if got := w.balance("467:M-1:RESTRICTED"); got != "-573.49" {
		t.Errorf("got %s restricted, want the right of October kept apart", got)
	}
	if n := w.number(`SELECT count(*) FROM masp.alerts WHERE code = 'RESOURCE_NOT_ELIGIBLE'`); n != 1 {
		t.Errorf("got %d alerts, want 1", n)
	}
	w.sound()
}
