package imports

import (
	"fmt"
	"slices"
	"strings"

	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
)

// Rule is what a person has taught: which credits are what. It says of the credits that carry
// its words either who pays them (a payer that the bank writes in its own way), or that they are
// a benefit of a mandate. The first still needs the payer's number of the person. The second
// books by itself only where it is certain for the person: on the account in that person's
// name, or by a number among its words; else it only suggests.
//
// The books have accounts for persons and for suspense alone, so a rule names no other kind:
// bank fees stay in suspense until a person deals with them.
type Rule struct {
	ID int64 `json:"rule"`
	// Replaces is the rule that this one is the next version of; 0 for a first version.
	Replaces int64 `json:"replaces"`
	// BankAccount is the only one on which the rule holds; empty for every one.
	BankAccount string `json:"account"`
	// PayerWords stand in the name of who pays, one behind the other; may be empty.
	PayerWords string `json:"payer_words"`
	// Words are phrases that all stand in the text; may be empty when PayerWords is not.
	Words []string `json:"words"`
	// Least and Most are the amounts within which the rule holds, in euros; zero for no limit.
	Least money.Amount `json:"min"`
	Most  money.Amount `json:"max"`
	// What it says: a benefit of a mandate, or a payer.
	Mandate string `json:"mandate"`
	Benefit string `json:"benefit"`
	Payer   string `json:"payer"`
	// From is the first day of the bank on which the rule holds.
	From civil.Date `json:"from"`
	By   string     `json:"by"`
}

// tidied writes the words as they are compared and drops what says nothing.
func (r Rule) tidied() Rule {
	r.PayerWords = tidy(r.PayerWords)
	var kept []string
	for _, w := range r.Words {
		if w = tidy(w); w != "" && !slices.Contains(kept, w) {
			kept = append(kept, w)
		}
	}
	slices.Sort(kept)
	r.Words, r.Payer = kept, strings.ToUpper(strings.TrimSpace(r.Payer))
	return r
}

// check refuses a rule that says nothing, or two things.
func (r Rule) check() error {
	switch {
	case r.PayerWords == "" && len(r.Words) == 0:
		return refuse("RULE_WORDS", "Donnez des mots du payeur ou du texte : une règle sans mots vaudrait pour tout.")
	case (r.Mandate == "") == (r.Payer == "") || (r.Mandate == "") != (r.Benefit == ""):
		return refuse("RULE_SAYS", "Dites ce que sont ces virements : un mandat et sa prestation, ou un organisme payeur.")
	case r.Least.IsNegative() || r.Most.IsNegative() || !r.Most.IsZero() && r.Most.Cmp(r.Least) < 0:
		return refuse("RULE_AMOUNTS", "Les montants d’une règle vont du plus petit au plus grand, sans signe.")
	}
	return nil
}

// fits tells whether a tidied rule is about a credit of one transaction.
func (r Rule) fits(w wording, account string, amount money.Amount, on civil.Date) bool {
	switch {
	case r.PayerWords == "" && len(r.Words) == 0, on.Before(r.From),
		r.BankAccount != "" && r.BankAccount != account,
		amount.Cmp(r.Least) < 0, !r.Most.IsZero() && amount.Cmp(r.Most) > 0,
		r.PayerWords != "" && !says(w.party, r.PayerWords):
		return false
	}
	return !slices.ContainsFunc(r.Words, func(p string) bool { return !says(w.text, p) })
}

// sameAs tells that two rules say the same thing.
func (r Rule) sameAs(o Rule) bool {
	return r.Mandate == o.Mandate && r.Benefit == o.Benefit && r.Payer == o.Payer
}

// overlaps tells whether one line could fit two rules: on one account, with one amount, where
// the words of the one are all among those of the other. A line that carries the words of two
// strangers can always come; two rules never post it unless they say the same.
func (r Rule) overlaps(o Rule) bool {
	apart := r.BankAccount != "" && o.BankAccount != "" && r.BankAccount != o.BankAccount ||
		!r.Most.IsZero() && r.Most.Cmp(o.Least) < 0 || !o.Most.IsZero() && o.Most.Cmp(r.Least) < 0
	return !apart && (r.within(o) || o.within(r))
}

// within tells whether a line of the words of o, in whatever order, could make r fit as well.
func (r Rule) within(o Rule) bool {
	text := words(strings.Join(o.Words, " "))
	party := words(o.PayerWords)
	if len(party) == 0 {
		party = text
	}
	among := func(said []string, part string) bool {
		return !slices.ContainsFunc(words(part), func(w string) bool { return !slices.Contains(said, w) })
	}
	return among(party, r.PayerWords) && among(text, strings.Join(r.Words, " "))
}

// what names what a rule says, in French.
func (r Rule) what() string {
	if r.Payer != "" {
		return "payeur " + r.Payer
	}
	return r.Benefit + " du mandat " + r.Mandate
}

// French is the rule in a line.
func (r Rule) French() string {
	var when []string
	if r.PayerWords != "" {
		when = append(when, "payeur « "+r.PayerWords+" »")
	}
	for _, w := range r.Words {
		when = append(when, "texte « "+w+" »")
	}
	if r.BankAccount != "" {
		when = append(when, "compte "+r.BankAccount)
	}
	if !r.Least.IsZero() {
		when = append(when, "au moins "+r.Least.French())
	}
	if !r.Most.IsZero() {
		when = append(when, "au plus "+r.Most.French())
	}
	return strings.Join(when, ", ") + " → " + r.what()
}

// warn refuses a rule that another one could contradict, naming that one.
func (r Rule) warn(all []Rule) error {
	for _, o := range all {
		if o.ID == r.Replaces || !r.overlaps(o) {
			continue
		}
		text := fmt.Sprintf("La règle %d de %s peut convenir aux mêmes lignes : %s.", o.ID, o.By, o.French())
		if !r.sameAs(o) {
			text += " Quand deux règles se contredisent, rien n’est attribué."
		}
		return refuse("RULE_OVERLAPS", "%s Précisez les mots, le compte ou les montants, terminez l’autre "+
			"(masp rule end %d), ou dites pourquoi il faut les deux (--anyway).", text, o.ID)
	}
	return nil
}

// owners refuses a number of another person among the words of a rule that names a mandate.
func (r Rule) owners(m mandates.Mandate, numbers map[PayerNumber]string) error {
	for _, number := range numbersIn(strings.Join(r.Words, " ")) {
		for known, person := range numbers {
			if known.Number == number && person != m.Beneficiary.ID {
				return refuse("RULE_NUMBER", "Le numéro %s est celui d’une autre personne que celle du mandat %s.",
					number, m.ID)
			}
		}
	}
	return nil
}
