package sepa

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"

	"masp/ledger/civil"
	"masp/ledger/money"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func written(t testing.TB, f File) []byte {
	t.Helper()
	var out bytes.Buffer
	n, err := f.WriteTo(&out)
	if err != nil || n != int64(out.Len()) {
		t.Fatalf("got %d bytes of %d and error %v, want all written", n, out.Len(), err)
	}
	return out.Bytes()
}

func TestWrittenFilesAreTheGoldenOnesAndFitTheSchemas(t *testing.T) {
	t.Parallel()
	for _, version := range []Version{Pain09, Pain03} {
		t.Run(version.String(), func(t *testing.T) {
			t.Parallel()
			f := sample()
			f.Version = version
			got := written(t, f)
			golden := filepath.Join("testdata", version.String()+".xml")
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			validate(t, version, got)
		})
	}
}

func TestTheSameContentGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	first, second := sample(), sample()
	second.CreatedAt = second.CreatedAt.In(civil.Paris).Add(-time.Nanosecond)
	if !bytes.Equal(written(t, first), written(t, second)) {
		t.Error("got two files, want one: zone and fractions of a second are no content")
	}
}

func TestAFullDiskIsReported(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	if _, err := sample().WriteTo(refusing{full}); !errors.Is(err, full) {
		t.Errorf("got %v, want %v", err, full)
	}
}

type refusing struct{ err error }

func (r refusing) Write([]byte) (int, error) { return 0, r.err }

// message is an independent, tiny reader of pain.001, for both versions.
type message struct {
	Count  int          `xml:"CstmrCdtTrfInitn>GrpHdr>NbOfTxs"`
	Sum    string       `xml:"CstmrCdtTrfInitn>GrpHdr>CtrlSum"`
	ID     string       `xml:"CstmrCdtTrfInitn>GrpHdr>MsgId"`
	PmtInf []readPmtInf `xml:"CstmrCdtTrfInitn>PmtInf"`
}

type readPmtInf struct {
	ID    string `xml:"PmtInfId"`
	Count int    `xml:"NbOfTxs"`
	Sum   string `xml:"CtrlSum"`
	Day   struct {
		Direct string `xml:",chardata"` // .03
		Dt     string // .09
	} `xml:"ReqdExctnDt"`
	IBAN string `xml:"DbtrAcct>Id>IBAN"`
	Tx   []struct {
		EndToEnd string `xml:"PmtId>EndToEndId"`
		Amount   string `xml:"Amt>InstdAmt"`
		IBAN     string `xml:"CdtrAcct>Id>IBAN"`
		Text     string `xml:"RmtInf>Ustrd"`
	} `xml:"CdtTrfTxInf"`
}

// anyFile draws right files, with texts of all scripts.
func anyFile() *rapid.Generator[File] {
	return rapid.Custom(func(t *rapid.T) File {
		day := civil.NextTARGET(civil.MustParse("2026-11-21").AddDays(rapid.IntRange(0, 900).Draw(t, "day")))
		f := File{
			Version: Version(rapid.IntRange(0, 1).Draw(t, "version")), MessageID: "M1", InitiatingParty: "Assoc",
			CreatedAt: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC),
		}
		serial := 0
		for i := range rapid.IntRange(1, 4).Draw(t, "batches") {
			b := Batch{PaymentInfoID: fmt.Sprintf("B%d", i), ExecuteOn: day, Debtor: Account{Name: "Zoé", IBAN: invented(i)}}
			for range rapid.IntRange(1, 6).Draw(t, "transfers") {
				serial++
				b.Transfers = append(b.Transfers, Transfer{
					EndToEndID: fmt.Sprintf("P-%d", serial),
					Amount:     money.Cents(rapid.Int64Range(1, 99_999_999_999).Draw(t, "cents")),
					Creditor: Party{
						Name: "x" + rapid.StringN(0, 15, 60).Draw(t, "name"),
						IBAN: invented(rapid.IntRange(0, 1e9).Draw(t, "account")),
					},
					Reference: "n" + rapid.StringN(0, 30, 100).Draw(t, "reference"),
				})
			}
			f.Batches = append(f.Batches, b)
		}
		return f
	})
}

func TestAnotherReaderFindsTheSameSumsAndIdentifiers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := anyFile().Draw(t, "file")
		if problems := f.Check(); problems != nil {
			t.Skip(problems) // a drawn text may be a secret word, or grow too long
		}
		var out bytes.Buffer
		if _, err := f.WriteTo(&out); err != nil {
			t.Fatal(err)
		}
		var got message
		if err := xml.Unmarshal(out.Bytes(), &got); err != nil {
			t.Fatalf("got unreadable XML: %v", err)
		}
		count, sum := f.Total()
		if got.ID != f.MessageID || got.Count != count || got.Sum != sum.String() || len(got.PmtInf) != len(f.Batches) {
			t.Fatalf("got %s %d %s, want %s %d %s", got.ID, got.Count, got.Sum, f.MessageID, count, sum)
		}
		for i, b := range f.Batches {
			same(t, got.PmtInf[i], b)
		}
	})
}

func same(t *rapid.T, got readPmtInf, want Batch) {
	day := got.Day.Direct + got.Day.Dt
	if got.ID != want.PaymentInfoID || got.Count != len(want.Transfers) || got.Sum != want.Total().String() ||
		day != want.ExecuteOn.String() || got.IBAN != want.Debtor.IBAN.String() {
		t.Fatalf("got %+v, want %+v", got, want)
	}
	for i, transfer := range want.Transfers {
		tx := got.Tx[i]
		if tx.EndToEnd != transfer.EndToEndID || tx.Amount != transfer.Amount.String() ||
			tx.IBAN != transfer.Creditor.IBAN.String() || tx.Text != Transliterate(transfer.Reference) {
			t.Fatalf("got %+v, want %+v", tx, transfer)
		}
	}
}

// large is a file of n transfers over accounts of 50 transfers each.
func large(n int) File {
	f := sample()
	f.Batches = nil
	for at := 0; at < n; at += 50 {
		b := Batch{
			PaymentInfoID: fmt.Sprintf("M000042-%06d", at), ExecuteOn: civil.MustParse("2026-11-24"),
			Debtor: Account{Name: "Éléonore Lefèvre", IBAN: invented(at), BIC: "ZZZZFRPP"},
		}
		for i := at; i < min(at+50, n); i++ {
			b.Transfers = append(b.Transfers, Transfer{
				InstructionID: fmt.Sprintf("I%09d", i), EndToEndID: fmt.Sprintf("P000042-%06d", i),
				Amount:    money.Cents(int64(1 + i)),
				Creditor:  Party{Name: "Office Public de l'Habitat des Genets", IBAN: invented(1000 + i%700)},
				Reference: "Loyer et charges 11/2026, contrat A-17-2026",
			})
		}
		f.Batches = append(f.Batches, b)
	}
	return f
}

func TestALargeFileFitsTheSchema(t *testing.T) {
	t.Parallel()
	validate(t, Pain09, written(t, large(5_000)))
}

// BenchmarkWriteTo measures the check and the writing together.
func BenchmarkWriteTo(b *testing.B) {
	f := large(100_000)
	n, err := f.WriteTo(io.Discard)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(n)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.WriteTo(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
