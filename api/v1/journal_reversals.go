package v1

import (
	"context"
	"errors"
	"net/http"

	"masp/api"
	"masp/api/contract"
	"masp/imports"
	"masp/ledger"
	"masp/ledger/unit"
)

// reverseEntry corrects an entry by its reversal, with the act that the entry stands for: the match of a line
// of the bank is undone, a transfer that the bank does not have yet is cancelled. Whatever else followed from
// it follows again, so that the books never say otherwise than the bank, the files and the dues. An entry
// without such an act is not reversed: it is what the bank said, or what other acts rest on.
func (h *House) reverseEntry(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Reason string `json:"reason"`
	}
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	no, err := h.seal.Number(entryKind, c.Path("entry"))
	if err != nil {
		return api.Answer{}, err
	}
	was, err := readEntry(ctx, unit.Reader(ctx, h.DB), no)
	if err != nil {
		return api.Answer{}, err
	}
	if was.ReversedBy > 0 {
		return api.Answer{}, ledger.ErrReversed
	}
	if err := h.takeBack(ctx, c, was, body.Reason); err != nil {
		return api.Answer{}, err
	}
	return h.reversalOf(ctx, no)
}

// takeBack does the act that reverses an entry.
func (h *House) takeBack(ctx context.Context, c *api.Call, was entryRow, reason string) error {
	switch m, err := h.Imports.Match(ctx, was.No); {
	case err == nil:
		_, err = h.Imports.UndoMatch(ctx, c.Who, m.Ask(reason))
		return err
	case !errors.Is(err, imports.ErrNoMatch):
		return err
	case len(was.Payments) == 1:
		return h.Payments.CancelTransfer(ctx, c.Who, was.Payments[0], reason)
	}
	return irreversible(was.Kind)
}

// reversalOf is the entry that reverses another one, made.
func (h *House) reversalOf(ctx context.Context, no int64) (api.Answer, error) {
	q := unit.Reader(ctx, h.DB)
	was, err := readEntry(ctx, q, no)
	if err != nil {
		return api.Answer{}, err
	}
	mirror, err := readEntry(ctx, q, was.ReversedBy)
	if err != nil {
		return api.Answer{}, err
	}
	out := h.entryOf(mirror)
	if out.Postings, err = readPostings(ctx, q, mirror.No); err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Status: http.StatusCreated, Body: out, Location: "/v1/journal_entries/" + out.Entry}, nil
}

// whyIrreversible says what to do instead.
var whyIrreversible = map[ledger.Kind]string{
	ledger.Opening:     "Deux personnes ont signé ce solde d'ouverture : il ne s'extourne pas.",
	ledger.BankCredit:  "Cette écriture dit ce que la banque a crédité : identifiez la ligne, ou remplacez le relevé s'il est faux.",
	ledger.BankDebit:   "Cette écriture dit ce que la banque a débité : identifiez la ligne, ou remplacez le relevé s'il est faux.",
	ledger.Reject:      "La banque a refusé ce virement : ce qu'il payait est de nouveau dû.",
	ledger.DeathFreeze: "Cet argent est gelé depuis le décès : il part vers la succession.",
	ledger.ReversalOf:  "Une extourne ne s'extourne pas : refaites ce qui était juste.",
}

func irreversible(kind ledger.Kind) *api.Fault {
	french, ok := whyIrreversible[kind]
	if !ok {
		french = "D'autres actes reposent sur cette écriture : corrigez-les, elle suivra."
	}
	return &api.Fault{Status: http.StatusConflict, Code: "not_reversible", Detail: contract.Text{
		French: french, English: "This entry is not reversed: it says what the bank said, or other acts rest on it.",
	}}
}
