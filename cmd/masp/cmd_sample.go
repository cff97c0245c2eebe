package main

import (
	"io"
	"os"

	"masp/ledger/civil"
	"masp/payments/control"
)

type sampleCommand struct {
	Method     control.Method `required:"" enum:"RANDOM,VALUE,STRATUM" help:"RANDOM (au hasard), VALUE (selon la valeur) ou STRATUM (par strate)." placeholder:"MÉTHODE"`
	By         control.By     `enum:",KIND,ACCOUNT,MANDATE" default:"" help:"Strate : KIND (nature), ACCOUNT (compte) ou MANDATE (mandat)." placeholder:"STRATE"`
	Size       int            `required:"" help:"Nombre d'écritures." placeholder:"NOMBRE"`
	Seed       string         `required:"" help:"Graine : la même redonne la même liste, sur toute machine." placeholder:"GRAINE"`
	From       civil.Date     `help:"Premier jour (date d'écriture)." placeholder:"JOUR"`
	To         civil.Date     `help:"Dernier jour." placeholder:"JOUR"`
	Mandate    string         `help:"Les écritures de ce mandat seulement." placeholder:"MANDAT" xor:"scope"`
	Department string         `help:"Les mandats de ce département seulement (26)." placeholder:"DÉPARTEMENT" xor:"scope"`
	Out        string         `short:"o" help:"Archive à écrire : liste, chemins, fichiers. Sans elle, la liste seule." placeholder:"FICHIER.zip"`
	Yes        bool           `help:"Remplace un fichier qui existe."`
}

// Run draws a sample, and writes its archive.
func (c *sampleCommand) Run(s *session) error {
	plan := control.Plan{
		Method: c.Method, By: c.By, Size: c.Size, Seed: c.Seed, From: c.From, To: c.To, Mandate: c.Mandate, Department: c.Department,
	}
	if c.Out != "" && !c.Yes {
		if _, err := os.Lstat(c.Out); err == nil {
			return &existsError{c.Out}
		}
	}
	return s.with(func(h *house) (err error) {
		var drawn control.Sample
		if c.Out == "" {
			drawn, err = h.control().Sample(s.ctx, plan)
		} else {
			err = writeBeside(c.Out, func(w io.Writer) (err error) {
				drawn, err = h.control().Archive(s.ctx, plan, true, w)
				return err
			})
		}
		if err != nil {
			return err
		}
		return s.out.data(drawn, func() { s.printSample(drawn, c.Out) })
	})
}

func (s *session) printSample(drawn control.Sample, path string) {
	if path == "" {
		var rows [][]string
		for _, i := range drawn.Items {
			why := i.Number
			switch {
			case i.Certain:
				why = "certaine"
			case i.Hits > 0:
				why = plural(i.Hits, "centime tiré", "centimes tirés")
			}
			rows = append(rows, []string{plainNumber(int(i.Entry)), i.Value.French(), i.Stratum, why})
		}
		s.out.table([]string{">Écriture", ">Montant", "Strate", "Tirage"}, rows)
	}
	s.out.print("%s de %s (%s).", plural(len(drawn.Items), "écriture tirée", "écritures tirées"),
		plural(int(drawn.Entries), "écriture", "écritures"), drawn.Value.French())
	if drawn.Plan.Method == control.ByValue {
		s.out.print("Intervalle %s ; %s.", drawn.Interval.French(), plural(int(drawn.Certain), "écriture certaine", "écritures certaines"))
	}
	if path != "" {
		s.out.print("%s : liste, chemins, pièces. À vérifier par sha256sum -c SHA256SUMS.", path)
	}
}
