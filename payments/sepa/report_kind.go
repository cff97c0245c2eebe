package sepa

import (
	"iter"
	"strings"
)

// Kind is what a report speaks of.
type Kind string

// The kinds. A folder of a bank mixes them; only the first may give transfers back.
const (
	KindTransfers       Kind = "transfers"       // the fate of our transfers
	KindNameCheck       Kind = "name_check"      // verification of payee, and nothing else
	KindAcknowledgement Kind = "acknowledgement" // of the transport (EBICS HAC)
	KindDirectDebits    Kind = "direct_debits"   // an answer to a pain.008
	KindOther           Kind = "other"           // an answer to some other message
)

// Kind tells what the report speaks of. One that does not say what it answers is taken for an
// answer to transfers: what it names decides.
func (r Report) Kind() Kind {
	about := strings.ToLower(r.OriginalMessageType)
	switch {
	case r.Acknowledgement:
		return KindAcknowledgement
	case strings.HasPrefix(about, "pain.008"):
		return KindDirectDebits
	case about != "" && !r.AboutTransfers():
		return KindOther
	case r.checksNames():
		return KindNameCheck
	}
	return KindTransfers
}

// checksNames tells that the report has results of the verification of payee and no other status.
func (r Report) checksNames() bool {
	some := false
	for s := range r.statuses() {
		if s != "" && !s.Information() {
			return false
		}
		some = some || s.Information()
	}
	return some
}

// statuses yields the status of every level.
func (r Report) statuses() iter.Seq[Status] {
	return func(yield func(Status) bool) {
		if !yield(r.GroupStatus) {
			return
		}
		for _, b := range r.Batches {
			if !yield(b.Status) {
				return
			}
			for _, t := range b.Transactions {
				if !yield(t.Status) {
					return
				}
			}
		}
	}
}

// AboutTransfers tells an answer to a pain.001: the same folder receives
// answers to direct debits and acknowledgements.
func (r Report) AboutTransfers() bool {
	return !r.Acknowledgement && strings.HasPrefix(strings.ToLower(r.OriginalMessageType), "pain.001")
}
