package oidc

import "fmt"

// refusal is a login that does not end in a session, with the sentence that its user reads.
type refusal struct{ text, french string }

func (r *refusal) Error() string { return r.text }

// French says what to do.
func (r *refusal) French() string { return r.french }

// The refusals; each has a French sentence.
var (
	// ErrState is an answer to no login of this browser: never begun, over, or finished already.
	ErrState error = &refusal{
		"no such login was begun here",
		"Cette connexion n'a pas commencé ici, a déjà servi ou a duré plus de dix minutes. Recommencez.",
	}
	// ErrDenied is a provider that has let nobody in.
	ErrDenied error = &refusal{
		"the provider of identities has refused",
		"Votre service d'identité a refusé la connexion. Recommencez, ou demandez-lui pourquoi.",
	}
	// ErrFalse is an answer that is not our provider's, or not for us, or not of now.
	ErrFalse error = &refusal{
		"the answer of the provider of identities proves nothing",
		"La réponse du service d'identité ne prouve rien. Recommencez ; si cela dure, prévenez l'administrateur.",
	}
	// ErrDown is a provider that does not answer.
	ErrDown error = &refusal{
		"the provider of identities does not answer",
		"Votre service d'identité ne répond pas. Réessayez dans un moment, ou entrez par mot de passe.",
	}
	// ErrStale is a step-up at which the provider has not asked its user again.
	ErrStale error = &refusal{
		"the provider of identities has not asked its user again",
		"Votre service d'identité ne vous a pas redemandé votre preuve. Recommencez, ou donnez votre code à usage unique.",
	}
	// ErrOther is a step-up by somebody else than the user of the session.
	ErrOther error = &refusal{
		"another user has proved himself",
		"Une autre personne s'est identifiée. Reprenez avec votre propre compte.",
	}
	// ErrOff is a program that knows no provider.
	ErrOff error = &refusal{
		"no provider of identities is configured",
		"Aucun service d'identité n'est réglé (MASP_OIDC_ISSUER).",
	}
	// ErrLinked is an identity that is a user already, or a user who has one of this issuer.
	ErrLinked error = &refusal{
		"the identity or the user is linked already",
		"Cette identité est déjà liée, ou cette personne en a déjà une. Déliez d'abord : masp user unlink.",
	}
	// ErrNoIdentity is a user without an identity of this issuer.
	ErrNoIdentity error = &refusal{
		"the user has no identity of this issuer",
		"Cette personne n'a pas d'identité de ce service.",
	}
	// ErrBad is an issuer or a subject that cannot be one.
	ErrBad error = &refusal{
		"this is no identity",
		"L'adresse du service d'identité (--issuer) commence par https:// ; l'identité (--subject) a de 1 à 255 caractères.",
	}
)

// UnknownError is an identity that is true and nobody's: the admin links it with what stands here.
type UnknownError struct{ Issuer, Subject string }

// Error says nothing of whose identity it is.
func (e *UnknownError) Error() string { return "the identity is linked to no user" }

// French says what to hand to whom.
func (e *UnknownError) French() string {
	return fmt.Sprintf("Votre identité est reconnue, mais n'est liée à aucun compte. "+
		"Donnez cette référence à un administrateur : %s (masp user link).", e.Subject)
}
