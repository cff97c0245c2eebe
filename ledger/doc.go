// Package ledger keeps the books: accounts, journal entries, postings, balances, account
// statements, monthly closings, and the proof that nothing of it was changed.
//
// # Rules
//
//   - A posting is a pair: debit account, credit account, a positive amount in cents. An entry that
//     does not balance cannot be written down, in Go or in PostgreSQL.
//   - The books are only added to. A mistake is corrected by a reversal, once per entry.
//   - Nobody's funds (467) and no transit (580) are ever in debit: not after any line of any batch,
//     under any concurrency.
//   - Entries are numbered 1, 2, 3 … in all and in each journal, without a gap. So are the lines of
//     each account, with the balance after each.
//   - Each entry has a unique source. The same source with the same content is stored once; with
//     other content it is refused. See contentOf for what content is.
//   - Posting days never go back and are never in the future nor in a closed month. What happened
//     earlier is posted today with the earlier day as BookedOn or ValueOn.
//
// # Writing
//
// [Ledger.PostTx] joins the caller's transaction with one entry or thousands; [Ledger.Post] has its
// own and shares the commit with whoever posts at the same time. Both do the same:
//
//  1. masp.lock_books takes the one lock of the books (the row of chain_heads) and then reads what
//     is needed. READ COMMITTED and lock first: with an older snapshot a lock protects nothing
//     (MA008 refuses it).
//  2. Go decides: numbers, balance after each line, floors, the hash of each entry.
//  3. masp.post_batch writes everything in a few set-based statements, counts the balances itself
//     and verifies numbers, lines and floors once more. It believes nothing that Go decided.
//
// The order of locks in a transaction is: rows of the caller, the books, the log of acts (package
// audit). One lock for the books means one posting transaction at a time; grouping makes up for it
// (bench in ledger/ledgerbench).
//
// # Walls in PostgreSQL
//
// The application role may read the tables and call the functions above (SECURITY DEFINER), nothing
// else. Every table refuses every change that does not come from its function, for the owner too, by
// a statement trigger that looks at the call stack (masp.only_by_door). We prefer it to a row
// trigger: it also sees TRUNCATE and changes that hit no row, and costs nothing per row; and to a
// setting of the session, which anyone could set. Error classes:
//
//	MA001  change or removal of what is only added to
//	MA002  row written beside its function
//	MA003  batch that does not continue the head, the numbers of a journal, or the clock
//	MA004  posting day in a closed month
//	MA005  posting day before the last one or after today
//	MA006  lines of an entry not 1…line_count, or no hub account
//	MA007  lines of an account that do not continue it
//	MA008  transaction not READ COMMITTED
//	MA009  reversal that does not mirror its entry
//	MA018  month closed or reopened out of turn
//	MA070  entry dated in a locked day of its bank account (migration 0023)
//	23514  balance_not_below_floor, posting_positive, posting_between_two_accounts, kind_is_known …
//	23505  entry_source_once, entry_number_once, entry_number_once_in_journal, entry_reversed_once,
//	       posting_line_once, debit_line_once, credit_line_once …
//
// A superuser, or an owner who first drops the triggers, can still change rows; Verify finds it.
//
// # The chain
//
// Each entry has a leaf: the hash of all its columns and of all columns of its postings, with the codes
// of the accounts (record.go, package chain). A batch is sealed by the Merkle root of its leaves and
// by head = hash(previous head, batch, first, last, root, time), which the database computes. The
// personal text of an entry (its label) is kept in entry_texts and only committed to with a salt,
// so that it can be erased one day without breaking the chain. Days are hashed as days since 1970,
// instants as microseconds since 1970 UTC.
//
// Where a person's texts were erased (package payments/privacy), masp.erasures keeps what of a proof no
// longer holds and the hash of what was left there (masp.left_at): Verify sets such a finding aside
// while the hash is right, counts it in Report.Erased, and finds ERASED_CHANGED when it is not.
//
// The chain does not see that its end was cut off: print [Ledger.Head] outside the house and give
// it to Verify.
//
// # Hub
//
// The postings of an entry share the account on one side, the hub: one 512 against many 467.
// Statements, exports and the view masp.posting_lines show the hub as one summed line. When both sides
// are shared, a bank account is the hub, else the debit account.
//
// # Balance at a day
//
// Posting days and line numbers of an account rise together, so masp.account_seq_on finds the last
// line of a day by binary search over a unique index. There is no checkpoint to keep right.
//
// # Decisions
//
//   - 2026-11: accounts are numbered and opened by the batch that first posts to them, so that an
//     account without postings is a fault.
//   - 2026-11: an entry posted without a day gets the day of the database's clock.
//   - 2026-11: a reversal keeps the bank's dates of its entry: the agreement with the bank, day by
//     day, is corrected where it was wrong.
//   - 2026-11: closings are acts of the audit log and rows of masp.closings; each proves the other.
package ledger
