package papers

import (
	"time"

	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/payments/papers/page"
)

// Recipient is who receives a paper.
type Recipient string

// The recipients.
const (
	ToPerson     Recipient = "PERSON"
	ToDepartment Recipient = "DEPARTMENT"
	ToCourt      Recipient = "COURT"
	ToHeirs      Recipient = "HEIRS"
	ToRelay      Recipient = "RELAY" // who goes on with the person after the measure
	ToOther      Recipient = "OTHER" // the note says who
)

// French is the recipient in a sentence: "remis à…".
func (r Recipient) French() string {
	return map[Recipient]string{
		ToPerson: "la personne", ToDepartment: "le Département", ToCourt: "le tribunal", ToHeirs: "les héritiers ou le notaire",
		ToRelay: "qui prend le relais", ToOther: "une autre personne",
	}[r]
}

// Means is how a paper reaches its recipient.
type Means string

// The means.
const (
	ByHand   Means = "BY_HAND"
	ByPost   Means = "POST"
	ByEmail  Means = "EMAIL"
	ByPortal Means = "PORTAL"
)

// French is the means in a sentence.
func (m Means) French() string {
	return map[Means]string{
		ByHand: "en main propre", ByPost: "par la poste", ByEmail: "par courriel", ByPortal: "par le service en ligne",
	}[m]
}

// Handed is a paper that somebody received.
type Handed struct {
	No          int64
	Mandate     string
	Kind        Kind
	From, To    civil.Date
	Fingerprint chain.Hash // of the content of the paper
	Recipient   Recipient
	Means       Means
	On          civil.Date // zero when it is noted: today
	Note        string
	RecordedBy  string
	RecordedAt  time.Time
}

// Printed is a paper of any kind.
type Printed interface {
	Paper() page.Paper
	head() Heading
}

func (s Statement) head() Heading { return s.Heading }
func (a Account) head() Heading   { return a.Heading }
