package check

import (
	"strings"

	"masp/ledger/chain"
	"masp/payments/xmlread"
)

const filesName = "virements/fichiers.csv"

// paid is one transfer as a payment file tells the bank.
type paid struct {
	cents int64
	iban  string
}

// checkFiles holds each payment file against what was approved: its bytes, its content, its transfers.
func (c *checker) checkFiles() error {
	c.table(filesName, func(r *row) {
		message, id, piece := r.text("Message"), r.text("Campagne"), r.text("Pièce")
		of := c.runs[id]
		if of == nil || r.text("Contenu signé") != of.content {
			c.found(filesName, r.line, message, "le contenu de ce fichier n'est pas celui qui a été approuvé")
			return
		}
		digest, err := c.digestOf(r)
		if err != nil {
			r.broken = err
			return
		}
		if logged, ok := c.log.files[message]; ok && logged != digest {
			c.found(filesName, r.line, message, "ce fichier n'est plus celui qui est inscrit au journal des actes")
		}
		if piece == "" {
			return // it tells of others
		}
		if c.sums[piece].String() != r.text("SHA-256") {
			c.found(filesName, r.line, message, "les octets de %s ne sont pas ceux de ce fichier", piece)
		}
		if r.text("Sans valeur") != "oui" {
			c.checkTransfers(piece, message, of)
		}
	})
	return nil
}

// digestOf is what the log of acts keeps of a file.
func (c *checker) digestOf(r *row) (chain.Hash, error) {
	content, err := chain.ParseHash(r.text("Contenu signé"))
	if err != nil {
		return chain.Hash{}, err
	}
	sum, err := chain.ParseHash(r.text("SHA-256"))
	if err != nil {
		return chain.Hash{}, err
	}
	e := chain.New(1, "masp payment file")
	e.Str(r.text("Campagne")).Str(r.text("Version")).Str(r.isoDay("Exécution le")).Str(r.text("Message")).Str(r.text("Nom"))
	e.Bytes(content[:]).Bytes(sum[:]).Int(r.number("Virements")).Int(r.cents("Total (€)")).Int(micros(r.text("Créé le")))
	return e.Sum(), r.broken
}

// checkTransfers compares what a file tells the bank with the transfers that were approved for it.
func (c *checker) checkTransfers(piece, message string, of *run) {
	told, twice, err := c.readPain(piece)
	if err != nil || twice != "" {
		c.found(piece, 0, twice, "ce fichier de virements ne se lit pas, ou nomme un virement deux fois")
		return
	}
	for _, t := range of.transfers {
		if t.file != message {
			continue
		}
		p, there := told[t.id]
		switch {
		case !there:
			c.found(piece, 0, t.id, "ce virement approuvé n'est pas dans le fichier")
		case p.cents != t.cents || p.iban != t.iban:
			c.found(piece, 0, t.id, "le fichier paie %s à %s, l'approbation %s à %s", amount(p.cents, ","), p.iban, amount(t.cents, ","), t.iban)
		}
		delete(told, t.id)
	}
	for id := range told {
		c.found(piece, 0, id, "le fichier contient un virement que personne n'a approuvé")
	}
}

// readPain reads the transfers of a pain.001 by their end-to-end identifiers.
func (c *checker) readPain(piece string) (told map[string]paid, twice string, err error) {
	in, err := c.open(piece)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = in.Close() }() // it was only read
	told = map[string]paid{}
	r := xmlread.New(in, xmlread.Options{})
	var walk func(at int)
	walk = func(at int) {
		for r.Child(at) {
			switch r.Name() {
			case "CstmrCdtTrfInitn", "PmtInf", "Document":
				walk(r.Depth())
			case "CdtTrfTxInf":
				id, p := readTransfer(r)
				if _, known := told[id]; known {
					twice = id
				}
				told[id] = p
			}
		}
	}
	walk(0)
	return told, twice, r.Err()
}

func readTransfer(r *xmlread.Reader) (id string, p paid) {
	path := []string{}
	var walk func(at int)
	walk = func(at int) {
		for r.Child(at) {
			path = append(path, r.Name())
			switch strings.Join(path, "/") {
			case "PmtId/EndToEndId":
				id = r.Value()
			case "Amt/InstdAmt":
				p.cents = centsOf(r.Value())
			case "CdtrAcct/Id/IBAN":
				p.iban = r.Value()
			case "PmtId", "Amt", "CdtrAcct", "CdtrAcct/Id":
				walk(r.Depth())
			}
			path = path[:len(path)-1]
		}
	}
	walk(r.Depth())
	return id, p
}

// centsOf reads an amount of a message: digits, and up to two decimals; -1 for anything else.
func centsOf(text string) int64 {
	euros, rest, _ := strings.Cut(text, ".")
	if rest = (rest + "00"); len(rest) > 4 || len(euros) == 0 || len(euros) > 15 {
		return -1
	}
	var cents int64
	for _, d := range euros + rest[:2] {
		if d < '0' || d > '9' {
			return -1
		}
		cents = cents*10 + int64(d-'0')
	}
	return cents
}
