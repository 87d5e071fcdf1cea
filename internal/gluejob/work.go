package gluejob

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"glue-connector/internal/trial"
)

// run is one run of a trial, from before its start to after its end.
type run struct {
	trial           trial.Trial
	version, job    string
	nonce           string
	script          string // keys of S3
	result, scratch string
	attempt         *trial.Attempt

	id     string // once it was started
	state  types.JobRunState
	tries  int  // of its start
	unsure bool // a start got no answer
	silent int  // times in a row that Glue said nothing of it
	asked  int  // times that its log was asked for
}

// maxTries is how often in a row a call may fail that AWS's SDK has repeated by itself.
const maxTries = 5

// The times between two looks at the runs. A run takes a minute at least; the first
// looks find those that fail at once. AWS tells no rate for these calls; people met
// throttling with tens of them at once, and the spacing keeps to ten a second whatever
// the number of runs.
const (
	soonest = 500 * time.Millisecond
	latest  = 15 * time.Second
	spacing = 100 * time.Millisecond
)

// nonce is what no data that a script reads can know.
func nonce() string { return strings.ToLower(rand.Text()) }

// work starts what is queued, as much at a time as may be, and looks at what runs until
// all of it has ended. One loop does all calls, so that their rate has a bound.
func (r *Runner) work(ctx context.Context, queue []*run) error {
	var active, reading []*run
	wait := soonest
	for len(queue)+len(active)+len(reading) > 0 {
		var err error
		if queue, active, err = r.fill(ctx, queue, active); err != nil {
			return err
		}
		if err := r.sleep(ctx, max(wait, time.Duration(len(active))*spacing)); err != nil {
			return r.explain(ctx, "waiting for "+waitingFor(queue, active, reading), err)
		}
		var still, unread []*run
		news := false
		for _, one := range active {
			changed, err := r.look(ctx, one)
			if err != nil {
				return err
			}
			if news = news || changed; ended[one.state] {
				reading = append(reading, one)
			} else {
				still = append(still, one)
			}
		}
		active = still
		// What there is room for now starts before what has ended is read.
		if queue, active, err = r.fill(ctx, queue, active); err != nil {
			return err
		}
		for _, one := range reading {
			done, err := r.read(ctx, one)
			if err != nil {
				return err
			}
			if !done {
				unread = append(unread, one)
			}
		}
		reading = unread
		if wait = min(wait*8/5, latest); news {
			wait = soonest
		}
	}
	return r.unread
}

func waitingFor(queue, active, reading []*run) string {
	switch {
	case len(active) > 0:
		return fmt.Sprintf("%s on Glue %s, which is %s", active[0].trial.Name, active[0].version, active[0].state)
	case len(reading) > 0:
		return "the log of " + reading[0].id
	}
	return fmt.Sprintf("room for %s on Glue %s", queue[0].trial.Name, queue[0].version)
}

// fill starts runs from the head of the queue while there is room.
func (r *Runner) fill(ctx context.Context, queue, active []*run) ([]*run, []*run, error) {
	for len(queue) > 0 && len(active) < r.Most {
		one := queue[0]
		started, err := r.start(ctx, one)
		if err != nil || !started {
			return queue, active, err
		}
		one.attempt.RunID, one.attempt.Nonce = one.id, one.nonce
		one.attempt.URL, one.attempt.LogURL = r.runURL(one), r.logURL(one.id)
		r.made.runs = append(r.made.runs, one)
		one.state = types.JobRunStateStarting
		r.tell(one)
		queue, active = queue[1:], append(active, one)
	}
	return queue, active, nil
}

func (r *Runner) tell(one *run) {
	if r.Observe != nil {
		r.Observe(Event{Test: one.trial.Name, Version: one.version, RunID: one.id, State: string(one.state)})
	}
}

// look asks Glue how a run is, and tells whether that is something new.
func (r *Runner) look(ctx context.Context, one *run) (news bool, err error) {
	out, err := r.glue.GetJobRun(ctx, &glue.GetJobRunInput{JobName: &one.job, RunId: &one.id})
	if err == nil && out.JobRun == nil {
		err = errors.New("no run in Glue's answer")
	}
	if err != nil {
		if one.silent++; ctx.Err() == nil && one.silent < maxTries && !denied(err) {
			return false, nil
		}
		return false, r.explain(ctx, "looking at the run "+one.id, err)
	}
	one.silent = 0
	j := out.JobRun
	if news = one.state != j.JobRunState; news {
		one.state = j.JobRunState
		r.tell(one)
	}
	if !ended[one.state] {
		return news, nil
	}
	a := one.attempt
	a.State, a.Message, a.Seconds = trial.State(one.state), aws.ToString(j.ErrorMessage), float64(j.ExecutionTime)
	if one.state == types.JobRunStateExpired {
		a.State = trial.Timeout // in the queue
	}
	// Glue counts DPU-seconds itself only for jobs that scale.
	if a.DPUSeconds = aws.ToFloat64(j.DPUSeconds); a.DPUSeconds == 0 {
		dpus := aws.ToFloat64(j.MaxCapacity)
		if dpus == 0 {
			dpus = workers
		}
		a.DPUSeconds = a.Seconds * dpus
	}
	return news, nil
}

func (r *Runner) console() string {
	switch {
	case strings.HasPrefix(r.region, "cn-"):
		return "https://" + r.region + ".console.amazonaws.cn"
	case strings.HasPrefix(r.region, "us-gov-"):
		return "https://" + r.region + ".console.amazonaws-us-gov.com"
	}
	return "https://" + r.region + ".console.aws.amazon.com"
}

func (r *Runner) runURL(one *run) string {
	return fmt.Sprintf("%s/gluestudio/home?region=%s#/job/%s/run/%s", r.console(), r.region, one.job, one.id)
}

// logURL writes the group's name as the console does in its fragment: percent-encoded
// twice, with $ for %.
func (r *Runner) logURL(id string) string {
	return fmt.Sprintf("%s/cloudwatch/home?region=%s#logsV2:log-groups/log-group/%s/log-events/%s",
		r.console(), r.region, strings.ReplaceAll(errorLog, "/", "$252F"), id)
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
