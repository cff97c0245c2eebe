package inbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"time"

	"masp/api/auth"
	"masp/imports"
)

// Importer books the file of a bank; imports.Service does.
type Importer interface {
	Import(ctx context.Context, who, name string, content io.Reader) (imports.Outcome, error)
}

// Box looks at one source and remembers what it saw there. A Box is used by one goroutine at a time.
type Box struct {
	Source Source
	Import Importer
	Tell   Teller           // nil: nobody is told
	Clock  func() time.Time // for rests and pauses; never nil
	Settle time.Duration    // how long a file must not have changed before it is taken; 0 takes what lies there
	// Rest is how long a refused file must not have changed before it is put away, as it may be half of
	// a file whose writer pauses; 0 puts it away at once.
	Rest time.Duration
	// Begin is called before the first file of a look; nil: nothing to do.
	Begin func(context.Context) error
	// GoOn is asked before each file; nil: always. When it answers no, the look ends.
	GoOn func() bool

	watch   watch
	failing int             // looks in a row that could not read the source
	quiet   map[string]bool // codes of which no alert of this source is open
	left    string          // what the open alert says is left
}

// Handled is one file of a look.
type Handled struct {
	Name    string          `json:"name"`
	Outcome imports.Outcome `json:"outcome"`
	Place   Place           `json:"place,omitempty"`  // empty: it still lies where it was
	Saved   string          `json:"saved,omitempty"`  // its name there
	Error   string          `json:"error,omitempty"`  // kind of accident; it will be tried again
	Booked  bool            `json:"booked,omitempty"` // the import is done, whatever became of the file
	Kept    bool            `json:"kept,omitempty"`   // refused, but perhaps not whole: it stays for Box.Rest
	again   bool            // counted by an earlier look
}

// Look is what one look at a source did.
type Look struct {
	Files   []Handled `json:"files"`
	Waiting int       `json:"waiting"` // files that are not at rest yet, or wait for another attempt
	Strange []string  `json:"strange"` // things that are no file, each said once
	// Left are all things that nobody takes: no file, or being written for more than an hour.
	Left []string `json:"left"`
}

// done is an import whose file still has to be moved.
type done struct {
	outcome imports.Outcome
	at      time.Time
	counted bool
	kept    bool // said to be refused, and perhaps not whole
}

// Look handles every complete file of the source. It returns an error when the source cannot be
// read; what happens to one file stands with it and keeps no other from its turn.
func (b *Box) Look(ctx context.Context) (l Look, err error) {
	if b.quiet == nil {
		b.watch, b.quiet = newWatch(b.Settle), map[string]bool{}
	}
	defer func() { err = b.sourceTold(ctx, errors.Join(err, b.Source.Close())) }()
	list, err := b.Source.List(ctx)
	if err != nil {
		return l, fmt.Errorf("look into the %s: %w", b.Source.Name(), err)
	}
	ready, waiting, strange := b.watch.look(list, b.Clock())
	l.Waiting, l.Left = waiting, append([]string{}, b.watch.left...)
	if err := b.leftTold(ctx); err != nil {
		return l, err
	}
	for _, f := range strange {
		l.Strange = append(l.Strange, f.Name)
	}
	if len(ready) > 0 && b.Begin != nil {
		if err := b.Begin(ctx); err != nil {
			return l, err
		}
	}
	for _, s := range ready {
		if b.GoOn != nil && !b.GoOn() || ctx.Err() != nil {
			l.Waiting++
			continue
		}
		if h, handled := b.handle(ctx, s); handled {
			l.Files = append(l.Files, h)
		}
	}
	if len(ready)+waiting == 0 || slices.ContainsFunc(l.Files, Handled.moved) {
		return l, b.unstuck(ctx)
	}
	return l, nil
}

func (h Handled) moved() bool { return h.Place != "" }

// unstuck takes the alert back once everything could be put away.
func (b *Box) unstuck(ctx context.Context) error {
	if b.watch.stuck() {
		return nil
	}
	return b.tell(ctx, Stuck, b.Source.Name(), "")
}

// leftTold keeps one alert about what nobody takes, with the names as they are now.
func (b *Box) leftTold(ctx context.Context) error {
	text := leftText(b.Source.Name(), b.watch.left)
	if text == b.left && text != "" {
		return nil
	}
	if b.left != "" && text != "" {
		if err := b.tell(ctx, Left, b.Source.Name(), ""); err != nil {
			return err
		}
	}
	err := b.tell(ctx, Left, b.Source.Name(), text)
	if err == nil {
		b.left = text
	}
	return err
}

// sourceTold raises an alert when the source fails three times in a row, at once when it proves to
// be another one, and takes it back when the source answers.
func (b *Box) sourceTold(ctx context.Context, err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	if err == nil {
		b.failing = 0
		return b.tell(ctx, SourceFailed, b.Source.Name(), "")
	}
	b.failing++
	if _, other := errors.AsType[*HostKeyError](err); other || b.failing >= 3 {
		return errors.Join(err, b.tell(ctx, SourceFailed, b.Source.Name(), sourceText(b.Source.Name(), err)))
	}
	return err
}

// handle imports one file and puts it away. A file that somebody else has moved is not ours.
func (b *Box) handle(ctx context.Context, s *sight) (h Handled, handled bool) {
	h.Name = s.Name
	if s.done == nil {
		o, err := b.importOne(ctx, s.Found)
		if errors.Is(err, ErrGone) || errors.Is(err, ErrChanged) || errors.Is(err, ErrOpen) {
			s.since, s.open = b.Clock(), errors.Is(err, ErrOpen)
			return h, false
		}
		if err != nil && ctx.Err() != nil {
			return h, false // stopped: nothing is done, and it is not the file's fault
		}
		if err != nil {
			h.Error = kindOf(err)
			b.accident(ctx, s, h.Error)
			return h, true
		}
		s.done, s.open = &done{outcome: o, at: b.Clock()}, false
		_ = b.tell(ctx, ImportFailed, s.subject(), "") // an alert that stays open is closed by a person
	}
	if left := b.Rest - s.rested(b.Clock()); left > 0 && !s.renamed && placeOf(s.done.outcome) == Refused {
		return b.keep(s, left)
	}
	return b.finish(ctx, s)
}

// keep leaves a refused file where it is, as a file that is being written must not be moved from
// under its writer. When it changes it is judged anew; the first time it is told.
func (b *Box) keep(s *sight, left time.Duration) (h Handled, handled bool) {
	s.notUntil = b.Clock().Add(left)
	first := !s.done.kept
	s.done.kept = true
	return Handled{Name: s.Name, Outcome: s.done.outcome, Kept: true}, first
}

// finish moves an imported file; when that fails, the next look tries the moving alone.
func (b *Box) finish(ctx context.Context, s *sight) (h Handled, handled bool) {
	o := s.done.outcome
	h = Handled{Name: s.Name, Outcome: o, Place: placeOf(o), Booked: true, again: s.done.counted}
	var err error
	h.Saved, err = b.Source.Finish(ctx, s.Found, h.Place, note(s.Name, o, s.done.at))
	s.done.counted = true
	switch {
	case err == nil:
		s.stuck = false
		return h, true
	case errors.Is(err, ErrGone), errors.Is(err, fs.ErrNotExist):
		return h, false // another process was faster
	case errors.Is(err, ErrChanged):
		s.done, s.since = nil, b.Clock()
		return h, false
	}
	h.Place, h.Saved, h.Error = "", "", kindOf(err)
	s.stuck = true
	s.failed(b.Clock())
	_ = b.tell(ctx, Stuck, b.Source.Name(), stuckText(b.Source.Name(), h.Error))
	return h, !h.again
}

// accident lets a file rest that could not be imported, and tells of it the third time.
func (b *Box) accident(ctx context.Context, s *sight, kind string) {
	s.failed(b.Clock())
	if s.attempts >= 3 {
		_ = b.tell(ctx, ImportFailed, s.subject(), failedText(s.Name, s.attempts, kind))
	}
}

// subject names a file in an alert: the same name on another day is another file.
func (s *sight) subject() string {
	return printable(s.Name) + " " + s.Modified.UTC().Format(time.RFC3339)
}

// importOne reads a file; a panic is an accident of this file alone.
func (b *Box) importOne(ctx context.Context, f Found) (o imports.Outcome, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", errPanic, p)
		}
	}()
	content, err := b.Source.Open(ctx, f)
	if err != nil {
		return o, err
	}
	defer func() { _ = content.Close() }() // read to its end, or refused
	if f.Size > imports.DefaultLimit {
		return tooLarge(f.Name), nil
	}
	return b.Import.Import(ctx, auth.Operator, f.Name, content)
}

// tell raises or takes back an alert; without words the trouble is over.
func (b *Box) tell(ctx context.Context, code, subject, text string) error {
	if b.Tell == nil || text == "" && b.quiet[code] {
		return nil
	}
	err := b.Tell.Tell(ctx, code, subject, text)
	if err == nil && subject == b.Source.Name() { // asked once whether it is over, not at each look
		b.quiet[code] = text == ""
	}
	return err
}

// PutAway moves one file of a folder that was imported by hand to where the outcome belongs, as a
// look does.
func PutAway(ctx context.Context, dir, name string, o imports.Outcome, at time.Time) (err error) {
	folder := &Folder{Dir: dir, mended: true}
	list, err := folder.List(ctx)
	defer func() { err = errors.Join(err, folder.Close()) }()
	for _, f := range list {
		if f.Name == name {
			_, err = folder.Finish(ctx, f, placeOf(o), note(name, o, at))
			return err
		}
	}
	return err // somebody else has moved it
}
