// Package civil owns days: a [Date] is a day of the calendar with no clock and no zone, a [Month]
// is a month of a year, and the TARGET calendar says on which days euros move between banks.
//
// # Rules
//
//   - The zero value of Date and of Month is "none": it prints as nothing, is NULL in the database,
//     sorts before every day, and arithmetic on it gives none again. Days run from 1 January of
//     year 1 to 31 December 9999; arithmetic that leaves them panics.
//   - Text is exactly 2006-01-02 (and 2006-01), digit by digit, with a day that exists.
//   - Adding months clamps to the end of the month: 31 January plus one month is 28 or 29 February.
//     A due day 31 stays 31 when each month is computed from it ([Month.Day]) and not from the
//     month before.
//   - An instant becomes a day only with a zone ([FromTime]); the association lives in [Paris].
//     Nothing else depends on a zone, nor on the one of the machine.
//
// # TARGET
//
// Closed on Saturdays, Sundays, 1 January, Good Friday, Easter Monday, 1 May, 25 and 26 December
// . French holidays such as 14 July are open. The rules hold since 2002; earlier days are
// answered by them all the same. github.com/rickar/cal/v2 supplies the holidays.
package civil
