package gluejob

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
)

// createJob makes the job of a Glue version. Its runs bring their own script along.
func (r *Runner) createJob(ctx context.Context, name string, j Job, script, extra string) error {
	if ctx.Err() != nil {
		return r.explain(ctx, "making the Glue job "+name, ctx.Err())
	}
	r.made.jobs = append(r.made.jobs, name)
	args := map[string]string{
		"--job-language": "python", "--job-bookmark-option": "job-bookmark-disable", "--TempDir": r.uri(r.key("out", j.Version, "tmp")) + "/",
	}
	if extra != "" {
		args["--extra-jars"] = extra
	}
	in := &glue.CreateJobInput{
		Name: &name, Role: &r.Role, Description: aws.String("Tests a connector. Made by glue-connector, which deletes it."),
		Command:           &types.JobCommand{Name: aws.String("glueetl"), PythonVersion: aws.String("3"), ScriptLocation: aws.String(r.uri(script))},
		DefaultArguments:  args,
		ExecutionProperty: &types.ExecutionProperty{MaxConcurrentRuns: int32(r.Most)},
		GlueVersion:       aws.String(j.Version), WorkerType: types.WorkerTypeG1x, NumberOfWorkers: aws.Int32(workers),
		Timeout: aws.Int32(int32(math.Ceil(r.Timeout.Minutes()))), MaxRetries: 0,
		Tags: map[string]string{"created-by": "glue-connector", "glue-connector-run": r.Name},
	}
	if c := slices.Concat(r.Connections, j.Connections); len(c) > 0 {
		in.Connections = &types.ConnectionsList{Connections: c}
	}
	call, done := lasting(ctx)
	defer done()
	_, err := r.glue.CreateJob(call, in)
	if _, ours := errors.AsType[*types.AlreadyExistsException](err); ours {
		return nil // the name is this run's own: an answer was lost
	}
	if err != nil {
		return r.explain(ctx, "making the Glue job "+name, err)
	}
	return nil
}

// start starts a run, or leaves it where it is if there is no room for it now. The
// SDK must not repeat the call: it has no token, and would start a second run.
func (r *Runner) start(ctx context.Context, one *run) (started bool, err error) {
	if ctx.Err() != nil {
		return false, r.explain(ctx, "starting "+one.trial.Name+" on Glue "+one.version, ctx.Err())
	}
	if one.unsure {
		if found, err := r.find(ctx, one); found || err != nil {
			return found, err
		}
	}
	one.tries++
	call, done := lasting(ctx)
	defer done()
	out, err := r.glue.StartJobRun(call, &glue.StartJobRunInput{JobName: &one.job, Arguments: map[string]string{
		"--scriptLocation": r.uri(one.script), "--nonce": one.nonce, "--result": r.uri(one.result), "--scratch": r.uri(one.scratch),
	}}, func(o *glue.Options) { o.Retryer = aws.NopRetryer{} })
	switch {
	case err == nil && aws.ToString(out.JobRunId) != "":
		one.id = *out.JobRunId
		return true, nil
	case noRoom(err):
		one.tries--
		return false, nil
	case ctx.Err() == nil && one.tries < maxTries && passing(err):
		one.unsure, r.made.unsure = true, true
		return false, nil
	}
	r.made.unsure = true
	if err == nil {
		err = errors.New("no run in Glue's answer")
	}
	return false, r.explain(ctx, "starting "+one.trial.Name+" on Glue "+one.version, err)
}

// find looks for a run whose start got no answer, by its nonce.
func (r *Runner) find(ctx context.Context, one *run) (bool, error) {
	found := false
	err := r.eachRun(ctx, one.job, func(j types.JobRun) {
		if j.Arguments["--nonce"] == one.nonce && !found {
			one.id, found = aws.ToString(j.Id), true
		}
	})
	if err != nil {
		return false, r.explain(ctx, "looking for the run of "+one.trial.Name, err)
	}
	return found, nil
}

// maxPages bounds what is read of a list, whatever its tokens say.
const maxPages = 50

func (r *Runner) eachRun(ctx context.Context, job string, f func(types.JobRun)) error {
	pages := glue.NewGetJobRunsPaginator(r.glue, &glue.GetJobRunsInput{JobName: &job},
		func(o *glue.GetJobRunsPaginatorOptions) { o.StopOnDuplicateToken = true })
	for range maxPages {
		if !pages.HasMorePages() {
			break
		}
		out, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, j := range out.JobRuns {
			f(j)
		}
	}
	return nil
}

// ended are the states after which nothing comes.
var ended = map[types.JobRunState]bool{
	types.JobRunStateSucceeded: true, types.JobRunStateFailed: true, types.JobRunStateTimeout: true,
	types.JobRunStateError: true, types.JobRunStateStopped: true, types.JobRunStateExpired: true,
}
