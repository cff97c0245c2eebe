package main

import (
	"os"

	"masp/payments/evidence"
	"masp/payments/evidence/check"
)

// bundleFlag is the flag with which nothing of a database is read.
const bundleFlag = "bundle"

// verifyBundle reads a bundle again: no database, no setting of one.
func (c *verifyCommand) verifyBundle(s *session) error {
	seals, err := c.seals()
	if err != nil {
		return err
	}
	file, err := os.Open(c.Bundle)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // it was only read
	info, err := file.Stat()
	if err != nil {
		return err
	}
	report, err := check.Bundle(file, info.Size(), check.Options{Seals: heldAgainst(seals)})
	if err != nil {
		return err
	}
	err = s.out.data(map[string]any{"ok": report.OK(), "bundle": report}, func() { printBundle(s.out, report) })
	if err == nil && !report.OK() {
		return errFound
	}
	return err
}

// seals reads the seals of the days that are named, if any.
func (c *verifyCommand) seals() ([]evidence.Seal, error) {
	if c.Seal == "" {
		return nil, nil
	}
	return evidence.ReadSeals(c.Seal)
}

// heldAgainst is what a bundle can be compared with of each seal.
func heldAgainst(seals []evidence.Seal) []check.Seal {
	held := make([]check.Seal, 0, len(seals))
	for _, x := range seals {
		held = append(held, check.Seal{
			Name: x.FileName(), At: x.At, Batch: x.Books.Batch, Head: x.Books.Head, Act: x.Acts.No, ActHash: x.Acts.Hash, Read: x.Reads.No, ReadSum: x.Reads.Hash,
		})
	}
	return held
}

func printBundle(out *printer, r check.Report) {
	out.print("%s, livres au %s.", r.Organisation, r.AsOf)
	out.print("%d pièces, %d écritures, %d lots, %d actes, %d lectures, %d virements, %d lignes de banque relus.",
		r.Pieces, r.Entries, r.Batches, r.Acts, r.Reads, r.Transfers, r.BankLines)
	if r.Partial+r.Hidden > 0 {
		out.print("%d écritures partagées avec d'autres personnes et %d hors du dossier : leur place est prouvée, leur contenu n'y est pas.",
			r.Partial, r.Hidden)
	}
	if r.Erased > 0 {
		out.print("%d textes ont été effacés à la fin de leur conservation (effacements.csv) : leur place est prouvée.", r.Erased)
	}
	if r.Seals > 0 {
		out.print("%s.", plural(r.Seals, "sceau du jour comparé", "sceaux du jour comparés"))
	}
	if r.Younger > 0 {
		out.print("%s que ce dossier : rien à comparer.", plural(r.Younger, "sceau du jour est plus récent", "sceaux du jour sont plus récents"))
	}
	for _, f := range r.Findings {
		out.print("%s  %s — %s", out.red("FAUX"), f.Place(), f.Text)
	}
	if r.More > 0 {
		out.print("… et %d autres.", r.More)
	}
	if r.OK() {
		out.print("%s  Tout est juste : rien n'a été altéré dans ce dossier.", out.green("VRAI"))
	}
	out.print("Tête : %s", r.Head)
	out.print("Comparez-la à un sceau du jour reçu de l'organisation (--seal), ou au MsgId d'un fichier remis à la banque.")
}
