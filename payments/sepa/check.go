package sepa

import (
	"errors"
	"fmt"

	"masp/ledger/civil"
	"masp/ledger/money"
)

// Lengths in characters after transliteration (EPC implementation guidelines).
const (
	NameMax      = 70
	ReferenceMax = 140
	streetMax    = 70
	numberMax    = 16 // building number, post code
	townMax      = 35
)

// Limits of the amount of one SEPA transfer.
var (
	AmountMin = money.Cents(1)
	AmountMax = money.Cents(999_999_999_99)
)

// Check tells everything that keeps the file from being written, in the order
// of the file; nil when it may be. It writes nothing and changes nothing.
func (f File) Check() []Problem {
	c := checker{created: civil.FromTime(f.CreatedAt, civil.Paris)}
	if f.Version != Pain09 && f.Version != Pain03 {
		c.add(ProblemVersion, "", "Version de pain.001 inconnue.")
	}
	if y := f.CreatedAt.Year(); f.CreatedAt.IsZero() || y < 2000 || y > 9998 {
		c.add(ProblemCreated, "CreDtTm", "La date de création du fichier manque.")
	}
	c.id("MsgId", f.MessageID)
	c.ownName("InitgPty", f.InitiatingParty)
	if len(f.Batches) == 0 {
		c.add(ProblemEmpty, "", "Le fichier ne contient aucun virement.")
	}
	transfers := 0
	for i := range f.Batches {
		transfers += len(f.Batches[i].Transfers)
	}
	c.endToEnd = make(map[string]struct{}, transfers)
	c.batches = make(map[string]struct{}, len(f.Batches))
	for i := range f.Batches {
		c.batch(i+1, &f.Batches[i])
	}
	return c.found
}

// checker collects problems and remembers where it is.
type checker struct {
	found             []Problem
	at                Problem // place of the next problem
	created           civil.Date
	endToEnd, batches map[string]struct{}
	instructions      map[string]struct{} // of the batch
}

func (c *checker) add(code, field, french string) {
	p := c.at
	p.Code, p.Field, p.French = code, field, french
	c.found = append(c.found, p)
}

func (c *checker) batch(number int, b *Batch) {
	c.at = Problem{Batch: number, ID: b.PaymentInfoID}
	c.id("PmtInfId", b.PaymentInfoID)
	c.once("PmtInfId", b.PaymentInfoID, c.batches)
	c.ownName("Dbtr", b.Debtor.Name)
	c.iban("DbtrAcct", b.Debtor.IBAN, "le compte à débiter")
	if b.Debtor.BIC != "" && !b.Debtor.BIC.valid() {
		c.add(ProblemBIC, "DbtrAgt", "Le BIC du compte à débiter est faux ; laissez-le vide.")
	}
	c.day(b.ExecuteOn)
	if len(b.Transfers) == 0 {
		c.add(ProblemEmpty, "CdtTrfTxInf", "Ce lot ne contient aucun virement.")
	}
	c.instructions = make(map[string]struct{})
	for i := range b.Transfers {
		t := &b.Transfers[i]
		c.at.Transfer, c.at.ID = i+1, t.EndToEndID
		c.transfer(t)
	}
}

func (c *checker) transfer(t *Transfer) {
	c.id("EndToEndId", t.EndToEndID)
	c.once("EndToEndId", t.EndToEndID, c.endToEnd)
	if t.InstructionID != "" {
		c.id("InstrId", t.InstructionID)
		c.once("InstrId", t.InstructionID, c.instructions)
	}
	if t.Amount.Cmp(AmountMin) < 0 || t.Amount.Cmp(AmountMax) > 0 {
		c.add(ProblemAmount, "InstdAmt", "Le montant d’un virement va de "+AmountMin.French()+" à "+
			AmountMax.French()+" ; ici "+t.Amount.French()+".")
	}
	c.name("Cdtr", t.Creditor.Name)
	c.iban("CdtrAcct", t.Creditor.IBAN, "le destinataire")
	if t.Creditor.Address != nil {
		c.address(t.Creditor.Address)
	}
	if t.Reference != "" {
		c.reference(t.Reference)
	}
}

func (c *checker) id(field, id string) {
	switch err := checkID(id); {
	case err == nil:
		c.secrecy(field, id)
	case errors.Is(err, ErrIDLength):
		c.add(ProblemID, field, fmt.Sprintf("L’identifiant doit avoir de 1 à %d caractères ; il en a %d.",
			IDMax, len([]rune(id))))
	case errors.Is(err, ErrIDSlash):
		c.add(ProblemID, field,
			"L’identifiant ne commence ni ne finit par « / » et ne contient pas « // ».")
	case errors.Is(err, ErrIDBlank):
		c.add(ProblemID, field, "L’identifiant a un espace au bord ou deux espaces de suite.")
	default:
		c.add(ProblemID, field, "L’identifiant contient un caractère que les banques refusent.")
	}
}

func (c *checker) once(field, id string, seen map[string]struct{}) {
	if _, again := seen[id]; again {
		c.add(ProblemDuplicate, field, "Cet identifiant sert déjà dans le fichier.")
	}
	seen[id] = struct{}{}
}

// UnfitName says in French why no file may carry a name of our own side (the organisation,
// the holder of an account that pays) as it is: unreadable, too long, or it betrays that
// somebody is under a measure. Empty when a file may.
func UnfitName(name string) string {
	var c checker
	c.ownName("", name)
	if len(c.found) == 0 {
		return ""
	}
	return c.found[0].French
}

// UnfitReference says in French why no file may carry a reference as it is: unreadable, too long,
// or it tells the creditor of a measure. Empty when a file may.
func UnfitReference(reference string) string {
	var c checker
	c.reference(reference)
	if len(c.found) == 0 {
		return ""
	}
	return c.found[0].French
}

func (c *checker) reference(reference string) {
	c.text(ProblemReference, "Ustrd", "La référence", reference, ReferenceMax)
	c.secrecy("Ustrd", reference)
}

// ownName checks a name that every creditor reads.
func (c *checker) ownName(field, name string) {
	c.name(field, name)
	c.secrecy(field, name)
}

func (c *checker) name(field, name string) { c.text(ProblemName, field, "Le nom", name, NameMax) }

// text checks a text that must be there and fit. Blank and lost texts count as missing.
func (c *checker) text(code, field, what, text string, most int) {
	latin := Transliterate(text)
	switch {
	case onlyDots(latin):
		c.add(code, field, what+" manque, ou ne s’écrit pas en lettres latines.")
	case len(latin) > most:
		c.add(code, field, fmt.Sprintf("%s a %d caractères ; %d au plus. Raccourcissez.",
			what, len(latin), most))
	}
}

// onlyDots tells a text of which nothing readable is left.
func onlyDots(latin string) bool {
	for i := range len(latin) {
		if latin[i] != '.' && latin[i] != ' ' {
			return false
		}
	}
	return true
}

func (c *checker) iban(field string, iban IBAN, whose string) {
	switch {
	case iban.IsZero():
		c.add(ProblemIBAN, field, "L’IBAN manque pour "+whose+".")
	case !iban.InSEPA():
		c.add(ProblemIBAN, field,
			"L’IBAN est hors de la zone SEPA pour "+whose+" : virement impossible ici.")
	}
}

func (c *checker) day(d civil.Date) {
	switch {
	case d.IsZero():
		c.add(ProblemDay, "ReqdExctnDt", "La date d’exécution manque.")
	case !civil.IsTARGET(d):
		c.add(ProblemDay, "ReqdExctnDt", "Le "+d.French()+" n’est pas un jour bancaire. Prenez le "+
			civil.NextTARGET(d).French()+".")
	case d.Before(c.created):
		c.add(ProblemDay, "ReqdExctnDt", "Le "+d.French()+" est passé à la création du fichier.")
	}
}

func (c *checker) address(a *Address) {
	for _, part := range [...]struct {
		text string
		most int
	}{{a.Street, streetMax}, {a.Building, numberMax}, {a.PostCode, numberMax}, {a.Town, townMax}} {
		if len(Transliterate(part.text)) > part.most {
			c.add(ProblemAddress, "PstlAdr",
				fmt.Sprintf("Une ligne de l’adresse dépasse %d caractères.", part.most))
		}
	}
	if onlyDots(Transliterate(a.Town)) || !isCountry(a.Country) {
		c.add(ProblemAddress, "PstlAdr",
			"L’adresse doit avoir la ville et le pays (deux lettres), ou être vide.")
	}
}

func isCountry(s string) bool {
	return len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z'
}

func (c *checker) secrecy(field, text string) {
	if word := betrays(Transliterate(text)); word != "" {
		c.add(ProblemSecrecy, field,
			"« "+word+" » révèle la situation de la personne : écrivez autre chose.")
	}
}
