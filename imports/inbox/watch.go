package inbox

import "time"

// sight is what is known of a file that lies in the source.
type sight struct {
	Found
	since    time.Time // it has not changed since this look
	first    time.Time // seen like this since, even while somebody has it open
	open     bool      // somebody had it open for writing
	renamed  bool      // it came whole, under another name
	attempts int       // imports that failed by an accident
	notUntil time.Time // no attempt before
	done     *done     // imported; only the moving is left
	stuck    bool      // the moving failed
}

// watch remembers the looks at a source and says which files are complete.
type watch struct {
	settle  time.Duration
	files   map[string]*sight
	partial map[string]bool // names that were being written at the last look
	writing map[string]*sight
	strange map[string]bool // said already
	left    []string        // of the last look: what is no file, or being written for too long
}

// leftAfter is how long a file may be written before somebody is told.
const leftAfter = time.Hour

func newWatch(settle time.Duration) watch {
	return watch{
		settle: settle, files: map[string]*sight{}, partial: map[string]bool{},
		writing: map[string]*sight{}, strange: map[string]bool{},
	}
}

// look compares a list with the last one. It answers the files to handle now, how many wait for
// their rest or for another attempt, and what is no file and was not said before.
func (w *watch) look(list []Found, now time.Time) (ready []*sight, waiting int, strange []Found) {
	files, partial := map[string]*sight{}, map[string]bool{}
	writes, odd := map[string]*sight{}, map[string]bool{}
	w.left = nil
	for _, f := range list {
		final, writing := f.partial()
		switch {
		case f.own():
		case !f.Mode.IsRegular():
			w.left = append(w.left, f.Name)
			if odd[f.Name] = true; !w.strange[f.Name] {
				strange = append(strange, f)
			}
		case writing:
			partial[final] = true
			writes[f.Name] = seen(w.writing[f.Name], f, now)
			if f.writing() && writes[f.Name].rested(now) >= leftAfter {
				w.left = append(w.left, f.Name)
			}
		default:
			s := seen(w.files[f.Name], f, now)
			s.renamed = s.renamed || w.partial[f.Name] && w.files[f.Name] == nil
			if files[f.Name] = s; s.open && now.Sub(s.first) >= leftAfter {
				w.left = append(w.left, f.Name)
			}
		}
	}
	for _, f := range list {
		s := files[f.Name]
		switch {
		case s == nil:
		case partial[f.Name] || now.Before(s.notUntil) || !s.renamed && now.Sub(s.since) < w.settle:
			waiting++
		default:
			ready = append(ready, s)
		}
	}
	w.files, w.partial, w.writing, w.strange = files, partial, writes, odd
	return ready, waiting, strange
}

// seen is what is known of a file that lies there at this look.
func seen(before *sight, f Found, now time.Time) *sight {
	if before != nil && before.same(f) {
		return before
	}
	return &sight{Found: f, since: now, first: now}
}

// rested is how long a file has not changed: by our looks, or by its own time.
func (s *sight) rested(now time.Time) time.Duration {
	return max(now.Sub(s.first), now.Sub(s.Modified))
}

// stuck tells whether an imported file could not be put away.
func (w *watch) stuck() bool {
	for _, s := range w.files {
		if s.stuck {
			return true
		}
	}
	return false
}

// The pauses after a failure: 30 seconds, doubled, an hour at most.
const (
	firstPause = 30 * time.Second
	longest    = time.Hour
)

// failed keeps a file from being tried again too soon.
func (s *sight) failed(now time.Time) {
	pause := longest
	if s.attempts < 7 {
		pause = firstPause << s.attempts
	}
	s.attempts++
	s.notUntil = now.Add(min(pause, longest))
}
