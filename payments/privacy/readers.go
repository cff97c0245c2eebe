package privacy

import (
	"time"

	"masp/ledger/civil"
)

// Reading is how one reader has read one file: R-187.
type Reading struct {
	Mandate string    `json:"mandate"`
	Reader  string    `json:"reader"` // a user, or the person herself by her reference
	Role    string    `json:"role"`
	Times   int       `json:"times"` // readings of the same thing within ten minutes are one
	First   time.Time `json:"first"`
	Last    time.Time `json:"last"`
	What    []string  `json:"what"`
}

// ManyFiles is a day on which one user read many files.
type ManyFiles struct {
	Day    civil.Date `json:"day"`
	Reader string     `json:"reader"`
	Role   string     `json:"role"`
	Files  int        `json:"files"`
	Usual  int        `json:"usual"` // files of the median of the reader's other days
}

// UnusualFrom is how many files of one day are many, and how many times the reader's usual day they are.
const (
	UnusualFrom  = 10
	UnusualTimes = 3
)
