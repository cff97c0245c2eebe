package payments

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"

	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/mandates"
	"masp/payments/sepa"
)

// PaymentFile is one file for the bank: the transfers of a run of one day, for the
// accounts whose bank reads one version of pain.001 (decisions 2).
type PaymentFile struct {
	ID          int64
	Run         string
	PainVersion string // "001.09" or "001.03"
	ExecuteOn   civil.Date
	MessageID   string
	Name        string
	ContentHash chain.Hash // of the run it comes from
	SHA256      chain.Hash // of its bytes
	Content     []byte
	Transfers   int
	Total       money.Amount
	BuiltAt     time.Time
	ReleasedAt  time.Time // zero: it has not left
	HandedAt    time.Time // zero: nobody said that the bank has it
	Void        bool
	Answer      BankAnswer // what the bank has said of it
	entries     []fileEntry
}

// BankAnswer is what the bank has told of a file by pain.002; empty: nothing yet.
type BankAnswer string

// The answers of a bank.
const (
	FileAccepted BankAnswer = "ACCEPTED"
	FilePartly   BankAnswer = "PARTLY"
	FileRejected BankAnswer = "REJECTED"
)

var frenchAnswers = map[BankAnswer]string{
	FileAccepted: "Accepté par la banque", FilePartly: "Accepté en partie par la banque",
	FileRejected: "Refusé par la banque",
}

// French is the answer as a page prints it; empty when there is none.
func (a BankAnswer) French() string { return frenchAnswers[a] }

// fileEntry is where an instruction stands in a file.
type fileEntry struct {
	instruction   int64
	paymentInfoID string
}

// fileMaker builds the files of a run. The same instructions give the same bytes: the
// instant and the anchor are stored with the file, never taken again.
type fileMaker struct {
	run       Run
	initiator string
	accounts  map[string]mandates.BankAccount
	anchor    chain.Hash // head of the books: the bank keeps twelve digits of it for us
	builtAt   time.Time
	made      int // files that the run already has: each one takes the next number
}

// build makes the files of the given transfers, one per version and day, the first day first.
func (m fileMaker) build(transfers []Instruction) ([]PaymentFile, error) {
	type key struct {
		on      civil.Date
		version string
	}
	groups := make(map[key][]Instruction)
	for _, t := range transfers {
		k := key{t.ExecuteOn, m.accounts[t.BankAccount].PainVersion}
		groups[k] = append(groups[k], t)
	}
	var keys []key
	for k := range groups {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b key) int {
		return cmp.Or(a.on.Compare(b.on), cmp.Compare(a.version, b.version))
	})
	var files []PaymentFile
	for i, k := range keys {
		f, err := m.file(m.made+i+1, k.version, k.on, groups[k])
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

// file makes the n-th file of the run. Its number stands in every identifier: two files of one
// day (two versions, a day made up for) never share one.
func (m fileMaker) file(n int, version string, on civil.Date, transfers []Instruction) (PaymentFile, error) {
	day := strings.ReplaceAll(on.String(), "-", "")
	f := PaymentFile{
		Run: m.run.ID, PainVersion: version, ExecuteOn: on, ContentHash: m.run.ContentHash,
		MessageID: fmt.Sprintf("V%06d-%s-%02d-%s", m.run.Number, day, n, m.anchor.String()[:12]),
		Name:      fmt.Sprintf("virements-%s-fichier%d-%s-pain.001.%s.xml", m.run.ID, n, on, version),
		Transfers: len(transfers), BuiltAt: m.builtAt,
	}
	batches := m.batches(transfers)
	for i := range batches {
		batches[i].id = fmt.Sprintf("V%06d-%s-%02d-%06d", m.run.Number, day, n, i+1)
		for _, t := range batches[i].transfers {
			f.Total = f.Total.Add(t.Amount)
			f.entries = append(f.entries, fileEntry{t.ID, batches[i].id})
		}
	}
	var err error
	if f.Content, err = m.write(f, batches); err != nil {
		return PaymentFile{}, err
	}
	f.SHA256 = sha256.Sum256(f.Content)
	return f, nil
}

// batch is the part of a file that one account pays.
type batch struct {
	id        string
	transfers []Instruction
}

// write gives the bytes of a file: stored facts in, the same bytes out, at any time.
func (m fileMaker) write(f PaymentFile, batches []batch) ([]byte, error) {
	message := sepa.File{
		Version: painVersion(f.PainVersion), MessageID: f.MessageID, CreatedAt: f.BuiltAt, InitiatingParty: m.initiator,
	}
	for _, part := range batches {
		b, err := m.sepaBatch(f.ExecuteOn, part)
		if err != nil {
			return nil, err
		}
		message.Batches = append(message.Batches, b)
	}
	var out bytes.Buffer
	if _, err := message.WriteTo(&out); err != nil {
		return nil, fmt.Errorf("write %s: %w", f.Name, err)
	}
	return out.Bytes(), nil
}

// batches groups transfers by the account that pays, in the order of the accounts; in a batch they
// stand in the order in which they were made, which is not that of the mandates once a part was
// computed again.
func (m fileMaker) batches(transfers []Instruction) []batch {
	sorted := slices.Clone(transfers)
	slices.SortFunc(sorted, func(a, b Instruction) int {
		return cmp.Or(cmp.Compare(a.BankAccount, b.BankAccount), cmp.Compare(a.ID, b.ID))
	})
	var out []batch
	for i, t := range sorted {
		if i == 0 || sorted[i-1].BankAccount != t.BankAccount {
			out = append(out, batch{})
		}
		last := &out[len(out)-1]
		last.transfers = append(last.transfers, t)
	}
	return out
}

// sepaBatch is a batch in the words of the bank.
func (m fileMaker) sepaBatch(on civil.Date, part batch) (sepa.Batch, error) {
	account := m.accounts[part.transfers[0].BankAccount]
	iban, err := sepa.ParseIBAN(account.IBAN)
	if err != nil {
		return sepa.Batch{}, fmt.Errorf("bank account %s: %w", account.ID, err)
	}
	b := sepa.Batch{
		PaymentInfoID: part.id, ExecuteOn: on,
		Debtor: sepa.Account{Name: account.Holder, IBAN: iban, BIC: sepa.BIC(account.BIC)},
	}
	for _, t := range part.transfers {
		to, err := sepa.ParseIBAN(t.IBAN)
		if err != nil {
			return sepa.Batch{}, fmt.Errorf("creditor %s: %w", t.Creditor, err)
		}
		b.Transfers = append(b.Transfers, sepa.Transfer{
			InstructionID: t.EndToEndID, EndToEndID: t.EndToEndID, Amount: t.Amount,
			Creditor: sepa.Party{Name: t.Name, IBAN: to}, Reference: t.Reference,
		})
	}
	return b, nil
}

func painVersion(stored string) sepa.Version {
	if stored == "001.03" {
		return sepa.Pain03
	}
	return sepa.Pain09
}
