package check

import "strings"

const erasuresName = "effacements.csv"

// readErasures reads of which records personal texts were erased at the end of their time. What the texts
// proved cannot be proved any more; the place of the record still is.
func (c *checker) readErasures() error {
	c.erased = map[string]bool{}
	c.table(erasuresName, func(r *row) {
		place := r.text("Place")
		first, second, _ := strings.Cut(place, " ")
		switch r.text("Contrôle") {
		case "ENTRY_CHANGED", "TEXT_CHANGED":
			c.erased["écriture "+second] = true
		case "ACT_BROKEN":
			c.erased["acte "+second] = true
		case "CONTENT_CHANGED":
			c.erased[first] = true
		}
	})
	return nil
}
