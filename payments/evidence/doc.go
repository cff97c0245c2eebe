// Package evidence is what an auditor takes away, and what leaves the house so that nobody can rewrite
// the past unseen: the bundle of evidence, and the seal of the day.
//
// # Bundle
//
// [Service.Write] writes one zip from one snapshot, piece after piece, in memory that grows with the
// accounts and the list of files, not with the entries:
//
//	LISEZMOI.txt      how to check all of it with common tools, and the recipe of the hashes
//	recette.py        that recipe in another language, to be read and run
//	livre/            the ledger: spreadsheet (csv, xlsx), tax office (FEC), hledger, by package export
//	chaine/           what the hashes are made of: entries, batches, acts, reads of personal files
//	balance.csv       each account at both ends of the period
//	echantillon.csv   entries drawn with a seed
//	rapprochements/   agreement with the bank by day and by person, locked and closed days
//	banque/           files as the bank sent them, statements, lines, what was recognised and identified
//	campagnes/        runs, who did what to them, lines, exceptions and decisions
//	virements/        files as they left, transfers, answers of the bank
//	destinataires/    IBANs and the two persons of each
//	forcages.csv      what somebody undid, replaced, accepted or reopened, and why
//	manifest.json     what was asked, of which books, counts, totals, heads, the sum of each piece
//	SHA256SUMS        the sums, last: a bundle that was cut off has none
//
// Package check, below, reads it again and shares no code with this one but package chain.
//
// # Rules
//
//   - The same contents give the same bytes: fixed times and order, and as_of is the instant of the
//     last entry, act or read, not that of the writing.
//   - A period is one of posting days; statements count by their last day, runs by the day that they
//     were made for, acts and reads by the day in Paris.
//   - Chains are given from the first day of the period to their end: the heads can be compared with
//     every seal of a day since. Of a record outside the period or the scope its hash alone is given: it
//     proves that it stands there and tells nothing.
//   - A bundle of a mandate or a Département holds nothing of other persons. Of an entry shared with
//     others it has their own lines; a file that tells of others is in the list by its hash alone.
//   - Texts are made inert for spreadsheets, and can be read back to the byte.
//
// # Seals of the days
//
// [Service.Seal] says in some lines how far books, acts and reads go. It is an act of the log, so the
// acts carry the heads of the books and of the reads, and its file carries the act. The file goes to
// MASP_SEALS and to a second place; whoever keeps one proves later that no tail was cut off and nothing
// before it rewritten ([Against]). A chain alone sees neither.
//
// The log of reads is chained by masp.note_read (0037) as the acts are by masp.record_act; [Checks]
// computes it again and holds what the acts of the seals keep against books and reads.
//
// # Decisions (22 November 2026)
//
//   - Over HTTP a bundle is streamed by one GET, not made by a job that is polled: a job would keep a
//     second copy of everybody's data on the server, which somebody has to guard and to delete; a client
//     that is cut off asks again and gets the same bytes, and without SHA256SUMS it knows that it was.
//   - Who sees a part of the house (auditors too) gets no bundle from the service: the originals name
//     everybody, and row-level security (0029) gives him none. Who sees the whole house makes the bundle of
//     his Département and hands it to him; both are acts or reads of the log.
//   - The draw is the simplest that anybody repeats: the smallest SHA-256 of "seed:number". Methods of
//     sampling are those of package payments/control.
//   - Reads are chained one by one, not sealed once a day: a read that is taken out is seen at once. The
//     lock is held for one small transaction of its own, and a read that is noted already takes none.
package evidence
