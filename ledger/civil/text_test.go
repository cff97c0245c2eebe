package civil

import (
	"encoding/json"
	"errors"
	"regexp"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseReadsOneFormOnly(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "2026", "2026-11", "2026-11-5", "2026-1-05", "26-11-05", "02026-11-05", "2026-11-05 ",
		" 2026-11-05", "2026/11/05", "05/11/2026", "2026-11-05T00:00:00Z", "20261105", "+026-11-05",
		"-026-11-05", "2026-+1-05", "2026-11--5", "2026-11-0x", "infinity", "2026-11-0\u0665",
		"2026-11-05\n", "\u0662026-11-05",
	} {
		if got, err := Parse(text); !errors.Is(err, ErrSyntax) || !got.IsZero() {
			t.Errorf("Parse(%q) = %v, %v; want ErrSyntax", text, got, err)
		}
	}
	var missing *RangeError
	for _, text := range []string{"2026-02-29", "2026-13-01", "2026-00-10", "2026-11-00", "0000-01-01"} {
		if got, err := Parse(text); !errors.As(err, &missing) || !got.IsZero() {
			t.Errorf("Parse(%q) = %v, %v; want a *RangeError", text, got, err)
		}
	}
	mustPanic(t, "MustParse", func() { MustParse("2026-02-30") })
}

func TestErrorsNameTheDayThatDoesNotExist(t *testing.T) {
	t.Parallel()
	_, err := Parse("2026-02-30")
	if got, want := err.Error(), "parse date: no such day: 2026-02-30"; got != want {
		t.Errorf("got %q; want %q", got, want)
	}
	_, err = ParseMonth("2026-13")
	if got, want := err.Error(), "parse month: no such month: 2026-13"; got != want {
		t.Errorf("got %q; want %q", got, want)
	}
}

func TestDaysArePrintedForFrenchReaders(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{
		"2026-11-05": {"5 novembre 2026", "05/11/2026"},
		"2026-11-01": {"1er novembre 2026", "01/11/2026"},
		"2026-02-11": {"11 février 2026", "11/02/2026"},
		"2026-08-31": {"31 août 2026", "31/08/2026"},
		"2027-12-21": {"21 décembre 2027", "21/12/2027"},
		"0987-01-02": {"2 janvier 987", "02/01/0987"},
	} {
		d := MustParse(text)
		if got := [2]string{d.French(), d.FrenchShort()}; got != want {
			t.Errorf("%s: got %q; want %q", text, got, want)
		}
	}
}

func TestADateTravelsAsText(t *testing.T) {
	t.Parallel()
	type contract struct {
		From Date `json:"from"`
		To   Date `json:"to,omitzero"`
		Last Date `json:"last"`
	}
	want := contract{From: MustParse("2026-11-05")}
	data, err := json.Marshal(want)
	if wantJSON := `{"from":"2026-11-05","last":""}`; err != nil || string(data) != wantJSON {
		t.Errorf("got %s, %v; want %s", data, err, wantJSON)
	}
	var got contract
	if err := json.Unmarshal(data, &got); err != nil || got != want {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	for _, text := range []string{`"2026-11-5"`, `20261105`, `"05/11/2026"`, `{}`} {
		if err := json.Unmarshal([]byte(text), new(Date)); err == nil {
			t.Errorf("%s was read as a date", text)
		}
	}
}

func TestTheDatabaseHoldsADateOrNull(t *testing.T) {
	t.Parallel()
	day := MustParse("2026-11-05")
	if v, err := day.Value(); err != nil || v != any(day.Time()) {
		t.Errorf("Value = %v, %v; want midnight UTC", v, err)
	}
	if v, err := (Date{}).Value(); v != nil || err != nil {
		t.Errorf("Value of no date = %v, %v; want NULL", v, err)
	}
	for _, src := range []any{day.Time(), "2026-11-05", day.Time().In(Paris)} {
		var got Date
		if err := got.Scan(src); err != nil || got != day {
			t.Errorf("Scan(%v) = %v, %v; want %s", src, got, err, day)
		}
	}
	got := day
	if err := got.Scan(nil); err != nil || !got.IsZero() {
		t.Errorf("Scan of NULL = %v, %v; want no date", got, err)
	}
	for _, src := range []any{
		"", "infinity", "05/11/2026", int64(20261105), []byte("2026-11-05"),
		time.Date(2026, 11, 5, 0, 0, 0, 0, Paris), day.Time().Add(time.Nanosecond), time.Time{}.AddDate(-5, 0, 0),
	} {
		got := day
		if err := got.Scan(src); err == nil || got != day {
			t.Errorf("Scan(%v) = %v, %v; want a refusal", src, got, err)
		}
	}
}

func TestWhatIsPrintedIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := anyDay(t, "d")
		if got, err := Parse(d.String()); err != nil || got != d {
			t.Fatalf("Parse(%q) = %v, %v", d.String(), got, err)
		}
		if got, err := ParseMonth(d.MonthOf().String()); err != nil || got != d.MonthOf() {
			t.Fatalf("ParseMonth(%q) = %v, %v", d.MonthOf().String(), got, err)
		}
	})
}

var dateGrammar = regexp.MustCompile(`\A[0-9]{4}-[0-9]{2}-[0-9]{2}\z`)

// FuzzParse compares with the standard library, which reads the same days once the form is right.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"", "2026-11-05", "2026-02-29", "2028-02-29", "0000-01-01", "9999-12-31", "2026-11-5", "\xff",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := Parse(s)
		want, wantErr := time.Parse(time.DateOnly, s)
		if good := wantErr == nil && dateGrammar.MatchString(s) && want.Year() > 0; good != (err == nil) {
			t.Fatalf("%q: got error %v; want good = %v", s, err, good)
		}
		if err == nil && (!got.Time().Equal(want) || got.String() != s) {
			t.Fatalf("%q: got %s; want %v", s, got, want)
		}
	})
}
