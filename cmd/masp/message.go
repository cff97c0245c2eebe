package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"

	"masp/api/auth"
	"masp/api/auth/oidc"
	"masp/imports"
	"masp/imports/reconcile"
	"masp/ledger"
	"masp/migrations"
	"masp/migrations/cluster"
	"masp/payments"
	"masp/payments/mandates"
	"masp/payments/papers"
	"masp/payments/privacy"
	"masp/payments/reports"
	"masp/payments/worklist"
)

// message is what a person reads of an error, and the exit code that a program reads.
type message struct {
	code string
	text string
	exit int
}

// known are the refusals of the domain in French, each with what to do.
var known = []struct {
	err error
	message
}{
	{errNoToken, message{"no_token", "Cette action est personnelle : donnez votre jeton par MASP_TOKEN ou MASP_TOKEN_FILE (masp load et masp user add --token l'affichent une fois ; un administrateur en donne un autre).", exitNobody}},
	{errNoOwner, message{"no_owner", "Cette action crée des tables : donnez le rôle propriétaire par MASP_OWNER_URL.", exitUsage}},
	{errNotEmpty, message{"not_empty", "Cette base contient déjà une organisation : la démonstration n'y touche pas. Donnez une base vide, ou aucune (PostgreSQL privé).", exitConflict}},
	{errSeeded, message{"not_empty", "Cette base contient déjà une organisation : l'exemple ne se met que dans une base vide.", exitConflict}},
	{errNoInbox, message{"no_inbox", "Nommez un fichier ou un dossier, ou donnez MASP_INBOX.", exitUsage}},
	{errNoSource, message{"no_source", "Dites où la banque dépose ses fichiers : MASP_INBOX, ou MASP_SFTP_URL.", exitUsage}},
	{auth.ErrUnknown, message{"unknown_token", "Ce jeton ne prouve l'identité de personne (inconnu, expiré ou révoqué). Demandez-en un autre.", exitNobody}},
	{auth.ErrNoProof, message{"no_token", "Donnez votre jeton par MASP_TOKEN ou MASP_TOKEN_FILE. Qui a déjà un jeton n'en reçoit un autre que par lui-même ou par un administrateur ; en production, seul un administrateur ajoute une personne.", exitNobody}},
	{auth.ErrRole, message{"role", "Votre rôle ne permet pas cette action : la coordination donne les cartes des personnes ; seul un administrateur révoque le jeton d'une autre personne et, en production, l'ajoute ou la désactive.", exitNobody}},
	{auth.ErrSelf, message{"self", "Personne ne se désactive soi-même ni ne change ses propres rôles : un autre administrateur doit le faire.", exitConflict}},
	{payments.ErrToken, message{"unknown_token", "Ce jeton ne prouve l'identité de personne (inconnu, expiré ou révoqué). Demandez-en un autre.", exitNobody}},
	{auth.ErrStepUp, message{"step_up", "Cette action demande votre second facteur : faites-la dans le service, par une session qui l'a prouvé depuis moins de cinq minutes. Qui en a un ne signe pas par un jeton.", exitNobody}},
	{auth.ErrOwnToken, message{"own_token", "En production, chacun fait ses jetons lui-même, par sa session ou son jeton. Un administrateur donne un lien d'entrée (masp user add sans --token, masp user reset) et les jetons des programmes.", exitNobody}},
	{auth.ErrLogin, message{"login", "Identifiant, mot de passe ou code : l'un des trois ne convient pas, ou ce code a déjà servi.", exitNobody}},
	{auth.ErrPassword, message{"wrong_password", "Le mot de passe actuel n'est pas celui-là : rien n'est changé.", exitNobody}},
	{auth.ErrSetup, message{"setup_link", "Ce lien n'ouvre plus rien (il sert une fois, pendant 72 heures). Demandez-en un autre à un administrateur.", exitNobody}},
	{auth.ErrEntered, message{"entered", "Cette personne a déjà choisi son mot de passe : masp user reset lui donne un nouveau lien.", exitConflict}},
	{auth.ErrScope, message{"scope", "Ce jeton est limité à certaines actions du service : la ligne de commande n'en est pas.", exitNobody}},
	{auth.ErrNoCredential, message{"no_token", "Ce jeton ou cette session n'existe pas, ou n'est pas à vous (masp token list).", exitFailure}},
	{auth.ErrSamePerson, message{"same_person", "Une autre personne a déjà cette adresse de courriel, ou ce second facteur.", exitConflict}},
	{auth.ErrKey, message{"no_key", "La clé des seconds facteurs manque ou n'est pas la bonne : MASP_SECRET_FILE nomme son fichier (openssl rand -base64 32).", exitFailure}},
	{auth.ErrClockMoved, message{"clock_moved", "L'horloge des comptes est déplacée (essai) : remettez-la à l'heure (propriétaire : SELECT masp.set_clock(NULL)), puis recommencez.", exitConflict}},
	{auth.ErrExists, message{"user_exists", "Cet identifiant existe déjà avec un autre nom ou d'autres rôles.", exitConflict}},
	{auth.ErrNoMandate, message{"no_mandate", "Ce mandat n'existe pas (masp mandate list).", exitFailure}},
	{auth.ErrNotHisRole, message{"not_his_role", "Cette personne n'a pas le rôle qu'il faut : on confie des mandats à la coordination, une mission au contrôle (masp user list).", exitConflict}},
	{auth.ErrNoUser, message{"no_user", "Cet utilisateur n'existe pas, ou est désactivé (masp user list).", exitFailure}},
	{payments.ErrNoRun, message{"no_run", "Cette campagne n'existe pas (masp run list).", exitFailure}},
	{payments.ErrSamePerson, message{"same_person", "Une autre personne doit approuver : qui prépare une campagne ne l'approuve jamais.", exitConflict}},
	{imports.ErrToken, message{"unknown_token", "Ce jeton ne prouve l'identité de personne (inconnu, expiré ou révoqué). Demandez-en un autre.", exitNobody}},
	{imports.ErrRole, message{"role", "Votre rôle ne permet pas cette action.", exitNobody}},
	{imports.ErrNotInSuspense, message{"not_in_suspense", "Cette ligne est déjà identifiée, ou n'existe pas (masp suspense list).", exitConflict}},
	{payments.ErrRole, message{"role", "Votre rôle ne permet pas cette action.", exitNobody}},
	{payments.ErrStale, message{"stale", "La campagne a changé depuis votre lecture. Relisez-la (masp run show), puis recommencez.", exitConflict}},
	{payments.ErrIBANChanger, message{"iban_changer", "Vous avez proposé ou confirmé un IBAN payé ici pour la première fois : une autre personne doit approuver.", exitConflict}},
	{payments.ErrIBANHeld, message{"iban_held", "Un IBAN de la campagne n'est pas confirmé, ou son délai d'attente court encore (masp creditor list).", exitConflict}},
	{payments.ErrPaidTwice, message{"paid_twice", "Une échéance de la campagne a été payée entre-temps : rien n'est parti. Annulez la campagne et proposez-la de nouveau.", exitConflict}},
	{payments.ErrDebtPaid, message{"debt_overpaid", "Une mensualité dépasse ce qui reste dû de sa dette : corrigez-la, puis proposez de nouveau.", exitConflict}},
	{payments.ErrNotFailed, message{"not_failed", "Aucun paiement de ce mandat et de ce montant n'a échoué sous cette référence (masp run show).", exitFailure}},
	{payments.ErrReissued, message{"reissued", "Ce paiement a déjà été émis de nouveau : une seule fois suffit.", exitConflict}},
	{payments.ErrNoException, message{"no_exception", "Cette campagne n'a pas d'exception de ce numéro (masp run show).", exitFailure}},
	{payments.ErrNoReason, message{"no_reason", "Dites pourquoi : --reason RAISON.", exitUsage}},
	{payments.ErrRestored, message{"restored", "La base a été restaurée : aucun fichier de virements ne part avant qu'un administrateur ait comparé (masp restored).", exitConflict}},
	{payments.ErrNotRestored, message{"not_restored", "Rien n'est retenu : la base n'est pas marquée comme restaurée.", exitConflict}},
	{payments.ErrThreshold, message{"threshold", "Un seuil est un montant positif, une part de 0 à 100 ou un délai de 0 à 365 jours.", exitUsage}},
	{errNoSignatures, message{"no_amount", "Donnez un montant (--from), ou --one.", exitUsage}},
	{payments.ErrSigned, message{"signed", "Vous avez déjà signé cette campagne : une autre personne doit donner la deuxième signature.", exitConflict}},
	{payments.ErrNoTransfer, message{"no_transfer", "Ce virement n'existe pas (masp run show --all).", exitFailure}},
	{payments.ErrNoFile, message{"no_file", "Ce fichier n'existe pas, ou est déjà sans valeur (masp run show).", exitFailure}},
	{errNoDecision, message{"no_decision", "Donnez une décision (KEEP, PAY_PART …), ou --take-back pour reprendre celle qui est prise.", exitUsage}},
	{payments.ErrNothingDue, message{"no_mandate", "Aucun mandat actif à proposer (masp mandate list).", exitFailure}},
	{ledger.ErrNotNext, message{"not_next", "Un mois se clôture une fois terminé, et à son tour : celui qui suit le dernier mois clos. Seul le dernier mois clos se rouvre.", exitConflict}},
	{ledger.ErrClosed, message{"closed", "Ce mois est clôturé : rien ne peut plus y être daté (masp close MOIS --reopen RAISON rouvre le dernier).", exitConflict}},
	{ledger.ErrReversed, message{"reversed", "Cette écriture est déjà extournée.", exitConflict}},
	{ledger.ErrBusy, message{"again", "D'autres travaillaient sur la même chose au même moment : rien n'a été fait. Recommencez.", exitConflict}},
	{ledger.ErrLocked, message{"locked", "Les jours de ce compte sont verrouillés : rien ne peut plus y être daté (masp reconcile reopen COMPTE rouvre, par une autre personne).", exitConflict}},
	{reconcile.ErrToken, message{"unknown_token", "Ce jeton ne prouve l'identité de personne (inconnu, expiré ou révoqué). Demandez-en un autre.", exitNobody}},
	{reconcile.ErrRole, message{"role", "Votre rôle ne permet pas cette action : un comptable verrouille les jours ; un autre comptable, ou un approbateur, les rouvre.", exitNobody}},
	{reconcile.ErrNotOver, message{"not_over", "Rien à rapprocher ni à verrouiller : ces jours ne sont pas finis, ou sont déjà verrouillés (masp reconcile status).", exitConflict}},
	{reconcile.ErrNotLocked, message{"not_locked", "Ces jours ne sont pas verrouillés (masp reconcile status).", exitConflict}},
	{reconcile.ErrSamePerson, message{"same_person", "Une autre personne doit rouvrir : qui a verrouillé ces jours ne les rouvre pas.", exitConflict}},
	{reconcile.ErrNoReason, message{"no_reason", "Dites pourquoi : --reason RAISON.", exitUsage}},
	{reconcile.ErrNoAccount, message{"no_account", "Ce compte bancaire n'existe pas (masp reconcile status).", exitFailure}},
	{reconcile.ErrNoMandate, message{"no_mandate", "Ce mandat n'existe pas, ou ne tient pas d'argent (masp mandate list).", exitFailure}},
	{cluster.ErrNoPostgreSQL, message{"no_postgresql", "PostgreSQL (version 15 ou plus) n'est pas installé : masp doctor --install l'installe.", exitFailure}},
}

// messageOf finds the words for an error: those of the error itself, those of the table,
// else the cause as it is, said to be ours.
func messageOf(err error) message {
	for _, k := range known {
		if errors.Is(err, k.err) {
			return k.message
		}
	}
	var own interface {
		error
		French() string
	}
	if errors.As(err, &own) {
		return message{"refused", own.French(), exitOf(own)}
	}
	return typedMessage(err)
}

// exitOf tells a conflict of persons or of time, and a person who may not, from a plain refusal.
func exitOf(err error) int {
	switch {
	case errors.Is(err, mandates.ErrSamePerson), errors.Is(err, mandates.ErrConfirmedOnce), errors.Is(err, mandates.ErrRunStands),
		errors.Is(err, auth.ErrDeceased), errors.Is(err, oidc.ErrLinked), errors.Is(err, mandates.ErrHoldsMoney), is[*mandates.NotReadyError](err), errors.Is(err, worklist.ErrClosed), errors.Is(err, papers.ErrTwice), errors.Is(err, reports.ErrConflict):
		return exitConflict
	case errors.Is(err, mandates.ErrToken), errors.Is(err, mandates.ErrRole),
		errors.Is(err, worklist.ErrToken), errors.Is(err, worklist.ErrRole), errors.Is(err, papers.ErrToken), errors.Is(err, papers.ErrRole),
		errors.Is(err, reports.ErrToken), errors.Is(err, reports.ErrRole):
		return exitNobody
	case errors.Is(err, privacy.ErrNotDue), errors.Is(err, privacy.ErrKept):
		return exitConflict
	case is[*openTokenError](err), errors.Is(err, privacy.ErrToken), errors.Is(err, privacy.ErrRole):
		return exitNobody
	case is[*missingSettingError](err), is[*wrongSettingError](err), is[*twiceError](err), is[*emptyError](err), is[*noOutputError](err):
		return exitUsage
	case is[*payments.StateError](err), is[*payments.OpenRunError](err),
		is[*payments.ShortError](err), is[*payments.PastError](err), is[*payments.OvertakenError](err),
		is[*payments.EndedError](err), is[*payments.ReplacedError](err), is[*payments.ChangedError](err),
		is[*payments.HandedOverError](err), is[*payments.DifferenceError](err), is[*reconcile.OpenDaysError](err),
		is[*payments.UndecidedError](err), is[*payments.UnchangedError](err), is[*unknownFilesError](err), is[*existsError](err):
		return exitConflict
	}
	return exitFailure
}

// is tells whether an error of a type stands in the chain of err.
func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

func typedMessage(err error) message {
	var overdrawn *ledger.OverdrawnError
	var conflict *ledger.ConflictError
	var schema *migrations.SchemaError
	var unsafe *migrations.UnsafeError
	var user *auth.InvalidError
	var assignment *imports.RefusedError
	var missing *fs.PathError
	if u, ok := migrations.UnreachableBy(err); ok {
		return message{u.Code, unreachableText(u), exitFailure}
	}
	switch {
	case migrations.DiskFull(err):
		return message{"database_full", "Le disque de la base de données est plein : rien n'est à moitié fait. Faites-y de la place, puis relancez la même commande.", exitFailure}
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return message{"disk_full", "Le disque est plein" + fullAt(err) + " : rien n'est à moitié fait. Faites-y de la place, puis relancez la même commande.", exitFailure}
	case is[*migrations.RestoreError](err):
		return message{"restore", "La sauvegarde ne se restaure pas, ou pas entière (pg_dump --format=custom, par le rôle de sauvegarde) : refaites-la tout de suite.", exitFound}
	case is[*migrations.URLError](err):
		return message{"database_url", "L'adresse de la base ne se lit pas. Elle s'écrit postgres://RÔLE@SERVEUR/BASE (MASP_DATABASE_URL, MASP_OWNER_URL).", exitFailure}
	case errors.As(err, &overdrawn):
		return message{"overdrawn", fmt.Sprintf("Le compte %s n'a pas assez d'argent : rien n'a été écrit.", overdrawn.Code), exitConflict}
	case errors.As(err, &conflict):
		return message{"conflict", "La même pièce existe déjà avec un autre contenu : " + conflict.Source + ".", exitConflict}
	case errors.As(err, &schema):
		return message{"schema", "La base n'est pas à la version du programme : masp migrate.", exitFailure}
	case errors.As(err, &unsafe):
		return message{"unsafe_database", unsafeText(unsafe), exitFailure}
	case errors.As(err, &user):
		return message{"invalid_user", user.French, exitUsage}
	case errors.As(err, &assignment):
		exit := exitFailure
		if assignment.MovedOn() {
			exit = exitConflict
		}
		return message{"refused_" + strings.ToLower(assignment.Code), assignment.French, exit}
	case errors.As(err, &missing):
		return message{"file", fmt.Sprintf("Impossible de lire « %s » : %s.", missing.Path, frenchCause(missing.Err)), exitFailure}
	}
	return message{"failure", "L'opération a échoué, rien n'est à moitié fait : " + err.Error(), exitFailure}
}

// fullAt names the file that had no room, when the error does.
func fullAt(err error) string {
	if full, ok := errors.AsType[*fs.PathError](err); ok {
		return " (« " + filepath.Dir(full.Path) + " »)"
	}
	return ""
}

// unreachableText says which database does not answer and what to look at.
func unreachableText(u migrations.Unreachable) string {
	switch u.Code {
	case "no_database":
		return fmt.Sprintf("La base « %s » n'existe pas sur le serveur « %s » : créez-la, ou corrigez MASP_DATABASE_URL.", u.Database, u.Host)
	case "refused":
		return fmt.Sprintf("Le serveur « %s » refuse le rôle « %s » pour la base « %s » : rôle, mot de passe ou droits (pg_hba.conf).",
			u.Host, u.User, u.Database)
	case "busy":
		return fmt.Sprintf("Le serveur « %s » démarre, s'arrête ou n'a plus de place pour une connexion : réessayez dans un instant.", u.Host)
	}
	return fmt.Sprintf("Le serveur PostgreSQL « %s » ne répond pas : est-il démarré, l'adresse est-elle la bonne ?", u.Host)
}

func frenchCause(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "ce fichier n'existe pas"
	case errors.Is(err, fs.ErrPermission):
		return "vous n'avez pas le droit de le lire"
	}
	return err.Error()
}

var frenchFaults = map[string]string{
	"fsync_off":              "fsync est coupé : une panne perdrait de l'argent. Remettez fsync = on.",
	"full_page_writes_off":   "full_page_writes est coupé : une panne pourrait abîmer la base. Remettez full_page_writes = on.",
	"synchronous_commit_off": "synchronous_commit est coupé : une opération confirmée pourrait se perdre. Remettez synchronous_commit = on.",
	"not_utf8":               "La base n'est pas en UTF-8 : recréez-la avec ENCODING 'UTF8'.",
	"superuser":              "MASP_DATABASE_URL utilise un super-utilisateur : donnez un rôle applicatif.",
	"owner":                  "MASP_DATABASE_URL utilise le propriétaire des tables : donnez un rôle applicatif, le propriétaire va dans MASP_OWNER_URL.",
	"too_old":                "Ce serveur PostgreSQL est trop ancien : il faut la version 15 ou plus.",
}

func unsafeText(e *migrations.UnsafeError) string {
	var lines []string
	for _, f := range e.Faults {
		text, ok := frenchFaults[f.Code]
		if !ok {
			text = f.Message
		}
		lines = append(lines, text)
	}
	return "Le programme refuse cette base de données.\n  " + strings.Join(lines, "\n  ")
}
