package main

import (
	"strings"
	"time"

	"masp/api/auth"
	"masp/ledger/civil"
)

type cardCommand struct {
	Print   cardPrint   `cmd:"" help:"Imprime la carte d'accès d'une personne : un code, une fois, 30 jours (coordination)."`
	Devices cardDevices `cmd:"" help:"Les appareils d'une personne."`
	End     cardEnd     `cmd:"" help:"Ferme d'un coup tous les appareils d'une personne, et son code."`
}

type cardPrint struct {
	Person string `arg:"" help:"Mandat (M-0001) ou personne (B-0001)."`
}

func (c *cardPrint) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		address := strings.TrimSuffix(s.settings.BaseURL, "/") + "/carte"
		if s.settings.BaseURL == "" {
			return &missingSettingError{"MASP_BASE_URL", "la carte dit à la personne quelle adresse ouvrir."}
		}
		card, err := h.auth.PrintCard(s.ctx, who, c.Person)
		if err != nil {
			return err
		}
		value := map[string]any{"beneficiary": card.Beneficiary, "code": card.Code, "until": card.Until, "address": address}
		return s.out.data(value, func() {
			s.out.print("%s", cardText(card, address))
			s.out.say("Carte de %s. Son code d'avant, s'il attendait encore, ne marche plus.", card.Beneficiary)
		})
	})
}

// cardText is the card to fold: outside nothing tells of the measure, inside no sentence has more
// than twelve words.
func cardText(card auth.Card, address string) string {
	return strings.Join([]string{
		"CARTE D'ACCÈS",
		"À remettre en main propre.",
		"",
		"- - - - - - - - - - - - - - - pliez ici - - - - - - - - - - - - - - -",
		"",
		"1. Prenez votre téléphone ou un ordinateur.",
		"2. Ouvrez cette adresse :   " + address,
		"3. Tapez ce code :          " + card.Code,
		"",
		"Ce code marche une seule fois.",
		"Il marche jusqu'au " + lastWholeDay(card.Until).French() + ".",
		"Ensuite, votre appareil vous reconnaît tout seul.",
		"Après 30 jours sans l'utiliser, demandez une autre carte.",
		"",
		"Ne donnez ce code à personne, même au téléphone.",
		"Appareil perdu ou volé ? Appelez-nous : nous le fermons aussitôt.",
	}, "\n")
}

// lastWholeDay is the last day of which every hour is before an instant.
func lastWholeDay(until time.Time) civil.Date { return civil.FromTime(until, civil.Paris).AddDays(-1) }

type cardDevices struct {
	Person string `arg:"" help:"Mandat (M-0001) ou personne (B-0001)."`
}

func (c *cardDevices) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		devices, err := h.auth.Devices(s.ctx, who, c.Person)
		if err != nil {
			return err
		}
		rows := make([][]string, len(devices))
		list := make([]map[string]any, len(devices))
		for i, d := range devices {
			rows[i] = []string{d.Key, shortDay(d.Opened), shortDay(d.Seen), shortDay(d.Expires)}
			list[i] = map[string]any{"device": d.Key, "opened": d.Opened, "seen": d.Seen, "expires": d.Expires}
		}
		return s.out.data(list, func() { s.out.table([]string{"Appareil", "Ouvert le", "Vu le", "Finit le"}, rows) })
	})
}

func shortDay(at time.Time) string { return civil.FromTime(at, civil.Paris).FrenchShort() }

type cardEnd struct {
	Person string `arg:"" help:"Mandat (M-0001) ou personne (B-0001)."`
}

func (c *cardEnd) Run(s *session) error {
	return s.withPerson(func(h *house, who auth.Principal) error {
		ended, err := h.auth.EndDevices(s.ctx, who, c.Person)
		if err != nil {
			return err
		}
		return s.out.data(map[string]any{"person": c.Person, "ended": ended}, func() {
			s.out.print("%s : %s. Pour entrer de nouveau : masp card print %[1]s", c.Person, plural(ended, "appareil fermé", "appareils fermés"))
		})
	})
}
