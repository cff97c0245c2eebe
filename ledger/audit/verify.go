package audit

import (
	"context"
	"fmt"

	"masp/ledger/chain"
)

// Fault is one place where the log is not what it was.
type Fault struct {
	Seq  Seq    // the act, 0 for the head of the log
	What string // French, for the reader of the proof
}

// Verify computes the whole chain again, act by act, and compares it with the stored head and,
// when known is given, with a head that was printed earlier. It returns how many acts it read and
// reports the faults in their order; it goes on behind a fault from the stored hash. Every act
// goes to see as well, when that is given.
func Verify(
	ctx context.Context, q Querier, known *Head, report func(Fault), see func(Recorded),
) (int64, error) {
	head, err := HeadOf(ctx, q)
	if err != nil {
		return 0, err
	}
	v := verifier{encoder: chain.New(encodingVersion, "act"), known: known, report: report}
	err = Read(ctx, q, 0, func(r Recorded) bool {
		v.act(&r)
		if see != nil {
			see(r)
		}
		return true
	})
	if err != nil {
		return v.count, err
	}
	if v.last != head {
		report(Fault{0, fmt.Sprintf("la tête du journal des actes (n° %d) n'est pas le dernier acte (n° %d)",
			head.Seq, v.last.Seq)})
	}
	if known != nil && known.Seq > v.last.Seq {
		report(Fault{
			v.last.Seq + 1,
			fmt.Sprintf("les actes manquent jusqu'au n° %d, imprimé auparavant", known.Seq),
		})
	}
	return v.count, nil
}

type verifier struct {
	encoder *chain.Encoder
	known   *Head
	report  func(Fault)
	last    Head
	count   int64
}

func (v *verifier) act(r *Recorded) {
	v.count++
	switch {
	case r.Seq != v.last.Seq+1:
		v.report(Fault{v.last.Seq + 1, "l'acte manque"})
	case r.Prev != v.last.Hash:
		v.report(Fault{r.Seq, "l'acte ne suit pas l'empreinte de l'acte précédent"})
	}
	if r.sum(v.encoder) != r.Hash {
		v.report(Fault{r.Seq, "l'acte a été modifié : son empreinte ne correspond plus"})
	}
	if v.known != nil && v.known.Seq == r.Seq && v.known.Hash != r.Hash {
		v.report(Fault{r.Seq, "l'empreinte de l'acte n'est pas celle imprimée auparavant"})
	}
	v.last = Head{r.Seq, r.Hash}
}
