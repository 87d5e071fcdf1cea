package fake

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
)

type runInput struct {
	JobName              string
	Run                  string `json:"RunId"`
	PredecessorsIncluded bool
}

func (in *runInput) job() string { return in.JobName }

func (w *World) getJobRun(c *call, in *runInput) (any, *fault) {
	w.glue.mu.Lock()
	defer w.glue.mu.Unlock()
	if _, f := w.glue.find(c, in.JobName); f != nil {
		return nil, f
	}
	r := w.glue.run(c.region+"/"+in.JobName, in.Run)
	if r == nil {
		return nil, badRequest("EntityNotFoundException", "Job run %s not found", in.Run)
	}
	w.ask(r)
	return map[string]any{"JobRun": r.description()}, nil
}

// run is a run of a job, nil if there is none. The caller holds the lock.
func (g *glueJobs) run(key, id string) *glueRun {
	for _, r := range g.runs {
		if r.key == key && r.ID == id {
			return r
		}
	}
	return nil
}

type runsInput struct {
	JobName    string
	NextToken  string
	MaxResults int
}

func (in *runsInput) job() string { return in.JobName }

// getJobRuns lists the runs of a job, the newest first. It is no look at a run.
func (w *World) getJobRuns(c *call, in *runsInput) (any, *fault) {
	w.glue.mu.Lock()
	defer w.glue.mu.Unlock()
	if _, f := w.glue.find(c, in.JobName); f != nil {
		return nil, f
	}
	all := []any{}
	for _, r := range slices.Backward(w.glue.runs) {
		if r.key == c.region+"/"+in.JobName {
			all = append(all, r.description())
		}
	}
	from, _ := strconv.Atoi(in.NextToken)
	from = min(max(from, 0), len(all))
	to := min(from+cmp.Or(in.MaxResults, 200), len(all))
	out := map[string]any{"JobRuns": all[from:to]}
	if to < len(all) {
		out["NextToken"] = strconv.Itoa(to)
	}
	return out, nil
}

type stopInput struct {
	JobName   string
	JobRunIds []string
}

func (in *stopInput) job() string { return in.JobName }

func (w *World) batchStopJobRun(c *call, in *stopInput) (any, *fault) {
	if n := len(in.JobRunIds); n < 1 || n > 25 {
		return nil, badRequest("InvalidInputException", "1 validation error detected: Value at 'jobRunIds' failed to satisfy constraint")
	}
	w.glue.mu.Lock()
	defer w.glue.mu.Unlock()
	if _, f := w.glue.find(c, in.JobName); f != nil {
		return nil, f
	}
	stopped, failed := []any{}, []any{}
	for _, id := range in.JobRunIds {
		r := w.glue.run(c.region+"/"+in.JobName, id)
		switch {
		case r == nil:
			failed = append(failed, runFault(in.JobName, id, "JobRunNotInTerminalStateException", "Job run %s not found", id))
		case r.over():
			failed = append(failed, runFault(in.JobName, id, "JobRunCannotBeStoppedException", "Job run %s is in state %s", id, r.state))
		default:
			r.stopping = true
			w.age(r)
			stopped = append(stopped, map[string]string{"JobName": in.JobName, "JobRunId": id})
		}
	}
	return map[string]any{"SuccessfulSubmissions": stopped, "Errors": failed}, nil
}

// runFault is the detail of a run that cannot be stopped.
func runFault(job, id, code, format string, args ...any) map[string]any {
	return map[string]any{"JobName": job, "JobRunId": id,
		"ErrorDetail": map[string]string{"ErrorCode": code, "ErrorMessage": fmt.Sprintf(format, args...)}}
}
