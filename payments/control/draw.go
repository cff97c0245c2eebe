package control

import (
	"container/heap"
	"crypto/sha256"
	"encoding/binary"
	"iter"
	"math/big"
	"slices"

	"masp/ledger/money"
)

// Unit is an entry as a sample sees it.
type Unit struct {
	Entry   int64
	Value   money.Amount
	Stratum string
}

// Population gives the entries in the order of their numbers, each time the same.
type Population = iter.Seq2[Unit, error]

// number is the random number of something under a seed: 128 bits, whose first 64 order the entries.
func number(seed, what string) (sum [16]byte) {
	all := sha256.Sum256([]byte("masp sample 1|" + seed + "|" + what))
	return [16]byte(all[:16])
}

// ranked is a unit in a queue that has the first to leave in front.
type ranked struct {
	unit Unit
	rank uint64
}

// queue is a heap of the best so far: the worst of them is in front.
type queue []ranked

func (q queue) Len() int { return len(q) }

func (q queue) Less(i, j int) bool {
	return q[i].rank > q[j].rank || q[i].rank == q[j].rank && q[i].unit.Entry > q[j].unit.Entry
}

func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push is for package heap.
func (q *queue) Push(x any) { *q = append(*q, x.(ranked)) } //nolint:forcetypeassert // only ours

// Pop is for package heap.
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// keep keeps the size units of the smallest rank.
func (q *queue) keep(one ranked, size int) {
	heap.Push(q, one)
	if q.Len() > size {
		heap.Pop(q)
	}
}

// Draw draws a sample. It reads the population twice and keeps no more of it than the size.
//
// Errors: ErrMethod, ErrSize, ErrSeed, ErrStratum, ErrEmpty, those of the population.
func Draw(all Population, p Plan) (Sample, error) {
	if err := p.Check(); err != nil {
		return Sample{}, err
	}
	s := Sample{Plan: p}
	sizes := map[string]int64{}
	var largest queue // the dearest units: who is certain is among them
	for u, err := range all {
		if err != nil {
			return Sample{}, err
		}
		s.Entries++
		s.Value = s.Value.Add(u.Value)
		if p.Method == ByStratum {
			sizes[u.Stratum]++
		}
		if p.Method == ByValue {
			largest.keep(ranked{u, ^uint64(u.Value.Cents())}, p.Size) //nolint:gosec // values are not negative
		}
	}
	if s.Entries == 0 || p.Method == ByValue && !s.Value.IsPositive() {
		return Sample{}, ErrEmpty
	}
	if p.Method == ByValue {
		return s, s.byValue(all, largest)
	}
	if p.Method == Random {
		sizes[""] = s.Entries
	}
	s.share(sizes)
	return s, s.byRank(all)
}

// share shares the size out over the strata, in proportion to their entries.
func (s *Sample) share(sizes map[string]int64) {
	names := make([]string, 0, len(sizes))
	for name := range sizes {
		names = append(names, name)
	}
	slices.Sort(names)
	size := int64(min(int64(s.Plan.Size), s.Entries))
	left := size
	s.Strata = make([]Stratum, len(names))
	byRest := make([]int, len(names))
	for i, name := range names {
		n := sizes[name]
		s.Strata[i] = Stratum{Name: name, Entries: n, Drawn: n * size / s.Entries, rest: n * size % s.Entries}
		left -= s.Strata[i].Drawn
		byRest[i] = i
	}
	slices.SortStableFunc(byRest, func(a, b int) int { return compare(s.Strata[b].rest, s.Strata[a].rest) })
	for _, i := range byRest[:left] {
		s.Strata[i].Drawn++
	}
}

func compare(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// byRank takes of each stratum the units of the smallest numbers.
func (s *Sample) byRank(all Population) error {
	best := make(map[string]*queue, len(s.Strata))
	drawn := make(map[string]int, len(s.Strata))
	for _, st := range s.Strata {
		best[st.Name], drawn[st.Name] = &queue{}, int(st.Drawn)
	}
	for u, err := range all {
		if err != nil {
			return err
		}
		name := u.Stratum
		if s.Plan.Method == Random {
			name = ""
		}
		sum := number(s.Plan.Seed, plain(u.Entry))
		best[name].keep(ranked{u, binary.BigEndian.Uint64(sum[:8])}, drawn[name])
	}
	for _, st := range s.Strata {
		for _, r := range *best[st.Name] {
			s.Items = append(s.Items, Item{Unit: r.unit, Number: hex16(r.rank)})
		}
	}
	s.sort()
	return nil
}

// byValue takes who is certain, and of the rest the units that hold the drawn cents.
func (s *Sample) byValue(all Population, largest queue) error {
	slices.SortFunc(largest, func(a, b ranked) int {
		if a.rank != b.rank {
			return compare(b.unit.Value.Cents(), a.unit.Value.Cents())
		}
		return compare(a.unit.Entry, b.unit.Entry)
	})
	rest, draws := s.Value, int64(s.Plan.Size)
	certain := map[int64]bool{}
	for _, r := range largest { // the dearest first: who is not certain ends it
		if draws == 0 || !atLeast(r.unit.Value, rest, draws) || r.unit.Value.IsZero() {
			break
		}
		certain[r.unit.Entry] = true
		rest, draws = rest.Sub(r.unit.Value), draws-1
	}
	s.Certain, s.Draws = int64(len(certain)), draws
	if draws > 0 && rest.IsPositive() {
		s.Interval = money.Cents((rest.Cents() + draws - 1) / draws)
	}
	hits := newHits(s.Plan.Seed, rest, draws)
	before := int64(0)
	for u, err := range all {
		if err != nil {
			return err
		}
		if certain[u.Entry] {
			s.Items = append(s.Items, Item{Unit: u, Certain: true})
			continue
		}
		if n := hits.within(before, before+u.Value.Cents()); n > 0 {
			s.Items = append(s.Items, Item{Unit: u, Hits: n})
		}
		before += u.Value.Cents()
	}
	s.sort()
	return nil
}

// atLeast tells whether a value is at least total / draws.
func atLeast(v, total money.Amount, draws int64) bool {
	product := new(big.Int).Mul(big.NewInt(v.Cents()), big.NewInt(draws))
	return product.Cmp(big.NewInt(total.Cents())) >= 0
}

// hits are the cents that a seed draws: (r + k·total) / draws for each k.
type hits struct {
	start, total, draws *big.Int
	k                   int64
}

func newHits(seed string, total money.Amount, draws int64) *hits {
	h := &hits{start: new(big.Int), total: big.NewInt(total.Cents()), draws: big.NewInt(draws)}
	if total.IsPositive() {
		sum := number(seed, "start")
		h.start.Mod(new(big.Int).SetBytes(sum[:]), h.total)
	}
	return h
}

// within counts the drawn cents from one to below another; it is asked in rising order.
func (h *hits) within(from, below int64) (n int) {
	for h.k < h.draws.Int64() {
		cent := new(big.Int).Mul(big.NewInt(h.k), h.total)
		cent.Div(cent.Add(cent, h.start), h.draws)
		if cent.Cmp(big.NewInt(below)) >= 0 {
			break
		}
		if cent.Cmp(big.NewInt(from)) >= 0 {
			n++
		}
		h.k++
	}
	return n
}
