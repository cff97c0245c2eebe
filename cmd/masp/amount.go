package main

import (
	"fmt"
	"strings"

	"masp/ledger/money"
)

// parseAmount reads an amount of a flag: 412, 412,5 and 412,50 as people type them, 412.50 as the
// program writes them for other programs. A point for thousands is refused.
func parseAmount(text string) (money.Amount, error) {
	if strict, err := money.Parse(strings.TrimSpace(text)); err == nil {
		return strict, nil
	}
	return money.ParseInput(text)
}

// euros is an amount as [parseAmount] reads it.
type euros struct{ money.Amount }

// UnmarshalText reads what was typed.
func (e *euros) UnmarshalText(text []byte) (err error) {
	e.Amount, err = parseAmount(string(text))
	return err
}

// someEuros is an amount that may be left out; one that is given is more than zero, as nothing is
// another wish than all there is.
type someEuros struct{ money.Amount }

// UnmarshalText reads what was typed.
func (e *someEuros) UnmarshalText(text []byte) (err error) {
	if e.Amount, err = parseAmount(string(text)); err == nil && !e.IsPositive() {
		err = fmt.Errorf("« %s » : donnez un montant plus grand que zéro, ou n’en donnez pas", text)
	}
	return err
}
