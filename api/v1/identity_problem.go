package v1

import (
	"errors"
	"net/http"
	"time"

	"masp/api"
	"masp/api/auth"
	"masp/api/auth/oidc"
	"masp/api/contract"
)

// waysIn are the refusals of the ways in and of what an admin does: their status and stable code.
var waysIn = []struct {
	err    error
	status int
	code   string
	french string // empty when the error says it itself
}{
	{auth.ErrLogin, 401, "login_refused", "Identifiant, mot de passe ou code faux, ou code déjà utilisé. Recommencez avec le code suivant."},
	{auth.ErrPassword, 422, "wrong_password", "Le mot de passe actuel n'est pas celui-là : rien n'est changé."},
	{auth.ErrSetup, 404, "setup_void", "Ce lien n'ouvre rien : il a servi, ou a plus de 72 heures. Demandez-en un autre à l'administrateur."},
	{auth.ErrEntered, 409, "has_entered", "Cette personne a déjà un mot de passe : remettez son entrée à zéro."},
	{auth.ErrScope, 403, "scope", "Ce jeton n'est pas fait pour cela."},
	{auth.ErrNotHisRole, 422, "not_his_role", "Cette personne n'a pas le rôle qui va avec, ou n'existe pas."},
	{auth.ErrNoMandate, 422, "no_such_mandate", "Un mandat de la liste n'existe pas."},
	{auth.ErrKey, 503, "no_key", "Le service n'a pas la clé des seconds facteurs : l'administrateur la donne (MASP_SECRET_FILE)."},
	{auth.ErrTyped, 422, "card_typed", ""},
	{auth.ErrCard, 401, "card_refused", ""},
	{auth.ErrNoPerson, 404, "not_found", "Aucune personne n'a cette référence."},
	{auth.ErrDeceased, 409, "deceased", ""},
	{oidc.ErrState, 400, "login_unknown", ""},
	{oidc.ErrDenied, 403, "provider_refused", ""},
	{oidc.ErrFalse, 401, "provider_unproved", ""},
	{oidc.ErrDown, 503, "provider_down", ""},
	{oidc.ErrStale, 401, "provider_stale", ""},
	{oidc.ErrOther, 403, "another_person", ""},
	{oidc.ErrOff, 404, "provider_off", "Aucun service d'identité n'est réglé ici."},
	{oidc.ErrLinked, 409, "identity_linked", "Cette identité est déjà liée, ou cette personne en a déjà une."},
	{oidc.ErrNoIdentity, 404, "not_found", ""},
	{oidc.ErrBad, 422, "no_identity", "L'adresse du service d'identité commence par https:// ; l'identité a de 1 à 255 caractères."},
}

// explainIdentity explains the refusals of the ways in; nil when it is none.
func explainIdentity(err error) *api.Fault {
	if errors.Is(err, auth.ErrNoCredential) {
		return api.NotFound() // also another's: nobody learns which keys there are
	}
	for _, k := range waysIn {
		if !errors.Is(err, k.err) {
			continue
		}
		f := &api.Fault{Status: k.status, Code: k.code, Detail: contract.Text{French: k.french, English: sentence(k.err.Error())}}
		if k.french == "" {
			f.Detail.French = frenchOf(k.err)
		}
		if k.status == http.StatusServiceUnavailable {
			f.After = 10 * time.Second
		}
		return f
	}
	if invalid, ok := errors.AsType[*auth.InvalidError](err); ok {
		text := contract.Text{French: withoutCommand(invalid.French), English: sentence("The field " + invalid.Field + " cannot be this")}
		return &api.Fault{Status: http.StatusUnprocessableEntity, Code: "invalid_" + invalid.Field, Detail: text, Problems: []contract.Problem{
			{Pointer: "/" + invalid.Field, Code: "invalid", Text: text},
		}}
	}
	if unknown, ok := errors.AsType[*oidc.UnknownError](err); ok {
		return &api.Fault{Status: http.StatusForbidden, Code: "identity_unknown", Detail: contract.Text{
			French: withoutCommand(unknown.French()), English: sentence(unknown.Error()),
		}}
	}
	if setting, ok := errors.AsType[*oidc.SettingError](err); ok {
		return &api.Fault{Status: http.StatusServiceUnavailable, Code: "provider_off", After: time.Minute, Detail: contract.Text{
			French: setting.French(), English: sentence(setting.Error()),
		}}
	}
	return nil
}
