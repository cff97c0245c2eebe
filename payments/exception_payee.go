package payments

import (
	"fmt"
	"maps"
	"slices"

	"masp/payments/sepa"
)

// payees looks at where the money goes: each creditor of the run once, with all his lines.
func (w *finder) payees() {
	var seen []string
	look := func(creditor string) {
		if creditor != "" && !slices.Contains(seen, creditor) && w.concerns(creditor) {
			seen = append(seen, creditor)
			w.payee(creditor, w.Payees[creditor])
		}
	}
	for _, l := range w.Run.Lines {
		look(l.Creditor)
	}
	for _, t := range w.Run.Transfers {
		look(t.Creditor)
	}
	if w.Run.Refused == RentIBANNotOpen { // the whole mandate waits for them
		for _, id := range slices.Sorted(maps.Keys(w.Payees)) {
			if w.Payees[id].IBAN == "" {
				look(id)
			}
		}
	}
}

// concerns tells whether the run pays a creditor, or would if his account were open.
func (w *finder) concerns(creditor string) bool {
	return w.Run.Refused != "" ||
		slices.ContainsFunc(w.Run.Transfers, func(t Instruction) bool { return t.Creditor == creditor }) ||
		slices.ContainsFunc(w.Run.Lines, func(l RunLine) bool {
			return l.Creditor == creditor && (l.Paid.IsPositive() || l.Reason == IBANNotOpen)
		})
}

// payee looks at one creditor. What forbids the payment hides what only differs.
func (w *finder) payee(id string, p PayeeFact) {
	lines := w.linesTo(id)
	if w.rejected(p, lines) || p.IBAN == "" {
		if p.IBAN == "" && p.BankRefusal == "" && p.LastVersion == 0 {
			w.newPayee(p, lines)
		}
		return
	}
	iban, err := sepa.ParseIBAN(p.IBAN)
	correct := append([]Decision{DecideCorrectIBAN}, withdrawn(lines)...)
	switch {
	case err != nil:
		w.add(Exception{
			Code: IBANInvalid, Lines: lines, After: masked(p.IBAN), Awaits: correct,
			Text: p.Name + " : la banque refusera cet IBAN, ses chiffres de contrôle sont faux.",
		})
		return
	case !iban.InSEPA():
		w.add(Exception{
			Code: PayeeNotSEPA, Lines: lines, After: iban.Masked(), Awaits: correct,
			Text: fmt.Sprintf("%s : un compte du pays %s ne reçoit pas de virement SEPA.", p.Name, iban.Country()),
		})
		return
	}
	w.changed(p, iban, lines)
	w.nameChecked(p, lines)
}

// nameChecked tells that the payee's bank knows his account under another name. It is information
// before the signature and refuses nothing (Reg. (EU) 2024/886 art. 5c).
func (w *finder) nameChecked(p PayeeFact, lines []string) {
	e := Exception{
		Code: NameMismatch, Lines: lines, Before: p.Name, After: p.NameAtBank, Awaits: withdrawn(lines),
	}
	switch {
	case p.NameCheck == sepa.VerifiedClose && p.NameAtBank != "":
		e.Text = fmt.Sprintf("La banque du destinataire connaît ce compte sous le nom « %s », et non « %s ».",
			p.NameAtBank, p.Name)
	case p.NameCheck == sepa.VerifiedClose:
		e.After, e.Text = "un nom proche", fmt.Sprintf(
			"La banque du destinataire connaît ce compte sous un nom proche de « %s », sans dire lequel.", p.Name)
	case p.NameCheck == sepa.VerifiedNone:
		e.After, e.Text = "un autre nom", fmt.Sprintf(
			"La banque du destinataire ne connaît pas ce compte sous le nom « %s » : appelez un numéro connu.", p.Name)
	default:
		return
	}
	w.add(e)
}

// rejected tells whether the last transfer to the creditor failed and the same IBAN stands.
func (w *finder) rejected(p PayeeFact, lines []string) bool {
	code := p.BankRefusal
	if code == "" && p.LastFailure != "" && (p.Version == p.LastVersion || p.IBAN == "") {
		code = p.LastFailure
	}
	if code == "" {
		return false
	}
	e := Exception{
		Code: PayeeRejected, Lines: lines, Before: frenchUnlessZero(p.LastAmount), After: code,
		Awaits: append([]Decision{DecideCorrectIBAN}, withdrawn(lines)...),
		Text:   fmt.Sprintf("%s : le dernier virement est revenu (%s). %s", p.Name, code, sepa.ReasonText(code)),
	}
	w.add(e)
	return true
}

// withdrawn is what takes the lines of a creditor out of the run; without any there is nothing to
// take out: a remittance is changed by its plan.
func withdrawn(lines []string) []Decision {
	if len(lines) == 0 {
		return nil
	}
	return []Decision{DecideWithdraw}
}

// changed looks for another IBAN than the one paid last, and for a creditor never paid. The IBAN
// of last time is not offered: once another is payable, PostgreSQL pays it no more (MA019).
func (w *finder) changed(p PayeeFact, iban sepa.IBAN, lines []string) {
	switch p.LastVersion {
	case 0:
		if !w.First || !p.Loaded {
			w.newPayee(p, lines)
		}
		return
	case p.Version:
		return
	}
	was := masked(p.LastIBAN)
	e := Exception{
		Code: IBANChanged, Lines: lines, Before: was, After: iban.Masked(), Awaits: withdrawn(lines),
		Text: fmt.Sprintf("%s : %s devient %s, saisi par %s le %s.",
			p.Name, was, iban.Masked(), p.ProposedBy, p.ProposedOn.FrenchShort()),
	}
	if p.ProposedBy != "" && p.ProposedBy == w.Preparer && !p.Settled {
		e.Code = IBANChangedSamePerson
		e.Text += " C'est la même personne qui prépare la campagne."
	}
	w.add(e)
}

func (w *finder) newPayee(p PayeeFact, lines []string) {
	after := ""
	if p.IBAN != "" {
		after = masked(p.IBAN)
	}
	e := Exception{
		Code: NewPayee, Lines: lines, After: after, Awaits: withdrawn(lines),
		Text: fmt.Sprintf("%s : premier paiement pour cette personne.", p.Name),
	}
	if p.IBAN == "" {
		e.Text = fmt.Sprintf("%s : son IBAN attend sa confirmation ou la fin de son délai, rien ne part.", p.Name)
	}
	w.add(e)
}

// masked shows enough of a stored IBAN to recognise it, also when it is false.
func masked(iban string) string {
	if len(iban) < 8 {
		return "…"
	}
	return iban[:4] + "…" + iban[len(iban)-4:]
}
