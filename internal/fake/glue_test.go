package fake_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/google/go-cmp/cmp"

	"glue-connector/internal/fake"
)

const jobRole = "arn:aws:iam::123456789012:role/gcv-job"

func job(name string, most int32) *glue.CreateJobInput {
	return &glue.CreateJobInput{
		Name: &name, Role: aws.String(jobRole), GlueVersion: aws.String("5.0"), WorkerType: types.WorkerTypeG1x, NumberOfWorkers: aws.Int32(2), Timeout: aws.Int32(15),
		Command:           &types.JobCommand{Name: aws.String("glueetl"), ScriptLocation: aws.String("s3://scripts/a.py"), PythonVersion: aws.String("3")},
		ExecutionProperty: &types.ExecutionProperty{MaxConcurrentRuns: most},
		DefaultArguments:  map[string]string{"--a": "job", "--b": "job"},
		Tags:              map[string]string{"by": "test"},
	}
}

// glueWorld has a role and a script.
func glueWorld(t *testing.T) (*fake.World, *glue.Client) {
	w := newWorld(t)
	w.CreateGlueRole(jobRole)
	w.CreateBucket("scripts", region)
	putObject(t, w, "scripts", "a.py", "print()")
	return w, glue.NewFromConfig(awsConfig(t, w))
}

func TestCreateJob(t *testing.T) {
	w, c := glueWorld(t)
	ctx := context.Background()
	for name, tc := range map[string]struct {
		change func(*glue.CreateJobInput)
		want   string
	}{
		"role":    {func(in *glue.CreateJobInput) { in.Role = aws.String("arn:aws:iam::123456789012:role/other") }, "InvalidInputException"},
		"script":  {func(in *glue.CreateJobInput) { in.Command.ScriptLocation = aws.String("a.py") }, "InvalidInputException"},
		"version": {func(in *glue.CreateJobInput) { in.GlueVersion = aws.String("5.5") }, "InvalidInputException"},
		"workers": {func(in *glue.CreateJobInput) { in.NumberOfWorkers = aws.Int32(1) }, "InvalidInputException"},
		"unknown": {func(in *glue.CreateJobInput) { in.LogUri = aws.String("x") }, "SerializationException"},
		"fine":    {func(in *glue.CreateJobInput) {}, "<nil>"},
		"again":   {func(in *glue.CreateJobInput) { in.Name = aws.String("fine") }, "<nil>"},
		"other":   {func(in *glue.CreateJobInput) { in.Name, in.Timeout = aws.String("fine"), aws.Int32(16) }, "IdempotentParameterMismatchException"},
	} {
		if name == "again" || name == "other" {
			if _, err := c.CreateJob(ctx, job("fine", 2)); err != nil {
				t.Fatal(err)
			}
		}
		in := job(name, 2)
		tc.change(in)
		if _, err := c.CreateJob(ctx, in); code(err) != tc.want {
			t.Errorf("%s: %v, want %s", name, err, tc.want)
		}
	}
	w.Deny("iam:PassRole")
	if _, err := c.CreateJob(ctx, job("x", 1)); code(err) != "AccessDeniedException" || !strings.Contains(err.Error(), "iam:PassRole on resource: "+jobRole) {
		t.Errorf("without iam:PassRole: %v", err)
	}
	tags, err := c.GetTags(ctx, &glue.GetTagsInput{ResourceArn: aws.String("arn:aws:glue:us-east-1:123456789012:job/fine")})
	if err != nil || tags.Tags["by"] != "test" {
		t.Errorf("tags %v, %v", tags, err)
	}
	if _, err := c.DeleteJob(ctx, &glue.DeleteJobInput{JobName: aws.String("fine")}); err != nil || len(w.GlueJobs()) != 0 {
		t.Errorf("after a delete: %v, %v", w.GlueJobs(), err)
	}
	if _, err := c.GetJob(ctx, &glue.GetJobInput{JobName: aws.String("fine")}); code(err) != "EntityNotFoundException" {
		t.Errorf("a job that is gone: %v", err)
	}
}

// A run goes through its states by being asked about, and writes at its end.
func TestJobRun(t *testing.T) {
	w, c := glueWorld(t)
	ctx := context.Background()
	if _, err := c.CreateJob(ctx, job("j", 2)); err != nil {
		t.Fatal(err)
	}
	var seen fake.JobRun
	w.OnJobRun(func(r fake.JobRun) fake.JobOutcome {
		seen = r
		return fake.JobOutcome{First: []string{"WAITING", "STARTING"}, Ticks: 2, State: "FAILED", Error: "why",
			Objects: map[string][]byte{r.Arguments["--out"]: []byte("result")}, Log: []string{"a line"}, LogDelay: 1}
	})
	start := func() (string, error) {
		out, err := c.StartJobRun(ctx, &glue.StartJobRunInput{JobName: aws.String("j"), Arguments: map[string]string{"--b": "run", "--out": "s3://scripts/out"}})
		if err != nil {
			return "", err
		}
		return *out.JobRunId, nil
	}
	id, err := start()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"--a": "job", "--b": "run", "--out": "s3://scripts/out"}, seen.Arguments); diff != "" || seen.Script != "print()" {
		t.Errorf("script %q, arguments (-want +got):\n%s", seen.Script, diff)
	}
	var states []types.JobRunState
	var last *types.JobRun
	for last == nil || last.CompletedOn == nil {
		out, err := c.GetJobRun(ctx, &glue.GetJobRunInput{JobName: aws.String("j"), RunId: &id})
		if err != nil {
			t.Fatal(err)
		}
		last = out.JobRun
		states = append(states, last.JobRunState)
	}
	if diff := cmp.Diff([]types.JobRunState{"WAITING", "STARTING", "RUNNING", "RUNNING", "FAILED"}, states); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
	if *last.ErrorMessage != "why" || last.ExecutionTime != 60 || *last.MaxCapacity != 2 {
		t.Errorf("ended as %+v", last)
	}
	if diff := cmp.Diff([]string{"a.py", "out"}, w.Objects("scripts")); diff != "" {
		t.Error(diff)
	}
	l := cloudwatchlogs.NewFromConfig(awsConfig(t, w))
	in := &cloudwatchlogs.GetLogEventsInput{LogGroupName: aws.String("/aws-glue/jobs/error"), LogStreamName: &id, StartFromHead: aws.Bool(true)}
	if _, err := l.GetLogEvents(ctx, in); code(err) != "ResourceNotFoundException" {
		t.Errorf("too early: %v", err)
	}
	if out, err := l.GetLogEvents(ctx, in); err != nil || len(out.Events) != 1 || *out.Events[0].Message != "a line" {
		t.Errorf("log %v, %v", out, err)
	}
}

// Of a job with one run at a time the second one is refused, until the first is
// stopped; without its script a run fails.
func TestConcurrentRuns(t *testing.T) {
	w, c := glueWorld(t)
	ctx := context.Background()
	if _, err := c.CreateJob(ctx, job("j", 1)); err != nil {
		t.Fatal(err)
	}
	w.OnJobRun(func(fake.JobRun) fake.JobOutcome { return fake.JobOutcome{State: "RUNNING"} })
	in := &glue.StartJobRunInput{JobName: aws.String("j")}
	run, err := c.StartJobRun(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.StartJobRun(ctx, in); code(err) != "ConcurrentRunsExceededException" {
		t.Errorf("second run: %v", err)
	}
	out, err := c.BatchStopJobRun(ctx, &glue.BatchStopJobRunInput{JobName: aws.String("j"), JobRunIds: []string{*run.JobRunId, "jr_0"}})
	if err != nil || len(out.SuccessfulSubmissions) != 1 || len(out.Errors) != 1 {
		t.Errorf("stopped %+v, %v", out, err)
	}
	var get *glue.GetJobRunOutput
	for range 2 {
		get, err = c.GetJobRun(ctx, &glue.GetJobRunInput{JobName: aws.String("j"), RunId: run.JobRunId})
	}
	if err != nil || get.JobRun.JobRunState != types.JobRunStateStopped {
		t.Errorf("state %v, %v", get, err)
	}
	in.Arguments = map[string]string{"--scriptLocation": "s3://scripts/gone.py"}
	if run, err = c.StartJobRun(ctx, in); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		get, err = c.GetJobRun(ctx, &glue.GetJobRunInput{JobName: aws.String("j"), RunId: run.JobRunId})
	}
	if err != nil || get.JobRun.JobRunState != types.JobRunStateFailed || !strings.Contains(*get.JobRun.ErrorMessage, "gone.py not found") {
		t.Errorf("without a script: %+v, %v", get, err)
	}
	if runs := w.JobRuns(); len(runs) != 2 || runs[0].State != "STOPPED" || runs[1].Began < runs[0].Ended {
		t.Errorf("record %+v", runs)
	}
}

// The clock waits for every run to be asked about.
func TestClock(t *testing.T) {
	w, c := glueWorld(t)
	ctx := context.Background()
	if _, err := c.CreateJob(ctx, job("j", 2)); err != nil {
		t.Fatal(err)
	}
	var ids []*string
	for range 2 {
		run, err := c.StartJobRun(ctx, &glue.StartJobRunInput{JobName: aws.String("j")})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, run.JobRunId)
	}
	for range 10 {
		if _, err := c.GetJobRun(ctx, &glue.GetJobRunInput{JobName: aws.String("j"), RunId: ids[0]}); err != nil {
			t.Fatal(err)
		}
	}
	if runs := w.JobRuns(); runs[0].Ended >= 0 {
		t.Errorf("one of two was asked about, and time passed: %+v", runs)
	}
	for range 3 {
		for _, id := range ids {
			if _, err := c.GetJobRun(ctx, &glue.GetJobRunInput{JobName: aws.String("j"), RunId: id}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if runs := w.JobRuns(); runs[0].Ended != 2 || runs[1].Ended != 2 {
		t.Errorf("record %+v", runs)
	}
}

func TestLogPages(t *testing.T) {
	w := newWorld(t)
	var want []string
	for i := range 250 {
		want = append(want, fmt.Sprint("line ", i))
	}
	w.WriteLog("g", "s", want...)
	c, ctx := cloudwatchlogs.NewFromConfig(awsConfig(t, w)), context.Background()
	var got []string
	pages := cloudwatchlogs.NewGetLogEventsPaginator(c, &cloudwatchlogs.GetLogEventsInput{LogGroupName: aws.String("g"), LogStreamName: aws.String("s"), StartFromHead: aws.Bool(true)},
		func(o *cloudwatchlogs.GetLogEventsPaginatorOptions) { o.StopOnDuplicateToken = true })
	for pages.HasMorePages() {
		out, err := pages.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range out.Events {
			got = append(got, *e.Message)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	last, err := c.GetLogEvents(ctx, &cloudwatchlogs.GetLogEventsInput{LogGroupName: aws.String("g"), LogStreamName: aws.String("s"), Limit: aws.Int32(2)})
	if err != nil || len(last.Events) != 2 || *last.Events[1].Message != "line 249" {
		t.Errorf("the end: %+v, %v", last, err)
	}
	got = nil
	filter := cloudwatchlogs.NewFilterLogEventsPaginator(c, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("g"), LogStreamNames: []string{"s"}, FilterPattern: aws.String(`"line 24"`)})
	for filter.HasMorePages() {
		out, err := filter.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range out.Events {
			got = append(got, *e.Message)
		}
	}
	if len(got) != 11 {
		t.Errorf("filtered %q", got)
	}
}

func TestSecrets(t *testing.T) {
	w := newWorld(t)
	w.PutSecret(region, "db", `{"user":"u"}`)
	c, ctx := secretsmanager.NewFromConfig(awsConfig(t, w)), context.Background()
	out, err := c.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: aws.String("db")})
	if err != nil || *out.SecretString != `{"user":"u"}` {
		t.Fatalf("%+v, %v", out, err)
	}
	described, err := c.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: out.ARN})
	if err != nil || *described.Name != "db" {
		t.Errorf("%+v, %v", described, err)
	}
	if _, err := c.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: aws.String("none")}); code(err) != "ResourceNotFoundException" {
		t.Error(err)
	}
	w.Deny("secretsmanager:GetSecretValue")
	if _, err := c.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: aws.String("db")}); code(err) != "AccessDeniedException" {
		t.Error(err)
	}
}
