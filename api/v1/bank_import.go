package v1

import (
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"masp/api"
	"masp/api/contract"
	"masp/imports"
)

// imported is an Imported of the contract: what an import did, as `masp import --json` says it.
type imported struct {
	File       string                 `json:"file"`
	SHA256     string                 `json:"sha256"`
	Format     string                 `json:"format"`
	Outcome    string                 `json:"outcome"`
	Message    string                 `json:"message"`
	Known      bool                   `json:"already_known"`
	ReceivedAt time.Time              `json:"received_at,omitzero"`
	Reasons    []bankRemark           `json:"reasons"`
	Statements []bankStatement        `json:"statements"`
	Released   []bankStatement        `json:"released,omitempty"`
	Members    []imported             `json:"members,omitempty"`
	Report     *imports.ReportOutcome `json:"report,omitempty"`
}

// bankRemark is why something is not simply accepted.
type bankRemark struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Place   string `json:"place"`
}

func (h *House) importedOf(c *api.Call, o imports.Outcome) imported {
	out := imported{
		File: o.File, SHA256: o.SHA256, Format: o.Format, Outcome: o.Outcome.String(), Message: plainly(o.Message()),
		Known: o.AlreadyKnown, ReceivedAt: o.ReceivedAt, Reasons: []bankRemark{}, Statements: []bankStatement{}, Report: o.Report,
	}
	for _, r := range o.Reasons {
		out.Reasons = append(out.Reasons, bankRemark{r.Code, r.Message, r.Place})
	}
	for _, st := range o.Statements {
		out.Statements = append(out.Statements, h.whatBecame(h.statementOf(c, st), st))
	}
	for _, st := range o.Released {
		out.Released = append(out.Released, h.whatBecame(h.statementOf(c, st), st))
	}
	for i := range o.Members {
		out.Members = append(out.Members, h.importedOf(c, o.Members[i]))
	}
	return out
}

// importStatements imports a file of statements, or a ZIP of files. The answer of the bank to our
// payments is no statement: it has an address of its own.
func (h *House) importStatements(ctx context.Context, c *api.Call) (api.Answer, error) {
	return h.importFile(ctx, c, false)
}

// importAnswer imports a pain.002.
func (h *House) importAnswer(ctx context.Context, c *api.Call) (api.Answer, error) {
	return h.importFile(ctx, c, true)
}

func (h *House) importFile(ctx context.Context, c *api.Call, wantsAnswer bool) (api.Answer, error) {
	if err := judgeType(c, wantsAnswer); err != nil {
		return api.Answer{}, err
	}
	o, err := h.Imports.Import(ctx, c.Who.ID, c.Query("name"), c.Upload)
	if err != nil {
		return api.Answer{}, err
	}
	out := h.importedOf(c, o)
	if len(o.Members) == 0 && o.Refuses() || allRefused(o) {
		return api.Answer{}, refusedFile(out)
	}
	a := api.Answer{Status: http.StatusCreated, Body: out, Location: "/v1/bank_statements"}
	switch {
	case o.AlreadyKnown:
		a.Status, a.Location = http.StatusOK, ""
	case wantsAnswer:
		a.Location = ""
	case len(out.Statements) == 1:
		a.Location += "/" + out.Statements[0].Statement
	}
	return a, nil
}

func allRefused(o imports.Outcome) bool {
	for i := range o.Members {
		if !o.Members[i].Refuses() {
			return false
		}
	}
	return len(o.Members) > 0
}

// judgeType refuses a file at the wrong address, by what it is; the import then reads it from its start.
func judgeType(c *api.Call, wantsAnswer bool) error {
	format, answer := imports.FormatOf(c.Upload)
	if from, ok := c.Upload.(io.Seeker); ok {
		if _, err := from.Seek(0, io.SeekStart); err != nil {
			return err
		}
	}
	if answer == wantsAnswer {
		return nil
	}
	detail := contract.Text{
		French:  "Ce fichier n'est pas un relevé, c'est un " + format + ", la réponse de la banque à nos virements : envoyez-le à /v1/payment_answers.",
		English: "This is no statement but a " + format + ", the answer of the bank to our payments: send it to /v1/payment_answers.",
	}
	if wantsAnswer {
		detail = contract.Text{
			French:  "Ce fichier n'est pas une réponse de la banque à nos virements (pain.002), c'est un " + strings.TrimSpace("fichier "+format) + ".",
			English: "This is no answer of the bank to our payments (pain.002) but: " + format + ".",
		}
	}
	return &api.Fault{Status: http.StatusUnprocessableEntity, Code: "wrong_type", Detail: detail}
}

// refusedFile tells why nothing of a file was kept, of each file of an archive.
func refusedFile(o imported) *api.Fault {
	f := &api.Fault{Status: http.StatusUnprocessableEntity, Code: "file_refused", Detail: contract.Text{
		French: o.Message, English: "Nothing of this file was kept: " + o.Format + ".",
	}}
	for _, one := range append([]imported{o}, o.Members...) {
		for _, r := range one.Reasons {
			f.Problems = append(f.Problems, contract.Problem{Pointer: r.Place, Code: r.Code, Text: contract.Text{
				French: r.Message, English: strings.ReplaceAll(r.Code, "_", " ") + ".",
			}})
		}
	}
	return f
}
