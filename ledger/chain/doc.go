// Package chain makes tampering evident: it turns the fields of a record into one canonical row of
// bytes, hashes it, gathers hashes in a Merkle tree and links the trees of successive batches.
//
// # Record
//
// An [Encoder] writes a record as
//
//	0x02 | version (1 byte) | domain | field | field | …
//
// where the domain (what kind of record: "entry", "act") and every field are written as
//
//	tag (1 byte) | length of the payload (4 bytes, big endian) | payload
//
//	tag  payload
//	'i'  integer, 8 bytes, two's complement, big endian
//	's'  text, its bytes as they are (UTF-8 is the caller's affair)
//	'b'  bytes
//	't'  truth, one byte 0 or 1
//	'n'  null, nothing
//
// Tags and lengths make the encoding injective: two different rows of fields never give the same
// bytes, so neither a separator in a text nor a value moved to the next field can hide a change.
// Its hash is SHA-256 of these bytes. The same bytes in PostgreSQL:
//
//	'\x02'::bytea || '\x01' || 's' || int4send(octet_length(domain)) || convert_to(domain, 'UTF8')
//	  || 'i' || int4send(8) || int8send(amount_cents) || 'n' || int4send(0)
//
// (a string literal beside || bytea is read as bytea).
//
// # Tree
//
// The Merkle tree is the one of RFC 6962, §2.1: a leaf is SHA-256(0x00 | hash), a node is
// SHA-256(0x01 | left | right), and an odd node is promoted as it is. Copying the last leaf, or
// giving an inner node for a leaf, makes another root. The three first bytes 0x00, 0x01 and 0x02
// keep leaves, nodes and records apart.
//
// # Head
//
// [NextHead] links a batch to everything before it. A chain does not see a deleted tail, nor that
// it was rewritten from its first record on: the head has to leave the house (prints, exports).
//
// Changing anything here makes every stored hash wrong: a new encoding needs a new version byte,
// and the old one stays readable. The test vectors in the tests pin version 1.
package chain
