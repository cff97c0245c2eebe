package ledger

import (
	"fmt"
	"strconv"
	"strings"

	"masp/ledger/audit"
	"masp/ledger/chain"
)

// Head says how far the books and the log of acts go, and proves everything up to there. A chain does
// not see that its end was cut off: only a head that was printed earlier and kept elsewhere does.
type Head struct {
	Batch     int64 // last sealed batch
	LastEntry int64
	Hash      chain.Hash
	Acts      audit.Head
}

// String prints the head as "batch:entry:hash/act:hash".
func (h Head) String() string {
	return fmt.Sprintf("%d:%d:%s/%s", h.Batch, h.LastEntry, h.Hash, h.Acts)
}

// ParseHead reads what [Head.String] printed; the part of the acts may be missing.
func ParseHead(s string) (Head, error) {
	books, acts, hasActs := strings.Cut(s, "/")
	fields := strings.Split(books, ":")
	if len(fields) != 3 {
		return Head{}, fmt.Errorf("parse head %q: want batch:entry:hash", s)
	}
	var h Head
	var err error
	if h.Batch, err = strconv.ParseInt(fields[0], 10, 64); err == nil {
		h.LastEntry, err = strconv.ParseInt(fields[1], 10, 64)
	}
	if err != nil || h.Batch < 0 || h.LastEntry < h.Batch {
		return Head{}, fmt.Errorf("parse head %q: want batch:entry:hash", s)
	}
	if h.Hash, err = chain.ParseHash(fields[2]); err != nil {
		return Head{}, fmt.Errorf("parse head: %w", err)
	}
	if hasActs {
		h.Acts, err = audit.ParseHead(acts)
	}
	return h, err
}
