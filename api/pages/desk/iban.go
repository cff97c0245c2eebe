package desk

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"masp/api/pages"
)

// ibanChange is one version of the account of a payee.
type ibanChange struct {
	Creditor     string    `json:"creditor"`
	Name         string    `json:"name"`
	Version      int       `json:"version"`
	State        string    `json:"state"`
	Before       string    `json:"before"`
	IBAN         string    `json:"iban"`
	BeforeMasked string    `json:"before_masked"`
	IBANMasked   string    `json:"iban_masked"`
	Evidence     string    `json:"evidence"`
	Load         string    `json:"load"`
	ProposedBy   string    `json:"proposed_by"`
	ProposedAt   time.Time `json:"proposed_at"`
	FirstBy      string    `json:"first_confirmed_by"`
	ConfirmedBy  string    `json:"confirmed_by"`
	ConfirmedAt  time.Time `json:"confirmed_at"`
	PayableFrom  time.Time `json:"payable_from"`
	Signs        []struct {
		Text string `json:"text"`
	} `json:"signs"`
}

// AwaitsWord tells whether a user may be the second person of a change.
func (c ibanChange) AwaitsWord(user string) bool {
	return c.State == "to_confirm" && c.ProposedBy != user && c.FirstBy != user
}

// StateWord is where the change stands.
func (c ibanChange) StateWord() string { return said(ibanWords, c.State) }

// Old is the account before, as far as its reader may see it.
func (c ibanChange) Old() string { return grouped(c.Before, c.BeforeMasked) }

// New is the account after.
func (c ibanChange) New() string { return grouped(c.IBAN, c.IBANMasked) }

const ibanGroup = 4

// grouped writes an IBAN as it stands on a RIB, or its ends.
func grouped(iban, masked string) string {
	if iban == "" {
		return masked
	}
	var b strings.Builder
	for i, r := range iban {
		if i > 0 && i%ibanGroup == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// The two questions of a proof: what was received, and the word of the payee at a number that we knew.
var (
	askPaper = ask{
		Name: "papier", Label: "D'où vient ce RIB",
		Hint: "Par exemple : RIB reçu par courrier le 4 novembre", Aside: true,
		Need: "Dites d'où vient ce RIB.",
	}
	askCall = ask{
		Name: "rappel", Label: "Rappel du destinataire", Aside: true,
		Need: "Notez le rappel : qui, à quel numéro, quel jour.",
		Hint: "Qui a confirmé, à un numéro que nous connaissions déjà (pas celui du courrier)",
	}
	askIBAN = ask{
		Name: "iban", Label: "IBAN", Hint: "27 signes pour la France, avec ou sans espaces", Need: "Écrivez l'IBAN.",
	}
)

// compared is the tick of who has compared an account with its paper.
func compared(label string) ask {
	return ask{Name: "lu", Label: label, Kind: asTick, Aside: true, Need: "Cochez après avoir comparé."}
}

// evidence is both answers as one text, which stays with the account.
func evidence(v *pages.Visit) string {
	return strings.TrimSuffix(v.Form.Value("papier"), ".") + ". Rappel : " + v.Form.Value("rappel")
}

// hold is how long a new account waits after two persons have seen it.
func hold(ctx context.Context, v *pages.Visit) (string, error) {
	var o struct {
		Hours int `json:"iban_hold_hours"`
	}
	if err := v.Read(ctx, "/v1/organisation", &o); err != nil {
		return "", err
	}
	if o.Hours == 0 {
		return "Il se paie dès la confirmation par une seconde personne.", nil
	}
	return "Il se paie " + pages.Count(o.Hours, "heure", "heures") + " après la confirmation par une seconde personne.", nil
}

func addCreditor(ctx context.Context, v *pages.Visit) (deed, error) {
	wait, err := hold(ctx, v)
	return deed{
		Title: "Nouveau destinataire", Button: "Ajouter le destinataire", Back: "/destinataires",
		to:   "/destinataires",
		Warn: wait, done: "Destinataire ajouté. Une seconde personne confirme son IBAN.",
		Asks: []ask{
			{Name: "name", Label: "Nom", Hint: "Comme sur le RIB : la banque le compare", Need: "Écrivez le nom."},
			{
				Name: "kind", Label: "Ce que c'est", Kind: asMenu, Need: "Choisissez ce que c'est.",
				Choices: choices("", creditorWords, payeeKinds...),
			},
			askIBAN, askPaper, askCall,
		},
		send: func(ctx context.Context, v *pages.Visit, body map[string]any) error {
			body["creditor"], body["evidence"] = refOf(v, "C"), evidence(v)
			_, err := v.Act(ctx, http.MethodPost, "/v1/creditors", body, "")
			return err
		},
	}, err
}

func proposeIBAN(ctx context.Context, v *pages.Visit) (deed, error) {
	p, _, _, err := readCreditor(ctx, v)
	if err != nil {
		return deed{}, err
	}
	wait, err := hold(ctx, v)
	home := "/destinataires/" + p.Creditor
	return deed{
		Title: "Changer l'IBAN de " + p.Creditor, Button: "Proposer cet IBAN", Back: home, to: home,
		Facts: []answered{{"Destinataire", p.Name}, {"IBAN d'aujourd'hui", grouped(p.IBAN, p.IBANMasked)}},
		Asks:  []ask{askIBAN, askPaper, askCall},
		done:  "IBAN proposé. L'ancien sert jusqu'à ce que le nouveau puisse être payé.",
		Warn:  "Vous ne confirmez pas votre propre changement. " + wait + " L'ancien IBAN sert jusque-là.",
		send: func(ctx context.Context, v *pages.Visit, body map[string]any) error {
			body["evidence"] = evidence(v)
			_, err := v.Act(ctx, http.MethodPost, creditorAddress(v)+"/iban_changes", body, "")
			return err
		},
	}, err
}

// confirmIBAN is the word of the second person, on what he has before his eyes.
func confirmIBAN(ctx context.Context, v *pages.Visit) (deed, error) {
	p, changes, tag, err := readCreditor(ctx, v)
	if err != nil {
		return deed{}, err
	}
	for _, c := range changes {
		if strconv.Itoa(c.Version) == v.Path("version") {
			return confirmDeed(ctx, v, p, c, tag)
		}
	}
	return deed{}, notFound()
}

func confirmDeed(ctx context.Context, v *pages.Visit, p payee, c ibanChange, tag string) (deed, error) {
	wait, err := hold(ctx, v)
	home := "/destinataires/" + p.Creditor
	d := deed{
		Title: "Confirmer l'IBAN de " + p.Creditor, Button: "Confirmer cet IBAN", Back: home, to: home, Tag: tag,
		done: "IBAN confirmé.", Warn: "Comparez chaque signe avec le RIB. " + wait,
		Facts: []answered{
			{"Destinataire", p.Name},
			{"Ancien IBAN", orNone(c.Old())},
			{"Nouvel IBAN", c.New()},
			{"Proposé par", c.ProposedBy + ", le " + pages.Instant(c.ProposedAt)},
			{"Preuve et rappel", orNone(c.Evidence)},
		},
		Asks: []ask{compared("J'ai comparé cet IBAN avec le RIB")},
	}
	for _, s := range c.Signs {
		d.Facts = append(d.Facts, answered{"Attention", s.Text})
	}
	if !c.AwaitsWord(v.Who().ID) {
		d.Intro = "Ce changement n'attend pas votre confirmation : " +
			"une autre personne que celle qui l'a proposé le confirme."
		d.Button = ""
	}
	d.send = func(ctx context.Context, v *pages.Visit, _ map[string]any) error {
		of := creditorAddress(v) + "/iban_changes/" + strconv.Itoa(c.Version)
		_, err := v.Act(ctx, http.MethodPost, of+"/confirmations", nil, d.seen(v))
		return err
	}
	return d, err
}

func orNone(text string) string {
	if text == "" {
		return "aucun"
	}
	return text
}

// signLoad signs the accounts that a load has brought: two persons make them payable.
func signLoad(ctx context.Context, v *pages.Visit) (deed, error) {
	waiting, err := pages.All[payee](ctx, v, "/v1/creditors?state=to_sign")
	if err != nil {
		return deed{}, err
	}
	d := deed{
		Title: "Signer les IBAN d'un chargement", Button: "Signer ces IBAN", Back: "/destinataires",
		to:    "/destinataires?etat=to_sign",
		Intro: "Deux personnes signent les IBAN d'un chargement. Comparez chacun avec son RIB.",
		done:  "Signature notée.",
		Asks:  []ask{compared("J'ai comparé ces IBAN avec les RIB")},
		send: func(ctx context.Context, v *pages.Visit, _ map[string]any) error {
			_, err := v.Act(ctx, http.MethodPost, "/v1/loads/"+url.PathEscape(v.Path("load"))+"/signatures", nil, "")
			return err
		},
	}
	for _, p := range waiting {
		if p.Load == v.Path("load") {
			d.Facts = append(d.Facts, answered{p.Name, grouped(p.IBAN, p.IBANMasked)})
		}
	}
	if len(d.Facts) == 0 {
		return deed{}, notFound()
	}
	return d, nil
}
