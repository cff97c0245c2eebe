package bankfile

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/moov-io/iso20022/pkg/camt_v08"
	"github.com/moov-io/iso20022/pkg/common"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// theirAmount is an amount as it is written.
type theirAmount struct {
	Text string `xml:",chardata"`
	Ccy  string `xml:"Ccy,attr"`
}

type theirBalance struct {
	camt_v08.CashBalance8
	Amt     theirAmount `xml:"Amt"`
	CdtLine struct{}    `xml:"CdtLine"`
}

type theirEntry struct {
	camt_v08.ReportEntry10
	Amt     theirAmount `xml:"Amt"`
	AmtDtls struct{}    `xml:"AmtDtls"`
	Chrgs   struct{}    `xml:"Chrgs"`
	Intrst  struct{}    `xml:"Intrst"`
	Details []struct {
		Transactions []theirTransaction `xml:"TxDtls"`
	} `xml:"NtryDtls"`
}

type theirTransaction struct {
	camt_v08.EntryTransaction10
	Amt     *theirAmount `xml:"Amt"`
	Chrgs   struct{}     `xml:"Chrgs"`
	Intrst  struct{}     `xml:"Intrst"`
	Tax     struct{}     `xml:"Tax"`
	AmtDtls struct {
		TxAmt *struct {
			Amt *theirAmount `xml:"Amt"`
		} `xml:"TxAmt"`
	} `xml:"AmtDtls"`
	RmtInf struct {
		Ustrd []common.Max140Text `xml:"Ustrd"`
		Strd  []struct {
			AddtlRmtInf []common.Max140Text `xml:"AddtlRmtInf"`
		} `xml:"Strd"`
	} `xml:"RmtInf"`
}

func (e *theirEntry) line() (*Line, error) {
	amount, err := e.Amt.signed(e.CdtDbtInd)
	l := &Line{
		Amount: amount, Currency: e.Amt.Ccy, Status: theirStatus(e.Sts),
		BookedOn: theirDay(e.BookgDt), ValueOn: theirDay(e.ValDt),
		BankReference: trimmed(e.AcctSvcrRef), EntryReference: trimmed(e.NtryRef),
		Text: trimmed(e.AddtlNtryInf), Code: theirCode(e.BkTxCd),
	}
	if p := e.BkTxCd.Prtry; p != nil {
		l.ProprietaryCode = strings.TrimSpace(string(p.Cd))
	}
	for _, block := range e.Details {
		for i := range block.Transactions {
			d, failed := block.Transactions[i].detail(e.CdtDbtInd)
			l.Details = append(l.Details, d)
			err = errors.Join(err, failed)
		}
	}
	return l, err
}

func (x *theirTransaction) detail(side common.CreditDebitCode) (d Detail, err error) {
	if x.CdtDbtInd != nil {
		side = *x.CdtDbtInd
	}
	own := x.Amt
	if own == nil && x.AmtDtls.TxAmt != nil {
		own = x.AmtDtls.TxAmt.Amt
	}
	if own != nil {
		amount, failed := own.signed(side)
		d.Amount, err = &amount, failed
	}
	if refs := x.Refs; refs != nil {
		d.MessageID, d.PaymentInfoID = trimmed(refs.MsgId), trimmed(refs.PmtInfId)
		d.InstructionID, d.TxID = trimmed(refs.InstrId), trimmed(refs.TxId)
		if d.EndToEndID = trimmed(refs.EndToEndId); d.EndToEndID == notProvided {
			d.EndToEndID = ""
		}
	}
	d.Remittance = x.texts()
	if x.RtrInf != nil {
		d.Return = &Return{}
		if rsn := x.RtrInf.Rsn; rsn != nil {
			d.Return.Code = first(string(rsn.Cd), string(rsn.Prtry))
		}
	}
	return d, err
}

// texts are the free texts, in their order.
func (x *theirTransaction) texts() (out []string) {
	all := slices.Clone(x.RmtInf.Ustrd)
	for _, s := range x.RmtInf.Strd {
		all = append(all, s.AddtlRmtInf...)
	}
	for i := range all {
		if text := trimmed(&all[i]); text != "" {
			out = append(out, text)
		}
	}
	return out
}

// signed is the exact amount with the sign of its side.
func (a theirAmount) signed(side common.CreditDebitCode) (money.Exact, error) {
	text := strings.TrimSpace(a.Text)
	if strings.HasPrefix(text, ".") {
		text = "0" + text
	}
	v, err := money.ParseExact(text)
	if err != nil {
		return v, fmt.Errorf("montant : %w", err)
	}
	if side == "DBIT" {
		return v.Neg(), nil
	}
	return v, nil
}

func theirStatus(s camt_v08.EntryStatus1Choice) Status {
	switch first(string(s.Cd), string(s.Prtry)) {
	case "", "BOOK":
		return Booked
	case "PDNG", "FUTR":
		return Pending
	}
	return Info
}

// theirDay is the day that the bank has written, whatever the zone of a time.
func theirDay(d *camt_v08.DateAndDateTime2Choice) civil.Date {
	if d == nil {
		return civil.Date{}
	}
	day := time.Time(d.Dt)
	if day.IsZero() {
		day = time.Time(d.DtTm)
	}
	if day.IsZero() {
		return civil.Date{}
	}
	on, err := civil.Parse(day.Format(time.DateOnly))
	if err != nil {
		return civil.Date{}
	}
	return on
}

func theirCode(c camt_v08.BankTransactionCodeStructure4) (out TransactionCode) {
	if c.Domn != nil {
		out.Domain = string(c.Domn.Cd)
		out.Family, out.SubFamily = string(c.Domn.Fmly.Cd), string(c.Domn.Fmly.SubFmlyCd)
	}
	return out
}

func first(one, other string) string {
	if one = strings.TrimSpace(one); one != "" {
		return one
	}
	return strings.TrimSpace(other)
}

// trimmed is the text of an element that may be absent, without the blanks around it.
func trimmed[T ~string](s *T) string {
	if s == nil {
		return ""
	}
	return strings.TrimSpace(string(*s))
}
