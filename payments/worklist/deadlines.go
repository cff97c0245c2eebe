package worklist

// The codes of the deadlines.
const (
	ContractEnds           = "CONTRACT_ENDS"
	MoneyNotPassedOn       = "MONEY_NOT_PASSED_ON"
	BalanceNotReturned     = "BALANCE_NOT_RETURNED"
	NoCredit               = "NO_CREDIT"
	PayerChangeUnconfirmed = "PAYER_CHANGE_UNCONFIRMED"
	RentUnpaidTwoMonths    = "RENT_UNPAID_TWO_MONTHS"
	PlanBreached           = "PLAN_BREACHED"
)
