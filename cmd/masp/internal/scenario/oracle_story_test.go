package scenario_test

// What a story says, as the file writes it.
type (
	oStory struct {
		Scenario string         `json:"scenario"`
		Opening  string         `json:"opening_date"`
		AsOf     string         `json:"as_of"`
		Banks    []oBank        `json:"bank_accounts"`
		Mandates []oMandate     `json:"mandates"`
		Payees   []oPayee       `json:"payees"`
		Debts    []oDebt        `json:"debts"`
		Expected []oExpectation `json:"expected_benefits"`
		Events   []oEvent       `json:"events"`
	}
	oBank struct {
		Code  string `json:"code"`
		IBAN  string `json:"iban"`
		Owner string `json:"owner"`
		Model string `json:"model"`
	}
	oMandate struct {
		ID          string    `json:"id"`
		Beneficiary string    `json:"beneficiary"`
		Department  string    `json:"department"`
		Level       string    `json:"level"`
		Contract    oContract `json:"contract"`
		Bank        string    `json:"bank"`
		Opening     int64     `json:"opening_cents"`
		Reserve     int64     `json:"opening_reserve_cents,omitempty"`
		Benefits    []string  `json:"authorised_benefits"`
		Policy      oPolicy   `json:"policy"`
	}
	oContract struct {
		Start string `json:"start"`
		End   string `json:"end"`
	}
	oPolicy struct {
		Order     []string `json:"class_order"`
		Senior    []string `json:"senior_classes"`
		Partial   []string `json:"partial_classes"`
		Floor     int64    `json:"living_floor_cents"`
		Shortfall string   `json:"shortfall_policy"`
	}
	oPayee struct {
		ID   string `json:"id"`
		Name string `json:"name"`
		IBAN string `json:"iban"`
		Kind string `json:"kind"`
	}
	oDebt struct {
		ID          string `json:"id"`
		Mandate     string `json:"mandate"`
		Creditor    string `json:"creditor"`
		Kind        string `json:"kind"`
		Outstanding int64  `json:"outstanding_cents"`
		Recovery    string `json:"recovery,omitempty"`
		Instalment  int64  `json:"instalment_cents,omitempty"`
		ContestedOn string `json:"contested_on,omitempty"`
		BornBefore  string `json:"born_before,omitempty"`
	}
	oExpectation struct {
		Mandate string `json:"mandate"`
		Benefit string `json:"benefit"`
		Period  string `json:"period"`
		Amount  int64  `json:"amount_cents"`
		On      string `json:"expected_on"`
	}
	oEvent struct {
		Type       string            `json:"type"`
		Date       string            `json:"date"`
		ID         string            `json:"id,omitempty"`
		Bank       string            `json:"bank,omitempty"`
		Payer      string            `json:"payer,omitempty"`
		Reference  string            `json:"reference,omitempty"`
		Amount     int64             `json:"amount_cents,omitempty"`
		Breakdown  []oPart           `json:"breakdown,omitempty"`
		CreditRef  string            `json:"credit_ref,omitempty"`
		Mandate    string            `json:"mandate,omitempty"`
		Benefit    string            `json:"benefit,omitempty"`
		Period     string            `json:"period,omitempty"`
		Debt       string            `json:"debt,omitempty"`
		Mandates   []string          `json:"mandates,omitempty"`
		Lines      *[]oLine          `json:"lines,omitempty"`
		Remittance map[string]oRemit `json:"remittance,omitempty"`
		Status     string            `json:"status,omitempty"`
		Adjustment map[string]any    `json:"adjustment,omitempty"`
		Payment    string            `json:"payment,omitempty"`
		Reason     string            `json:"reason,omitempty"`
		Sub        string            `json:"sub,omitempty"`
		Payee      string            `json:"payee,omitempty"`
		KnownOn    string            `json:"known_on,omitempty"`
		Died       string            `json:"date_of_death,omitempty"`
	}
	oPart struct {
		Mandate *string `json:"mandate"`
		Benefit *string `json:"benefit"`
		Period  *string `json:"period"`
		Amount  int64   `json:"amount_cents"`
	}
	oLine struct {
		ID      string   `json:"id"`
		Mandate string   `json:"mandate,omitempty"`
		Class   string   `json:"class"`
		Payee   *string  `json:"payee"`
		Due     int64    `json:"due_cents"`
		Label   string   `json:"label"`
		Debt    *string  `json:"debt,omitempty"`
		Block   string   `json:"block,omitempty"`
		Reissue string   `json:"reissue_of,omitempty"`
		Shares  []oShare `json:"shares,omitempty"`
	}
	oShare struct {
		Mandate string `json:"mandate"`
		Weight  int64  `json:"weight"`
	}
	oRemit struct {
		Payee string   `json:"payee"`
		Dates []string `json:"dates"`
	}
)
