package bankfile

import (
	"strings"
	"testing"
)

func TestAnotherKindOfFileIsRefusedByItsRealName(t *testing.T) {
	t.Parallel()
	iso := func(name, body string) string {
		return `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:` + name + `"><` + body + `/></Document>`
	}
	for _, c := range []struct{ text, format, says string }{
		{
			iso("pain.008.001.02", "CstmrDrctDbtInitn"), "pain.008.001.02",
			"ceci est un pain.008.001.02 (ordre de prélèvement), pas un relevé de compte",
		},
		{iso("pain.001.001.09", "CstmrCdtTrfInitn"), "pain.001.001.09", "ordre de virement"},
		{iso("pain.002.001.10", "CstmrPmtStsRpt"), "pain.002.001.10", "comptes rendus"},
		{iso("camt.055.001.09", "CstmrPmtCxlReq"), "camt.055.001.09", "demande d’annulation"},
		{iso("camt.029.001.04", "RsltnOfInvstgtn"), "camt.029.001.04", "réponse"},
		{iso("camt.053.001.02", "CstmrCdtTrfInitn"), "pain.001", "ordre de virement"},
		{
			"<w>" + iso("pain.008.001.02", "CstmrDrctDbtInitn") + "</w>", "pain.008.001.02",
			"prélèvement",
		},
		{"0302        200012", "CFONB 160", "ordres"},
		{"0308        200012", "CFONB 160", "ordres"},
		{"3412        200012", "CFONB 240", "rejetés"},
		{"03PI000001200012", "CFONB 320", "étranger"},
		{":20:STARTUMS\r\n:25:99999/1", "MT940", "camt.053"},
		{"{1:F01AAAA}{4::20:X", "MT940", "camt.053"},
		{"PK\x03\x04\x14\x00\x00\x00releve.xml", "ZIP", "Décompressez"},
		{"PK\x03\x04\x14\x00[Content_Types].xml", "Excel", "tableau"},
		{"\x1f\x8b\x08\x00", "gzip", "Décompressez"},
		{"%PDF-1.7\n%\xe2", "PDF", "Téléchargez"},
		{"<!DOCTYPE html><html></html>", "HTML", "Recommencez"},
		{"\n<HTML><body>session</body></HTML>", "HTML", "Recommencez"},
		{`{"entries":[]}`, "JSON", "camt.053"},
		{"OFXHEADER:100", "OFX", "camt.053"},
		{"date;libelle;montant\n", "texte", "camt.053"},
		{`<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>`, "HTML", "page web"},
		{`<?xml version="1.0"?><?OFX OFXHEADER="200"?><OFX/>`, "OFX", "camt.053"},
		{iso("camt.025.001.05", "Rct"), "camt.025.001.05", "ceci est un camt.025.001.05, pas un relevé"},
		{iso("camt.053.001.08", "bktocstmrstmt"), "camt.053.001.08", "BkToCstmrStmt y manque ou est écrit autrement"},
		{"\xff\xfe0\x001\x009\x009\x009\x009\x009\x00", "UTF-16", "Enregistrez-le en ASCII"},
		{iso("camt.999999.001.05", "Rct"), "XML", "d’un autre genre"},
		{"<rss><channel/></rss>", "XML", "d’un autre genre"},
		{"\x01\x02\x00\x03", "binaire", "inconnues"},
	} {
		report := Check(t.Context(), strings.NewReader(c.text))
		if report.Outcome != Refused || report.Format != c.format {
			t.Errorf("%.30q: got %s as %q, want it refused as %q", c.text, report.Outcome, report.Format, c.format)
			continue
		}
		if reason := report.Reasons[0]; reason.Code != CodeNotStatement || !strings.Contains(reason.Message, c.says) {
			t.Errorf("%.30q: got %+v, want it to say %q", c.text, reason, c.says)
		}
	}
}

func TestEveryFamilyHasAFrenchMeaning(t *testing.T) {
	t.Parallel()
	for body, family := range bodies {
		if meanings[family] == "" {
			t.Errorf("%s (%s) has no meaning for the user", family, body)
		}
	}
	for _, m := range magics {
		if meanings[m.family] == "" {
			t.Errorf("%s has no meaning for the user", m.family)
		}
	}
}
