package evidence

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"masp/ledger/money"
)

// The tables of a bundle open in a French spreadsheet by a double click, and can be read back to the
// byte: UTF-8 with BOM, ";", CRLF, decimal comma, instants in UTC to the microsecond. A text that a
// spreadsheet would compute gets ' before it, and so does one that begins with '.
const (
	mark    = "\ufeff"
	comma   = ';'
	lineEnd = "\r\n"
	inEuros = "(€)" // ends the heading of a column of cents
	instant = "2006-01-02T15:04:05.000000Z"
)

func heading(b []byte, names []string) []byte {
	return append(append(append(b, mark...), strings.Join(names, string(comma))...), lineEnd...)
}

// cell writes one value as its column wants it.
func cell(b []byte, value any, cents, day bool) ([]byte, error) {
	switch v := value.(type) {
	case nil:
	case string:
		return quoted(b, v), nil
	case []byte:
		return fmt.Appendf(b, "%x", v), nil
	case bool:
		return append(b, map[bool]string{true: "oui", false: "non"}[v]...), nil
	case int64:
		if cents {
			return append(b, strings.Replace(money.Cents(v).String(), ".", ",", 1)...), nil
		}
		return strconv.AppendInt(b, v, 10), nil
	case int32:
		return strconv.AppendInt(b, int64(v), 10), nil
	case time.Time:
		if day {
			return v.AppendFormat(b, "02/01/2006"), nil
		}
		return v.UTC().AppendFormat(b, instant), nil
	default:
		return b, fmt.Errorf("a cell of type %T", value)
	}
	return b, nil
}

func quoted(b []byte, text string) []byte {
	inert := text != "" && strings.IndexByte("=+-@'\t\r", text[0]) >= 0
	plain := !strings.ContainsAny(text, "\";\r\n")
	if !plain {
		b = append(b, '"')
	}
	if inert {
		b = append(b, '\'')
	}
	if plain {
		return append(b, text...)
	}
	b = append(b, bytes.ReplaceAll([]byte(text), []byte(`"`), []byte(`""`))...)
	return append(b, '"')
}
