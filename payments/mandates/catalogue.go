package mandates

import "masp/ledger/civil"

// Payers of benefits.
const (
	CAF         = "CAF"
	MSA         = "MSA"
	CPAM        = "CPAM"
	CARSAT      = "CARSAT"
	CNAV        = "CNAV"
	Departement = "DEPARTEMENT"
)

// Where the law names a benefit.
const (
	mainList      = "D271-2"
	extensionList = "D271-3 (si la situation de la personne le justifie)"
	toConfirm     = "à confirmer par écrit par le Département"
	otherResource = "hors liste : ne peut être ni perçue ni gérée"
)

// Catalogue returns the rows that seed the database (table 1.B). Each call gives
// a fresh slice. The decree is in force since 1 January 2009, the RSA since
// 1 June 2009, the prime d'activité since 1 January 2016.
//
// The rows that say "à confirmer" were not read in a list verbatim: name them in
// a contract only with the Département's written answer. The prime d'activité
// was found in no list, so it is not manageable until an organisation adds a row.
func Catalogue() []Benefit {
	var rows []Benefit
	rows = append(rows, housingAndAutonomy()...)
	rows = append(rows, oldAge()...)
	rows = append(rows, minimums()...)
	rows = append(rows, family()...)
	return append(rows, notManageable()...)
}

func housingAndAutonomy() []Benefit {
	family, local := []string{CAF, MSA}, []string{Departement}
	return []Benefit{
		thirdParty("APL", "aide personnalisée au logement", mainList+" 1°", family, PurposeHousing),
		thirdParty("ALS", "allocation de logement sociale", mainList+" 2°", family, PurposeHousing),
		thirdParty("APA", "allocation personnalisée d'autonomie", mainList+" 3°", local, PurposeDependency),
		thirdParty("PCH", "prestation de compensation du handicap", mainList, local, PurposeDependency),
		thirdParty("ACTP", "allocation compensatrice pour tierce personne", mainList, local, PurposeDependency),
	}
}

func oldAge() []Benefit {
	funds := []string{CARSAT, CNAV, MSA}
	return []Benefit{
		listed("ASPA", "allocation de solidarité aux personnes âgées", mainList+" 4°", funds, ""),
		listed("AVTS", "allocation aux vieux travailleurs salariés", mainList+" 5°", funds, ""),
		listed("AVTNS", "allocation aux vieux travailleurs non salariés", mainList+" 6°", funds, ""),
		listed("AMF_OLD", "allocation aux mères de famille", mainList+" 7°", funds, ""),
		listed("ASV_OLD", "allocation spéciale vieillesse", mainList+" 8°", funds, ""),
		listed("AV_RAP", "allocation viagère aux rapatriés âgés", mainList+" 9°", funds, ""),
		listed("AVA_OLD", "allocation de vieillesse agricole", mainList+" 10°", funds, ""),
		listed("AS_OLD", "allocation supplémentaire (ancienne)", mainList+" 11°", funds, ""),
	}
}

func minimums() []Benefit {
	family := []string{CAF, MSA}
	rsa := listed("RSA", "revenu de solidarité active", mainList+" (décret 2009-404)",
		[]string{CAF, MSA, Departement}, "")
	rsa.From = civil.MustParse("2009-06-01")
	return []Benefit{
		rsa,
		listed("ASI", "allocation supplémentaire d'invalidité", mainList, []string{CPAM, MSA}, ""),
		listed("AAH", "allocation aux adultes handicapés", mainList, family, ""),
		listed("MVA", "majoration pour la vie autonome", mainList+", "+toConfirm, family, ""),
		listed("CR", "complément de ressources", mainList+", "+toConfirm, family, ""),
	}
}

func family() []Benefit {
	family := []string{CAF, MSA}
	confirm := extensionList + ", " + toConfirm
	return []Benefit{
		listed("AF", "allocations familiales", extensionList, family, PurposeChild),
		listed("CF", "complément familial", extensionList, family, PurposeChild),
		listed("ASF", "allocation de soutien familial", extensionList, family, PurposeChild),
		listed("ARS", "allocation de rentrée scolaire", extensionList, family, PurposeChild),
		listed("PAJE", "prestation d'accueil du jeune enfant", extensionList, family, PurposeChild),
		listed("ALF", "allocation de logement familiale", extensionList, family, PurposeHousing),
		listed("AEEH", "allocation d'éducation de l'enfant handicapé", confirm, family, PurposeChild),
		listed("AJPP", "allocation journalière de présence parentale", confirm, family, PurposeChild),
	}
}

func notManageable() []Benefit {
	activity := refused("PRIME_ACTIVITE", "prime d'activité")
	activity.From = civil.MustParse("2016-01-01")
	activity.LegalItem = "dans aucune liste lue, " + toConfirm
	activity.Payers = []string{CAF, MSA}
	return []Benefit{
		activity,
		refused("WAGE", "salaire"),
		refused("RETIREMENT_PENSION", "pension de retraite"),
		refused("INVALIDITY_PENSION", "pension d'invalidité"),
		refused("UNEMPLOYMENT", "allocation de chômage (ARE, ASS)"),
		refused("DAILY_ALLOWANCE", "indemnités journalières"),
		refused("ALIMONY", "pension alimentaire reçue"),
		refused("TAX_REFUND", "remboursement d'impôt"),
		refused("ENERGY_CHEQUE", "chèque énergie"),
		refused("GIFT", "don ou aide d'un proche"),
		refused("OTHER", "autre ressource"),
	}
}

// listed is a benefit of the decree, in force since 2009.
func listed(code, label, item string, payers []string, purpose string) Benefit {
	return Benefit{
		Code: code, Label: label, LegalItem: item, Payers: payers, Purpose: purpose,
		From: civil.MustParse("2009-01-01"), Manageable: true,
	}
}

// thirdParty is a listed benefit that stays outside when paid to a third party.
func thirdParty(code, label, item string, payers []string, purpose string) Benefit {
	b := listed(code, label, item, payers, purpose)
	b.ThirdPartyExcluded = true
	return b
}

// refused is a resource that the association may neither receive nor manage.
func refused(code, label string) Benefit {
	return Benefit{
		Code: code, Label: label, LegalItem: otherResource, Payers: []string{},
		From: civil.MustParse("2009-01-01"),
	}
}

// Payers returns every payer by whom a person may have a number.
func Payers() []string { return []string{CAF, MSA, CPAM, CARSAT, CNAV, Departement} }
