package main

import (
	"fmt"
	"io"
	"time"
)

type benchHTTP struct {
	Persons int           `default:"20000" help:"Nombre de personnes dans la base."`
	For     time.Duration `default:"5m" help:"Durée des lectures, à 50 par seconde." placeholder:"DURÉE"`
	Posts   int           `default:"3000" help:"Nombre d'écritures passées, par le service puis sans lui, en trois tours."`
}

// The load that an organisation asks for (issue 5, point 8).
const (
	benchRate    = 50 // readings a second
	benchClients = 64 // that post at once
	benchRounds  = 3
)

// Run measures the service on a cluster of its own that is thrown away, over the loopback.
func (c *benchHTTP) Run(s *session) error {
	return s.throwaway(func(owner, app string) error {
		b := &httpBench{session: s, owner: owner, app: app, command: c}
		defer b.close()
		result, err := b.run()
		if err != nil {
			return err
		}
		return s.out.data(result, func() { s.out.keep(result.print(s.out.stdout)) })
	})
}

// httpFigures are what the bench has measured.
type httpFigures struct {
	Persons   int           `json:"persons"`
	Requests  int           `json:"requests"`
	Errors    int           `json:"errors"`
	P50       time.Duration `json:"p50_ns"`
	P95       time.Duration `json:"p95_ns"`
	P99       time.Duration `json:"p99_ns"`
	RSSBefore int           `json:"rss_before_kib"`
	RSSAfter  int           `json:"rss_after_kib"`
	Pages     []pageFigures `json:"pages"`
	// Posts through the API and through a bare handler, each the median of the rounds.
	Posted  int `json:"posted_per_second"`
	Bare    int `json:"bare_per_second"`
	Percent int `json:"percent_of_bare"` // the median of the ratios
}

func (r httpFigures) print(w io.Writer) error {
	for _, p := range r.Pages {
		_, err := fmt.Fprintf(w, "page %-40s erreurs %d, p50 %s, p95 %s (exigé 50 ms), p99 %s ; %s : p50 %s, p95 %s\n", p.Page, p.Errors,
			ms(p.P50), ms(p.P95), ms(p.P99), p.Reading, ms(p.ReadingP50), ms(p.ReadingP95))
		if err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, `personnes dans la base                %9d
lectures, %d par seconde              %9d   erreurs %d (exigé 0)
  p50 %s, p95 %s (exigé 50 ms), p99 %s
mémoire avant, après                  %9d KiB, %d KiB
écritures par le service, %d clients  %9d /s
les mêmes par un échange nu           %9d /s   rapport 0,%02d (exigé 0,50)
`, r.Persons, benchRate, r.Requests, r.Errors,
		ms(r.P50), ms(r.P95), ms(r.P99),
		r.RSSBefore, r.RSSAfter, benchClients, r.Posted, r.Bare, r.Percent)
	return err
}

func ms(d time.Duration) time.Duration { return d.Round(time.Microsecond) }
