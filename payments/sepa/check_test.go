package sepa

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// invented is the IBAN of an account that no bank has.
func invented(account int) IBAN {
	iban, err := MakeFrenchIBAN("99999", "00001", fmt.Sprintf("%011d", account))
	if err != nil {
		panic(err)
	}
	return iban
}

// sample is a small right file.
func sample() File {
	day := civil.MustParse("2026-11-24")
	return File{
		MessageID: "M000042-1", InitiatingParty: "Association Les Genêts",
		CreatedAt: time.Date(2026, 11, 23, 9, 30, 15, 999, time.UTC),
		Batches: []Batch{{
			PaymentInfoID: "M000042-1-1", ExecuteOn: day,
			Debtor: Account{Name: "Éléonore Lefèvre", IBAN: invented(1), BIC: "ZZZZFRPP"},
			Transfers: []Transfer{{
				InstructionID: "I1", EndToEndID: "P000042-0001", Amount: money.MustParse("412.50"),
				Creditor: Party{Name: "Office de l’Habitat & Cie", IBAN: invented(900)}, Reference: "Loyer 11/2026, réf. A-17",
			}, {
				EndToEndID: "P000042-0002", Amount: money.MustParse("0.01"),
				Creditor: Party{Name: "Régie des Eaux", IBAN: invented(901), Address: &Address{
					Street: "rue du Puits", Building: "4 bis", PostCode: "99999", Town: "Mers-sur-Œuf", Country: "FR",
				}},
			}},
		}, {
			PaymentInfoID: "M000042-1-2", ExecuteOn: day,
			Debtor: Account{Name: "Jean Moreau", IBAN: invented(2)},
			Transfers: []Transfer{{
				EndToEndID: "P000042-0003", Amount: money.MustParse("999999999.99"),
				Creditor: Party{Name: strings.Repeat("N", 70), IBAN: invented(902)}, Reference: strings.Repeat("r", 140),
			}},
		}},
	}
}

// spoiled are right files made wrong in one way; want is code, place and a part
// of the sentence.
var spoiled = []struct {
	name  string
	spoil func(*File)
	want  string
}{
	{"no batch", func(f *File) { f.Batches = nil }, "empty fichier aucun virement"},
	{"a batch without transfers", func(f *File) { f.Batches[1].Transfers = nil }, "empty lot 2 (M000042-1-2) aucun"},
	{"unknown version", func(f *File) { f.Version = 7 }, "version fichier Version"},
	{"no time", func(f *File) { f.CreatedAt = time.Time{} }, "created fichier manque"},
	{"no message id", func(f *File) { f.MessageID = "" }, "identifier fichier il en a 0"},
	{"a double slash", func(f *File) { first(f).EndToEndID = "A//B" }, "identifier lot 1, virement 1 (A//B) « // »"},
	{"an accent in an id", func(f *File) { first(f).EndToEndID = "É" }, "identifier lot 1, virement 1 (É) caractère"},
	{
		"an id of 36", func(f *File) { first(f).InstructionID = strings.Repeat("x", 36) },
		"identifier lot 1, virement 1 (P000042-0001) il en a 36",
	},
	{
		"an id twice in two batches", func(f *File) { f.Batches[1].Transfers[0].EndToEndID = "P000042-0001" },
		"duplicate lot 2, virement 1 (P000042-0001) déjà",
	},
	{"a PmtInfId twice", func(f *File) { f.Batches[1].PaymentInfoID = "M000042-1-1" }, "duplicate lot 2 (M000042-1-1) déjà"},
	{
		"a name of 71", func(f *File) { first(f).Creditor.Name = strings.Repeat("é", 71) },
		"name lot 1, virement 1 (P000042-0001) 71 caractères",
	},
	{"a name that grows to 71", func(f *File) { first(f).Creditor.Name = strings.Repeat("x", 69) + "œ" }, "name lot 1, virement 1 (P000042-0001) 71"},
	{"no name", func(f *File) { first(f).Creditor.Name = " " }, "name lot 1, virement 1 (P000042-0001) manque"},
	{"a name in unknown letters", func(f *File) { first(f).Creditor.Name = "漢字" }, "name lot 1, virement 1 (P000042-0001) latines"},
	{
		"a reference of 141", func(f *File) { first(f).Reference = strings.Repeat("x", 141) },
		"reference lot 1, virement 1 (P000042-0001) 141",
	},
	{"no IBAN", func(f *File) { first(f).Creditor.IBAN = IBAN{} }, "iban lot 1, virement 1 (P000042-0001) destinataire"},
	{
		"an IBAN outside SEPA", func(f *File) { first(f).Creditor.IBAN = MustParseIBAN("TN5910006035183598478831") },
		"iban lot 1, virement 1 (P000042-0001) zone SEPA",
	},
	{"no debtor account", func(f *File) { f.Batches[0].Debtor.IBAN = IBAN{} }, "iban lot 1 (M000042-1-1) débiter"},
	{"a wrong BIC", func(f *File) { f.Batches[0].Debtor.BIC = "x" }, "bic lot 1 (M000042-1-1) BIC"},
	{"zero euros", func(f *File) { first(f).Amount = money.Amount{} }, "amount lot 1, virement 1 (P000042-0001) 0,00"},
	{"a negative amount", func(f *File) { first(f).Amount = money.Cents(-1) }, "amount lot 1, virement 1 (P000042-0001) -0,01"},
	{
		"a billion", func(f *File) { first(f).Amount = money.MustParse("1000000000.00") },
		"amount lot 1, virement 1 (P000042-0001) 999",
	},
	{
		"a Sunday", func(f *File) { f.Batches[0].ExecuteOn = civil.MustParse("2026-11-29") },
		"day lot 1 (M000042-1-1) 30 novembre 2026",
	},
	{
		"Good Friday", func(f *File) { f.Batches[0].ExecuteOn = civil.MustParse("2027-03-26") },
		"day lot 1 (M000042-1-1) 30 mars 2027",
	},
	{"a day already past", func(f *File) { f.Batches[0].ExecuteOn = civil.MustParse("2026-11-20") }, "day lot 1 (M000042-1-1) passé"},
	{"no day", func(f *File) { f.Batches[0].ExecuteOn = civil.Date{} }, "day lot 1 (M000042-1-1) manque"},
	{
		"an address without town", func(f *File) { first(f).Creditor.Address = &Address{Country: "FR"} },
		"address lot 1, virement 1 (P000042-0001) ville",
	},
	{"a street of 71", func(f *File) {
		first(f).Creditor.Address = &Address{Street: strings.Repeat("x", 71), Town: "Y", Country: "FR"}
	}, "address lot 1, virement 1 (P000042-0001) 70"},
	{
		"the measure in a reference", func(f *File) { first(f).Reference = "MASP loyer" },
		"secrecy lot 1, virement 1 (P000042-0001) « MASP »",
	},
	{"a benefit in an id", func(f *File) { first(f).EndToEndID = "RSA-1" }, "secrecy lot 1, virement 1 (RSA-1) « RSA »"},
	{
		"the measure in the debtor's name", func(f *File) { f.Batches[0].Debtor.Name = "Mandat de gestion Moreau" },
		"secrecy lot 1 (M000042-1-1) MANDAT",
	},
}

func first(f *File) *Transfer { return &f.Batches[0].Transfers[0] }

func TestEveryProblemIsFoundBeforeAByteIsWritten(t *testing.T) {
	t.Parallel()
	for _, c := range spoiled {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := sample()
			c.spoil(&f)
			var out bytes.Buffer
			_, err := f.WriteTo(&out)
			var refused *RefusedError
			if !errors.As(err, &refused) || len(refused.Problems) != 1 || out.Len() > 0 {
				t.Fatalf("got %v and %d bytes, want one problem and no byte", err, out.Len())
			}
			p := refused.Problems[0]
			code, rest, _ := strings.Cut(c.want, " ")
			if p.Code != code || !strings.HasPrefix(rest, p.Place()) ||
				!strings.Contains(p.French, strings.TrimSpace(strings.TrimPrefix(rest, p.Place()))) {
				t.Errorf("got %s %s %q, want %s", p.Code, p.Place(), p.French, c.want)
			}
		})
	}
}

func TestACreditorMayBeNamedAsItIs(t *testing.T) {
	t.Parallel()
	f := sample()
	f.Batches[0].Transfers[0].Creditor.Name = "Caisse d'allocations familiales"
	if got := f.Check(); got != nil {
		t.Errorf("got %v, want no problem: the creditor learns nothing from its own name", got)
	}
}

func TestARefusalListsItsProblemsInFrench(t *testing.T) {
	t.Parallel()
	f := sample()
	f.Batches[0].Transfers[0].Creditor.Name = ""
	f.Batches[0].Transfers[1].Creditor.Name = ""
	err := &RefusedError{f.Check()}
	if got, want := err.Error(), "payment file refused: name ×2"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := err.French(), "lot 1, virement 2 (P000042-0002) : Le nom manque"; !strings.Contains(got, want) {
		t.Errorf("got %q, want it to contain %q", got, want)
	}
}
