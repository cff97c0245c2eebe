package v1

import (
	"errors"
	"net/http"
	"regexp"
	"strings"
	"time"
	"unicode"

	"masp/api"
	"masp/api/auth"
	"masp/api/contract"
	"masp/imports"
	"masp/imports/reconcile"
	"masp/ledger"
	"masp/payments"
	"masp/payments/mandates"
	"masp/payments/worklist"
)

// known are the errors of the domain that callers branch on: their status and their stable code.
// A refusal that is not here is a broken rule, 422, whose code is made of its English reason.
var known = []struct {
	err    error
	status int
	code   string
	french string // what to do; empty when the error says it itself
}{
	{auth.ErrUnknown, 401, "unauthenticated", "Ce secret ne prouve l'identité de personne : inconnu, expiré ou révoqué."},
	{auth.ErrNoProof, 401, "unauthenticated", "Cette action est personnelle : prouvez qui vous êtes."},
	{auth.ErrRole, 403, "forbidden", "Votre rôle ne permet pas cette action."},
	{auth.ErrSelf, 409, "self", "Une autre personne doit le faire."},
	{auth.ErrExists, 409, "user_exists", "Cet identifiant existe déjà avec un autre nom ou d'autres rôles."},
	{auth.ErrNoUser, 404, "no_such_user", "Cet utilisateur n'existe pas, ou est désactivé."},
	{auth.ErrSamePerson, 409, "same_person", "Un autre utilisateur a cette adresse ou ce second facteur."},
	{auth.ErrStepUp, 401, "step_up_required", "Redonnez votre code : cette action demande une session prouvée depuis moins de cinq minutes. Qui a un second facteur ne signe pas par un jeton."},
	{auth.ErrOwnToken, 403, "own_token", "Chacun fait ses jetons lui-même : donnez à cette personne un lien d'entrée."},
	{payments.ErrToken, 401, "unauthenticated", "Ce secret ne prouve l'identité de personne."},
	{payments.ErrRole, 403, "forbidden", "Votre rôle ne permet pas cette action."},
	{payments.ErrNoRun, 404, "no_such_run", "Cette campagne n'existe pas."},
	{payments.ErrSamePerson, 403, "same_person", "Une autre personne doit approuver : qui prépare une campagne ne l'approuve jamais."},
	{payments.ErrStale, 412, "stale", "La campagne a changé depuis votre lecture : relisez-la, puis décidez de nouveau."},
	{payments.ErrIBANChanger, 403, "iban_changer", "Vous avez proposé ou confirmé un IBAN payé ici pour la première fois : une autre personne doit approuver."},
	{payments.ErrIBANHeld, 409, "iban_held", "Un IBAN de la campagne n'est pas confirmé, ou son délai d'attente court encore."},
	{payments.ErrPaidTwice, 409, "paid_twice", "Une échéance de la campagne a été payée entre-temps : rien n'est parti. Proposez de nouveau."},
	{payments.ErrDebtPaid, 409, "debt_overpaid", "Une mensualité dépasse ce qui reste dû de sa dette."},
	{payments.ErrNotFailed, 409, "not_failed", "Aucun paiement de ce mandat et de ce montant n'a échoué sous cette référence."},
	{payments.ErrReissued, 409, "reissued", "Ce paiement a déjà été émis de nouveau : une seule fois suffit."},
	{payments.ErrNoException, 404, "no_such_exception", "Cette campagne n'a pas d'exception de ce numéro."},
	{payments.ErrNoReason, 422, "no_reason", "Dites pourquoi."},
	{payments.ErrThreshold, 422, "threshold", "Un seuil est un montant positif, une part de 0 à 100 ou un délai de 0 à 365 jours."},
	{payments.ErrSigned, 409, "signed", "Vous avez déjà signé cette campagne : une autre personne donne la deuxième signature."},
	{payments.ErrNoTransfer, 404, "no_such_payment", "Ce virement n'existe pas."},
	{payments.ErrNoFile, 404, "no_such_file", "Ce fichier n'existe pas, ou est déjà sans valeur."},
	{payments.ErrRestored, 409, "restored", "La maison a été restaurée : aucun fichier ne part avant qu'elle soit comparée à la banque."},
	{payments.ErrNothingDue, 422, "nothing_due", "Aucun mandat actif à proposer."},
	{imports.ErrToken, 401, "unauthenticated", "Ce secret ne prouve l'identité de personne."},
	{imports.ErrRole, 403, "forbidden", "Votre rôle ne permet pas cette action."},
	{imports.ErrNotInSuspense, 409, "not_in_suspense", "Cette ligne est déjà identifiée, ou n'existe pas."},
	{ledger.ErrNotNext, 409, "not_next", "Un mois se clôture une fois terminé, et à son tour."},
	{ledger.ErrClosed, 409, "month_closed", "Ce mois est clôturé : rien ne peut plus y être daté."},
	{ledger.ErrLocked, 409, "days_locked", "Les jours de ce compte sont verrouillés."},
	{ledger.ErrReversed, 409, "reversed", "Cette écriture est déjà extournée."},
	{ledger.ErrBusy, 503, "busy", "D'autres travaillaient sur la même chose : rien n'a été fait. Recommencez."},
	{reconcile.ErrToken, 401, "unauthenticated", "Ce secret ne prouve l'identité de personne."},
	{reconcile.ErrRole, 403, "forbidden", "Un comptable verrouille les jours ; un autre, ou un approbateur, les rouvre."},
	{reconcile.ErrSamePerson, 403, "same_person", "Qui a verrouillé ces jours ne les rouvre pas."},
	{reconcile.ErrNotOver, 409, "not_over", "Ces jours ne sont pas finis, ou sont déjà verrouillés."},
	{reconcile.ErrNotLocked, 409, "not_locked", "Ces jours ne sont pas verrouillés."},
	{reconcile.ErrNoReason, 422, "no_reason", "Dites pourquoi."},
	{reconcile.ErrNoAccount, 404, "no_such_account", "Ce compte bancaire n'existe pas."},
	{reconcile.ErrNoMandate, 404, "no_such_mandate", "Ce mandat n'existe pas, ou ne tient pas d'argent."},
	{mandates.ErrToken, 401, "unauthenticated", ""},
	{mandates.ErrRole, 403, "forbidden", ""},
	{mandates.ErrSamePerson, 403, "same_person", ""},
	{mandates.ErrRunStands, 409, "run_stands", ""},
	{mandates.ErrHoldsMoney, 409, "holds_money", ""},
	{mandates.ErrNotActive, 409, "not_active", ""},
	{mandates.ErrSigned, 409, "signed", ""},
	{mandates.ErrSignedLate, 409, "signed_late", ""},
	{mandates.ErrNotSuspended, 409, "not_suspended", ""},
	{mandates.ErrDeadAlready, 409, "dead_already", ""},
	{mandates.ErrEndAfterRun, 409, "end_after_run", ""},
	{mandates.ErrDayPaid, 409, "day_paid", ""},
	{mandates.ErrReceived, 409, "received", ""},
	{mandates.ErrExpectedTwice, 409, "expected_twice", ""},
	{mandates.ErrBenefitTwice, 409, "benefit_twice", ""},
	{mandates.ErrCourtTwice, 409, "court_benefit_twice", ""},
	{mandates.ErrConventionTwice, 409, "convention_twice", ""},
	{mandates.ErrConventionDay, 409, "convention_day", ""},
	{mandates.ErrScaleTwice, 409, "scale_twice", ""},
	{mandates.ErrReleased, 409, "released", ""},
	{mandates.ErrThirdParty, 422, "third_party", "Cette aide est versée au bailleur (tiers payant). Si cela a cessé, dites-le : third_party_ended."},
	{mandates.ErrNoCalendar, 422, "no_calendar", "Ce payeur n'a pas de calendrier : donnez le jour (expected_on)."},
	{mandates.ErrOwnAccount, 422, "own_account", "Le solde va sur un compte au nom de la personne : indiquez-le d'abord par avenant (remit_to)."},
	{mandates.ErrNoLoad, 404, "no_such_load", ""},
	{mandates.ErrNotNewest, 412, "stale", ""},
	{mandates.ErrEvidence, 422, "no_evidence", "Dites d'où vient ce nouvel IBAN : RIB reçu, appel au numéro connu."},
	{mandates.ErrDebtEvidence, 422, "no_evidence", "Dites ce qui le prouve : décision, décompte, reçu."},
	{mandates.ErrConfirmedOnce, 403, "confirmed_once", ""},
	{mandates.ErrNoIBAN, 409, "nothing_to_confirm", ""},
	{mandates.ErrSameIBAN, 409, "same_iban", ""},
	{mandates.ErrContested, 409, "contested", ""},
	{mandates.ErrNotContested, 409, "not_contested", ""},
	{mandates.ErrSameMovement, 409, "same_movement", ""},
	{mandates.ErrNoArrears, 409, "no_arrears", ""},
	{mandates.ErrNoRequest, 409, "no_open_request", ""},
	{mandates.ErrReason, 422, "no_reason", "Dites pourquoi."},
	{worklist.ErrAsked, 409, "asked_already", ""},
	{worklist.ErrNotAsked, 409, "not_asked", ""},
	{worklist.ErrToken, 401, "unauthenticated", ""},
	{worklist.ErrRole, 403, "forbidden", ""},
	{worklist.ErrClosed, 409, "alert_closed", ""},
}

// Explain finds what the receiver reads of an error of the domain; nil when it is a defect.
func Explain(err error) *api.Fault {
	for _, k := range known {
		if errors.Is(err, k.err) {
			f := &api.Fault{Status: k.status, Code: k.code, Detail: contract.Text{French: k.french, English: sentence(k.err.Error())}}
			if k.french == "" {
				f.Detail.French = frenchOf(k.err)
			}
			if k.status == http.StatusServiceUnavailable {
				f.After = time.Second
			}
			return f
		}
	}
	return explainTyped(err)
}

// explainTyped explains the errors that carry what they are about.
func explainTyped(err error) *api.Fault {
	if slowed, ok := errors.AsType[*auth.SlowedError](err); ok {
		return &api.Fault{Status: 429, Code: "slowed", After: slowed.RetryAfter, Detail: contract.Text{
			French: slowed.French(), English: "Too many failed attempts: wait, then try again.",
		}}
	}
	if overdrawn, ok := errors.AsType[*ledger.OverdrawnError](err); ok {
		return &api.Fault{Status: 409, Code: "insufficient_funds", Detail: contract.Text{
			French: "Le compte n'a pas assez d'argent : rien n'a été écrit.", English: sentence(overdrawn.Error()),
		}}
	}
	if own, ok := errors.AsType[*mandates.RefusedError](err); ok {
		return refusal(own.Reason, own.French())
	}
	if own, ok := errors.AsType[*worklist.RefusedError](err); ok {
		return refusal(own.Reason, own.French())
	}
	for _, explain := range []func(error) *api.Fault{explainPaper, explainControl, explainReport, explainPrivacy} {
		if f := explain(err); f != nil {
			return f
		}
	}
	if own, ok := errors.AsType[*imports.RefusedError](err); ok {
		return explainBank(own)
	}
	if f := explainIdentity(err); f != nil {
		return f
	}
	if f := explainRun(err); f != nil {
		return f
	}
	if f := explainRules(err); f != nil {
		return f
	}
	var own interface {
		error
		French() string
	}
	if errors.As(err, &own) {
		return &api.Fault{Status: statusOf(err), Code: codeOf(own), Detail: contract.Text{
			French: withoutCommand(own.French()), English: sentence(own.Error()),
		}}
	}
	return nil
}

// refusal is a rule of the domain that says no.
func refusal(reason, french string) *api.Fault {
	f := &api.Fault{Status: 422, Code: slug(reason), Detail: contract.Text{French: withoutCommand(french), English: sentence(reason)}}
	if strings.HasPrefix(reason, "no such") {
		f.Status = http.StatusNotFound
	}
	return f
}

// statusOf tells a state that has moved on from a broken rule.
func statusOf(err error) int {
	switch {
	case is[*payments.StateError](err), is[*payments.OpenRunError](err), is[*payments.PastError](err),
		is[*payments.OvertakenError](err), is[*payments.EndedError](err), is[*payments.ReplacedError](err),
		is[*payments.ChangedError](err), is[*payments.HandedOverError](err), is[*payments.DifferenceError](err),
		is[*reconcile.OpenDaysError](err), is[*payments.UnchangedError](err), is[*payments.ShortError](err),
		is[*mandates.NotReadyError](err),
		is[*payments.VoidFileError](err):
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// codes of the typed errors, which their sentences do not carry.
func codeOf(err error) string {
	switch {
	case is[*payments.StateError](err):
		return "wrong_state"
	case is[*payments.OpenRunError](err):
		return "already_in_run"
	case is[*payments.PastError](err):
		return "in_the_past"
	case is[*payments.OvertakenError](err):
		return "overtaken"
	case is[*payments.EndedError](err):
		return "measure_ended"
	case is[*payments.ReplacedError](err):
		return "line_replaced"
	case is[*payments.ChangedError](err):
		return "changed"
	case is[*payments.HandedOverError](err):
		return "handed_over"
	case is[*payments.DifferenceError](err):
		return "not_reconciled"
	case is[*payments.UndecidedError](err):
		return "undecided_exceptions"
	case is[*payments.UnchangedError](err):
		return "unchanged"
	case is[*payments.ShortError](err):
		return "insufficient_funds"
	case is[*reconcile.OpenDaysError](err):
		return "open_days"
	case is[*mandates.NotReadyError](err):
		return "not_ready"
	case is[*payments.VoidFileError](err):
		return "file_void"
	}
	return "refused"
}

func frenchOf(err error) string {
	var own interface{ French() string }
	if errors.As(err, &own) {
		return withoutCommand(own.French())
	}
	return ""
}

// command is the hint of the command line in a sentence that both say.
var (
	command = regexp.MustCompile(` ?\((propriétaire : )?masp [^)]*\)`)
	then    = regexp.MustCompile(` : masp [^.]*\.?`)
)

func withoutCommand(french string) string {
	return then.ReplaceAllString(command.ReplaceAllString(french, ""), ".")
}

// sentence is an error of the program as a sentence.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	return string(unicode.ToUpper(rune(text[0]))) + text[1:] + "."
}

// slug is the stable code of a reason: its words.
func slug(reason string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return '_'
	}, reason), "_")
}
