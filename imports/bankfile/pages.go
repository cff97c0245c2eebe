package bankfile

// page is a pagination: the number from 1, 0 when there is none, and whether nothing follows.
type page struct {
	number int
	last   bool
}

// whole is the pagination of what is not cut, or not said to be.
var whole = page{last: true}

func (p page) cut() bool { return p.number > 1 || !p.last }

// interim is an ITBD balance, with what was remarked of it: the place, and whether it had a side.
type interim struct {
	balance *Balance
	sided   bool
	place   string
}

// paginate settles which page of a statement this is, and with which balances it opens and
// closes. A page after the first opens with the interim balance on which the one before it
// closed, unless it repeats an OPBD; a page that others follow closes with its last interim
// balance, unless it has a CLBD. Where there are no pages an interim balance is a piece of
// news and proves nothing.
//
// Up to version .06 only the message is paginated. Its pages are those of the statement when
// the statement lacks a balance; one that has both is whole, wherever the message was cut.
func (c *reading) paginate() {
	st := &c.st
	p := c.page
	if p == whole && (st.Opening == nil || st.Closing == nil) {
		p = c.message
	}
	st.Page, st.LastPage = p.number, p.last
	if !p.cut() {
		return
	}
	if p.number > 1 && (st.Opening == nil || st.Opening.Type == "PRCD") && len(c.interim) > 0 {
		st.Opening, c.interim = c.take(c.interim[0]), c.interim[1:]
	}
	if !p.last && st.Closing == nil && len(c.interim) > 0 {
		st.Closing = c.take(c.interim[len(c.interim)-1])
	}
}

func (c *reading) take(i interim) *Balance {
	c.usable(i.balance, i.sided, i.place)
	return i.balance
}
