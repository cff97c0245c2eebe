package chain_test

import (
	"fmt"
	"time"

	"masp/ledger/chain"
)

func Example() {
	record := chain.New(1, "entry")
	var tree chain.Tree
	for no, cents := range []int64{41200, 98332} {
		tree.Add(record.Reset().Int(int64(no + 1)).Int(cents).Null().Sum())
	}
	head := chain.NextHead(chain.Hash{}, 1, 1, 2, tree.Root(), time.UnixMicro(0))
	fmt.Println(head.String()[:16])
	// Output: 7a84e15d79381860
}
