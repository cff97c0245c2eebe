package simbank

import (
	"bytes"
	"strings"
	"testing"
)

func TestAGoodFileIsTakenWholeInBothVersions(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"03", "09"} {
		b := openBank(t, Options{})
		file := orderFile(version, "M1", alice, "2026-11-03", pay{landlord, "412.30"})
		got, data := receive(t, b, file, monday)
		if got.Status != "ACTC" || len(got.Groups) != 1 || got.Groups[0].Status != "ACSP" {
			t.Errorf("%s: status %s with %+v, want ACTC and ACSP", version, got.Status, got.Groups)
		}
		want := map[string]string{"03": "pain.002.001.03", "09": "pain.002.001.10"}[version]
		if !strings.HasSuffix(got.XMLName.Space, want) {
			t.Errorf("answer to .%s is %s, want %s", version, got.XMLName.Space, want)
		}
		checkSchemas(t, file, data)
	}
}

func TestAPlannedRejectRefusesOneTransferAndTakesTheOthers(t *testing.T) {
	t.Parallel()
	b := openBank(t, Options{})
	b.PlanReject(energy, "AC04")
	wrong := "FR7699999000010000000020389"
	got, data := receive(t, b, orderFile("09", "M1", alice, "2026-11-03",
		pay{landlord, "412.30"}, pay{energy, "35.00"}, pay{wrong, "1.00"}), monday)
	if got.Status != "PART" || got.Groups[0].Status != "PART" {
		t.Fatalf("status %s/%s, want PART/PART", got.Status, got.Groups[0].Status)
	}
	want := []string{"ACSP", "RJCT AC04", "RJCT AC01"}
	for i, tx := range got.Groups[0].Transfers {
		if s := strings.TrimSpace(tx.Status + " " + tx.Reason); s != want[i] {
			t.Errorf("transfer %d is %q, want %q", i+1, s, want[i])
		}
	}
	statements, _ := endOfDay(t, b, tuesday)
	if n := len(statements[alice].Entries); n != 1 {
		t.Errorf("%d debits, want 1: a refused transfer is never debited", n)
	}
	checkSchemas(t, data)
	b.PlanReject(energy, "")
	again := orderFile("09", "M2", alice, "2026-11-04", pay{energy, "35.00"})
	if got, _ := receive(t, b, again, tuesday); got.Status != "ACTC" {
		t.Errorf("status %s once the plan is lifted, want ACTC", got.Status)
	}
}

func TestAFileIsRefusedWholeForItsReason(t *testing.T) {
	t.Parallel()
	pays := []pay{{landlord, "412.30"}, {energy, "35.00"}}
	good := string(orderFile("09", "M9", alice, "2026-11-03", pays...))
	change := func(old, new string) string { return strings.Replace(good, old, new, 1) }
	ofGroup := strings.LastIndex(good, "<CtrlSum>")
	for name, c := range map[string]struct{ file, want string }{
		"the header's sum is wrong":          {change("<CtrlSum>447.30", "<CtrlSum>447.31"), "AM10"},
		"the group's sum is wrong":           {good[:ofGroup] + strings.Replace(good[ofGroup:], "447.30", "4.00", 1), "AM10"},
		"the header states no sum":           {change("<CtrlSum>447.30</CtrlSum>", ""), "AM10"},
		"the number of transfers is wrong":   {change("<NbOfTxs>2", "<NbOfTxs>3"), "AM18"},
		"an amount is odd":                   {change(">412.30<", ">4.123e2<"), "FF01"},
		"an amount is zero":                  {change(">412.30<", ">0.00<"), "FF01"},
		"an amount is not in euros":          {change(`Ccy="EUR"`, `Ccy="CHF"`), "AM03"},
		"the date does not exist":            {change("2026-11-03", "2026-11-31"), "DT01"},
		"a name has a letter outside SEPA":   {change("CREDITOR 1", "CRÉDITOR"), "FF01"},
		"a reference has two slashes in row": {change("M9-E1", "M9//E1"), "FF01"},
		"there is no transfer":               {string(orderFile("09", "M9", alice, "2026-11-03")), "FF01"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := openBank(t, Options{})
			got, data := receive(t, b, []byte(c.file), monday)
			if got.Status != "RJCT" || got.Reason != c.want {
				t.Errorf("answer %s %s, want RJCT %s", got.Status, got.Reason, c.want)
			}
			checkSchemas(t, data)
			if got, _ := receive(t, b, []byte(good), monday); got.Status != "ACTC" {
				t.Errorf("the corrected file is %s, want ACTC", got.Status)
			}
		})
	}
}

func TestAMessageIsTakenOnce(t *testing.T) {
	t.Parallel()
	b := openBank(t, Options{})
	file := orderFile("09", "M1", alice, "2026-11-03", pay{landlord, "412.30"})
	receive(t, b, file, monday)
	got, data := receive(t, b, file, monday)
	if got.Status != "RJCT" || got.Reason != "DU01" {
		t.Errorf("second time: %s %s, want RJCT DU01", got.Status, got.Reason)
	}
	checkSchemas(t, data)
	statements, _ := endOfDay(t, b, tuesday)
	if n := len(statements[alice].Entries); n != 1 {
		t.Errorf("%d debits, want 1", n)
	}
}

func TestAnUnknownDebtorRefusesItsGroupWithoutAList(t *testing.T) {
	t.Parallel()
	b := openBank(t, Options{})
	got, data := receive(t, b, orderFile("03", "M1", school, "2026-11-03", pay{landlord, "412.30"}), monday)
	if got.Status != "RJCT" || got.Groups[0].Reason != "AC02" || len(got.Groups[0].Transfers) != 0 {
		t.Errorf("answer %s with %+v, want RJCT and AC02 on the group", got.Status, got.Groups)
	}
	checkSchemas(t, data)
}

func TestBytesThatCannotBeAnsweredAreAnError(t *testing.T) {
	t.Parallel()
	good := string(orderFile("09", "M1", alice, "2026-11-03", pay{landlord, "412.30"}))
	for name, file := range map[string]string{
		"nothing":         "",
		"half a file":     good[:len(good)/2],
		"two roots":       good + good,
		"trailing text":   good + " x",
		"a DOCTYPE":       strings.Replace(good, "<Document", "<!DOCTYPE a><Document", 1),
		"another version": strings.ReplaceAll(good, "pain.001.001.09", "pain.001.001.10"),
		"no message name": strings.Replace(good, "<MsgId>M1</MsgId>", "", 1),
		"another message": "<html/>",
	} {
		if _, err := openBank(t, Options{}).Receive([]byte(file), monday); err == nil {
			t.Errorf("%s: taken, want an error", name)
		}
	}
	if _, err := openBank(t, Options{}).Receive([]byte(good+"\n<!-- end -->\n"), monday); err != nil {
		t.Errorf("a comment behind the document: %v, want it taken", err)
	}
}

func TestAnOddFileNeverStopsTheBank(t *testing.T) {
	t.Parallel()
	good := orderFile("09", "M1", alice, "2026-11-03", pay{landlord, "412.30"})
	for i := range good {
		cut := append(bytes.Clone(good[:i]), good[min(len(good), i+7):]...)
		b := openBank(t, Options{})
		if answer, err := b.Receive(cut, monday); err == nil {
			read(t, answer)
		}
	}
}
