package audit

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"masp/ledger/chain"
)

// Act is one thing that somebody did. Actor, Action, ObjectType and ObjectID are required.
type Act struct {
	Actor      string // who: a user id, or the name of a job
	Action     string // what, as "object.verb": "run.approve", "books.close"
	ObjectType string // kind of the thing: "run", "closing"
	ObjectID   string
	// Before and After are hashes of the thing's content; zero when there is none.
	Before, After chain.Hash
	Reason        string // why, where a person must say it
	// Details is anything that encoding/json writes; maps are written with sorted keys. No
	// personal text belongs here. Nil is stored as an empty text.
	Details any
}

// Seq is the number of an act: 1, 2, 3 … without a gap.
type Seq int64

// Recorded is an act as it stands in the log.
type Recorded struct {
	Seq                                 Seq
	At                                  time.Time
	Actor, Action, ObjectType, ObjectID string
	Before, After                       chain.Hash // zero when absent
	Reason, Details                     string
	Registers                           chain.Hash // of all registered tables, after the act
	Prev, Hash                          chain.Hash
}

// Head is the end of the log: number and hash of the last act. The zero value is an empty log.
type Head struct {
	Seq  Seq
	Hash chain.Hash
}

// String prints the head as "number:hash", to be kept outside the house.
func (h Head) String() string { return fmt.Sprintf("%d:%s", h.Seq, h.Hash) }

// ParseHead reads what [Head.String] printed.
func ParseHead(s string) (Head, error) {
	number, hash, _ := strings.Cut(s, ":")
	seq, err := strconv.ParseInt(number, 10, 64)
	if err != nil || seq < 0 {
		return Head{}, fmt.Errorf("parse audit head %q: want number:hash", s)
	}
	sum, err := chain.ParseHash(hash)
	if err != nil {
		return Head{}, fmt.Errorf("parse audit head: %w", err)
	}
	return Head{Seq(seq), sum}, nil
}

// check says which required part is missing, and writes the details down.
func (a Act) check() (details string, err error) {
	for _, part := range []struct{ name, value string }{
		{"actor", a.Actor}, {"action", a.Action}, {"object type", a.ObjectType}, {"object id", a.ObjectID},
	} {
		if part.value == "" {
			return "", fmt.Errorf("act without %s", part.name)
		}
	}
	if a.Details == nil {
		return "", nil
	}
	text, err := json.Marshal(a.Details)
	if err != nil {
		return "", fmt.Errorf("write details of act %s: %w", a.Action, err)
	}
	return string(text), nil
}

// encodingVersion is the version of the fields that sum hashes.
const encodingVersion = 2

// sum computes the hash of an act that follows prev.
func (r *Recorded) sum(e *chain.Encoder) chain.Hash {
	e.Reset().Int(int64(r.Seq)).Int(r.At.UnixMicro()).
		Str(r.Actor).Str(r.Action).Str(r.ObjectType).Str(r.ObjectID)
	for _, h := range []*chain.Hash{&r.Before, &r.After} {
		if h.IsZero() {
			e.Null()
		} else {
			e.Bytes(h[:])
		}
	}
	return e.Str(r.Reason).Str(r.Details).Bytes(r.Registers[:]).Bytes(r.Prev[:]).Sum()
}
