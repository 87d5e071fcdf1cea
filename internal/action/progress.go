package action

import (
	"fmt"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"glue-connector/internal/registry"
	"glue-connector/internal/report"
)

// tally adds up how far the blobs of a push are, in bytes.
type tally struct {
	blobs             map[string]registry.Progress
	size, sent, there int64
}

func (t *tally) add(p registry.Progress) {
	if t.blobs == nil {
		t.blobs = map[string]registry.Progress{}
	}
	t.count(t.blobs[p.Layer], -1)
	t.count(p, 1)
	t.blobs[p.Layer] = p
}

func (t *tally) count(p registry.Progress, sign int64) {
	t.size += sign * p.Size
	t.sent += sign * p.Sent
	if p.Skipped {
		t.there += sign * p.Size
	}
}

func (t *tally) String() string {
	return fmt.Sprintf("%s of %s%s", report.Bytes(t.sent), report.Bytes(t.size), t.skipped())
}

func (t *tally) skipped() string {
	if t.there == 0 {
		return ""
	}
	return ", " + report.Bytes(t.there) + " there already"
}

// showProgress shows how far the push to a place is, until stop is called: as a
// bar on a terminal, in few lines in a workflow, and else not at all.
func (r *run) showProgress(p *place) (stop func()) {
	t := &tally{}
	show, stop := func(*tally) {}, func() {}
	switch {
	case r.in.Quiet:
	case r.env.inActions():
		show = r.sparsely(func(t *tally) { fmt.Fprint(r.env.Stdout, report.ProgressText("push", r.at(p)+t.String(), r.palette)) })
	case r.env.Terminal && r.env.Getenv("TERM") != "dumb":
		show, stop = r.bar(strings.TrimRight("push "+r.at(p), ": "))
	}
	p.repo.Observe = func(e registry.Progress) {
		t.add(e)
		show(t)
	}
	return stop
}

// The lines of a log: one tells something new, or that the run is not stuck.
const (
	lineEvery  = 10 * time.Second
	lineAtMost = time.Minute
)

// sparsely shows a tally at most every ten seconds, and then if a tenth more is
// done, or a minute has passed.
func (r *run) sparsely(show func(*tally)) func(*tally) {
	last, shown := time.Now(), int64(0)
	return func(t *tally) {
		waited, done := time.Since(last), t.sent+t.there
		if waited < lineEvery || 10*(done-shown) < t.size && waited < lineAtMost {
			return
		}
		last, shown = time.Now(), done
		show(t)
	}
}

// bar is a progress bar for people, which leaves nothing behind.
func (r *run) bar(title string) (show func(*tally), stop func()) {
	var b *progressbar.ProgressBar
	there := int64(-1)
	show = func(t *tally) {
		if t.sent+t.there == 0 || t.size == 0 {
			return // blobs are still being listed
		}
		if b == nil {
			b = progressbar.NewOptions64(t.size,
				progressbar.OptionSetWriter(r.env.Stdout),
				progressbar.OptionShowBytes(true),
				progressbar.OptionSetWidth(24),
				progressbar.OptionThrottle(100*time.Millisecond),
				progressbar.OptionSetPredictTime(false),
				progressbar.OptionClearOnFinish())
		}
		if there != t.there {
			there = t.there
			b.Describe(title + t.skipped())
		}
		_ = b.Set64(t.sent + t.there) // of a terminal that is gone nobody need hear
	}
	return show, func() {
		if b != nil && !b.IsFinished() {
			_ = b.Clear()
		}
	}
}
