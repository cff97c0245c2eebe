package control

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"masp/ledger/civil"
	"masp/ledger/unit"
)

// parcel is a zip that is being written: each file at the same moment, its hash kept for SHA256SUMS.
type parcel struct {
	zip  *zip.Writer
	sums strings.Builder
}

// zipTime is the time of every file in an archive: the same books give the same bytes.
var zipTime = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func (p *parcel) file(name string, write func(io.Writer) error) error {
	out, err := p.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: zipTime})
	if err != nil {
		return err
	}
	sum := sha256.New()
	if err := write(io.MultiWriter(out, sum)); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	fmt.Fprintf(&p.sums, "%s  %s\n", hex.EncodeToString(sum.Sum(nil)), name)
	return nil
}

func (p *parcel) text(name, text string) error {
	return p.file(name, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

func (p *parcel) json(name string, value any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(value); err != nil {
		return err
	}
	return p.text(name, b.String())
}

// proof is what the traces of a sample name: files and acts, each once.
type proof struct {
	banks map[string]bool // hashes of files of the bank
	files map[string]bool // names of payment files
	acts  map[string]Link
}

func (of *proof) gather(t Trace) {
	for _, l := range t.Links {
		switch {
		case (l.Kind == BankLine || l.Kind == Answer) && l.Hash != "":
			of.banks[l.Hash] = true
		case l.Kind == File:
			of.files[l.ID] = true
		case l.Kind == Act:
			of.acts[l.ID] = l
		}
	}
}

// writeArchive writes the list of a sample and its pieces.
func writeArchive(ctx context.Context, tx unit.Querier, s Sample, pieces bool, out io.Writer) error {
	p := &parcel{zip: zip.NewWriter(out)}
	if err := p.text("LISEZMOI.txt", readMe(s, pieces)); err != nil {
		return err
	}
	if err := p.json("sondage.json", s); err != nil {
		return err
	}
	list, err := listOf(ctx, tx, s)
	if err != nil {
		return err
	}
	if err := p.text("echantillon.csv", list); err != nil {
		return err
	}
	of := &proof{map[string]bool{}, map[string]bool{}, map[string]Link{}}
	for _, item := range s.Items {
		t, err := traceTx(ctx, tx, Ref{Kind: Entry, Number: item.Entry}, s.Plan.Mandate, DefaultMost)
		if err != nil {
			return err
		}
		of.gather(t)
		name := fmt.Sprintf("ecritures/%09d", item.Entry)
		if err := p.text(name+".txt", t.Text()); err != nil {
			return err
		}
		if err := p.json(name+".json", t); err != nil {
			return err
		}
	}
	if err := p.text("approbations.csv", actsSheet(of.acts)); err != nil {
		return err
	}
	if pieces {
		if err := p.pieces(ctx, tx, of); err != nil {
			return err
		}
	}
	sums := p.sums.String()
	if err := p.text("SHA256SUMS", sums); err != nil {
		return err
	}
	return p.zip.Close()
}

// pieces writes the files as they came from the bank and as they left for it.
func (p *parcel) pieces(ctx context.Context, tx unit.Querier, of *proof) error {
	for _, hash := range slices.Sorted(maps.Keys(of.banks)) {
		name, err := bankFileName(ctx, tx, hash)
		if err != nil {
			return err
		}
		err = p.file("banque/"+hash[:12]+"-"+fileName(name), func(w io.Writer) error { return copyBankFile(ctx, tx, hash, w) })
		if err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(of.files)) {
		err := p.file("virements/"+fileName(name), func(w io.Writer) error { return copyPaymentFile(ctx, tx, name, w) })
		if err != nil {
			return err
		}
	}
	return nil
}

// fileName keeps of a name what every file system takes.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_' {
			return r
		}
		return '_'
	}, name)
}

// listOf is the list of a sample, with what an auditor ticks off.
func listOf(ctx context.Context, tx unit.Querier, s Sample) (string, error) {
	all, err := readListed(ctx, tx, s.Numbers())
	if err != nil {
		return "", err
	}
	list := newSheet("Écriture", "Journal", "N° dans le journal", "Date", "Date banque", "Nature", "Libellé", "Montant",
		"Strate", "Nombre tiré", "Certaine", "Centimes tirés", "Pièce", "SHA-256")
	for _, item := range s.Items {
		l := all[item.Entry]
		certain, hits := "", ""
		if item.Certain {
			certain = "oui"
		}
		if item.Hits > 0 {
			hits = plain(int64(item.Hits))
		}
		list.row(plain(item.Entry), l.journal, plain(l.inJournal), l.on.FrenchShort(), dayOrNone(l.booked), frenchKind(l.kind), inert(l.label),
			frenchNumber(item.Value), inert(item.Stratum), item.Number, certain, hits, inert(l.source), hex.EncodeToString(l.hash))
	}
	return list.String(), nil
}

func dayOrNone(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.FrenchShort()
}

// actsSheet lists who prepared and who approved what the sample paid.
func actsSheet(acts map[string]Link) string {
	s := newSheet("Acte", "Quoi", "Quand", "Contenu signé (SHA-256)")
	all := slices.SortedFunc(maps.Values(acts), func(a, b Link) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	for _, l := range all {
		s.row(l.ID, inert(l.What), l.At.In(civil.Paris).Format("02/01/2006 15:04:05"), l.Hash)
	}
	return s.String()
}
