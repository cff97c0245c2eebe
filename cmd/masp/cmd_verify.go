package main

import (
	"slices"
	"strings"

	"masp/imports"
	"masp/imports/reconcile"
	"masp/ledger"
	"masp/payments"
	"masp/payments/evidence"
	"masp/payments/mandates"
	"masp/payments/privacy"
)

type verifyCommand struct {
	Head   string `help:"Tête imprimée plus tôt : prouve que rien n'a été retiré depuis." placeholder:"TÊTE"`
	Seal   string `help:"Sceau du jour, ou dossier de sceaux, gardé hors d'ici : comparé aux livres (ou au dossier de preuves)." placeholder:"CHEMIN"`
	Bundle string `help:"Dossier de preuves (masp export bundle) à relire seul : sans base de données." placeholder:"FICHIER.zip"`
}

// Run proves the books, and says the first place where they are wrong.
func (c *verifyCommand) Run(s *session) error {
	if c.Bundle != "" {
		return c.verifyBundle(s)
	}
	seals, err := c.seals()
	if err != nil {
		return err
	}
	return s.with(func(h *house) error {
		report, err := h.verify(s, c.Head, seals...)
		if err != nil {
			return err
		}
		answer := jsonProof(report)
		removed, err := h.removed(s, report, answer)
		if err != nil {
			return err
		}
		err = s.out.data(answer, func() { printProof(s.out, report); printRemoved(s.out, report, removed) })
		if err == nil && !report.OK() {
			return errFound
		}
		return err
	})
}

// removed are the original files that went with persons who were pseudonymised.
func (h *house) removed(s *session, r ledger.Report, answer map[string]any) ([]privacy.Removed, error) {
	if r.Erased == 0 {
		return nil, nil
	}
	all, err := h.privacy().RemovedFiles(s.ctx)
	answer["erased"], answer["removed"] = r.Erased, all
	return all, err
}

func printRemoved(out *printer, r ledger.Report, removed []privacy.Removed) {
	if r.Erased > 0 {
		out.print("%d places dont les textes ont été effacés avec une personne : ce qui y reste est prouvé par son empreinte.", r.Erased)
	}
	for _, f := range removed {
		out.print("Retiré  %s, le %s, par %s : son empreinte reste.", f.File, f.On, f.By)
	}
}

// allChecks are what the packages prove beside the books.
func allChecks() []ledger.Check {
	return slices.Concat(mandates.Checks(), payments.Checks(), imports.Checks(), reconcile.Checks(), evidence.Checks())
}

// verify recomputes everything: the books, then the transfers, then the bank.
func (h *house) verify(s *session, printed string, seals ...evidence.Seal) (ledger.Report, error) {
	options := ledger.VerifyOptions{Checks: append(allChecks(), evidence.Against(seals))}
	if printed != "" {
		head, err := ledger.ParseHead(strings.TrimSpace(printed))
		if err != nil {
			return ledger.Report{}, &headError{printed}
		}
		options.Head = &head
	}
	return ledger.Verify(s.ctx, h.db, options)
}

// headError is a head that nobody printed.
type headError struct{ text string }

func (e *headError) Error() string { return "cannot read the head " + e.text }

// French says where a head comes from.
func (e *headError) French() string {
	return "Cette tête ne se lit pas. Recopiez celle que « masp verify » a imprimée."
}

func printProof(out *printer, r ledger.Report) {
	out.print("%d écritures, %d lignes, %d comptes, %d scellés, %d actes relus.",
		r.Entries, r.Postings, r.Accounts, r.Batches, r.Acts)
	for _, f := range r.Findings {
		out.print("%s  %s — %s (%s)", out.red("FAUX"), f.Place, f.Text, f.Code)
	}
	if r.OK() {
		out.print("%s  Tout est juste : rien n'a été altéré.", out.green("VRAI"))
	}
	out.print("Tête : %s", r.Head)
	out.print("Gardez cette tête hors d'ici : masp verify --head … prouvera que rien n'a été retiré depuis.")
}

func jsonProof(r ledger.Report) map[string]any {
	findings := make([]map[string]string, 0, len(r.Findings))
	for _, f := range r.Findings {
		findings = append(findings, map[string]string{"code": f.Code, "place": f.Place, "message": f.Text})
	}
	return map[string]any{
		"ok": r.OK(), "entries": r.Entries, "postings": r.Postings, "accounts": r.Accounts, "seals": r.Batches,
		"closings": r.Closings, "acts": r.Acts, "head": r.Head.String(), "findings": findings,
	}
}
