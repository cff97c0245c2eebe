package control

import (
	"context"

	"masp/api/pages"
	"masp/ledger/money"
)

// sample is a list of drawn entries.
type sample struct {
	Method   string       `json:"method"`
	Seed     string       `json:"seed"`
	Entries  int          `json:"population_entries"`
	Value    money.Amount `json:"population_value"`
	Interval money.Amount `json:"interval"`
	Strata   []struct {
		Name    string `json:"name"`
		Entries int    `json:"entries"`
		Drawn   int    `json:"drawn"`
	} `json:"strata"`
	Items []struct {
		Entry   string       `json:"entry"`
		Number  int          `json:"number"`
		Value   money.Amount `json:"value"`
		Stratum string       `json:"stratum"`
		Certain bool         `json:"certain"`
	} `json:"items"`
}

type sampleShown struct {
	Methods, Strata []pages.Choice
	Drawn           *sample
	Archive         string // where the pieces are
}

var (
	methods = []pages.Choice{
		{Value: "RANDOM", Name: "Au hasard : chaque écriture a la même chance"},
		{Value: "VALUE", Name: "Selon la valeur : chaque centime a la même chance"},
		{Value: "STRATUM", Name: "Par groupe : au hasard dans chaque groupe"},
	}
	strata = []pages.Choice{{Value: "", Name: "Sans groupe"}, {Value: "KIND", Name: "Par nature"}, {Value: "ACCOUNT", Name: "Par compte"}, {Value: "MANDATE", Name: "Par mandat"}}
)

// showSample draws by an address: the same one gives the same list, to whoever reads the same books.
func showSample(ctx context.Context, v *pages.Visit) error {
	shown := sampleShown{Methods: methods, Strata: strata}
	sheet := func() pages.Sheet {
		return pages.Sheet{Title: "Tirer un échantillon", Data: shown, Back: "/controle"}
	}
	q := asked(v)
	if !v.URL.Query().Has("methode") {
		return v.Show("controle_echantillon.html", sheet())
	}
	for name, value := range map[string]string{
		"method": v.Query("methode"), "by": v.Query("strate"), "seed": v.Form.Need("graine", "Écrivez une graine : la même redonne la même liste."),
		"size": v.Form.Need("taille", "Écrivez combien d'écritures tirer."),
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	var err error
	if len(v.Form.Problems) == 0 {
		var drawn sample
		if err = v.Read(ctx, "/v1/samples?"+q.Encode(), &drawn); err == nil {
			shown.Drawn, shown.Archive = &drawn, "/v1/samples/archive?"+q.Encode()
		}
	}
	return answered(v, err, "Aucun mandat de votre périmètre ne répond à cette demande.", "controle_echantillon.html", sheet())
}
