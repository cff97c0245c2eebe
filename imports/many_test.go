package imports_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"masp/imports"
)

// TestAFileOfHundredsOfAccountsIsOneTransaction: a bank sends one file for all accounts, most of
// them without a movement; some are not ours.
func TestAFileOfHundredsOfAccountsIsOneTransaction(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const accounts, unknown = 400, 7
	var papers []paper
	for i := range accounts {
		iban := fmt.Sprintf("FR76999990000200000%08d", i)
		p := paper{iban: iban, id: "1", from: "2026-11-05", to: "2026-11-05", opening: "0.00", closing: "0.00"}
		if i%10 == 0 {
			p.closing, p.lines = "5.00", []string{fromSomebody("5.00", "2026-11-05")}
		}
		if i >= unknown {
			w.exec(`INSERT INTO masp.bank_accounts (bank_account_id, iban, holder, owner, model)
				VALUES ($1, $2, 'X', 'ASSOCIATION_CLIENT_FUNDS', 'POOLED')`, fmt.Sprintf("BK-A%03d", i), iban)
		}
		papers = append(papers, p)
	}
	began := time.Now()
	o := w.drop(statements(papers...))
	t.Logf("%d accounts in %s", accounts, time.Since(began))
	states := map[string]int{}
	for i, st := range o.Statements {
		states[st.State+st.Reason]++
		if st.Account != papers[i].iban || st.Lines != len(papers[i].lines) {
			t.Errorf("got %+v, want the statement of %s", st, papers[i].iban)
		}
	}
	if states["accepted"] != accounts-unknown || states["held"+imports.HeldUnknownAccount] != unknown {
		t.Errorf("got %v", states)
	}
	if n := w.number(`SELECT count(*) FROM masp.audit_log WHERE action LIKE 'bank\_%'`); n != 1 {
		t.Errorf("got %d acts, want one transaction", n)
	}
	w.exec(`INSERT INTO masp.bank_accounts (bank_account_id, iban, holder, owner, model)
		VALUES ('BK-NEW', $1, 'X', 'ASSOCIATION_CLIENT_FUNDS', 'POOLED')`, papers[0].iban)
	if released, err := w.RetryHeld(t.Context(), "test"); err != nil || len(released) != 1 || released[0].Posted+released[0].Suspense != 1 {
		t.Errorf("got %+v, %v; want the statement of the new account", released, err)
	}
	w.sound()
}

func TestTheSameBytesFromSixtyFourAtOnceAreStoredOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t).atOnce(10)
	file := long(35)
	var group sync.WaitGroup
	for i := range 64 {
		group.Go(func() {
			content := file
			if i%2 == 1 { // the same statement in other bytes
				content = strings.ReplaceAll(file, "><", ">\n\t<")
			}
			if err := w.try(content); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := w.number(`SELECT count(*) FROM masp.bank_files`); n != 2 {
		t.Errorf("got %d files, want each once", n)
	}
	w.wantLong(35, "accepted")
}

func TestAFileThatIsTooLargeLeavesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Limit = 3 << 20
	for size, want := range map[int]string{2 << 20: "accepted", 4 << 20: "refused"} {
		p := quiet("1", "2026-11-05", "100.00")
		o := w.drop(statements(p) + strings.Repeat("<!--"+strings.Repeat("x", 1017)+"-->", size>>10))
		if o.Outcome.String() != want {
			t.Errorf("got %s for %d bytes, want %s: %s", o.Outcome, size, want, o.Message())
		}
	}
	if n := w.number(`SELECT count(*) FROM masp.bank_file_parts`); n != 3 {
		t.Errorf("got %d pieces, want those of one file", n)
	}
	w.sound()
	if !w.foundWhen(`DELETE FROM masp.bank_file_parts WHERE no = 2`) {
		t.Error("verify does not find a piece that is missing")
	}
}
