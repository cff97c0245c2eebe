package scenario

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"masp/ledger"
	"masp/payments"
	"masp/payments/mandates"
)

// reference is what our own references look like (load file, version 1).
var reference = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{0,23}$`)

// names translates between the names of a story, which are any text, and our references.
type names struct {
	banks, mandates, payees, debts aliases
	own                            map[ownAccount]string // our creditors of kind BENEFICIARY
	lines                          map[string]string     // obligation → line of the story
	transfers                      map[string]string     // EndToEndId → payment of the story
	endToEnd                       map[string]string     // payment of the story → EndToEndId
	paid                           map[string]string     // payment of the story → our creditor
	texts                          map[string]string     // of bank lines, as the story writes them
}

// namesOf gives a reference to whatever the story names.
func namesOf(s Story) *names {
	n := &names{
		banks:     newAliases("BANK", ids(s.BankAccounts, func(a BankAccount) string { return a.Code })),
		mandates:  newAliases("M", ids(s.Mandates, func(m Mandate) string { return m.ID })),
		payees:    newAliases("P", ids(s.Payees, func(p Payee) string { return p.ID })),
		debts:     newAliases("D", ids(s.Debts, func(d Debt) string { return d.ID })),
		lines:     map[string]string{},
		transfers: map[string]string{}, endToEnd: map[string]string{}, paid: map[string]string{}, texts: map[string]string{},
	}
	n.own = n.ownAccounts(s)
	for _, e := range s.Events {
		if c, ok := e.(Credit); ok {
			n.write(c.Reference)
			n.write(c.Payer + " " + c.Reference)
		}
	}
	return n
}

// ownAccount is a payee of kind BENEFICIARY as one mandate uses it.
type ownAccount struct{ payee, mandate string }

// ownAccounts gives each person who uses an account of kind BENEFICIARY a creditor of her own: here
// an account belongs to one person, and what a story does not use is nobody's.
func (n *names) ownAccounts(s Story) map[ownAccount]string {
	own, taken := map[ownAccount]string{}, map[string]int{}
	for _, use := range s.uses() {
		at := slices.IndexFunc(s.Payees, func(p Payee) bool { return p.ID == use.payee })
		if at < 0 || kindOf(s.Payees[at].Kind) != mandates.OwnAccount || own[use] != "" {
			continue
		}
		ref := n.payees.ours[use.payee]
		for taken[use.payee]++; taken[use.payee] > 1 && n.payees.theirs[ref] != ""; taken[use.payee]++ {
			ref = fmt.Sprintf("SELF-%d-%d", at+1, taken[use.payee])
		}
		own[use], n.payees.theirs[ref] = ref, use.payee
	}
	return own
}

// payee is our creditor for a payee that a mandate uses.
func (n *names) payee(mandate, payee string) string {
	if ref, own := n.own[ownAccount{payee, mandate}]; own {
		return ref
	}
	return n.payees.ours[payee]
}

func ids[T any](of []T, id func(T) string) []string {
	all := make([]string, len(of))
	for i, x := range of {
		all[i] = id(x)
	}
	return all
}

// aliases are the names of one kind: those of the story and our references.
type aliases struct{ ours, theirs map[string]string }

// newAliases keeps what fits and makes references for the rest.
func newAliases(prefix string, ids []string) aliases {
	n := aliases{make(map[string]string), make(map[string]string)}
	for _, id := range ids {
		if reference.MatchString(id) {
			n.add(id, id)
		}
	}
	for _, id := range ids {
		for i := 1; n.ours[id] == ""; i++ {
			if ref := fmt.Sprintf("%s-%d", prefix, i); n.theirs[ref] == "" {
				n.add(id, ref)
			}
		}
	}
	return n
}

func (n aliases) add(id, ref string) { n.ours[id], n.theirs[ref] = ref, id }

// account is an account of ours under the names of the story.
func (n *names) account(code string) string {
	parts := strings.Split(code, ":")
	switch parts[0] {
	case "512":
		parts[1] = n.banks.theirs[parts[1]]
	case "467":
		parts[1] = n.mandates.theirs[parts[1]]
	}
	return strings.Join(parts, ":")
}

// mandateOf is the mandate of the story whose account it is; empty for other accounts.
func (n *names) mandateOf(code string) string {
	if ledger.Code(code).PCG() != "467" {
		return ""
	}
	return n.mandates.theirs[strings.Split(code, ":")[1]]
}

// transfer notes the name that the story gives to one of our transfers.
func (n *names) transfer(t payments.Instruction, id string) {
	n.transfers[t.EndToEndID], n.endToEnd[id], n.paid[id] = id, t.EndToEndID, t.Creditor
}

// write notes a text that the bank will write with single blanks.
func (n *names) write(text string) { n.texts[blanks(text)] = text }

// text is a text of a bank line as the story writes it.
func (n *names) text(text string) string {
	if known, ok := n.texts[blanks(text)]; ok {
		return known
	}
	return text
}

func blanks(text string) string { return strings.Join(strings.Fields(text), " ") }
