package v1_test

import (
	"bytes"
	"crypto/sha256"
	"strings"
	"testing"

	"masp/api"
)

func TestAPaperIsMadeAgainByteForByteAndItsHandingOverIsNotedOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const path = "/v1/mandates/M-0001/papers/STATEMENT?from=2026-11-01&to=2026-11-04&format="
	for _, form := range []string{"html", "pdf", "text"} {
		first := d.ask("c.martin", "GET", path+form, "").wants(200)
		if again := d.ask("c.martin", "GET", path+form, ""); !bytes.Equal(first.Body, again.Body) || len(first.Body) < 500 {
			t.Errorf("%s: %d bytes, then %d others", form, len(first.Body), len(again.Body))
		}
	}
	content := d.ask("c.martin", "GET", path+"pdf", "").Header.Get("Masp-Content")
	body := `{"kind":"STATEMENT","from":"2026-11-01","to":"2026-11-04","recipient":"PERSON","means":"BY_HAND"}`
	noted := d.ask("c.martin", "POST", "/v1/mandates/M-0001/handed_papers", body).wants(201)
	if noted.text("content") != content {
		t.Errorf("noted %s, the paper is %s", noted.text("content"), content)
	}
	d.ask("c.martin", "POST", "/v1/mandates/M-0001/handed_papers", body).code(409, "this_handing_over_is_noted_already")
	list := d.ask("e.quentin", "GET", "/v1/mandates/M-0001/handed_papers", "").wants(200)
	if list.length("data") != 1 || list.text("data", 0, "handed_paper") != noted.text("handed_paper") {
		t.Errorf("the auditor reads %s", list.Body)
	}
}

func TestAPaperOfAnotherOrOfNoMeasureDoesNotExist(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	body := `{"kind":"STATEMENT","recipient":"PERSON","means":"BY_HAND"}`
	d.ask("v.olivier", "GET", "/v1/mandates/M-9999/handed_papers", "").wants(404)
	for _, mandate := range []string{"M-0002", "M-9999"} {
		d.ask("c.martin", "GET", "/v1/mandates/"+mandate+"/papers/STATEMENT", "").code(404, "not_found")
		d.ask("c.martin", "GET", "/v1/mandates/"+mandate+"/handed_papers", "").code(404, "not_found")
		d.ask("c.martin", "POST", "/v1/mandates/"+mandate+"/handed_papers", body).code(404, "not_found")
	}
	d.ask("i.texier", "GET", "/v1/mandates/M-0001/papers/STATEMENT", "").code(403, "forbidden")
	d.ask("c.martin", "GET", "/v1/mandates/M-0001/papers/FINAL", "").code(409, "the_measure_is_not_over")
}

func TestAFileThatIsKnownBeforeItIsSentIsProvedByItsDigest(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	d.says("REL-1", "BK-0001", "2026-11-04", said{"50.00", "Inconnu", strings.Repeat("VERSEMENT ", 12)})
	path, files := d.filed("c.martin")
	d.post("k.perrin", path+"/hand_overs", "", "").wants(201)
	statement := d.get("k.perrin", "/v1/bank_statements").wants(200).text("data", 0, "statement")
	for user, paths := range map[string][]string{
		"k.perrin": {
			"/v1/bank_statements/" + statement + "/file", "/v1/payment_files/" + files.text("data", 0, "file") + "/content",
			"/v1/reports/arrears?from=2026-11-01&to=2026-11-30&format=csv-fr", "/v1/processing_register?format=html",
		},
		"c.martin": {"/v1/mandates/M-0001/papers/STATEMENT?from=2026-11-01&to=2026-11-30&format=html"},
	} {
		for _, path := range paths {
			got := d.ask(user, "GET", path, "", header{"Accept-Encoding", "gzip"}).wants(200)
			sum := sha256.Sum256(got.Body)
			if want := api.Digest(sum[:]); got.Header.Get("Repr-Digest") != want || got.Header.Get("Content-Encoding") != "" {
				t.Errorf("%s: digest %q, want %q, coded %q", path, got.Header.Get("Repr-Digest"), want, got.Header.Get("Content-Encoding"))
			}
		}
	}
}
