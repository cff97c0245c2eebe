package bankfile

import "strings"

// items are the elements that are one statement in the messages that are read.
var items = map[string]string{camt052: "Rpt", camt053: "Stmt", camt054: "Ntfctn"}

// bodies maps the element under Document to the family of the message (ISO 20022
// catalogue). It decides, not the namespace: banks and converters get that wrong. Only
// messages that lie in a bank's folders are named.
var bodies = map[string]string{
	"BkToCstmrStmt":         camt053,
	"BkToCstmrAcctRpt":      camt052,
	"BkToCstmrDbtCdtNtfctn": camt054,
	"CstmrPmtCxlReq":        "camt.055",
	"FIToFIPmtCxlReq":       "camt.056",
	"RsltnOfInvstgtn":       "camt.029",
	"AcctRptgReq":           "camt.060",
	"BkSvcsBllgStmt":        "camt.086",
	"CstmrCdtTrfInitn":      "pain.001",
	"CstmrPmtStsRpt":        "pain.002",
	"CstmrPmtRvsl":          "pain.007",
	"CstmrDrctDbtInitn":     "pain.008",
	"MndtInitnReq":          "pain.009",
	"CdtrPmtActvtnReq":      "pain.013",
	"FIToFIPmtStsRpt":       "pacs.002",
	"FIToFICstmrDrctDbt":    "pacs.003",
	"PmtRtr":                "pacs.004",
	"FIToFICstmrCdtTrf":     "pacs.008",
}

// meanings says in French what the families are.
var meanings = map[string]string{
	"camt.052":   "relevé de la journée en cours",
	"camt.053":   "relevé de compte",
	"camt.054":   "avis d’opérations",
	"camt.055":   "demande d’annulation",
	"camt.056":   "demande d’annulation entre banques",
	"camt.029":   "réponse à une demande d’annulation",
	"camt.060":   "demande de relevé",
	"camt.086":   "relevé de frais bancaires",
	"pain.001":   "ordre de virement",
	"pain.002":   "compte rendu d’exécution de virements",
	"pain.007":   "annulation de prélèvements",
	"pain.008":   "ordre de prélèvement",
	"pain.009":   "mandat de prélèvement",
	"pain.013":   "demande de paiement",
	"pacs.002":   "compte rendu entre banques",
	"pacs.003":   "prélèvement entre banques",
	"pacs.004":   "retour de paiement entre banques",
	"pacs.008":   "virement entre banques",
	"CFONB 120":  "relevé de compte au format français",
	"CFONB 160":  "ordres au format français ancien",
	"CFONB 320":  "ordres de virement vers l’étranger au format français ancien",
	"CFONB 240":  "virements rejetés au format français ancien",
	"MT940":      "relevé de compte SWIFT",
	"ZIP":        "archive compressée",
	"gzip":       "fichier compressé",
	"7z":         "archive compressée",
	"RAR":        "archive compressée",
	"PDF":        "document à imprimer",
	"HTML":       "page web, souvent un message d’erreur du site de la banque",
	"JSON":       "données de programme",
	"OFX":        "relevé pour logiciel personnel",
	"QIF":        "relevé pour logiciel personnel",
	"Excel":      "tableau",
	"XML":        "document XML d’un autre genre",
	"PNG":        "image",
	"JPEG":       "image",
	"texte":      "texte simple",
	"UTF-16":     "texte de deux octets par caractère",
	"binaire":    "données inconnues",
	"PKCS#7":     "fichier signé ou chiffré",
	"executable": "programme",
}

// advice says what to do with a file that is no statement to be posted; the families that are
// missing here get the general advice.
var advice = map[string]string{
	"camt.052": "Il ne porte pas d’écritures définitives : importez le relevé camt.053 du jour.",
	"camt.054": "Importez le relevé camt.053 qui contient ces opérations.",
	"pain.002": "Déposez-le parmi les comptes rendus de virement.",
	"MT940":    "Demandez à la banque le format camt.053 ou CFONB 120.",
	"ZIP":      "Décompressez l’archive et importez les fichiers qu’elle contient.",
	"UTF-16": "Enregistrez-le en ASCII ou en UTF-8, ou téléchargez-le de nouveau : " +
		"un programme l’a converti.",
	"gzip": "Décompressez-le et importez le fichier qu’il contient.",
	"7z":   "Décompressez l’archive et importez les fichiers qu’elle contient.",
	"RAR":  "Décompressez l’archive et importez les fichiers qu’elle contient.",
	"HTML": "Recommencez le téléchargement sur le site de la banque.",
}

const generalAdvice = "Téléchargez le relevé au format camt.053 ou CFONB 120."

// foundInstead is the French sentence on a file that is something else.
func foundInstead(f Format) string {
	what := f.String()
	if f.Readable() { // its namespace says so, and no body of that name is there
		return "il s’annonce comme " + what + ", mais l’élément " + bodyOf(f.Family) +
			" y manque ou est écrit autrement (majuscules comprises). Redemandez-le à la banque."
	}
	if m, known := meanings[f.Family]; known {
		what += " (" + m + ")"
	}
	do, known := advice[f.Family]
	if !known {
		do = generalAdvice
	}
	return "ceci est un " + what + ", pas un relevé de compte. " + do
}

// bodyOf is the name of the body of a family.
func bodyOf(family string) string {
	for name, of := range bodies {
		if of == family {
			return name
		}
	}
	return ""
}

const isoNamespace = "urn:iso:std:iso:20022:tech:xsd:"

// rootFormat names a document that holds no message we know by its root alone: by the
// namespace when that is one of the standard.
func rootFormat(root, namespace string) Format {
	stated, iso := strings.CutPrefix(namespace, isoNamespace)
	family, version, _ := strings.Cut(stated, ".001.")
	switch {
	case strings.EqualFold(root, "html"):
		return Format{Family: "HTML"}
	case strings.EqualFold(root, "ofx"):
		return Format{Family: "OFX"}
	case iso && messageName(family) && plainVersion("001."+version):
		return Format{Family: family, Version: "001." + version}
	}
	return Format{Family: "XML"}
}

// messageName tells whether s reads as "camt.025": four letters, a point, three digits.
func messageName(s string) bool {
	if len(s) != 8 || s[4] != '.' {
		return false
	}
	for i := range 4 {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return digits([]byte(s[5:]))
}

// formatOf names a message by its body and takes the version from the namespace of the
// document when that speaks of the same family. odd tells why the namespace is not the
// one that the standard gives to this body; empty when it is.
func formatOf(body, namespace string) (f Format, odd string) {
	f.Family = bodies[body]
	stated := strings.TrimPrefix(namespace, isoNamespace)
	version, same := strings.CutPrefix(stated, f.Family+".")
	switch {
	case namespace == "":
		return f, "absent"
	case !same:
		return f, "d’un autre message"
	}
	f.Version = shortVersion(version)
	switch {
	case version != f.Version:
		return f, "d’une variante inconnue"
	case f.Readable() && (version < firstVersion || version > lastVersion):
		return f, "d’une version inconnue"
	case stated == namespace:
		return f, "inhabituel"
	}
	return f, ""
}

// Versions of the camt messages whose elements have been compared with what this package reads.
const firstVersion, lastVersion = "001.02", "001.13"

// plainVersion tells whether v reads as "001.08".
func plainVersion(v string) bool {
	if len(v) != 6 || v[3] != '.' {
		return false
	}
	for i := range v {
		if i != 3 && (v[i] < '0' || v[i] > '9') {
			return false
		}
	}
	return true
}

// shortVersion keeps the beginning of a version that looks like one ("002.02"), nothing
// of a text that a file could put there to be shown.
func shortVersion(v string) string {
	if len(v) >= 6 && plainVersion(v[:6]) {
		return v[:6]
	}
	return ""
}
