package api

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Metric is a figure with its samples.
type Metric struct {
	Name    string // masp_statement_age_days
	Help    string // English, one line
	Counter bool   // it only grows; else a gauge
	// Histogram is what [Histogram.Metric] makes.
	Histogram bool
	Samples   []Sample
}

// Sample is one value of a metric. Labels name references of ours, never a person or an IBAN.
type Sample struct {
	Labels []Label
	value  string
	suffix string // of the name, in a histogram
}

// Label is a name and a value.
type Label struct{ Name, Value string }

// Count is a whole number.
func Count(n int64, labels ...Label) Sample {
	return Sample{Labels: labels, value: strconv.FormatInt(n, 10)}
}

// Seconds is a time, to the millisecond.
func Seconds(d time.Duration, labels ...Label) Sample {
	ms := d.Milliseconds()
	sign := ""
	if ms < 0 {
		sign, ms = "-", -ms
	}
	return Sample{Labels: labels, value: fmt.Sprintf("%s%d.%03d", sign, ms/1000, ms%1000)}
}

// At is an instant, in seconds since 1970.
func At(t time.Time, labels ...Label) Sample { return Count(t.Unix(), labels...) }

var escaped = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

// writeMetrics writes the text format of Prometheus, version 0.0.4.
func writeMetrics(all []Metric) []byte {
	var b strings.Builder
	for _, m := range all {
		kind := "gauge"
		switch {
		case m.Counter:
			kind = "counter"
		case m.Histogram:
			kind = "histogram"
		}
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s %s\n", m.Name, m.Help, m.Name, kind)
		for _, s := range m.Samples {
			var labels []string
			for _, l := range s.Labels {
				labels = append(labels, l.Name+`="`+escaped.Replace(l.Value)+`"`)
			}
			set := ""
			if len(labels) > 0 {
				set = "{" + strings.Join(labels, ",") + "}"
			}
			fmt.Fprintf(&b, "%s%s%s %s\n", m.Name, s.suffix, set, s.value)
		}
	}
	return []byte(b.String())
}
