package jsonread

import "masp/ledger/civil"

// Date reads a day, "2026-11-05"; the zero Date when it is absent or wrong.
func (o Object) Date(key string, required bool) civil.Date {
	text, n := o.Fit(key, required)
	if n == nil {
		return civil.Date{}
	}
	day, err := civil.Parse(text)
	if err != nil {
		o.Wrong(n, key, "date", "Une date existante s'écrit « 2026-11-05 ».")
	}
	return day
}

// Month reads a month, "2026-11"; the zero Month when it is absent or wrong.
func (o Object) Month(key string, required bool) civil.Month {
	text, n := o.Fit(key, required)
	if n == nil {
		return civil.Month{}
	}
	month, err := civil.ParseMonth(text)
	if err != nil {
		o.Wrong(n, key, "month", "Un mois s'écrit « 2026-11 ».")
	}
	return month
}
