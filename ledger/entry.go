package ledger

import (
	"math"
	"unicode/utf8"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// Journal is one of the books of first entry; entries are numbered without a gap in each.
type Journal string

// The journals.
const (
	BankJournal     Journal = "BQ" // what the bank reports
	TransferJournal Journal = "VI" // transfers that we order
	OtherJournal    Journal = "OD" // everything else
)

// Kind says which event an entry records (house rules, "The journal entries").
type Kind string

// The kinds of entry.
const (
	Opening        Kind = "OPENING"
	BankCredit     Kind = "BANK_CREDIT"
	Identification Kind = "IDENTIFICATION"
	Payment        Kind = "PAYMENT"
	Remittance     Kind = "REMITTANCE"
	PassThrough    Kind = "PASS_THROUGH"
	RestitutionOut Kind = "RESTITUTION"
	RefundToPayer  Kind = "REFUND_TO_PAYER"
	EstatePayout   Kind = "ESTATE_PAYOUT"
	BankDebit      Kind = "BANK_DEBIT"
	Reject         Kind = "REJECT"
	Return         Kind = "RETURN"
	DeathFreeze    Kind = "DEATH_FREEZE"
	ReversalOf     Kind = "REVERSAL" // written by ReverseTx only
)

var kinds = map[Kind]bool{
	Opening: true, BankCredit: true, Identification: true, Payment: true, Remittance: true,
	PassThrough: true, RestitutionOut: true, RefundToPayer: true, EstatePayout: true,
	BankDebit: true, Reject: true, Return: true, DeathFreeze: true, ReversalOf: true,
}

// Posting moves a positive amount from the credit account to the debit account. As it has both
// sides, an entry that does not balance cannot be expressed.
type Posting struct {
	Debit, Credit Code
	Amount        money.Amount
}

// Entry is what a caller asks to be written in the books.
type Entry struct {
	Journal Journal
	Kind    Kind
	// PostedOn is the journal date: zero for today by the clock of the database, never after
	// today, never before an entry already posted, never in a closed month.
	PostedOn civil.Date
	// BookedOn and ValueOn are the bank's dates of a bank line; zero otherwise.
	BookedOn, ValueOn civil.Date
	// Source names the event once and for all ("bank FR76… 171/2", "payment P000042-0007"):
	// the same source with the same content is stored once, with other content it is refused.
	Source string
	// Label is the personal text of the entry: at most 1 000 characters, kept outside the chain.
	Label string
	Actor string // who or which job posts it
	// Reverses is set by ReverseTx only.
	Reverses int64
	// Postings share one account on one side, the hub: one debit account and several credits,
	// or the mirror.
	Postings []Posting

	mirrored bool // the hub of a reversal is the hub of its entry, on the other side
	hub      side
}

// Posted says where an entry stands in the books.
type Posted struct {
	No        int64 // position in the books, from 1
	JournalNo int64 // number in its journal, from 1
	Replayed  bool  // it was there already, under the same source with the same content
}

type side string

const (
	debitSide  side = "D"
	creditSide side = "C"
)

// Limits of the texts of an entry, in characters.
const (
	maxLabel  = 1000
	maxSource = 300
	maxActor  = 100
)

// check refuses an entry that cannot be right whatever the books say.
func (e *Entry) check() error {
	switch e.Journal {
	case BankJournal, TransferJournal, OtherJournal:
	default:
		return &InvalidError{e.Source, "journal is BQ, VI or OD"}
	}
	if !kinds[e.Kind] {
		return &InvalidError{e.Source, "unknown kind " + string(e.Kind)}
	}
	if (e.Kind == ReversalOf) != (e.Reverses > 0) || e.Reverses < 0 {
		return &InvalidError{e.Source, "a reversal is written by ReverseTx"}
	}
	if why := checkText("source", e.Source, maxSource); why != "" {
		return &InvalidError{e.Source, why}
	}
	if why := checkText("label", e.Label, maxLabel); why != "" {
		return &InvalidError{e.Source, why}
	}
	if why := checkText("actor", e.Actor, maxActor); why != "" {
		return &InvalidError{e.Source, why}
	}
	return e.checkPostings()
}

func (e *Entry) checkPostings() error {
	if len(e.Postings) == 0 {
		return &InvalidError{e.Source, "an entry has at least one posting"}
	}
	total := int64(0)
	for i := range e.Postings {
		p := &e.Postings[i]
		switch {
		case !p.Amount.IsPositive() || p.Amount.Cmp(money.Limit()) > 0:
			return &InvalidError{e.Source, "an amount is positive and at most " + money.Limit().String()}
		case !p.Debit.Valid():
			return &InvalidError{e.Source, "not an account: " + string(p.Debit)}
		case !p.Credit.Valid():
			return &InvalidError{e.Source, "not an account: " + string(p.Credit)}
		case p.Debit == p.Credit:
			return &InvalidError{e.Source, "a posting moves money between two accounts"}
		case total > math.MaxInt64-p.Amount.Cents():
			return &InvalidError{e.Source, "the sum of an entry is too large"}
		}
		total += p.Amount.Cents()
	}
	return e.chooseHub()
}

// chooseHub finds the side whose account all postings share. When both sides do, a bank account
// is the hub, as on its statement; else the debit.
func (e *Entry) chooseHub() error {
	first := e.Postings[0]
	oneDebit, oneCredit := true, true
	for _, p := range e.Postings[1:] {
		oneDebit = oneDebit && p.Debit == first.Debit
		oneCredit = oneCredit && p.Credit == first.Credit
	}
	switch {
	case e.mirrored && (e.hub == debitSide && oneDebit || e.hub == creditSide && oneCredit):
	case !oneDebit && !oneCredit:
		return &InvalidError{e.Source, "the postings of an entry share one debit or one credit account"}
	case !oneDebit, oneCredit && len(e.Postings) > 1 && first.Credit.PCG() == "512":
		e.hub = creditSide
	default:
		e.hub = debitSide
	}
	return nil
}

func checkText(name, text string, limit int) string {
	switch {
	case text == "":
		return name + " is missing"
	case !utf8.ValidString(text):
		return name + " is not UTF-8"
	case utf8.RuneCountInString(text) > limit:
		return name + " is too long"
	}
	for i := range len(text) {
		if text[i] == 0 {
			return name + " has a zero byte"
		}
	}
	return ""
}
