package mandates

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"masp/ledger"
	"masp/ledger/chain"
	"masp/payments/sepa"
)

// Checks are what `masp verify` asks of this package beside the registers of package audit, which
// name a changed table: who is paid where, held IBAN by IBAN against the log of acts.
func Checks() []ledger.Check { return []ledger.Check{proveIBANs, proveLoads, proveDebts} }

// ibanAct is what the log of acts says of an IBAN: who did what to which creditor or load.
type ibanAct struct {
	action, object, actor string
	after                 chain.Hash
}

// storedIBAN is one version of an IBAN as the database holds it.
type storedIBAN struct {
	creditor    string
	version     int
	iban        string // perhaps forged: any text
	load        string
	proposedBy  string
	confirmedBy string
	payable     bool
}

// proveIBANs names each version of an IBAN that nobody has proposed or loaded, or that nobody has
// confirmed though it may be paid.
func proveIBANs(ctx context.Context, tx pgx.Tx, report func(ledger.Finding)) error {
	acts, err := ibanActs(ctx, tx)
	if err != nil {
		return err
	}
	rows, err := tx.Query(ctx, `
		SELECT creditor_id, version, iban, coalesce(load_sha256, ''), coalesce(proposed_by, ''), coalesce(confirmed_by, ''),
		       payable_from IS NOT NULL
		  FROM masp.creditor_ibans ORDER BY creditor_id, version`)
	if err != nil {
		return fmt.Errorf("prove IBANs: %w", err)
	}
	var v storedIBAN
	_, err = pgx.ForEachRow(rows, []any{
		&v.creditor, &v.version, &v.iban, &v.load, &v.proposedBy, &v.confirmedBy, &v.payable,
	}, func() error {
		place := fmt.Sprintf("creditor_ibans %s/%d", v.creditor, v.version)
		switch {
		case !v.proposed(acts):
			report(ledger.Finding{Code: "IBAN_WITHOUT_ACT", Place: place, Text: "aucun acte n'a proposé ni chargé cet IBAN"})
		case (v.payable || v.confirmedBy != "") && !v.confirmed(acts):
			report(ledger.Finding{Code: "IBAN_NOT_CONFIRMED", Place: place, Text: "aucun acte n'a confirmé cet IBAN"})
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("prove IBANs: %w", err)
	}
	return nil
}

// ibanActs reads the acts on IBANs; a load and its signatures name no single IBAN.
func ibanActs(ctx context.Context, tx pgx.Tx) (map[ibanAct]bool, error) {
	rows, err := tx.Query(ctx, `
		SELECT action, object_id, CASE action WHEN 'load' THEN '' ELSE actor END,
		       CASE object_type WHEN 'creditor' THEN after_hash END
		  FROM masp.audit_log
		 WHERE (object_type, action) IN (('creditor', 'creditor.add'), ('creditor', 'iban.propose'), ('creditor', 'iban.confirm'),
		       ('load', 'load'), ('load', 'load.sign'))`)
	if err != nil {
		return nil, fmt.Errorf("read the acts on IBANs: %w", err)
	}
	acts := make(map[ibanAct]bool)
	var a ibanAct
	var after []byte
	_, err = pgx.ForEachRow(rows, []any{&a.action, &a.object, &a.actor, &after}, func() error {
		a.after = chain.Hash{}
		copy(a.after[:], after)
		acts[a] = true
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the acts on IBANs: %w", err)
	}
	return acts, nil
}

// hash is what the acts keep of the IBAN; zero, as no act has it, when it is none.
func (v storedIBAN) hash() chain.Hash {
	iban, err := sepa.ParseIBAN(v.iban)
	if err != nil {
		return chain.Hash{}
	}
	return ibanHash(v.creditor, v.version, iban)
}

func (v storedIBAN) proposed(acts map[ibanAct]bool) bool {
	if v.load != "" {
		return acts[ibanAct{action: "load", object: v.load}]
	}
	hash := v.hash()
	return acts[ibanAct{"iban.propose", v.creditor, v.proposedBy, hash}] ||
		acts[ibanAct{"creditor.add", v.creditor, v.proposedBy, hash}]
}

func (v storedIBAN) confirmed(acts map[ibanAct]bool) bool {
	signed := func(by string) bool { return acts[ibanAct{action: "load.sign", object: v.load, actor: by}] }
	confirmed := acts[ibanAct{"iban.confirm", v.creditor, v.confirmedBy, v.hash()}]
	return confirmed || v.load != "" && v.proposedBy != v.confirmedBy && signed(v.proposedBy) && signed(v.confirmedBy)
}

// proveLoads holds the IBANs that came with each load against what the load wrote in the log of
// acts and against what each person signed.
func proveLoads(ctx context.Context, tx pgx.Tx, report func(ledger.Finding)) error {
	rows, err := tx.Query(ctx, `
		SELECT object_id, CASE action WHEN 'load' THEN details::jsonb ->> 'ibans' ELSE encode(after_hash, 'hex') END
		  FROM masp.audit_log WHERE object_type = 'load' AND action IN ('load', 'load.sign') ORDER BY seq`)
	if err != nil {
		return fmt.Errorf("prove loads: %w", err)
	}
	type said struct{ Load, IBANs string }
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[said])
	if err != nil {
		return fmt.Errorf("prove loads: %w", err)
	}
	for _, a := range all {
		now, err := LoadedIBANsTx(ctx, tx, a.Load)
		if err != nil {
			return err
		}
		if now.String() != a.IBANs {
			report(ledger.Finding{
				Code: "LOAD_CHANGED", Place: "creditor_ibans " + a.Load,
				Text: "les IBAN de ce chargement ne sont plus ceux qui ont été chargés et signés",
			})
		}
	}
	return nil
}
