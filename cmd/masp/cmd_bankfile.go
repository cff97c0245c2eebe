package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"masp/imports"
	"masp/imports/bankfile"
	"masp/payments/sepa"
)

type bankfileCommand struct {
	Check   bankfileCheck   `cmd:"" help:"Dit ce qu'est un fichier, s'il est juste, et ce qu'il contient. N'importe rien."`
	Held    bankfileHeld    `cmd:"" help:"Les relevés en attente : pourquoi, et que faire ; --retry les juge de nouveau."`
	Accept  bankfileAccept  `cmd:"" help:"Enregistre un relevé en attente dont le numéro est déjà pris, s'il suit le dernier de son compte."`
	Replace bankfileReplace `cmd:"" help:"Met un relevé réémis par la banque à la place du dernier relevé enregistré de son compte."`
	Drop    bankfileDrop    `cmd:"" help:"Abandonne un relevé en attente, faux ou en double : il reste gardé, jamais enregistré."`
}

type bankfileCheck struct {
	File         string `arg:"" help:"Fichier de la banque."`
	SecondReader bool   `help:"Relit le fichier avec un second lecteur, indépendant, et dit où ils diffèrent (camt de version 001.08)."`
}

// Run checks a file of any family; what an import would hold or refuse, or two readers
// understand differently, ends with its own code.
func (c *bankfileCheck) Run(s *session) error {
	report := struct {
		imports.Report
		Second *bankfile.SecondOpinion `json:"second_reader,omitempty"`
	}{Report: imports.CheckFile(s.ctx, c.File)}
	if c.SecondReader {
		opinion := bankfile.SecondReaderOf(s.ctx, c.File)
		report.Second = &opinion
	}
	err := s.out.data(report, func() {
		printReport(s.out, report.Report)
		printSecond(s.out, report.Second)
	})
	found := report.Outcome == bankfile.Held || report.Outcome == bankfile.Refused ||
		report.Second != nil && report.Second.DifferenceCount > 0
	if err == nil && found {
		return errFound
	}
	return err
}

func printSecond(out *printer, o *bankfile.SecondOpinion) {
	if o == nil {
		return
	}
	out.print("%s", o.French())
	for _, d := range o.Differences {
		out.print("  %s : %s « %s », second lecteur « %s »", d.Place, d.What, d.Ours, d.Theirs)
	}
}

var frenchOutcomes = map[bankfile.Outcome]string{
	bankfile.Accepted: "accepté", bankfile.AcceptedWithWarnings: "accepté, avec des remarques",
	bankfile.Held: "à mettre en attente", bankfile.Refused: "refusé",
}

func printReport(out *printer, r imports.Report) {
	out.print("%s : %s — %s", r.File, r.Format, frenchOutcomes[r.Outcome])
	for _, reason := range r.Reasons {
		if len(r.Members) > 0 {
			break // each file of an archive says its own
		}
		out.print("  %s%s", reason.Message, inBrackets(reason.Place))
	}
	var rows [][]string
	for _, st := range r.Statements {
		rows = append(rows, []string{
			st.Account, st.ID, frenchNumber(st.Opening), frenchNumber(&st.Credits), frenchNumber(&st.Debits),
			frenchNumber(st.Closing),
			frenchOutcomes[st.Outcome],
		})
	}
	if len(rows) > 0 {
		out.table([]string{"Compte", "Relevé", ">Début", ">Entrées", ">Sorties", ">Fin", "Résultat"}, rows)
	}
	if r.Answer != nil {
		printAnswer(out, r.Answer)
	}
	for _, member := range r.Members {
		printReport(out, member)
	}
}

// frenchKinds say what a pain.002 speaks of.
var frenchKinds = map[sepa.Kind]string{
	sepa.KindTransfers: "réponse à nos virements", sepa.KindNameCheck: "contrôle des noms, avant la signature",
	sepa.KindAcknowledgement: "accusé de transport (EBICS)", sepa.KindDirectDebits: "réponse à des prélèvements",
	sepa.KindOther: "réponse à un autre message",
}

func printAnswer(out *printer, a *imports.AnswerReport) {
	out.print("  %s, sur « %s » (%s)", frenchKinds[a.Kind], a.About, a.AboutType)
	if a.GroupStatus != "" {
		out.print("  fichier : %s", a.GroupStatus)
	}
	if a.Batches > 0 {
		out.print("  %s%s", plural(a.Batches, "lot", "lots"), counts(a.BatchStatuses))
	}
	if a.Transactions > 0 {
		out.print("  %s%s", plural(a.Transactions, "virement", "virements"), counts(a.TransactionStatuses))
	}
	for _, code := range slices.Sorted(maps.Keys(a.Reasons)) {
		out.print("  %s × %d  %s", code, a.Reasons[code], sepa.ReasonText(code))
	}
}

// counts prints statuses with their numbers: « : ACSP 12, RJCT 1 ».
func counts(of map[sepa.Status]int) string {
	var words []string
	for _, status := range slices.Sorted(maps.Keys(of)) {
		if status != "" {
			words = append(words, fmt.Sprintf("%s %d", status, of[status]))
		}
	}
	if len(words) == 0 {
		return ""
	}
	return " : " + strings.Join(words, ", ")
}

func inBrackets(place string) string {
	if place == "" {
		return ""
	}
	return " (" + place + ")"
}

// printFate says what a pain.002 did to our transfers, one by one, and which names differ.
func printFate(out *printer, r *imports.ReportOutcome) {
	for _, t := range r.Transfers {
		out.print("  %s  %s  %s  %s : %s", out.red("refusé"), t.EndToEndID, t.Mandate, frenchNumber(&t.Amount)+" €", t.Text)
	}
	for _, c := range r.NameChecks {
		if c.Result != sepa.VerifiedFull {
			out.print("  %s  %s", out.yellow("nom"), nameWords(c))
		}
	}
}

// nameWords is a check of a name in a line.
func nameWords(c imports.NameCheck) string {
	return fmt.Sprintf("%s  %s  %s  %s : %s", c.Creditor, c.IBAN, c.OurName, c.Result, c.Text)
}

// frenchNumber writes a number of a file, whatever its currency and its decimals: « 1 234,505 ».
func frenchNumber(s *string) string {
	if s == nil {
		return "—"
	}
	whole, decimals, _ := strings.Cut(*s, ".")
	for cut := len(whole) - 3; cut > 0 && whole[cut-1] != '-'; cut -= 3 {
		whole = whole[:cut] + "\u202F" + whole[cut:]
	}
	return whole + "," + decimals
}
