package privacy_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/payments/privacy"
)

func TestEveryTableSaysWhatOfItIsWhose(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, c := range []struct{ what, sql string }{
		{"a table that is on no list: add it to masp.personal_data, with the rows of a person or why there are none", `
			SELECT relname FROM pg_class WHERE relnamespace = 'masp'::regnamespace AND relkind IN ('r', 'p')
			   AND relname NOT IN (SELECT table_name FROM masp.personal_data)`},
		{"a table of the list that does not exist", `
			SELECT table_name FROM masp.personal_data WHERE to_regclass('masp.' || table_name) IS NULL`},
		{"a table with the key of a person, of which nothing is said to be hers", `
			SELECT d.table_name FROM masp.personal_data d JOIN pg_attribute a ON a.attrelid = ('masp.' || d.table_name)::regclass
			 WHERE a.attname IN ('mandate_id', 'beneficiary_id', 'instruction_id', 'line_id', 'obligation_id', 'debt_id') AND d.hers IS NULL`},
		{"a column of the list that does not exist", `
			SELECT d.table_name || '.' || c FROM masp.personal_data d, unnest(d.hidden || d.cleared) c
			 WHERE NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = ('masp.' || d.table_name)::regclass AND a.attname = c)`},
	} {
		rows, err := h.db.Super.Query(t.Context(), c.sql)
		h.must(err)
		found, err := pgx.CollectRows(rows, pgx.RowTo[string])
		h.must(err)
		for _, name := range found {
			t.Errorf("%s: %s", c.what, name)
		}
	}
}

// copyOf is the texts of a copy.
func (h *house) copyOf(person string) (all string, names []string) {
	h.t.Helper()
	raw, err := h.Copy(h.t.Context(), h.anne, person)
	h.must(err)
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	h.must(err)
	for _, f := range z.File {
		r, err := f.Open()
		h.must(err)
		text, err := io.ReadAll(r)
		h.must(err)
		names = append(names, f.Name)
		all += string(text)
	}
	return all, names
}

func TestTheCopyOfAPersonHoldsHerDataAndNothingOfHerNeighbour(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.money("M-1", "CAF Camille Inventé 7654321Z", 1000)
	h.money("M-2", "CAF Dominique Voisin 7654322Z", 2000)
	text, names := h.copyOf("B-1")
	for _, word := range []string{"Camille", "Inventé", "7654321Z", "va mieux", "10,00", "coordination "} {
		if !strings.Contains(text, word) {
			t.Errorf("the copy lacks %q", word)
		}
	}
	for _, word := range []string{"Dominique", "Voisin", "7654322Z", "B-2", "M-2", `"anne"`} {
		if strings.Contains(text, word) {
			t.Errorf("the copy holds %q", word)
		}
	}
	for _, want := range []string{"dossier.html", "MANIFESTE.sha256", "donnees/evaluations.json"} {
		if !slices.Contains(names, want) {
			t.Errorf("the copy has %v, want %s", names, want)
		}
	}
	if _, err := h.Copy(t.Context(), h.aude, "B-1"); !errors.Is(err, privacy.ErrRole) {
		t.Errorf("who is not the coordinator of the file gets a copy: %v", err)
	}
	readers, err := h.Readers(t.Context(), h.aude, "B-1")
	h.must(err)
	if len(readers) != 1 || readers[0].Reader != "anne" || !slices.Equal(readers[0].What, []string{"person.copy"}) {
		t.Errorf("got the readers %+v, want anne with her copy", readers)
	}
	if again, err := h.Readers(t.Context(), h.aude, "B-1"); err != nil || len(again) != 2 {
		t.Errorf("reading the log is itself read: got %+v, %v", again, err)
	}
}

func (h *house) stage(person string) privacy.Stage {
	h.t.Helper()
	all, err := h.Files(h.t.Context())
	h.must(err)
	at := slices.IndexFunc(all, func(f privacy.File) bool { return f.Person == person })
	if at < 0 {
		h.t.Fatalf("%s has no file", person)
	}
	return all[at].Stage
}

func (h *house) propose() {
	h.t.Helper()
	_, err := h.Propose(h.t.Context())
	h.must(err)
}

// lived is a house whose first person came, was paid, and left.
func lived(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	h.money("M-1", "CAF Camille Inventé 7654321Z", 1000)
	h.money("M-1", "Camille Invente Versement", -1000)
	h.money("M-2", "CAF Dominique Voisin 7654322Z", 2000)
	h.on("2028-09-01")
	h.ends("M-1", "2028-08-31")
	return h
}

func TestAfterTwoYearsAFileIsProposedThenArchivedAndItsCoordinatorSeesItNoMore(t *testing.T) {
	t.Parallel()
	h := lived(t)
	ctx := t.Context()
	reaches := func() bool {
		yes, err := h.users.Reaches(ctx, h.anne, "M-1")
		h.must(err)
		return yes
	}
	h.on("2030-08-31") // the last day of two years
	h.propose()
	if got := h.stage("B-1"); got != privacy.Active {
		t.Errorf("on the last day the file is %s", got)
	}
	if err := h.Archive(ctx, h.aude, []string{"B-1"}); !errors.Is(err, privacy.ErrNotDue) {
		t.Errorf("archived before it was proposed: %v", err)
	}
	h.on("2030-09-01")
	h.propose()
	if got := h.stage("B-1"); got != privacy.ArchiveProposed || !reaches() {
		t.Errorf("the day after it is %s and its coordinator sees it: %v", got, reaches())
	}
	if err := h.Archive(ctx, h.anne, []string{"B-1"}); !errors.Is(err, privacy.ErrRole) {
		t.Errorf("a coordinator archives: %v", err)
	}
	no, err := h.HoldFile(ctx, h.anne, "B-1", "LITIGATION", "tribunal")
	h.must(err)
	if err := h.Archive(ctx, h.aude, []string{"B-1"}); !errors.Is(err, privacy.ErrKept) {
		t.Errorf("archived in spite of a hold: %v", err)
	}
	h.must(h.LiftHold(ctx, h.anne, no))
	h.must(h.Archive(ctx, h.aude, []string{"B-1"}))
	if reaches() {
		t.Error("the coordinator still sees the archived file")
	}
	if _, err := h.Copy(ctx, h.anne, "B-1"); !errors.Is(err, privacy.ErrRole) {
		t.Errorf("the coordinator copies the archived file: %v", err)
	}
	closed, err := h.Closed(ctx, "aude")
	h.must(err)
	_, err = h.OpenArchive(ctx, h.aude, "B-1", "demande du tribunal")
	h.must(err)
	opened, err := h.Closed(ctx, "aude")
	h.must(err)
	if !slices.Equal(closed, []string{"M-1"}) || len(opened) != 0 {
		t.Errorf("closed to the approver: %v, then %v", closed, opened)
	}
	if _, err := h.Copy(ctx, h.aude, "B-1"); err != nil {
		t.Errorf("who has opened the file gives its person her copy: %v", err)
	}
	if found := h.verify(); len(found) > 0 {
		t.Errorf("verify finds %v", found)
	}
}

func TestNoMoneyIsArchivedAway(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.money("M-2", "CAF", 2000)
	h.on("2028-09-01")
	h.ends("M-2", "2028-08-31")
	h.on("2031-01-01")
	h.propose()
	if err := h.Archive(t.Context(), h.aude, []string{"B-2"}); !errors.Is(err, privacy.ErrKept) {
		t.Errorf("archived with a balance: %v", err)
	}
}

// erased is a house whose first person was erased, ten years after the end of her last year.
func erased(t *testing.T) *house {
	t.Helper()
	h := lived(t)
	h.on("2030-09-01")
	h.propose()
	h.must(h.Archive(t.Context(), h.aude, []string{"B-1"}))
	h.on("2038-12-31")
	h.propose()
	if err := h.Pseudonymise(t.Context(), h.aude, []string{"B-1"}); !errors.Is(err, privacy.ErrNotDue) {
		t.Fatalf("erased before ten whole years: %v", err)
	}
	h.on("2039-01-01")
	h.propose()
	h.must(h.Pseudonymise(t.Context(), h.aude, []string{"B-1"}))
	return h
}

func TestTheBooksOfAnErasedPersonStandAndStayProved(t *testing.T) {
	t.Parallel()
	h := erased(t)
	if found := h.verify(); len(found) > 0 {
		t.Errorf("verify finds %v", found)
	}
	var left string
	err := h.db.Super.QueryRow(t.Context(), `
		SELECT concat_ws(' ', last_name, first_name, born_on, (SELECT count(*) FROM masp.payer_numbers WHERE beneficiary_id = 'B-1'),
		       (SELECT string_agg(content, '') FROM masp.evaluations WHERE mandate_id = 'M-1'),
		       (SELECT string_agg(label, '|' ORDER BY entry_no) FROM masp.entry_texts), (SELECT sum(amount_cents) FROM masp.postings))
		  FROM masp.beneficiaries WHERE beneficiary_id = 'B-1'`).Scan(&left)
	h.must(err)
	if want := "Effacé B-1 1900-01-01 0 Effacé ||CAF Dominique Voisin 7654322Z 4000"; left != want {
		t.Errorf("got %s, want %s", left, want)
	}
	if err := h.Pseudonymise(t.Context(), h.aude, []string{"B-1"}); !errors.Is(err, privacy.ErrNotDue) {
		t.Errorf("erased twice: %v", err)
	}
}

func TestWhatIsChangedAfterAnErasingIsFound(t *testing.T) {
	t.Parallel()
	for name, sql := range map[string]string{
		"an amount":          `UPDATE masp.postings SET amount_cents = amount_cents + 1 WHERE entry_no = 1`,
		"a new label":        `UPDATE masp.entry_texts SET label = 'eve' WHERE entry_no = 1`,
		"the list of places": `UPDATE masp.erasures SET seal = sha256('') WHERE erasure_no = 1`,
		"the neighbour":      `UPDATE masp.entry_texts SET label = '', salt = decode(repeat('00', 16), 'hex') WHERE entry_no = 3`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := erased(t)
			h.must(pgx.BeginFunc(t.Context(), h.db.Super, func(tx pgx.Tx) error {
				_, err := tx.Exec(t.Context(), `SET LOCAL session_replication_role = replica; `+sql)
				return err
			}))
			if found := h.verify(); len(found) == 0 {
				t.Error("verify finds nothing")
			}
		})
	}
}

func TestNobodyIsErasedFromBooksThatAreNotProved(t *testing.T) {
	t.Parallel()
	h := lived(t)
	h.on("2030-09-01")
	h.propose()
	h.must(h.Archive(t.Context(), h.aude, []string{"B-1"}))
	h.on("2039-01-01")
	h.propose()
	h.must(pgx.BeginFunc(t.Context(), h.db.Super, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `SET LOCAL session_replication_role = replica; UPDATE masp.entry_texts SET label = 'eve' WHERE entry_no = 1`)
		return err
	}))
	if err := h.Pseudonymise(t.Context(), h.aude, []string{"B-1"}); !errors.Is(err, privacy.ErrUnproved) {
		t.Errorf("got %v, want ErrUnproved", err)
	}
}

func TestManyFilesInADayAreShown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.owner(`INSERT INTO masp.beneficiaries SELECT 'N-' || n, NULL, 'Nom' || n, 'P', '1980-01-01', '34' FROM generate_series(1, 12) n`)
	h.owner(`INSERT INTO masp.mandates (mandate_id, beneficiary_id, level, department, status, threat_ground, contract_start,
			contract_end, signed_by_person_on, signed_by_department_on, bank_account_id, commitments)
		SELECT 'N-' || n, 'N-' || n, 'MASP2', '34', 'ACTIVE', 'BOTH', '2027-09-01', '2028-08-31', '2027-09-01', '2027-09-01', 'BK-1',
			'{PERSON: venir,OPERATOR: payer le loyer}'
		  FROM generate_series(1, 12) n`)
	_, err := h.db.App.Exec(t.Context(), `SELECT masp.note_read($1, 'N-' || n, 'mandate', '') FROM generate_series(1, 12) n`, h.anne.Secret())
	h.must(err)
	days, err := h.Unusual(t.Context(), h.aude)
	h.must(err)
	if len(days) != 1 || days[0].Reader != "anne" || days[0].Files != 12 {
		t.Errorf("got %+v, want 12 files of anne", days)
	}
	if _, err := h.Unusual(t.Context(), h.anne); !errors.Is(err, privacy.ErrRole) {
		t.Errorf("a coordinator watches readers: %v", err)
	}
}
