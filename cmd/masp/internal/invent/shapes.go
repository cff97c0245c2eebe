package invent

// benefit is a benefit of a shape with its monthly amount.
type benefit struct {
	code, payer string
	amount      Cents
}

// shape is a kind of household: what comes in and what the dwelling costs.
type shape struct {
	ageFrom, ageTo int
	benefits       []benefit // paid to the managed account
	allowance      Cents     // APL paid to the landlord; zero: none
	rent, charges  Cents     // the middle of what is drawn
	children       bool
	private        bool // one landlord for this person alone
}

// Amounts are those of 2026 or near them; a person's rent is drawn around the
// middle. Housing allowances on the account are ALS or ALF, so that the rent
// line is then the full rent (R-033).
var (
	aloneOnRSA = shape{
		ageFrom: 26, ageTo: 60, benefits: []benefit{{"RSA", "CAF", 57349}},
		allowance: 26300, rent: 38500, charges: 6200,
	}
	aloneOnAAH = shape{
		ageFrom: 22, ageTo: 60, benefits: []benefit{{"AAH", "CAF", 104159}},
		allowance: 18400, rent: 41000, charges: 5800,
	}
	tenantOnAAH = shape{
		ageFrom: 22, ageTo: 60, benefits: []benefit{{"AAH", "CAF", 104159}, {"ALS", "CAF", 19650}},
		rent: 46000, charges: 4500, private: true,
	}
	loneParent = shape{
		ageFrom: 24, ageTo: 48,
		benefits: []benefit{
			{"RSA", "CAF", 51240}, {"AF", "CAF", 15225}, {"ASF", "CAF", 40156}, {"ALF", "CAF", 38900},
		},
		rent: 59000, charges: 5500, children: true, private: true,
	}
	youngParent = shape{
		ageFrom: 20, ageTo: 32, benefits: []benefit{{"RSA", "CAF", 89120}, {"PAJE", "CAF", 19660}},
		allowance: 31200, rent: 51000, charges: 6400, children: true,
	}
	pensioner = shape{
		ageFrom: 65, ageTo: 88, benefits: []benefit{{"ASPA", "CARSAT", 104359}},
		allowance: 16900, rent: 40500, charges: 7200,
	}
	rural = shape{
		ageFrom: 28, ageTo: 60, benefits: []benefit{{"AAH", "MSA", 104159}},
		allowance: 15200, rent: 39000, charges: 3900,
	}
	helpedAtHome = shape{
		ageFrom: 30, ageTo: 60, benefits: []benefit{{"AAH", "CAF", 104159}, {"PCH", "DEPARTEMENT", 31870}},
		allowance: 17800, rent: 42500, charges: 6100,
	}
)

// crowd is the mixture from which ordinary persons are drawn.
var crowd = []shape{
	aloneOnRSA, aloneOnRSA, aloneOnRSA, aloneOnAAH, aloneOnAAH, tenantOnAAH, loneParent, loneParent,
	youngParent, pensioner, rural, helpedAtHome,
}

// special gives the shape of the persons who carry a surprise.
var special = map[int]shape{
	shortBenefit: aloneOnRSA, lateBenefit: aloneOnRSA, wageReceived: loneParent,
	landlordRejected: tenantOnAAH, supplierReturned: aloneOnAAH, feeTaken: helpedAtHome,
	debtContested: aloneOnAAH, debtFrozen: youngParent, strangerPaid: aloneOnAAH,
	numberMissing: rural,
}

// Places of the persons who carry a surprise, in the order of the load. The
// last one is on the pooled account.
const (
	shortBenefit = iota
	lateBenefit
	wageReceived
	landlordRejected
	supplierReturned
	feeTaken
	debtContested
	debtFrozen
	strangerPaid
	numberMissing
	specials
)
