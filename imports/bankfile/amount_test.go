package bankfile

import (
	"strings"
	"testing"
)

func TestAnAmountIsAPlainDecimalOrNoAmountAtAll(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"1": "1.00", "1.0": "1.00", "+1.00": "1.00", ".5": "0.50", "+.5": "0.50", "5.": "5.00",
		"007": "7.00", "\n 12.30\t": "12.30", "0": "0.00", "1.10000": "1.10",
		"1.000001": "not_in_cents", "9999999999999.99": "9999999999999.99", "10000000000000.00": "too_much",
		"123456789012345678901234567890.12": "too_much", "0.01": "0.01",
		"NaN": CodeAmount, "Infinity": CodeAmount, "-Inf": CodeAmount, "1e1": CodeAmount,
		"1E+2": CodeAmount, "1e9999999": CodeAmount, "0x0A": CodeAmount, "1_0": CodeAmount,
		"-1.00": CodeAmount, "−1.00": CodeAmount, "--1": CodeAmount, "1,00": CodeAmount,
		"1.234,56": CodeAmount, "1,234.56": CodeAmount, "1 000.00": CodeAmount,
		"1\u00a0000": CodeAmount, "": CodeAmount, " ": CodeAmount, ".": CodeAmount, "+": CodeAmount,
		"1.2.3": CodeAmount, "١٢": CodeAmount, "１２": CodeAmount, "1.00 EUR": CodeAmount,
		"EUR 1.00": CodeAmount, "1.00-": CodeAmount, "(1.00)": CodeAmount, "½": CodeAmount,
		strings.Repeat("9", 400): CodeAmount, "1." + strings.Repeat("0", 400): CodeAmount,
	} {
		file := message("08", "<Stmt>"+account+ntry(text, "CRDT", "")+"</Stmt>")
		g, err := gather(file)
		switch {
		case err != nil:
			if got := codeOf(err); got != want {
				t.Errorf("%q: got %s, want %s", text, got, want)
			}
		case want == "not_in_cents", want == "too_much":
			if g.ends[0].Outcome != Held || !hasCode(g.ends[0].Reasons, want) {
				t.Errorf("%q: got %s %v, want it held", text, g.ends[0].Outcome, g.ends[0].Reasons)
			}
		case g.lines[0].Amount.String() != want || g.ends[0].Sums.Credits.String() != want:
			t.Errorf("%q: got %s, want %s", text, g.lines[0].Amount, want)
		}
	}
}

// What stands beside the message of the standard supplies nothing and is never followed.
func TestWhatIsForeignIsPassedOverAndTold(t *testing.T) {
	t.Parallel()
	good := message("08", stmt("101.00", ntry("1.00", "CRDT", "")))
	for name, c := range map[string]struct{ text, warning string }{
		"XInclude": {
			strings.Replace(good, "<Sts>",
				`<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/><Sts>`, 1),
			"foreign_elements",
		},
		"a foreign amount": {
			strings.Replace(good, "<Sts>", `<x:Amt xmlns:x="u:x" Ccy="EUR">9.00</x:Amt><Sts>`, 1),
			"foreign_elements",
		},
		"a foreign entry": {
			strings.Replace(good, "<Ntry>", `<Ntry xmlns="u:x"><Amt>9.00</Amt></Ntry><Ntry>`, 1),
			"foreign_elements",
		},
		"an instruction": {
			strings.Replace(good, "<Sts>", `<?include file:///etc/passwd?><Sts>`, 1), "",
		},
		"a style sheet":   {strings.Replace(good, "?>\n", `?><?xml-stylesheet href="x.xsl"?>`, 1), ""},
		"an amount aside": {strings.Replace(good, "<Sts>", "<New><Amt>9</Amt></New><Sts>", 1), ""},
	} {
		report := Check(t.Context(), strings.NewReader(c.text))
		if report.Outcome > AcceptedWithWarnings || report.Statements[0].Credits != "1.00" {
			t.Errorf("%s: got %s %v", name, report.Outcome, report.Reasons)
			continue
		}
		if got := len(report.Reasons) > 0; got != (c.warning != "") ||
			got && !hasCode(report.Reasons, c.warning) {
			t.Errorf("%s: got %v, want %q", name, report.Reasons, c.warning)
		}
	}
}
