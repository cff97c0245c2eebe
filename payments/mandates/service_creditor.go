package mandates

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger/audit"
	"masp/ledger/chain"
	"masp/payments/sepa"
)

const frenchOutside = "Ce compte est hors de la zone SEPA : un virement SEPA n'y arrive pas."

// AddCreditor adds somebody who can be paid once another user has confirmed the IBAN and
// the hold has passed.
func (s *Service) AddCreditor(ctx context.Context, who auth.Principal, c Creditor, iban sepa.IBAN, evidence string) error {
	if strings.TrimSpace(evidence) == "" {
		return ErrEvidence
	}
	var vs Violations
	vs.join(checkReference(c.ID))
	vs.join(c.Check())
	vs.add(!iban.InSEPA(), "R-060", "iban_outside_sepa", frenchOutside)
	if err := vs.err(); err != nil {
		return err
	}
	a := audit.Act{Action: "creditor.add", ObjectType: "creditor", ObjectID: c.ID}
	return s.act(ctx, who, a, func(tx pgx.Tx, a *audit.Act) error {
		added, err := tx.Exec(ctx, `
			INSERT INTO masp.creditors (creditor_id, name, kind, beneficiary_id) VALUES ($1, $2, $3, $4)
			ON CONFLICT DO NOTHING`, c.ID, c.Name, string(c.Kind), orNull(c.Beneficiary))
		switch {
		case err != nil:
			return translate(err, ErrNoCreditor)
		case added.RowsAffected() == 0:
			return Violations{{Rule: "form", Code: "exists", French: "« " + c.ID + " » existe déjà."}}
		}
		a.After = ibanHash(c.ID, 1, iban)
		return insertIBAN(ctx, tx, c.ID, 1, iban, evidence, who.ID)
	})
}

// ProposeIBAN proposes another IBAN for a creditor and answers its version. The old one
// stays payable until the new one is. One that a bank has refused may be proposed again, for
// a bank may be wrong.
func (s *Service) ProposeIBAN(
	ctx context.Context, who auth.Principal, creditor string, iban sepa.IBAN, evidence string,
) (version int, err error) {
	if strings.TrimSpace(evidence) == "" {
		return 0, ErrEvidence
	}
	if !iban.InSEPA() {
		return 0, Violations{{Rule: "R-060", Code: "iban_outside_sepa", French: frenchOutside}}
	}
	a := audit.Act{Action: "iban.propose", ObjectType: "creditor", ObjectID: creditor}
	err = s.act(ctx, who, a, func(tx pgx.Tx, a *audit.Act) error {
		if err := lockCreditor(ctx, tx, creditor); err != nil {
			return err
		}
		newest, err := newestIBAN(ctx, tx, creditor)
		switch {
		case err != nil:
			return err
		case newest.IBAN == iban && newest.Refusal == "":
			return ErrSameIBAN
		}
		version = newest.Version + 1
		a.Before, a.After = ibanHash(creditor, newest.Version, newest.IBAN), ibanHash(creditor, version, iban)
		return insertIBAN(ctx, tx, creditor, version, iban, evidence, who.ID)
	})
	return version, err
}

// ConfirmIBAN confirms the newest IBAN of a creditor with the person's own secret, and
// answers from when it may be paid by the clock of the database: zero while a second person is
// awaited, for a creditor of many mandates (IBANChange.Wanted).
func (s *Service) ConfirmIBAN(ctx context.Context, who auth.Principal, creditor string) (payableFrom time.Time, err error) {
	return s.confirm(ctx, who, creditor, func(CreditorState) error { return nil })
}

// ConfirmSeenIBAN confirms the version of an IBAN that its reader has seen: ErrNotNewest when
// somebody has proposed another one since.
func (s *Service) ConfirmSeenIBAN(
	ctx context.Context, who auth.Principal, creditor string, version int,
) (payableFrom time.Time, err error) {
	return s.confirm(ctx, who, creditor, func(newest CreditorState) error {
		switch {
		case version > newest.Version || version < 1:
			return ErrNoIBAN
		case version != newest.Version:
			return ErrNotNewest
		}
		return nil
	})
}

func (s *Service) confirm(
	ctx context.Context, who auth.Principal, creditor string, judge func(newest CreditorState) error,
) (payableFrom time.Time, err error) {
	a := audit.Act{Action: "iban.confirm", ObjectType: "creditor", ObjectID: creditor}
	err = s.act(ctx, who, a, func(tx pgx.Tx, a *audit.Act) error {
		if err := lockCreditor(ctx, tx, creditor); err != nil {
			return err
		}
		newest, err := newestIBAN(ctx, tx, creditor)
		if err == nil {
			err = judge(newest)
		}
		if err != nil {
			return err
		}
		if newest.ConfirmedBy != "" || newest.ProposedBy == "" {
			return ErrNoIBAN
		}
		a.After = ibanHash(creditor, newest.Version, newest.IBAN)
		err = tx.QueryRow(ctx, `SELECT coalesce(masp.confirm_creditor_iban($1, $2, $3), '0001-01-01 00:00:00+00')`,
			creditor, newest.Version, who.Secret()).Scan(&payableFrom)
		return translate(err, ErrNoIBAN)
	})
	return payableFrom, err
}

// lockCreditor keeps the IBANs of a creditor still until the commit: the table of creditors is never
// updated, so it has no row lock to give.
func lockCreditor(ctx context.Context, tx pgx.Tx, creditor string) error {
	_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtext('masp.creditor ' || $1))`, creditor)
	return err
}

// Signing is where the signatures of a load stand.
type Signing struct {
	Signatures  int       // different users
	Payable     bool      // every IBAN of the load may be paid now
	PayableFrom time.Time // of the last one; zero while a signature is missing
}

// SignLoad signs the IBANs that came with a load file, by its SHA-256 in hexadecimal. With
// the second user's signature they are confirmed (decisions 5).
func (s *Service) SignLoad(ctx context.Context, who auth.Principal, sha256 string) (Signing, error) {
	var signing Signing
	a := audit.Act{Action: "load.sign", ObjectType: "load", ObjectID: sha256}
	err := s.act(ctx, who, a, func(tx pgx.Tx, a *audit.Act) (err error) {
		if a.After, err = LoadedIBANsTx(ctx, tx, sha256); err != nil {
			return err
		}
		err = tx.QueryRow(ctx, `SELECT masp.sign_load($1, $2)`, sha256, who.Secret()).Scan(&signing.Signatures)
		if err != nil || signing.Signatures < 2 {
			return translate(err, ErrNoLoad)
		}
		return tx.QueryRow(ctx, `
			SELECT max(payable_from), max(payable_from) <= masp.now() FROM masp.creditor_ibans WHERE load_sha256 = $1`, sha256).
			Scan(&signing.PayableFrom, &signing.Payable)
	})
	return signing, err
}

// ibanHash stands in the log of acts for an IBAN, which is personal.
func ibanHash(creditor string, version int, iban sepa.IBAN) chain.Hash {
	return chain.New(1, "iban").Str(creditor).Int(int64(version)).Str(iban.String()).Sum()
}
