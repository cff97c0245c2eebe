package evidence_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"masp/imports"
	"masp/imports/reconcile"
	"masp/ledger"
	"masp/payments"
	"masp/payments/evidence"
	"masp/payments/mandates"
)

// tampered changes the database as a superuser whom no trigger stops.
func (h *house) tampered(sql ...string) {
	h.t.Helper()
	h.must(pgx.BeginFunc(h.t.Context(), h.db.Super, func(tx pgx.Tx) error {
		if _, err := tx.Exec(h.t.Context(), `SET LOCAL session_replication_role = replica`); err != nil {
			return err
		}
		for _, one := range sql {
			if _, err := tx.Exec(h.t.Context(), one); err != nil {
				h.t.Errorf("%s", one)
				return err
			}
		}
		return nil
	}))
}

// verified is what masp verify finds, with these seals.
func (h *house) verified(seals ...evidence.Seal) (codes, places []string) {
	h.t.Helper()
	checks := slices.Concat(mandates.Checks(), payments.Checks(), imports.Checks(), reconcile.Checks(), evidence.Checks())
	r, err := ledger.Verify(h.t.Context(), h.db.App, ledger.VerifyOptions{Checks: append(checks, evidence.Against(seals))})
	h.must(err)
	for _, f := range r.Findings {
		codes, places = append(codes, f.Code), append(places, f.Place+": "+f.Text)
	}
	return codes, places
}

func TestAMonthIsSoundAndItsSealsToo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	if codes, places := h.verified(h.seals...); len(codes) > 0 {
		t.Errorf("got %v", places)
	}
}

var tamperings = []struct {
	name  string
	sql   []string
	code  string // of masp verify
	place string // in the bundle that is made afterwards
}{
	{"a read is of another", []string{`UPDATE masp.file_reads SET user_id = 'c.martin' WHERE read_no = 2`}, "READ_BROKEN", "chaine/lectures.jsonl, ligne 2, lecture 2"},
	{"a read loses a byte", []string{`UPDATE masp.file_reads SET what = 'get_mandat' WHERE read_no = 1`}, "READ_BROKEN", "lecture 1"},
	{"a read is gone", []string{`DELETE FROM masp.file_reads WHERE read_no = 2`}, "READ_BROKEN", "lecture 2"},
	{"the last read is gone", []string{`DELETE FROM masp.file_reads WHERE read_no = 3`}, "READ_BROKEN", "lecture 3"},
	{"reads change places", []string{
		`UPDATE masp.file_reads SET read_no = 5 - read_no + 10 WHERE read_no IN (2, 3)`,
		`UPDATE masp.file_reads SET read_no = read_no - 10 WHERE read_no > 10`,
	}, "READ_BROKEN", "lecture 2"},
	{"a read is slipped in", []string{`INSERT INTO masp.file_reads (at, user_id, mandate_id, what, request_id, read_no, prev_hash, hash)
		SELECT at, user_id, 'M-0002', 'x', '', 4, hash, sha256('x') FROM masp.file_reads WHERE read_no = 3`}, "READ_BROKEN", "lecture 4"},
	{"an amount", []string{`UPDATE masp.postings SET amount_cents = amount_cents + 1 WHERE entry_no = 5`}, "ENTRY_CHANGED", "écriture 5"},
	{"a label", []string{`UPDATE masp.entry_texts SET label = label || '.' WHERE entry_no = 4`}, "TEXT_CHANGED", "écriture 4"},
	{"an entry is gone", []string{
		`DELETE FROM masp.postings WHERE entry_no = 5`, `DELETE FROM masp.entries WHERE entry_no = 5`,
		`DELETE FROM masp.entry_texts WHERE entry_no = 5`,
	}, "ENTRY_MISSING", "écriture 5"},
	{"two entries change places", []string{
		`UPDATE masp.entries SET entry_no = -entry_no WHERE entry_no IN (4, 5)`,
		`UPDATE masp.entries SET entry_no = 9 + entry_no WHERE entry_no < 0`,
	}, "ENTRY_CHANGED", "écriture 4"},
	{"an act", []string{`UPDATE masp.audit_log SET actor = 'c.martin' WHERE seq = 7`}, "ACT_BROKEN", "acte 7"},
	{"an act is gone", []string{`DELETE FROM masp.audit_log WHERE seq = 7`}, "ACT_BROKEN", "acte 7"},
	{"a byte of a bank file", []string{
		`ALTER TABLE masp.bank_file_parts DROP CONSTRAINT bank_file_hash_is_true`,
		`UPDATE masp.bank_file_parts SET content = set_byte(content, 40, 33) WHERE file_id = 1`,
	}, "", "banque/fichiers.csv, ligne "},
	{
		"a payment goes elsewhere",
		[]string{`UPDATE masp.instructions SET amount_cents = amount_cents + 1 WHERE instruction_id = (SELECT min(instruction_id) FROM masp.instructions)`},
		"CONTENT_CHANGED", "virements/ordres.csv, C-2026-11-",
	},
	{"the preparer approved", []string{`UPDATE masp.run_acts SET user_id = 'c.martin' WHERE act = 'approve'`}, "APPROVED_BY_ITS_PREPARER", "campagnes/actes.csv, ligne "},
	{
		"a line of the bank",
		[]string{`UPDATE masp.bank_lines SET amount_cents = amount_cents + 1 WHERE line_id = (SELECT min(line_id) FROM masp.bank_lines)`},
		"", "banque/lignes.csv, ligne ",
	},
}

func TestEachTamperingWithTheDatabaseIsFoundByVerifyAndByTheBundle(t *testing.T) {
	t.Parallel()
	for _, c := range tamperings {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			h.tampered(c.sql...)
			codes, places := h.verified(h.seals...)
			if len(codes) == 0 || c.code != "" && !slices.Contains(codes, c.code) {
				t.Errorf("verify finds %v, want %s", places, c.code)
			}
			if got := findings(t, h.write(evidence.Ask{}), held(h.seals)...); !named(got, c.place) {
				t.Errorf("the bundle shows %+v, want one at %q", got, c.place)
			}
		})
	}
}

// A bundle that is older than a seal is not wrong for it.
func TestASealThatIsYoungerThanTheBundleProvesNothingOfIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	bundle := h.write(evidence.Ask{})
	h.seal()
	if got := findings(t, bundle, held(h.seals)...); len(got) > 0 {
		t.Errorf("got %+v", got)
	}
}

// What was erased at the end of its time is told, and keeps its place; nothing else is set aside for it.
func TestErasedTextsKeepTheirPlaceInTheBundle(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.tampered(
		`UPDATE masp.entry_texts SET salt = decode(repeat('00', 16), 'hex'), label = '' WHERE entry_no = 4`,
		`UPDATE masp.audit_log SET reason = '•••' WHERE seq = 7`,
		`INSERT INTO masp.erasures (code, place, seal, erased_on, erased_by) VALUES
			('TEXT_CHANGED', 'entry_texts 4', sha256(''), '2036-11-20', 'k.perrin'), ('ACT_BROKEN', 'audit_log 7', sha256(''), '2036-11-20', 'k.perrin')`)
	bundle := h.write(evidence.Ask{})
	if got := findings(t, bundle); len(got) > 0 {
		t.Errorf("got %+v", got)
	}
	names, content := pieces(t, bundle)
	content["chaine/ecritures.jsonl"] = bytes.Replace(content["chaine/ecritures.jsonl"], []byte(`"no":5,"leaf":"`), []byte(`"no":5,"leaf":"0`), 1)
	if got := findings(t, repacked(t, names, content, true)); !named(got, "chaine/ecritures.jsonl") {
		t.Errorf("another entry: got %+v", got)
	}
	h.tampered(`DELETE FROM masp.erasures`)
	if got := findings(t, h.write(evidence.Ask{})); !named(got, "écriture 4") || !named(got, "acte 7") {
		t.Errorf("erased by nobody: got %+v", got)
	}
}

// cutBooks takes the last batch out of the books as if it had never been, every head along.
var cutBooks = []string{
	`CREATE TEMP TABLE cut ON COMMIT DROP AS SELECT * FROM masp.seals ORDER BY batch_no DESC LIMIT 1`,
	`DELETE FROM masp.postings p USING cut WHERE p.entry_no >= cut.first_entry`,
	`DELETE FROM masp.entries e USING cut WHERE e.entry_no >= cut.first_entry`,
	`DELETE FROM masp.entry_texts e USING cut WHERE e.entry_no >= cut.first_entry`,
	`DELETE FROM masp.seals s USING cut WHERE s.batch_no = cut.batch_no`,
	`UPDATE masp.account_balances b SET seq = m.n, debit_cents = m.debit, credit_cents = m.credit
	   FROM (SELECT account, count(*) AS n, coalesce(sum(d), 0) AS debit, coalesce(sum(c), 0) AS credit FROM (
	        SELECT debit_account AS account, amount_cents AS d, 0 AS c FROM masp.postings
	         UNION ALL SELECT credit_account, 0, amount_cents FROM masp.postings) s GROUP BY account) m
	  WHERE m.account = b.account_id`,
	`DELETE FROM masp.account_balances b WHERE NOT EXISTS (SELECT FROM masp.postings p WHERE b.account_id IN (p.debit_account, p.credit_account))`,
	`DELETE FROM masp.accounts a WHERE NOT EXISTS (SELECT FROM masp.account_balances b WHERE b.account_id = a.account_id)`,
	`UPDATE masp.journals j SET last_no = (SELECT coalesce(max(journal_no), 0) FROM masp.entries e WHERE e.journal = j.code)`,
	`UPDATE masp.chain_heads SET last_batch = s.batch_no, last_entry = s.last_entry, head = s.head,
	        last_account = (SELECT max(account_id) FROM masp.accounts), last_posted_on = (SELECT max(posted_on) FROM masp.entries)
	   FROM (SELECT * FROM masp.seals ORDER BY batch_no DESC LIMIT 1) s`,
}

func TestACutTailOfTheBooksIsFoundByTheSealsAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.tampered(cutBooks...)
	r, err := ledger.Verify(t.Context(), h.db.App, ledger.VerifyOptions{})
	h.must(err)
	if !r.OK() {
		t.Fatalf("the cut shows by itself: %v", r.Findings)
	}
	codes, places := h.verified(h.seals...)
	if !slices.Contains(codes, "DAY_SEAL_BROKEN") || !slices.Contains(codes, "SEAL_ACT_BROKEN") {
		t.Errorf("got %v", places)
	}
	at := slices.Index(codes, "DAY_SEAL_BROKEN")
	if !strings.HasPrefix(places[at], h.seals[1].FileName()) || !strings.Contains(places[at], "la fin des livres manque") {
		t.Errorf("the first broken seal is told as %q, want %s: the one before knew less", places[at], h.seals[1].FileName())
	}
	if got := findings(t, h.write(evidence.Ask{}), held(h.seals)...); !named(got, h.seals[1].FileName()+", lot ") {
		t.Errorf("the bundle with the seals: %+v", got)
	}
}

func TestACutTailOfTheActsAndOfTheReadsIsFoundByTheSeals(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ log, heads, want string }{
		"acts": {
			`DELETE FROM masp.audit_log WHERE seq = (SELECT max(seq) FROM masp.audit_log)`,
			`UPDATE masp.audit_heads SET last_seq = a.seq, hash = a.hash FROM (SELECT * FROM masp.audit_log ORDER BY seq DESC LIMIT 1) a`,
			"la fin du journal des actes manque",
		},
		"reads": {
			`DELETE FROM masp.file_reads WHERE read_no = (SELECT max(read_no) FROM masp.file_reads)`,
			`UPDATE masp.read_heads SET last_no = r.read_no, hash = r.hash FROM (SELECT * FROM masp.file_reads ORDER BY read_no DESC LIMIT 1) r`,
			"la fin du journal des lectures manque",
		},
	} {
		h := newHouse(t)
		h.tampered(c.log, c.heads)
		_, places := h.verified(h.seals...)
		if !strings.Contains(strings.Join(places, "\n"), h.seals[1].FileName()+": sceau du 16 novembre 2026 : "+c.want) {
			t.Errorf("%s: got %v", name, places)
		}
	}
}

func TestReadsAreChainedInWhateverOrderTheyCome(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			_, err := h.db.App.Exec(t.Context(), `SELECT masp.note_read($1, 'M-0001', $2, 'req')`, h.tokens["v.olivier"], "look-"+string(rune('a'+i)))
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	var again bool
	h.must(h.db.App.QueryRow(t.Context(), `SELECT masp.note_read($1, 'M-0001', 'look-a', 'req')`, h.tokens["v.olivier"]).Scan(&again))
	var last int64
	h.must(h.db.App.QueryRow(t.Context(), `SELECT last_no FROM masp.read_heads`).Scan(&last))
	if again || last != 23 {
		t.Errorf("the same read again is noted %t, %d reads; want 23 and no", again, last)
	}
	if codes, places := h.verified(h.seals...); len(codes) > 0 {
		t.Errorf("got %v", places)
	}
}

func TestASealIsReadBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	dir := t.TempDir()
	for _, s := range h.seals {
		b, err := s.Bytes()
		h.must(err)
		h.must(os.WriteFile(filepath.Join(dir, s.FileName()), b, 0o600))
	}
	got, err := evidence.ReadSeals(dir)
	if err != nil || !slices.Equal(got, h.seals) {
		t.Errorf("got %+v, %v; want %+v", got, err, h.seals)
	}
	one, err := evidence.ReadSeals(filepath.Join(dir, h.seals[1].FileName()))
	if err != nil || len(one) != 1 || one[0] != h.seals[1] {
		t.Errorf("one: got %+v, %v", one, err)
	}
	broken := filepath.Join(dir, "sceau-2026-12-01-000000099.json")
	h.must(os.WriteFile(broken, []byte(`{"masp_seal":1,"head":`), 0o600))
	if _, err := evidence.ReadSeals(dir); err == nil || !strings.Contains(err.Error(), broken) {
		t.Errorf("a broken seal: %v", err)
	}
	if _, err := evidence.ReadSeals(t.TempDir()); err == nil {
		t.Error("an empty folder was read")
	}
}
