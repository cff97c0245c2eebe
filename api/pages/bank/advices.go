package bank

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"masp/api/auth"
	"masp/api/pages"
	"masp/ledger/civil"
	"masp/ledger/money"
)

// advice is a payer's list of what one of its credits brings.
type advice struct {
	Advice      string       `json:"advice"`
	BankAccount string       `json:"bank_account"`
	Payer       string       `json:"payer"`
	Reference   string       `json:"reference"`
	Amount      money.Amount `json:"amount"`
	On          civil.Date   `json:"on"`
	Parts       []struct {
		Mandate string `json:"mandate"`
	} `json:"parts"`
	By   string `json:"by"`
	Line string `json:"line"` // that it has split
}

type advicesShown struct {
	All      []advice
	Next     string
	Whole    bool
	MayWrite bool
}

func showAdvices(ctx context.Context, v *pages.Visit) error {
	shown := advicesShown{Whole: v.Who().Reach(auth.ReadBank) == auth.Whole, MayWrite: v.May(auth.MatchBank)}
	target := "/v1/advices?limit=" + shownAtOnce
	if at := v.Query("suite"); at != "" {
		target += "&cursor=" + url.QueryEscape(at)
	}
	all, next, err := pages.Some[advice](ctx, v, target)
	if err != nil {
		return err
	}
	page := pageOf(v)
	shown.All, shown.Next = all, nextPage(v, next, page)
	title := numbered("Bordereaux des organismes", page)
	return v.Show("banque_bordereaux.html", pages.Sheet{Title: title, Data: shown, Back: "/banque/rapprochement/lignes"})
}

// announce keeps a list: the credit that it announces is shared by it, whether it comes or has come.
func announce(ctx context.Context, v *pages.Visit) error {
	body := map[string]any{
		"bank_account": strings.ToUpper(v.Form.Need("bank_account", "Écrivez le compte qui reçoit, par exemple BK-0001.")),
		"payer":        v.Form.Need("payer", "Écrivez l'organisme, par exemple CAF."),
		"reference":    v.Form.Need("reference", "Écrivez la référence du bordereau."),
		"on":           v.Form.Date("on"),
	}
	v.Form.Need("on", "Écrivez le jour du paiement.")
	body["parts"] = partsTyped(v)
	if len(v.Form.Problems) > 0 {
		return showAdvices(ctx, v)
	}
	if _, err := v.Act(ctx, http.MethodPost, "/v1/advices", body, ""); err != nil {
		if err = refusedAct(v, err, nil); err != nil {
			return err
		}
		return showAdvices(ctx, v)
	}
	return v.Done("/banque/bordereaux", "Bordereau gardé.")
}

// The columns of a part as it is typed.
const partColumns = 4

// partsTyped reads the parts, one a line: mandate or the payer's number, benefit, month, amount.
func partsTyped(v *pages.Visit) (parts []map[string]any) {
	for line := range strings.Lines(v.Form.Value("parts")) {
		fields := strings.Split(strings.TrimSpace(line), ";")
		if len(fields) == 1 && fields[0] == "" {
			continue
		}
		if len(fields) != partColumns {
			v.Form.Bad("parts", "« "+strings.TrimSpace(line)+" » : écrivez dossier ; prestation ; mois ; montant.")
			return nil
		}
		part, ok := partTyped(fields)
		if !ok {
			v.Form.Bad("parts", "« "+strings.TrimSpace(line)+" » : le mois s'écrit 10/2026, le montant 412,50.")
			return nil
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		v.Form.Bad("parts", "Écrivez une part au moins.")
	}
	return parts
}

func partTyped(fields []string) (map[string]any, bool) {
	part := map[string]any{}
	if whose := strings.ToUpper(strings.TrimSpace(fields[0])); strings.Contains(whose, "-") {
		part["mandate"] = whose
	} else if whose != "" {
		part["number"] = whose
	}
	if benefit := strings.ToUpper(strings.TrimSpace(fields[1])); benefit != "" {
		part["benefit"] = benefit
	}
	if typed := strings.TrimSpace(fields[2]); typed != "" {
		m, ok := monthOf(typed)
		if !ok {
			return nil, false
		}
		part["period"] = m
	}
	a, err := money.ParseInput(fields[3])
	part["amount"] = a
	return part, err == nil && a.IsPositive()
}
