package worklist

import (
	"fmt"
	"strconv"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// The codes of the deadlines. Each is true or not on a day: it is raised when it becomes true, and
// closed by itself when it no longer is.
const (
	// ContractEnds: the contract ends in 90, 60, then 30 days and no signed renewal follows.
	ContractEnds = "CONTRACT_ENDS"
	// MoneyNotPassedOn: restricted or restitution money waits beyond two banking days.
	MoneyNotPassedOn = "MONEY_NOT_PASSED_ON"
	// BalanceNotReturned: 30 days after the end the balance is still here.
	BalanceNotReturned = "BALANCE_NOT_RETURNED"
	// NoCredit: a measure of more than 45 days that has received nothing.
	NoCredit = "NO_CREDIT"
	// PayerChangeUnconfirmed: a payer was asked 45 days ago and has not confirmed.
	PayerChangeUnconfirmed = "PAYER_CHANGE_UNCONFIRMED"
	// RentUnpaidTwoMonths: rent or charges of two months or more are not paid in full (L271-5).
	RentUnpaidTwoMonths = "RENT_UNPAID_TWO_MONTHS"
	// PlanBreached: an instalment of a plan for rent arrears is not paid on its day.
	PlanBreached = "PLAN_BREACHED"
	// SuspenseNear: an unidentified line is late in a week or less, by the delay of the organisation.
	SuspenseNear = "SUSPENSE_NEAR"
	// SuspenseLate: that delay has gone by.
	SuspenseLate = "SUSPENSE_LATE"
)

// bankingDays is how long money that may not be managed may stay.
const bankingDays = 2

// fact is something that is true today and that somebody must be told.
type fact struct {
	mandate, subject string
	amount           money.Amount
	since            civil.Date        // the day that the deadline counts from, or to
	key              string            // tells it from every other fact of its code and mandate
	details          map[string]string // for programs
}

// deadline is one rule of the calendar.
type deadline struct {
	code string
	// query answers the facts of today ($1).
	query string
	// waits tells what the query cannot know: whether it is too early to tell; nil: never.
	waits func(f fact, today civil.Date) bool
	text  func(f fact, today civil.Date) string // French
}

// alert is the fact as people read it.
func (d deadline) alert(f fact, today civil.Date) Alert {
	return Alert{
		On: today, Code: d.code, Mandate: f.mandate, Subject: f.subject, Amount: f.amount,
		Text: d.text(f, today), Source: d.code + " " + f.mandate + " " + f.key, Details: f.details,
	}
}

// deadlines are the rules, in the order in which they are told.
var deadlines = []deadline{
	{code: ContractEnds, query: contractsThatEnd, text: func(f fact, today civil.Date) string {
		return fmt.Sprintf("Le contrat finit le %s, dans %s : évaluez la mesure et faites signer la suite, sinon elle s'arrête.",
			f.since.French(), days(f.since.DaysSince(today)))
	}},
	{code: MoneyNotPassedOn, query: moneyThatWaits, waits: withinBankingDays, text: func(f fact, _ civil.Date) string {
		return fmt.Sprintf("%s à reverser en entier attendent depuis le %s : deux jours ouvrés sont passés.",
			f.amount.French(), f.since.French())
	}},
	{code: BalanceNotReturned, query: balancesToReturn, text: func(f fact, today civil.Date) string {
		return fmt.Sprintf("La mesure est finie depuis %s et %s restent à rendre à la personne.",
			days(today.DaysSince(f.since)), f.amount.French())
	}},
	{code: NoCredit, query: mandatesWithoutCredit, text: func(f fact, today civil.Date) string {
		return fmt.Sprintf("Mesure en cours depuis %s et aucune prestation n'est arrivée : demandez aux payeurs où ils versent.",
			days(today.DaysSince(f.since)))
	}},
	{code: PayerChangeUnconfirmed, query: payersWithoutAnswer, text: func(f fact, today civil.Date) string {
		return fmt.Sprintf("%s n'a pas confirmé le changement de compte demandé il y a %s : relancez.",
			f.subject, days(today.DaysSince(f.since)))
	}},
	{code: RentUnpaidTwoMonths, query: rentOfTwoMonths, text: func(f fact, _ civil.Date) string {
		return fmt.Sprintf("%s mois de loyer ou de charges impayés, en tout %s : FSL, CCAPEX, Département.",
			f.details["months"], f.amount.French())
	}},
	{code: PlanBreached, query: plansBreached, text: func(f fact, _ civil.Date) string {
		return fmt.Sprintf("%s : la mensualité du %s n'est pas payée (%s). Appelez le bailleur aujourd'hui.",
			f.subject, f.since.French(), f.amount.French())
	}},
	{code: SuspenseNear, query: suspenseNear, text: func(f fact, today civil.Date) string {
		return fmt.Sprintf("Ligne %s : %s à identifier d'ici au %s (%s). %s",
			f.details["line"], f.amount.French(), f.since.French(), days(f.since.DaysSince(today)), ownerOf(f))
	}},
	{code: SuspenseLate, query: suspenseLate, text: func(f fact, _ civil.Date) string {
		return fmt.Sprintf("Ligne %s : %s devaient être identifiés avant le %s. %s "+
			"Identifiez-la ou rendez l'argent à l'expéditeur (masp suspense return).",
			f.details["line"], f.amount.French(), f.since.French(), ownerOf(f))
	}},
}

// ownerOf says who looks after an unidentified line.
func ownerOf(f fact) string {
	if f.details["owner"] == "" {
		return "Personne ne s'en occupe (masp suspense take)."
	}
	return "Suivie par " + f.details["owner"] + "."
}

// withinBankingDays is true while money that came may still leave in time.
func withinBankingDays(f fact, today civil.Date) bool {
	return !civil.AddTARGET(f.since, bankingDays).Before(today)
}

// days is a number of days in French.
func days(n int) string {
	if n < 2 {
		return strconv.Itoa(n) + " jour"
	}
	return strconv.Itoa(n) + " jours"
}
