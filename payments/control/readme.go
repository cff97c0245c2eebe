package control

import (
	"fmt"
	"strings"
)

// readMe says how to check the archive with common tools, and how to draw the list again.
func readMe(s Sample, pieces bool) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\r\n", args...) }
	line("SONDAGE")
	line("")
	line("Méthode : %s.", frenchMethods[s.Plan.Method])
	line("Graine : %s", s.Plan.Seed)
	line("Population : %d écritures, %s.", s.Entries, s.Value.French())
	line("Tirées : %d écritures, dans echantillon.csv (tableur) et sondage.json (programmes).", len(s.Items))
	if s.Plan.Method == ByValue {
		line("Certaines (au moins l'intervalle) : %d. Intervalle des autres : %s pour %d centimes tirés.",
			s.Certain, s.Interval.French(), s.Draws)
	}
	for _, st := range s.Strata {
		line("Strate %s : %d écritures, %d tirées.", st.Name, st.Entries, st.Drawn)
	}
	line("")
	line("VÉRIFIER LES FICHIERS")
	line("  sha256sum -c SHA256SUMS")
	line("")
	line("RETIRER LA MÊME LISTE SANS NOUS")
	switch s.Plan.Method {
	case ByValue:
		line("  r = les 32 premiers chiffres hexadécimaux de SHA-256(« masp sample 1|GRAINE|start »), modulo T,")
		line("  où T est la valeur en centimes des écritures qui ne sont pas certaines, et m le nombre de centimes tirés.")
		line("  Sont tirées les écritures qui contiennent les centimes (r + k × T) / m, arrondis en dessous, k de 0 à m − 1,")
		line("  comptés à partir de 0 dans l'ordre des numéros d'écriture, les certaines étant sautées.")
	default:
		line("  Le nombre d'une écriture : les 16 premiers chiffres de")
		line("    printf 'masp sample 1|GRAINE|NUMÉRO' | sha256sum")
		line("  Sont tirées les écritures des plus petits nombres (de chaque strate).")
	}
	line("")
	line("LES PIÈCES")
	line("  ecritures/NUMÉRO.txt   le chemin de l'argent : ligne de banque, écriture, campagne, approbation, fichier")
	line("  approbations.csv       qui a préparé, qui a approuvé, quel contenu")
	if pieces {
		line("  banque/                les fichiers de la banque, octet pour octet")
		line("  virements/             les fichiers de virements, octet pour octet")
	} else {
		line("  Les fichiers de la banque et de virements n'y sont pas : d'autres personnes y figurent. Leur SHA-256")
		line("  est dans chaque chemin ; le service peut vous les montrer.")
	}
	return b.String()
}

var frenchMethods = map[Method]string{
	Random: "au hasard, chaque écriture ayant la même chance", ByValue: "selon la valeur, chaque centime ayant la même chance",
	ByStratum: "par strate, en proportion du nombre d'écritures",
}
