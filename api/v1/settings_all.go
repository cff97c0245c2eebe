package v1

import (
	"context"
	"time"

	"masp/api"
	"masp/imports/inbox"
	"masp/ledger/civil"
	"masp/ledger/unit"
	"masp/payments/mandates"
	"masp/payments/privacy"
)

// settingsView is a SettingsView of the contract: what the organisation has chosen, on one sheet, and who has
// changed it.
type settingsView struct {
	Name          string           `json:"name"`
	Siren         string           `json:"siren,omitempty"`
	OpenedOn      civil.Date       `json:"opened_on"`
	InProduction  bool             `json:"in_production"`
	IBANHoldHours int              `json:"iban_hold_hours"`
	Runs          runSettings      `json:"runs"`
	Second        secondApproval   `json:"second_approval"`
	SuspenseDays  int              `json:"suspense_days"`
	Tolerances    []tolerance      `json:"tolerances"`
	Payers        []payerCalendars `json:"payer_calendars"`
	Accounts      []houseAccount   `json:"bank_accounts"`
	Retention     privacy.Times    `json:"retention"`
	Changes       []settingChange  `json:"changes"`
}

// houseAccount is an account of the association: one of a person is no setting.
type houseAccount struct {
	Account string `json:"bank_account"`
	IBAN    string `json:"iban"`
	Holder  string `json:"holder"`
	Pain    string `json:"pain_version"`
	Days    int    `json:"statement_days"`
}

// settingChange is one act on a setting.
type settingChange struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Action string    `json:"action"`
	Of     string    `json:"of"`
	Reason string    `json:"reason,omitempty"`
}

const changesShown = 50

func (h *House) getSettings(ctx context.Context, _ *api.Call) (api.Answer, error) {
	var w settingsView
	for _, read := range []func(context.Context, *settingsView) error{
		h.chosenOfRuns, h.chosenOfBenefits, h.chosenOfAccounts,
	} {
		if err := read(ctx, &w); err != nil {
			return api.Answer{}, err
		}
	}
	return api.Answer{Body: w}, nil
}

// chosenOfRuns reads whose books these are, and what holds for runs and for what nobody knows yet.
func (h *House) chosenOfRuns(ctx context.Context, w *settingsView) error {
	o, err := h.Mandates.Organisation(ctx)
	if err != nil {
		return err
	}
	w.Name, w.Siren, w.OpenedOn, w.InProduction, w.IBANHoldHours = o.Name, o.Siren, o.OpenedOn, o.InProduction, o.IBANHoldHours
	runs, err := h.Payments.Settings(ctx)
	if err != nil {
		return err
	}
	w.Runs = runSettings{Amount: runs.ChangeCents, Percent: runs.ChangePercent, Days: runs.EndingDays}
	if w.Second, err = h.secondApproval(ctx); err != nil {
		return err
	}
	if w.SuspenseDays, err = h.Imports.SuspenseDays(ctx); err != nil {
		return err
	}
	w.Retention, err = h.privacy().Times(ctx)
	return err
}

// chosenOfBenefits reads what holds for benefits and for who pays them.
func (h *House) chosenOfBenefits(ctx context.Context, w *settingsView) error {
	tolerances, err := h.Mandates.Tolerances(ctx)
	if err != nil {
		return err
	}
	w.Tolerances = make([]tolerance, len(tolerances))
	for i, t := range tolerances {
		w.Tolerances[i] = toleranceOf(t)
	}
	all, err := h.Mandates.Calendars(ctx)
	for _, payer := range mandates.Payers() {
		w.Payers = append(w.Payers, calendarsOf(payer, all))
	}
	return err
}

// chosenOfAccounts reads the accounts of the association, and who has changed what.
func (h *House) chosenOfAccounts(ctx context.Context, w *settingsView) (err error) {
	if w.Accounts, err = readHouseAccounts(ctx, unit.Reader(ctx, h.DB)); err != nil {
		return err
	}
	delays, err := h.Worklist.Statements(ctx)
	if err != nil {
		return err
	}
	for i, a := range w.Accounts {
		for _, d := range delays {
			if d.Account == a.Account {
				w.Accounts[i].Days = d.Days
			}
		}
	}
	w.Changes, err = readSettingChanges(ctx, unit.Reader(ctx, h.DB), changesShown)
	return err
}

func (h *House) getRetentionTimes(ctx context.Context, _ *api.Call) (api.Answer, error) {
	times, err := h.privacy().Times(ctx)
	return api.Answer{Body: times}, err
}

func (h *House) putRetentionTimes(ctx context.Context, c *api.Call) (api.Answer, error) {
	var to privacy.Times
	if err := c.Read(&to); err != nil {
		return api.Answer{}, err
	}
	if err := h.privacy().SetTimes(ctx, c.Who, to); err != nil {
		return api.Answer{}, err
	}
	return h.getRetentionTimes(ctx, c)
}

const jobRunsShown = 50

// getJobs tells how the jobs of the service stand, and what their last runs did.
func (h *House) getJobs(ctx context.Context, _ *api.Call) (api.Answer, error) {
	store := &inbox.Store{DB: h.DB}
	jobs, err := store.Jobs(ctx)
	if err != nil {
		return api.Answer{}, err
	}
	runs, err := store.Runs(ctx, jobRunsShown)
	if err != nil {
		return api.Answer{}, err
	}
	w := jobsView{Jobs: []jobView{}, Runs: []jobRun{}}
	for _, j := range jobs {
		w.Jobs = append(w.Jobs, jobView(j))
	}
	for _, r := range runs {
		w.Runs = append(w.Runs, jobRun{r.Job, r.Started, r.Ended, r.Outcome, r.Taken, r.Held, r.Refused, r.Failed, r.Error, r.Times})
	}
	return api.Answer{Body: w}, nil
}

// jobsView is a JobsView of the contract.
type jobsView struct {
	Jobs []jobView `json:"jobs"`
	Runs []jobRun  `json:"runs"`
}

type jobView struct {
	Job       string     `json:"job"`
	Running   bool       `json:"running"`
	Succeeded *time.Time `json:"last_success,omitempty"`
	DoneUpTo  *time.Time `json:"done_up_to,omitempty"`
	Failing   string     `json:"failing,omitempty"`
}

type jobRun struct {
	Job     string     `json:"job"`
	Started time.Time  `json:"started"`
	Ended   *time.Time `json:"ended,omitempty"`
	Outcome string     `json:"outcome"`
	Taken   int        `json:"taken"`
	Held    int        `json:"held"`
	Refused int        `json:"refused"`
	Failed  int        `json:"failed"`
	Error   string     `json:"error,omitempty"`
	Times   int        `json:"times"`
}
