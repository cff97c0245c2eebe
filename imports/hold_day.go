package imports

import (
	"fmt"

	"masp/imports/bankfile"
	"masp/ledger/civil"
)

// aheadAtMost is how many days after today a statement may close. A bank may date the next
// working days; a far day, once accepted, would hold every true statement after it.
const aheadAtMost = 31

// tooFar holds a statement that closes further ahead than that. A notice closes on no day.
func (st *statement) tooFar(today civil.Date) hold {
	if st.to.IsZero() || st.to.DaysSince(today) <= aheadAtMost {
		return hold{}
	}
	return hold{
		HeldFuture,
		fmt.Sprintf("Le relevé s’arrête au %s, alors que nous sommes le %s : accepté, il bloquerait "+
			"les relevés suivants. Vérifiez la date de l’ordinateur ; si elle est juste, demandez à la "+
			"banque un relevé bien daté, puis abandonnez celui-ci.",
			st.to.FrenchShort(), today.FrenchShort()),
	}
}

// strayLine holds a statement of which a line is booked on a day that cannot be. It is never
// released: its file itself is wrong.
func (st *statement) strayLine(though string) hold {
	return hold{
		HeldLineDay, "Une écriture du relevé est datée du " + st.last.FrenchShort() + ", alors " +
			though + "." + askBank,
	}
}

// lineTooFar holds a statement, itself of our days, with a line further ahead than it may close.
func (st *statement) lineTooFar(today civil.Date) hold {
	if st.tooFar(today).reason != "" || !st.last.After(today.AddDays(aheadAtMost)) {
		return hold{}
	}
	return st.strayLine("que nous sommes le " + today.FrenchShort())
}

// remarkAhead warns of a statement that closes after today.
func remarkAhead(ref string, to, today civil.Date) bankfile.Reason {
	return bankfile.Reason{
		Code: "future", Outcome: bankfile.AcceptedWithWarnings, Place: "relevé " + ref,
		Message: fmt.Sprintf("le relevé s’arrête au %s, après aujourd’hui (%s) : "+
			"demandez à la banque si sa date est juste", to.FrenchShort(), today.FrenchShort()),
	}
}

// unread holds a statement from the moment it is stored until its turn comes.
var unread = hold{
	HeldUnread,
	"Le relevé est lu, mais pas encore enregistré : son tour n’est pas venu, ou l’import a été " +
		"interrompu. Il est repris au prochain import (masp import, masp bankfile held --retry).",
}

// onItsWay says how far a long statement is.
func onItsWay(done, lines int) string {
	return fmt.Sprintf("%d de ses %d lignes sont enregistrées : l’import est en cours, ou il a été "+
		"interrompu et sera repris au prochain (masp import, masp bankfile held --retry). Rien "+
		"d’autre de ce compte n’est accepté avant.", done, lines)
}

// forInformation keeps what is never posted.
func forInformation(kind string) hold {
	if kind == kindIntraday {
		return hold{HeldIntraday, "Relevé provisoire : gardé, rien n’est enregistré."}
	}
	return hold{
		HeldNotice, "Avis de détail : gardé ; il explique les lignes du relevé, qui seul est enregistré.",
	}
}

// unknownAccount holds a statement of an account that is not ours.
func unknownAccount(iban string) hold {
	return hold{
		HeldUnknownAccount,
		"Le compte " + iban + " n’est pas un compte de l’association. S’il est à elle, ajoutez-le : " +
			"le relevé suivra ; sinon, abandonnez le relevé.",
	}
}

// conflicting holds a statement whose number stands on another one in the books.
func conflicting(ref string, as numbered) hold {
	return hold{
		HeldConflict,
		fmt.Sprintf("Un relevé de même numéro (%s) mais d’un autre contenu, arrêté au %s, est déjà "+
			"enregistré. Demandez à la banque lequel est le bon : abandonnez celui-ci s’il est faux "+
			"(masp bankfile drop), acceptez-le si les deux sont justes (masp bankfile accept), mettez-le à la "+
			"place de l’autre s’il le corrige (masp bankfile replace %d FICHIER).",
			ref, as.closed.FrenchShort(), as.id),
	}
}

// dropped explains a statement that somebody has given up.
func dropped(by string, on civil.Date, because string) hold {
	return hold{
		HeldDropped, fmt.Sprintf("Abandonné par %s le %s : %s", by, on.FrenchShort(), because),
	}
}
