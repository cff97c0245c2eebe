package imports

import (
	"errors"
	"fmt"
	"strings"

	"masp/imports/bankfile"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// Reasons for which a statement is held: nothing of it is posted until a person, or a file
// that comes later, has cured it.
const (
	HeldUnbalanced     = "NOT_BALANCED"    // opening + credits − debits ≠ closing
	HeldNoBalance      = "NO_BALANCE"      // a balance is missing: nothing proves it whole
	HeldNotEUR         = "NOT_EUR"         // another currency
	HeldNotCents       = "NOT_IN_CENTS"    // an amount of euros with a third decimal
	HeldTooMuch        = "TOO_MUCH"        // an amount larger than any account holds
	HeldNoDate         = "NO_DATE"         // no day at all
	HeldBadNumber      = "BAD_NUMBER"      // a number longer than any bank's
	HeldUnknownAccount = "UNKNOWN_ACCOUNT" // not an account of ours
	HeldConflict       = "CONFLICT"        // its number is known with another content
	HeldGap            = "GAP"             // a statement before it is missing
	HeldOverlap        = "OVERLAP"         // its days or lines are in the books: for a person
	HeldFirstBalance   = "FIRST_BALANCE"   // the first one, and our books start elsewhere
	HeldFuture         = "FUTURE"          // it closes long after today
	HeldLineDay        = "LINE_DAY"        // a line is booked long after the statement, or today
	HeldPages          = "PAGES"           // a page without its balances: the others are missing
	HeldUnread         = "UNREAD"          // its turn has not come yet, or the import was interrupted
	HeldImporting      = "IMPORTING"       // a long one: not all its lines are in the books yet
	HeldDropped        = "DROPPED"         // a person has given it up: it is never posted
	HeldIntraday       = "INTRADAY"        // the day so far (camt.052): kept, never posted
	HeldNotice         = "NOTICE"          // details of lines (camt.054): kept, never posted
)

// maxRef is the longest number of a statement, in bytes; ISO 20022 allows 35 characters.
const maxRef = 140

// curable lists the reasons that another file or another setting may cure without a new
// version of the statement: held statements are tried again for these.
var curable = []string{
	HeldUnknownAccount, HeldGap, HeldFirstBalance, HeldFuture, HeldUnread,
	HeldPages,
}

// askBank ends the explanation of a statement that only another one from the bank can replace.
const askBank = " Demandez à la banque un relevé juste, puis abandonnez celui-ci."

// names gives the reasons of the reader their names here; the others keep their own.
var names = map[string]string{
	"does_not_add_up": HeldUnbalanced, "mixed_currency": HeldNotEUR, "not_in_cents": HeldNotCents,
	"no_account": HeldUnknownAccount,
}

// judge says what the file itself has against a statement, the gravest first.
func judge(e bankfile.StatementEnd, lineFault error, st *statement) hold {
	if currency := e.Statement.Account.Currency; currency != "" && currency != euro {
		return hold{
			HeldNotEUR,
			fmt.Sprintf("Le relevé est en %s : seuls les comptes en euros sont tenus. "+
				"Abandonnez-le.", currency),
		}
	}
	for _, reason := range e.Reasons {
		if reason.Outcome >= bankfile.Held {
			code := firstOf(names[reason.Code], strings.ToUpper(reason.Code))
			return hold{code, sentence(reason.Message, reason.Place) + askBank}
		}
	}
	switch {
	case st.page > 0 && !st.balanced() && lineFault == nil:
		return missingPages(st)
	case e.Statement.Opening == nil || e.Statement.Closing == nil:
		return hold{
			HeldNoBalance,
			"Le relevé n’a pas ses deux soldes : rien ne prouve qu’il est complet." + askBank,
		}
	case lineFault != nil || !st.balanced():
		if errors.Is(lineFault, money.ErrRange) {
			return hold{HeldTooMuch, "Un montant du relevé est trop grand." + askBank}
		}
		return hold{HeldNotCents, "Un montant du relevé a plus de deux décimales." + askBank}
	case e.Closes != bankfile.Closes:
		return hold{HeldUnbalanced, "Le relevé ne tombe pas juste." + askBank}
	case len(st.ref) > maxRef:
		return hold{HeldBadNumber, "Le numéro du relevé est trop long pour en être un." + askBank}
	case st.to.IsZero():
		return hold{HeldNoDate, "Le relevé ne porte aucune date." + askBank}
	case st.last.After(st.to.AddDays(aheadAtMost)):
		return st.strayLine("que le relevé s’arrête au " + st.to.FrenchShort())
	}
	return hold{}
}

// sentence makes a French sentence of a remark and its place.
func sentence(message, place string) string {
	text := []rune(message)
	if len(text) > 0 {
		text[0] = []rune(strings.ToUpper(string(text[0])))[0]
	}
	if place == "" {
		return string(text) + "."
	}
	return string(text) + " (" + place + ")."
}

// link is where the chain of statements of an account stands.
type link struct {
	no      int64 // 0 before the first statement
	closing money.Amount
	on      civil.Date // zero before the first statement
}

// continues tells that a statement is the next one: it opens with the balance on which the
// last one closed, and it does not end before it.
func (l link) continues(st *statement) bool {
	return st.opening == l.closing && (l.no == 0 || !st.to.Before(l.on))
}

// next is the chain once the statement is accepted.
func (l link) next(st *statement) link { return link{l.no + 1, st.closing, st.to} }

// why says why a statement does not continue the chain, naming what is missing.
func (l link) why(st *statement) hold {
	open, last := st.opening.French(), l.closing.French()
	switch {
	case l.no == 0:
		return hold{
			HeldFirstBalance,
			fmt.Sprintf("Premier relevé de ce compte : il commence à %s, "+
				"mais nos livres disent %s. Corrigez les soldes d’ouverture, il suivra ; "+
				"si un relevé plus ancien manque, déposez-le.", open, last),
		}
	case st.to.Before(l.on), st.from.Before(l.on):
		return hold{
			HeldOverlap,
			fmt.Sprintf("Le relevé va du %s au %s, mais le compte est déjà tenu jusqu’au %s "+
				"(solde %s, le relevé commence à %s). Demandez à la banque un relevé qui suit ce solde, "+
				"puis abandonnez celui-ci.",
				st.from.FrenchShort(), st.to.FrenchShort(), l.on.FrenchShort(), last, open),
		}
	}
	first, until := l.on.AddDays(1), st.from.AddDays(-1)
	missing := fmt.Sprintf("du %s au %s", first.FrenchShort(), until.FrenchShort())
	switch {
	case until == first:
		missing = "du " + first.FrenchShort()
	case until.Before(first):
		missing = "entre le " + l.on.FrenchShort() + " et le " + st.from.FrenchShort()
	}
	return hold{
		HeldGap,
		fmt.Sprintf("Il manque le relevé %s : le dernier solde est %s, celui-ci commence à %s. "+
			"Déposez le relevé manquant, celui-ci suivra.", missing, last, open),
	}
}
