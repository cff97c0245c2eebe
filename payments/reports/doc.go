// Package reports says in figures what was done: for the Département, its auditors, the board.
//
// A [Report] is figures and tables, and prints itself: JSON for programs, csv-fr for a spreadsheet, and a
// paper (HTML, PDF, text). It is made from one snapshot through unit.Reader: who sees a part gets the
// report of his part.
//
// # Where each figure comes from
//
//	priority    run_lines (what was asked), instructions and instruction_covers (what left), mandate_terms
//	            (order, floor, STOP or SKIP), dues (rents of the month that a run left out), run_acts (when
//	            it was signed). The rules are those of and decision 1,
//	            written here once more: nothing is shared with the allocation that proposed the runs.
//	late_rents  dues of classes RENT and RENTAL_CHARGE; paid on the day on which the bank executed the
//	            transfer that completed them (instructions.settled_on, else execute_on).
//	arrears     at the start: opening movements of debts RENT_ARREARS born by the first day of the measure;
//	            at the end: all movements of debts RENT_ARREARS until that day, and unpaid rents in progress.
//	activity    R-133: diagnostics and supports that were noted (migration 0038); a mandate is a support of
//	            kind MASP. R-134: visits, against those agreed for each month of a support. R-136: dues,
//	            debt_movements, authorised_benefits, ends of measures.
//	masp        R-135: mandates, amendments (their level on a day), beneficiaries (age), authorised_benefits.
//
// # Rules
//
//   - A rent that the law holds (paid by a third party, contested, over-indebtedness) counts as settled for
//     the priority; one that waits for an IBAN does not.
//   - What was withdrawn after the signature by an act with a reason is judged as it was signed: a rent had
//     its turn, and money that did not leave went to nobody.
//   - Under STOP nothing is paid below a line that money did not reach. What a hand, the person or an IBAN
//     holds stops nobody.
//   - A rent in progress is no arrear; a plan's instalment is no rent.
//   - The stock of a year is that of the year before, with the entries, without the exits.
//   - Activity is noted by a coordinator, or a program, with a reference of the organisation's own and no
//     name; PostgreSQL refuses again: MA174 role, MA175 what contradicts earlier notes, MA176 the future.
//
// # Decisions (22 November 2026)
//
//   - Rent on time is said twice: by the day of the lease, and within the month, because benefits
//     come on the 5th and many leases ask for the 1st. The rate is of months of persons.
//   - A supported household without a mandate has no file here: three small registers are enough to count,
//     and hold nobody's name. So the visits of a mandate are not counted here.
//   - The type of household is in no file, so the yearly data say that it is missing.
package reports
