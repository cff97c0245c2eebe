package imports_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"masp/imports/bankfile"
)

// zipped is an archive of files, name and content in turns.
func (w *world) zipped(files ...string) string {
	w.t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		f, err := z.Create(files[i])
		w.must(err)
		_, err = f.Write([]byte(files[i+1]))
		w.must(err)
	}
	w.must(z.Close())
	return b.String()
}

func TestEachFileOfAnArchiveIsImportedByItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refs := w.send("BK-2", "M-2", "LOT", "300.00")
	p := november(fromSomebody("30.00", "2026-11-05"))
	p.closing = "130.00"
	all := w.zipped(
		"releves/jour.xml", statements(p), "note.pdf", "%PDF-1.7 note",
		"reponse.xml", pain002("R1", "MSG-LOT", rejected("LOT", refs[0])),
		"jour2.xml", statements(quiet("2", "2026-11-05", "130.00")),
	)
	o := w.drop(all)
	if o.Outcome != bankfile.Held || len(o.Members) != 4 || len(o.Statements) != 2 ||
		o.Members[1].Outcome != bankfile.Refused || !strings.Contains(o.Members[1].Message(), "PDF") ||
		o.Members[2].Report.Rejected != 1 || o.Members[0].File != "releve.xml › jour.xml" ||
		!strings.HasPrefix(o.Message(), "Archive de 4 fichiers, dont 1 refusé. 2 relevés reçus, 1 mouvement.") {
		t.Errorf("got %q %+v", o.Message(), o)
	}
	if r := o.Reasons; !o.Refuses() || len(r) != 1 || r[0].Place != "releve.xml › note.pdf" || len(o.Members[1].SHA256) != 64 {
		t.Errorf("got %+v, want the file that is refused named, with its hash", o.Reasons)
	}
	if got := w.balance("512:BK-1") + " " + w.balance("467:M-2"); got != "130.00 -1000.00" {
		t.Errorf("got %s", got)
	}
	if n := w.number(`SELECT count(*) FROM bank_files f JOIN bank_files a ON f.archive_id = a.file_id AND a.format = 'ZIP'`); n != 3 {
		t.Errorf("got %d files of the archive stored, want 3", n)
	}
	w.sound()
	if again := w.drop(all); again.Statements[0].State != "accepted" || !again.Statements[0].AlreadyKnown {
		t.Errorf("got %+v the second time", again)
	}
	if alone := w.drop(statements(p)); alone.ToIdentify() != 1 || !strings.Contains(alone.Message(), "1 mouvement reste à identifier") {
		t.Errorf("got %q %+v of a known file, want what is left to do", alone.Message(), alone)
	}
	if answer := w.drop(pain002("R1", "MSG-LOT", rejected("LOT", refs[0]))); !strings.Contains(answer.Message(), "déjà pris en compte") {
		t.Errorf("got %q of a known answer", answer.Message())
	}
	if n := w.number(`SELECT count(*) FROM bank_files`); n != 4 {
		t.Errorf("got %d files, want the archive and three files once", n)
	}
	w.sound()
}

func TestAnArchiveOfNothingThatIsKeptIsNotKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, content := range []string{w.zipped("a.pdf", "%PDF-1.7", "b.txt", "bonjour"), w.zipped()} {
		o := w.drop(content)
		if o.Outcome != bankfile.Refused || o.Message() == "" || len(o.SHA256) != 64 {
			t.Errorf("got %q %+v, want it refused", o.Message(), o)
		}
	}
	if n := w.number(`SELECT count(*) FROM bank_files`); n != 0 {
		t.Errorf("got %d files stored, want none", n)
	}
}

func TestATextBesideTheStatementsOfAnArchiveIsIgnoredByName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := november(fromSomebody("30.00", "2026-11-05"))
	p.closing = "130.00"
	o := w.drop(w.zipped("LISEZMOI.txt", "Vos relevés du mois.\r\nService clients", "jour.xml", statements(p)))
	if o.Outcome != bankfile.AcceptedWithWarnings || o.Refuses() || !strings.Contains(o.Message(), "ignoré : releve.xml › LISEZMOI.txt") ||
		!strings.HasPrefix(o.Members[0].Message(), "Ignoré") || o.Statements[0].State != "accepted" {
		t.Errorf("got %q %+v, want the statement accepted", o.Message(), o)
	}
	for name, content := range map[string]string{
		"a record of a bank": "Bonjour\n0499999    00001EUR2 00000000101  05112605112605\n",
		"a piece of XML":     "suite : <Ntry>",
		"something binary":   "abc\x01def",
		"a long row":         strings.Repeat("1", 120),
		"a page that is cut": strings.Repeat("mot ", 2000),
	} {
		if o := w.drop(w.zipped("note.txt", content, "jour.xml", statements(p))); o.Outcome != bankfile.Held || !o.Refuses() {
			t.Errorf("%s: got %q %+v, want it named and held", name, o.Message(), o)
		}
	}
	w.sound()
}
