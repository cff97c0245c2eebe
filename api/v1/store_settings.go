package v1

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger/unit"
)

// settingActs are the acts that change what the organisation has chosen.
var settingActs = []string{
	"exceptions.settings", "organisation.second_approval", "organisation.suspense_days", "front_door.set", "retention.set",
	"tolerance.set", "calendar.set", "bank_account.pain_version", "statement.expect",
}

// readSettingChanges reads who has changed which setting, the newest change first: of bank accounts, those of
// the association alone.
func readSettingChanges(ctx context.Context, q unit.Querier, most int) ([]settingChange, error) {
	rows, err := q.Query(ctx, `
		SELECT at, actor, action, object_id, reason FROM masp.audit_log
		 WHERE action = ANY ($1) AND (object_type IN ('organisation', 'benefit', 'payer') OR object_type = 'bank_account'
		       AND object_id IN (SELECT bank_account_id FROM masp.bank_accounts WHERE model = 'POOLED'))
		 ORDER BY seq DESC LIMIT $2`, settingActs, most)
	if err != nil {
		return nil, fmt.Errorf("read who has changed settings: %w", err)
	}
	all := []settingChange{}
	var one settingChange
	_, err = pgx.ForEachRow(rows, []any{&one.At, &one.By, &one.Action, &one.Of, &one.Reason}, func() error {
		all = append(all, one)
		return nil
	})
	return all, err
}

// readHouseAccounts reads the bank accounts of the association.
func readHouseAccounts(ctx context.Context, q unit.Querier) ([]houseAccount, error) {
	rows, err := q.Query(ctx, `
		SELECT bank_account_id, iban, holder, pain_version FROM masp.bank_accounts WHERE model = 'POOLED' ORDER BY 1`)
	if err != nil {
		return nil, fmt.Errorf("read the accounts of the association: %w", err)
	}
	all := []houseAccount{}
	var one houseAccount
	_, err = pgx.ForEachRow(rows, []any{&one.Account, &one.IBAN, &one.Holder, &one.Pain}, func() error {
		all = append(all, one)
		return nil
	})
	return all, err
}
