package bankfile

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"syscall"
	"testing"
	"time"
)

// manyRecords is a file of about 48 MB: one statement of n lines with so many complements
// each, a record a line.
func manyRecords(n, complements int) []byte {
	s := frenchMonth()
	l := s.lines[0]
	l.units, l.complements = 100, l.complements[:complements]
	s.lines = []frenchLine{l}
	records := s.records()
	one := shapes["a record a line"].join(records[1 : len(records)-1])
	s.lines, s.opening = nil, s.opening+int64(n)*l.units
	closing := shapes["a record a line"].join(s.records()[1:])
	out := shapes["a record a line"].join(records[:1])
	return append(append(out, bytes.Repeat(one, n)...), closing...)
}

// BenchmarkCFONB reads 400 000 records; the baseline cuts the same file into rows and counts
// them, and keeps nothing.
func BenchmarkCFONB(b *testing.B) {
	for name, shape := range map[string]struct{ lines, complements int }{
		"100000 lines with 3 complements": {100_000, 3},
		"400000 lines without":            {400_000, 0},
	} {
		file := manyRecords(shape.lines, shape.complements)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			defer measure(b, len(file))()
			for b.Loop() {
				if got := countLines(b, bytes.NewReader(file)); got != shape.lines {
					b.Fatalf("got %d lines", got)
				}
			}
		})
		b.Run(name+", rows counted only", func(b *testing.B) {
			defer measure(b, len(file))()
			for b.Loop() {
				rows := 0
				for s := bufio.NewScanner(bytes.NewReader(file)); s.Scan(); {
					if len(s.Bytes()) == recordLength {
						rows++
					}
				}
				if want := shape.lines*(1+shape.complements) + 2; rows != want {
					b.Fatalf("got %d rows, want %d", rows, want)
				}
			}
		})
	}
}

// measure tells bytes by second of the clock and of the processors.
func measure(b *testing.B, size int) func() {
	b.SetBytes(int64(size))
	start := processorTime()
	return func() {
		used := (processorTime() - start).Seconds()
		b.ReportMetric(float64(size)*float64(b.N)/1e6/used, "MB/s-of-CPU")
	}
}

// processorTime is what the process has had of the processors, which other work on the machine
// does not lengthen; the collector of garbage is in it.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// countLines reads a statement that adds up.
func countLines(t testing.TB, r io.Reader) (lines int) {
	t.Helper()
	rd, _, err := Open(r)
	for err == nil {
		var event Event
		event, err = rd.Next()
		switch e := event.(type) {
		case LineEvent:
			lines++
		case StatementEnd:
			if e.Outcome != Accepted {
				t.Fatalf("got %s %v", e.Outcome, e.Reasons)
			}
		}
	}
	if !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	return lines
}
