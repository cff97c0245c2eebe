package auth

import "strings"

// Guesses are codes that read well and begin as given.
func Guesses(begin string, many int) []string {
	all := make([]string, many)
	for i := range all {
		c := string(newCode())
		c = begin + c[len(begin):cardLength-1]
		all[i] = c + string(checkLetter(c))
	}
	return all
}

// Readable tells whether a code has its check character.
func Readable(typed string) bool {
	_, err := parseCode(typed)
	return err == nil && !strings.Contains(typed, "-")
}
