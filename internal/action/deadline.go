package action

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"glue-connector/internal/report"
	"glue-connector/internal/trial"
)

// timedOut is why a run that took longer than it may is over.
type timedOut time.Duration

func (t timedOut) Error() string {
	n := strconv.FormatFloat(time.Duration(t).Minutes(), 'f', -1, 64)
	if n == "1" {
		return "timed out after 1 minute"
	}
	return "timed out after " + n + " minutes"
}

// deadline is the time that a run has for what uses the network. The report is
// told after it, too.
func (r *run) deadline(ctx context.Context) (context.Context, context.CancelFunc) {
	if r.in.Timeout == 0 || !r.in.Mode.takes("timeout-minutes") {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, r.in.Timeout, timedOut(r.in.Timeout))
}

// during says what was under way when an error came.
type during struct {
	doing string
	error
}

func (d *during) Unwrap() error { return d.error }
func (d *during) While() string { return d.doing }

// cutShort is the step in which a run was when its time was over or a signal
// came. What a server said by then is of no interest.
func cutShort(name string, cause, err error) report.Step {
	s := report.Step{Name: name, Status: report.Broken, Kind: "cancelled", Hint: "Run again: what was done is found and kept."}
	s.Detail = "cancelled"
	if t, ok := errors.AsType[timedOut](cause); ok {
		s.Kind, s.Detail = "timeout", t.Error()
		s.Hint = "Run again: what was done is found and kept; if it needs more time, raise timeout-minutes."
	} else if cause != context.Canceled {
		s.Detail += " (" + cause.Error() + ")"
	}
	if during, ok := errors.AsType[interface {
		error
		While() string
	}](err); ok {
		s.Detail += " while " + during.While()
	} else if err != nil {
		s.Detail += " while at this step"
	}
	s.Detail = report.Cut(s.Detail, 600)
	return s
}

// grace is how long after a signal a run may go on with what heeds none: hashing
// jars, looking into them, writing an image to the disk. One that runs tests on Glue has
// longer, to stop them and to take away what was made for them; ten seconds after the
// first signal the runner of a workflow kills the container.
const (
	grace       = time.Second
	graceOnGlue = 6 * time.Second
)

func (r *run) grace() time.Duration {
	if r.testing() && r.in.Runner == trial.Glue {
		return graceOnGlue
	}
	return grace
}

// within runs steps, and tells whether they came to an end: after a signal it
// waits for them no longer than the grace.
func within(ctx context.Context, grace time.Duration, steps func()) bool {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		steps()
	}()
	select {
	case <-ended:
		return true
	case <-ctx.Done():
	}
	select {
	case <-ended:
		return true
	case <-time.After(grace):
		return false
	}
}

// spare is a run that has come to nothing, to tell of one that does not end.
func (r *run) spare() *run {
	s, empty := *r, *r.report
	s.problems, s.report = slices.Clone(r.problems), &empty
	return &s
}

// sayCut makes a run fail that was cut short between two steps.
func (r *run) sayCut() {
	if r.cut {
		r.step(cutShort("run", r.over(), nil))
	}
}
