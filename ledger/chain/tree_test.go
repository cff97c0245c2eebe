package chain

import (
	"crypto/sha256"
	"fmt"
	"math/bits"
	"testing"

	"pgregory.net/rapid"
)

// rfc6962 is the definition of RFC 6962, §2.1, word for word: it splits at the largest power of
// two below n.
func rfc6962(records []Hash) Hash {
	switch n := len(records); n {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return sha256.Sum256(append([]byte{0}, records[0][:]...))
	default:
		k := 1 << (bits.Len(uint(n-1)) - 1)
		left, right := rfc6962(records[:k]), rfc6962(records[k:])
		return sha256.Sum256(append(append([]byte{1}, left[:]...), right[:]...))
	}
}

// merkle is the root over the hashes of the records, in their order.
func merkle(leaves []Hash) Hash {
	var t Tree
	for _, leaf := range leaves {
		t.Add(leaf)
	}
	return t.Root()
}

func TestTheTreeIsTheOneOfRFC6962(t *testing.T) {
	t.Parallel()
	for n := range 300 {
		if got, want := merkle(leaves(n)), rfc6962(leaves(n)); got != want {
			t.Fatalf("%d leaves: got %s; want %s", n, got, want)
		}
	}
}

func TestTheRootCanBeReadAtAnyTime(t *testing.T) {
	t.Parallel()
	var tree Tree
	for i, leaf := range leaves(40) {
		tree.Add(leaf)
		if got, want := tree.Root(), rfc6962(leaves(i+1)); got != want {
			t.Fatalf("after %d leaves: got %s; want %s", i+1, got, want)
		}
	}
}

func TestCopyingTheLastLeavesChangesTheRoot(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 40; n++ {
		hashes := leaves(n)
		for tail := 1; tail <= n; tail++ {
			longer := append(append([]Hash{}, hashes...), hashes[n-tail:]...)
			if merkle(longer) == merkle(hashes) {
				t.Fatalf("%d leaves: copying the last %d keeps the root", n, tail)
			}
		}
	}
}

func TestAnInnerNodeIsNoLeaf(t *testing.T) {
	t.Parallel()
	four := leaves(4)
	level := []Hash{merkle(four[:2]), merkle(four[2:])}
	if merkle(level) == merkle(four) {
		t.Error("two inner nodes given as leaves have the root of four leaves")
	}
	if merkle([]Hash{merkle(four)}) == merkle(four) {
		t.Error("a root given as the only leaf is its own root")
	}
	if one := leaves(1); merkle(one) == one[0] {
		t.Error("the root of one leaf is the leaf itself")
	}
}

func TestAnyChangeOfTheLeavesChangesTheRoot(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 64).Draw(t, "leaves")
		i := rapid.IntRange(0, n-1).Draw(t, "i")
		j := rapid.IntRange(0, n-1).Filter(func(j int) bool { return j != i }).Draw(t, "j")
		root := merkle(leaves(n))

		swapped := leaves(n)
		swapped[i], swapped[j] = swapped[j], swapped[i]
		bitten := leaves(n)
		bitten[i][rapid.IntRange(0, 31).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		missing := append(leaves(n)[:i], leaves(n)[i+1:]...)
		for name, changed := range map[string][]Hash{
			"swapped": swapped, "one bit": bitten, "one missing": missing,
		} {
			if merkle(changed) == root {
				t.Fatalf("%s keeps the root", name)
			}
		}
	})
}

func TestATreeNeedsNoMemory(t *testing.T) {
	hashes := leaves(100)
	if got := testing.AllocsPerRun(10, func() { merkle(hashes) }); got != 0 {
		t.Errorf("%v allocations; want 0", got)
	}
}

// BenchmarkLeaf hashes records of about 200 bytes, the size of a journal entry.
func BenchmarkLeaf(b *testing.B) {
	e := New(1, "entry")
	fill := func(i int64) *Encoder {
		return e.Reset().Int(i).Str("BQ").Int(i).Str("BANK_CREDIT").Int(20261105).Int(20261105).
			Int(20261105).Str("bank FR7699999 171/2").Null().Str("import").Int(1).
			Str("512:BANK1").Str("467:M0042").Int(98332)
	}
	b.SetBytes(int64(len(fill(1).buf)))
	b.ReportAllocs()
	for i := int64(0); b.Loop(); i++ {
		fill(i).Sum()
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds()/1e6, "Mleaves/s")
}

func BenchmarkMerkle(b *testing.B) {
	for _, n := range []int{1, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			hashes := leaves(n)
			b.ReportAllocs()
			for b.Loop() {
				merkle(hashes)
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mleaves/s")
		})
	}
}
