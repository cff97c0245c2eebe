package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"masp/api/auth"
	"masp/imports"
	"masp/imports/bankfile"
)

// paperOf is a statement of one day, without details, on an account of the small association.
func paperOf(ref, on, opening, closing, entry string) string {
	const iban = "FR7699999001000000000100189"
	balance := func(code, amount string) string {
		return fmt.Sprintf(`<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">%s</Amt>`+
			`<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>%s</Dt></Dt></Bal>`, code, amount, on)
	}
	if entry != "" {
		entry = fmt.Sprintf(`<Ntry><Amt Ccy="EUR">%s</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>`+
			`<BookgDt><Dt>%[2]s</Dt></BookgDt><ValDt><Dt>%[2]s</Dt></ValDt></Ntry>`, entry, on)
	}
	return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
<GrpHdr><MsgId>%[1]s</MsgId><CreDtTm>2026-11-09T08:00:00</CreDtTm></GrpHdr>
<Stmt><Id>%[1]s</Id><CreDtTm>2026-11-09T08:00:00</CreDtTm><Acct><Id><IBAN>%[2]s</IBAN></Id><Ccy>EUR</Ccy></Acct>
`, ref, iban) + balance("OPBD", opening) + balance("CLBD", closing) + entry + `</Stmt></BkToCstmrStmt></Document>`
}

func TestAStatementThatAnotherProcessReleasesMeanwhileWaitsNoMore(t *testing.T) {
	t.Parallel()
	d := newCounter(t)
	d.run(exitOK, "load", "testdata/association.json")
	var words bytes.Buffer
	s := &session{ctx: t.Context(), settings: Settings{DatabaseURL: d.db.AppURL}, out: newPrinter(&words, &words, false)}
	err := s.with(func(h *house) error {
		hand := func(name, text string) []imports.Outcome {
			o, err := h.imports.Import(t.Context(), auth.Operator, name, strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			return []imports.Outcome{o}
		}
		mine := hand("gap.xml", paperOf("R-2", "2026-11-06", "48.17", "48.17", ""))
		waiting, err := s.follow(h, mine)
		if err != nil || len(waiting) != 1 || !errors.Is(verdict(mine, waiting), errFound) {
			t.Fatalf("got %+v, %v; want one statement that waits", waiting, err)
		}
		hand("between.xml", paperOf("R-1", "2026-11-05", "43.17", "48.17", "5.00")) // the other process
		waiting, err = s.follow(h, mine)
		if err != nil || len(waiting) != 0 || len(mine[0].Released) != 1 || verdict(mine, waiting) != nil {
			t.Errorf("got %+v, %v in %+v; want it received", waiting, err, mine)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	d.wants(words.String(), "a suivi  relevé R-2")
}

func TestAnArchiveThatLostAFileNeedsAPerson(t *testing.T) {
	t.Parallel()
	lost := imports.Outcome{Outcome: bankfile.Held, Members: []imports.Outcome{{}, {Outcome: bankfile.Refused}}}
	whole := imports.Outcome{Members: []imports.Outcome{{}, {}}}
	if err := verdict([]imports.Outcome{whole, lost}, nil); !errors.Is(err, errFound) {
		t.Errorf("got %v, want a person to look", err)
	}
	if err := verdict([]imports.Outcome{whole}, nil); err != nil {
		t.Errorf("got %v of a whole archive", err)
	}
}

func TestNumbersOfAFileAreWrittenInFrench(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"0.00": "0,00", "-12.50": "-12,50", "123.00": "123,00", "-123.00": "-123,00", "1234.505": "1\u202f234,505",
		"-1234567.00": "-1\u202f234\u202f567,00",
	} {
		if got := frenchNumber(&number); got != want {
			t.Errorf("%s: got %q, want %q", number, got, want)
		}
	}
}
