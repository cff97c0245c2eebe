package admin

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"time"

	"masp/api/auth"
	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// chosen is what the organisation has chosen, as the page shows it.
type chosen struct {
	Name, Siren   string
	OpenedOn      civil.Date `json:"opened_on"`
	InProduction  bool       `json:"in_production"`
	IBANHoldHours int        `json:"iban_hold_hours"`
	Runs          struct {
		Amount        money.Amount
		Percent, Days int
	}
	Second struct {
		From, Transfer, Payee, Day money.Amount
	} `json:"second_approval"`
	SuspenseDays int `json:"suspense_days"`
	Tolerances   []tolerance
	Payers       []payer       `json:"payer_calendars"`
	Accounts     []bankAccount `json:"bank_accounts"`
	Retention    struct {
		ActiveMonths int `json:"active_months"`
		AccountYears int `json:"account_years"`
		OtherYears   int `json:"other_years"`
	}
	Changes []settingChange
}

// Told says which decided change a campaign tells.
func (c chosen) Told() string {
	switch r := c.Runs; {
	case r.Amount.IsZero() && r.Percent == 0:
		return "Toujours signalé"
	case r.Percent == 0:
		return "Signalé au-delà de " + r.Amount.French()
	case r.Amount.IsZero():
		return fmt.Sprintf("Signalé au-delà de %d\u00a0%%", r.Percent)
	default:
		return fmt.Sprintf("Signalé s'il dépasse à la fois %s et %d\u00a0%%", r.Amount.French(), r.Percent)
	}
}

// TwoSignatures says from which amounts on two persons sign.
func (c chosen) TwoSignatures() (said []string) {
	for _, of := range []struct {
		from money.Amount
		what string
	}{
		{c.Second.From, "une campagne"},
		{c.Second.Transfer, "un virement"},
		{c.Second.Payee, "un destinataire en un jour"},
		{c.Second.Day, "tout ce qui part en un jour"},
	} {
		if of.from.IsPositive() {
			said = append(said, "À partir de "+of.from.French()+" pour "+of.what)
		}
	}
	return said
}

type tolerance struct {
	Benefit string
	Amount  money.Amount
	Days    int
}

const otherBenefits = "others"

// Title says of what the tolerance is.
func (t tolerance) Title() string {
	if t.Benefit == otherBenefits {
		return "Toutes les autres prestations"
	}
	return t.Benefit
}

// Path is where it is changed.
func (t tolerance) Path() string {
	return settingsPath + "/tolerance?" + url.Values{"prestation": {t.Benefit}}.Encode()
}

type payer struct {
	Payer     string
	Calendars []calendar
}

// Path is where a calendar of the payer is added.
func (p payer) Path() string { return calendarPath(p.Payer, calendar{}) }

type calendar struct {
	Benefit     string
	ThirdParty  bool `json:"third_party"`
	Day         int
	MonthsAfter int `json:"months_after"`
	Shift       string
}

func calendarPath(payer string, c calendar) string {
	q := url.Values{"organisme": {payer}}
	if c.Benefit != "" {
		q.Set("prestation", c.Benefit)
	}
	if c.ThirdParty {
		q.Set("bailleur", "oui")
	}
	return settingsPath + "/calendrier?" + q.Encode()
}

// CalendarPath is where one of them is changed.
func (p payer) CalendarPath(c calendar) string { return calendarPath(p.Payer, c) }

// Title says what is paid on that day.
func (c calendar) Title() string {
	title := "Tout ce qui n'a pas son propre jour"
	if c.Benefit != "" {
		title = c.Benefit
	}
	if c.ThirdParty {
		title += ", versé au bailleur"
	}
	return title
}

var (
	monthsAfter = [...]string{"du mois même", "du mois suivant", "deux mois après", "trois mois après"}
	shifts      = map[string]string{
		"AFTER":           "le jour ouvré suivant",
		"BEFORE":          "le jour ouvré d'avant",
		"SATURDAY_BEFORE": "la veille d'un samedi, le lendemain d'un dimanche ou d'un jour férié",
	}
)

// Sentence is the day: "le 5 du mois suivant ; sinon le jour ouvré suivant".
func (c calendar) Sentence() string {
	if c.MonthsAfter < 0 || c.MonthsAfter >= len(monthsAfter) {
		return ""
	}
	return fmt.Sprintf("le %d %s ; si c'est fermé, %s", c.Day, monthsAfter[c.MonthsAfter], shifts[c.Shift])
}

// bankAccount is an account of the association.
type bankAccount struct {
	Account string `json:"bank_account"`
	IBAN    string
	Holder  string
	Pain    string `json:"pain_version"`
	Days    int    `json:"statement_days"`
}

// Query names the account in the address of a form.
func (b bankAccount) Query() string { return "?" + url.Values{"compte": {b.Account}}.Encode() }

// settingChange is who has changed what.
type settingChange struct {
	At                     time.Time
	By, Action, Of, Reason string
}

var settingNames = map[string]string{
	"exceptions.settings":          "Ce que signale une campagne",
	"organisation.second_approval": "Deux signatures",
	"organisation.suspense_days":   "Délai des lignes sans explication",
	"front_door.set":               "Comment nous joindre",
	"retention.set":                "Durées de conservation",
	"tolerance.set":                "Tolérance",
	"calendar.set":                 "Jours de versement",
	"bank_account.pain_version":    "Format des virements",
	"statement.expect":             "Délai des relevés de banque",
}

// What is the setting, and of whom when it has several.
func (c settingChange) What() string {
	name := settingNames[c.Action]
	if slices.Contains([]string{"tolerance.set", "calendar.set", "bank_account.pain_version", "statement.expect"}, c.Action) {
		if c.Of == "all" {
			return name + ", autres prestations"
		}
		return name + ", " + c.Of
	}
	return name
}

const settingsPath = "/reglages"

// settingsPage is all settings, and which of them the reader may change.
type settingsPage struct {
	chosen
	Can map[string]bool
}

func showSettings(ctx context.Context, v *pages.Visit) error {
	var data settingsPage
	if err := v.Read(ctx, "/v1/settings", &data.chosen); err != nil {
		return err
	}
	data.Can = map[string]bool{"contact": v.May(auth.WriteSettings)}
	for _, s := range settingForms {
		data.Can[s.Slug] = s.may(v)
	}
	return v.Show("admin_reglages.html", pages.Sheet{Title: "Réglages", Data: data})
}
