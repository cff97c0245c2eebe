package bank

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"masp/api"
	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// statement is a statement as the page shows it.
type statement struct {
	Statement   string       `json:"statement"`
	IBAN        string       `json:"account"`
	BankAccount string       `json:"bank_account"`
	Ref         string       `json:"ref"`
	Kind        string       `json:"kind"`
	Opening     money.Amount `json:"opening"`
	Moved       money.Amount `json:"moved"`
	Closing     money.Amount `json:"closing"`
	From        civil.Date   `json:"from"`
	To          civil.Date   `json:"to"`
	State       string       `json:"state"`
	Reason      string       `json:"reason"`
	Explanation string       `json:"explanation"`
	Lines       int          `json:"lines"`
	Done        int          `json:"done"`
	File        string       `json:"file"`
	SHA256      string       `json:"sha256"`
	ReplacedBy  string       `json:"replaced_by"`
	ReceivedAt  time.Time    `json:"received_at"`
	Became      became       `json:"became"`
	Known       bool         `json:"already_known"`
}

type became struct{ Posted, Matched, Suspense, Ignored, Benefits int }

// The states of a statement, and what informs only.
const (
	accepted  = "accepted"
	importing = "importing"
	held      = "held"
	booked    = "BOOKED"
	dropped   = "DROPPED"
)

// Informs tells that it never enters the books: the day so far, or details.
func (s statement) Informs() bool { return s.Kind != booked }

// Waits tells that a person, the bank or another statement must do something.
func (s statement) Waits() bool { return s.State == held && !s.Informs() && s.Reason != dropped }

// Dropped tells that a person has given it up.
func (s statement) Dropped() bool { return s.Reason == dropped }

// Long tells that its lines are still on their way into the books.
func (s statement) Long() bool { return s.State == importing }

// Accepted tells that it is in the books.
func (s statement) Accepted() bool { return s.State == accepted }

// Period is the days of a statement in words.
func (s statement) Period() string {
	switch {
	case s.To.IsZero():
		return "sans date"
	case s.From.IsZero() || s.From == s.To:
		return "au " + s.To.FrenchShort()
	}
	return "du " + s.From.FrenchShort() + " au " + s.To.FrenchShort()
}

const shownAtOnce = "50"

// importsShown is the page of the files.
type importsShown struct {
	Waiting    []statement
	All        []statement
	Next       string
	Account    string
	State      string
	Unfiltered bool
}

// States are those that a list is looked through for.
func (importsShown) States() []pages.Choice {
	return []pages.Choice{
		{Value: "", Name: "Tous"},
		{Value: accepted, Name: "Acceptés"},
		{Value: held, Name: "En attente"},
		{Value: importing, Name: "En cours"},
	}
}

func showImports(ctx context.Context, v *pages.Visit) error {
	shown := importsShown{Account: strings.ToUpper(v.Query("compte")), State: v.Query("etat")}
	shown.Unfiltered = shown.Account == "" && shown.State == "" && v.Query("suite") == ""
	asked := url.Values{"limit": {shownAtOnce}}
	for name, value := range map[string]string{"bank_account": shown.Account, "state": shown.State, "cursor": v.Query("suite")} {
		if value != "" {
			asked.Set(name, value)
		}
	}
	var err error
	var next string
	if shown.All, next, err = pages.Some[statement](ctx, v, "/v1/bank_statements?"+asked.Encode()); err != nil {
		return err
	}
	if shown.Unfiltered {
		if shown.Waiting, err = heldStatements(ctx, v); err != nil {
			return err
		}
	}
	page := pageOf(v)
	shown.Next = nextPage(v, next, page)
	return v.Show("banque_imports.html", pages.Sheet{Title: numbered("Relevés de banque", page), Data: shown, Back: "/banque"})
}

// heldStatements are those that wait for somebody, the newest first.
func heldStatements(ctx context.Context, v *pages.Visit) (waiting []statement, err error) {
	const many = "200"
	for _, state := range []string{importing, held} {
		some, _, err := pages.Some[statement](ctx, v, "/v1/bank_statements?kind=BOOKED&state="+state+"&limit="+many)
		if err != nil {
			return nil, err
		}
		for _, st := range some {
			if st.Waits() || st.Long() {
				waiting = append(waiting, st)
			}
		}
	}
	return waiting, nil
}

// imported is what an import says it did.
type imported struct {
	Message    string      `json:"message"`
	Known      bool        `json:"already_known"`
	ReceivedAt time.Time   `json:"received_at"`
	Statements []statement `json:"statements"`
}

// importFile hands a file in. Which kind it is, its content says.
func importFile(ctx context.Context, v *pages.Visit) error {
	file, head, err := v.FormFile("fichier")
	if err != nil && !errors.Is(err, http.ErrMissingFile) {
		return err
	}
	if err != nil || head.Size == 0 {
		v.Form.Bad("fichier", "Choisissez le fichier de la banque.")
		return showImports(ctx, v)
	}
	defer func() { _ = file.Close() }() // only read
	said, err := handIn(ctx, v, file, head.Filename)
	if err != nil {
		if err = refusedFile(v, err); err != nil {
			return err
		}
		return showImports(ctx, v)
	}
	to := "/banque/imports"
	if len(said.Statements) == 1 && said.Statements[0].Statement != "" {
		to += "/" + said.Statements[0].Statement
	}
	return v.Done(to, short(said.Message))
}

// handIn sends the bytes to where statements go, and an answer to our payments to where answers go.
func handIn(ctx context.Context, v *pages.Visit, file io.ReadSeeker, name string) (said imported, err error) {
	asked := "?" + url.Values{"name": {nameOf(name)}}.Encode()
	head := func() http.Header { return http.Header{"Content-Type": {"application/octet-stream"}} }
	reply, err := v.Send(ctx, http.MethodPost, "/v1/bank_statements"+asked, head(), file)
	if pages.Code(err) == "wrong_type" {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return said, err
		}
		reply, err = v.Send(ctx, http.MethodPost, "/v1/payment_answers"+asked, head(), file)
	}
	if err != nil {
		return said, err
	}
	return said, json.Unmarshal(reply.Body, &said)
}

const longestName = 120

// nameOf is a name for a file that the contract takes.
func nameOf(name string) string {
	name = strings.ToValidUTF8(name, "_")
	for len(name) > longestName {
		_, size := utf8.DecodeRuneInString(name)
		name = name[size:] // its end says the kind
	}
	if name == "" {
		return "fichier"
	}
	return name
}

// refusedFile puts what was wrong with a file at its field: nothing of it was kept.
func refusedFile(v *pages.Visit, err error) error {
	fault, ok := errors.AsType[*api.Fault](err)
	if !ok || fault.Status != http.StatusUnprocessableEntity && fault.Status != http.StatusRequestEntityTooLarge {
		return v.Form.Refused(err)
	}
	v.Form.Bad("fichier", fault.Detail.French)
	const most = 10
	for i, p := range fault.Problems {
		if i == most {
			break
		}
		if !strings.Contains(fault.Detail.French, strings.TrimSuffix(p.Text.French, ".")) {
			v.Form.Bad("", pages.Capital(p.Text.French))
		}
	}
	return nil
}

const longestWord = 900 // bytes that a cookie carries well

// short is a message that fits the next page.
func short(said string) string {
	if len(said) <= longestWord {
		return said
	}
	return strings.ToValidUTF8(said[:longestWord], "") + "…"
}
