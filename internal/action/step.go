package action

import (
	"context"
	"errors"
	"fmt"

	"glue-connector/internal/report"
)

// stopped tells why nothing more may be done outside, "" if it may.
func (r *run) stopped() string {
	switch {
	case len(r.problems) > 0:
		return "the inputs have to be mended first"
	case len(r.report.Failures()) > 0:
		return "a step before it failed"
	case r.report.Errors() > 0:
		return report.Plural(r.report.Errors(), "error") + " found"
	case r.over() != nil:
		r.cut = true
		return "the run was cut short"
	}
	return ""
}

func (r *run) step(s report.Step) {
	r.report.Steps = append(r.report.Steps, s)
	r.say(s)
}

// say prints a step that comes after the report.
func (r *run) say(s report.Step) {
	if !r.in.Quiet || s.Status == report.Broken {
		fmt.Fprint(r.env.Stdout, s.Text(r.palette))
	}
}

func (r *run) done(name, format string, args ...any) {
	r.step(report.Step{Name: name, Status: report.Done, Detail: fmt.Sprintf(format, args...)})
}

func (r *run) skip(name, why string) {
	r.step(report.Step{Name: name, Status: report.Skipped, Detail: why})
}

// fail records a step that failed, with the kind and the hint that the error
// brings along.
func (r *run) fail(name string, err error) {
	s := report.Step{Name: name, Status: report.Broken, Detail: report.Cut(err.Error(), 600), Kind: "internal"}
	if hinted, ok := errors.AsType[interface {
		error
		Hint() string
	}](err); ok {
		s.Hint = hinted.Hint()
	}
	if kinded, ok := errors.AsType[interface {
		error
		FailureKind() string
	}](err); ok {
		s.Kind = kinded.FailureKind()
	}
	switch cause := r.over(); {
	case cause != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)):
		s = cutShort(name, cause, err)
	case r.public:
		s.Kind = "partial"
	}
	r.step(s)
}
