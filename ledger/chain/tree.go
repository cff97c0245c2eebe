package chain

import (
	"crypto/sha256"
	"math/bits"
	"time"
)

// Tree computes a Merkle root leaf by leaf, in memory that does not grow. The zero value is an
// empty tree; it is not safe for concurrent use.
type Tree struct {
	// peaks are the roots of the complete subtrees so far, the largest first: one for each bit
	// that is set in count.
	peaks [64]Hash
	count uint64
}

// Add appends a leaf: the hash of one record.
func (t *Tree) Add(record Hash) {
	var leaf [1 + len(record)]byte
	leaf[0] = leafPrefix
	copy(leaf[1:], record[:])
	h := Hash(sha256.Sum256(leaf[:]))

	top := bits.OnesCount64(t.count)
	for full := t.count; full&1 == 1; full >>= 1 {
		top--
		h = node(t.peaks[top], h)
	}
	t.peaks[top] = h
	t.count++
}

// Root returns the root over all leaves added; of an empty tree it is SHA-256 of nothing.
func (t *Tree) Root() Hash {
	top := bits.OnesCount64(t.count)
	if top == 0 {
		return sha256.Sum256(nil)
	}
	root := t.peaks[top-1]
	for i := top - 2; i >= 0; i-- {
		root = node(t.peaks[i], root)
	}
	return root
}

func node(left, right Hash) Hash {
	var pair [1 + 2*len(left)]byte
	pair[0] = nodePrefix
	copy(pair[1:], left[:])
	copy(pair[1+len(left):], right[:])
	return sha256.Sum256(pair[:])
}

// headVersion is the version of the fields that [NextHead] hashes.
const headVersion = 1

// NextHead returns the head of the chain after a batch of records first…last with this Merkle
// root, sealed at a time (microseconds since 1970 UTC are kept: the precision of PostgreSQL).
// The head before the first batch is the zero hash.
func NextHead(prev Hash, batch, first, last int64, root Hash, at time.Time) Hash {
	return New(headVersion, "head").
		Bytes(prev[:]).Int(batch).Int(first).Int(last).Bytes(root[:]).Int(at.UnixMicro()).
		Sum()
}
