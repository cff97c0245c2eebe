package check

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// row is one row of a table, by the names of its columns. The first value that cannot be read is kept
// in broken.
type row struct {
	columns map[string]int
	values  []string
	line    int64
	broken  error
}

// table gives each row of a table to use.
func (c *checker) table(name string, use func(*row)) {
	in, err := c.open(name)
	if c.missing(name, err) {
		return
	}
	defer func() { _ = in.Close() }() // it was only read
	buffer := bufio.NewReader(in)
	if mark, err := buffer.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = buffer.Discard(3) // just peeked at
	}
	reader := csv.NewReader(buffer)
	reader.Comma, reader.ReuseRecord = ';', true
	names, err := reader.Read()
	if err != nil {
		c.found(name, 1, "", "le tableau n'a pas d'en-tête")
		return
	}
	r := row{columns: map[string]int{}}
	for i, column := range names {
		r.columns[column] = i
	}
	for {
		r.values, err = reader.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		line, _ := reader.FieldPos(0)
		r.line, r.broken = int64(line), nil
		if err == nil {
			use(&r)
			err = r.broken
		}
		if err != nil {
			c.found(name, r.line, "", "la ligne ne se lit pas : %v", err)
			return
		}
	}
}

// text is a value as it was before it was made inert.
func (r *row) text(column string) string {
	at, known := r.columns[column]
	if !known {
		r.broken = fmt.Errorf("no column %s", column)
		return ""
	}
	value := r.values[at]
	if len(value) > 1 && value[0] == '\'' && strings.IndexByte("=+-@'\t\r", value[1]) >= 0 {
		return value[1:]
	}
	return value
}

// cents reads an amount; an empty one is zero.
func (r *row) cents(column string) int64 {
	value := r.text(column)
	if value == "" {
		return 0
	}
	euros, rest, _ := strings.Cut(value, ",")
	n, err := strconv.ParseInt(euros+rest, 10, 64)
	if err != nil || len(rest) != 2 {
		r.broken = fmt.Errorf("%s: %q is no amount", column, value)
	}
	return n
}

// number reads a number; an empty one is zero.
func (r *row) number(column string) int64 {
	value := r.text(column)
	if value == "" {
		return 0
	}
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		r.broken = fmt.Errorf("%s: %q is no number", column, value)
	}
	return n
}

// isoDay reads a day and writes it as 2026-11-05.
func (r *row) isoDay(column string) string {
	value := r.text(column)
	if value == "" {
		return ""
	}
	d, err := time.Parse("02/01/2006", value)
	if err != nil {
		r.broken = fmt.Errorf("%s: %q is no day", column, value)
	}
	return d.Format(time.DateOnly)
}
