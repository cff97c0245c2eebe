package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"masp/api/auth"
	"masp/ledger/chain"
	"masp/ledger/civil"
	"masp/payments"
)

// errNoDecision is a decision that is neither made nor taken back.
var errNoDecision = errors.New("name a decision, or --take-back")

type runDecide struct {
	ID       string            `arg:"" help:"Référence de la campagne."`
	No       int               `arg:"" help:"Numéro de l'exception (masp run show)."`
	Decision payments.Decision `arg:"" optional:"" help:"KEEP, PAY_PART, DEFER … : masp run show dit ce qui est possible."`
	Reason   string            `required:"" help:"Pourquoi ; la raison reste avec la campagne." placeholder:"RAISON"`
	Hash     chain.Hash        `required:"" help:"Empreinte du contenu que vous avez lu (masp run show)." placeholder:"SHA256"`
	TakeBack bool              `name:"take-back" help:"Reprend la décision prise sur cette exception."`
}

// Run records the decision and carries it out, or takes the one before it back.
func (c *runDecide) Run(s *session) error {
	if c.TakeBack == (c.Decision != "") {
		return errNoDecision
	}
	return s.withPerson(func(h *house, who auth.Principal) error {
		run, err := h.payments.Decide(s.ctx, who, payments.Choice{
			Run: c.ID, Seen: c.Hash, Exception: c.No, Decision: c.Decision, Reason: c.Reason,
		})
		if err != nil {
			return err
		}
		all := run.Exceptions()
		decided := all[slices.IndexFunc(all, func(e payments.Exception) bool { return e.No == c.No })]
		data := jsonException(decided)
		data["content_hash"] = run.ContentHash
		return s.out.data(data, func() {
			printException(s.out, run, decided)
			if run.ContentHash != c.Hash {
				s.out.print("Brouillon changé et recalculé : %s, total %s", plural(len(run.Instructions()), "virement", "virements"),
					run.Total().French())
			}
			s.out.print("  empreinte du contenu %s", run.ContentHash)
			s.out.say("%s", stillOpen(all))
		})
	})
}

type runThresholds struct {
	Amount  *euros `help:"Un changement décidé, jusqu'à ce montant, n'est pas signalé (5,00)." placeholder:"MONTANT"`
	Percent *int64 `help:"Ni jusqu'à cette part du montant d'avant." placeholder:"POURCENT"`
	Days    *int   `help:"Une fin de mesure dans ce délai est signalée." placeholder:"JOURS"`
}

// Run shows the thresholds, or changes those that are given.
func (c *runThresholds) Run(s *session) error {
	if c.Amount == nil && c.Percent == nil && c.Days == nil {
		return s.with(func(h *house) error { return s.thresholds(h) })
	}
	return s.withPerson(func(h *house, who auth.Principal) error {
		to, err := h.payments.Settings(s.ctx)
		if err != nil {
			return err
		}
		if c.Amount != nil {
			to.ChangeCents = c.Amount.Amount
		}
		if c.Percent != nil {
			to.ChangePercent = *c.Percent
		}
		if c.Days != nil {
			to.EndingDays = *c.Days
		}
		if err := h.payments.SetSettings(s.ctx, who, to); err != nil {
			return err
		}
		return s.thresholds(h)
	})
}

func (s *session) thresholds(h *house) error {
	now, err := h.payments.Settings(s.ctx)
	if err != nil {
		return err
	}
	data := map[string]any{"amount": now.ChangeCents, "percent": now.ChangePercent, "days": now.EndingDays}
	return s.out.data(data, func() {
		s.out.print("Un changement décidé est signalé au-delà de %s et de %d %% ; une fin de mesure, à %s.",
			now.ChangeCents.French(), now.ChangePercent, plural(now.EndingDays, "jour", "jours"))
	})
}

// stillOpen says how many blocking exceptions nobody has decided.
func stillOpen(all []payments.Exception) string {
	n := 0
	for _, e := range all {
		if e.Open() {
			n++
		}
	}
	if n == 0 {
		return "Plus aucune exception bloquante : la campagne peut être soumise."
	}
	if n == 1 {
		return "Une exception bloquante attend une décision."
	}
	return fmt.Sprintf("%d exceptions bloquantes attendent une décision.", n)
}

// sayDraft says what the next step of a draft is: its open exceptions, or its submission.
func sayDraft(out *printer, run payments.Run) {
	for _, e := range run.Exceptions() {
		if e.Open() {
			out.say("Brouillon. Décidez d'abord : masp run decide %s NUMÉRO DÉCISION. %s", run.ID, stillOpen(run.Exceptions()))
			return
		}
	}
	out.say("Brouillon. Relisez, puis : masp run submit %s", run.ID)
}

// manyAlike is how many mandates with the same kind of exception, to see only, make one line.
const manyAlike = 4

// printExceptions shows what to look at, the blocking ones first and one by one; those of one
// kind that block nothing stand together when they are many, unless all are asked for.
func printExceptions(out *printer, run payments.Run, all bool) {
	list := run.Exceptions()
	if len(list) == 0 {
		return
	}
	blocking := 0
	kinds := make(map[payments.ExceptionCode][]payments.Exception)
	for _, e := range list {
		kinds[e.Code] = append(kinds[e.Code], e)
		if e.Code.Blocking() {
			blocking++
		}
	}
	out.print("%s", out.bold(fmt.Sprintf("%s à voir avant d'approuver (dont %s)",
		plural(len(list), "exception", "exceptions"), plural(blocking, "bloquante", "bloquantes"))))
	for i, e := range list {
		alike := kinds[e.Code]
		switch {
		case e.Code.Blocking() || all || len(alike) < manyAlike:
			printException(out, run, e)
		case i == slices.IndexFunc(list, func(o payments.Exception) bool { return o.Code == e.Code }):
			out.print("  %s  %s : %s", out.yellow("[À voir]  "), e.Code.French(), mandatesOf(alike))
		}
	}
}

// mandatesOf names the first mandates of many exceptions of one kind.
func mandatesOf(alike []payments.Exception) string {
	var names []string
	for _, e := range alike {
		if !slices.Contains(names, e.Mandate) {
			names = append(names, e.Mandate)
		}
	}
	text := plural(len(names), "mandat", "mandats")
	return fmt.Sprintf("%s (%s … : masp run show --all)", text, strings.Join(names[:min(3, len(names))], ", "))
}

func printException(out *printer, run payments.Run, e payments.Exception) {
	mark := out.yellow("[À voir]  ")
	if e.Code.Blocking() {
		mark = out.red("[Bloquant]")
	}
	out.print("  %s  %d  %s  %s%s", mark, e.No, out.bold(e.Mandate+" "+personOf(run, e.Mandate)), e.Code.French(), beforeAfter(e))
	out.print("                 %s", e.Text)
	switch {
	case e.Verdict.Decided():
		at := e.Verdict.At.In(civil.Paris)
		out.print("                 %s", out.paint("2", fmt.Sprintf("Décidé : %s, par %s, le %s à %d h %02d — %s",
			e.Verdict.Decision.French(), e.Verdict.By, civil.FromTime(at, civil.Paris).FrenchShort(), at.Hour(), at.Minute(), e.Verdict.Reason)))
	case e.Code.Blocking():
		var words []string
		for _, d := range e.Choices() {
			words = append(words, string(d))
		}
		out.print("                 À décider : %s", strings.Join(words, ", "))
	}
}

func beforeAfter(e payments.Exception) string {
	switch {
	case e.Before == "" && e.After == "":
		return ""
	case e.Before == "":
		return " — " + e.After
	}
	return " — " + e.Before + " → " + e.After
}

func personOf(run payments.Run, mandate string) string {
	for _, m := range run.Mandates {
		if m.Mandate == mandate {
			return m.Person
		}
	}
	return ""
}

func jsonExceptions(run payments.Run) []map[string]any {
	list := make([]map[string]any, 0)
	for _, e := range run.Exceptions() {
		list = append(list, jsonException(e))
	}
	return list
}

func jsonException(e payments.Exception) map[string]any {
	severity := "to_see"
	if e.Code.Blocking() {
		severity = "blocking"
	}
	out := map[string]any{
		"no": e.No, "mandate": e.Mandate, "code": e.Code, "severity": severity, "label": e.Code.French(),
		"lines": append([]string{}, e.Lines...), "before": e.Before, "after": e.After, "text": e.Text, "choices": e.Choices(),
	}
	if e.Verdict.Decided() {
		out["decision"] = map[string]any{
			"decision": e.Verdict.Decision, "reason": e.Verdict.Reason, "by": e.Verdict.By, "at": e.Verdict.At,
		}
	}
	return out
}

// printWhys says the reasons of lines that stand together, each once.
func printWhys(out *printer, lines []payments.RunLine) {
	var texts []string
	for _, l := range lines {
		texts = append(texts, whyText(l.Why))
	}
	for _, text := range slices.Compact(texts) {
		out.print("           %s", out.paint("2", text))
	}
}

// whyText is the chain of reasons of a line in one row: rule, money before it, rank, what stands
// in its way, where it comes from.
func whyText(w payments.Why) string {
	parts := []string{
		w.Rule, "rang " + fmt.Sprint(w.Rank), w.Available.French() + " avant elle",
	}
	if w.Blocking != "" {
		parts = append(parts, "derrière "+w.Blocking)
	}
	switch w.Origin.From {
	case payments.FromLastMonth:
		parts = append(parts, "comme dans "+w.Origin.Run)
	case payments.FromDecision:
		parts = append(parts, fmt.Sprintf("décision n° %d du journal des actes", w.Origin.Act))
	case payments.FromException:
		parts = append(parts, "à voir")
	}
	for _, no := range w.Origin.Exceptions {
		parts = append(parts, fmt.Sprintf("exception %d", no))
	}
	return strings.Join(parts, " · ")
}
