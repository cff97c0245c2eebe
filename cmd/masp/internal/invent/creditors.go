package invent

// trade is a group of creditors among which a person has one.
type trade struct {
	code, kind string
	names      []string
}

// The creditors that several persons share: the tenants of one landlord are many.
var (
	socialLandlords = map[string]trade{ // by department
		"34": {"HLM34", "LANDLORD", []string{"Office public Garrigue Habitat", "Toits du Midi, société HLM"}},
		"26": {"HLM26", "LANDLORD", []string{"Drôme Logement Solidaire"}},
		"91": {"HLM91", "LANDLORD", []string{"Essonne Habitat Coopératif"}},
	}
	insurers   = trade{"ASS", "INSURER", []string{"Mutuelle du Toit", "Assurance Bastide"}}
	energies   = trade{"NRJ", "ENERGY", []string{"Électricité Clairval", "Lumière du Sud", "Énergie Commune"}}
	waters     = trade{"EAU", "WATER", []string{"Régie des eaux de la Vallée", "Eaux du Plateau"}}
	telecoms   = trade{"TEL", "TELECOM", []string{"Télélien", "Mobilis Fil"}}
	canteens   = trade{"CANT", "PUBLIC", []string{"Cantine de Saint-Aubin", "Régie scolaire de Valmont"}}
	lenders    = trade{"CRED", "CREDITOR", []string{"Crédit Belle Étoile", "Prêt Facile Invention"}}
	publicFund = trade{"FSL", "PUBLIC", []string{"Fonds de solidarité logement"}}
)

// pick returns the reference of one of the trade's creditors, which it adds to
// the load the first time.
func (b *builder) pick(t trade) string {
	return b.creditor(t, b.rng.IntN(len(t.names)))
}

func (b *builder) creditor(t trade, i int) string {
	id := reference("C-"+t.code, i+1)
	if !b.known[id] {
		b.addCreditor(id, t.names[i], t.kind, branchCreditor)
	}
	return id
}

// privateLandlord adds a landlord that only one person has.
func (b *builder) privateLandlord(number int) string {
	id := reference("C-BAIL", number)
	name := "SCI " + families[b.rng.IntN(len(families))] + " Immobilier"
	b.addCreditor(id, name, "LANDLORD", branchCreditor)
	return id
}

func (b *builder) addCreditor(id, name, kind string, branch int) {
	b.known[id] = true
	b.month.Load.Creditors = append(b.month.Load.Creditors, Creditor{id, name, kind, b.nextIBAN(branch)})
}

// ibanOf returns the IBAN of a creditor of the load.
func (m *Month) ibanOf(creditor string) string {
	for _, c := range m.Load.Creditors {
		if c.ID == creditor {
			return c.IBAN
		}
	}
	return ""
}
