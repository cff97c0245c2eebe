package mandates

// RefusedError is an act that the state of the house does not allow.
type RefusedError struct {
	Reason string // stable, English, for logs
	french string
}

// Error is the reason.
func (e *RefusedError) Error() string { return e.Reason }

// French says what to do.
func (e *RefusedError) French() string { return e.french }

// The refusals that callers branch on.
var (
	ErrNoMandate         = &RefusedError{"no such mandate", "Ce mandat n'existe pas (masp mandate list)."}
	ErrNoCreditor        = &RefusedError{"no such creditor", "Ce destinataire n'existe pas (masp creditor list)."}
	ErrNoObligation      = &RefusedError{"no such obligation", "Cette échéance n'existe pas (masp obligation list MANDAT)."}
	ErrNoAccount         = &RefusedError{"no such bank account", "Ce compte bancaire n'existe pas."}
	ErrNoIBAN            = &RefusedError{"no IBAN to confirm", "Aucun IBAN de ce destinataire n'attend de confirmation."}
	ErrNotNewest         = &RefusedError{"another IBAN has been proposed since", "Un autre IBAN a été proposé depuis votre lecture : relisez, puis décidez."}
	ErrNoLoad            = &RefusedError{"no creditor came with this load", "Aucun destinataire ne vient d'un fichier de cette empreinte."}
	ErrSameIBAN          = &RefusedError{"the newest IBAN is this one already", "C'est déjà l'IBAN le plus récent de ce destinataire."}
	ErrEvidence          = &RefusedError{"a new IBAN needs evidence", "Dites d'où vient ce nouvel IBAN (RIB reçu, appel au numéro connu) : --evidence."}
	ErrToken             = &RefusedError{"this act needs the token of a living user", "Ce jeton ne prouve l'identité de personne (inconnu, expiré ou révoqué)."}
	ErrSamePerson        = &RefusedError{"the user who proposed an IBAN cannot confirm it", "Une autre personne doit confirmer : qui propose un IBAN ne le confirme jamais."}
	ErrConfirmedOnce     = &RefusedError{"two users confirm this IBAN, and this one has", "Vous avez confirmé cet IBAN : pour un destinataire de plus de dix mandats, une autre personne encore le confirme."}
	ErrRole              = &RefusedError{"the role of the user does not allow this act", "Votre rôle ne permet pas cette action."}
	ErrNotActive         = &RefusedError{"the mandate is not active", "Ce mandat n'est pas en cours : cette action n'est pas possible."}
	ErrFutureEnd         = &RefusedError{"the end lies in the future", "Cette fin est à venir : notez-la le jour venu, car elle arrête les paiements."}
	ErrEndDay            = &RefusedError{"the end lies before the start", "La fin précède le début de la mesure ou l'ouverture des livres : corrigez la date."}
	ErrEndReason         = &RefusedError{"unknown reason of an end", "Cette raison de fin n'existe pas."}
	ErrSigned            = &RefusedError{"the party has signed already", "Cette signature est déjà notée."}
	ErrParty             = &RefusedError{"unknown party", "La partie est PERSON, DEPARTMENT ou OPERATOR."}
	ErrNoText            = &RefusedError{"an evaluation needs its text", "Une évaluation se rédige : donnez son texte."}
	ErrNoReason          = &RefusedError{"this act needs a reason", "Cette action demande une raison."}
	ErrFutureDay         = &RefusedError{"the day lies in the future", "Ce jour est à venir : corrigez la date."}
	ErrNoEvaluation      = &RefusedError{"no such evaluation of this measure", "Cette évaluation n'existe pas : notez-la d'abord (masp mandate evaluate)."}
	ErrReused            = &RefusedError{"the evaluation stands under another renewal", "Cette évaluation a déjà servi à un renouvellement : notez-en une nouvelle (masp mandate evaluate)."}
	ErrNotSuspended      = &RefusedError{"the mandate is not suspended", "Cette mesure n'est pas suspendue."}
	ErrNotOver           = &RefusedError{"the measure has not reached its term", "Le terme de cette mesure n'est pas passé, ou elle est déjà finie."}
	ErrContractLaw       = &RefusedError{"the contract breaks the law", "Ce contrat ne respecte pas la loi (âge, engagements des deux côtés, prestation, durée, évaluation ou signatures)."}
	ErrRunStands         = &RefusedError{"a run of that day stands already", "Une campagne de ce jour ou d'après existe avec les anciennes conditions : annulez-la, ou choisissez un jour d'effet après elle."}
	ErrHoldsMoney        = &RefusedError{"the measure still holds money", "Il reste de l'argent, une provision ou un virement en cours (masp mandate closing) : la mesure doit être à zéro."}
	ErrLifeStep          = &RefusedError{"the life of a measure has no such step", "Cette étape n'est pas possible pour cette mesure."}
	ErrEvaluate          = &RefusedError{"this end needs an evaluation", "Un signalement au procureur demande une évaluation : notez-la d'abord (masp mandate evaluate)."}
	ErrOwnAccount        = &RefusedError{"this end needs the person's own account", "Le solde va sur un compte au nom de la personne : indiquez-le d'abord par avenant (--remit-to)."}
	ErrSignedLate        = &RefusedError{"the contract is over", "Ce contrat est fini avant cette signature : préparez un nouveau dossier, avec de nouvelles dates."}
	ErrDeadAlready       = &RefusedError{"the death is noted already", "Ce décès est déjà noté : la succession est ouverte (masp mandate show)."}
	ErrOtherMeasure      = &RefusedError{"another measure of the person stands in the way", "Cette personne a une autre mesure ces jours-là, ou toutes ses mesures dépassent 48 mois (R-010)."}
	ErrNotItsRent        = &RefusedError{"the line is no rent of this measure", "Cette échéance n'est pas un loyer ou une charge de ce mandat (masp obligation list MANDAT)."}
	ErrNoPerson          = &RefusedError{"no such beneficiary", "Cette personne accompagnée n'existe pas."}
	ErrWrongPayee        = &RefusedError{"the money would go to somebody else", "Cet argent ne va pas à ce destinataire : le reste et le solde vont au compte de la personne elle-même, un indu à l'organisme payeur, une succession au notaire ou aux héritiers."}
	ErrAccountTaken      = &RefusedError{"the account is in the name of another person", "Ce compte individuel est au nom d'une autre personne : donnez le sien, ou un compte POOLED."}
	ErrNotManaged        = &RefusedError{"the benefit may not be managed", "Le catalogue ne permet pas de gérer cette prestation ce jour-là (masp benefit list)."}
	ErrEndAfterRun       = &RefusedError{"a run was approved after that day", "Une campagne a payé cette mesure après ce jour : la fin ne la précède pas."}
	ErrCourtBenefit      = &RefusedError{"a delegate of the family court manages the benefit", "Un délégué aux prestations familiales (MJAGBF) gère cette prestation ces jours-là : le contrat ne peut pas l'autoriser."}
	ErrCourtTwice        = &RefusedError{"the benefit of the court is noted already", "Cette prestation est déjà notée à partir de ce jour."}
	ErrNoCourt           = &RefusedError{"no such benefit of the court", "Aucune décision en cours ne donne cette prestation à un délégué (masp mandate show)."}
	ErrConvention        = &RefusedError{"no convention is in force on that day", "Aucune convention en vigueur ne couvre cette mesure ce jour-là : dites laquelle (masp mandate convention)."}
	ErrNoConvention      = &RefusedError{"no such convention", "Cette convention n'existe pas (masp convention list)."}
	ErrConventionTwice   = &RefusedError{"the convention exists already", "Cette convention existe déjà (masp convention list)."}
	ErrConventionDay     = &RefusedError{"the measure has a convention from that day", "Cette mesure a déjà une convention à partir de ce jour : choisissez-en un autre."}
	ErrContribution      = &RefusedError{"the contribution is beyond its ceiling", "Cette participation dépasse le plafond du barème, ou le barème manque (masp contribution scale)."}
	ErrContributionMonth = &RefusedError{"a contribution begins in the present month or later, after the one before", "Une participation commence ce mois-ci ou plus tard, et après la précédente : choisissez un autre mois."}
	ErrContributionLine  = &RefusedError{"the line is that of a contribution", "Cette échéance est une participation : elle change par masp contribution set, sous le plafond du barème."}
	ErrScaleTwice        = &RefusedError{"a scale begins on that day already", "Un barème commence déjà ce jour-là : choisissez-en un autre."}
	ErrPooled            = &RefusedError{"the account is not in the person's name", "Ce mandat n'a pas de compte au nom de la personne : un compte commun est celui de l'association, aucune saisie de la personne ne le touche."}
	ErrFloor             = &RefusedError{"the floor is a positive amount from a day on", "Le solde bancaire insaisissable est un montant positif, à partir d'un jour."}
	ErrFloorTwice        = &RefusedError{"a floor begins on that day already", "Un solde bancaire insaisissable commence déjà ce jour-là."}
	ErrNoOrder           = &RefusedError{"no order of the judge to end on that day", "Aucun versement direct ordonné par le juge ne court ce jour-là et au-delà (il se termine déjà, ou n'a pas commencé)."}
	ErrNoJudgment        = &RefusedError{"the end of an order needs its judgment", "Indiquez la décision : tribunal, numéro et date."}
	ErrNoRequest         = &RefusedError{"no such open request", "Aucune demande d'aide de ce numéro n'attend de décision à cette date (masp mandate show)."}
	ErrFrontDoor         = &RefusedError{"the way to reach the organisation does not read", "Ce téléphone, ce courriel ou cette adresse ne se lit pas : corrigez-le."}
	ErrOutcome           = &RefusedError{"unknown outcome of a request", "L'issue d'une demande est GRANTED, REFUSED ou WITHDRAWN."}
	ErrPainVersion       = &RefusedError{"unknown version of pain.001", "La version est 001.09 ou 001.03."}
)
