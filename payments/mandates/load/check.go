package load

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"masp/api/auth"
	"masp/ledger/civil"
	"masp/ledger/money"
	"masp/payments/jsonread"
	"masp/payments/mandates"
	"masp/payments/sepa"
)

// known is what a database already holds of what a load names.
type known struct {
	organisation *Organisation
	today        civil.Date // zero = no clock at hand
	catalogue    []mandates.Benefit
	users        map[string]auth.User
	accounts     map[string]knownAccount // by ID
	ibans        map[string]string       // IBAN of one of our accounts -> its ID
	conventions  []mandates.Convention
	creditors    map[string]mandates.Creditor // their kind and person
	people       map[string]mandates.Beneficiary
	numbers      map[[2]string]string // payer and number -> beneficiary
	mandates     map[string]knownMandate
	debts        map[string]mandates.Debt
	obligations  map[string]bool
	measures     map[string][]knownMeasure // that have begun, by person
	months       map[string]int            // that measures have used, by person
}

// knownAccount is a bank account with what forbids putting more on it.
type knownAccount struct {
	model     string
	person    string // whose money is on it, if it is INDIVIDUAL
	statement bool   // its bank has already spoken: no opening balance any more
}

// knownMandate is what a line about a mandate must know of it.
type knownMandate struct {
	level    mandates.Level
	person   string
	benefits []mandates.Authorisation
}

// Check judges a whole load by the rules of package mandates, as the first one of an
// organisation: references resolve, nothing is there twice, each record keeps its rules.
// It returns nil or an *Error.
func (f File) Check() error { return f.check(known{}) }

// check judges a load beside what is known.
func (f File) check(k known) error {
	if k.catalogue == nil {
		k.catalogue = mandates.Catalogue()
	}
	c := &checker{Problems: jsonread.NewProblems(f.raw), load: f, known: k}
	c.organisation()
	c.index()
	c.users()
	c.bankAccounts()
	c.creditors()
	c.beneficiaries()
	c.conventions()
	c.mandates()
	c.expected()
	c.debts()
	c.obligations()
	return refused(c.Problems)
}

// checker collects what is wrong with a load. The maps hold what is known together with
// what the file brings.
type checker struct {
	*jsonread.Problems
	load     File
	known    known
	accounts map[string]string // model by ID
	staff    map[string]bool
	payees   map[string]mandates.Creditor
	people   map[string]mandates.Beneficiary
	files    map[string]knownMandate
	owed     map[string]mandates.Debt
	measures map[string][]knownMeasure
	months   map[string]int
}

// wrong notes a problem of a field of the i-th element of a section.
func (c *checker) wrong(section string, i int, field, code, french string) {
	at := -1
	if places := c.load.at[section]; i < len(places) {
		if n, err := jsonread.NewScanner(c.load.raw, places[i]).Value(2); err == nil {
			at = n.Find(field).At
		}
	}
	place := fmt.Sprintf("/%s/%d", section, i)
	if field != "" {
		place += "/" + field
	}
	c.Add(at, place, code, french)
}

// broken notes the violations that a rule of package mandates has found.
func (c *checker) broken(section string, i int, err error, field func(code string) string) {
	var violations mandates.Violations
	errors.As(err, &violations) // none when err is nil
	for _, v := range violations {
		c.wrong(section, i, field(v.Code), v.Code, v.French)
	}
}

// missing notes a reference that names nothing.
func (c *checker) missing(section string, i int, field, id, what string) {
	c.wrong(section, i, field, "unknown_reference",
		fmt.Sprintf("%s « %s » n'existe ni dans ce fichier ni dans l'organisation.", what, id))
}

// twice notes an ID that stands earlier in the file or in the organisation.
func (c *checker) twice(section string, i int, id string, seen map[string]bool, stored bool) {
	switch {
	case seen[id]:
		c.wrong(section, i, "id", "duplicate", fmt.Sprintf("« %s » est déjà plus haut dans le fichier.", id))
	case stored:
		c.wrong(section, i, "id", "exists", fmt.Sprintf("« %s » existe déjà dans l'organisation : retirez-le du fichier.", id))
	}
	seen[id] = true
}

// organisation: a first load brings one; a later one repeats it equal or leaves it out.
func (c *checker) organisation() {
	org, stored := c.load.Organisation, c.known.organisation
	at := strings.Index(string(c.load.raw[:min(len(c.load.raw), 4096)]), `"organisation"`)
	if org != nil && stored == nil {
		if unfit := sepa.UnfitName(org.Name); unfit != "" {
			c.Add(at, "/organisation/name", "NAME_UNFIT", "Tous les destinataires le lisent. "+unfit)
		}
	}
	switch {
	case org == nil && stored == nil:
		c.Add(0, "/organisation", "missing", "Il manque « organisation » : c'est le premier chargement.")
	case org == nil:
	case stored != nil && *org != *stored:
		c.Add(at, "/organisation", "other_organisation",
			"Cette base contient déjà une organisation, différente : une organisation = une base.")
	case !c.known.today.IsZero() && org.OpenedOn.After(c.known.today):
		c.Add(at, "/organisation/opened_on", "opened_in_future",
			"Les livres s'ouvrent au plus tard aujourd'hui ("+c.known.today.French()+").")
	case org.InProduction && !c.hasAdmin():
		c.Add(at, "/organisation/in_production", "no_admin",
			"En production, seul un administrateur ajoute des personnes et donne des jetons : ajoutez un utilisateur de rôle admin.")
	}
}

// hasAdmin tells whether somebody could add users to an organisation in production.
func (c *checker) hasAdmin() bool {
	users := slices.AppendSeq(slices.Clone(c.load.Users), maps.Values(c.known.users))
	return slices.ContainsFunc(users, func(u auth.User) bool { return slices.Contains(u.Roles, auth.Admin) })
}

// index makes the maps of what may be referred to. The first of two equal IDs counts.
func (c *checker) index() {
	c.accounts, c.payees = map[string]string{}, map[string]mandates.Creditor{}
	c.people, c.files, c.owed = map[string]mandates.Beneficiary{}, map[string]knownMandate{}, map[string]mandates.Debt{}
	c.staff = map[string]bool{}
	for _, u := range c.load.Users {
		c.staff[u.ID] = true
	}
	for id := range c.known.users {
		c.staff[id] = true
	}
	for _, a := range c.load.BankAccounts {
		c.accounts[a.ID] = a.Model
	}
	for _, k := range c.load.Creditors {
		c.payees[k.ID] = k.Creditor
	}
	for _, b := range c.load.Beneficiaries {
		c.people[b.ID] = b.Beneficiary
	}
	for _, m := range c.load.Mandates {
		c.files[m.ID] = knownMandate{m.Level, m.Beneficiary.ID, m.Benefits}
	}
	for _, d := range c.load.Debts {
		c.owed[d.ID] = d
	}
	for id, a := range c.known.accounts {
		c.accounts[id] = a.model
	}
	merge(c.payees, c.known.creditors)
	merge(c.people, c.known.people)
	merge(c.files, c.known.mandates)
	merge(c.owed, c.known.debts)
	c.measures, c.months = map[string][]knownMeasure{}, map[string]int{}
	merge(c.measures, c.known.measures)
	merge(c.months, c.known.months)
}

func merge[V any](into, from map[string]V) {
	for id, v := range from {
		into[id] = v
	}
}

// openingTotal is the money that the load brings into the books.
func (f File) openingTotal() money.Amount {
	var total money.Amount
	for _, m := range f.Mandates {
		total = total.Add(m.OpeningBalance)
	}
	return total
}
