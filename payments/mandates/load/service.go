package load

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/audit"
	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
	"masp/payments/mandates"
)

// Service loads the organisation of a database.
type Service struct {
	DB     *pgxpool.Pool
	Ledger *ledger.Ledger
}

// Result is what a load has written, or would write.
type Result struct {
	SHA256       string       `json:"sha256"` // of the file: what two users sign
	Already      bool         `json:"already_loaded"`
	Counts       Counts       `json:"counts"`
	OpeningTotal money.Amount `json:"opening_total"`
	Tokens       []Token      `json:"tokens"` // of the users that the load has made, never shown again
}

// Counts counts the records of a load.
type Counts struct {
	Users            int `json:"users"`
	BankAccounts     int `json:"bank_accounts"`
	Creditors        int `json:"creditors"`
	Beneficiaries    int `json:"beneficiaries"`
	Mandates         int `json:"mandates"`
	ExpectedBenefits int `json:"expected_benefits"`
	Debts            int `json:"debts"`
	Obligations      int `json:"obligations"`
}

// Token is the first secret of a new user.
type Token struct {
	User  string `json:"user"`
	Token string `json:"token"`
}

// Load checks a load file whole and then writes it in one transaction: all of it or
// nothing. The same file again writes nothing and says so. The IBANs of its creditors are
// payable when two users have signed the load (mandates.Service.SignLoad). An *Error tells what
// to correct. An organisation in production wants a user; its new users want an admin.
func (s *Service) Load(ctx context.Context, by auth.Principal, raw []byte) (Result, error) {
	return s.load(ctx, by, raw, false)
}

// Try does what Load does and writes nothing.
func (s *Service) Try(ctx context.Context, raw []byte) (Result, error) {
	return s.load(ctx, auth.Principal{}, raw, true)
}

func (s *Service) load(ctx context.Context, by auth.Principal, raw []byte, dry bool) (Result, error) {
	sum := sha256.Sum256(raw)
	f, err := parse(raw)
	if err != nil {
		return Result{}, err
	}
	w := loading{service: s, by: by, load: f, sum: sum}
	w.result = Result{SHA256: hex.EncodeToString(sum[:]), Counts: f.counts(), OpeningTotal: f.openingTotal(), Tokens: []Token{}}
	err = unit.Begin(ctx, s.DB, func(tx pgx.Tx) error {
		if err := w.judge(ctx, tx); err != nil || dry || w.result.Already {
			return err
		}
		return w.write(ctx, tx)
	})
	if err != nil {
		return Result{}, fmt.Errorf("load %s: %w", w.result.SHA256[:12], err)
	}
	return w.result, nil
}

func (f File) counts() Counts {
	return Counts{
		Users: len(f.Users), BankAccounts: len(f.BankAccounts), Creditors: len(f.Creditors),
		Beneficiaries: len(f.Beneficiaries), Mandates: len(f.Mandates), ExpectedBenefits: len(f.Expected),
		Debts: len(f.Debts), Obligations: len(f.Obligations),
	}
}

// loading is one load on its way.
type loading struct {
	service *Service
	by      auth.Principal
	actor   string // by, as the database has named him
	load    File
	sum     chain.Hash
	known   known
	result  Result
}

// judge waits for any other load to end, then says whether this one may be written.
func (w *loading) judge(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtext('masp.load'))`); err != nil {
		return fmt.Errorf("wait for another load: %w", err)
	}
	const loaded = `SELECT EXISTS (SELECT FROM masp.audit_log WHERE action = 'load' AND object_type = 'load' AND object_id = $1)`
	if err := tx.QueryRow(ctx, loaded, w.result.SHA256).Scan(&w.result.Already); err != nil || w.result.Already {
		return err
	}
	var err error
	if w.known, err = knownTx(ctx, tx, w.load); err != nil {
		return err
	}
	return w.load.check(w.known)
}

// write posts first: the lock of the books comes before that of the log of acts. Users come
// before the organisation: one that is in production would ask an admin for its first ones.
func (w *loading) write(ctx context.Context, tx pgx.Tx) (err error) {
	if w.actor, err = w.prove(ctx, tx); err != nil {
		return err
	}
	if w.load.Organisation == nil {
		w.load.Organisation = w.known.organisation
	}
	if err := w.postOpenings(ctx, tx); err != nil {
		return err
	}
	if err := w.addUsers(ctx, tx); err != nil {
		return err
	}
	if w.known.organisation == nil {
		if err := insertOrganisation(ctx, tx, *w.load.Organisation); err != nil {
			return err
		}
	}
	if err := writeAll(ctx, tx, w.load, w.result.SHA256, w.known); err != nil {
		return err
	}
	ibans, err := mandates.LoadedIBANsTx(ctx, tx, w.result.SHA256)
	if err != nil {
		return err
	}
	_, err = audit.Record(ctx, tx, audit.Act{
		Actor: w.actor, Action: "load", ObjectType: "load", ObjectID: w.result.SHA256, After: w.sum,
		Details: details{w.result.Counts, ibans},
	})
	return err
}

// details is what the log of acts keeps of a load beside the hash of its file.
type details struct {
	Counts
	IBANs chain.Hash `json:"ibans"` // of all that it brought: what two people sign
}

// prove answers who loads.
func (w *loading) prove(ctx context.Context, tx pgx.Tx) (actor string, err error) {
	actor, err = auth.ProveTx(ctx, tx, w.by, auth.Coordinator, auth.Approver, auth.Accountant, auth.Admin, auth.Machine)
	if errors.Is(err, auth.ErrRole) {
		return "", mandates.ErrRole
	}
	return actor, err
}

// openingDay is the day of the opening entries: that of the organisation for its first
// load, today for a later one, because the books do not go back.
func (f File) openingDay(today civil.Date) civil.Date {
	if f.later || f.Organisation == nil {
		return today
	}
	return f.Organisation.OpenedOn
}

func openingSource(mandate string) string { return "opening " + mandate }

// postOpenings brings what is held for each person into the books.
func (w *loading) postOpenings(ctx context.Context, tx pgx.Tx) error {
	w.load.later = w.known.organisation != nil
	day := w.load.openingDay(w.known.today)
	var entries []ledger.Entry
	for _, m := range w.load.Mandates {
		if !m.OpeningBalance.IsPositive() {
			continue
		}
		entries = append(entries, ledger.Entry{
			Journal: ledger.OtherJournal, Kind: ledger.Opening, PostedOn: day, BookedOn: day, ValueOn: day,
			Source: openingSource(m.ID), Label: "Solde d'ouverture", Actor: w.actor,
			Postings: []ledger.Posting{{
				Debit: ledger.Bank(m.BankAccount), Credit: ledger.Mandate(m.ID), Amount: m.OpeningBalance,
			}},
		})
	}
	_, err := w.service.Ledger.PostTx(ctx, tx, entries...)
	return err
}

// addUsers makes those who are not there yet, each with a first token. In production a person is made
// without one: an admin gives him the link of his first entry.
func (w *loading) addUsers(ctx context.Context, tx pgx.Tx) error {
	for _, u := range w.load.Users {
		if _, exists := w.known.users[u.ID]; exists {
			continue
		}
		if err := auth.AddTx(ctx, tx, w.by, u); err != nil {
			return err
		}
		if w.known.organisation != nil && w.known.organisation.InProduction && !slices.Contains(u.Roles, auth.Machine) {
			continue
		}
		token, err := auth.IssueTx(ctx, tx, w.by, u.ID)
		if err != nil {
			return err
		}
		w.result.Tokens = append(w.result.Tokens, Token{User: u.ID, Token: token})
	}
	return nil
}
