package money

import "strings"

// meant returns how to write the sum that a refused text means beyond doubt: "1.234,50" and
// "1,234.50" are 1234,50, and "412.50" is 412,50. It concerns what people type; "1.234" stays in
// doubt, and a file's text is its writer's affair.
func meant(e *SyntaxError) (string, bool) {
	const longest = 32 // more than any amount with its separators
	if len(e.Text) > longest || !strings.Contains(e.example, ",") {
		return "", false
	}
	text := trimInput(e.Text)
	last := strings.LastIndexAny(text, ".,")
	if last < 0 || checkCents(text[last+1:]) != "" {
		return "", false
	}
	whole, separator := text[:last], "."
	if text[last] == '.' {
		separator = ","
	}
	a, err := ParseInput(strings.ReplaceAll(whole, separator, " ") + "," + text[last+1:])
	if err != nil {
		return "", false
	}
	return strings.ReplaceAll(a.String(), ".", ","), true
}
