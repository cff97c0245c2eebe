package v1

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"masp/api"
	"masp/api/contract"
	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments"
)

// paymentFile is a PaymentFile of the contract.
type paymentFile struct {
	File        string              `json:"file"`
	Run         string              `json:"run"`
	MessageID   string              `json:"message_id"`
	PainVersion string              `json:"pain_version"`
	ExecuteOn   civil.Date          `json:"execute_on"`
	ContentHash chain.Hash          `json:"content_hash"`
	SHA256      chain.Hash          `json:"sha256"`
	Transfers   int                 `json:"transfers"`
	Total       money.Amount        `json:"total"`
	BuiltAt     time.Time           `json:"built_at"`
	ReleasedAt  time.Time           `json:"released_at,omitzero"`
	HandedAt    time.Time           `json:"handed_over_at,omitzero"`
	Void        bool                `json:"void"`
	Answer      payments.BankAnswer `json:"bank_answer,omitempty"`
}

// fetchedFile is a PaymentFileFetched of the contract: the file with who has fetched it.
type fetchedFile struct {
	paymentFile
	Downloads []download `json:"downloads"`
}

type download struct {
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason,omitempty"`
}

func fileOf(f payments.PaymentFile) paymentFile {
	return paymentFile{
		File: f.Name, Run: f.Run, MessageID: f.MessageID, PainVersion: f.PainVersion, ExecuteOn: f.ExecuteOn,
		ContentHash: f.ContentHash, SHA256: f.SHA256, Transfers: f.Transfers, Total: f.Total, BuiltAt: f.BuiltAt,
		ReleasedAt: f.ReleasedAt, HandedAt: f.HandedAt, Void: f.Void, Answer: f.Answer,
	}
}

func filesOf(all []payments.PaymentFile) []paymentFile {
	out := make([]paymentFile, len(all))
	for i, f := range all {
		out[i] = fileOf(f)
	}
	return out
}

// listRunFiles gives the files of a run in the order in which they were made.
func (h *House) listRunFiles(ctx context.Context, c *api.Call) (api.Answer, error) {
	run, err := h.runSeen(ctx, c, c.Path("run"))
	if err != nil {
		return api.Answer{}, err
	}
	all := filesOf(run.Files)
	place := make(map[string]int, len(all))
	for i, f := range all {
		place[f.File] = i
	}
	before := func(a, b string) bool { return place[a] < place[b] }
	return api.Paged(c, all, func(f paymentFile) string { return f.File }, before)
}

// fileRun lets the files of an approved run leave: asked again, the same ones.
func (h *House) fileRun(ctx context.Context, c *api.Call) (api.Answer, error) {
	run, err := h.runInHand(ctx, c, c.Path("run"))
	if err != nil {
		return api.Answer{}, err
	}
	files, err := h.Payments.File(ctx, c.Who, run.ID)
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{
		Status: http.StatusCreated, Location: "/v1/payment_runs/" + run.ID + "/files", Many: true,
		Body: api.Page[paymentFile]{Data: filesOf(files)},
	}, nil
}

func (h *House) getFile(ctx context.Context, c *api.Call) (api.Answer, error) {
	f, fetched, err := h.fileSeen(ctx, c)
	if err != nil {
		return api.Answer{}, err
	}
	return fileAnswer(f, fetched, 0), nil
}

func fileAnswer(f payments.PaymentFile, fetched []payments.Download, status int) api.Answer {
	body := fetchedFile{paymentFile: fileOf(f), Downloads: make([]download, len(fetched))}
	for i, d := range fetched {
		body.Downloads[i] = download(d)
	}
	return api.Answer{Status: status, Body: body}
}

// fileSeen is a file of a run of which who asks reaches something.
func (h *House) fileSeen(ctx context.Context, c *api.Call) (payments.PaymentFile, []payments.Download, error) {
	f, fetched, err := h.Payments.FileNamed(ctx, c.Path("file"))
	if err == nil {
		_, err = h.runSeen(ctx, c, f.Run)
	}
	return f, fetched, unseen(err)
}

// downloadFile gives the bytes, and counts that it did.
func (h *House) downloadFile(ctx context.Context, c *api.Call) (api.Answer, error) {
	if c.HeadOnly {
		f, _, err := h.Payments.FileNamed(ctx, c.Path("file"))
		return bytesAnswer(f), unseen(err)
	}
	f, err := h.Payments.Download(ctx, c.Who, c.Path("file"), c.Query("reason"))
	if errors.Is(err, payments.ErrNoReason) {
		text := contract.Text{
			French: "Ce fichier a déjà été téléchargé : dites pourquoi le reprendre.", English: "This file was fetched before: say why again.",
		}
		return api.Answer{}, &api.Fault{Status: http.StatusUnprocessableEntity, Code: "no_reason", Detail: text, Problems: []contract.Problem{
			{Pointer: "?reason", Code: "missing", Text: text},
		}}
	}
	if err != nil {
		return api.Answer{}, unseen(err)
	}
	return bytesAnswer(f), nil
}

func bytesAnswer(f payments.PaymentFile) api.Answer {
	head := http.Header{}
	head.Set("Repr-Digest", api.Digest(f.SHA256[:]))
	head.Set("ETag", `"`+f.SHA256.String()+`"`)
	return api.Answer{File: &api.File{Type: "application/xml", Name: f.Name, Head: head, Write: func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(f.Content))
		return err
	}}}
}

// voidFile makes a file worthless before the bank has it; the answer is the file, and its run has
// the one that replaces it.
func (h *House) voidFile(ctx context.Context, c *api.Call) (api.Answer, error) {
	var body struct {
		Reason string `json:"reason"`
	}
	if err := c.Read(&body); err != nil {
		return api.Answer{}, err
	}
	f, _, err := h.Payments.FileNamed(ctx, c.Path("file"))
	if err != nil {
		return api.Answer{}, unseen(err)
	}
	if _, err := h.runInHand(ctx, c, f.Run); err != nil {
		return api.Answer{}, err
	}
	if err := h.Payments.VoidFile(ctx, c.Who, f.Name, body.Reason); err != nil {
		return api.Answer{}, err
	}
	f, fetched, err := h.Payments.FileNamed(ctx, f.Name)
	return fileAnswer(f, fetched, http.StatusCreated), err
}
