package action

import (
	"context"
	"errors"
	"fmt"

	"glue-connector/internal/report"
)

// link puts the activation link into the report. It is made even if the push
// failed, so that people see it; it is not made of values that break a rule.
func (r *run) link() {
	l := r.connector.Link
	if l == nil {
		return
	}
	if l.URL == "" {
		r.skip("link", "its image is not known: give repository, with aws-account-id or as a full URI")
		return
	}
	if why := r.stopped(); why != "" {
		r.skip("link", why)
		return
	}
	r.report.Link = report.NewLink(l)
	r.done("link", "%s", r.report.Link.URL)
}

// finish decides how the run ended and tells everyone: the log, the report's
// file, the summary, the annotations, the outputs.
func (r *run) finish(ctx context.Context) int {
	r.tellProblems()
	code := r.code()
	switch {
	case code != exitFine && !r.onlyUnattached():
		r.report.Result = report.Failed
	case r.report.Result != "":
	case r.in.DryRun:
		r.report.Result = report.DryRun
	default:
		r.report.Result = map[Mode]report.Result{
			Check: report.Checked, Build: report.Built, Push: report.Pushed, Verify: report.Verified, Test: report.Tested, Comment: report.Commented,
		}[r.in.Mode]
	}
	if err := r.tell(ctx); err != nil {
		r.fail("outputs", err)
		code = max(code, exitFailed)
	}
	fmt.Fprint(r.env.Stdout, "\n"+r.report.Verdict(r.palette))
	if r.env.JSON != nil {
		b, err := r.report.JSON()
		if _, err2 := r.env.JSON.Write(b); err != nil || err2 != nil {
			return exitFailed // there is no one left to tell
		}
	}
	return code
}

func (r *run) tellProblems() {
	for _, p := range r.problems {
		r.step(report.Step{Name: "input", Status: report.Broken, Detail: p.String(), Hint: p.Advice, Kind: "inputs"})
	}
}

// code is the exit code. A push that an error kept from starting is a failure
// whatever fail-on says: a green release with nothing in the registry is a lie.
func (r *run) code() int {
	errors, warnings := r.report.Errors(), r.report.Warnings()
	switch {
	case len(r.problems) > 0:
		return exitInputs
	case r.brokenSteps() > 0:
		return exitFailed
	case errors > 0 && (r.in.FailOn != "never" || r.in.Mode.pushes() || r.in.Mode == Build),
		warnings > 0 && r.in.FailOn == "warning":
		return exitFindings
	}
	return exitFine
}

func (r *run) brokenSteps() int {
	n := 0
	for _, s := range r.report.Failures() {
		if s.Kind != "inputs" {
			n++
		}
	}
	return n
}

// tell shows the report to everyone: by files, annotations, the summary, the pull
// request's comment. What fails keeps no one from the others. The outputs come
// last, since one of them is the comment's URL.
func (r *run) tell(ctx context.Context) error {
	err := errors.Join(r.writeReport(), r.writeSARIF(), r.writeTestReport())
	if r.env.inActions() {
		annotate(r.env.Stdout, r.report)
	}
	if path := r.env.Getenv("GITHUB_STEP_SUMMARY"); path != "" {
		// A heading right behind the HTML of a run before would be a part of that.
		if err := appendFile(path, "\n"+r.report.Summary(r.origin)); err != nil {
			fmt.Fprintf(r.env.Stdout, "- the job summary could not be written: %s\n", report.Line(err.Error()))
		}
	}
	if err = errors.Join(err, r.comment(ctx)); err != nil {
		r.report.Result = report.Failed // as the exit code says
	}
	return errors.Join(err, writeOutputs(r.env.Getenv("GITHUB_OUTPUT"), r.outputs()))
}

func (r *run) writeReport() error {
	path := r.in.ReportFile
	if path == "" && r.env.inActions() && r.in.Mode != Comment {
		path = "glue-connector-report.json"
	}
	if path == "" {
		return nil
	}
	b, err := r.report.JSON()
	if err == nil {
		err = r.ws.Write(path, b)
	}
	if err != nil {
		return fmt.Errorf("writing the report to %s: %w", path, err)
	}
	r.reportPath = r.ws.Display(r.ws.Full(path))
	return nil
}

func (r *run) writeSARIF() error {
	path := r.in.SARIFFile
	if path == "" {
		return nil
	}
	b, err := r.report.SARIF()
	if err == nil {
		err = r.ws.Write(path, b)
	}
	if err != nil {
		return fmt.Errorf("writing SARIF to %s: %w", path, err)
	}
	return nil
}

// writeTestReport writes the test matrix to be mailed, if tests were run.
func (r *run) writeTestReport() error {
	path := r.in.TestReport
	if path == "" || len(r.report.Tests) == 0 {
		return nil
	}
	if err := r.ws.Write(path, []byte(r.report.TestReport())); err != nil {
		return fmt.Errorf("writing the test report to %s: %w", path, err)
	}
	return nil
}
