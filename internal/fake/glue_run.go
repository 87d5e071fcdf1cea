package fake

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"strings"
	"time"
)

// JobRun is a run that begins: what its script can know.
type JobRun struct {
	Job, ID, GlueVersion string
	Connections          []string // of the job
	// Arguments are those of the job and of the run.
	Arguments map[string]string
	// Script is what the script's object holds, which Arguments may name.
	Script string
	// Object reads what an s3:// URI names.
	Object func(uri string) ([]byte, bool)
}

// JobOutcome is what becomes of a run.
type JobOutcome struct {
	State string // SUCCEEDED if it is empty; RUNNING for a run that never ends
	Error string // ErrorMessage
	// Ticks is how long it runs; one if it is zero.
	Ticks int
	// First are states before RUNNING, a tick each; STARTING if it is nil.
	First []string
	// StopTicks is how long it takes to stop; one if it is zero.
	StopTicks int
	// DPUSeconds is reported if it is not zero: Glue does for runs with autoscaling.
	DPUSeconds float64
	// Objects are written at the end, by s3:// URI.
	Objects map[string][]byte
	// Log has a line a message. It goes to the group /aws-glue/jobs/error, in a stream
	// that is called as the run: with NoLog never, and with LogDelay after so many
	// attempts to read it.
	Log      []string
	NoLog    bool
	LogDelay int
}

// glueRun is a run. Its time is the world's, in ticks.
type glueRun struct {
	JobRun
	key              string // of its job
	workers, timeout int
	outcome          JobOutcome
	began, finished  int // finished is -1 before
	seen             bool
	state            string
	stopping         bool
	stopTicks        int // since then
}

// tickSeconds is how long a tick is for whoever reads times.
const tickSeconds = 30

var runEpoch = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func (r *glueRun) over() bool { return r.finished >= 0 }

// OnJobRun sets what becomes of the runs that begin from now on.
func (w *World) OnJobRun(script func(JobRun) JobOutcome) {
	w.glue.mu.Lock()
	defer w.glue.mu.Unlock()
	w.glue.script = script
}

// LimitJobRuns sets how many runs the account may have at a time; 50 else.
func (w *World) LimitJobRuns(n int) {
	w.glue.mu.Lock()
	defer w.glue.mu.Unlock()
	w.glue.limit = n
}

// RunRecord is when a run was, in ticks of the world's clock. A tick passes when
// each run that is under way was asked about, and one of them is again: how fast the
// asking is does not count. Ended is -1 for a run that is under way.
type RunRecord struct {
	Job, ID, State string
	Began, Ended   int
	Arguments      map[string]string
}

// JobRuns lists the runs of all jobs, in the order in which they began.
func (w *World) JobRuns() (all []RunRecord) {
	w.glue.mu.Lock()
	defer w.glue.mu.Unlock()
	for _, r := range w.glue.runs {
		all = append(all, RunRecord{r.Job, r.ID, r.state, r.began, r.finished, maps.Clone(r.Arguments)})
	}
	return all
}

type startInput struct {
	JobName         string
	Arguments       map[string]string
	Timeout         int
	WorkerType      string
	NumberOfWorkers int
}

func (in *startInput) job() string { return in.JobName }

func (w *World) startJobRun(c *call, in *startInput) (any, *fault) {
	w.glue.mu.Lock()
	j, f := w.glue.find(c, in.JobName)
	if f == nil {
		f = w.glue.full(c.region+"/"+in.JobName, j)
	}
	if f != nil {
		w.glue.mu.Unlock()
		return nil, f
	}
	args := map[string]string{}
	maps.Copy(args, j.DefaultArguments)
	maps.Copy(args, in.Arguments)
	run := JobRun{Job: j.Name, ID: runID(), GlueVersion: j.GlueVersion, Arguments: args, Object: w.objectAt}
	if j.Connections != nil {
		run.Connections = j.Connections.Connections
	}
	r := &glueRun{JobRun: run, key: c.region + "/" + j.Name, workers: j.NumberOfWorkers, timeout: cmp.Or(in.Timeout, j.Timeout),
		began: w.glue.now, finished: -1, state: "STARTING"}
	w.glue.runs = append(w.glue.runs, r)
	script := w.glue.script
	w.glue.mu.Unlock()

	outcome := w.launch(&run, cmp.Or(args["--scriptLocation"], j.Command.ScriptLocation), script)
	w.glue.mu.Lock()
	defer w.glue.mu.Unlock()
	r.outcome = outcome
	if r.outcome.First == nil {
		r.outcome.First = []string{"STARTING"}
	}
	r.outcome.Ticks = max(r.outcome.Ticks, 1)
	w.age(r)
	return map[string]string{"JobRunId": r.ID}, nil
}

// launch is what the script does, if Glue can get it and the jars.
func (w *World) launch(run *JobRun, location string, script func(JobRun) JobOutcome) JobOutcome {
	b, ok := w.objectAt(location)
	if !ok {
		return JobOutcome{State: "FAILED", Error: "LAUNCH ERROR | File " + location + " not found. Please refer logs for details."}
	}
	for uri := range strings.SplitSeq(run.Arguments["--extra-jars"], ",") {
		if _, ok := w.objectAt(uri); uri != "" && !ok {
			return JobOutcome{State: "FAILED", Error: "LAUNCH ERROR | Failed to download " + uri + ". Please refer logs for details."}
		}
	}
	run.Script = string(b)
	return script(*run)
}

// full refuses a run where as many are under way as may be. The caller holds the lock.
func (g *glueJobs) full(key string, j *glueJob) *fault {
	ofJob, all := 0, 0
	for _, r := range g.runs {
		if !r.over() {
			all++
			if r.key == key {
				ofJob++
			}
		}
	}
	switch {
	case ofJob >= j.most():
		return badRequest("ConcurrentRunsExceededException", "Concurrent runs exceeded for %s", j.Name)
	case all >= g.limit:
		return badRequest("ConcurrentRunsExceededException", "Max concurrent runs exceeded for account")
	}
	return nil
}

func runID() string {
	sum := sha256.Sum256([]byte(rand.Text()))
	return "jr_" + hex.EncodeToString(sum[:])
}

// ask is a look of the client at a run. Time passes when each run that is under way
// was looked at, and then one of them is again: a client that looks at all of them in
// turn sees all of them at one time. The caller holds the lock.
func (w *World) ask(r *glueRun) {
	all := true
	for _, other := range w.glue.runs {
		all = all && (other.over() || other.seen)
	}
	if all && !r.over() {
		w.glue.now++
		for _, other := range w.glue.runs {
			other.seen = false
			w.age(other)
		}
	}
	r.seen = true
}

// age brings a run to the state that it is in by now.
func (w *World) age(r *glueRun) {
	age := w.glue.now - r.began
	before := len(r.outcome.First)
	switch {
	case r.over():
	case r.stopping:
		if r.stopTicks++; r.stopTicks > max(r.outcome.StopTicks, 1) {
			r.state, r.finished = "STOPPED", w.glue.now
			return
		}
		r.state = "STOPPING"
	case age < before:
		r.state = r.outcome.First[age]
	case age < before+r.outcome.Ticks || r.outcome.State == "RUNNING":
		r.state = "RUNNING"
		if age*tickSeconds > r.timeout*60 {
			r.state, r.finished = "TIMEOUT", w.glue.now
			r.outcome.Error = "Job run exceeded its timeout"
		}
	default:
		r.state, r.finished = cmp.Or(r.outcome.State, "SUCCEEDED"), w.glue.now
		for uri, b := range r.outcome.Objects {
			w.putObjectAt(uri, b)
		}
		if !r.outcome.NoLog {
			w.logs.add("/aws-glue/jobs/error", r.ID, r.outcome.LogDelay, r.outcome.Log)
		}
	}
}

// description is the type JobRun of the API.
func (r *glueRun) description() map[string]any {
	at := func(tick int) float64 {
		return float64(runEpoch.Add(time.Duration(tick) * tickSeconds * time.Second).Unix())
	}
	d := map[string]any{
		"Id": r.ID, "Attempt": 0, "JobName": r.Job, "JobRunState": r.state, "Arguments": r.Arguments, "StartedOn": at(r.began),
		"LogGroupName": "/aws-glue/jobs", "GlueVersion": r.GlueVersion, "WorkerType": "G.1X", "NumberOfWorkers": r.workers,
		"MaxCapacity": float64(r.workers), "Timeout": r.timeout, "ExecutionTime": 0, "ExecutionClass": "STANDARD",
	}
	if r.over() {
		d["CompletedOn"], d["ExecutionTime"] = at(r.finished), tickSeconds*max(r.finished-r.began-len(r.outcome.First), 0)
		if r.outcome.DPUSeconds > 0 {
			d["DPUSeconds"] = r.outcome.DPUSeconds
		}
		if r.outcome.Error != "" {
			d["ErrorMessage"] = r.outcome.Error
		}
	}
	return d
}
