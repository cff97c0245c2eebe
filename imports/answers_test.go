package imports_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"masp/ledger"
	"masp/ledger/money"
	"masp/migrations/dbtest"
)

// folder is what a bank puts into one folder about the same transfers: rejections at every level,
// checks of names, acknowledgements and answers to direct debits, some of them twice.
func folder(r *rand.Rand, round int, sent map[string][]string) (files []string, meant map[string]bool) {
	meant = map[string]bool{}
	for i := range 1 + r.IntN(6) {
		batch := fmt.Sprintf("LOT%d%c", round, 'A'+r.IntN(len(sent)))
		message := fmt.Sprintf("A%d-%d", round, i)
		one := sent[batch][r.IntN(len(sent[batch]))]
		switch r.IntN(7) {
		case 0:
			files = append(files, pain002(message, "MSG-"+batch, rejected(batch, one)))
			meant[one] = true
		case 1:
			files = append(files, pain002(message, "MSG-"+batch, wholeBatch(batch, "RJCT")))
			for _, x := range sent[batch] {
				meant[x] = true
			}
		case 2:
			files = append(files, pain002(message, "MSG-"+batch, nameOf(batch, one, "RVNM", "x")))
		case 3:
			files = append(files, strings.Replace(pain002(message, "MSG-"+batch, rejected(batch, one)), "pain.001.001.09", "EBICS", 1))
		case 4:
			files = append(files, strings.Replace(pain002(message, "MSG-"+batch, rejected(batch, one)), "pain.001.001", "pain.008.001", 1))
		case 5:
			files = append(files, pain002(message, "MSG-"+batch, wholeBatch(batch, "ACSP")))
		case 6:
			files = append(files, files...)
		}
	}
	r.Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
	return files, meant
}

// A few folders each time, hundreds with MASP_LONG=1.
func TestAFolderOfAnswersGivesBackWhatTheBankRejectsAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rounds := dbtest.Form(4, 12, 150)
	r := rand.New(rand.NewPCG(4, uint64(rounds)))
	kept := money.Cents(0)
	for round := range rounds {
		sent := map[string][]string{}
		for _, letter := range "AB" {
			batch := fmt.Sprintf("LOT%d%c", round, letter)
			sent[batch] = w.send("BK-2", "M-2", batch, "1.50", "0.75", "0.25")
		}
		files, meant := folder(r, round, sent)
		for range 1 + r.IntN(2) { // the whole folder once more
			for _, f := range files {
				w.drop(f)
			}
		}
		for batch, all := range sent {
			for i, x := range all {
				want := "in_transit"
				if meant[x] {
					want = "rejected"
				} else {
					kept = kept.Add(money.MustParse([]string{"1.50", "0.75", "0.25"}[i]))
				}
				if got := w.state(x); got != want {
					t.Errorf("%s of %s is %s, want %s after\n%s", x, batch, got, want, strings.Join(files, "\n"))
				}
			}
		}
		if got := w.balance(ledger.InTransit); got != kept.Neg().String() {
			t.Fatalf("got %s in transit, want %s", got, kept.Neg())
		}
	}
	w.sound()
}
