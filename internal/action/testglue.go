package action

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"glue-connector/internal/credentials"
	"glue-connector/internal/glue"
	"glue-connector/internal/gluejob"
	"glue-connector/internal/report"
	"glue-connector/internal/trial"
	"sync"
)

// GlueJobs is where on AWS tests run.
type GlueJobs struct {
	Role           string
	Bucket, Prefix string
	Most           int // runs at a time
	Connections    []string
}

// The grammar of a bucket, and keys that need no escape in any place.
var (
	s3Prefix = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:/[A-Za-z0-9_.=-]{1,100}){0,10})/?$`)
	})
	connection = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[A-Za-z0-9 _.-]{1,255}$`)
	})
)

// glueJobs reads what the runner glue cannot do without.
func (r *reader) glueJobs(s Settings) (g GlueJobs) {
	if s.Runner != trial.Glue || s.Mode != Test && !(s.Mode.pushes() && s.RunTests) {
		return g
	}
	g.Role, g.Connections = r.text("glue-role"), r.list("glue-connections")
	switch account := strings.Split(g.Role+":::::", ":")[4]; {
	case g.Role == "":
		r.problem("glue-role", "no role is named for the Glue jobs", "Give the ARN of a role that trusts glue.amazonaws.com; the README has its policy.")
	case !credentials.ValidRole(g.Role):
		r.problem("glue-role", fmt.Sprintf("%+q is no ARN of a role", g.Role), "Write it as arn:aws:iam::123456789012:role/my-role.")
	case g.Role == s.Role.ARN:
		r.problem("glue-role", "it is role-to-assume, too", "The connector's code runs with glue-role: give it a role of its own, which may do nothing but read its data.")
	case len(s.Allowed) > 0 && !slices.Contains(s.Allowed, account):
		r.problem("allowed-account-ids", fmt.Sprintf("glue-role is one of account %s, and %s", account, only(s.Allowed)), "Check glue-role.")
	}
	where := r.text("test-s3-prefix")
	m := s3Prefix().FindStringSubmatch(where)
	switch {
	case where == "":
		r.problem("test-s3-prefix", "no place in S3 is named", "Give a bucket in the region of the jobs, and a folder in it: s3://my-bucket/glue-connector")
	case m == nil || strings.Contains(where, ".."):
		r.problem("test-s3-prefix", fmt.Sprintf("%+q is no place in S3", where), "Write it as s3://my-bucket/glue-connector, with letters, digits and . _ = - in the folder's name.")
	default:
		g.Bucket, g.Prefix = m[1], strings.Trim(m[2], "/")
	}
	most, err := strconv.Atoi(r.text("max-concurrent-runs"))
	if err != nil || most < 1 || most > 50 {
		r.problem("max-concurrent-runs", fmt.Sprintf("%+q is no number from 1 to 50", r.text("max-concurrent-runs")), "An account may have 50 runs at a time, unless its quota was raised.")
	}
	g.Most = most
	for _, c := range g.Connections {
		if !connection().MatchString(c) {
			r.problem("glue-connections", fmt.Sprintf("%+q is no name of a connection", c), "Give the names of connections in the Data Catalog.")
		}
	}
	if s.TestTimeout < time.Minute {
		r.problem("test-timeout-minutes", "a Glue job needs a minute at least", "Give the minutes that one test may take, for example 15.")
	}
	return g
}

// defaultGlue is what Glue itself takes for a new job.
const defaultGlue = "5.1"

// testGlue runs the tests as jobs of AWS Glue, on each Glue version.
func (r *run) testGlue(ctx context.Context) ([]trial.Table, error) {
	cfg, err := r.config(ctx)
	if err != nil {
		r.failConfig("test", err)
		return nil, nil
	}
	if cfg.Region == "" {
		r.problems = append(r.problems, Problem{"aws-region", "the region of the Glue jobs is not known", "Give aws-region, or set AWS_REGION."})
		return nil, nil
	}
	in := r.in.GlueJobs
	trials, skipped := r.plan.Trials(trial.Target{Runner: trial.Glue, Published: r.in.Published})
	runner := gluejob.New(cfg, gluejob.Settings{
		Name: r.runName(), Role: in.Role, Bucket: in.Bucket, Prefix: in.Prefix, Most: in.Most, Timeout: r.in.TestTimeout, Connections: in.Connections,
	})
	runner.Observe, runner.Hurry = r.sayRun, r.signalled
	var jobs []gluejob.Job
	var tables []trial.Table
	for _, v := range r.glueVersions() {
		j := gluejob.Job{Version: v.Name, Trials: trials}
		if r.in.Published {
			j.Connections = []string{r.plan.Connection}
		}
		jobs = append(jobs, j)
		tables = append(tables, trial.Table{Runner: trial.Glue, On: "Glue " + v.Name, Glue: v.Name, Kind: r.plan.Kind, Published: r.in.Published})
	}
	var jars []gluejob.Jar
	for _, j := range r.connector.Jars {
		if !r.in.Published {
			jars = append(jars, gluejob.Jar{Name: j.Name, Size: j.Size, Content: j.Content})
		}
	}
	attempts, err := runner.Run(ctx, jobs, jars)
	begun := false
	for i := range tables {
		tables[i].Outcomes = trial.Judged(trials, attempts[i], skipped)
		begun = begun || slices.ContainsFunc(attempts[i], func(a trial.Attempt) bool { return a.RunID != "" })
	}
	if !begun && err != nil {
		return nil, err
	}
	return tables, err
}

// glueVersions are those to test on: the inputs', else the plan's.
func (r *run) glueVersions() []glue.Version {
	switch {
	case len(r.in.Glue) > 0:
		return r.in.Glue
	case len(r.plan.Versions) > 0:
		return r.plan.Versions
	}
	v, _ := glue.Find(defaultGlue)
	return []glue.Version{v}
}

// runName is one that no other run has, and that tells whose it is: a role's policy
// can allow gcv-*.
func (r *run) runName() string {
	unique := strings.ToLower(rand.Text()[:8])
	if run := runOf(r.env); r.env.inActions() && run.ID > 0 {
		return fmt.Sprintf("gcv-%d-%d-%s", run.ID, run.Attempt, unique)
	}
	return "gcv-" + unique
}

// sayRun tells that a run has begun or ended.
func (r *run) sayRun(e gluejob.Event) {
	if !r.in.Quiet && e.State != "RUNNING" {
		fmt.Fprint(r.env.Stdout, report.ProgressText("test", fmt.Sprintf("%s on Glue %s: %s, %s", e.Test, e.Version, e.RunID, e.State), r.palette))
	}
}

// glueRunsJSON are the runs for later steps, as many as an output holds.
func (r *run) glueRunsJSON() string {
	type entry struct {
		Test    string        `json:"test"`
		Glue    string        `json:"glue"`
		Run     string        `json:"run"`
		State   trial.State   `json:"state"`
		Verdict trial.Verdict `json:"verdict"`
	}
	var all []entry
	size := 2
	for _, t := range r.report.Tests {
		for _, o := range t.Outcomes {
			e := entry{o.Test, t.Glue, o.RunID, o.State, o.Verdict}
			b, err := json.Marshal(e)
			if size += len(b) + 1; err != nil || o.RunID == "" || size > maxOutput {
				continue
			}
			all = append(all, e)
		}
	}
	if len(all) == 0 {
		return ""
	}
	b, err := json.Marshal(all)
	if err != nil {
		return "" // cannot be: it is made of strings
	}
	return string(b)
}
