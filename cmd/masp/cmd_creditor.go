package main

import (
	"fmt"
	"time"

	"masp/api/auth"
	"masp/imports"
	"masp/ledger/civil"
	"masp/payments/mandates"
	"masp/payments/sepa"
)

type creditorCommand struct {
	List    creditorList    `cmd:"" help:"Les destinataires, leur IBAN et s'il peut être payé."`
	Add     creditorAdd     `cmd:"" help:"Ajoute un destinataire ; une autre personne confirme son IBAN."`
	IBAN    creditorIBAN    `cmd:"" name:"iban" help:"Propose un nouvel IBAN ; l'ancien sert tant que le nouveau n'est pas payable."`
	Names   creditorNames   `cmd:"" help:"Ce que les banques des destinataires disent de leur nom : différent, proche, conforme."`
	Confirm creditorConfirm `cmd:"" help:"Confirme un IBAN proposé par une autre personne, ou signe ceux d'un chargement."`
}

type creditorList struct {
	IDs []string `arg:"" optional:"" name:"destinataires" help:"Références ; par défaut tous."`
}

func (c *creditorList) Run(s *session) error {
	return s.with(func(h *house) error {
		list, err := h.mandates.CreditorsNamed(s.ctx, c.IDs...)
		if len(c.IDs) == 0 {
			list, err = h.mandates.Creditors(s.ctx)
		}
		if err != nil {
			return err
		}
		answer := make([]map[string]any, 0, len(list))
		for _, one := range list {
			answer = append(answer, jsonCreditor(one))
		}
		return s.out.data(answer, func() { s.printCreditors(list) })
	})
}

func jsonCreditor(c mandates.CreditorState) map[string]any {
	return map[string]any{
		"creditor": c.ID, "name": c.Name, "kind": c.Kind, "beneficiary": c.Beneficiary, "iban": c.IBAN, "version": c.Version, "state": c.Word(),
		"proposed_by": c.ProposedBy, "confirmed_by": c.ConfirmedBy, "payable_from": orNoTime(c.PayableFrom),
		"payable_version": c.PayableVersion, "load_sha256": c.Load, "signatures": c.Signed, "bank_refusal": c.Refusal,
	}
}

func (s *session) printCreditors(list []mandates.CreditorState) {
	var rows [][]string
	for _, c := range list {
		state := c.French()
		if !c.Payable() && c.PayableVersion > 0 {
			state += " ; l'IBAN précédent sert encore"
		}
		rows = append(rows, []string{c.ID, c.Name, c.IBAN.Formatted(), state})
	}
	s.out.table([]string{"Destinataire", "Nom", "IBAN", "État"}, rows)
}

type creditorAdd struct {
	ID       string                `arg:"" help:"Référence, pour toujours (C-EDF)."`
	IBAN     string                `arg:"" help:"IBAN, avec ou sans espaces."`
	Name     string                `required:"" help:"Nom comme sur le RIB." placeholder:"NOM"`
	Kind     mandates.CreditorKind `required:"" enum:"LANDLORD,INSURER,ENERGY,WATER,TELECOM,PUBLIC,CREDITOR,BENEFICIARY,NOTARY,HEIR,PAYER,OTHER" help:"LANDLORD, INSURER, ENERGY, WATER, TELECOM, PUBLIC, CREDITOR, BENEFICIARY (compte de la personne), NOTARY, HEIR (héritier), PAYER (organisme payeur), OTHER." placeholder:"TYPE"`
	Person   string                `name:"beneficiary" help:"La personne à qui est ce compte : pour BENEFICIARY seulement." placeholder:"PERSONNE"`
	Evidence string                `required:"" help:"D'où vient cet IBAN (RIB reçu le…)." placeholder:"TEXTE"`
}

func (c *creditorAdd) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		iban, err := sepa.ParseIBAN(c.IBAN)
		if err != nil {
			return err
		}
		creditor := mandates.Creditor{ID: c.ID, Name: c.Name, Kind: c.Kind, Beneficiary: c.Person}
		if err := h.mandates.AddCreditor(s.ctx, who, creditor, iban, c.Evidence); err != nil {
			return err
		}
		return s.showProposed(c.ID, 1)
	})
}

type creditorIBAN struct {
	ID       string `arg:"" help:"Référence du destinataire."`
	IBAN     string `arg:"" help:"Nouvel IBAN, avec ou sans espaces."`
	Evidence string `required:"" help:"D'où vient cet IBAN (RIB reçu le…, appel au numéro connu)." placeholder:"TEXTE"`
}

func (c *creditorIBAN) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		iban, err := sepa.ParseIBAN(c.IBAN)
		if err != nil {
			return err
		}
		version, err := h.mandates.ProposeIBAN(s.ctx, who, c.ID, iban, c.Evidence)
		if err != nil {
			return err
		}
		return s.showProposed(c.ID, version)
	})
}

func (s *session) showProposed(id string, version int) error {
	return s.out.data(map[string]any{"creditor": id, "version": version, "state": "to_confirm"}, func() {
		s.out.print("%s : IBAN noté (version %d), à confirmer par une autre personne.", id, version)
		s.out.say("Avec son jeton : masp creditor confirm %s", id)
	})
}

type creditorConfirm struct {
	ID   string `arg:"" optional:"" help:"Référence du destinataire."`
	Load string `help:"Signe tous les IBAN d'un chargement, par l'empreinte que masp load a affichée." placeholder:"SHA256"`
}

// confirmWhatError is a confirmation of nothing, or of two things.
type confirmWhatError struct{}

// Error says what is wanted.
func (confirmWhatError) Error() string { return "confirm wants one creditor or the hash of a load" }

// French says what to write.
func (confirmWhatError) French() string {
	return "Donnez un destinataire, ou --load avec l'empreinte d'un chargement."
}

// Run confirms one IBAN or signs those of a load.
func (c *creditorConfirm) Run(s *session) error {
	if (c.ID == "") == (c.Load == "") {
		return confirmWhatError{}
	}
	return s.withPerson(func(h *house, who auth.Principal) error {
		if c.Load != "" {
			return s.signLoad(h, who, c.Load)
		}
		from, err := h.mandates.ConfirmIBAN(s.ctx, who, c.ID)
		if err != nil {
			return err
		}
		answer := map[string]any{"creditor": c.ID, "payable_from": orNoTime(from), "awaits_second": from.IsZero()}
		return s.out.data(answer, func() {
			if from.IsZero() {
				s.out.print("%s : confirmé par %s. Plus de dix mandats le paient : une autre personne encore le confirme.", c.ID, who.Name)
				return
			}
			s.out.print("%s : IBAN confirmé, payable le %s.", c.ID, frenchInstant(from))
		})
	})
}

func (s *session) signLoad(h *house, who auth.Principal, sha256 string) error {
	signed, err := h.mandates.SignLoad(s.ctx, who, sha256)
	if err != nil {
		return err
	}
	answer := map[string]any{
		"load_sha256": sha256, "signatures": signed.Signatures,
		"payable": signed.Payable, "payable_from": orNoTime(signed.PayableFrom),
	}
	return s.out.data(answer, func() {
		switch {
		case signed.Signatures < 2:
			s.out.print("Signé par %s. Il manque la signature d'une autre personne.", who.Name)
		case signed.Payable:
			s.out.print("Signé par %s : deux personnes ont signé, les IBAN de ce chargement sont payables.", who.Name)
		default:
			s.out.print("Signé par %s : deux personnes ont signé, les IBAN de ce chargement sont payables le %s.",
				who.Name, frenchInstant(signed.PayableFrom))
		}
	})
}

// frenchInstant is "12 novembre 2026 à 9 h 05", by the clock of Paris.
func frenchInstant(at time.Time) string {
	at = at.In(civil.Paris)
	return fmt.Sprintf("%s à %d h %02d", civil.FromTime(at, civil.Paris).French(), at.Hour(), at.Minute())
}

// orNoTime prints an instant that is not set as null.
func orNoTime(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at
}

type creditorNames struct {
	IDs []string `arg:"" optional:"" name:"destinataires" help:"Références ; par défaut tous."`
}

// Run lists what the payees' banks say of their names, those that differ first.
func (c *creditorNames) Run(s *session) error {
	return s.with(func(h *house) error {
		list, err := h.imports.NameChecksOf(s.ctx, c.IDs...)
		if len(c.IDs) == 0 {
			list, err = h.imports.NameChecks(s.ctx)
		}
		if err != nil {
			return err
		}
		return s.out.data(append([]imports.NameCheck{}, list...), func() {
			if len(list) == 0 {
				s.out.print("Aucune banque n'a encore dit si un nom correspond.")
			}
			for _, one := range list {
				s.out.print("%s (%s)", nameWords(one), frenchInstant(one.At))
			}
		})
	})
}
