// Package papers makes what a mandate hands out: the account statement (relevé de compte), the annual
// management account (compte de gestion annuel) and the final account (compte rendu final), and keeps
// who received which of them.
//
// # Rules
//
//   - A paper is data first, read in one snapshot of the books: Statement, Account, Final. Its Paper
//     method puts the data in words, and package page prints these as HTML, PDF or text. The same
//     books give the same paper, byte for byte, whenever it is asked for.
//   - A statement is of the person's managed money and of any days: the opening of a day is
//     the closing of the day before. Days are those of posting, which decide into which period a
//     movement falls, exactly one; each line prints the days of the bank. A paper whose last day is
//     not over is provisional and says so.
//   - An account is of all that is held for the person, the parts that are not managed
//     included: opening + received − paid + other = closing. Received, by benefit, and paid, by rank
//     and payee, are read beside the books; what they do not explain of an entry stands under other,
//     by its kind, so that the sum is always that of the books. The closing is read a second time
//     from the accounts; when the two differ there is no paper (ErrUnproved).
//   - A payment that came back stands beside what was paid, on the day on which it came back.
//   - Debts are the sums of their movements until a day; money set aside lies within what is held.
//   - A final account is one of a measure that is over. While something is left to do it says what,
//     and is provisional; once the measure is closed it does not change any more.
//   - Handing over is an act: kind, days, hash of the content, to whom, by what means, when. The
//     hash is that of the paper as the books give it at that moment, and is printed on it. PostgreSQL
//     refuses again (0033): MA140 role, MA141 day, MA142 measure not over, MA143 person dead.
//
// # Decisions (22 November 2026)
//
//   - No day of issue on a paper: it would make two papers of one. The log of what was handed over
//     has that day.
//   - Words of accounting stand on a statement as on a bank's, for proof and for learning; each is
//     explained there.
package papers
