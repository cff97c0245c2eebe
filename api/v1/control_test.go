package v1_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// ux 6.G 75
func TestFromABankLineToTheSentenceOfThePersonAndBackIsOneCall(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	d.filed("c.martin")
	pay := d.get("k.perrin", "/v1/payments?limit=1&mandate=M-0001").wants(200).text("data", 0, "payment")
	whole := d.get("e.quentin", "/v1/traces/"+pay).wants(200)
	kinds := map[string]string{}
	for i := range whole.length("links") {
		kinds[whole.text("links", i, "kind")] = whole.text("links", i, "id")
	}
	for _, kind := range []string{"RUN_LINE", "ACT", "PAYMENT", "ENTRY", "FILE", "ACCOUNT"} {
		if kinds[kind] == "" {
			t.Errorf("no %s in %s", kind, whole.Body)
		}
	}
	for _, from := range []string{kinds["ENTRY"], kinds["RUN_LINE"]} {
		if again := d.get("e.quentin", "/v1/traces/"+from).wants(200); !bytes.Equal(linksOf(again), linksOf(whole)) {
			t.Errorf("from %s: got\n%s, want\n%s", from, again.Body, whole.Body)
		}
	}
	if !strings.HasPrefix(kinds["ENTRY"], "ent_") || !strings.Contains(string(whole.Body), `"for_person"`) {
		t.Errorf("got %s", whole.Body)
	}
	for _, from := range []string{pay, kinds["ENTRY"], kinds["RUN_LINE"], kinds["FILE"], "C-2026-11-1"} {
		d.get("e.texel", "/v1/traces/"+from).code(404, "not_found")
	}
	for _, from := range []string{"3", "entry:3", "line:1", "ent_0123456789abcdefghjkmnpqrs", "lin_0123456789abcdefghjkmnpqrs", "C-2031-01-1"} {
		d.get("k.perrin", "/v1/traces/"+url.PathEscape(from)).code(404, "not_found")
	}
	d.get("c.martin", "/v1/traces/"+pay).wants(403)
	d.get("e.quentin", "/v1/traces/"+pay+"?mandate=M-0002").code(404, "not_found")
}

// linksOf is the way of a trace, without what it was asked for.
func linksOf(r reply) []byte {
	_, links, _ := bytes.Cut(r.Body, []byte(`"links"`))
	return links
}

// ux 6.G 74
func TestASampleIsDrawnAgainByItsSeedAndItsArchiveIsAnAct(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	d.filed("c.martin")
	const plan = "method=VALUE&size=4&seed=2026"
	list := d.get("k.perrin", "/v1/samples?"+plan).wants(200)
	if again := d.get("v.olivier", "/v1/samples?"+plan).wants(200); !bytes.Equal(again.Body, list.Body) {
		t.Errorf("got %s, then %s", list.Body, again.Body)
	}
	acts := func() int {
		var n int
		d.scan(`SELECT count(*) FROM masp.audit_log WHERE action = 'sample.export'`, &n)
		return n
	}
	names := func(user string) (all []string) {
		raw := d.get(user, "/v1/samples/archive?"+plan).wants(200).Body
		r, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range r.File {
			all = append(all, f.Name)
		}
		return all
	}
	hasPiece := func(name string) bool {
		return strings.HasPrefix(name, "banque/") || strings.HasPrefix(name, "virements/")
	}
	if got := names("k.perrin"); !slices.ContainsFunc(got, hasPiece) || acts() != 1 {
		t.Errorf("the accountant gets %v, %d acts", got, acts())
	}
	if got := names("e.quentin"); slices.ContainsFunc(got, hasPiece) || !slices.Contains(got, "echantillon.csv") || acts() != 2 {
		t.Errorf("the auditor gets %v, %d acts", got, acts())
	}
	for ask, code := range map[string]string{
		"method=STRATUM&size=4&seed=x":                              "unknown_stratum",
		"method=RANDOM&by=KIND&size=4&seed=x":                       "unknown_stratum",
		"method=RANDOM&size=4&seed=x&mandate=M-1&department=34":     "",
		"method=RANDOM&size=4&seed=x&from=2025-01-01&to=2025-01-02": "there_is_no_entry_to_draw_from",
	} {
		got := d.get("k.perrin", "/v1/samples?"+ask)
		if code != "" {
			got.code(422, code)
		} else if got.Status != 422 && got.Status != 404 {
			t.Errorf("%s: got %d %s", ask, got.Status, got.Body)
		}
	}
}

func TestReportsAreOfThePersonsThatOneReaches(t *testing.T) {
	t.Parallel()
	d := richDesk(t)
	d.filed("c.martin")
	for user, parts := range map[string]string{"v.olivier": "1", "e.quentin": "1", "e.texel": "0", "c.martin": "1", "c.nadir": "0"} {
		got := d.get(user, "/v1/reports/priority?from=2026-01-01").wants(200)
		if got.text("figures", 0, "value") != "0" || got.text("figures", 1, "value") != parts {
			t.Errorf("%s reads %s, want %s part", user, got.Body, parts)
		}
	}
	for _, format := range []string{"csv-fr", "html", "pdf", "text"} {
		for _, path := range []string{"reports/late_rents", "reports/arrears", "yearly_reports/activity", "yearly_reports/masp"} {
			if got := d.get("e.quentin", "/v1/"+path+"?format="+format).wants(200); len(got.Body) < 100 || strings.Contains(string(got.Body), "M-0002") {
				t.Errorf("%s as %s: %s", path, format, got.Body)
			}
		}
	}
	d.get("v.olivier", "/v1/reports/priority?from=2026-02-01&to=2026-01-01").wants(400)
	d.get("i.texier", "/v1/reports/priority").wants(403)
}

func TestActivityIsNotedOnceAndByACoordinator(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	body := func(outcome string) string {
		return fmt.Sprintf(`{"diagnostics":[{"id":"D-1","department":"34","done_on":"2026-03-01","outcome":%q}]}`, outcome)
	}
	for _, want := range []int{1, 0} {
		if got := d.post("c.martin", "/v1/activity", body("FOLLOWED"), "").wants(201); string(bytes.TrimSpace(got.Body)) != fmt.Sprintf(`{"new":%d}`, want) {
			t.Errorf("got %s, want %d", got.Body, want)
		}
	}
	d.post("c.martin", "/v1/activity", body("REFUSED"), "").code(409, "activity_contradicts_what_was_noted_before")
	d.post("v.olivier", "/v1/activity", body("FOLLOWED"), "").wants(403)
	if got := d.get("e.quentin", "/v1/yearly_reports/activity").wants(200); got.text("figures", 0, "value") != "1" {
		t.Errorf("got %s", got.Body)
	}
}
