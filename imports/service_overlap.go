package imports

import "cmp"

// why says why a statement waits that does not continue its account. One that reaches into the
// days of the chain may be the repetition of what is in the books.
func (b *batch) why(q *queue, st *statement) (hold, error) {
	why := b.conflict(st)
	if why.reason != "" || st.entries == 0 || st.from.After(q.at.on) {
		return cmp.Or(why, q.at.why(st)), nil
	}
	lines, _, err := b.cursor(st.file).take(st, b.budget)
	if err != nil {
		return hold{}, err
	}
	why, err = b.repeats(q, st, lines)
	return cmp.Or(why, q.at.why(st)), err
}

// overlaps holds a statement, before anything of it is posted, that repeats what is in the books.
func (b *batch) overlaps(q *queue, st *statement, lines []Line) (bool, error) {
	if st.kind == kindNotice || st.posted > 0 {
		return false, nil
	}
	why, err := b.repeats(q, st, lines)
	if why = cmp.Or(why, q.at.goesBack(st, lines)); why.reason == "" || err != nil {
		return false, err
	}
	q.leave(st)
	b.hold(st, why)
	return true, nil
}

// repeats holds a statement of which lines are in the books already, unless a person has accepted
// it. It is asked of the lines that one transaction takes: for a long statement, the first ones.
func (b *batch) repeats(q *queue, st *statement, lines []Line) (hold, error) {
	counted, booked := movements(lines, q.at.on)
	if q.at.no == 0 || st.numberAgain || len(counted) == 0 {
		return hold{}, nil
	}
	all, err := earlierAlike(b.ctx, b.tx, q.account.id, counted)
	if err != nil {
		return hold{}, err
	}
	for _, p := range b.portions { // what this transaction is about to store
		if p.iban == st.iban {
			all = append(all, p.alike(counted))
		}
	}
	most, here, known := st.among(all, counted)
	switch {
	case most == nil:
		return hold{}, nil
	case here == booked && st.isReissueOf(most):
		return registered(st, most), nil
	}
	return repeated(st, most, known), nil
}
