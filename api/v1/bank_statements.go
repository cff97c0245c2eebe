package v1

import (
	"context"
	"encoding/hex"
	"io"
	"net/http"
	"time"

	"masp/api"
	"masp/api/auth"
	"masp/imports"
	"masp/ledger/civil"
	"masp/ledger/money"
)

func (h *House) statementOperations() []api.Operation {
	return []api.Operation{
		{ID: "listBankStatements", Action: auth.ReadBank, Do: h.listStatements},
		{ID: "getBankStatement", Action: auth.ReadBank, Do: h.getStatement},
		{ID: "downloadBankFile", Action: auth.FetchFiles, Do: h.downloadBankFile},
		{ID: "importBankStatements", Action: auth.ImportBank, Do: h.importStatements, Alone: true},
		{ID: "importPaymentAnswer", Action: auth.ImportBank, Do: h.importAnswer, Alone: true},
		{ID: "acceptBankStatement", Action: auth.MatchBank, Do: h.acceptStatement, Of: "getBankStatement"},
		{ID: "dropBankStatement", Action: auth.MatchBank, Do: h.dropStatement, Of: "getBankStatement"},
		{ID: "resumeBankStatement", Action: auth.MatchBank, Do: h.resumeStatement, Of: "getBankStatement"},
		{ID: "replaceBankStatement", Action: auth.MatchBank, Do: h.replaceStatement, Of: "getBankStatement"},
	}
}

// bankStatement is a BankStatement of the contract.
type bankStatement struct {
	Statement   string        `json:"statement,omitempty"`
	Account     string        `json:"account"` // IBAN, as the bank writes it
	BankAccount string        `json:"bank_account,omitempty"`
	Ref         string        `json:"ref"`
	Kind        string        `json:"kind"`
	Opening     money.Amount  `json:"opening"`
	Moved       *money.Amount `json:"moved,omitempty"`
	Closing     money.Amount  `json:"closing"`
	From        civil.Date    `json:"from,omitzero"`
	To          civil.Date    `json:"to,omitzero"`
	State       string        `json:"state"`
	Reason      string        `json:"reason,omitempty"`
	Explanation string        `json:"explanation,omitempty"`
	Lines       int           `json:"lines"`
	Done        int           `json:"done"`
	File        string        `json:"file,omitempty"`
	SHA256      string        `json:"sha256,omitempty"`
	ReplacedBy  string        `json:"replaced_by,omitempty"`

	ReceivedAt time.Time `json:"received_at,omitzero"`

	Became *became `json:"became,omitempty"`

	// Of a statement in the answer to its import.
	Known    bool         `json:"already_known,omitempty"`
	Warnings []bankRemark `json:"warnings,omitempty"`
}

// became counts what became of the lines of a statement.
type became struct {
	Posted   int `json:"posted"`
	Matched  int `json:"matched"`
	Suspense int `json:"suspense"`
	Ignored  int `json:"ignored"`
	Benefits int `json:"benefits"`
}

func (h *House) statementOf(c *api.Call, o imports.StatementOutcome) bankStatement {
	st := bankStatement{
		Account: ibanFor(c, o.Account), BankAccount: o.BankAccount, Ref: o.Ref, Kind: o.Kind, Opening: o.Opening, Closing: o.Closing,
		From: o.From, To: o.To, State: o.State, Reason: o.Reason, Explanation: plainly(o.Explanation), Lines: o.Lines, Done: o.Done, File: o.File,
		Known: o.AlreadyKnown, ReceivedAt: o.ReceivedAt,
	}
	if o.ID != 0 {
		st.Statement = h.seal.ID(statementKind, o.ID)
	}
	for _, w := range o.Warnings {
		st.Warnings = append(st.Warnings, bankRemark{w.Code, w.Message, w.Place})
	}
	return st
}

// storedOf is a statement as it is kept: with the hash of its file, and what its lines move.
func (h *House) storedOf(c *api.Call, o imports.StoredStatement) bankStatement {
	st := h.statementOf(c, o.StatementOutcome)
	st.SHA256, st.Moved = o.SHA256, &o.Moved
	return st
}

func (h *House) whatBecame(st bankStatement, o imports.StatementOutcome) bankStatement {
	st.Became = &became{o.Posted, o.Matched, o.Suspense, o.Ignored, o.Benefits}
	return st
}

func (h *House) listStatements(ctx context.Context, c *api.Call) (api.Answer, error) {
	look := imports.StatementSearch{
		Account: c.Query("bank_account"), State: c.Query("state"), Kind: c.Query("kind"), Reason: c.Query("reason"), Most: c.Limit() + 1,
	}
	var err error
	if look.Before, err = h.before(c); err != nil {
		return api.Answer{}, err
	}
	found, err := h.Imports.Statements(ctx, look)
	if err != nil {
		return api.Answer{}, err
	}
	return newest(h, c, found, func(o imports.StoredStatement) int64 { return o.ID }, func(o imports.StoredStatement) bankStatement {
		return h.storedOf(c, o)
	}, func() (int, error) { return h.Imports.CountStatements(ctx, look) })
}

func (h *House) getStatement(ctx context.Context, c *api.Call) (api.Answer, error) {
	id, err := h.seal.Number(statementKind, c.Path("statement"))
	if err != nil {
		return api.Answer{}, err
	}
	o, err := h.Imports.Statement(ctx, id)
	if err != nil {
		return api.Answer{}, absent(err)
	}
	st := h.whatBecame(h.storedOf(c, o), o.StatementOutcome)
	if c.Reach == auth.Whole {
		by, err := h.Imports.ReplacedBy(ctx, id)
		if err != nil {
			return api.Answer{}, err
		}
		if by != 0 {
			st.ReplacedBy = h.seal.ID(statementKind, by)
		}
	}
	return api.Answer{Body: st}, nil
}

// statementAct is a BankStatementAct of the contract: the statement as it is now, and those that could follow.
type statementAct struct {
	Statement bankStatement   `json:"statement"`
	Released  []bankStatement `json:"released"`
}

// onStatement does an act on the statement of the path, with the reason of the body.
func (h *House) onStatement(
	ctx context.Context, c *api.Call, act func(id int64, reason, by string) ([]imports.StatementOutcome, error),
) (api.Answer, error) {
	var body struct {
		Reason string `json:"reason"`
		By     string `json:"by"`
	}
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	id, err := h.seal.Number(statementKind, c.Path("statement"))
	if err != nil {
		return api.Answer{}, err
	}
	released, err := act(id, body.Reason, body.By)
	if err != nil {
		return api.Answer{}, err
	}
	now, err := h.getStatement(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	st, _ := now.Body.(bankStatement)
	out := statementAct{Statement: st, Released: []bankStatement{}}
	for _, o := range released {
		out.Released = append(out.Released, h.whatBecame(h.statementOf(c, o), o))
	}
	return api.Answer{Status: http.StatusCreated, Body: out, Location: "/v1/bank_statements/" + c.Path("statement")}, nil
}

func (h *House) acceptStatement(ctx context.Context, c *api.Call) (api.Answer, error) {
	return h.onStatement(ctx, c, func(id int64, reason, _ string) ([]imports.StatementOutcome, error) {
		return h.Imports.Accept(ctx, c.Who, id, reason)
	})
}

func (h *House) dropStatement(ctx context.Context, c *api.Call) (api.Answer, error) {
	return h.onStatement(ctx, c, func(id int64, reason, _ string) ([]imports.StatementOutcome, error) {
		return nil, h.Imports.Drop(ctx, c.Who, id, reason)
	})
}

func (h *House) resumeStatement(ctx context.Context, c *api.Call) (api.Answer, error) {
	return h.onStatement(ctx, c, func(id int64, reason, _ string) ([]imports.StatementOutcome, error) {
		return h.Imports.Resume(ctx, c.Who, id, reason)
	})
}

// replaceStatement puts a statement that waits in the place of the one of the path.
func (h *House) replaceStatement(ctx context.Context, c *api.Call) (api.Answer, error) {
	return h.onStatement(ctx, c, func(id int64, reason, with string) ([]imports.StatementOutcome, error) {
		by, err := h.seal.Number(statementKind, with)
		if err != nil {
			return nil, unknownAt("/by")
		}
		done, err := h.Imports.Replace(ctx, c.Who, id, by, reason)
		return done.Released, err
	})
}

// downloadBankFile gives the file of a statement as it came.
func (h *House) downloadBankFile(ctx context.Context, c *api.Call) (api.Answer, error) {
	id, err := h.seal.Number(statementKind, c.Path("statement"))
	if err != nil {
		return api.Answer{}, err
	}
	o, err := h.Imports.Original(ctx, id)
	if err != nil {
		return api.Answer{}, absent(err)
	}
	hash, err := hex.DecodeString(o.SHA256)
	if err != nil {
		return api.Answer{}, err
	}
	head := http.Header{}
	head.Set("Repr-Digest", api.Digest(hash))
	head.Set("ETag", `"`+o.SHA256+`"`)
	return api.Answer{File: &api.File{Type: "application/octet-stream", Name: o.Name, Head: head, Write: func(w io.Writer) error {
		_, err := io.Copy(w, h.Imports.Bytes(ctx, o))
		return err
	}}}, nil
}
