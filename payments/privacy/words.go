package privacy

import "strings"

// frenchColumns are the columns as a person reads them.
var frenchColumns = map[string]string{
	"beneficiary_id": "personne", "mandate_id": "mandat", "civility": "civilité", "last_name": "nom", "first_name": "prénom",
	"born_on": "né(e) le", "department": "département", "payer": "payeur", "number": "numéro", "level": "niveau", "status": "état",
	"threat_ground": "menace pesant sur", "contract_start": "début du contrat", "contract_end": "fin du contrat", "months_before": "mois déjà faits ailleurs",
	"signed_by_person_on": "signé par vous le", "signed_by_department_on": "signé par le Département le", "signed_by_operator_on": "signé par l'association le",
	"commitments": "engagements", "bank_account_id": "compte bancaire", "coordinator": "coordination", "ended_on": "finie le", "end_reason": "motif de la fin",
	"died_on": "décès le", "last_day": "dernier jour", "valid_from": "à partir du", "valid_to": "jusqu'au", "class_order": "ordre de paiement",
	"living_floor_cents": "reste à vivre au moins", "benefit": "prestation", "period": "mois", "amount_cents": "montant", "expected_on": "attendue le",
	"creditor_id": "destinataire", "creditor_name": "nom du destinataire", "name": "nom", "kind": "genre", "iban": "IBAN", "version": "version",
	"evidence": "justificatif", "proposed_by": "proposé par", "proposed_at": "proposé le", "confirmed_by": "confirmé par", "confirmed_at": "confirmé le",
	"payable_from": "payable à partir du", "debt_id": "dette", "principal_cents": "montant de départ", "outstanding_cents": "reste dû",
	"instalment_cents": "mensualité", "contested_on": "contestée le", "recovery": "recouvrement", "obligation_id": "échéance", "class": "rang",
	"label": "libellé", "reference": "référence", "frequency": "rythme", "due_day": "jour du mois", "due_on": "due le", "due_cents": "montant dû",
	"paid_cents": "payé", "replaced_cents": "émis de nouveau", "run_id": "campagne", "position": "place", "refused": "refusé parce que", "available_cents": "disponible",
	"reserved_cents": "mis de côté", "remit_cents": "versé à vous", "carried_cents": "reporté", "shortfall_cents": "manque", "reason": "motif",
	"explanation": "explication", "explanation_person": "explication pour vous", "state": "état", "instruction_id": "virement", "execute_on": "exécuté à partir du",
	"leave_on": "part le", "settled_on": "exécuté le", "end_to_end_id": "référence du virement", "received_on": "reçue le", "booked_on": "jour de la banque",
	"value_on": "date de valeur", "counterparty": "nom à la banque", "text": "texte", "code": "code", "entry_no": "écriture", "posted_on": "écrit le",
	"actor": "par", "user_id": "par", "at": "le", "what": "quoi", "action": "acte", "object_type": "sur", "object_id": "référence", "details": "détails",
	"on_day": "le", "subject": "sujet", "closed_at": "close le", "closed_by": "close par", "from_on": "du", "to_on": "au", "until_on": "jusqu'au",
	"recipient": "remis à", "means": "moyen", "handed_on": "remis le", "note": "précision", "recorded_by": "noté par", "recorded_at": "noté le",
	"content": "contenu", "author": "auteur", "evaluated_on": "évalué le", "source": "origine", "month": "mois", "opening_cents": "solde de départ",
	"in_cents": "reçu", "out_cents": "payé", "closing_cents": "solde", "holder": "titulaire", "starts_on": "début", "ends_on": "fin",
	"printed_by": "imprimée par", "printed_at": "imprimée le", "expires_at": "finit le", "used_at": "utilisée le", "ended_at": "fermé le", "opened_at": "ouvert le",
	"seen_at": "vu le", "rent_cents": "loyer", "charges_cents": "charges", "landlord": "bailleur", "purpose": "objet", "asked_on": "demandé le", "asked_of": "demandé à",
	"decided_on": "décidé le", "outcome": "résultat", "line_id": "mouvement", "account": "compte", "journal": "journal", "journal_no": "numéro au journal",
}

func frenchColumn(name string) string {
	if word := frenchColumns[name]; word != "" {
		return word
	}
	return strings.ReplaceAll(strings.TrimSuffix(name, "_cents"), "_", " ")
}
