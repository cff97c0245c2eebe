package payments

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// meanwhile starts f and answers how to wait for its result: f computes while the database works.
func meanwhile[T any](f func() T) (wait func() T) {
	var result T
	done := make(chan struct{})
	go func() {
		defer close(done)
		result = f()
	}()
	return func() T {
		<-done
		return result
	}
}

// onSpareCores calls f once for each number below n, on all cores but one, which the database works on
// meanwhile. What concerns one mandate is computed without any other: f writes nothing but what belongs
// to its number.
func onSpareCores(n int, f func(i int)) {
	const block = 64 // mandates that are taken at once
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(max(1, runtime.GOMAXPROCS(0)-1), (n+block-1)/block) {
		workers.Go(func() {
			for {
				from := int(next.Add(block)) - block
				if from >= n {
					return
				}
				for i := from; i < min(from+block, n); i++ {
					f(i)
				}
			}
		})
	}
	workers.Wait()
}
