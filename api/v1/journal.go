package v1

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"masp/api"
	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/ledger/unit"
)

func (h *House) bookOperations() []api.Operation {
	return []api.Operation{
		{ID: "listJournalEntries", Action: auth.ReadJournal, Do: h.listEntries},
		{ID: "getJournalEntry", Action: auth.ReadJournal, Do: h.getEntry},
		{ID: "reverseJournalEntry", Action: auth.CorrectJournal, Do: h.reverseEntry},
		{ID: "listAccounts", Action: auth.ReadJournal, Do: h.listAccounts},
		{ID: "getAccount", Action: auth.ReadJournal, Do: h.getAccount},
		{ID: "getBalance", Action: auth.ReadJournal, Do: h.getBalance},
		{ID: "listAccountLines", Action: auth.ReadJournal, Do: h.listAccountLines},
		{ID: "previewExport", Action: auth.ReadExports, Do: h.previewExport},
		{ID: "getAccountStatement", Action: auth.ReadPersons, Do: h.accountStatement},
		{ID: "listClosings", Action: auth.ReadProof, Do: h.listClosings},
		{ID: "closeMonth", Action: auth.LockDays, Do: h.closeMonth},
		// The head is nobody's: also who reads a part takes it home, outside of the restricted view.
		{ID: "getVerification", Action: auth.ReadProof, Do: h.getVerification, Alone: true},
		{ID: "listFileReads", Action: auth.ReadEvents, Do: h.listFileReads},
		{ID: "listEvents", Action: auth.ReadEvents, Do: h.listEvents},
		{ID: "exportLedger", Action: auth.ReadExports, Do: h.exportLedger},
		{ID: "exportBundle", Action: auth.ExportEvidence, Do: h.exportBundle},
	}
}

// entry is a JournalEntry of the contract.
type entry struct {
	Entry         string         `json:"entry"`
	Number        int64          `json:"number"`
	Journal       ledger.Journal `json:"journal"`
	JournalNumber int64          `json:"journal_number"`
	Kind          ledger.Kind    `json:"kind"`
	PostedOn      civil.Date     `json:"posted_on"`
	BookedOn      civil.Date     `json:"booked_on,omitzero"`
	ValueOn       civil.Date     `json:"value_on,omitzero"`
	Source        string         `json:"source"`
	Label         string         `json:"label"`
	By            string         `json:"by"`
	At            time.Time      `json:"at"`
	Amount        money.Amount   `json:"amount"`
	Reverses      string         `json:"reverses,omitempty"`
	ReversedBy    string         `json:"reversed_by,omitempty"`
	BankLine      string         `json:"bank_line,omitempty"`
	Payments      []string       `json:"payments"`
	Postings      []posting      `json:"postings,omitempty"`
}

func (h *House) entryOf(e entryRow) entry {
	out := entry{
		Entry: h.entryID(e.No), Number: e.No, Journal: e.Journal, JournalNumber: e.InJournal, Kind: e.Kind,
		PostedOn: e.PostedOn, BookedOn: e.BookedOn, ValueOn: e.ValueOn, Source: e.Source, Label: e.Label, By: e.Actor,
		At: e.At, Amount: e.Amount, Payments: append([]string{}, e.Payments...),
	}
	if e.Reverses > 0 {
		out.Reverses = h.entryID(e.Reverses)
	}
	if e.ReversedBy > 0 {
		out.ReversedBy = h.entryID(e.ReversedBy)
	}
	if e.Line > 0 {
		out.BankLine = h.seal.ID(lineKind, e.Line)
	}
	return out
}

// listEntries gives entries in the order of the books.
func (h *House) listEntries(ctx context.Context, c *api.Call) (api.Answer, error) {
	w := entriesWanted{
		journal: c.Query("journal"), kind: c.Query("kind"), source: c.Query("source"),
		account: c.Query("account"), mandate: c.Query("mandate"), most: c.Limit() + 1,
	}
	var err error
	if w.from, w.to, err = daysAsked(c); err != nil {
		return api.Answer{}, err
	}
	if w.after, err = h.afterNumber(c, entryKind); err != nil {
		return api.Answer{}, err
	}
	found, err := readEntries(ctx, unit.Reader(ctx, h.DB), w)
	if err != nil {
		return api.Answer{}, err
	}
	page := api.Page[entry]{Data: []entry{}, HasMore: len(found) > c.Limit()}
	for _, e := range found[:min(len(found), c.Limit())] {
		page.Data = append(page.Data, h.entryOf(e))
	}
	if page.HasMore {
		page.NextCursor = c.Cursor(page.Data[len(page.Data)-1].Entry)
	}
	return api.Answer{Body: page, Many: true}, nil
}

// afterNumber is the sealed number that a page begins after; zero for the first page.
func (h *House) afterNumber(c *api.Call, kind string) (int64, error) {
	after, err := c.After()
	if err != nil || after == "" {
		return 0, err
	}
	return h.seal.Number(kind, after)
}

func (h *House) getEntry(ctx context.Context, c *api.Call) (api.Answer, error) {
	no, err := h.seal.Number(entryKind, c.Path("entry"))
	if err != nil {
		return api.Answer{}, err
	}
	q := unit.Reader(ctx, h.DB)
	e, err := readEntry(ctx, q, no)
	if err != nil {
		return api.Answer{}, err
	}
	out := h.entryOf(e)
	out.Postings, err = readPostings(ctx, q, no)
	return api.Answer{Body: out}, err
}

// account is an Account of the contract.
type account struct {
	Account string        `json:"account"`
	PCG     string        `json:"pcg"`
	Owner   string        `json:"owner"`
	Sub     string        `json:"sub,omitempty"`
	On      civil.Date    `json:"on,omitzero"`
	Balance *money.Amount `json:"balance,omitempty"`
}

func (h *House) listAccounts(ctx context.Context, c *api.Call) (api.Answer, error) {
	after, err := c.After()
	if err != nil {
		return api.Answer{}, err
	}
	found, err := readAccounts(ctx, unit.Reader(ctx, h.DB), after, c.Query("pcg"), c.Query("owner"), c.Limit()+1)
	if err != nil {
		return api.Answer{}, err
	}
	page := api.Page[account]{Data: []account{}, HasMore: len(found) > c.Limit()}
	for _, a := range found[:min(len(found), c.Limit())] {
		page.Data = append(page.Data, account{Account: a.Code, PCG: a.PCG, Owner: a.Owner, Sub: a.Sub, Balance: a.Balance})
	}
	if page.HasMore {
		page.NextCursor = c.Cursor(page.Data[len(page.Data)-1].Account)
	}
	return api.Answer{Body: page, Many: true}, nil
}

// getAccount is an account with its balance at the end of a day, today by default.
func (h *House) getAccount(ctx context.Context, c *api.Call) (api.Answer, error) {
	q, code := unit.Reader(ctx, h.DB), ledger.Code(c.Path("account"))
	known, err := knowsAccount(ctx, q, string(code))
	if err != nil {
		return api.Answer{}, err
	}
	if !known {
		return api.Answer{}, api.NotFound()
	}
	on, err := ledger.Today(ctx, q)
	if err == nil && c.Has("on") {
		if on, err = civil.Parse(c.Query("on")); err != nil {
			err = wrongParameter("?on")
		}
	}
	if err != nil {
		return api.Answer{}, err
	}
	s, err := h.Ledger.AccountStatement(ctx, q, code, on, on)
	if err != nil {
		return api.Answer{}, err
	}
	_, sub, _ := strings.Cut(strings.TrimPrefix(string(code), code.PCG()+":"), ":")
	return api.Answer{Body: account{
		Account: string(code), PCG: code.PCG(), Owner: code.Owner(), Sub: sub, On: on, Balance: &s.Closing,
	}}, nil
}

func (h *House) listClosings(ctx context.Context, c *api.Call) (api.Answer, error) {
	all, err := readClosings(ctx, unit.Reader(ctx, h.DB))
	if err != nil {
		return api.Answer{}, err
	}
	return api.Paged(c, all, func(one monthClosing) string { return fmt.Sprintf("%012d", one.number) }, descending)
}

// closeMonth closes a month that is over, or with a reason opens the last closed one again.
func (h *House) closeMonth(ctx context.Context, c *api.Call) (api.Answer, error) {
	var ask struct {
		Month  civil.Month `json:"month"`
		Reopen string      `json:"reopen"`
	}
	if err := c.Read(&ask); err != nil {
		return api.Answer{}, err
	}
	done, err := h.shutMonth(ctx, c.Who, ask.Month, ask.Reopen)
	if err != nil {
		return api.Answer{}, err
	}
	one := monthClosing{Month: done.Month.String(), Act: "close", By: done.Actor, At: done.At}
	if done.Reopened {
		one.Act = "reopen"
	}
	return api.Answer{Status: http.StatusCreated, Body: one, Location: "/v1/closings"}, nil
}

// getVerification is where the books and the log of acts stand: what is printed and kept elsewhere, so
// that a later proof (masp verify --head) finds whatever was taken away since.
func (h *House) getVerification(ctx context.Context, _ *api.Call) (api.Answer, error) {
	q := unit.Reader(ctx, h.DB)
	head, err := h.Ledger.Head(ctx, q)
	if err != nil {
		return api.Answer{}, err
	}
	through, err := h.Ledger.ClosedThrough(ctx, q)
	if err != nil {
		return api.Answer{}, err
	}
	sealed, at, err := lastSeal(ctx, q)
	if err != nil {
		return api.Answer{}, err
	}
	return api.Answer{Body: struct {
		Entries       int64      `json:"entries"`
		Seals         int64      `json:"seals"`
		Acts          int64      `json:"acts"`
		Head          string     `json:"head"`
		ClosedThrough civil.Date `json:"closed_through,omitzero"`
		SealedDay     string     `json:"sealed_day,omitempty"`
		SealedAt      time.Time  `json:"sealed_at,omitzero"`
	}{head.LastEntry, head.Batch, int64(head.Acts.Seq), head.String(), through, sealed, at}}, nil
}
