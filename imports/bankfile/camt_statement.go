package bankfile

import (
	"errors"

	"masp/ledger/civil"
)

// begin opens the statement that has just been reached.
func (r *camt) begin() {
	r.stmt = r.x.Depth()
	r.statements++
	r.cur = newReading(r.format.Kind(), r.place())
	r.cur.message = r.pages
}

// nextEntry reads what a statement says about itself until its next line, in whatever
// order; false when the statement has ended.
func (r *camt) nextEntry() bool {
	x, st := r.x, &r.cur.st
	for x.Child(r.stmt) {
		switch x.Name() {
		case "Ntry":
			return true
		case "Id":
			r.number(&st.ID)
		case "ElctrncSeqNb":
			r.number(&st.Sequence)
		case "LglSeqNb":
			r.number(&r.cur.legalSequence)
		case "CpyDplctInd":
			st.CopyDuplicate = x.Value()
		case "FrToDt":
			r.period()
		case "StmtPgntn", "RptPgntn", "NtfctnPgntn":
			r.cur.page = r.page()
		case "Acct":
			r.account()
		case "Bal":
			r.balance()
		case "TxsSummry":
			r.summary()
		}
	}
	return false
}

// number reads what names the statement; two that differ refuse the file, as its statements are
// told apart by it.
func (r *camt) number(into *string) {
	leaf := r.x.Name()
	text := r.x.Value()
	if *into != "" && *into != text && r.x.Err() == nil {
		r.fail(CodeTwice, leaf, text, errors.New("second number of one statement"))
		return
	}
	*into = text
}

func (r *camt) period() {
	x, st := r.x, &r.cur.st
	for at := x.Depth(); x.Child(at); {
		switch x.Name() {
		case "FrDtTm", "FrDt":
			r.plainDay(&st.From)
		case "ToDtTm", "ToDt":
			r.plainDay(&st.To)
		}
	}
}

// page reads a pagination; a page that says nothing of what follows is the last one.
func (r *camt) page() page {
	x, p := r.x, page{last: true}
	for at := x.Depth(); x.Child(at); {
		switch x.Name() {
		case "PgNb":
			p.number = r.count()
		case "LastPgInd":
			p.last = isTrue(x.Word())
		}
	}
	return p
}

// isTrue reads an XML boolean.
func isTrue(text string) bool { return text == "true" || text == "1" }

func (r *camt) account() {
	x, a := r.x, &r.cur.st.Account
	if a.ID() != "" {
		r.fail(CodeTwice, "", "", errors.New("second account in one statement"))
		return
	}
	for at := x.Depth(); x.Child(at); {
		switch x.Name() {
		case "Id":
			a.IBAN, a.Other = r.identification()
		case "Ccy":
			a.Currency = x.Word()
		case "Ownr":
			r.party(&a.Owner)
		case "Svcr":
			r.servicer(&a.BIC)
		}
	}
}

// servicer reads the BIC of the bank, whose element changed its name with .04.
func (r *camt) servicer(into *string) {
	x := r.x
	for at := x.Depth(); x.Child(at); {
		switch x.Name() {
		case "FinInstnId":
			r.servicer(into)
		case "BIC", "BICFI":
			*into = x.Value()
		}
	}
}

func (r *camt) balance() {
	x := r.x
	place := r.place()
	var (
		kind string
		sum  figure
		s    side
		on   civil.Date
	)
	for at := x.Depth(); x.Child(at); {
		switch x.Name() {
		case "Tp":
			kind = r.balanceType()
		case "Amt":
			r.amount(&sum)
		case "CdtDbtInd":
			r.side(&s)
		case "Dt":
			r.day(&on)
		}
	}
	if x.Err() != nil || !sum.set {
		return
	}
	b := &Balance{Type: kind, Amount: sum.value.signed(s), Currency: sum.currency, On: on}
	r.cur.balance(b, s != noSide, place)
}

func (r *camt) balanceType() (kind string) {
	x := r.x
	for at := x.Depth(); x.Child(at); {
		if x.Name() == "CdOrPrtry" {
			kind = r.either("Cd", "Prtry")
		}
	}
	return kind
}

// summary reads what the bank says that it counted.
func (r *camt) summary() {
	x, told := r.x, &r.cur.told
	for at := x.Depth(); x.Child(at); {
		switch x.Name() {
		case "TtlNtries":
			r.total(&told.all)
		case "TtlCdtNtries":
			r.total(&told.credits)
		case "TtlDbtNtries":
			r.total(&told.debits)
		}
	}
}

// total reads a count and a sum. They inform only: a sum that is no plain number, or has
// a sign as some banks write it, is left out.
func (r *camt) total(into *total) {
	x := r.x
	for at := x.Depth(); x.Child(at); {
		switch x.Name() {
		case "NbOfNtries":
			into.count, into.counted = r.count(), true
		case "Sum":
			value, err := parseNumber(x.Bytes())
			into.sum, into.summed = value.signed(credit), err == nil
		}
	}
}
