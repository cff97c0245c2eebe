package check

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// sheet is livre/ecritures.csv.
type sheet struct{ *textFollower }

func newSheet(t *textFollower) sheet {
	t.expect([]byte("\ufeffÉcriture;Journal;N° dans le journal;Ligne;Date;Date banque;Date valeur;Compte;Mandat;Nature;Pièce;"+
		"Libellé;Débit;Crédit;Contre-passe\r\n"), "en-tête")
	return sheet{t}
}

func (s sheet) entry(e *entry, lines []printed) {
	var b strings.Builder
	for i, l := range lines {
		reverses := ""
		if e.Reverses != 0 {
			reverses = strconv.FormatInt(e.Reverses, 10)
		}
		fmt.Fprintf(&b, "%d;%s;%d;%d;%s;%s;%s;%s;%s;%s;%s;%s;%s;%s;%s\r\n", e.No, e.Journal, e.JournalNo, i+1, frenchDay(e.PostedOn),
			frenchDay(e.BookedOn), frenchDay(e.ValueOn), l.account, personOf(l.account), kindNames[e.Kind], inert(e.Source), inert(e.label()),
			amount(l.debit, ","), amount(l.credit, ","), reverses)
	}
	s.expect([]byte(b.String()), e.thing())
}

func inert(text string) string {
	safe := text
	if text != "" && strings.IndexByte("=+-@\t\r", text[0]) >= 0 {
		safe = "'" + text
	}
	if strings.ContainsAny(text, ";\"\r\n") {
		return `"` + strings.ReplaceAll(safe, `"`, `""`) + `"`
	}
	return safe
}

// personOf is the mandate of an account of a person.
func personOf(code string) string {
	rest, person := strings.CutPrefix(code, "467:")
	owner, _, _ := strings.Cut(rest, ":")
	if !person {
		return ""
	}
	return owner
}

// journal is livre/ecritures.journal, for hledger.
type journal struct {
	*textFollower
	used map[string]bool
}

func newJournal(t *textFollower) journal {
	t.expect([]byte("commodity 1000.00 EUR\n"), "en-tête")
	return journal{t, map[string]bool{}}
}

func (j journal) entry(e *entry, lines []printed) {
	var b strings.Builder
	const marks = ";|,"
	fmt.Fprintf(&b, "\n%s * (%s-%d) %s\n    ; entry:%d, kind:%s, source:%s\n", e.PostedOn, e.Journal, e.JournalNo, flat(e.label(), marks),
		e.No, e.Kind, flat(e.Source, marks))
	for _, l := range lines {
		j.used[l.account] = true
		fmt.Fprintf(&b, "    %s  %s EUR\n", l.account, amount(l.debit-l.credit, "."))
	}
	j.expect([]byte(b.String()), e.thing())
}

func (j journal) end() {
	var codes []string
	for code := range j.used {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	var b strings.Builder
	b.WriteString("\n")
	for _, code := range codes {
		b.WriteString("account " + code + "\n")
	}
	j.expect([]byte(b.String()), "comptes")
	j.textFollower.end()
}

// taxFile is the tax office's file. It is compared field by field: who a person is stands in no entry.
type taxFile struct {
	*textFollower
	paris *time.Location
}

func newTaxFile(t *textFollower) taxFile {
	t.expect([]byte("JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\t"+
		"PieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise\r\n"), "en-tête")
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		paris = time.FixedZone("CET", 60*60)
	}
	return taxFile{t, paris}
}

var journalNames = map[string]string{"BQ": "Banque", "VI": "Virements", "OD": "Opérations diverses"}

// personName is the place of the field that no entry says.
const personName = 7

func (t taxFile) entry(e *entry, lines []printed) {
	compact := func(iso string) string { return strings.ReplaceAll(iso, "-", "") }
	piece, label, at := e.BookedOn, flat(e.label(), ""), time.UnixMicro(micros(e.At))
	if piece == "" {
		piece = e.PostedOn
	}
	if strings.TrimSpace(e.label()) == "" {
		label = kindNames[e.Kind]
	}
	for _, l := range lines {
		number, name, auxiliary := taxAccount(l.account)
		t.row(e, []string{
			e.Journal, journalNames[e.Journal], strconv.FormatInt(e.JournalNo, 10), compact(e.PostedOn), number, name, auxiliary, "",
			flat(e.Source, ""), compact(piece), label, amount(l.debit, ","), amount(l.credit, ","), "", "", at.In(t.paris).Format("20060102"), "", "",
		})
	}
}

// row reads one line and compares its fields.
func (t taxFile) row(e *entry, want []string) {
	if t.broken {
		return
	}
	text, _ := t.in.ReadString('\n') // what is missing is compared as missing
	got := strings.Split(strings.TrimSuffix(text, "\r\n"), "\t")
	if len(got) == len(want) {
		want[personName] = got[personName]
	}
	if !slices.Equal(got, want) {
		t.broken = true
		t.c.found(t.name, t.line, e.thing(), "la ligne n'est pas celle de l'écriture scellée : modifiée, retirée, ajoutée ou déplacée. Attendu : %s",
			strings.Join(want, " | "))
	}
	t.line++
}

// taxAccount is number, name and auxiliary number of an account.
func taxAccount(code string) (number, name, auxiliary string) {
	pcg, rest, _ := strings.Cut(code, ":")
	owner, sub, _ := strings.Cut(rest, ":")
	switch pcg {
	case "512":
		return pcg + owner, "Banque " + owner, ""
	case "467":
		return pcg + sub, "Fonds des personnes accompagnées" + map[string]string{
			"RESTRICTED": " - ressource non gérée", "RESTITUTION": " - à restituer", "UNDUE": " - indu", "ESTATE": " - succession",
		}[sub], owner
	case "471":
		return pcg + owner, "Recettes à identifier", ""
	}
	return pcg + owner, "Virements en cours", ""
}
