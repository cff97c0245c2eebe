package chain

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// sample is a record with every kind of field.
func sample() *Encoder {
	return New(1, "entry").Int(42).Int(-1).Str("loyer").Str("").Bytes([]byte{0, 255}).
		Bool(true).Bool(false).Null()
}

func TestARecordIsEncodedAsDocumented(t *testing.T) {
	t.Parallel()
	// Spelled out by hand from the package documentation.
	want := "02" + "01" +
		"73" + "00000005" + hex.EncodeToString([]byte("entry")) +
		"69" + "00000008" + "000000000000002a" +
		"69" + "00000008" + "ffffffffffffffff" +
		"73" + "00000005" + hex.EncodeToString([]byte("loyer")) +
		"73" + "00000000" +
		"62" + "00000002" + "00ff" +
		"74" + "00000001" + "01" +
		"74" + "00000001" + "00" +
		"6e" + "00000000"
	if got := hex.EncodeToString(sample().buf); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	raw, err := hex.DecodeString(want)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := sample().Sum(), Hash(sha256.Sum256(raw)); got != want {
		t.Errorf("sum %s; want %s", got, want)
	}
}

// The vectors pin version 1: books are sealed with it, so none of them may ever change.
func TestTheVectorsOfVersionOneStand(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.November, 5, 8, 30, 0, 123456789, time.UTC)
	for _, c := range []struct {
		name string
		got  Hash
		want string
	}{
		{"record", sample().Sum(), "05fd6131defc24b43ff1c59a5aedbd2b344d275f3786c89d3151bf21c97390d5"},
		{"empty record", New(1, "").Sum(), "45f444c908ad4e564c954610bec4b30027c6eab61e9c3ae606033b9f52bc7b12"},
		{"no leaf", merkle(nil), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{"one leaf", merkle(leaves(1)), "48699f945b72de96d4c3df8bb20faf8d54ee8483d7d65455320fede868604866"},
		{"seven leaves", merkle(leaves(7)), "c1501f152b07336e16d268a1fa3c244950b3eaf2d96bcb23890ac5131f80e8af"},
		{"head", NextHead(leaves(1)[0], 7, 101, 200, merkle(leaves(7)), at), "136fdd041ec800c211f72b04576f11655568f113445cbd1b9fe386be4f13aea4"},
	} {
		if c.got.String() != c.want {
			t.Errorf("%s: got %s; want %s", c.name, c.got, c.want)
		}
	}
}

func leaves(n int) []Hash {
	hashes := make([]Hash, n)
	for i := range hashes {
		hashes[i] = New(1, "leaf").Int(int64(i)).Sum()
	}
	return hashes
}

func TestMovingAByteBetweenFieldsChangesTheHash(t *testing.T) {
	t.Parallel()
	rows := map[string]*Encoder{
		"ab|c":           New(1, "d").Str("ab").Str("c"),
		"a|bc":           New(1, "d").Str("a").Str("bc"),
		"abc":            New(1, "d").Str("abc"),
		"abc|empty":      New(1, "d").Str("abc").Str(""),
		"abc|null":       New(1, "d").Str("abc").Null(),
		"null|abc":       New(1, "d").Null().Str("abc"),
		"bytes abc":      New(1, "d").Bytes([]byte("abc")),
		"other version":  New(2, "d").Str("abc"),
		"other domain":   New(1, "e").Str("abc"),
		"field in front": New(1, "").Str("d").Str("abc"),
		"zero":           New(1, "d").Int(0),
		"false":          New(1, "d").Bool(false),
		"one":            New(1, "d").Int(1),
		"true":           New(1, "d").Bool(true),
		"eight bytes":    New(1, "d").Bytes(make([]byte, 8)),
		"nothing":        New(1, "d"),
	}
	seen := map[Hash]string{}
	for name, e := range rows {
		if other, twice := seen[e.Sum()]; twice {
			t.Errorf("%q and %q have the same hash", name, other)
		}
		seen[e.Sum()] = name
	}
}

// field is a drawn field: its kind and a text, from which the value of the kind is made.
type field struct {
	Kind string
	Text string
	Int  int64
}

func (f field) write(e *Encoder) {
	switch f.Kind {
	case "int":
		e.Int(f.Int)
	case "str":
		e.Str(f.Text)
	case "bytes":
		e.Bytes([]byte(f.Text))
	case "bool":
		e.Bool(f.Int&1 == 1)
	case "null":
		e.Null()
	}
}

// decode reads an encoding back: what can be decoded in one way only is injective.
func decode(t *rapid.T, b []byte) (fields []string) {
	for len(b) > 0 {
		length := int(b[1])<<24 | int(b[2])<<16 | int(b[3])<<8 | int(b[4])
		fields = append(fields, fmt.Sprintf("%c%x", b[0], b[5:5+length]))
		b = b[5+length:]
	}
	return fields
}

func TestARecordCanBeDecodedInOneWayOnly(t *testing.T) {
	t.Parallel()
	drawn := rapid.Custom(func(t *rapid.T) field {
		return field{
			Kind: rapid.SampledFrom([]string{"int", "str", "bytes", "bool", "null"}).Draw(t, "kind"),
			Text: rapid.StringN(0, 20, 40).Draw(t, "text"),
			Int:  rapid.Int64().Draw(t, "int"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		e := New(1, "domain")
		var want []string
		for _, f := range rapid.SliceOfN(drawn, 0, 10).Draw(t, "fields") {
			before := len(e.buf)
			f.write(e)
			want = append(want, decode(t, e.buf[before:])...)
		}
		if got := decode(t, e.buf[e.header:]); !slices.Equal(got, want) {
			t.Fatalf("got %v; want %v", got, want)
		}
	})
}

func TestAReusedEncoderGivesTheSameHashWithoutMemory(t *testing.T) {
	want := sample().Sum()
	e := New(1, "entry")
	e.Int(9).Str(strings.Repeat("x", 100)).Sum()
	fill := func() Hash {
		return e.Reset().Int(42).Int(-1).Str("loyer").Str("").Bytes([]byte{0, 255}).
			Bool(true).Bool(false).Null().Sum()
	}
	if got := fill(); got != want {
		t.Errorf("got %s; want %s", got, want)
	}
	if got := testing.AllocsPerRun(100, func() { fill() }); got != 0 {
		t.Errorf("%v allocations for each record; want 0", got)
	}
}

func TestSumLeavesTheRecordOpen(t *testing.T) {
	t.Parallel()
	e := New(1, "d").Int(1)
	first := e.Sum()
	if got := e.Sum(); got != first {
		t.Errorf("second sum %s; want %s", got, first)
	}
	if got, want := e.Int(2).Sum(), New(1, "d").Int(1).Int(2).Sum(); got != want {
		t.Errorf("got %s; want %s", got, want)
	}
}

func TestTheHeadDependsOnEverything(t *testing.T) {
	t.Parallel()
	at := time.UnixMicro(1_800_000_000_000_000)
	a, b := leaves(2)[0], leaves(2)[1]
	base := NextHead(a, 1, 2, 3, b, at)
	for name, other := range map[string]Hash{
		"previous head": NextHead(b, 1, 2, 3, b, at),
		"batch":         NextHead(a, 2, 2, 3, b, at),
		"first":         NextHead(a, 1, 1, 3, b, at),
		"last":          NextHead(a, 1, 2, 4, b, at),
		"root":          NextHead(a, 1, 2, 3, a, at),
		"time":          NextHead(a, 1, 2, 3, b, at.Add(time.Microsecond)),
		"swapped":       NextHead(b, 1, 2, 3, a, at),
	} {
		if other == base {
			t.Errorf("another %s gives the same head", name)
		}
	}
	zone := time.FixedZone("UTC+2", 2*60*60)
	if got := NextHead(a, 1, 2, 3, b, at.In(zone).Add(time.Nanosecond)); got != base {
		t.Error("zone or nanoseconds change the head; want microseconds of UTC only")
	}
}

func TestAHashTravelsAsHexAndBytes(t *testing.T) {
	t.Parallel()
	want := leaves(1)[0]
	if got, err := ParseHash(strings.ToUpper(want.String())); err != nil || got != want {
		t.Errorf("ParseHash = %v, %v; want %v", got, err, want)
	}
	v, err := want.Value()
	if b, ok := v.([]byte); err != nil || !ok || !bytes.Equal(b, want[:]) {
		t.Errorf("Value = %v, %v; want 32 bytes", v, err)
	}
	var got Hash
	if err := got.Scan(v); err != nil || got != want {
		t.Errorf("Scan = %v, %v; want %v", got, err, want)
	}
	data, err := json.Marshal(want)
	if err != nil || string(data) != `"`+want.String()+`"` {
		t.Errorf("JSON %s, %v; want the hexadecimal digits", data, err)
	}
	got = Hash{}
	if err := json.Unmarshal(data, &got); err != nil || got != want {
		t.Errorf("through JSON %v, %v; want %v", got, err, want)
	}
	if !(Hash{}).IsZero() || want.IsZero() {
		t.Error("IsZero is wrong")
	}
}

func TestBrokenHashesAreRefused(t *testing.T) {
	t.Parallel()
	good := leaves(1)[0]
	for _, s := range []string{"", "00", good.String()[1:], good.String() + "0", strings.Repeat("g", 64)} {
		if got, err := ParseHash(s); err == nil || !got.IsZero() {
			t.Errorf("ParseHash(%q) = %v; want an error", s, got)
		}
	}
	for _, src := range []any{nil, good.String(), good[:31], append(good[:], 0), int64(1), []byte(nil)} {
		got := good
		if err := got.Scan(src); err == nil || got != good {
			t.Errorf("Scan(%T) = %v, %v; want an error and the hash as before", src, got, err)
		}
	}
	var got Hash
	if err := json.Unmarshal([]byte(`"zz"`), &got); err == nil {
		t.Error("a broken hash was read from JSON")
	}
}

func TestIntegersKeepTheirBounds(t *testing.T) {
	t.Parallel()
	got := hex.EncodeToString(New(1, "").Int(math.MinInt64).Int(math.MaxInt64).buf[7:])
	want := "6900000008" + "8000000000000000" + "6900000008" + "7fffffffffffffff"
	if got != want {
		t.Errorf("got %s; want %s", got, want)
	}
}

func TestALongFieldKeepsItsWholeLength(t *testing.T) {
	t.Parallel()
	got := hex.EncodeToString(New(1, "").Str(strings.Repeat("x", 0x01020304)).buf[7:12])
	if want := "7301020304"; got != want {
		t.Errorf("got tag and length %s; want %s", got, want)
	}
}

// A record longer than what is kept in memory has the hash of its bytes, and the next one is not touched.
func TestALongRecordHasTheHashOfItsBytes(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("loyer ", 30)
	e := New(1, "plan")
	raw := slices.Clone(e.buf)
	for i := range 2000 {
		e.Str(text)
		raw = append(append(raw, 's', 0, 0, 0, byte(len(text))), text...)
		if i%500 == 0 || i == 1999 {
			if got, want := e.Sum(), Hash(sha256.Sum256(raw)); got != want {
				t.Fatalf("after %d fields: got %s, want %s", i+1, got, want)
			}
		}
	}
	if got, want := cap(e.buf), 4*chunk; got > want {
		t.Errorf("%d bytes are kept in memory, want at most %d", got, want)
	}
	if got, want := e.Reset().Int(1).Sum(), New(1, "plan").Int(1).Sum(); got != want {
		t.Errorf("the next record: got %s, want %s", got, want)
	}
}
