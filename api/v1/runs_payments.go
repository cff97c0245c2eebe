package v1

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"masp/api"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
)

// runPayment is a RunPayment of the contract: one transfer of a run with whom it is for and what it pays.
type runPayment struct {
	payment
	Person  string              `json:"person,omitempty"`
	From    payments.Provenance `json:"from"`
	Natures []string            `json:"natures"`
	Lines   []paidLine          `json:"lines"`

	place int
}

// paidLine is what a transfer pays of one line.
type paidLine struct {
	Label  string       `json:"label"`
	DueOn  civil.Date   `json:"due_on"`
	Amount money.Amount `json:"amount"`
}

// listRunPayments gives the transfers of a run in its order, those that fit what is looked for.
func (h *House) listRunPayments(ctx context.Context, c *api.Call) (api.Answer, error) {
	run, err := h.runSeen(ctx, c, c.Path("run"))
	if err != nil {
		return api.Answer{}, err
	}
	look := paymentLook{c.Query("nature"), c.Query("creditor"), c.Query("from"), c.Query("mandate"), strings.Fields(plainText(c.Query("q")))}
	var found []runPayment
	place := 0
	for _, m := range run.Mandates {
		for _, t := range m.Transfers {
			place++
			if row := runPaymentOf(c, m, t, place); look.fits(row) {
				found = append(found, row)
			}
		}
	}
	return api.Paged(c, found, func(p runPayment) string { return fmt.Sprintf("%09d", p.place) }, ascending)
}

func runPaymentOf(c *api.Call, m payments.RunMandate, t payments.Instruction, place int) runPayment {
	out := runPayment{
		payment: paymentOf(c, t), Person: strings.TrimSpace(m.Person), From: m.Provenance(t), Natures: m.Natures(t),
		Lines: []paidLine{}, place: place,
	}
	for _, cover := range t.Covers {
		if i := slices.IndexFunc(m.Lines, func(l payments.RunLine) bool { return l.No == cover.Line }); i >= 0 {
			out.Lines = append(out.Lines, paidLine{m.Lines[i].Label, m.Lines[i].DueOn, cover.Amount})
		}
	}
	return out
}

// paymentLook is what is looked for among the transfers of a run; what is empty is not asked.
type paymentLook struct {
	nature, creditor, from, mandate string
	words                           []string
}

// fits tells whether a transfer is what is looked for: each word stands somewhere in it.
func (l paymentLook) fits(p runPayment) bool {
	if l.creditor != "" && p.Creditor != l.creditor || l.from != "" && string(p.From) != l.from ||
		l.mandate != "" && p.Mandate != l.mandate || l.nature != "" && !slices.Contains(p.Natures, l.nature) {
		return false
	}
	if len(l.words) == 0 {
		return true
	}
	says := []string{p.Person, p.Mandate, p.Name, p.Creditor, p.Payment, p.IBAN, p.Reference, p.Amount.String(), p.Amount.French()}
	for _, line := range p.Lines {
		says = append(says, line.Label)
	}
	all := plainText(strings.Join(says, "\n"))
	return !slices.ContainsFunc(l.words, func(word string) bool { return !strings.Contains(all, word) })
}

var plainLetters = strings.NewReplacer(
	"à", "a", "â", "a", "ä", "a", "ç", "c", "é", "e", "è", "e", "ê", "e", "ë", "e", "î", "i", "ï", "i", "ô", "o", "ö", "o",
	"ù", "u", "û", "u", "ü", "u", "œ", "oe", "\u00a0", "", "\u202f", "", "’", "'",
)

// plainText is a text as it is compared when somebody looks for it: without accents and thin spaces.
func plainText(s string) string { return plainLetters.Replace(strings.ToLower(s)) }
