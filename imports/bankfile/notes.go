package bankfile

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// notes collect reasons, one for each code: the first place and how often.
type notes struct {
	reasons []Reason
	times   []int
}

func (n *notes) add(o Outcome, code, message, place string) {
	for i := range n.reasons {
		if n.reasons[i].Code == code {
			n.times[i]++
			return
		}
	}
	n.reasons = append(n.reasons, Reason{Code: code, Message: message, Place: place, Outcome: o})
	n.times = append(n.times, 1)
}

// list gives the reasons as sentences; a reason met several times says so.
func (n *notes) list() []Reason {
	out := make([]Reason, len(n.reasons))
	for i, reason := range n.reasons {
		first, size := utf8.DecodeRuneInString(reason.Message)
		reason.Message = string(unicode.ToUpper(first)) + reason.Message[size:]
		if n.times[i] > 1 {
			reason.Message += fmt.Sprintf(" (%d fois)", n.times[i])
		}
		reason.Message += "."
		out[i] = reason
	}
	return out
}

// worst is the gravest outcome among reasons, Accepted when there is none.
func worst(reasons []Reason) Outcome {
	o := Accepted
	for _, reason := range reasons {
		o = max(o, reason.Outcome)
	}
	return o
}
