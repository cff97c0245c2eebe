package mandates

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/api/auth"
	"masp/ledger/audit"
	"masp/ledger/chain"
	"masp/payments/sepa"
)

// mayEdit tells whether the role of a person allows to change dossiers.
func mayEdit(who auth.Principal) bool {
	return slices.ContainsFunc([]auth.Role{auth.Coordinator, auth.Approver, auth.Accountant}, who.Is)
}

// act runs a change of a person in one transaction and records it as its last step. The
// change fills in what the act says.
func (s *Service) act(ctx context.Context, who auth.Principal, a audit.Act, change func(pgx.Tx, *audit.Act) error) error {
	if !mayEdit(who) {
		return fmt.Errorf("%s %s: %w", a.Action, a.ObjectID, ErrRole)
	}
	a.Actor = who.ID
	err := pgx.BeginFunc(ctx, s.DB, func(tx pgx.Tx) error {
		if err := change(tx, &a); err != nil {
			return err
		}
		_, err := audit.Record(ctx, tx, a)
		return err
	})
	if err != nil {
		return fmt.Errorf("%s %s: %w", a.Action, a.ObjectID, err)
	}
	return nil
}

// checkAddition judges one new record by the rules of a load file.
func checkAddition(ctx context.Context, tx pgx.Tx, l Load) error {
	k, err := knownTx(ctx, tx, l)
	if err != nil {
		return err
	}
	var refused *LoadError
	if !errors.As(l.check(k), &refused) {
		return nil
	}
	var vs Violations
	for _, p := range refused.Problems {
		vs.add(true, "load", p.Code, p.French)
	}
	return vs
}

// AddCreditor adds somebody who can be paid once another user has confirmed the IBAN and
// the hold has passed.
func (s *Service) AddCreditor(ctx context.Context, who auth.Principal, c LoadCreditor, evidence string) error {
	if strings.TrimSpace(evidence) == "" {
		return ErrEvidence
	}
	if !reference.MatchString(c.ID) {
		return Violations{{Rule: "load", Code: "reference", French: frenchReference}}
	}
	a := audit.Act{Action: "creditor.add", ObjectType: "creditor", ObjectID: c.ID}
	return s.act(ctx, who, a, func(tx pgx.Tx, a *audit.Act) error {
		if err := checkAddition(ctx, tx, Load{Creditors: []LoadCreditor{c}}); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO masp.creditors (creditor_id, name, kind) VALUES ($1, $2, $3)`,
			c.ID, c.Name, string(c.Kind))
		if err != nil {
			return err
		}
		a.After = ibanHash(c.ID, 1, c.IBAN)
		return insertIBAN(ctx, tx, c.ID, 1, c.IBAN, evidence, who.ID)
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
		return 0, Violations{{Rule: "R-060", Code: "iban_outside_sepa", French: "Ce compte est hors de la zone SEPA."}}
	}
	a := audit.Act{Action: "iban.propose", ObjectType: "creditor", ObjectID: creditor}
	err = s.act(ctx, who, a, func(tx pgx.Tx, a *audit.Act) error {
		// The table of creditors is never updated, so it has no row lock to give.
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtext('masp.creditor ' || $1))`, creditor); err != nil {
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
// answers from when it may be paid by the clock of the database.
func (s *Service) ConfirmIBAN(ctx context.Context, who auth.Principal, creditor string) (payableFrom time.Time, err error) {
	a := audit.Act{Action: "iban.confirm", ObjectType: "creditor", ObjectID: creditor}
	err = s.act(ctx, who, a, func(tx pgx.Tx, a *audit.Act) error {
		newest, err := newestIBAN(ctx, tx, creditor)
		if err != nil {
			return err
		}
		if newest.ConfirmedBy != "" || newest.ProposedBy == "" {
			return ErrNoIBAN
		}
		a.After = ibanHash(creditor, newest.Version, newest.IBAN)
		err = tx.QueryRow(ctx, `SELECT masp.confirm_creditor_iban($1, $2, $3)`,
			creditor, newest.Version, who.Secret()).Scan(&payableFrom)
		return translate(err, ErrNoIBAN)
	})
	return payableFrom, err
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
		if a.After, err = loadedIBANs(ctx, tx, sha256); err != nil {
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
