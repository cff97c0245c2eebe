package mandates

import (
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// refusalOf are the words of the database (migrations 0005, 0011, 0018 and 0040) in ours.
var refusalOf = map[string]error{
	"MA010": ErrToken, "MA011": ErrSamePerson, "MA012": ErrRole, "MA152": ErrConfirmedOnce, "MA180": ErrFrontDoor,
	"MA028": ErrContractLaw, "MA029": ErrRunStands, "MA030": ErrHoldsMoney, "MA031": ErrLifeStep,
	"MA085": ErrCourtBenefit, "MA086": ErrConvention, "MA087": ErrContribution, "MA088": ErrNoOrder,
	"seizure_floors_pkey": ErrFloorTwice, "contribution_scales_pkey": ErrScaleTwice, "one_contribution_a_month": ErrContributionMonth,
	"court_benefit_once": ErrCourtTwice,
	"conventions_pkey":   ErrConventionTwice, "one_convention_a_day": ErrConventionDay,
	"MA047": ErrOtherMeasure, "MA048": ErrOtherMeasure,
	"MA044": ErrWrongPayee, "MA045": ErrAccountTaken, "MA046": ErrNotManaged, "creditors_beneficiary_id_fkey": ErrNoPerson,
}

// translate turns a refusal of the database, or a row that is not there, into the
// package's own error.
func translate(err, missing error) error {
	var refused *pgconn.PgError
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return missing
	case !errors.As(err, &refused):
		return err
	case refused.Code == "P0002": // no_data_found, raised by a door
		return missing
	}
	switch refused.ConstraintName {
	case "one_evaluation_per_renewal":
		return ErrReused
	case "one_measure_at_a_time":
		return ErrOtherMeasure
	}
	if known, ok := refusalOf[refused.Code]; ok {
		return known
	}
	if known, ok := refusalOf[refused.ConstraintName]; ok {
		return known
	}
	return err
}
