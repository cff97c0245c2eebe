package dbtest

import (
	"os"
	"strconv"
	"testing"
)

const (
	someTests = `package some
func TestOne(t *testing.T)    { newHouse(t) }
func TestTwo(t *testing.T)    { t.Run("inside", func(t *testing.T) { newHouse(t) }) }
func TestThree(t *testing.T)  { h := newHouse(t); h.pay() }
func TestFour(t *testing.T)   { turns.Take(t) }
func TestNumber(t *testing.T) { add(1, 2) }
`
	oneTest   = "package some\nfunc TestAlone(t *testing.T) { newHouse(t) }\n"
	moneyTest = "package some\nfunc TestPaidOnce(t *testing.T) { newHouse(t) }\nfunc TestFourEyes(t *testing.T) { newHouse(t) }\n"
)

func TestOfEachFileSomeTestsHaveTheirTurnAndEachHasItOneDay(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{"some_test.go": someTests, "one_test.go": oneTest, "money_test.go": moneyTest} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d := Turns{OneIn: 3, Doors: []string{"newHouse"}, Whole: []string{"money_test.go"}}
	d.places = d.read(t)
	days := map[string]int{}
	for seed := range 100 {
		t.Setenv("MASP_SEED", strconv.Itoa(seed))
		some := 0
		for _, name := range []string{"TestOne", "TestTwo", "TestThree", "TestFour"} {
			if d.comes(name) {
				some++
				days[name]++
			}
		}
		if some < 1 || some > 2 {
			t.Errorf("seed %d: %d of four tests have their turn, want one or two", seed, some)
		}
		for _, name := range []string{"TestNumber", "TestAlone", "TestPaidOnce", "TestFourEyes"} {
			if !d.comes(name) {
				t.Errorf("seed %d: %s is left out", seed, name)
			}
		}
	}
	for name, n := range days {
		if n < 10 {
			t.Errorf("%s has its turn on %d days of 100", name, n)
		}
	}
	if len(days) != 4 {
		t.Errorf("of four tests %d have a turn in 100 days", len(days))
	}
}

func TestCIAndWhatRunsInsideAnotherTestWaitForNoTurn(t *testing.T) {
	t.Setenv("MASP_LONG", "")
	d := Turns{OneIn: 1_000_000}
	name := t.Name() + "/inside"
	d.places = map[string]place{ // whose turn never comes
		t.Name(): {file: "some_test.go", at: -1, of: 1_000_000}, name: {file: "some_test.go", at: -1, of: 1_000_000},
	}
	d.once.Do(func() {})
	if d.comes(t.Name()) || d.comes(name) {
		t.Fatal("the turn of this test comes: the test says nothing")
	}
	t.Setenv("CI", "true")
	d.Take(t)
	t.Setenv("CI", "")
	done := false
	t.Run("inside", func(t *testing.T) {
		d.Take(t)
		done = true
	})
	if !done {
		t.Error("a test inside another was left out")
	}
}
