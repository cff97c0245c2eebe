package ledger

import (
	"fmt"
	"time"

	"masp/ledger/chain"
)

// verifier reads the books again from the first entry on, and believes nothing that it can count
// itself. It knows no SQL: rows come in their order.
type verifier struct {
	hashers  *hashers
	known    *Head
	report   *Report
	limit    int
	accounts []accountState // by number; 0 is unused
	journals map[string]int64
	day      int64
	entry    int64 // last entry read
	tree     chain.Tree
	first    int64 // first entry of the batch being read
	at       int64 // its instant
	batch    int64
	head     chain.Hash
	seals    []seal // read and not reached yet
	erased   map[string]bool
}

// storedEntry is an entry as it stands in the database.
type storedEntry struct {
	record
	lineCount   int64
	version     int64
	leaf        chain.Hash
	salt, label []byte // nil when the text is missing
}

// storedLine is a posting as it stands in the database.
type storedLine struct {
	entry, no, debit, credit int64
	line
}

func (v *verifier) found(code, place string, format string, args ...any) {
	if v.isErased(code, place) {
		return
	}
	if len(v.report.Findings) >= v.limit {
		v.report.More++
		return
	}
	v.report.Findings = append(v.report.Findings, Finding{code, place, fmt.Sprintf(format, args...)})
}

func placeOf(table string, key any) string { return fmt.Sprintf("%s %v", table, key) }

// read takes the next entry with its lines.
func (v *verifier) read(e *storedEntry, lines []storedLine) {
	v.report.Entries++
	v.report.Postings += int64(len(lines))
	if e.no != v.entry+1 {
		v.found(foundEntryMissing, placeOf("entries", v.entry+1), "l'écriture manque")
	}
	v.entry = e.no
	v.checkHeader(e)
	v.checkLines(e, lines)
	if e.content != v.hashers.contentOf(&e.record) || e.leaf != v.hashers.leaf(&e.record) ||
		e.version != hashVersion {
		v.found(foundEntryChanged, placeOf("entries", e.no),
			"l'écriture ou ses lignes ont été modifiées : l'empreinte ne correspond plus")
	}
	v.tree.Add(e.leaf)
	if v.first == 0 {
		v.first, v.at = e.no, e.at
	}
	if e.at != v.at {
		v.found(foundEntryChanged, placeOf("entries", e.no), "l'instant n'est pas celui de son lot")
	}
}

func (v *verifier) checkHeader(e *storedEntry) {
	v.journals[e.journal]++
	if e.journalNo != v.journals[e.journal] {
		v.found(foundNumber, placeOf("entries", e.no),
			"le numéro dans le journal %s n'est pas %d", e.journal, v.journals[e.journal])
		v.journals[e.journal] = e.journalNo
	}
	if e.posted < v.day {
		v.found(foundDay, placeOf("entries", e.no), "la date comptable recule")
	}
	v.day = max(v.day, e.posted)
	switch {
	case e.salt == nil:
		v.found(foundText, placeOf("entry_texts", e.no), "le libellé manque")
	case v.hashers.commit(e.salt, string(e.label)) != e.commitment:
		v.found(foundText, placeOf("entry_texts", e.no),
			"le libellé n'est plus celui de l'écriture")
	}
}

// checkLines counts lines and balances of the accounts again and completes the record for its hash.
func (v *verifier) checkLines(e *storedEntry, lines []storedLine) {
	e.lines = e.lines[:0]
	complete := e.lineCount == int64(len(lines))
	oneDebit, oneCredit := true, true
	for i := range lines {
		l := &lines[i]
		complete = complete && l.no == int64(i+1) && l.amount > 0 && l.debit != l.credit
		oneDebit = oneDebit && l.debit == lines[0].debit
		oneCredit = oneCredit && l.credit == lines[0].credit
		l.line.debit = v.move(l, l.debit, l.amount, l.debitSeq, l.debitAfter)
		l.line.credit = v.move(l, l.credit, -l.amount, l.creditSeq, l.creditAfter)
		e.lines = append(e.lines, l.line)
	}
	if !complete {
		v.found(foundLines, placeOf("postings", e.no),
			"les lignes ne sont pas exactement les lignes 1 à %d", e.lineCount)
	}
	if e.hub == string(debitSide) && !oneDebit || e.hub == string(creditSide) && !oneCredit {
		v.found(foundLines, placeOf("postings", e.no), "l'écriture n'a pas de compte commun")
	}
}

// move carries a line to one of its accounts and returns the code of that.
func (v *verifier) move(l *storedLine, id, delta, seq, after int64) string {
	if id < 1 || id >= int64(len(v.accounts)) || v.accounts[id].code == "" {
		v.found(foundAccount, placeOf("postings", key(l)), "le compte n° %d n'existe pas", id)
		return ""
	}
	a := &v.accounts[id]
	a.seq++
	if delta > 0 {
		a.debit += delta
	} else {
		a.credit -= delta
	}
	if seq != a.seq || after != a.debit-a.credit {
		v.found(foundBalance, placeOf("postings", key(l)),
			"le rang ou le solde du compte %s ne suit pas la ligne précédente", a.code)
		a.seq = seq
	}
	if a.floored && a.credit < a.debit {
		v.found(foundFloor, placeOf("postings", key(l)), "le compte %s devient débiteur", a.code)
	}
	return a.code
}

func key(l *storedLine) string { return fmt.Sprintf("%d/%d", l.entry, l.no) }

// seal closes the batch whose last entry was just read.
func (v *verifier) seal(s *seal) {
	v.report.Batches++
	place := placeOf("seals", s.batch)
	if s.batch != v.batch+1 {
		v.found(foundSeal, placeOf("seals", v.batch+1), "le sceau manque")
	}
	v.batch = s.batch
	root := v.tree.Root()
	switch {
	case s.first != v.first || s.last != v.entry || s.at != v.at:
		v.found(foundSeal, place, "le sceau ne couvre pas les écritures %d à %d", v.first, v.entry)
	case s.root != root:
		v.found(foundSeal, place, "le sceau ne correspond plus à ses écritures")
	case s.head != chain.NextHead(v.head, s.batch, s.first, s.last, s.root, time.UnixMicro(s.at)):
		v.found(foundSeal, place, "le sceau ne suit pas le sceau précédent")
	}
	v.head = s.head
	v.tree, v.first = chain.Tree{}, 0
	if v.known != nil && v.known.Batch == s.batch &&
		(v.known.Hash != v.head || v.known.LastEntry != s.last) {
		v.found(foundPrintedHead, place, "l'empreinte n'est pas celle imprimée auparavant")
	}
}

// finishBooks compares what was counted with the rows that keep it.
func (v *verifier) finishBooks() {
	for id := 1; id < len(v.accounts); id++ {
		v.finishAccount(int64(id), &v.accounts[id])
	}
	if v.first != 0 {
		v.found(foundSeal, placeOf("seals", v.batch+1),
			"les écritures %d à %d n'ont pas de sceau", v.first, v.entry)
	}
	if v.known != nil && v.known.Batch > v.batch {
		v.found(foundPrintedHead, placeOf("seals", v.batch+1),
			"la fin des livres manque : le lot %d (écriture %d) a été imprimé auparavant", v.known.Batch, v.known.LastEntry)
	}
}

func (v *verifier) finishAccount(id int64, a *accountState) {
	place := placeOf("account_balances", id)
	switch {
	case a.code == "":
		v.found(foundAccount, placeOf("accounts", id), "le compte manque")
	case !a.stored.present:
		v.found(foundBalance, place, "le solde du compte %s manque", a.code)
	case a.seq == 0:
		v.found(foundAccount, placeOf("accounts", id), "le compte %s n'a aucune ligne", a.code)
	case a.stored.seq != a.seq || a.stored.debit != a.debit || a.stored.credit != a.credit:
		v.found(foundBalance, place,
			"le solde du compte %s n'est pas la somme de ses lignes", a.code)
	case (a.stored.floor != nil) != a.floored || a.floored && *a.stored.floor != 0:
		v.found(foundFloor, place, "le plancher du compte %s a été modifié", a.code)
	}
}
