package check

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"masp/ledger/chain"
)

const (
	actsName  = "chaine/actes.jsonl"
	readsName = "chaine/lectures.jsonl"
)

// act is a line of chaine/actes.jsonl; of a hidden one only number and hash are there.
type act struct {
	Seq        int64       `json:"seq"`
	Hash       chain.Hash  `json:"hash"`
	At         string      `json:"at"`
	Actor      string      `json:"actor"`
	Action     string      `json:"action"`
	ObjectType string      `json:"object_type"`
	ObjectID   string      `json:"object_id"`
	Before     *chain.Hash `json:"before"`
	After      *chain.Hash `json:"after"`
	Reason     string      `json:"reason"`
	Details    string      `json:"details"`
	Registers  chain.Hash  `json:"registers"`
	Prev       chain.Hash  `json:"prev"`
}

// read is a line of chaine/lectures.jsonl.
type read struct {
	No      int64      `json:"no"`
	Hash    chain.Hash `json:"hash"`
	At      string     `json:"at"`
	User    string     `json:"user"`
	Person  string     `json:"person"`
	Mandate string     `json:"mandate"`
	What    string     `json:"what"`
	Request string     `json:"request"`
	Prev    chain.Hash `json:"prev"`
}

// actLog is what the log of acts says that other pieces repeat.
type actLog struct {
	hashes, reads map[int64]chain.Hash
	runs          map[runAct]int64      // the number of the act in the log
	files         map[string]chain.Hash // digest of each payment file that was built
}

// runAct is an act on a run, as the log and campagnes/actes.csv both know it.
type runAct struct {
	run     string
	no      int64
	what    string
	who     string
	content string
}

func (c *checker) checkActs() error {
	c.log = actLog{map[int64]chain.Hash{}, map[int64]chain.Hash{}, map[runAct]int64{}, map[string]chain.Hash{}}
	in, err := c.jsonLines(actsName)
	if c.missing(actsName, err) {
		return nil
	}
	defer in.close()
	encoder := chain.New(2, "act")
	l := link{c: c, piece: actsName, thing: "acte", of: c.m.Acts, next: c.m.Acts.From, last: c.m.Acts.Before}
	for {
		var a act
		if stop := l.read(in, &a); stop {
			break
		}
		l.take(a.Seq, a.Hash, a.Prev, a.Action == "", func() chain.Hash { return a.sum(encoder) })
		c.log.hashes[a.Seq] = a.Hash
		c.log.take(&a)
		c.Acts++
	}
	l.end()
	return nil
}

func (l *actLog) take(a *act) {
	switch {
	case a.ObjectType == "run" && a.After != nil:
		var sealed struct {
			Act int64 `json:"act"`
		}
		if json.Unmarshal([]byte(a.Details), &sealed) == nil && sealed.Act > 0 {
			l.runs[runAct{a.ObjectID, sealed.Act, strings.TrimPrefix(a.Action, "run."), a.Actor, a.After.String()}] = a.Seq
		}
	case a.ObjectType == "payment_file" && a.Action == "file.build" && a.After != nil:
		l.files[a.ObjectID] = *a.After
	}
}

func (c *checker) checkReads() error {
	in, err := c.jsonLines(readsName)
	if c.missing(readsName, err) {
		return nil
	}
	defer in.close()
	encoder := chain.New(1, "read")
	l := link{c: c, piece: readsName, thing: "lecture", of: c.m.Reads, next: c.m.Reads.From, last: c.m.Reads.Before}
	for {
		var r read
		if stop := l.read(in, &r); stop {
			break
		}
		l.take(r.No, r.Hash, r.Prev, r.What == "", func() chain.Hash { return r.sum(encoder) })
		c.log.reads[r.No] = r.Hash
		c.Reads++
	}
	l.end()
	return nil
}

// link is a log while its chain is followed.
type link struct {
	c            *checker
	piece, thing string
	of           stretch
	next, line   int64
	last         chain.Hash
}

func (l *link) name(no int64) string { return fmt.Sprintf("%s %d", l.thing, no) }

func (l *link) read(in *jsonLines, into any) (stop bool) {
	err := in.decoder.Decode(into)
	if err != nil && !errors.Is(err, io.EOF) {
		l.c.found(l.piece, l.line+1, l.name(l.next), "la ligne ne se lit pas : %v", err)
	}
	l.line++
	return err != nil
}

// take holds one record against the one before it; of a hidden one nothing but its place is known.
func (l *link) take(no int64, hash, prev chain.Hash, hidden bool, sum func() chain.Hash) {
	switch {
	case no != l.next:
		l.c.found(l.piece, l.line, l.name(l.next), "manque, ou n'est pas à sa place : ici se trouve le n° %d", no)
	case !hidden && prev != l.last:
		l.c.found(l.piece, l.line, l.name(no), "ne suit pas l'empreinte du précédent : l'un des deux a été modifié")
	case !hidden && l.c.erased[l.name(no)]:
		l.c.Erased++
	case !hidden && sum() != hash:
		l.c.found(l.piece, l.line, l.name(no), "a été modifié : l'empreinte ne correspond plus")
	case hidden && l.c.m.Whole && l.c.m.Asked.To == "":
		l.c.found(l.piece, l.line, l.name(no), "le contenu manque")
	}
	l.next, l.last = no+1, hash
}

func (l *link) end() {
	if l.next != l.of.To+1 || l.last != l.of.Head {
		l.c.found(l.piece, 0, l.name(l.of.To), "la fin manque : la dernière empreinte n'est pas celle de manifest.json")
	}
}
