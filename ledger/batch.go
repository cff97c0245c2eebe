package ledger

import (
	"crypto/rand"

	"masp/ledger/chain"
)

// saltSize is the length of the salt of a label's commitment, in bytes.
const saltSize = 16

// batch gathers decided entries, column by column, for one call of masp.post_batch.
type batch struct {
	entries int
	tree    chain.Tree
	salts   []byte // random bytes not used yet

	newCodes                                          column
	journals, journalNos, kinds, hubs                 column
	posted, booked, value, lineCounts                 column
	sources, actors, reversed                         column
	contents, commitments, leaves, saltColumn, labels column
	lineEntries, lineNos, debits, credits, amounts    column
	debitSeqs, debitAfters, creditSeqs, creditAfters  column
}

// newBatch makes room for entries that are about to come.
func newBatch(entries int) *batch {
	n := entries
	b := &batch{newCodes: newColumn(oidText, 64)}
	for _, c := range []*column{&b.journals, &b.hubs} {
		*c = newColumn(oidText, 6*n)
	}
	for _, c := range []*column{&b.kinds, &b.actors} {
		*c = newColumn(oidText, 16*n)
	}
	for _, c := range []*column{&b.sources, &b.labels} {
		*c = newColumn(oidText, 48*n)
	}
	for _, c := range []*column{&b.posted, &b.booked, &b.value} {
		*c = newColumn(oidDate, 8*n)
	}
	for _, c := range []*column{&b.contents, &b.commitments, &b.leaves} {
		*c = newColumn(oidBytea, 36*n)
	}
	b.saltColumn = newColumn(oidBytea, 20*n)
	b.lineCounts, b.lineNos = newColumn(oidInt4, 8*n), newColumn(oidInt4, 8*n)
	for _, c := range []*column{
		&b.journalNos, &b.reversed, &b.lineEntries, &b.debits, &b.credits, &b.amounts,
		&b.debitSeqs, &b.debitAfters, &b.creditSeqs, &b.creditAfters,
	} {
		*c = newColumn(oidInt8, 12*n)
	}
	b.draw(n)
	return b
}

func (b *batch) draw(n int) {
	b.salts = make([]byte, max(n, 1)*saltSize)
	_, _ = rand.Read(b.salts) // never fails: the runtime stops the program instead
}

// salt returns fresh random bytes.
func (b *batch) salt() []byte {
	if len(b.salts) == 0 {
		b.draw(b.entries)
	}
	salt := b.salts[:saltSize]
	b.salts = b.salts[saltSize:]
	return salt
}

// open gathers an account that is opened; the database numbers it in this order.
func (b *batch) open(code string) { b.newCodes.text(code) }

// add gathers an entry; its lines are gathered by addLine.
func (b *batch) add(r *record, salt []byte, label string, leaf chain.Hash) {
	b.entries++
	b.tree.Add(leaf)
	b.journals.text(r.journal)
	b.journalNos.int8(r.journalNo)
	b.kinds.text(r.kind)
	b.hubs.text(r.hub)
	b.posted.day(r.posted)
	b.booked.day(r.booked)
	b.value.day(r.value)
	b.lineCounts.int4(len(r.lines))
	b.sources.text(r.source)
	b.actors.text(r.actor)
	b.reversed.orNull(r.reverses)
	b.contents.blob(r.content[:])
	b.commitments.blob(r.commitment[:])
	b.leaves.blob(leaf[:])
	b.saltColumn.blob(salt)
	b.labels.text(label)
}

// addLine gathers line number no of the entry.
func (b *batch) addLine(r *record, no int, debit, credit int64) {
	l := &r.lines[no-1]
	b.lineEntries.int8(r.no)
	b.lineNos.int4(no)
	b.debits.int8(debit)
	b.credits.int8(credit)
	b.amounts.int8(l.amount)
	b.debitSeqs.int8(l.debitSeq)
	b.debitAfters.int8(l.debitAfter)
	b.creditSeqs.int8(l.creditSeq)
	b.creditAfters.int8(l.creditAfter)
}
