package cluster

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
)

// openLog opens the server's log for appending; a large one is put aside first.
func openLog(dir string) (*os.File, error) {
	path := filepath.Join(dir, logName)
	if info, err := os.Stat(path); err == nil && info.Size() > 8<<20 {
		if err := os.Rename(path, filepath.Join(dir, oldLogName)); err != nil {
			return nil, err
		}
	}
	return os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
}

func logTail(dir string) string {
	f, err := os.Open(filepath.Join(dir, logName))
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err == nil && info.Size() > 2000 {
		_, _ = f.Seek(-2000, io.SeekEnd)
	}
	raw, _ := io.ReadAll(f)
	return lastLines(raw, 4)
}

func lastLines(raw []byte, n int) string {
	lines := bytes.Split(bytes.TrimSpace(raw), []byte("\n"))
	return string(bytes.Join(lines[max(0, len(lines)-n):], []byte(" | ")))
}
