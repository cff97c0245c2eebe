package money

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"strconv"
)

// String returns the strict form: "1234.50", "-0.05". [Parse] reads it back within its limit.
func (a Amount) String() string { return string(a.append(nil)) }

func (a Amount) append(b []byte) []byte {
	if a.cents < 0 {
		b = append(b, '-')
	}
	m := a.magnitude()
	b = strconv.AppendUint(b, m/100, 10)
	return append(b, '.', byte('0'+m%100/10), byte('0'+m%10))
}

// MarshalText writes the strict form.
func (a Amount) MarshalText() ([]byte, error) { return a.append(nil), nil }

// UnmarshalText reads what [Parse] reads.
func (a *Amount) UnmarshalText(text []byte) error {
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*a = parsed
	return nil
}

// MarshalJSON writes the strict form as a JSON string: a JSON number is a binary fraction for most
// readers.
func (a Amount) MarshalJSON() ([]byte, error) {
	return append(a.append([]byte{'"'}), '"'), nil
}

// ErrJSON is returned for a JSON amount that is not a string: a number, null, an object.
var ErrJSON = errors.New(`an amount in JSON is a string such as "12.50"`)

// UnmarshalJSON reads a JSON string that [Parse] reads. A number and null are refused with
// [ErrJSON]; so is an escaped digit, which nobody needs.
func (a *Amount) UnmarshalJSON(data []byte) error {
	if len(data) < 2 || data[0] != '"' {
		return ErrJSON
	}
	return a.UnmarshalText(data[1 : len(data)-1])
}

// Value hands a to the database as int64 cents (bigint).
func (a Amount) Value() (driver.Value, error) { return a.cents, nil }

// Scan reads cents from a bigint. NULL is refused: absent money is not 0.00 €. A sum over bigint
// is numeric in PostgreSQL and has to be cast back to bigint in the query.
func (a *Amount) Scan(src any) error {
	cents, ok := src.(int64)
	if !ok {
		return fmt.Errorf("scan amount: %T instead of int64 cents", src)
	}
	a.cents = cents
	return nil
}
