package action

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"glue-connector/internal/check"
	"glue-connector/internal/connector"
	"glue-connector/internal/report"
	"glue-connector/internal/trial"
)

// loadPlan reads the test plan: if tests are asked for, or for its problems if
// there is one.
func (r *run) loadPlan() {
	in := r.in
	if !find("test-plan").In(in.Mode) || r.connector.Config == nil {
		return
	}
	raw, err := r.ws.Read(in.TestPlan, trial.MaxPlanSize)
	if errors.Is(err, fs.ErrNotExist) && !in.PlanGiven && !r.testing() {
		return
	}
	if err != nil {
		r.problems = append(r.problems, fileProblem("test-plan", in.TestPlan, err))
		return
	}
	c := r.connector.Config
	kind, known := connector.LinkType(c.Text(connector.KeyConnectorType))
	if class := c.Text(connector.KeyClassName); known && class != "" {
		r.plan = trial.Parse(r.ws.Display(r.ws.Full(in.TestPlan)), raw, trial.Kind(strings.ToLower(kind)), class)
		return
	}
	if in.Mode == Test { // else the rules about the config say it
		r.problems = append(r.problems, Problem{"config-path", "the config names no connectortype or no classname, and the tests need both", "Run mode: check, and mend what it finds."})
	}
}

// testing tells that the plan's tests are to be run.
func (r *run) testing() bool { return r.in.Mode == Test || r.in.Mode.pushes() && r.in.RunTests }

// test runs the plan's tests and judges what comes of them.
func (r *run) test(ctx context.Context) {
	if !r.testing() {
		return
	}
	if why := r.stopped(); why != "" {
		r.skip("test", why)
		return
	}
	if r.in.DryRun && r.in.Runner == trial.Glue {
		r.skip("test", "dry run: nothing is run on AWS Glue")
		return
	}
	if problems := r.plan.Unfit(trial.Target{Runner: r.in.Runner, Published: r.in.Published}); len(problems) > 0 {
		r.plan.Problems = problems
		r.judge(&check.Subject{Plan: r.plan})
		r.skip("test", report.Plural(len(problems), "error")+" found")
		return
	}
	tables, err := r.runTests(ctx)
	r.report.Tests = tables
	r.judge(&check.Subject{Plan: &trial.Plan{Path: r.plan.Path}, Tests: tables})
	for _, t := range tables {
		r.done("test", "%s", testLine(t))
		if !r.in.Quiet {
			fmt.Fprint(r.env.Stdout, report.TestsText(t, r.palette))
		}
	}
	if err != nil {
		r.fail("test", err)
	}
}

// runTests gives the tables, also those that an error cut short.
func (r *run) runTests(ctx context.Context) ([]trial.Table, error) {
	if r.in.Runner == trial.Glue {
		return r.testGlue(ctx)
	}
	return r.testLocal(ctx)
}

// testLine sums up a table.
func testLine(t trial.Table) string {
	parts := []string{fmt.Sprintf("%d of %s passed on %s", t.Count(trial.Passed), report.Plural(t.Count(trial.Passed)+t.Count(trial.NotPassed), "test"), t.On)}
	for _, o := range t.Outcomes {
		if o.Verdict == trial.NotTested {
			parts = append(parts, o.Test+" was not run: "+o.Why)
		}
	}
	return strings.Join(parts, "; ")
}

// testResult is passed, failed or skipped, "" where no tests were asked for.
func (r *run) testResult() string {
	result := trial.Verdict("")
	if r.testing() {
		result = trial.NotTested
	}
	for _, t := range r.report.Tests {
		switch {
		case t.Count(trial.NotPassed) > 0:
			return string(trial.NotPassed)
		case t.Count(trial.Passed) > 0:
			result = trial.Passed
		}
	}
	return string(result)
}
