package evidence_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"masp/payments/evidence"
	"masp/payments/evidence/check"
)

func held(seals []evidence.Seal) []check.Seal {
	var list []check.Seal
	for _, s := range seals {
		list = append(list, check.Seal{
			Name: s.FileName(), At: s.At, Batch: s.Books.Batch, Head: s.Books.Head, Act: s.Acts.No, ActHash: s.Acts.Hash, Read: s.Reads.No, ReadSum: s.Reads.Hash,
		})
	}
	return list
}

// repacked is a bundle with other contents; with sums the lists of sums agree with them again.
func repacked(t *testing.T, names []string, content map[string][]byte, sums bool) []byte {
	t.Helper()
	if sums {
		correct(t, names, content)
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range names {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content[name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// correct does what a careful forger does: both lists of sums tell the bytes as they are.
func correct(t *testing.T, names []string, content map[string][]byte) {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(content["manifest.json"], &m); err != nil {
		t.Fatal(err)
	}
	var listed []any
	for _, name := range names {
		if name != "manifest.json" && name != "SHA256SUMS" {
			listed = append(listed, map[string]any{
				"name": name, "bytes": len(content[name]), "sha256": fmt.Sprintf("%x", sha256.Sum256(content[name])),
			})
		}
	}
	m["pieces"] = listed
	var err error
	if content["manifest.json"], err = json.Marshal(m); err != nil {
		t.Fatal(err)
	}
	var sums strings.Builder
	for _, name := range names {
		if name != "SHA256SUMS" {
			fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(content[name]), name)
		}
	}
	content["SHA256SUMS"] = []byte(sums.String())
}

// The ways in which the lines of a piece are forged; the first line may be a heading.
func replaced(old, with string) func([]string) []string {
	return func(lines []string) []string {
		for i := range lines {
			if strings.Contains(lines[i], old) {
				lines[i] = strings.Replace(lines[i], old, with, 1)
				return lines
			}
		}
		return nil
	}
}

func removed(n int) func([]string) []string {
	return func(lines []string) []string { return slices.Delete(lines, n, n+1) }
}

func inserted(n int) func([]string) []string {
	return func(lines []string) []string { return slices.Insert(lines, n, lines[n]) }
}

func swapped(n int) func([]string) []string {
	return func(lines []string) []string {
		lines[n], lines[n+1] = lines[n+1], lines[n]
		return lines
	}
}

func cutTail(lines []string) []string { return lines[:len(lines)-1] }

var forgeries = []struct {
	name, piece string
	forge       func([]string) []string
	place       string // of some finding
}{
	{"an amount of an entry", "chaine/ecritures.jsonl", replaced(`"cents":57349`, `"cents":57348`), "chaine/ecritures.jsonl, ligne "},
	{"a label", "chaine/ecritures.jsonl", replaced("REMBOURSEMENT MERCI", "REMBOURSEMENT ENCORE"), "chaine/ecritures.jsonl, ligne "},
	{"a day", "chaine/ecritures.jsonl", replaced(`"value_on":"2026-11-05"`, `"value_on":"2026-11-04"`), "chaine/ecritures.jsonl, ligne "},
	{"an actor", "chaine/ecritures.jsonl", replaced(`"actor":"k.perrin"`, `"actor":"k.sauvage"`), "chaine/ecritures.jsonl, ligne "},
	{"a leaf", "chaine/ecritures.jsonl", replaced(`"leaf":"`, `"leaf":"0`), "chaine/ecritures.jsonl, ligne 1"},
	{"an unknown field", "chaine/ecritures.jsonl", replaced(`"journal":`, `"x":1,"journal":`), "chaine/ecritures.jsonl, ligne 1"},
	{"an entry is gone", "chaine/ecritures.jsonl", removed(2), "écriture 3"},
	{"an entry twice", "chaine/ecritures.jsonl", inserted(2), "écriture 4"},
	{"two entries swapped", "chaine/ecritures.jsonl", swapped(2), "écriture 3"},
	{"the tail is gone", "chaine/ecritures.jsonl", cutTail, "chaine/ecritures.jsonl"},
	{"a batch is gone", "chaine/lots.jsonl", removed(1), "chaine/lots.jsonl, ligne 2, lot 2"},
	{"the last batch is gone", "chaine/lots.jsonl", cutTail, "chaine/lots.jsonl"},
	{"a root", "chaine/lots.jsonl", replaced(`"root":"`, `"root":"0`), "chaine/lots.jsonl, ligne 1"},
	{"an act", "chaine/actes.jsonl", replaced(`"actor":"v.olivier"`, `"actor":"c.martin"`), "chaine/actes.jsonl, ligne "},
	{"an act is gone", "chaine/actes.jsonl", removed(4), "chaine/actes.jsonl, ligne 5, acte 5"},
	{"two acts swapped", "chaine/actes.jsonl", swapped(4), "chaine/actes.jsonl, ligne 5, acte 5"},
	{"the last act is gone", "chaine/actes.jsonl", cutTail, "chaine/actes.jsonl, acte "},
	{"a read", "chaine/lectures.jsonl", replaced(`"user":"c.nadir"`, `"user":"c.martin"`), "chaine/lectures.jsonl, ligne 2, lecture 2"},
	{"a read is gone", "chaine/lectures.jsonl", removed(0), "chaine/lectures.jsonl, ligne 1, lecture 1"},
	{"the last read is gone", "chaine/lectures.jsonl", cutTail, "chaine/lectures.jsonl, lecture "},
	{"the ledger in a spreadsheet", "livre/ecritures.csv", replaced("573,49", "573,48"), "livre/ecritures.csv, ligne "},
	{"a line of the ledger is gone", "livre/ecritures.csv", removed(5), "livre/ecritures.csv, ligne 6, écriture 3"},
	{"a line of the ledger twice", "livre/ecritures.csv", inserted(4), "livre/ecritures.csv, ligne 6, écriture 3"},
	{"the tail of the ledger", "livre/ecritures.csv", cutTail, "livre/ecritures.csv, ligne "},
	{"the tax office's file", "livre/FEC", replaced("573,49", "573,48"), "FEC20261110.txt, ligne "},
	{"its account", "livre/FEC", replaced("\tM-0001\t", "\tM-0002\t"), "FEC20261110.txt, ligne "},
	{"hledger's journal", "livre/ecritures.journal", replaced("573.49", "573.48"), "livre/ecritures.journal, ligne "},
	{"the balance", "balance.csv", replaced("467:M-0001;M-0001;0;0,00;", "467:M-0001;M-0001;0;1,00;"), "balance.csv, ligne "},
	{"an account leaves the balance", "balance.csv", removed(2), "balance.csv, 467:M-"},
	{"the draw", "echantillon.csv", removed(1), "echantillon.csv, ligne 2"},
	{"a transfer", "virements/ordres.csv", replaced(";PAYMENT;", ";REMITTANCE;"), "virements/ordres.csv, C-2026-11-"},
	{"a transfer is gone", "virements/ordres.csv", removed(2), "virements/ordres.csv, C-2026-11-"},
	{"who approved", "campagnes/actes.csv", replaced("approve;v.olivier", "approve;c.martin"), "campagnes/actes.csv, ligne "},
	{"an approval is gone", "campagnes/actes.csv", func(l []string) []string {
		return slices.DeleteFunc(l, func(s string) bool { return strings.Contains(s, ";approve;") })
	}, "campagnes/campagnes.csv, C-2026-11-"},
	{"who confirmed an IBAN", "destinataires/iban.csv", replaced(";k.perrin;2026-11-1", ";c.martin;2026-11-1"), "destinataires/iban.csv, ligne "},
	{"a payment file", "virements/originaux/", replaced("<InstdAmt Ccy=\"EUR\">", "<InstdAmt Ccy=\"EUR\">1"), "virements/"},
	{"a file of the bank", "banque/originaux/000001-own.xml", replaced("573.49", "573.48"), "banque/fichiers.csv, ligne 2"},
	{"a statement", "banque/releves.csv", replaced(";573,49;", ";573,48;"), "banque/releves.csv, ligne 2, relevé 1"},
	{"a line of the bank", "banque/lignes.csv", replaced(";573,49;", ";573,48;"), "banque/lignes.csv, ligne "},
	{"a line of the bank is gone", "banque/lignes.csv", removed(1), "banque/releves.csv, ligne "},
	{"a line of the bank twice", "banque/lignes.csv", inserted(1), "banque/releves.csv, ligne "},
}

func TestEachForgeryOfABundleIsNamed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	names, sound := pieces(t, h.write(evidence.Ask{Sample: 4, Seed: "1"}))
	for _, f := range forgeries {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			at := slices.IndexFunc(names, func(n string) bool { return strings.HasPrefix(n, f.piece) })
			forged := map[string][]byte{}
			for name, b := range sound {
				forged[name] = b
			}
			lines := f.forge(strings.SplitAfter(strings.TrimSuffix(string(sound[names[at]]), "\n"), "\n"))
			text := strings.Join(lines, "")
			if text == "" || text == string(sound[names[at]]) {
				t.Fatalf("nothing was forged in:\n%.400s", sound[names[at]])
			}
			forged[names[at]] = []byte(text)
			if got := findings(t, repacked(t, names, forged, true)); !named(got, f.place) {
				t.Errorf("with sums that agree: %+v; want one at %q", got, f.place)
			}
			forged["SHA256SUMS"], forged["manifest.json"] = sound["SHA256SUMS"], sound["manifest.json"]
			if got := findings(t, repacked(t, names, forged, false)); !named(got, names[at]) {
				t.Errorf("with the old sums: %+v; want one at %q", got, names[at])
			}
		})
	}
}

func named(found []check.Finding, place string) bool {
	return slices.ContainsFunc(found, func(f check.Finding) bool { return strings.Contains(f.Place(), place) })
}

func TestAForgeryOfTheWorkbookIsNamed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	names, content := pieces(t, h.write(evidence.Ask{}))
	parts, sheets := pieces(t, content["livre/ecritures.xlsx"])
	sheet := "xl/worksheets/sheet1.xml"
	sheets[sheet] = bytes.Replace(sheets[sheet], []byte("<v>573.49</v>"), []byte("<v>573.48</v>"), 1)
	content["livre/ecritures.xlsx"] = repacked(t, parts, sheets, false)
	if got := findings(t, repacked(t, names, content, true)); !named(got, "livre/ecritures.xlsx, ligne ") {
		t.Errorf("got %+v, want the line of the workbook", got)
	}
}

func TestAPieceThatIsAddedOrMissingIsNamed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	names, content := pieces(t, h.write(evidence.Ask{}))
	content["banque/originaux/000099-autre.xml"] = []byte("x")
	more := slices.Concat(names, []string{"banque/originaux/000099-autre.xml"})
	if got := findings(t, repacked(t, more, content, false)); !named(got, "000099-autre.xml") {
		t.Errorf("a piece too many: %+v", got)
	}
	for _, name := range []string{"virements/fichiers.csv", "chaine/actes.jsonl", "livre/ecritures.csv", "banque/originaux/000001-own.xml", "SHA256SUMS"} {
		less := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == name })
		if got := findings(t, repacked(t, less, content, false)); !named(got, name) {
			t.Errorf("without %s: %+v", name, got)
		}
	}
}

// Whoever writes everything again with hashes that agree is found by what left the house alone.
func TestAWholeOtherPastIsFoundByASealAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	bundle := h.write(evidence.Ask{})
	seals := slices.Clone(h.seals)
	seals[0].Reads.Hash[0] ^= 1
	if got := findings(t, bundle, held(seals)...); len(got) != 1 || !strings.Contains(got[0].Place(), seals[0].FileName()+", lecture 2") {
		t.Errorf("got %+v, want the first seal", got)
	}
	seals[0] = h.seals[0]
	seals[1].Books.Batch += 100
	if got := findings(t, bundle, held(seals)...); !named(got, seals[1].FileName()+", lot ") {
		t.Errorf("got %+v, want the seal that goes further", got)
	}
}

func TestWhatIsNoBundleIsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "PK", strings.Repeat("x", 1000)} {
		if _, err := check.Bundle(strings.NewReader(text), int64(len(text)), check.Options{}); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}
