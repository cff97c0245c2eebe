package person

import (
	"html/template"
	"strings"
	"time"

	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// speech writes what a person reads: of a day, with amounts shown or hidden.
type speech struct {
	day    civil.Date
	hidden bool
}

// covered stands for an amount that is hidden.
const covered = "•••\u00a0€"

func (s speech) euros(a money.Amount) string {
	if s.hidden {
		return covered
	}
	return a.French()
}

// on is a day as one says it: "hier", "demain", "le 5 novembre".
func (s speech) on(d civil.Date) string {
	switch d {
	case s.day:
		return "aujourd'hui"
	case s.day.AddDays(-1):
		return "hier"
	case s.day.AddDays(1):
		return "demain"
	}
	return "le " + pages.Day(d)
}

// looked says when the account was looked at.
func (s speech) looked(at time.Time) string {
	if at.IsZero() {
		return "Nous n'avons pas encore regardé votre compte."
	}
	day, hour := civil.FromTime(at, civil.Paris), at.In(civil.Paris).Hour()
	when := pages.Weekday(day)
	switch {
	case day == s.day && hour < noon:
		when = "ce matin"
	case day == s.day:
		when = "aujourd'hui"
	case day == s.day.AddDays(-1):
		when = "hier"
	}
	return "Nous avons regardé votre compte " + when + ", à " + pages.Hour(at) + "."
}

const noon = 12

// since is a day that has passed: by its name when it is of the last week.
func (s speech) since(d civil.Date) string {
	if d.AddDays(len("semaine")).Before(s.day) {
		return "le " + pages.Day(d)
	}
	name, _, _ := strings.Cut(pages.Weekday(d), " ")
	return name
}

// payers are who pays benefits, as one says it.
var payers = map[string]string{
	"CAF": "la CAF", "MSA": "la MSA", "CPAM": "l'Assurance maladie", "CARSAT": "la caisse de retraite",
	"CNAV": "la caisse de retraite", "DEPARTEMENT": "le Département",
}

func payer(code string) string {
	if name, ok := payers[code]; ok {
		return name
	}
	return "votre caisse"
}

// monthOf is a month after « de »: "d'octobre", "de novembre".
func monthOf(m civil.Month) string {
	name, _, _ := strings.Cut(m.French(), " ")
	if strings.ContainsRune("ao", []rune(name)[0]) {
		return "d'" + name
	}
	return "de " + name
}

// helper is who helps a person, as a sentence names her.
type helper struct{ name string }

func helperOf(full string) helper {
	name, _, _ := strings.Cut(full, " ")
	return helper{name}
}

func (h helper) handles() string {
	if h.name == "" {
		return "Nous nous en occupons."
	}
	return h.name + " s'en occupe."
}

func (h helper) calls() string {
	if h.name == "" {
		return "Nous vous appelons."
	}
	return h.name + " vous appelle."
}

func (h helper) explains() string {
	if h.name == "" {
		return "Nous pouvons vous expliquer."
	}
	return h.name + " peut expliquer."
}

func (h helper) reached() string {
	if h.name == "" {
		return "Appelez-nous."
	}
	return "Appelez " + h.name + "."
}

// dial is a number as a telephone dials it.
func dial(phone string) template.URL {
	digits := strings.Map(func(r rune) rune {
		if r == '+' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, phone)
	return template.URL("tel:" + digits) //nolint:gosec // G203: digits alone
}
