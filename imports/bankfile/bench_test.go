package bankfile

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// repeated gives head, body n times and tail without holding more than one body.
func repeated(head, body, tail []byte, n int) io.Reader {
	return io.MultiReader(bytes.NewReader(head), &again{body: body, left: n}, bytes.NewReader(tail))
}

// again gives the same bytes over and over.
type again struct {
	body     []byte
	at, left int
}

func (a *again) Read(p []byte) (n int, err error) {
	for n < len(p) && a.left > 0 {
		took := copy(p[n:], a.body[a.at:])
		n += took
		if a.at += took; a.at == len(a.body) {
			a.at, a.left = 0, a.left-1
		}
	}
	if n == 0 {
		err = io.EOF
	}
	return n, err
}

// manyEntries is a file of one statement with n × 100 entries that come from memory, so
// that only the reader is measured.
func manyEntries(version string, n int) (io.Reader, int64) {
	text := invented{version: version, statements: 1, entries: 100, details: 1}.bytes()
	first := bytes.Index(text, []byte("<Ntry>"))
	last := bytes.LastIndex(text, []byte("</Ntry>\n")) + len("</Ntry>\n")
	size := len(text) + (n-1)*(last-first)
	return repeated(text[:first], text[first:last], text[last:], n), int64(size)
}

func BenchmarkRead(b *testing.B) {
	for _, version := range []string{"02", "08"} {
		b.Run("100000 entries of camt.053.001."+version, func(b *testing.B) {
			var peak uint64
			resident := residentBytes()
			b.ReportAllocs()
			var read int64
			start := processorTime()
			for b.Loop() {
				r, size := manyEntries(version, 1000)
				b.SetBytes(size)
				read += size
				peak = max(peak, readAll(b, r, 100_000))
			}
			b.ReportMetric(float64(read)/1e6/(processorTime()-start).Seconds(), "MB/s-of-CPU")
			b.ReportMetric(float64(peak)/(1<<20), "MiB-heap-growth")
			b.ReportMetric(float64(residentBytes()-resident)/(1<<20), "MiB-RSS-growth")
		})
	}
}

// BenchmarkStandardDecoder is what a reader made of encoding/xml would cost at the least: its
// tokens, and nothing done with them.
func BenchmarkStandardDecoder(b *testing.B) {
	for b.Loop() {
		r, size := manyEntries("08", 100)
		b.SetBytes(size)
		d := xml.NewDecoder(r)
		for err := error(nil); !errors.Is(err, io.EOF); _, err = d.Token() {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}

// readAll reads a file to its end and gives the growth of the heap at its highest.
func readAll(t testing.TB, r io.Reader, want int) uint64 {
	t.Helper()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	base, peak := m.HeapInuse, m.HeapInuse
	rd, _, err := Open(r)
	if err != nil {
		t.Fatal(err)
	}
	got := 0
	for {
		event, err := rd.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := event.(LineEvent); !ok {
			continue
		}
		if got++; got%5000 == 0 {
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapInuse)
		}
	}
	if got != want {
		t.Fatalf("got %d entries, want %d", got, want)
	}
	return peak - base
}

// residentBytes is the memory that the process occupies, 0 where the system does not tell.
func residentBytes() int64 {
	text, err := os.ReadFile("/proc/self/statm")
	fields := strings.Fields(string(text))
	if err != nil || len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}
