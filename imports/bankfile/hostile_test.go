package bankfile

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"

	"masp/payments/xmlread"
)

func TestABadFileIsRefusedWithItsReasonAndPlace(t *testing.T) {
	t.Parallel()
	good := message("02", stmt("101.00", ntry("1.00", "CRDT", "")))
	amount := func(text string) string {
		return message("02", stmt("101.00", ntry(text, "CRDT", "")))
	}
	for name, c := range map[string]struct{ text, code, place string }{
		"empty":     {"", CodeEmpty, ""},
		"blanks":    {" \n\t \n", CodeBlank, "ligne 1"},
		"truncated": {good[:len(good)-40], xmlread.CodeTruncated, "ligne 3"},
		"truncated between lines": {
			good[:strings.Index(good, "</Stmt>")], xmlread.CodeTruncated,
			"Stmt",
		},
		"two roots":   {good + "<Document/>", xmlread.CodeTrailing, "ligne 4"},
		"junk behind": {good + " x", xmlread.CodeTrailing, "ligne 4"},
		"doctype": {
			strings.Replace(good, "<Document", "<!DOCTYPE x><Document", 1), xmlread.CodeDoctype,
			"ligne 2",
		},
		"external entity": {
			`<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`, xmlread.CodeDoctype,
			"ligne 1",
		},
		"wrong root": {"<Invoice><ID>1</ID></Invoice>", CodeNotStatement, ""},
		"contradicting bytes": {
			strings.Replace(good, "M1", "M\xe9", 1), xmlread.CodeContradicted,
			"ligne 2",
		},
		"unknown encoding": {
			strings.Replace(good, "UTF-8", "UTF-7", 1), xmlread.CodeEncoding,
			"ligne 1",
		},
		"crossed elements": {
			strings.Replace(good, "</Ntry></Stmt>", "</Stmt></Ntry>", 1), xmlread.CodeMalformed,
			"Ntry",
		},
		"no statement": {message("02", ""), CodeNoStatement, "Document"},
		"two messages": {
			"<w>" + bare(good) + bare(good) + "</w>", CodeTwoMessages,
			"w/Document[2]",
		},
		"second message of another version": {"<w>" + bare(good) +
			strings.Replace(bare(good), "001.02", "001.08", 1) + "</w>", CodeTwoMessages, "w/Document[2]"},
		"too deep":           {strings.Repeat("<a>", 200), xmlread.CodeDepth, "a/a"},
		"negative amount":    {amount("-1.00"), CodeAmount, "Ntry/Amt"},
		"comma":              {amount("1,00"), CodeAmount, "Ntry/Amt"},
		"exponent":           {amount("1e9999999"), CodeAmount, "Ntry/Amt"},
		"not a number":       {amount("NaN"), CodeAmount, "Ntry/Amt"},
		"hexadecimal":        {amount("0x0A"), CodeAmount, "Ntry/Amt"},
		"underscore":         {amount("1_0"), CodeAmount, "Ntry/Amt"},
		"other digits":       {amount("١٢"), CodeAmount, "Ntry/Amt"},
		"no text":            {amount(""), CodeAmount, "Ntry/Amt"},
		"400 digits":         {amount(strings.Repeat("9", 400)), CodeAmount, "Ntry/Amt"},
		"child in an amount": {amount("1<b>2</b>"), xmlread.CodeNotText, "Amt"},
		"two amounts": {
			strings.Replace(good, "<Sts>", `<Amt Ccy="EUR">9</Amt><Sts>`, 1), CodeTwice,
			"Ntry/Amt",
		},
		"two sides": {
			strings.Replace(good, "<Sts>", "<CdtDbtInd>DBIT</CdtDbtInd><Sts>", 1), CodeTwice,
			"Ntry/CdtDbtInd",
		},
		"unknown side": {
			message("02", stmt("1", ntry("1.00", "OUT", ""))), CodeSide,
			"Ntry/CdtDbtInd",
		},
		"foreign amount only": {strings.Replace(strings.Replace(good, "<Ntry><Amt", `<Ntry><x:Amt xmlns:x="u:x"`, 1),
			"1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>", "1.00</x:Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>", 1), CodeNoAmount, "Ntry"},
		"31 February": {
			strings.ReplaceAll(good, "2026-11-04", "2026-02-31"), CodeDate,
			"Dt",
		},
		"year zero": {
			strings.ReplaceAll(good, "2026-11-04", "0000-00-00"), CodeDate,
			"Dt",
		},
		"year 9999": {
			strings.ReplaceAll(good, "2026-11-04", "9999-12-31"), CodeDate,
			"Dt",
		},
		"attribute twice": {
			strings.Replace(good, `Ccy="EUR"`, `Ccy="EUR" Ccy="CHF"`, 1), xmlread.CodeMalformed,
			"",
		},
		"billion laughs": {
			`<!DOCTYPE l [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><l>&b;</l>`, xmlread.CodeDoctype,
			"",
		},
		"declared elsewhere": {"\n" + good, xmlread.CodeMalformed, "ligne 2"},
	} {
		report := Check(t.Context(), strings.NewReader(c.text))
		if report.Outcome != Refused || len(report.Reasons) == 0 {
			t.Errorf("%s: got %s, want it refused", name, report.Outcome)
			continue
		}
		reason := report.Reasons[len(report.Reasons)-1]
		if reason.Code != c.code || !strings.Contains(reason.Place, c.place) ||
			!strings.HasPrefix(reason.Message, "Fichier refusé : ") {
			t.Errorf("%s: got %+v, want code %s at %q", name, reason, c.code, c.place)
		}
	}
}

// bare is a file without its declaration, to be put into a wrapper.
func bare(text string) string { return text[strings.Index(text, "<Document"):] }

func TestUnusualFilesAreAccepted(t *testing.T) {
	t.Parallel()
	good := message("02", stmt("101.00", ntry("1.00", "CRDT", "")))
	latin := strings.Replace(strings.Replace(good, "UTF-8", "ISO-8859-1", 1), "M1", "M\xe9", 1)
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().
		String(strings.Replace(good, "UTF-8", "UTF-16", 1))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ text, warning string }{
		"byte order mark": {"\xef\xbb\xbf" + good, ""},
		"CRLF":            {strings.ReplaceAll(good, "\n", "\r\n"), ""},
		"latin-1":         {latin, ""},
		"UTF-16":          {wide, ""},
		"UTF8 by name":    {strings.Replace(good, "UTF-8", "utf8", 1), ""},
		"no declaration":  {bare(good), ""},
		"wrapper": {
			"<message><AppHdr><Fr>x</Fr></AppHdr>" + bare(good) + "</message>",
			"",
		},
		"prefix": {
			strings.NewReplacer("</", "</p:", "<", "<p:", "xmlns=", "xmlns:p=").Replace(bare(good)),
			"",
		},
		"comment in amount": {
			strings.Replace(good, ">1.00<", "><!-- x -->1<![CDATA[.0]]>0<", 1),
			"",
		},
		"blanks in amount": {strings.Replace(good, ">1.00<", ">\n 1.00\t<", 1), ""},
		"plus":             {strings.Replace(good, ">1.00<", ">+1.00<", 1), ""},
		"new elements": {strings.Replace(good, "<Ntry>",
			"<Ntry><Brand><Amt>9</Amt></Brand>", 1), ""},
		"no namespace": {
			strings.Replace(good, `xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"`, "", 1),
			"namespace",
		},
		"odd namespace": {
			strings.Replace(good, "camt.053.001.02", "camt.050.001.02", 1),
			"namespace",
		},
		"unknown version": {strings.Replace(good, "001.02", "001.99", 1), "namespace"},
		"national variant": {
			strings.Replace(good, "camt.053.001.02", "camt.053.001.02.ch.01", 1),
			"namespace",
		},
		"foreign element": {strings.Replace(good, "<Ntry>",
			`<Ntry><x:Amt xmlns:x="u:x" Ccy="EUR">9.00</x:Amt>`, 1), "foreign_elements"},
	} {
		report := Check(t.Context(), strings.NewReader(c.text))
		want := Accepted
		if c.warning != "" {
			want = AcceptedWithWarnings
		}
		if report.Outcome != want || c.warning != "" && !hasCode(report.Reasons, c.warning) {
			t.Errorf("%s: got %s %v, want %s for %q", name, report.Outcome, report.Reasons, want, c.warning)
			continue
		}
		if got := report.Statements[0].Credits; got != "1.00" {
			t.Errorf("%s: got %s in, want 1.00", name, got)
		}
	}
}

// endless gives the same bytes for ever, and counts.
type endless struct {
	text []byte
	read int
}

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.text[(e.read+i)%len(e.text)]
	}
	e.read += len(p)
	return len(p), nil
}

func TestAFileWithoutEndIsRefusedSoon(t *testing.T) {
	t.Parallel()
	good := message("02", stmt("101.00", ntry("1.00", "CRDT", "")))
	cut := good[:strings.Index(good, "</Ntry>")]
	for name, c := range map[string]struct{ head, tail, code string }{
		"spaces":                 {"", " ", CodeBlank},
		"zeros":                  {"", "\x00", CodeNULs},
		"spaces behind the root": {good, " ", xmlread.CodeTooLarge},
		"spaces in a line":       {cut, " ", xmlread.CodeTooLarge},
		"a long text":            {cut + "<AddtlNtryInf>", "x", xmlread.CodeTooLarge},
		"a long comment":         {cut + "<!--", "x", xmlread.CodeTooLarge},
		"a long tag":             {cut + "<", "x", xmlread.CodeTooLarge},
		"a line without end":     {cut + "<NtryDtls>", "<TxDtls><Refs/></TxDtls>", xmlread.CodeTooLarge},
	} {
		stream := &endless{text: []byte(c.tail)}
		rd, _, err := Open(io.MultiReader(strings.NewReader(c.head), stream))
		for err == nil {
			_, err = rd.Next()
		}
		if codeOf(err) != c.code || stream.read > entryLimit+(1<<20) {
			t.Errorf("%s: got %v after %d bytes, want %s", name, err, stream.read, c.code)
		}
	}
}

func TestWhatIsNoFileIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, path := range map[string]string{
		"un dossier":     dir,
		"n’existe pas":   filepath.Join(dir, "absent.xml"),
		"pas un fichier": os.DevNull,
	} {
		report := CheckFile(t.Context(), path)
		if report.Outcome != Refused || !strings.Contains(report.Reasons[0].Message, name) {
			t.Errorf("%s: got %+v", name, report)
		}
	}
	broken := Check(t.Context(), io.MultiReader(strings.NewReader(message("02", "")[:50]), failing{}))
	if broken.Reasons[0].Code != CodeUnreadable {
		t.Errorf("a disk that fails: got %+v", broken.Reasons)
	}
}

// failing is a disk that gives an error.
type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, fs.ErrInvalid }

func TestAStoppedCheckStops(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if r := Check(ctx, strings.NewReader(message("02", stmt("100.00", "")))); r.Outcome != Refused {
		t.Errorf("got %s from a check that was stopped", r.Outcome)
	}
}

func TestErrorsForLogsHideTheContent(t *testing.T) {
	t.Parallel()
	_, err := gather(message("02", stmt("1", ntry("secret", "CRDT", ""))))
	f, ok := errors.AsType[*FormatError](err)
	if !ok || strings.Contains(err.Error(), "secret") || !strings.Contains(f.French(), "secret") {
		t.Errorf("got %v, want the value in French only", err)
	}
}
