package mandates

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"masp/ledger/unit"
	"masp/payments/sepa"
)

// IBANChange is one version of the IBAN of a creditor: who proposed it and by what, who confirmed it,
// and what a second person should look at.
type IBANChange struct {
	Creditor    string
	Name        string
	Kind        CreditorKind
	Beneficiary string // whose own account it is, or empty
	Version     int
	Before      sepa.IBAN // of the version before; zero for the first
	IBAN        sepa.IBAN
	Evidence    string
	Load        string // SHA-256 of the load file that brought it, or empty
	ProposedBy  string // empty while a load is not signed by two users
	ProposedAt  time.Time
	ConfirmedBy string // empty while nobody has
	ConfirmedAt time.Time
	PayableFrom time.Time
	Refusal     string // why a bank sent it back (AC04), or empty

	Open   bool // its hold is over
	Paid   bool // a run would pay this version now
	Newest bool

	SameIBAN []string // other creditors that have, or had, this IBAN
	Persons  bool     // one of them is a person's own account
	Ours     bool     // it is a bank account of the organisation
	Again    bool     // an earlier version, not the last one, was this IBAN
	Mandates int      // mandates that have something due to the creditor
	Waiting  bool     // a run that nobody has approved yet pays an older version
	First    string   // who confirmed it first, where two persons do
	Wanted   int      // of one that waits for it: how many confirm it besides who proposed it
}

// Word is the state of the version for programs: refused, payable, replaced, held, to_sign, to_confirm,
// superseded (another came before anybody confirmed it).
func (c IBANChange) Word() string {
	switch {
	case c.Refusal != "":
		return "refused"
	case c.Paid:
		return "payable"
	case c.Open:
		return "replaced"
	case c.ConfirmedBy != "":
		return "held"
	case !c.Newest:
		return "superseded"
	case c.ProposedBy == "":
		return "to_sign"
	}
	return "to_confirm"
}

// AwaitsSecond tells that one person has confirmed it, and another one must.
func (c IBANChange) AwaitsSecond() bool { return c.First != "" && c.ConfirmedBy == "" && c.Newest }

// paysMany says who confirms what pays for many persons (reliability 5.5).
func (c IBANChange) paysMany() string {
	many := fmt.Sprintf("%d mandats paient ce destinataire", c.Mandates)
	switch {
	case c.First != "" || c.Wanted > 1:
		return many + " : deux personnes confirment cet IBAN."
	case c.Word() == "to_confirm":
		return many + ", et une seule personne peut confirmer ici : qu'elle l'appelle au numéro connu."
	}
	return many + "."
}

// manyMandates is how many a creditor serves so that a false IBAN of his costs many persons.
const manyMandates = 10

// Sign is something about an IBAN that a second person looks at before he confirms it.
type Sign struct {
	Code      string // stable word for programs
	French    string
	Creditors []string // the others that it is about
}

// Signs are what is unusual about the IBAN, the gravest first.
func (c IBANChange) Signs() (all []Sign) {
	for _, s := range []struct {
		is bool
		Sign
	}{
		{c.Ours, Sign{Code: "ACCOUNT_OF_ORGANISATION", French: "C'est un compte de l'association elle-même."}},
		{c.Persons && c.Kind != OwnAccount, Sign{
			Code: accountOfAPerson, French: "C'est aussi le compte personnel de quelqu'un d'accompagné.", Creditors: c.SameIBAN,
		}},
		{len(c.SameIBAN) > 0 && (!c.Persons || c.Kind == OwnAccount), sharedWith(c.SameIBAN)},
		{c.Again, Sign{Code: "CHANGED_BACK", French: "Un ancien IBAN revient : demandez pourquoi, à un numéro connu."}},
		{foreign(c.IBAN), Sign{Code: "FOREIGN_ACCOUNT", French: "Ce compte est à l'étranger : " + c.IBAN.Country() + "."}},
		{!c.Before.IsZero() && c.Mandates > manyMandates, Sign{
			Code: "PAYS_MANY", French: c.paysMany(),
		}},
		{c.Waiting, Sign{Code: "RUN_IN_PROGRESS", French: "Une campagne en cours paie l'ancien IBAN."}},
	} {
		if s.is {
			all = append(all, s.Sign)
		}
	}
	return all
}

const accountOfAPerson = "ACCOUNT_OF_A_PERSON"

func sharedWith(creditors []string) Sign {
	return Sign{Code: "SHARED_IBAN", French: "Un autre destinataire a le même IBAN.", Creditors: creditors}
}

// Veiled is the sign for who does not see every person: that an account is shared, not that it is that of
// a person who is helped here.
func (s Sign) Veiled() Sign {
	if s.Code == accountOfAPerson {
		return sharedWith(s.Creditors)
	}
	return s
}

// foreign tells whether an account is neither in France nor in Monaco, whose banks are of the French system.
func foreign(iban sepa.IBAN) bool { return iban.Country() != "FR" && iban.Country() != "MC" }

// IBANChanges returns the versions of the IBANs of a creditor, or with an empty reference of all, the
// newest first.
func (s *Service) IBANChanges(ctx context.Context, creditor string) ([]IBANChange, error) {
	return s.ibanChanges(ctx, `($1 = '' OR n.creditor_id = $1)`, creditor)
}

// ChangePlace is the place of a version of an IBAN in the list of all, the newest first.
type ChangePlace struct {
	At       time.Time
	Creditor string
	Version  int
}

// IBANChangesPart returns the versions of all creditors behind a place, the first when it is zero, as
// IBANChanges does: so many.
func (s *Service) IBANChangesPart(ctx context.Context, behind ChangePlace, most int) ([]IBANChange, error) {
	return s.ibanChanges(ctx, `(n.creditor_id, n.version) IN (
		SELECT k.creditor_id, k.version FROM masp.creditor_ibans k
		 WHERE ($2 = '' OR (k.proposed_at, k.creditor_id COLLATE "C", k.version) < ($1, $2, $3))
		 ORDER BY k.proposed_at DESC, k.creditor_id COLLATE "C" DESC, k.version DESC LIMIT $4)`, behind.At, behind.Creditor, behind.Version, most)
}

// IBANChangesToConfirm returns those of all creditors that somebody has proposed and nobody has confirmed, as
// IBANChanges does: a few of many, found by their index.
func (s *Service) IBANChangesToConfirm(ctx context.Context) ([]IBANChange, error) {
	return s.ibanChanges(ctx, `n.confirmed_by IS NULL AND n.proposed_by IS NOT NULL`)
}

func (s *Service) ibanChanges(ctx context.Context, which string, args ...any) ([]IBANChange, error) {
	rows, err := unit.Reader(ctx, s.DB).Query(ctx, selectIBANChange+which+` ORDER BY n.proposed_at DESC, n.creditor_id, n.version DESC`, args...)
	if err != nil {
		return nil, fmt.Errorf("list IBANs: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[IBANChange])
	if err != nil {
		return nil, fmt.Errorf("list IBANs: %w", err)
	}
	return list, nil
}

const selectIBANChange = `
	WITH drafts AS MATERIALIZED (SELECT i.creditor_id, min(i.iban_version) AS version FROM masp.runs r JOIN masp.instructions i USING (run_id)
	                              WHERE r.state IN ('draft', 'in_review') AND i.state = 'draft' GROUP BY i.creditor_id)
	SELECT c.creditor_id, c.name, c.kind, coalesce(c.beneficiary_id, ''), n.version, coalesce(b.iban, ''), n.iban, n.evidence,
	       coalesce(n.load_sha256, ''), coalesce(n.proposed_by, ''), n.proposed_at, coalesce(n.confirmed_by, ''),
	       coalesce(n.confirmed_at, '0001-01-01 00:00:00+00'), coalesce(n.payable_from, '0001-01-01 00:00:00+00'),
	       coalesce((SELECT f.reason FROM masp.instructions f WHERE f.creditor_id = n.creditor_id AND f.iban_version = n.version
	           AND f.state IN ('rejected', 'returned') AND f.reason IN ('AC01', 'AC04', 'AC06', 'AG01')
	         ORDER BY f.instruction_id DESC LIMIT 1), ''),
	       coalesce(n.payable_from <= clock.at, false), coalesce(p.version = n.version, false),
	       NOT EXISTS (SELECT FROM masp.creditor_ibans l WHERE l.creditor_id = n.creditor_id AND l.version > n.version),
	       coalesce(array_remove(same.creditors, n.creditor_id), '{}'),
	       EXISTS (SELECT FROM masp.creditors o WHERE o.creditor_id = ANY (array_remove(same.creditors, n.creditor_id))
	                  AND o.kind = 'BENEFICIARY'),
	       EXISTS (SELECT FROM masp.bank_accounts a WHERE a.iban = n.iban),
	       EXISTS (SELECT FROM masp.creditor_ibans e WHERE e.creditor_id = n.creditor_id AND e.iban = n.iban
	                  AND e.version < n.version - 1),
	       coalesce(served.mandates, 0),
	       EXISTS (SELECT FROM drafts d WHERE d.creditor_id = n.creditor_id AND d.version < n.version),
	       coalesce((SELECT w.user_id FROM masp.iban_confirmations w WHERE w.creditor_id = n.creditor_id AND w.version = n.version), ''),
	       CASE WHEN n.confirmed_by IS NULL AND served.mandates > 10 THEN masp.confirmers_wanted(n.creditor_id, n.version) ELSE 1 END
	  FROM (SELECT masp.now() AS at OFFSET 0) clock
	 CROSS JOIN masp.creditor_ibans n
	  JOIN masp.creditors c USING (creditor_id)
	  LEFT JOIN masp.creditor_ibans b ON b.creditor_id = n.creditor_id AND b.version = n.version - 1
	  LEFT JOIN ` + payableV + ` p ON p.refusal IS NULL
	  LEFT JOIN LATERAL (SELECT array_agg(DISTINCT i.creditor_id ORDER BY i.creditor_id) AS creditors FROM masp.creditor_ibans i
	                      WHERE i.iban = n.iban HAVING count(DISTINCT i.creditor_id) > 1) same ON true
	  LEFT JOIN LATERAL (SELECT count(DISTINCT o.mandate_id)::integer AS mandates FROM masp.obligations o
	                      WHERE o.creditor_id = n.creditor_id) served ON true
	 WHERE `
