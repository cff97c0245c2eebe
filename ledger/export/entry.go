package export

import (
	"math"
	"time"

	"masp/ledger"
	"masp/ledger/civil"
)

// entry is one entry with those of its postings that are in the scope. Its texts are valid until
// the next stretch is read.
type entry struct {
	no, inNo, reverses      int64
	at                      int64 // microseconds since 2000 UTC, as PostgreSQL counts
	posted, booked, value   day
	hubIsDebit              bool
	journal, kind           []byte
	source, actor, label    []byte
	postings                []posting
	firstPosting, nPostings int // in the stretch, while it is being read
}

// posting moves a positive amount from the credit account to the debit account.
type posting struct {
	debit, credit *account
	cents         int64
}

// line is one line as an accountant writes it: one of the amounts is zero.
type line struct {
	account       *account
	debit, credit int64 // cents
}

// appendLines adds the lines of an entry: the hub, summed, then the others one by one.
func (e *entry) appendLines(lines []line) []line {
	hub := line{account: e.postings[0].credit}
	if e.hubIsDebit {
		hub.account = e.postings[0].debit
	}
	at := len(lines)
	lines = append(lines, hub)
	for _, p := range e.postings {
		if e.hubIsDebit {
			hub.debit += p.cents
			lines = append(lines, line{account: p.credit, credit: p.cents})
		} else {
			hub.credit += p.cents
			lines = append(lines, line{account: p.debit, debit: p.cents})
		}
	}
	lines[at] = hub
	return lines
}

// account is an account with what the formats say of it.
type account struct {
	code, pcg, owner, sub string
	person                string // name of the person of a 467, where the format tells it
	fec                   []byte // its four fields there
	used                  bool   // by an entry of this export
}

func (a *account) mandate() string {
	if a.pcg == "467" {
		return a.owner
	}
	return ""
}

var subNames = map[string]string{
	string(ledger.Restricted):  " - ressource non gérée",
	string(ledger.Restitution): " - à restituer",
	string(ledger.Undue):       " - indu",
	string(ledger.Estate):      " - succession",
}

// name is what an accountant calls the account; the person of a 467 stands beside it.
func (a *account) name() string {
	switch a.pcg {
	case "512":
		return "Banque " + a.owner
	case "467":
		return "Fonds des personnes accompagnées" + subNames[a.sub]
	case "471":
		return "Recettes à identifier"
	}
	return "Virements en cours"
}

// kindNames are the kinds of entry in French.
var kindNames = map[ledger.Kind]string{
	ledger.Opening:        "Solde de départ",
	ledger.BankCredit:     "Encaissement",
	ledger.Identification: "Identification",
	ledger.Payment:        "Paiement",
	ledger.Remittance:     "Versement à la personne",
	ledger.PassThrough:    "Reversement",
	ledger.RestitutionOut: "Restitution",
	ledger.RefundToPayer:  "Remboursement au payeur",
	ledger.EstatePayout:   "Versement à la succession",
	ledger.BankDebit:      "Débit de la banque",
	ledger.Reject:         "Rejet",
	ledger.Return:         "Retour",
	ledger.DeathFreeze:    "Blocage au décès",
	ledger.ReversalOf:     "Contre-passation",
}

// instant is when the entry was sealed, in UTC.
func (e *entry) instant() time.Time {
	return millennium.Time().Add(time.Duration(e.at) * time.Microsecond)
}

func (e *entry) kindName() string {
	if name, ok := kindNames[ledger.Kind(e.kind)]; ok {
		return name
	}
	return string(e.kind)
}

// journalName is the name of the journal in the file of entries.
func (e *entry) journalName() string {
	switch ledger.Journal(e.journal) {
	case ledger.BankJournal:
		return "Banque"
	case ledger.TransferJournal:
		return "Virements"
	}
	return "Opérations diverses"
}

// day counts days since 2000-01-01, as PostgreSQL does.
type day int32

const noDay day = math.MinInt32

// dayText is a day as the formats write it; empty for no day.
type dayText struct{ iso, french, compact string }

// calendar remembers the days that were written: there are few of them.
type calendar map[day]dayText

var millennium = civil.MustParse("2000-01-01")

func (c calendar) text(d day) dayText {
	if d == noDay {
		return dayText{}
	}
	t, ok := c[d]
	if !ok {
		date := millennium.AddDays(int(d))
		t = dayText{date.String(), date.FrenchShort(), compact(date)}
		c[d] = t
	}
	return t
}
