package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"masp/api/auth"
	"masp/ledger"
	"masp/ledger/civil"
	"masp/payments/papers"
	"masp/payments/papers/page"
)

type paperCommand struct {
	Statement  paperStatement `cmd:"" help:"Relevé de compte d'un mois ou de n'importe quels jours."`
	Annual     paperAnnual    `cmd:"" help:"Compte de gestion d'une année : reçu, payé, dettes, provisions."`
	Final      paperFinal     `cmd:"" help:"Compte rendu final d'une mesure finie."`
	HandedOver paperHanded    `cmd:"" help:"Note qu'un papier a été remis, à qui, quand et comment."`
	List       paperList      `cmd:"" help:"Les papiers d'un mandat qui ont été remis."`
}

// papers makes the papers of the house.
func (h *house) papers() *papers.Service {
	return &papers.Service{DB: h.db, Ledger: h.ledger, Mandates: h.mandates}
}

// paperForm is in which form a paper comes, and where it goes.
type paperForm struct {
	Format string `default:"text" enum:"text,html,pdf" help:"Forme : ${enum} (${default})." placeholder:"FORME"`
	Output string `short:"o" help:"Fichier à écrire ; par défaut, la sortie standard." placeholder:"FICHIER"`
}

// paperDays are the days of a paper: a month, a year, or from day to day.
type paperDays struct {
	Month civil.Month `help:"Mois (2026-10)." placeholder:"MOIS" xor:"days"`
	Year  int         `help:"Année (2026)." placeholder:"ANNÉE" xor:"days"`
	From  civil.Date  `help:"Premier jour." placeholder:"JOUR"`
	To    civil.Date  `help:"Dernier jour ; par défaut aujourd'hui." placeholder:"JOUR"`
}

// of is the first and the last day; without any, those of the last whole month or year.
func (d paperDays) of(s *session, h *house, kind papers.Kind) (from, to civil.Date, err error) {
	if kind == papers.KindFinal || !d.From.IsZero() || !d.To.IsZero() {
		return d.From, d.To, nil
	}
	month, year := d.Month, d.Year
	if month.IsZero() && year == 0 {
		today, err := ledger.Today(s.ctx, h.db)
		if err != nil {
			return from, to, err
		}
		month, year = today.MonthOf().Add(-1), today.Year()-1
		if kind == papers.KindAnnual {
			month = civil.Month{}
		}
	}
	if !month.IsZero() {
		return month.First(), month.Last(), nil
	}
	if from, err = civil.Of(year, 1, 1); err != nil {
		return from, to, err
	}
	return from, from.AddMonths(12).AddDays(-1), nil
}

type paperStatement struct {
	Mandate string `arg:"" help:"Mandat (M-0001)."`
	paperDays
	paperForm
}

// Run makes an account statement.
func (c *paperStatement) Run(s *session) error {
	return s.makePaper(papers.KindStatement, c.Mandate, c.paperDays, c.paperForm)
}

type paperAnnual struct {
	Mandate string `arg:"" help:"Mandat (M-0001)."`
	paperDays
	paperForm
}

// Run makes a management account.
func (c *paperAnnual) Run(s *session) error {
	return s.makePaper(papers.KindAnnual, c.Mandate, c.paperDays, c.paperForm)
}

type paperFinal struct {
	Mandate string `arg:"" help:"Mandat (M-0001)."`
	paperForm
}

// Run makes a final account.
func (c *paperFinal) Run(s *session) error {
	return s.makePaper(papers.KindFinal, c.Mandate, paperDays{}, c.paperForm)
}

// makePaper writes a paper where it was asked for, and says its number and fingerprint.
func (s *session) makePaper(kind papers.Kind, mandate string, days paperDays, form paperForm) error {
	return s.with(func(h *house) error {
		from, to, err := days.of(s, h, kind)
		if err != nil {
			return err
		}
		made, err := h.papers().Make(s.ctx, kind, mandate, from, to)
		if err != nil {
			return err
		}
		return s.writePaper(made.Paper(), form, map[string]any{"kind": kind})
	})
}

// writePaper writes a paper in its form.
func (s *session) writePaper(paper page.Paper, form paperForm, answer map[string]any) error {
	var text bytes.Buffer
	if err := form.print(paper, &text); err != nil {
		return fmt.Errorf("print %s: %w", paper.Number, err)
	}
	sum := paper.Fingerprint()
	answer["number"], answer["content"], answer["format"] = paper.Number, hex.EncodeToString(sum[:]), form.Format
	if form.Output == "" {
		return s.out.data(answer, func() {
			_, err := s.out.stdout.Write(text.Bytes())
			s.out.keep(err)
		})
	}
	if err := os.WriteFile(filepath.Clean(form.Output), text.Bytes(), 0o600); err != nil {
		return &unwrittenError{err}
	}
	answer["file"] = form.Output
	return s.out.data(answer, func() { s.out.print("%s : %s, empreinte %x…", form.Output, paper.Number, sum[:8]) })
}

// print writes a paper in the form asked for.
func (f paperForm) print(p page.Paper, w io.Writer) error {
	switch f.Format {
	case "html":
		return p.HTML(w)
	case "pdf":
		return p.PDF(w)
	}
	_, err := io.WriteString(w, p.Text())
	return err
}

type paperHanded struct {
	Mandate string `arg:"" help:"Mandat (M-0001)."`
	Kind    string `arg:"" enum:"statement,annual,final" help:"Papier : ${enum}."`
	paperDays
	Recipient string     `required:"" help:"À qui : PERSON, DEPARTMENT, COURT, HEIRS, RELAY, OTHER." placeholder:"QUI"`
	By        string     `required:"" help:"Comment : BY_HAND, POST, EMAIL, PORTAL." placeholder:"MOYEN"`
	On        civil.Date `help:"Jour de la remise ; par défaut aujourd'hui." placeholder:"JOUR"`
	Note      string     `help:"Précision ; pour OTHER, à qui." placeholder:"TEXTE"`
}

var paperKinds = map[string]papers.Kind{
	"statement": papers.KindStatement, "annual": papers.KindAnnual, "final": papers.KindFinal,
}

// Run notes that a paper was handed over.
func (c *paperHanded) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		kind := paperKinds[c.Kind]
		from, to, err := c.of(s, h, kind)
		if err != nil {
			return err
		}
		noted, err := h.papers().HandOver(s.ctx, who, papers.Handed{
			Mandate: c.Mandate, Kind: kind, From: from, To: to, On: c.On, Note: c.Note,
			Recipient: papers.Recipient(c.Recipient), Means: papers.Means(c.By),
		})
		if err != nil {
			return err
		}
		return s.out.data(jsonHanded(noted), func() { s.out.print("Noté : %s.", frenchHanded(noted)) })
	})
}

type paperList struct {
	Mandate string `arg:"" help:"Mandat (M-0001)."`
}

// Run lists the papers that were handed over.
func (c *paperList) Run(s *session) error {
	return s.with(func(h *house) error {
		all, err := h.papers().HandedOver(s.ctx, c.Mandate)
		if err != nil {
			return err
		}
		list := make([]map[string]any, 0, len(all))
		for _, one := range all {
			list = append(list, jsonHanded(one))
		}
		return s.out.data(list, func() {
			if len(all) == 0 {
				s.out.print("Aucun papier de ce mandat n'est noté comme remis.")
			}
			for _, one := range all {
				s.out.print("%s, par %s", frenchHanded(one), one.RecordedBy)
			}
		})
	})
}

func frenchHanded(h papers.Handed) string {
	text := fmt.Sprintf("%s du %s au %s remis le %s, %s, à : %s, empreinte %x…", h.Kind.French(), h.From.FrenchShort(),
		h.To.FrenchShort(), h.On.FrenchShort(), h.Means.French(), h.Recipient.French(), h.Fingerprint[:8])
	if h.Note != "" {
		text += " (" + h.Note + ")"
	}
	return text
}

func jsonHanded(h papers.Handed) map[string]any {
	return map[string]any{
		"paper": h.No, "mandate": h.Mandate, "kind": h.Kind, "from": h.From, "to": h.To, "content": h.Fingerprint,
		"recipient": h.Recipient, "means": h.Means, "on": h.On, "note": h.Note, "recorded_by": h.RecordedBy,
	}
}
