package imports_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"masp/api/auth"
	"masp/imports"
	"masp/ledger"
)

// fromFirm is a credit of a firm on a day, with a text.
func fromFirm(amount, day, text string) string {
	return entry("CRDT", amount, day, `<TxDtls><RltdPties><Dbtr><Pty><Nm>SARL BTP</Nm></Pty></Dbtr></RltdPties><RmtInf><Ustrd>`+
		text+`</Ustrd></RmtInf></TxDtls>`)
}

// firmsPay imports statements of one line of a firm each, one a day from the 5th, on an account
// that held so many euros.
func (w *world) firmsPay(iban string, opening, from, days int, text string) {
	w.t.Helper()
	for n := range days {
		on := fmt.Sprintf("2026-11-%02d", from+n)
		w.clock(on)
		w.drop(statements(paper{
			iban: iban, id: on, from: on, to: on, opening: fmt.Sprintf("%d.00", opening+12*n),
			closing: fmt.Sprintf("%d.00", opening+12*(n+1)), lines: []string{fromFirm("12.00", on, text)},
		}))
	}
}

// refusal is the code of an act that was refused.
func refusal(err error) string {
	if refused, ok := errors.AsType[*imports.RefusedError](err); ok {
		return refused.Code
	}
	return fmt.Sprint(err)
}

func TestARuleIsAnActOfAPersonAndRecognisesWhatComesAfter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rule := imports.Rule{PayerWords: "sarl btp", Mandate: "M-1", Benefit: "RSA"}
	if _, err := w.WriteRule(t.Context(), auth.Principal{}, rule, "contrat", ""); !errors.Is(err, imports.ErrToken) {
		t.Errorf("got %v, want a refusal without a secret", err)
	}
	if _, err := w.WriteRule(t.Context(), w.boss, rule, "", ""); refusal(err) != "REASON" {
		t.Errorf("got %v, want a reason asked for", err)
	}
	w.firmsPay(ibanOwn, 100, 5, 1, "SOLDE")
	first, err := w.WriteRule(t.Context(), w.boss, rule, "contrat", "")
	if err != nil || !first.Posts {
		t.Fatalf("got %+v, %v, want a rule that books on the account of the person", first, err)
	}
	if got := w.balance(ledger.Suspense); got != "-12.00" {
		t.Errorf("got %s in suspense, want what came before left alone", got)
	}
	w.firmsPay(ibanOwn, 112, 6, 1, "SOLDE")
	if got := w.balance("467:M-1") + w.balance(ledger.Suspense); got != "-112.00-12.00" {
		t.Errorf("got %s, want the second line booked by the rule", got)
	}
	_, err = w.WriteRule(t.Context(), w.boss, rule, "encore", "")
	if named, ok := errors.AsType[*imports.RefusedError](err); !ok || named.Code != "RULE_OVERLAPS" ||
		!strings.Contains(named.French, "La règle 1 de a.morel") {
		t.Errorf("got %v, want the first rule named", err)
	}
	rule.Replaces, rule.Words = first.ID, []string{"solde"}
	second, err := w.WriteRule(t.Context(), w.boss, rule, "plus précis", "")
	if err != nil {
		t.Fatalf("got %v, want a second version", err)
	}
	if _, err = w.WriteRule(t.Context(), w.boss, rule, "encore", "exprès"); refusal(err) != "RULE_ENDED" {
		t.Errorf("got %v, want a rule replaced once", err)
	}
	w.must(w.EndRule(t.Context(), w.boss, second.ID, "contrat fini"))
	if err := w.EndRule(t.Context(), w.boss, second.ID, "contrat fini"); refusal(err) != "RULE_ENDED" {
		t.Errorf("got %v, want a rule ended once", err)
	}
	all, err := w.Rules(t.Context(), true)
	if err != nil || len(all) != 2 || all[0].Lines != 1 || all[0].EndReason != "plus précis" || all[1].Replaces != first.ID {
		t.Errorf("got %+v, %v, want both versions, ended, with what they did", all, err)
	}
	w.firmsPay(ibanOwn, 124, 7, 1, "SOLDE")
	if got := w.balance(ledger.Suspense); got != "-24.00" {
		t.Errorf("got %s in suspense, want nothing booked by a rule that ended", got)
	}
	w.sound()
}

func TestThreeEqualChoicesOfferARuleAndNothingIsBookedByTheOffer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.firmsPay(ibanOwn, 100, 5, 3, "SOLDE")
	items, err := w.Suspense(t.Context())
	w.must(err)
	for i, item := range items {
		if offers, err := w.Offers(t.Context()); err != nil || len(offers) != 0 {
			t.Fatalf("got %v, %v after %d choices, want no offer", offers, err, i)
		}
		_, err = w.AssignSuspense(t.Context(), w.boss, item.Line, imports.Assignment{Mandate: "M-1", Benefit: "RSA", Reason: "vu"})
		w.must(err)
	}
	offers, err := w.Offers(t.Context())
	if err != nil || len(offers) != 1 || len(offers[0].Lines) != 3 {
		t.Fatalf("got %v, %v, want one offer of three lines", offers, err)
	}
	w.firmsPay(ibanOwn, 136, 8, 1, "SOLDE")
	if got := w.balance(ledger.Suspense); got != "-12.00" {
		t.Fatalf("got %s in suspense: an offer has booked", got)
	}
	if _, err := w.AcceptOffer(t.Context(), w.boss, "000000000000", "oui", ""); refusal(err) != "OFFER_UNKNOWN" {
		t.Errorf("got %v, want an offer that was never made refused", err)
	}
	if err := w.RefuseOffer(t.Context(), auth.Principal{}, offers[0].Key, "non"); !errors.Is(err, imports.ErrToken) {
		t.Errorf("got %v, want a refusal without a secret", err)
	}
	w.must(w.RefuseOffer(t.Context(), w.boss, offers[0].Key, "au cas par cas"))
	items, err = w.Suspense(t.Context())
	w.must(err)
	_, err = w.AssignSuspense(t.Context(), w.boss, items[0].Line, imports.Assignment{Suggestion: 1, Reason: "comme les autres"})
	w.must(err)
	if offers, err = w.Offers(t.Context()); err != nil || len(offers) != 0 {
		t.Errorf("got %v, %v, want a refusal remembered after a fourth choice", offers, err)
	}
	if n := w.number(`SELECT count(*) FROM masp.recognition_rules`); n != 0 {
		t.Errorf("got %d rules, want none learnt", n)
	}
	w.sound()
}

func TestTheDatabaseKeepsRulesAndTheirUsesToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.firmsPay(ibanPooled, 1000, 5, 1, "SOLDE")
	unsure, err := w.WriteRule(t.Context(), w.boss, imports.Rule{PayerWords: "sarl", Mandate: "M-2", Benefit: "RSA"}, "essai", "")
	if err != nil || unsure.Posts {
		t.Fatalf("got %+v, %v, want a rule that only suggests on a pooled account", unsure, err)
	}
	w.firmsPay(ibanPooled, 1012, 6, 1, "SOLDE")
	if got := w.balance(ledger.Suspense); got != "-24.00" {
		t.Errorf("got %s in suspense, want nothing booked on a name alone", got)
	}
	items, err := w.Suspense(t.Context())
	if err != nil || len(items) != 2 || len(items[1].Suggestions) != 1 || items[1].Suggestions[0].Mandate != "M-2" {
		t.Errorf("got %+v, %v, want the rule as a suggestion", items, err)
	}
	for sql, want := range map[string]string{
		fmt.Sprintf(`INSERT INTO masp.rule_uses VALUES (2, %d)`, unsure.ID):                                  "MA055",
		`UPDATE masp.recognition_rules SET words = '{}'`:                                                     "42501",
		`DELETE FROM masp.recognition_rules`:                                                                 "42501",
		`INSERT INTO masp.refused_rules VALUES ('000000000000', 'a.morel', now(), 'x')`:                      "42501",
		`SELECT masp.end_rule('no secret', 1, 'x')`:                                                          "MA010",
		`SELECT masp.write_rule('no secret', NULL, '', 'SARL', '{}', 0, 0, 'M-2', 'RSA', '', NULL, 'x', '')`: "MA010",
		`SELECT masp.refuse_rule('no secret', '000000000000', 'x')`:                                          "MA010",
		`UPDATE masp.suspense_items SET suggestions = '[]'`:                                                  "42501",
	} {
		_, err := w.db.App.Exec(t.Context(), sql)
		if pg, _ := errors.AsType[*pgconn.PgError](err); pg == nil || pg.Code != want {
			t.Errorf("%s: got %v, want %s", sql, err, want)
		}
	}
	for _, sql := range []string{
		`UPDATE masp.recognition_rules SET words = '{}'`, `DELETE FROM masp.recognition_rules`, `TRUNCATE masp.rule_uses`,
		`INSERT INTO masp.recognition_rules (payer_words, words, min_cents, max_cents, mandate_id, benefit, payer, valid_from,
			reason, in_spite_of, written_by, written_at) VALUES ('X', '{}', 0, 0, 'M-2', 'RSA', '', '2026-01-01', 'x', '', 'a.morel', now())`,
	} {
		if _, err := w.db.Owner.Exec(t.Context(), sql); err == nil {
			t.Errorf("the owner may run %s", sql)
		}
	}
	w.sound()
}

func TestEveryChangeOfTheUseOfARuleIsFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.WriteRule(t.Context(), w.boss, imports.Rule{PayerWords: "SARL", Mandate: "M-1", Benefit: "RSA"}, "contrat", "")
	w.must(err)
	w.firmsPay(ibanOwn, 100, 5, 1, "SOLDE")
	w.sound()
	w.tamper("rule_uses")
	if !w.foundWhen(`UPDATE masp.recognition_rules SET benefit = 'ALS'`) {
		t.Error("a rule that says something else than what it booked is not found")
	}
}
