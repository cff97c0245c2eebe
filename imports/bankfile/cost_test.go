package bankfile

import (
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"masp/payments/xmlread"
)

// around is a file that repeats a piece n times between a head and a tail; the pieces come
// from a stream and take no memory.
func around(head, piece, tail string, n int) io.Reader {
	return repeated([]byte(head), []byte(piece), []byte(tail), n)
}

// inside are the two halves of a good message, cut where a line has something to tell.
func inside(at string) (head, tail string) {
	good := message("08", stmt("101.00", ntry("1.00", "CRDT", "<NtryDtls><TxDtls><RmtInf>"+
		"</RmtInf><RtrInf></RtrInf></TxDtls></NtryDtls>")))
	cut := strings.Index(good, at)
	return good[:cut], good[cut:]
}

func bomb(at, piece string, n int) io.Reader {
	head, tail := inside(at)
	return around(head, piece, tail, n)
}

// expensive files are small for what they try to cost; each has the code it is refused with,
// or none when it is read, whatever is thought of it.
var expensive = map[string]struct {
	file func() io.Reader
	code string
}{
	"depth of 200 000": {
		func() io.Reader { return around("", "<a>", "", 200_000) },
		xmlread.CodeDepth,
	},
	"200 000 attributes": {
		func() io.Reader { return around("<a", ` a=""`, "/>", 200_000) },
		xmlread.CodeMalformed,
	},
	"500 000 empty entries": {
		func() io.Reader { return bomb("<Ntry>", "<Ntry/>", 500_000) },
		CodeNoAmount,
	},
	"100 000 entries of zero": {
		func() io.Reader {
			return bomb("<Ntry>", `<Ntry><Amt Ccy="EUR">0</Amt><CdtDbtInd>CRDT</CdtDbtInd></Ntry>`, 100_000)
		}, "",
	},
	"empty statements": {
		func() io.Reader { return bomb("<Stmt>", "<Stmt/>", 500_000) },
		CodeStatements,
	},
	"20 000 empty statements with numbers of 250 bytes": {
		func() io.Reader {
			return bomb("<Stmt>", "<Stmt><Id>"+strings.Repeat("x", 250)+"</Id></Stmt>", 19_999)
		}, "",
	},
	"20 000 empty statements of CFONB": {
		func() io.Reader {
			row := func(code string) string {
				return code + "99999    00001EUR2 00000000001  041126" + strings.Repeat(" ", 50) + "0000000010000{" +
					strings.Repeat(" ", 16) + "\n"
			}
			return around("", row("01")+row("07"), "", 20_000)
		}, "",
	},
	"statements with numbers of 1 MiB": {
		func() io.Reader {
			return bomb("<Stmt>", "<Stmt><Id>"+strings.Repeat("x", 1<<20-1)+"</Id></Stmt>", 100)
		}, CodeHeader,
	},
	"statements under a long name": {
		func() io.Reader {
			long := strings.Repeat("x", 1000)
			return around("<"+long+"><BkToCstmrStmt>", "<Stmt/>", "</BkToCstmrStmt></"+long+">", 10_000)
		}, "",
	},
	"empty transactions": {
		func() io.Reader { return bomb("<TxDtls>", "<TxDtls/>", 900_000) },
		xmlread.CodeTooLarge,
	},
	"empty batches": {
		func() io.Reader { return bomb("<TxDtls>", "<Btch/>", 1_000_000) },
		xmlread.CodeTooLarge,
	},
	"texts of a letter": {
		func() io.Reader { return bomb("</RmtInf>", "<Ustrd>x</Ustrd>", 400_000) },
		"",
	},
	"reasons of a letter": {
		func() io.Reader { return bomb("</RtrInf>", "<AddtlInf>x</AddtlInf>", 300_000) },
		"",
	},
	"a text of 16 MiB": {
		func() io.Reader {
			return bomb("</RmtInf>", "x", 16<<20)
		}, xmlread.CodeTooLarge,
	},
	"a line of 16 MiB": {
		func() io.Reader {
			return bomb("<RmtInf>", "<AddtlTxInf>"+strings.Repeat("x", 500<<10)+"</AddtlTxInf>", 32)
		}, xmlread.CodeTooLarge,
	},
	"elements that nobody knows": {
		func() io.Reader { return bomb("<Ntry>", "<New><a/><b>1</b></New>", 200_000) },
		"",
	},
	"comments": {
		func() io.Reader { return bomb("<Ntry>", "<!-- comment -->", 200_000) },
		"",
	},
	"blanks without end": {
		func() io.Reader { return bomb("<Ntry>", strings.Repeat(" ", 1<<10), 1<<20) },
		xmlread.CodeTooLarge,
	},
	"a balance for every day since Rome": {
		func() io.Reader { return bomb("<Ntry>", bal("ITBD", "CRDT", "1.00"), 50_000) },
		"",
	},
	"NULs":          {func() io.Reader { return around("", "\x00", "", 1<<20) }, CodeNULs},
	"NULs in a tag": {func() io.Reader { return bomb("<Ntry>", "\x00", 1<<20) }, xmlread.CodeMalformed},
	"a name of 1 MiB": {
		func() io.Reader { return around("<", "a", "/>", 1<<20) },
		xmlread.CodeTooLarge,
	},
	"names that differ, nested": {
		func() io.Reader { return around("", "<"+strings.Repeat("a", 1000)+">", "", 100_000) },
		xmlread.CodeDepth,
	},
	"billion laughs": {
		func() io.Reader {
			return around("<!DOCTYPE l [", `<!ENTITY a "&b;&b;&b;&b;&b;&b;&b;&b;">`, "]><l>&a;</l>", 100_000)
		}, xmlread.CodeDoctype,
	},
	"an entity in a text": {func() io.Reader { return bomb("</RmtInf>", "<Ustrd>&x;</Ustrd>", 1) }, xmlread.CodeMalformed},
	"digits":              {func() io.Reader { return bomb("1.00</Amt>", "9", 1<<19) }, CodeAmount},
	"compressed": {
		func() io.Reader { return around("\x1f\x8b\x08", "\x00", "", 8<<20) },
		CodeNotStatement,
	},
}

// Not parallel: it measures the heap. The processor's time is reported; it fails only where
// something grows faster than the file.
func TestAHostileFileCostsLittle(t *testing.T) {
	const most, long = 64 << 20, 10 * time.Second
	for name, c := range expensive {
		in := &watched{r: c.file()}
		runtime.GC()
		base, start := heapNow(), processorTime()
		report := Check(t.Context(), in)
		used := processorTime() - start
		grown := max(in.peak, heapNow(), base) - base
		code := ""
		if report.Outcome == Refused {
			code = report.Reasons[len(report.Reasons)-1].Code
		}
		if code != c.code {
			t.Errorf("%s: got %s %q, want %q", name, report.Outcome, code, c.code)
		}
		if grown > most || used > long {
			t.Errorf("%s: heap +%d KiB in %s, want at most 64 MiB", name, grown>>10, used)
		}
		if os.Getenv("MASP_LONG") != "" || testing.Verbose() {
			t.Logf("%-35s heap +%6d KiB, %5d ms of a processor, %s", name, grown>>10,
				used.Milliseconds(), code)
		}
	}
}

// watched remembers how large the heap was at its largest while a file was read.
type watched struct {
	r    io.Reader
	peak uint64
	nth  int
}

func (w *watched) Read(p []byte) (int, error) {
	if w.nth++; w.nth%8 == 0 {
		w.peak = max(w.peak, heapNow())
	}
	return w.r.Read(p)
}

func heapNow() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
