// Package gluejob runs trials as jobs of AWS Glue, as step 6 of the guide asks: it
// uploads the scripts and the jars to S3, makes a job for each Glue version, starts the
// runs, brings back what came of them, and takes away all that it made, however it
// ended.
//
// It never calls a trial passed or failed: that is for whoever reads what it brings. It
// never starts one trial twice, and never touches a job or an object of another name
// than its own.
package gluejob

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"glue-connector/internal/trial"
)

// workers are those of a job, of type G.1X, a DPU each: the fewest that Glue takes. A
// minute of them is the least that it charges.
const workers = 2

// Settings say where trials run and as whom.
type Settings struct {
	// Name is this run's own: its jobs are called by it, and its objects lie under it.
	// Letters, digits and dashes, 3 to 100 of them.
	Name string
	// Role is the ARN of the role that the jobs work as. It runs the connector's code.
	Role string
	// Bucket and Prefix are where in S3; the prefix has no slash at its ends.
	Bucket, Prefix string
	// Most is how many runs there may be at a time, of all jobs together.
	Most int
	// Timeout is how long one run may take, in whole minutes from 1 on.
	Timeout time.Duration
	// Connections of the Data Catalog that all jobs use, such as one into a VPC.
	Connections []string
}

// Jar is a jar that the jobs get by --extra-jars.
type Jar struct {
	Name    string // without a comma, at which Glue divides them
	Size    int64  // bytes
	Content io.ReaderAt
}

// Job is what is tried on one Glue version.
type Job struct {
	Version string // 5.1
	Trials  []trial.Trial
	// Connections are those that the job has besides those of the settings.
	Connections []string
}

// Event says that a run has got to another state.
type Event struct {
	Test, Version, RunID, State string
}

// Runner runs trials on Glue.
type Runner struct {
	Settings
	// Observe hears of each change of a run. It may be nil.
	Observe func(Event)
	// Hurry tells, also after the context's end, that there are few seconds left. It may
	// be nil.
	Hurry func() bool

	region string
	glue   *glue.Client
	s3     *s3.Client
	logs   *cloudwatchlogs.Client
	sleep  func(context.Context, time.Duration) error
	made   made
	unread error // why a log could not be read
}

// New makes a runner with the region and the credentials of cfg.
func New(cfg aws.Config, s Settings) *Runner {
	return &Runner{
		Settings: s, region: cfg.Region,
		glue: glue.NewFromConfig(cfg), logs: cloudwatchlogs.NewFromConfig(cfg),
		s3:    s3.NewFromConfig(cfg, func(o *s3.Options) { o.DisableLogOutputChecksumValidationSkipped = true }),
		sleep: sleep,
	}
}

// Run runs the trials of all jobs and returns what came of each, in their order. Of
// a trial that never ended the state is empty. An error says why not all of them
// have ended, or that something is left behind.
func (r *Runner) Run(ctx context.Context, jobs []Job, jars []Jar) (attempts [][]trial.Attempt, err error) {
	for _, j := range jobs {
		attempts = append(attempts, make([]trial.Attempt, len(j.Trials)))
	}
	defer func() {
		if left := r.cleanUp(ctx); err == nil {
			err = left
		}
	}()
	extra, err := r.uploadJars(ctx, jars)
	if err != nil {
		return attempts, err
	}
	var queue []*run
	for i, j := range jobs {
		runs, err := r.prepare(ctx, j, extra)
		if err != nil {
			return attempts, err
		}
		for k, one := range runs {
			one.attempt = &attempts[i][k]
		}
		queue = append(queue, runs...)
	}
	return attempts, r.work(ctx, queue)
}

// prepare uploads a job's scripts, makes the job, and lists the runs that are to be.
func (r *Runner) prepare(ctx context.Context, j Job, extra string) (runs []*run, err error) {
	name := r.Name + "-" + strings.ReplaceAll(j.Version, ".", "-")
	for _, t := range j.Trials {
		one := &run{trial: t, version: j.Version, job: name, nonce: nonce()}
		one.script = r.key("in", j.Version, t.File())
		one.result = r.key("out", j.Version, t.Name+".json")
		one.scratch = r.key("out", j.Version, "scratch")
		if err := r.put(ctx, one.script, strings.NewReader(t.Script()), int64(len(t.Script()))); err != nil {
			return nil, err
		}
		runs = append(runs, one)
	}
	if len(runs) == 0 {
		return nil, nil
	}
	return runs, r.createJob(ctx, name, j, runs[0].script, extra)
}

// key is a key of this run's own. What lies under in is for the job's role to read,
// what lies under out for it to write.
func (r *Runner) key(parts ...string) string {
	return r.root() + strings.Join(parts, "/")
}

// root is what all keys of the run begin with.
func (r *Runner) root() string {
	if r.Prefix == "" {
		return r.Name + "/"
	}
	return r.Prefix + "/" + r.Name + "/"
}

func (r *Runner) uri(key string) string { return "s3://" + r.Bucket + "/" + key }

// uploadJars puts the jars where the jobs find them, and returns the value of
// --extra-jars.
func (r *Runner) uploadJars(ctx context.Context, jars []Jar) (string, error) {
	var uris []string
	for _, j := range jars {
		key := r.key("in", "jars", j.Name)
		if err := r.put(ctx, key, io.NewSectionReader(j.Content, 0, j.Size), j.Size); err != nil {
			return "", err
		}
		uris = append(uris, r.uri(key))
	}
	return strings.Join(uris, ","), nil
}

// slowest is the rate that an upload may not fall below, in bytes a second: a stall
// ends in time, and a slow line is no failure.
const slowest = 256 << 10

// put uploads an object. It is known as made before it is, since an answer may be lost.
func (r *Runner) put(ctx context.Context, key string, body io.Reader, size int64) error {
	if ctx.Err() != nil {
		return r.explain(ctx, "uploading "+r.uri(key), ctx.Err())
	}
	r.made.objects = append(r.made.objects, key)
	patience := 30*time.Second + time.Duration(size/slowest)*time.Second
	call, done := lasting(ctx)
	defer done()
	_, err := r.s3.PutObject(call, &s3.PutObjectInput{Bucket: &r.Bucket, Key: &key, Body: body, ContentLength: &size},
		func(o *s3.Options) {
			if c, ok := o.HTTPClient.(*awshttp.BuildableClient); ok {
				o.HTTPClient = c.WithTimeout(patience)
			}
		})
	if err != nil {
		return r.explain(ctx, "uploading "+r.uri(key), err)
	}
	return nil
}

// last is how long a call that makes something goes on after the context's end.
const last = time.Second

// lasting is a context for calls that make something. One that is cut off in the midst
// may be done all the same, and after what it made was to be deleted.
func lasting(ctx context.Context) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(last, cancel) })
	return longer, func() {
		stop()
		cancel()
	}
}
