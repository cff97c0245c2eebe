package export

import (
	"fmt"
	"io"
)

// RowsOf is the plain query of what an export reads, for the baseline of the benchmark.
const RowsOf = rowsOfSome + inOrder

// WriteRows writes a workbook of so many rows, in sheets of a few.
func WriteRows(out io.Writer, rows, limit int64) error {
	w := newXLSX(out)
	w.limit = limit
	if err := w.begin(); err != nil {
		return err
	}
	a := &account{code: "512:POOL", pcg: "512", owner: "POOL"}
	for n := range rows {
		e := entry{no: n + 1, posted: 9805, booked: noDay, value: noDay, source: fmt.Appendf(nil, "s%d", n)}
		if err := w.entry(&e, []line{{account: a, debit: 100}}); err != nil {
			return err
		}
	}
	return w.end(Summary{})
}
