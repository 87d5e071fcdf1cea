package fake

import (
	"cmp"
	"encoding/json"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"

	strict "github.com/go-json-experiment/json"
)

const glueTarget = "AWSGlue."

// glueJobs are the jobs and the runs of a world.
type glueJobs struct {
	mu     sync.Mutex
	jobs   map[string]*glueJob // by region + "/" + name
	runs   []*glueRun          // in order of their start, also of jobs that are gone
	roles  map[string]bool     // that trust Glue
	script func(JobRun) JobOutcome
	now    int // the clock, in ticks
	limit  int // of runs of the account at a time
}

func newGlueJobs() *glueJobs {
	return &glueJobs{jobs: map[string]*glueJob{}, roles: map[string]bool{}, limit: 50,
		script: func(JobRun) JobOutcome { return JobOutcome{} }}
}

// glueJob is a job as CreateJob takes it. What is not here is refused: a member that
// no fake knows would be ignored by accident.
type glueJob struct {
	Name              string
	Description       string
	Role              string
	Command           glueCommand
	ExecutionProperty *struct{ MaxConcurrentRuns int }
	DefaultArguments  map[string]string
	Connections       *struct{ Connections []string }
	MaxRetries        int
	Timeout           int // minutes
	GlueVersion       string
	WorkerType        string
	NumberOfWorkers   int
	ExecutionClass    string
	Tags              map[string]string

	body []byte // of the call that made it
}

type glueCommand struct{ Name, ScriptLocation, PythonVersion string }

func (j *glueJob) most() int {
	if j.ExecutionProperty == nil {
		return 1
	}
	return j.ExecutionProperty.MaxConcurrentRuns
}

var glueOperations = map[string]operation{
	"CreateJob":       glueOp("glue:CreateJob", (*World).createJob),
	"GetJob":          glueOp("glue:GetJob", (*World).getJob),
	"DeleteJob":       glueOp("glue:DeleteJob", (*World).deleteJob),
	"GetTags":         glueOp("glue:GetTags", (*World).getTags),
	"TagResource":     glueOp("glue:TagResource", (*World).tagResource),
	"StartJobRun":     glueOp("glue:StartJobRun", (*World).startJobRun),
	"GetJobRun":       glueOp("glue:GetJobRun", (*World).getJobRun),
	"GetJobRuns":      glueOp("glue:GetJobRuns", (*World).getJobRuns),
	"BatchStopJobRun": glueOp("glue:BatchStopJobRun", (*World).batchStopJobRun),
}

func (w *World) serveGlue(rw http.ResponseWriter, c *call) { w.serveJSON(rw, c, glueOperations) }

// named is an input that is about one job.
type named interface{ job() string }

func (j *glueJob) job() string { return j.Name }

// same tells that a call asks for what there is: to it, CreateJob is idempotent.
func (j *glueJob) same(other *glueJob) bool {
	a, b := *j, *other
	a.body, b.body = nil, nil
	return reflect.DeepEqual(a, b)
}

// glueOp decodes the input, of which no member may be unknown, and asks for
// permission on the job before op.
func glueOp[In any](action string, op func(*World, *call, *In) (any, *fault)) operation {
	return func(w *World, c *call) (any, *fault) {
		in := new(In)
		if f := decodeStrictly(c.body, in); f != nil {
			return nil, f
		}
		if msg := w.denialOf(c.arn, action, jobARN(c, any(in).(named).job()), nil); msg != "" {
			return nil, badRequest("AccessDeniedException", "%s", msg)
		}
		return op(w, c, in)
	}
}

// decodeStrictly refuses what AWS would not look at: names that are unknown, come
// twice or differ in case.
func decodeStrictly(body []byte, into any) *fault {
	if err := strict.Unmarshal(body, into, strict.RejectUnknownMembers(true)); err != nil {
		return badRequest("SerializationException", "%v", err)
	}
	return nil
}

func jobARN(c *call, name string) string {
	return "arn:aws:glue:" + c.region + ":" + c.account + ":job/" + cmp.Or(name, "*")
}

// CreateGlueRole makes a role that Glue may work as.
func (w *World) CreateGlueRole(arn string) {
	w.glue.mu.Lock()
	defer w.glue.mu.Unlock()
	w.glue.roles[arn] = true
}

// GlueJobs lists the jobs that there are, sorted.
func (w *World) GlueJobs() (names []string) {
	w.glue.mu.Lock()
	defer w.glue.mu.Unlock()
	for key := range w.glue.jobs {
		_, name, _ := strings.Cut(key, "/")
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

var (
	jobName     = regexp.MustCompile(`^[\x20-\x{D7FF}\x{E000}-\x{FFFD}\t]{1,255}$`)
	glueVersion = regexp.MustCompile(`^(0\.9|1\.0|2\.0|3\.0|4\.0|5\.0|5\.1|6\.0)$`)
	s3Object    = regexp.MustCompile(`^s3://[a-z0-9.-]{3,63}/.+$`)
)

// wrong is what CreateJob refuses of a job, "" for nothing.
func (j *glueJob) wrong() string {
	switch {
	case !jobName.MatchString(j.Name):
		return "1 validation error detected: Value at 'name' failed to satisfy constraint"
	case j.Role == "":
		return "Role should not be null or empty"
	case j.Command.Name != "glueetl":
		return "Command name should be glueetl"
	case !s3Object.MatchString(j.Command.ScriptLocation):
		return "Script location should be an S3 path"
	case !glueVersion.MatchString(j.GlueVersion):
		return "Glue version " + j.GlueVersion + " is not supported"
	case j.WorkerType != "G.1X" && j.WorkerType != "G.2X" || j.NumberOfWorkers < 2:
		return "Worker Type and Number of Workers are both required, of at least 2 workers"
	case j.most() < 1 || j.Timeout < 1 || j.MaxRetries < 0 || j.MaxRetries > 10:
		return "MaxConcurrentRuns, Timeout or MaxRetries is out of range"
	}
	return ""
}

func (w *World) createJob(c *call, j *glueJob) (any, *fault) {
	if wrong := j.wrong(); wrong != "" {
		return nil, badRequest("InvalidInputException", "%s", wrong)
	}
	if msg := w.denialOf(c.arn, "iam:PassRole", j.Role, map[string]string{"iam:PassedToService": "glue.amazonaws.com"}); msg != "" {
		return nil, badRequest("AccessDeniedException", "%s", msg)
	}
	if len(j.Tags) > 0 {
		if msg := w.denialOf(c.arn, "glue:TagResource", jobARN(c, j.Name), nil); msg != "" {
			return nil, badRequest("AccessDeniedException", "%s", msg)
		}
	}
	w.glue.mu.Lock()
	defer w.glue.mu.Unlock()
	if !w.glue.roles[j.Role] {
		return nil, badRequest("InvalidInputException", "Role %s should be given assume role permissions for Glue Service.", j.Role)
	}
	key := c.region + "/" + j.Name
	j.body = c.body
	if old := w.glue.jobs[key]; old != nil && !old.same(j) {
		return nil, badRequest("IdempotentParameterMismatchException", "Job with name: '%s' already submitted with different configuration.", j.Name)
	}
	w.glue.jobs[key] = j
	return map[string]string{"Name": j.Name}, nil
}

type jobInput struct{ JobName string }

func (in *jobInput) job() string { return in.JobName }

// find is a job of the call's region. The caller holds the lock.
func (g *glueJobs) find(c *call, name string) (*glueJob, *fault) {
	j := g.jobs[c.region+"/"+name]
	if j == nil {
		return nil, badRequest("EntityNotFoundException", "Job %s not found", name)
	}
	return j, nil
}

func (w *World) getJob(c *call, in *jobInput) (any, *fault) {
	w.glue.mu.Lock()
	defer w.glue.mu.Unlock()
	j, f := w.glue.find(c, in.JobName)
	if f != nil {
		return nil, f
	}
	var out map[string]any
	if err := json.Unmarshal(j.body, &out); err != nil {
		return nil, badRequest("InternalServiceException", "%v", err)
	}
	delete(out, "Tags")
	return map[string]any{"Job": out}, nil
}

// deleteJob is fine with a job that is not there, as the API's reference says. Runs
// go on.
func (w *World) deleteJob(c *call, in *jobInput) (any, *fault) {
	w.glue.mu.Lock()
	defer w.glue.mu.Unlock()
	delete(w.glue.jobs, c.region+"/"+in.JobName)
	return map[string]string{"JobName": in.JobName}, nil
}
