// Package check reads a bundle of evidence again, without database, settings or network, and says
// where it is not what it was.
//
// It shares no code with what writes a bundle, but for package chain, whose recipe LISEZMOI.txt spells
// out: it stands at level 1 of the map of the house, so it cannot import the ledger, the exports or
// the payments. What it knows of them it says again in its own words.
//
// # What it proves
//
//   - The archive: each piece has the sum of SHA256SUMS and of manifest.json; none is missing, none is
//     there that neither lists.
//   - The books: leaf, content and commitment of each entry, the root of each batch, the head of each
//     batch after the one before; numbers, days, the number and balance of each account after each line.
//   - The ledger as people open it (csv, FEC, hledger, xlsx), line by line against the sealed entries.
//   - The balance: each account again from its lines.
//   - The logs of acts and of reads: each hash, each link, the end.
//   - The runs: who prepared did not approve; the content that was signed is that of the transfers, of
//     the files and of the log of acts; the bytes of each file hold exactly those transfers, to those IBANs.
//   - The bank: each original has its sum; what it says (camt.053, CFONB 120) is what its statements say;
//     statements add up and follow each other; each line is the entry that it names.
//   - The draw: the entries of the sample are those that the seed draws.
//
// # What it cannot prove
//
// Whoever rewrites everything, hashes included, gives a bundle that agrees with itself. Then only what
// left the house earlier tells: the seals of the days (Options.Seals), the bank's own files, the twelve
// digits of a head in each MsgId. In a bundle of some persons the entries shared with others and the
// content of a run shared with others cannot be made again; Report.Partial counts the entries.
//
// Its memory grows with the accounts, the bank lines and the transfers, not with the bytes.
package check
