package ledger

import (
	"strconv"
	"time"

	"masp/ledger/chain"
	"masp/ledger/civil"
)

// Closing is a recorded act of closing or reopening a month.
type Closing struct {
	No            int64
	Reopened      bool
	Month         civil.Month
	ClosedBefore  civil.Date // the books were closed through this day before the act, zero for none
	ClosedThrough civil.Date // and after it
	LastEntry     int64      // the books as they stood
	Head          chain.Hash
	Actor         string
	At            time.Time
}

// hash is the content of a closing as its act in the audit log names it.
func (c *Closing) hash() chain.Hash {
	e := chain.New(hashVersion, "closing").Int(c.No).Bool(c.Reopened).Str(c.Month.String())
	day(e, dayOf(c.ClosedBefore))
	day(e, dayOf(c.ClosedThrough))
	return e.Int(c.LastEntry).Bytes(c.Head[:]).Str(c.Actor).Int(c.At.UnixMicro()).Sum()
}

// The acts of closing in the audit log.
const (
	closingObject = "closing"
	closeAction   = "books.close"
	reopenAction  = "books.reopen"
)

func (c *Closing) action() string {
	if c.Reopened {
		return reopenAction
	}
	return closeAction
}

func (c *Closing) id() string { return strconv.FormatInt(c.No, 10) }
