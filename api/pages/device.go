package pages

import "strings"

// Device is the browser and the machine of a session, as people call them: "Firefox sur Android".
func Device(agent string) string {
	return nameOf(agent, "Navigateur", browsers) + nameOf(agent, "", machines)
}

// The names that browsers give themselves, the more telling before the more common.
var (
	browsers = [][2]string{{"Firefox", "Firefox"}, {"Edg", "Edge"}, {"OPR", "Opera"}, {"Chrome", "Chrome"}, {"Safari", "Safari"}}
	machines = [][2]string{
		{"Android", " sur Android"},
		{"iPhone", " sur iPhone"},
		{"iPad", " sur iPad"},
		{"Windows", " sur Windows"},
		{"Mac OS", " sur Mac"},
		{"Linux", " sur Linux"},
	}
)

func nameOf(agent, otherwise string, names [][2]string) string {
	for _, n := range names {
		if strings.Contains(agent, n[0]) {
			return n[1]
		}
	}
	return otherwise
}
