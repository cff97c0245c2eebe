package check

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"masp/ledger/chain"
)

const (
	entriesName = "chaine/ecritures.jsonl"
	batchesName = "chaine/lots.jsonl"
	instant     = "2006-01-02T15:04:05.000000Z"
)

// entry is a line of chaine/ecritures.jsonl; of one that is hidden only number and leaf are there.
type entry struct {
	No         int64      `json:"no"`
	Leaf       chain.Hash `json:"leaf"`
	Journal    string     `json:"journal"`
	JournalNo  int64      `json:"journal_no"`
	Kind       string     `json:"kind"`
	Hub        string     `json:"hub"`
	PostedOn   string     `json:"posted_on"`
	BookedOn   string     `json:"booked_on"`
	ValueOn    string     `json:"value_on"`
	Source     string     `json:"source"`
	Content    chain.Hash `json:"content"`
	Reverses   int64      `json:"reverses"`
	Actor      string     `json:"actor"`
	Commitment chain.Hash `json:"commitment"`
	At         string     `json:"at"`
	Salt       string     `json:"salt"`
	Label      *string    `json:"label"`
	LineCount  int        `json:"line_count"`
	Partial    bool       `json:"partial"`
	Lines      []posting  `json:"lines"`
}

func (e *entry) thing() string { return fmt.Sprintf("écriture %d", e.No) }

type posting struct {
	No          int64  `json:"no"`
	Debit       string `json:"debit"`
	Credit      string `json:"credit"`
	Cents       int64  `json:"cents"`
	DebitSeq    int64  `json:"debit_seq"`
	DebitAfter  int64  `json:"debit_after"`
	CreditSeq   int64  `json:"credit_seq"`
	CreditAfter int64  `json:"credit_after"`
}

// batch is a line of chaine/lots.jsonl.
type batch struct {
	Batch int64      `json:"batch"`
	First int64      `json:"first"`
	Last  int64      `json:"last"`
	At    string     `json:"at"`
	Root  chain.Hash `json:"root"`
	Head  chain.Hash `json:"head"`
}

// account is an account while the books are read again; cents, debit positive.
type account struct {
	opened, seq      int64
	opening, balance int64
	debit, credit    int64
}

// fact is what other pieces name of an entry.
type fact struct {
	source, bank string // the bank account whose 512 it moves
	cents        int64  // by which amount, signed like a bank line
}

// book is the books while they are read again.
type book struct {
	*checker
	lines     *jsonLines
	next      int64 // number of the next entry
	line      int64 // of the piece
	day       string
	journals  map[string]int64
	accounts  map[string]*account
	facts     map[int64]fact
	heads     map[int64]chain.Hash
	followers []follower
	draw      draw
	encoders  struct{ entry, content, label *chain.Encoder }
}

// jsonLines reads one value a line, strictly: an unknown field is a forgery too.
type jsonLines struct {
	in      io.ReadCloser
	decoder *json.Decoder
}

func (c *checker) jsonLines(name string) (*jsonLines, error) {
	in, err := c.open(name)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(in)
	d.DisallowUnknownFields()
	return &jsonLines{in, d}, nil
}

func (l *jsonLines) close() { _ = l.in.Close() } // it was only read

// checkBooks reads the batches, and with each the entries that it seals.
func (c *checker) checkBooks() error {
	b := &book{
		checker: c, next: c.m.Entries.From, journals: map[string]int64{}, accounts: map[string]*account{}, facts: map[int64]fact{},
		heads: map[int64]chain.Hash{}, draw: draw{seed: c.m.Asked.Seed, size: c.m.Asked.Sample},
	}
	b.encoders.entry, b.encoders.content, b.encoders.label = chain.New(1, "entry"), chain.New(1, "content"), chain.New(1, "label")
	c.book = b
	batches, err := c.jsonLines(batchesName)
	if c.missing(batchesName, err) {
		return nil
	}
	defer batches.close()
	if b.lines, err = c.jsonLines(entriesName); c.missing(entriesName, err) {
		return nil
	}
	defer b.lines.close()
	defer b.follow()()
	if err := b.readBatches(batches); err != nil {
		return err
	}
	var more entry
	if err := b.lines.decoder.Decode(&more); !errors.Is(err, io.EOF) {
		c.found(entriesName, b.line+1, more.thing(), "cette écriture n'appartient à aucun lot")
	}
	for _, f := range b.followers {
		f.end()
	}
	c.checkDraw(b.draw)
	return nil
}

// readBatches links each head to the one before it.
func (b *book) readBatches(in *jsonLines) error {
	head, no := b.m.Batches.Before, b.m.Batches.From
	for line := int64(1); ; line++ {
		var s batch
		err := in.decoder.Decode(&s)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			b.found(batchesName, line, "", "la ligne ne se lit pas : %v", err)
			return nil
		}
		at, err := time.Parse(instant, s.At)
		thing := fmt.Sprintf("lot %d", s.Batch)
		switch {
		case err != nil:
			b.found(batchesName, line, thing, "l'instant ne se lit pas")
		case s.Batch != no:
			b.found(batchesName, line, fmt.Sprintf("lot %d", no), "le lot manque, ou n'est pas à sa place")
			no = s.Batch
		case s.Head != chain.NextHead(head, s.Batch, s.First, s.Last, s.Root, at):
			b.found(batchesName, line, thing, "la tête ne suit pas celle du lot précédent : le lot a été modifié, ou un autre avant lui")
		}
		head, no = s.Head, no+1
		b.heads[s.Batch] = s.Head
		b.Batches++
		if s.Last <= b.m.Entries.To {
			if broken := b.readEntries(&s); broken {
				return nil
			}
		}
	}
	if head != b.m.Batches.Head || no != b.m.Batches.To+1 {
		b.found(batchesName, 0, fmt.Sprintf("lot %d", b.m.Batches.To), "la fin manque : la dernière tête n'est pas celle de manifest.json")
	}
	if b.next != b.m.Entries.To+1 {
		b.found(entriesName, b.line, fmt.Sprintf("écriture %d", b.next), "les écritures jusqu'à %d manquent", b.m.Entries.To)
	}
	return nil
}

// readEntries reads the entries of a batch and compares its root.
func (b *book) readEntries(s *batch) (broken bool) {
	var tree chain.Tree
	for no := s.First; no <= s.Last; no++ {
		var e entry
		if err := b.lines.decoder.Decode(&e); err != nil {
			b.found(entriesName, b.line+1, fmt.Sprintf("écriture %d", no), "l'écriture manque, ou ne se lit pas")
			return true
		}
		b.line++
		if e.No != b.next {
			b.found(entriesName, b.line, fmt.Sprintf("écriture %d", b.next),
				"l'écriture manque ou n'est pas à sa place : ici se trouve la n° %d", e.No)
			b.next = e.No
		}
		b.next++
		tree.Add(e.Leaf)
		b.entry(&e, s)
	}
	if tree.Root() != s.Root {
		b.found(entriesName, b.line, fmt.Sprintf("lot %d, écritures %d à %d", s.Batch, s.First, s.Last),
			"les écritures du lot ne sont plus celles qui ont été scellées")
	}
	return false
}

// entry takes one entry: its hashes, its lines, and what other pieces say of it.
func (b *book) entry(e *entry, s *batch) {
	if e.Journal == "" {
		b.Hidden++
		if e.No >= b.m.First && e.No <= b.m.Last && b.m.Whole {
			b.found(entriesName, b.line, e.thing(), "l'écriture est de la période, et son contenu manque")
		}
		return
	}
	b.Entries++
	if e.At != s.At {
		b.found(entriesName, b.line, e.thing(), "l'instant n'est pas celui de son lot")
	}
	if e.PostedOn < b.day {
		b.found(entriesName, b.line, e.thing(), "la date comptable recule")
	}
	b.day = e.PostedOn
	if last := b.journals[e.Journal]; b.m.Whole && last != 0 && e.JournalNo != last+1 {
		b.found(entriesName, b.line, e.thing(), "le numéro dans le journal %s n'est pas %d", e.Journal, last+1)
	}
	b.journals[e.Journal] = e.JournalNo
	b.checkHashes(e)
	b.checkLines(e)
	b.draw.add(e.No)
	for _, f := range b.followers {
		f.entry(e, b.printed(e))
	}
}

func (b *book) checkHashes(e *entry) {
	if b.erased[e.thing()] {
		b.Erased++ // its leaf is in the root of its batch; its texts are no more
		return
	}
	salt, err := hex.DecodeString(e.Salt)
	if err != nil || (e.Salt == "") != (e.Label == nil) {
		b.found(entriesName, b.line, e.thing(), "le sel du libellé ne se lit pas")
	}
	if e.Label != nil && b.encoders.label.Reset().Bytes(salt).Str(*e.Label).Sum() != e.Commitment {
		b.found(entriesName, b.line, e.thing(), "le libellé n'est plus celui de l'écriture")
	}
	if e.Partial {
		b.Entries--
		b.Partial++
		return
	}
	if b.contentOf(e) != e.Content || b.leafOf(e) != e.Leaf {
		b.found(entriesName, b.line, e.thing(), "l'écriture ou ses lignes ont été modifiées : l'empreinte ne correspond plus")
	}
}

// checkLines counts the lines of each account again.
func (b *book) checkLines(e *entry) {
	oneDebit, oneCredit := true, true
	of := fact{source: e.Source}
	for i := range e.Lines {
		l := &e.Lines[i]
		if l.Cents <= 0 || l.Debit == l.Credit || !e.Partial && l.No != int64(i+1) {
			b.found(entriesName, b.line, e.thing(), "la ligne %d n'est pas à sa place, ou ne déplace rien", l.No)
		}
		oneDebit = oneDebit && l.Debit == e.Lines[0].Debit
		oneCredit = oneCredit && l.Credit == e.Lines[0].Credit
		b.move(e, l.Debit, l.Cents, l.DebitSeq, l.DebitAfter)
		b.move(e, l.Credit, -l.Cents, l.CreditSeq, l.CreditAfter)
		if bank, ok := strings.CutPrefix(l.Debit, "512:"); ok {
			of.bank, of.cents = bank, of.cents+l.Cents
		}
		if bank, ok := strings.CutPrefix(l.Credit, "512:"); ok {
			of.bank, of.cents = bank, of.cents-l.Cents
		}
	}
	if !e.Partial && len(e.Lines) != e.LineCount || len(e.Lines) == 0 ||
		e.Hub == "D" && !oneDebit || e.Hub == "C" && !oneCredit || e.Hub != "D" && e.Hub != "C" {
		b.found(entriesName, b.line, e.thing(), "les lignes ne sont pas au complet, ou n'ont pas de compte commun")
	}
	if !e.Partial {
		b.facts[e.No] = of
	}
}

// complete tells whether the bundle has every line of an account in the period.
func (b *book) complete(code string) bool { return b.m.Whole || b.ours(code) }

// ours tells whether an account is of a person of the scope.
func (b *book) ours(code string) bool {
	rest, person := strings.CutPrefix(code, "467:")
	owner, _, _ := strings.Cut(rest, ":")
	return person && (b.m.Whole || slices.Contains(b.m.Mandates, owner))
}

func (b *book) move(e *entry, code string, cents, seq, after int64) {
	if !b.complete(code) {
		return
	}
	a := b.accounts[code]
	if a == nil {
		a = &account{opened: seq - 1, seq: seq - 1, opening: after - cents, balance: after - cents}
		if b.m.First == 1 && (a.seq != 0 || a.balance != 0) {
			b.found(entriesName, b.line, e.thing(), "le compte %s ne commence pas par sa première ligne", code)
		}
		b.accounts[code] = a
	}
	if seq != a.seq+1 || after != a.balance+cents {
		b.found(entriesName, b.line, e.thing(), "le rang ou le solde du compte %s ne suit pas la ligne précédente", code)
	}
	a.seq, a.balance = seq, after
	if cents > 0 {
		a.debit += cents
	} else {
		a.credit -= cents
	}
	if after > 0 && (strings.HasPrefix(code, "467:") || strings.HasPrefix(code, "580:")) {
		b.found(entriesName, b.line, e.thing(), "le compte %s devient débiteur", code)
	}
}

// draw keeps the numbers whose marks are the smallest.
type draw struct {
	seed string
	size int
	kept []drawn
}

type drawn struct {
	mark [sha256.Size]byte
	no   int64
}

func (d *draw) add(no int64) {
	next := drawn{sha256.Sum256(fmt.Appendf(nil, "%s:%d", d.seed, no)), no}
	at, _ := slices.BinarySearchFunc(d.kept, next, func(a, b drawn) int { return bytes.Compare(a.mark[:], b.mark[:]) })
	if at >= d.size {
		return
	}
	d.kept = slices.Insert(d.kept, at, next)
	d.kept = d.kept[:min(len(d.kept), d.size)]
}
