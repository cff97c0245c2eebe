package mandates

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/ledger/unit"
	"masp/payments/sepa"
)

// CreditorState is a creditor with its newest IBAN and what may be paid today.
type CreditorState struct {
	ID, Name       string
	Kind           CreditorKind
	Beneficiary    string // whose own account it is, or empty
	Version        int
	IBAN           sepa.IBAN
	ProposedBy     string    // empty while a load is not signed by two users
	Load           string    // SHA-256 of the load file that brought it, or empty
	Signed         int       // users who have signed that load
	ConfirmedBy    string    // empty while nobody has
	PayableFrom    time.Time // zero while nobody has
	PayableVersion int       // the version that a run would pay now; 0 = none
	Refusal        string    // why a bank sent the newest IBAN back (AC04), or empty
}

// Payable tells whether the newest IBAN may be paid now.
func (c CreditorState) Payable() bool { return c.PayableVersion == c.Version }

// Word is the state of the newest IBAN for programs: refused, payable, held, to_confirm,
// to_sign.
func (c CreditorState) Word() string {
	switch {
	case c.Refusal != "":
		return "refused"
	case c.Payable():
		return "payable"
	case c.ConfirmedBy != "":
		return "held"
	case c.ProposedBy == "":
		return "to_sign"
	}
	return "to_confirm"
}

// French is the state of the newest IBAN, with what is awaited.
func (c CreditorState) French() string {
	switch c.Word() {
	case "refused":
		return fmt.Sprintf("refusé par la banque (%s) : demandez un nouveau RIB, puis masp creditor iban %s …", c.Refusal, c.ID)
	case "payable":
		return "payable"
	case "held":
		at := c.PayableFrom.In(civil.Paris)
		return fmt.Sprintf("payable le %s à %d h %02d", civil.FromTime(at, civil.Paris).French(), at.Hour(), at.Minute())
	case "to_sign":
		return fmt.Sprintf("chargement à signer (%d signature sur 2)", c.Signed)
	}
	return "à confirmer par une autre personne que " + c.ProposedBy
}

// Creditors returns every creditor, in the order of their references.
func (s *Service) Creditors(ctx context.Context) ([]CreditorState, error) {
	return s.creditors(ctx, ` ORDER BY c.creditor_id`)
}

// CreditorsNamed returns these creditors, in the order of their references; of none there is none.
func (s *Service) CreditorsNamed(ctx context.Context, ids ...string) ([]CreditorState, error) {
	return s.creditors(ctx, oneOfCreditors, ids)
}

func (s *Service) creditors(ctx context.Context, which string, args ...any) ([]CreditorState, error) {
	rows, err := unit.Reader(ctx, s.DB).Query(ctx, selectCreditor+which, args...)
	if err != nil {
		return nil, fmt.Errorf("list creditors: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[CreditorState])
	if err != nil {
		return nil, fmt.Errorf("list creditors: %w", err)
	}
	return list, nil
}

// refusalOfV is why a bank last sent back a transfer to version v: the account is wrong (AC01),
// closed (AC04), blocked (AC06) or takes no transfer (AG01). NULL when none did.
const refusalOfV = `(
	SELECT f.reason FROM masp.instructions f
	 WHERE f.creditor_id = v.creditor_id AND f.iban_version = v.version
	   AND f.state IN ('rejected', 'returned') AND f.reason IN ('AC01', 'AC04', 'AC06', 'AG01')
	 ORDER BY f.instruction_id DESC LIMIT 1)`

// payableV is the newest version of creditor c whose hold is over. One that a bank has refused
// is paid no more, nor is an older one in its place.
const payableV = `LATERAL (SELECT v.version, v.iban, ` + refusalOfV + ` AS refusal
	  FROM masp.creditor_ibans v WHERE v.creditor_id = c.creditor_id AND v.payable_from <= clock.at
	 ORDER BY v.version DESC LIMIT 1)`

const selectCreditor = `
	SELECT c.creditor_id, c.name, c.kind, coalesce(c.beneficiary_id, ''), v.version, v.iban, coalesce(v.proposed_by, ''), coalesce(v.load_sha256, ''),
	       (SELECT count(*) FROM masp.load_signatures s WHERE s.load_sha256 = v.load_sha256),
	       coalesce(v.confirmed_by, ''), coalesce(v.payable_from, '0001-01-01 00:00:00+00'),
	       coalesce(p.version, 0), coalesce(` + refusalOfV + `, '')` + fromCreditor

const fromCreditor = `
	  FROM (SELECT masp.now() AS at OFFSET 0) clock
	 CROSS JOIN masp.creditors c
	  JOIN LATERAL (SELECT * FROM masp.creditor_ibans v WHERE v.creditor_id = c.creditor_id
	                 ORDER BY version DESC LIMIT 1) v ON true
	  LEFT JOIN ` + payableV + ` p ON p.refusal IS NULL`

// oneOfCreditors continues selectCreditor.
const oneOfCreditors = ` WHERE c.creditor_id = ANY ($1) ORDER BY c.creditor_id`

// newestIBAN reads one creditor with its newest IBAN, or ErrNoCreditor.
func newestIBAN(ctx context.Context, tx pgx.Tx, creditor string) (CreditorState, error) {
	rows, err := tx.Query(ctx, selectCreditor+oneOfCreditors, []string{creditor})
	if err != nil {
		return CreditorState{}, err
	}
	c, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[CreditorState])
	return c, translate(err, ErrNoCreditor)
}

func insertIBAN(ctx context.Context, tx pgx.Tx, creditor string, version int, iban sepa.IBAN, evidence, by string) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO masp.creditor_ibans (creditor_id, version, iban, evidence, proposed_by, proposed_at)
		VALUES ($1, $2, $3, $4, $5, masp.now())`, creditor, version, iban.String(), evidence, by)
	return err
}

// LoadedIBANsTx is the hash of all IBANs that came with a load, whatever became of them since.
func LoadedIBANsTx(ctx context.Context, tx pgx.Tx, load string) (chain.Hash, error) {
	rows, err := tx.Query(ctx, `
		SELECT creditor_id, version, iban FROM masp.creditor_ibans
		 WHERE load_sha256 = $1 ORDER BY creditor_id COLLATE "C", version`, load)
	if err != nil {
		return chain.Hash{}, fmt.Errorf("read the IBANs of a load: %w", err)
	}
	e := chain.New(1, "masp loaded ibans")
	e.Str(load)
	var creditor, iban string
	var version int64
	_, err = pgx.ForEachRow(rows, []any{&creditor, &version, &iban}, func() error {
		e.Str(creditor).Int(version).Str(iban)
		return nil
	})
	if err != nil {
		return chain.Hash{}, fmt.Errorf("read the IBANs of a load: %w", err)
	}
	return e.Sum(), nil
}
