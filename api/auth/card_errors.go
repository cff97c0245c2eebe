package auth

// cardError is a refusal around the card of a person, with the sentence that she or her coordinator
// reads.
type cardError struct{ text, french string }

func (e *cardError) Error() string { return e.text }

// French says what to do.
func (e *cardError) French() string { return e.french }

// The refusals around a card; each has a French sentence.
var (
	// ErrTyped is what cannot be the code of a card: a slip of the finger.
	ErrTyped error = &cardError{
		"this is no code of a card",
		"Ce code n'est pas complet, ou une lettre est fausse. Relisez votre carte, puis recommencez.",
	}
	// ErrCard is a code that opens nothing: unknown, used, replaced or too old, which is one answer.
	ErrCard error = &cardError{
		"the code opens nothing",
		"Ce code ne marche pas, ou ne marche plus. Demandez une nouvelle carte.",
	}
	// ErrNoPerson is a reference of no person and of no mandate.
	ErrNoPerson error = &cardError{
		"no such person",
		"Aucune personne n'a cette référence, et aucun mandat (masp mandate list).",
	}
	// ErrDeceased is a card for a person who has died.
	ErrDeceased error = &cardError{
		"the person has died",
		"Cette personne est décédée : aucune carte ne s'imprime plus pour elle.",
	}
)
