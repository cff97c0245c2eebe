package inbox

import (
	"strings"
	"testing"

	"masp/imports"
	"masp/imports/bankfile"
	"masp/payments/sepa"
)

func refusedFile(name string) imports.Outcome {
	return imports.Outcome{
		File: name, SHA256: strings.Repeat("ab", 32), Outcome: bankfile.Refused, Reasons: []bankfile.Reason{{
			Code: "truncated", Message: "Fichier refusé : il s’arrête au milieu.", Place: "ligne 7", Outcome: bankfile.Refused,
		}},
	}
}

func booked(suspense int) imports.StatementOutcome {
	return imports.StatementOutcome{Kind: "BOOKED", State: "accepted", Ref: "R-1", Posted: 1, Suspense: suspense}
}

func TestTheTextOfARefusedFileSaysWhyOnceAndWhichFile(t *testing.T) {
	t.Parallel()
	o := refusedFile("r.xml")
	got := note("r.xml", o, noon)
	if strings.Count(got, "il s’arrête au milieu") != 1 || !strings.Contains(got, "ligne 7") || !strings.Contains(got, o.SHA256) {
		t.Errorf("got %s", got)
	}
}

func TestAnArchiveWithARefusedFileWaitsAndSaysWhichOne(t *testing.T) {
	t.Parallel()
	good := imports.Outcome{File: "a.zip › bon.xml", Statements: []imports.StatementOutcome{booked(0)}}
	report := imports.Outcome{File: "a.zip › rep.xml", Report: &imports.ReportOutcome{
		Kind: sepa.KindTransfers, Rejected: 1, Transfers: []imports.RejectedTransfer{{EndToEndID: "P000001", Reason: "AC04", Text: "Compte clos."}},
	}}
	o := imports.Outcome{
		Outcome: bankfile.Held, Statements: good.Statements,
		Members: []imports.Outcome{good, refusedFile("a.zip › perdu.xml"), report},
	}
	if got := placeOf(o); got != Held {
		t.Errorf("it goes to %s", got)
	}
	got := note("a.zip", o, noon)
	for _, want := range []string{
		"Lu le 5 novembre 2026 à 13 h 00 : en attente, une partie est refusée.", "bon.xml : accepté.", "perdu.xml : refusé, rien n'en a été gardé.",
		"il s’arrête au milieu", "1 virement refusé", "P000001 refusé (AC04) : Compte clos.",
		"À faire : demandez à la banque un fichier correct pour ceux qui sont refusés",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}

func TestWhatIsToDoIsSaidByWhatStandsNow(t *testing.T) {
	t.Parallel()
	report := func(r imports.ReportOutcome) imports.Outcome { return imports.Outcome{Report: &r} }
	for _, c := range []struct {
		name, want string
		o          imports.Outcome
	}{
		{
			"a known file whose lines nobody has identified", "à identifier (masp suspense list)",
			imports.Outcome{AlreadyKnown: true, Statements: []imports.StatementOutcome{booked(150_000)}},
		},
		{"a rejection of nothing of ours", "de quels virements elle parle", report(imports.ReportOutcome{Kind: sepa.KindTransfers, Unknown: 1})},
		{"a check of names of nobody of ours", "a contrôlé les noms", report(imports.ReportOutcome{Kind: sepa.KindNameCheck})},
		{
			"a name that differs", "par appel", report(imports.ReportOutcome{
				Kind: sepa.KindNameCheck, NameChecks: []imports.NameCheck{{Result: sepa.VerifiedNone}},
			}),
		},
		{"an answer that came again", "masp alert list", imports.Outcome{AlreadyKnown: true}},
		{"a statement all of which is known", "À faire : rien.", imports.Outcome{Statements: []imports.StatementOutcome{booked(0)}}},
	} {
		if got := note("r.xml", c.o, noon); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q is not in\n%s", c.name, c.want, got)
		}
	}
	if got := note("r.xml", imports.Outcome{Statements: []imports.StatementOutcome{booked(0)}}, noon); !strings.Contains(got, "1 mouvement enregistré : 1 identifié") {
		t.Errorf("got %s", got)
	}
}
