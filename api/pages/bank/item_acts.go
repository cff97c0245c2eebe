package bank

import (
	"context"
	"net/http"
	"strings"

	"masp/api/pages"
)

// follow takes the line for oneself.
func follow(ctx context.Context, v *pages.Visit) (to, said string, err error) {
	body := map[string]string{"act": "GIVE", "owner": v.Who().ID, "from": v.Form.Value("suivi_par")}
	return actNote(ctx, v, body, "Vous suivez cette ligne.")
}

// giveAway gives the line to somebody.
func giveAway(ctx context.Context, v *pages.Visit) (to, said string, err error) {
	owner := v.Form.Need("owner", "Écrivez l'identifiant de la personne, par exemple c.martin.")
	if owner == "" {
		return "", "", nil
	}
	body := map[string]string{"act": "GIVE", "owner": owner, "from": v.Form.Value("suivi_par")}
	return actNote(ctx, v, body, "Ligne confiée à "+owner+".")
}

// letGo takes its owner away.
func letGo(ctx context.Context, v *pages.Visit) (to, said string, err error) {
	return actNote(ctx, v, map[string]string{"act": "UNASSIGN"}, "Personne ne suit plus cette ligne.")
}

// takeNote keeps what was tried.
func takeNote(ctx context.Context, v *pages.Visit) (to, said string, err error) {
	text := v.Form.Need("note", "Écrivez ce que vous avez essayé.")
	if text == "" {
		return "", "", nil
	}
	return actNote(ctx, v, map[string]string{"act": "NOTE", "note": text}, "Note gardée.")
}

func actNote(ctx context.Context, v *pages.Visit, body map[string]string, said string) (string, string, error) {
	if body["from"] == "" {
		delete(body, "from")
	}
	_, err := v.Act(ctx, http.MethodPost, "/v1/suspense/"+v.Path("line")+"/notes", body, "")
	return "/banque/attente/" + v.Path("line"), said, err
}

// giveBack prepares the payment that gives the money back to who sent it.
func giveBack(ctx context.Context, v *pages.Visit) (to, said string, err error) {
	creditor := strings.ToUpper(v.Form.Need("to", "Écrivez la référence du destinataire, par exemple C-LUMEN."))
	evidence := v.Form.Need("evidence", "Dites quel papier montre son compte.")
	body := map[string]any{"to": creditor, "evidence": evidence}
	if a := v.Form.Amount("rendu"); !a.IsZero() {
		body["amount"] = a
	}
	if len(v.Form.Problems) > 0 {
		return "", "", nil
	}
	reply, err := v.Act(ctx, http.MethodPost, "/v1/suspense/"+v.Path("line")+"/returns", body, "")
	if err != nil {
		return "", "", err
	}
	var done struct {
		Run string `json:"run"`
	}
	err = readReply(reply, &done)
	return "/campagnes/" + done.Run, "Virement de retour préparé. Une autre personne doit l'approuver.", err
}

// clearPair lets the line and another one clear each other.
func clearPair(ctx context.Context, v *pages.Visit) (to, said string, err error) {
	other := v.Form.Need("paire", "Choisissez la ligne qui va avec celle-ci.")
	reason := v.Form.Need("pourquoi", "Dites pourquoi ces deux lignes vont ensemble.")
	if len(v.Form.Problems) > 0 {
		return "", "", nil
	}
	body := map[string]string{"debit_line": other, "credit_line": v.Path("line"), "reason": reason}
	if v.Form.Has("sens", "sorti") {
		body["debit_line"], body["credit_line"] = v.Path("line"), other
	}
	_, err = v.Act(ctx, http.MethodPost, "/v1/suspense_clearings", body, "")
	return "/banque/rapprochement/lignes", "Les deux lignes se compensent.", err
}
