package bankfile

import "strings"

// sided is the amount of a transaction with its own side, noSide when it states none.
type sided struct {
	figure
	side side
}

// detail reads the TxDtls just opened; its amount waits for the side of the line.
func (r *camt) detail() (d Detail, own sided) {
	x := r.x
	var fromDetails figure
	for at := x.Depth(); x.Child(at); {
		switch x.Name() {
		case "Refs":
			r.references(&d)
		case "Amt":
			r.amount(&own.figure)
		case "AmtDtls":
			r.transactionAmount(&fromDetails)
		case "CdtDbtInd":
			r.side(&own.side)
		case "BkTxCd":
			d.Code, _ = r.code()
		case "RltdPties":
			r.parties(&d)
		case "Purp":
			d.Purpose = r.either("Cd", "Prtry")
		case "RmtInf":
			r.remittance(&d)
		case "RtrInf":
			d.Return = r.returned()
		case "AddtlTxInf":
			d.Text = x.Value()
		}
	}
	if !own.set {
		own.figure = fromDetails
	}
	return d, own
}

// transactionAmount reads AmtDtls/TxAmt. The instructed amount is not taken in its stead:
// it may be in another currency, or before charges.
func (r *camt) transactionAmount(into *figure) {
	x := r.x
	for at := x.Depth(); x.Child(at); {
		if x.Name() != "TxAmt" {
			continue
		}
		for within := x.Depth(); x.Child(within); {
			if x.Name() == "Amt" {
				r.amount(into)
			}
		}
	}
}

// notProvided is what banks write for "the payer gave none" (EPC rulebooks).
const notProvided = "NOTPROVIDED"

func (r *camt) references(d *Detail) {
	x := r.x
	for at := x.Depth(); x.Child(at); {
		switch x.Name() {
		case "MsgId":
			d.MessageID = x.Value()
		case "PmtInfId":
			d.PaymentInfoID = x.Value()
		case "InstrId":
			d.InstructionID = x.Value()
		case "EndToEndId":
			if id := x.Value(); id != notProvided {
				d.EndToEndID = id
			}
		case "TxId":
			d.TxID = x.Value()
		case "MndtId":
			d.MandateID = x.Value()
		}
	}
}

func (r *camt) parties(d *Detail) {
	x := r.x
	for at := x.Depth(); x.Child(at); {
		switch x.Name() {
		case "Dbtr":
			r.party(&d.DebtorName)
		case "DbtrAcct":
			d.DebtorIBAN, _ = r.accountID()
		case "UltmtDbtr":
			r.party(&d.UltimateDebtor)
		case "Cdtr":
			r.party(&d.CreditorName)
		case "CdtrAcct":
			d.CreditorIBAN, _ = r.accountID()
		case "UltmtCdtr":
			r.party(&d.UltimateCreditor)
		}
	}
}

func (r *camt) remittance(d *Detail) {
	x := r.x
	for at := x.Depth(); x.Child(at); {
		switch x.Name() {
		case "Ustrd":
			if text := x.Value(); text != "" {
				d.Remittance = append(d.Remittance, text)
			}
		case "Strd":
			r.structured(d)
		}
	}
}

// structured reads the first creditor reference; the free text beside it joins the others.
func (r *camt) structured(d *Detail) {
	x := r.x
	for at := x.Depth(); x.Child(at); {
		switch x.Name() {
		case "CdtrRefInf":
			if ref := r.either("Ref", ""); d.StructuredRef == "" {
				d.StructuredRef = ref
			}
		case "AddtlRmtInf":
			if text := x.Value(); text != "" {
				d.Remittance = append(d.Remittance, text)
			}
		}
	}
}

func (r *camt) returned() *Return {
	x := r.x
	back := &Return{}
	var texts []string
	for at := x.Depth(); x.Child(at); {
		switch x.Name() {
		case "OrgnlBkTxCd":
			iso, proprietary := r.code()
			if back.OriginalCode = iso.String(); back.OriginalCode == "" {
				back.OriginalCode = proprietary
			}
		case "Rsn":
			back.Code = r.either("Cd", "Prtry")
		case "AddtlInf":
			texts = append(texts, x.Value())
		}
	}
	back.Text = strings.TrimSpace(strings.Join(texts, " "))
	return back
}
