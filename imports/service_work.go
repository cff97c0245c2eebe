package imports

import (
	"context"
	"io"
	"slices"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
)

// work is what one call does, in one transaction or in many: each takes the next statements, or
// the next lines of a long one, from where the one before has left them. What it keeps from one
// to the next is only how far it has read: every transaction decides anew on what is stored.
type work struct {
	service  *Service
	ctx      context.Context
	who      string
	file     int64             // the file that it brings; 0 for none
	tx       pgx.Tx            // the transaction at hand
	cursors  map[int64]*cursor // by file
	released []int64           // statements accepted that it did not bring
}

func (s *Service) work(ctx context.Context, who string) *work {
	return &work{service: s, ctx: ctx, who: who, cursors: map[int64]*cursor{}}
}

// stage stores the statements of a file, and books them in the same transaction when they have
// no more lines than one may post.
func (w *work) stage(tx pgx.Tx, file *staged) (*batch, error) {
	b, err := w.begin(tx)
	if err != nil {
		return nil, err
	}
	b.staged = w.file
	ibans := ibansOf(file.statements)
	accounts, err := lockAccounts(w.ctx, tx, ibans)
	if err != nil {
		return nil, err
	}
	if err := insertStatements(w.ctx, tx, w.file, b.waiting(file.statements, accounts)); err != nil {
		return nil, err
	}
	if file.lines() > b.budget {
		b.more = true
	} else if err := b.walk(accounts); err != nil {
		return nil, err
	}
	return b, b.finish("bank_file.import", "bank_file", w.file)
}

// waiting makes of the statements of a file what is stored before any of them is judged by the
// chain of its account.
func (b *batch) waiting(read []*statement, accounts []bankAccount) []*statement {
	var all []*statement
	for _, st := range read {
		mine := *st // an attempt that loses against a concurrent one leaves the reading as it was
		i := slices.IndexFunc(accounts, func(a bankAccount) bool { return a.iban == st.iban })
		if i >= 0 {
			mine.account = accounts[i].id
		}
		switch {
		case st.kind != kindBooked:
			mine.held = forInformation(st.kind)
		case st.held.reason != "":
		case st.lineTooFar(b.today).reason != "":
			mine.held = st.lineTooFar(b.today)
		case i < 0:
			mine.held = unknownAccount(st.iban)
		default:
			mine.held = unread
		}
		all = append(all, &mine)
	}
	return all
}

// advance posts what can be posted on these accounts, transaction after transaction.
func (w *work) advance(ibans []string) error {
	for more := len(ibans) > 0; more; {
		var b *batch
		err := ledger.InTx(w.ctx, w.service.DB, func(tx pgx.Tx) (err error) {
			if b, err = w.begin(tx); err != nil {
				return err
			}
			accounts, err := lockAccounts(w.ctx, tx, ibans)
			if err != nil {
				return err
			}
			if err := b.walk(accounts); err != nil {
				return err
			}
			return b.finish("bank_statement.import", "bank_statement", b.first())
		})
		if err != nil {
			return err
		}
		w.committed(b)
		more = b.more
	}
	return nil
}

// committed takes note of a transaction that is done.
func (w *work) committed(b *batch) {
	for _, p := range b.portions {
		if p.chainNo != 0 && (p.file != w.file || w.file == 0) {
			w.released = append(w.released, p.id)
		}
		if w.service.Progress != nil && p.entries > b.budget {
			w.service.Progress(Progress{Account: p.iban, Ref: p.ref, Done: p.posted, Lines: p.entries})
		}
	}
}

// cursor reads the lines of a stored file; the one of the file at hand reads what was handed in.
func (w *work) cursor(file int64) *cursor {
	if w.cursors[file] == nil {
		w.cursors[file] = &cursor{open: w.stored(file)}
	}
	return w.cursors[file]
}

// stored opens the bytes of a file as they were stored.
func (w *work) stored(file int64) func() io.Reader {
	return func() io.Reader {
		return &partsReader{ctx: w.ctx, in: func() ledger.Querier { return w.tx }, file: file}
	}
}
