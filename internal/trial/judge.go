package trial

import (
	"cmp"
	"slices"
)

// State is how a job run ended, in Glue's words.
type State string

// The states that a run can end in. A runner that is not Glue uses them as well.
const (
	Succeeded State = "SUCCEEDED"
	Failed    State = "FAILED"
	Timeout   State = "TIMEOUT"
	Stopped   State = "STOPPED"
	Error     State = "ERROR"
)

// Attempt is what a runner brings back of one trial.
type Attempt struct {
	State State // "" for one that was not begun
	// Message is the runner's own word on why a run failed: Glue's ErrorMessage.
	Message string
	// Object is what the script wrote to --result, nil if there is nothing.
	Object []byte
	// Log is what the script and the connector printed, or the end of it; ""
	// where it never came.
	Log   string
	Nonce string

	RunID      string  // jr_…, "" for a run that is no job
	URL        string  // of the run in Glue's console
	LogURL     string  // of its log
	Seconds    float64 // of the run, as the runner counts
	DPUSeconds float64
}

// Verdict is how a trial came out.
type Verdict string

// The verdicts.
const (
	Passed    Verdict = "passed"
	NotPassed Verdict = "failed"
	NotTested Verdict = "skipped"
)

// Outcome is one row of the guide's table.
type Outcome struct {
	Test    string  `json:"test"` // as the guide's tables have it: DataSourceTest
	Verdict Verdict `json:"verdict"`
	// Why says in a line what was expected and what came, or why the test was
	// not run. It may quote untrusted text.
	Why string `json:"why,omitempty"`
	// Line is the decisive line of the log, and Advice what to do.
	Line   string `json:"line,omitempty"`
	Advice string `json:"advice,omitempty"`
	// Note says what the plan left open and a default filled in.
	Note string `json:"note,omitempty"`

	Expected Expect `json:"expected,omitzero"`
	Actual   Expect `json:"actual,omitzero"`

	State      State   `json:"state,omitempty"`
	RunID      string  `json:"runId,omitempty"`
	URL        string  `json:"url,omitempty"`
	LogURL     string  `json:"logUrl,omitempty"`
	Seconds    float64 `json:"seconds,omitempty"`
	DPUSeconds float64 `json:"dpuSeconds,omitempty"`
}

// Table is the guide's table for one runner and Glue version.
type Table struct {
	Runner Runner `json:"runner"`
	// On says what it ran on: Glue 5.0, plain Spark 3.5.6. Plain Spark is never
	// called Glue.
	On string `json:"on"`
	// Glue is the version of Glue, "" for plain Spark.
	Glue      string `json:"glue,omitempty"`
	Kind      Kind   `json:"kind"`
	Published bool   `json:"published"`
	// Outcomes are in the order of the guide's table, tests of the plan's own
	// last. Tests that do not apply are not in it.
	Outcomes []Outcome `json:"outcomes"`
}

// Count tells how many outcomes have a verdict.
func (t Table) Count(v Verdict) int {
	n := 0
	for _, o := range t.Outcomes {
		if o.Verdict == v {
			n++
		}
	}
	return n
}

// Skip is the outcome of a test that was not run.
func Skip(s Skipped) Outcome { return Outcome{Test: s.Name, Verdict: NotTested, Why: s.Why} }

// Judge says how a trial came out. The object that the script wrote goes before
// the log, and without either the trial has failed.
func Judge(t Trial, a Attempt) Outcome {
	o := Outcome{
		Test: t.Name, Verdict: NotPassed, Note: t.Note, Expected: t.Expect,
		State: a.State, RunID: a.RunID, URL: a.URL, LogURL: a.LogURL, Seconds: a.Seconds, DPUSeconds: a.DPUSeconds,
	}
	if a.State == "" {
		o.Verdict, o.Why = NotTested, "the run was stopped before it began"
		return o
	}
	var r *Result
	var unread error
	if a.Object != nil {
		r, unread = ReadResult(a.Object, t.Name, a.Nonce)
	}
	if r == nil {
		r = FindResult(a.Log, t.Name, a.Nonce)
	}
	if r != nil {
		o.Actual = Expect{Schema: r.Schema, Count: r.Count, Partitions: r.Partitions}
		if o.Seconds == 0 {
			o.Seconds = r.Seconds
		}
	}
	switch {
	case r != nil && r.Error != "":
		o.explain("the script failed", r.Error, a)
	case a.State == Timeout:
		o.explain("it did not end in time", "", a)
	case a.State == Stopped:
		o.Why, o.Advice = "the run was stopped before it ended", "Run it again."
	case r == nil && unread != nil:
		o.explain("its result cannot be read: "+quote(unread.Error()), "", a)
	case r == nil:
		o.explain("it ended without a result", "", a)
	case a.State != Succeeded:
		o.explain("the script had a result, and the run failed all the same", "", a)
	default:
		o.compare(*r)
	}
	return o
}

// explain looks for the decisive line: in what the script caught, else in the
// runner's message, else in the log.
func (o *Outcome) explain(what, caught string, a Attempt) {
	o.Why = what
	for _, text := range []string{caught, a.Message, a.Log} {
		if c, ok := Diagnose(text); ok {
			o.Line, o.Advice = c.Line, c.Advice
			o.Why += ": " + c.What
			return
		}
	}
	o.Line = cmp.Or(lastError(caught), lastError(a.Message), lastError(a.Log))
	o.Advice = "Look at the whole log of the run; the line shown is the last that tells of an error."
	if o.Line == "" {
		o.Advice = "There is no log: look at the run where it ran."
	}
}

// Judged are the outcomes of all trials and of those that were not run, in the
// order of the guide's table, the plan's own last.
func Judged(trials []Trial, attempts []Attempt, skipped []Skipped) []Outcome {
	all := []Outcome{}
	for i, t := range trials {
		all = append(all, Judge(t, attempts[i]))
	}
	for _, s := range skipped {
		all = append(all, Skip(s))
	}
	place := func(o Outcome) int {
		if i := slices.IndexFunc(Tests, func(t Test) bool { return t.Title() == o.Test }); i >= 0 {
			return i
		}
		return len(Tests)
	}
	slices.SortStableFunc(all, func(a, b Outcome) int { return place(a) - place(b) })
	return all
}
