package bankfile

import (
	"os"
	"testing"
)

// Not parallel: it measures the heap. The bound is on what 1 MB and a big file take more than
// each other; the big one has 2 GB with MASP_LONG=1 and 64 MB in CI.
func TestMemoryDoesNotGrowWithTheFile(t *testing.T) {
	const most = 16 << 20
	big := int64(8 << 20)
	switch {
	case os.Getenv("MASP_LONG") != "":
		big = 2 << 30
	case os.Getenv("CI") != "":
		big = 64 << 20
	}
	_, size := manyEntries("08", 12)
	small, _ := peakOf(t, 12)
	resident := residentBytes()
	peak, read := peakOf(t, int(big*13/size)) // one part in twelve above
	grown := residentBytes() - resident
	if read < big || peak > small+most || grown > most {
		t.Errorf("%d MB: heap grew by %d KiB, by %d KiB for %d KB; the process by %d KiB; want "+
			"at most 16 MiB more", read>>20, peak>>10, small>>10, size>>10, grown>>10)
	}
	t.Logf("%d MB: heap +%d KiB (1 MB: +%d KiB), process +%d KiB",
		read>>20, peak>>10, small>>10, grown>>10)
}

func peakOf(t *testing.T, hundreds int) (peak uint64, size int64) {
	t.Helper()
	r, size := manyEntries("08", hundreds)
	return readAll(t, r, hundreds*100), size
}
