package worklist

import (
	"fmt"

	"masp/ledger/civil"
)

// StatementLate: the bank's next statement of an account is not here on its day.
const StatementLate = "STATEMENT_LATE"

// DefaultDelay is the banking days after the day of a statement within which the next one of its
// account is here, where the organisation has not set another number.
const DefaultDelay = 2

const defaultDelay = "2" // as SQL writes it

// maxDelay is the longest delay in banking days: an account may have a statement every quarter.
const maxDelay = 60

// Due is what an account waits for.
type Due struct {
	Account  string     `json:"account"`  // reference of the bank account
	Last     civil.Date `json:"last"`     // of the last accepted statement; zero: none came
	Expected civil.Date `json:"expected"` // the day on which the next one is here at the latest
	Days     int        `json:"days"`     // the delay, in banking days
	Late     bool       `json:"late"`
}

// dueAfter says what an account waits for that was opened, or whose last statement closed, on a
// day. A statement that comes on the expected day is in time.
func dueAfter(account string, last, opened civil.Date, days int, today civil.Date) Due {
	from := last
	if last.IsZero() {
		from = opened
	}
	expected := civil.AddTARGET(from, days)
	return Due{Account: account, Last: last, Expected: expected, Days: days, Late: today.After(expected)}
}

// lateSince is the last day from which a delay of some banking days is over today.
func lateSince(days int, today civil.Date) civil.Date {
	from := today
	for !today.After(civil.AddTARGET(from, days)) {
		from = from.AddDays(-1)
	}
	return from
}

// French says it in one line: « Dernier relevé : mardi 18/11, attendu : jeudi 20/11 ».
func (d Due) French() string {
	if d.Last.IsZero() {
		return "Aucun relevé reçu, attendu : " + dayOfWeek(d.Expected)
	}
	return "Dernier relevé : " + dayOfWeek(d.Last) + ", attendu : " + dayOfWeek(d.Expected)
}

// alert is a statement that is late as people read it.
func (d Due) alert(today civil.Date) Alert {
	return Alert{
		On: today, Code: StatementLate, Subject: d.Account,
		Text:    d.French() + ". Demandez le fichier à la banque, ou voyez pourquoi il n'arrive pas (masp import status).",
		Source:  fmt.Sprintf("%s %s %s", StatementLate, d.Account, d.Expected),
		Details: map[string]string{"account": d.Account, "expected": d.Expected.String()},
	}
}

var frenchDays = [...]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}

// dayOfWeek is « mardi 18/11 ».
func dayOfWeek(d civil.Date) string {
	return fmt.Sprintf("%s %02d/%02d", frenchDays[d.Weekday()], d.Day(), int(d.Month_()))
}
