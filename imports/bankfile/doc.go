// Package bankfile reads the statements that a bank sends, and judges them.
//
// It owns the step from bytes to [Statement] and [Line]: what the bank says, exactly, with
// nothing added. It knows no ledger, no database and no beneficiary; the import of a
// statement (unique files, gaps, postings) is the business of package imports.
//
// # Reading
//
//	rd, format, err := bankfile.Open(file)
//	for err == nil {
//		var event bankfile.Event
//		event, err = rd.Next()
//		switch e := event.(type) {
//		case bankfile.LineEvent:
//			stage(e.Line)
//		case bankfile.StatementEnd:
//			// e.Outcome: Accepted, AcceptedWithWarnings or Held, and e.Reasons
//		case bankfile.FileEnd:
//			// only now is the file known to be whole
//		}
//	}
//	// err is io.EOF, or a *FormatError: then keep nothing of the file
//
// One line is in memory at a time, whatever the size of the file; a line takes at most
// 8 MiB. [Check] and [CheckFile] do the same and keep nothing but a [Report]. Behind Reader
// stands one decoder for each format; the first bytes of the content choose it.
//
// # What is read
//
// [Format.Kind] says what the statements of a file are good for:
//
//	Final     camt.053, CFONB 120   what the bank has booked: the only kind to be posted
//	Intraday  camt.052              the day so far: for information
//	Notice    camt.054              details of lines that a final statement books as well
//
// The camt messages are read in every version from 001.02 on: elements are found by their
// names, those that are unknown are passed over, and no order is assumed. The body of the
// message decides what a file is (BkToCstmrStmt), not its name and not its namespace: a
// namespace that is missing or odd is a warning, a wrapper around Document is passed through.
// All else is refused by its real name, so that the user knows which file to fetch.
//
// A statement cut into pages opens, from the second page on, with its first interim balance
// (ITBD) when it repeats no OPBD, and closes, before the last page, with its last interim
// balance when it has no CLBD. The pagination is that of the statement (StmtPgntn, RptPgntn,
// NtfctnPgntn), or that of the message (MsgPgntn, the only one up to .06) when the statement
// lacks a balance. Without pages an interim balance proves nothing.
//
// # CFONB 120
//
// "Relevé de compte", the norm of 2004 with its SEPA qualifiers of 2010, in every shape that was
// met: a record of 120 columns a line, several, or no line break at all; blanks stripped at the
// end of a line, blank lines, end marks; latin-1 or UTF-8; currency and decimals blank in the
// balances; signs as { }, as é è, or small; labels that go on in a 05 without qualifier. A
// record that is none, stands in another order or bears another account than its statement
// refuses the file with line and column, and so does a statement without its 07: what is cut or
// shifted cannot be read.
//
// The IBAN is made of bank, branch and account with the RIB key. The format numbers no
// statement: the days of its two balances stand in ("031126-041126"), and what differs under
// one number is for a person. A 04 is a [Line]; its 05 fill one [Detail], and those without a
// place of their own are kept word for word ([Complement]); Sums.Details counts the 05. A credit
// of code 12, C3 or C5 is a return; a debit that names its payment information and none of its
// transfers is a batch. [Members] reads the files of a ZIP archive.
//
// # Money
//
// The text of an amount is checked by a grammar before anything counts with it
// ([money.ParseExact]): digits, a point, digits, a plus before them at most. A minus, an
// exponent, a comma, a second amount, a child element refuse the file; ".72" and "72." are
// numbers, as XML Schema has them. An element of a foreign namespace never supplies an amount.
// The side is CdtDbtInd alone: RvslInd tells why a line exists, it never turns the sign
// (opening + lines = closing settles that argument). Lines that are pending or informative are
// counted apart and move nothing.
//
// The proof is opening (OPBD, else PRCD) + credits − debits = closing (CLBD), over the
// booked lines. Available balances prove nothing. A report of the day or a notice needs no
// proof; when its balances contradict it, it is held like any other.
//
// # Outcomes
//
//	refused   the file as a whole: not XML, cut, not a statement, an amount, a side or
//	          a date that is none, two numbers of one statement. The rest of such a file cannot be trusted either.
//	held      one statement: does_not_add_up, balance_twice, mixed_currency,
//	          unknown_status, not_in_cents, too_much, no_account, backwards (the old balance is
//	          dated after the new one)
//	accepted_with_warnings
//	          not_eur, not_provable, no_id, no_status, no_booking_date, balance_side,
//	          copy, not_last_page, summary, details_sum, iban (wrong check digits or RIB key),
//	          no_balance_date, outside_period (a line of another day); of CFONB 120: old_sign,
//	          no_decimals; of the file: namespace, foreign_elements
//
// not_eur is a warning here, because the file is a good one; the import holds it. Of what is
// never posted only does_not_add_up and balance_twice hold; what would forbid to post it
// (no_account, mixed_currency, unknown_status, not_in_cents, too_much) is a warning there.
//
// # Bounds
//
// Beside those of package xmlread: 8 MiB and 32 768 transactions and batches in a line, 20 000
// statements in a file, 256 bytes in a number, account or currency of a statement: whoever
// lists the statements of a file keeps these in memory. An organisation has thousands of accounts,
// and ISO 20022 gives such a text 35 characters, a name 140.
//
// # Judges
//
// Three readers that share no code with this one are held against it: encoding/xml (counts and
// sums of any input that is accepted, FuzzAgainstTheStandard), the types of moov-io/iso20022
// ([SecondReader], line by line, also for users), and the reference reader of CFONB in the tests.
//
// # Decisions
//
// 2026-11: validity against the XSD is not asked of banks: two files in three of those met
// are not valid, and what matters for money is checked one by one.
//
// 2026-11: a damaged line refuses the file, not its statement: a bank that writes one
// amount wrong must send the file again, and half a file is what nobody wants to explain.
//
// 2026-11: a balance without CdtDbtInd is read as a credit, with a warning. The sum of the
// lines proves or refutes it; where it refutes it, the statement is held.
//
// 2026-11: in CFONB 120 bytes that are UTF-8 are read as such, all others as Windows-1252, which
// holds latin-1; where two capitals of latin-1 look like UTF-8 the columns no longer fit, and
// the file is refused. An account in Monaco gets a French IBAN, as the format does not tell.
//
// 2026-11: the limits of archives ([DefaultArchiveLimits]) are settings. The directory is judged
// before anything is unpacked, and no file gives more bytes than it says there: a bomb has to
// lie, and a lie ends in a damaged file.
//
// 2026-11: the day of a DtTm is the day that the bank wrote, whatever its zone.
//
// 2026-11: the types of moov-io/iso20022 carry amounts as floating-point numbers and one
// version of each message; they serve as a second opinion, with the text of each amount in
// the place of the number, and nothing is ever imported through them.
//
// 2026-11: the transactions of a batch stay together in their Line, so that its receiver sees
// whether they make up the line before it takes any of them apart.
package bankfile
