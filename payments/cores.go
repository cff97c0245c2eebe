package payments

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// meanwhile starts f and answers how to wait for its result: f computes while the database works.
func meanwhile[T any](f func() T) (wait func() T) {
	done := make(chan T, 1)
	go func() { done <- f() }()
	return func() T { return <-done }
}

// onAllCores calls f once for each number below n, on all cores: what concerns one mandate is
// computed without any other. f writes nothing but what belongs to its number.
func onAllCores(n int, f func(i int)) {
	const block = 64 // mandates that are taken at once
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), (n+block-1)/block) {
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
