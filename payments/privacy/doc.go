// Package privacy is data protection: what is held of a person and for how long, who has read it, and
// what is left when the time is over.
//
// # What is whose
//
// masp.personal_data (migration 0039) is the one list: for every table of the schema, which rows are a
// person's, what they are for, what a copy leaves out, which texts end with her; or why no row is
// anybody's. Copy, pseudonymisation and the register of processing read it. A migration that makes a
// table adds its row; a test walks the catalogue and fails without it.
//
// # Copy (R-114, R-115; GDPR 15 and 20)
//
// [Service.Copy] is a ZIP for the person: a page to read, each table as JSON, account statements, hashes
// for sha256sum -c. Users stand in it as a role and a short reference, other persons not at all: a line
// or an entry that is also about somebody else is left out, with its part of hers in another table. The
// coordinator of the file makes it, or who has opened it in the archive; an admin never. It is an act
// and a reading.
//
// # Time
//
// The time begins with the end of the last measure, a death or the last movement of the person's money,
// whichever is last. Then 24 months in daily use; then the restricted archive: ten years of accounts
// from the end of their year (Code de commerce L123-22), five for a file without money; the
// organisation may change all three, ten years only upwards. Each step takes two: [Service.Propose],
// which the clock calls each day, and a person who confirms a list. A hold (litigation, debt, undue
// benefit), a balance or a transfer on its way keeps the file. A measure that lasts has no time.
//
// A coordinator does not see an archived file: neither by masp.reach_of, and so by row-level security,
// nor by package auth. An auditor and the roles of the whole house open it for a day, with a reason that
// stays in the log; package api/v1 asks for that. The command line is not restricted: who runs it holds
// the machine.
//
// # Pseudonymisation
//
// Names, birth date, numbers, IBANs, the free texts of the file and the labels of its entries and bank
// lines go; references, amounts, days, hashes and numbers stay. In rows of others her full name, her
// long numbers and IBANs go too. An IBAN becomes one that no bank has, the same everywhere, so that what
// refers to it still does; the other words become "Effacé" or dots. What cannot go is a reference that
// the organisation chose: it should not hold a name.
//
// The proof: the house is proved before ([ErrUnproved]); all writers wait; the rows are rewritten by one
// door of the database, which stops the guards of the tables for that transaction but never the
// registers; the house is proved again, and each finding is there because of the erasing alone.
// masp.erasures keeps them with the hash of what stays at the place, as wide as the finding would have
// proved: the entry with its postings, the run with its lines, the statement with its lines. They are
// registered, so an act seals them. `masp verify` sets a finding aside while that hash is right, and
// finds ERASED_CHANGED when it is not. A finding of which the database does not know how wide it is
// stops the erasing ([ErrBreaks]).
//
// # Decisions (22 November 2026)
//
//   - Original files of the bank and of payments hold many persons. The bytes of each in which an erased
//     person stands go with her, the others' as well: the time of accounts has run since her last
//     movement, so no law keeps a file of that age, for anybody. Its hash, size, name and rows stay; verify
//     says by whom and when it was removed.
//   - Everybody who writes waits while persons are erased, for the time of two proofs: it is done some
//     times a year, and nothing else makes a finding certain to come from the erasing.
//   - The ground of the measure becomes BOTH for an erased person: what remains should not tell of health.
//   - Reasons in the log of acts are the words of people; those of acts about her go too, with the hash
//     of what was left. The log of reads holds references only and stays.
//   - Many files in a day are ten, and three times the reader's usual day: simple enough to explain.
package privacy
