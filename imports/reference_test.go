package imports

import (
	"slices"
	"strings"
	"testing"

	"masp/payments"
)

func TestACreditThatNamesATransferIsNoMatterOfRulesOrPayers(t *testing.T) {
	t.Parallel()
	theFirm := Rule{PayerWords: "sarl btp", Mandate: "M-1", Benefit: "RSA"}
	sent := func(state payments.InstructionState) func(*Known) {
		return both(teach(theFirm), func(k *Known) {
			k.Transfers = append(k.Transfers, transfer(9, "V000042-000001", "LOT-9", "12.00"))
			k.Transfers[len(k.Transfers)-1].State = state
			k.Elsewhere = map[string]string{"V000042-000002": "BK-2"}
		})
	}
	settled := sent(payments.InstructionSettled)
	byID := func(reference string) Line {
		return line("12.00", Detail{Party: "SARL BTP INVENTEE", EndToEndID: reference})
	}
	const back, open = "467:M-1 12.00 #9", "471:UNIDENTIFIED 12.00"
	recogniseEach(t, []recognised{
		{"in its field", byID("V000042-000001"), settled, LineMatched, back},
		{"in small letters", byID("v000042-000001"), settled, LineMatched, back},
		{"in the text", fromFirm("12.00", "RETOUR v000042-000001 AC04"), settled, LineMatched, back},
		{"in the text without its hyphen", fromFirm("12.00", "RETOUR V000042000001"), settled, LineMatched, back},
		{"less than the transfer", fromFirm("11.00", "V000042-000001"), settled, LineSuspense, "471:UNIDENTIFIED 11.00"},
		{"of another account", byID("v000042-000002"), settled, LineSuspense, open},
		{"in the text, of another account", fromFirm("12.00", "V000042-000002"), settled, LineSuspense, open},
		{"two of them", fromFirm("12.00", "V000042-000001 V000042-000002"), settled, LineSuspense, open},
		{"in transit", byID("V000042-000001"), sent(payments.InTransit), LineSuspense, open},
		{"a draft", byID("V000042-000001"), sent(payments.InstructionDraft), LineSuspense, open},
		{"cancelled", byID("V000042-000001"), sent(payments.InstructionCancelled), LineSuspense, open},
		{"rejected", byID("V000042-000001"), sent(payments.Rejected), LineSuspense, open},
		{
			"of a payer with the number of the person", line("573.49", caf(cafText+" V000042-000002")),
			settled, LineSuspense, "471:UNIDENTIFIED 573.49",
		},
		{"none of ours", fromFirm("12.00", "V000077-000001"), settled, LinePosted, "467:M-1 12.00 RSA 2026-10"},
	})
	k := known()
	sent(payments.InTransit)(k)
	for _, l := range []Line{byID("v000042-000001"), fromFirm("12.00", "V000042-000002")} {
		reference := asReference(join(l.Details[0].EndToEndID, l.Details[0].Text))
		if r := recognise(l, k); !strings.Contains(r.Why, reference) {
			t.Errorf("%q names no %s", r.Why, reference)
		}
	}
}

func TestReferencesAreReadFromTextsAsBanksWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"VIR V000001-000002 MOTIF":      "V000001-000002",
		"/INV/v000001-000002/":          "V000001-000002",
		"V000001 000002":                "V000001-000002",
		"V000001000002":                 "V000001-000002",
		"V1000001-000002.":              "V1000001-000002",
		"V000001-000002 V000003-000004": "V000001-000002 V000003-000004",
		"XV000001-000002":               "",
		"V000001-00002":                 "",
		"V000001-000002A":               "",
		"V00001 V":                      "",
		"V":                             "",
	} {
		if got := transfersIn(text); !slices.Equal(got, strings.Fields(want)) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
