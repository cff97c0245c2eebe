package main

import (
	"os"
	"strconv"

	"masp/api/auth"
	"masp/imports"
	"masp/ledger/civil"
	"masp/ledger/money"
)

type adviceCommand struct {
	Add  adviceAdd  `cmd:"" help:"Enregistre le bordereau d'un payeur : il répartit le virement qu'il annonce, venu ou à venir."`
	List adviceList `cmd:"" help:"Les bordereaux enregistrés, et le virement que chacun a réparti."`
}

type adviceAdd struct {
	File      string     `arg:"" help:"Fichier CSV ; colonnes : mandate ou number, benefit, period (2026-10), amount."`
	Account   string     `required:"" help:"Compte bancaire qui reçoit le virement (BK-0001)." placeholder:"COMPTE"`
	Payer     string     `required:"" help:"Qui paie (CAF)." placeholder:"PAYEUR"`
	Reference string     `required:"" help:"Texte que le virement porte à la banque." placeholder:"TEXTE"`
	On        civil.Date `required:"" help:"Jour du virement (2026-11-05)." placeholder:"JOUR"`
	Amount    someEuros  `help:"Montant du virement ; par défaut la somme du bordereau." placeholder:"EUROS"`
}

// Run keeps a payer's list in the name of the person.
func (c *adviceAdd) Run(s *session) error {
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	parts, err := imports.ReadAdvice(file)
	if err != nil {
		return err
	}
	a := imports.Advice{
		BankAccount: c.Account, Payer: c.Payer, Reference: c.Reference, Amount: c.Amount.Amount, On: c.On, Parts: parts,
	}
	if a.Amount.IsZero() {
		a.Amount = sumOf(parts)
	}
	return s.withPerson(func(h *house, who auth.Principal) error {
		id, err := h.imports.Announce(s.ctx, who, a)
		if err != nil {
			return err
		}
		return s.out.data(map[string]any{"advice": id, "amount": a.Amount, "parts": len(parts)}, func() {
			s.out.print("Bordereau %d : %s de %s, %s.", id, a.Amount.French(), a.Payer, plural(len(parts), "part", "parts"))
		})
	})
}

func sumOf(parts []imports.AdvicePart) money.Amount {
	var sum money.Amount
	for _, p := range parts {
		sum = sum.Add(p.Amount)
	}
	return sum
}

type adviceList struct{}

// Run lists what payers have announced.
func (c *adviceList) Run(s *session) error {
	return s.with(func(h *house) error {
		all, err := h.imports.Advices(s.ctx)
		if err != nil {
			return err
		}
		return s.out.data(jsonAdvices(all), func() {
			var rows [][]string
			for _, a := range all {
				state := "attendu"
				if a.Line != nil {
					state = "ligne " + strconv.FormatInt(*a.Line, 10)
				}
				rows = append(rows, []string{
					strconv.FormatInt(a.ID, 10), a.On.FrenchShort(), a.BankAccount, a.Payer, a.Reference, a.Amount.French(),
					strconv.Itoa(len(a.Parts)), state, a.By,
				})
			}
			s.out.table([]string{
				">N°", "Jour", "Compte", "Payeur", "Référence", ">Montant", ">Parts", "Virement", "Par",
			}, rows)
		})
	})
}

func jsonAdvices(all []imports.AdviceState) []map[string]any {
	answer := make([]map[string]any, 0, len(all))
	for _, a := range all {
		parts := make([]map[string]any, 0, len(a.Parts))
		for _, p := range a.Parts {
			parts = append(parts, map[string]any{
				"mandate": p.Mandate, "benefit": p.Benefit, "period": p.Period, "amount": p.Amount,
			})
		}
		answer = append(answer, map[string]any{
			"advice": a.ID, "account": a.BankAccount, "payer": a.Payer, "reference": a.Reference, "on": a.On,
			"amount": a.Amount, "parts": parts, "line": a.Line, "by": a.By,
		})
	}
	return answer
}
