package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"glue-connector/internal/fake"
	"glue-connector/internal/trial"
)

const (
	glueRole   = "arn:aws:iam::123456789012:role/gcv-job"
	glueBucket = "our-tests"
)

// glue [BEHAVIOUR]...: Glue has a role and S3 a bucket, and jobs run as each behaviour
// says for a test: rows=N, STATE, hang, forged, late, no-log, TEST:BEHAVIOUR for one
// test.
func glue(ts *testscript.TestScript, _ bool, args []string) {
	w := world(ts)
	w.CreateGlueRole(glueRole)
	w.CreateBucket(glueBucket, "us-east-1")
	w.OnJobRun(glueScript(args...))
}

// glueScript plays the scripts of tests: it reads a thousand rows with an id, unless it
// is told something else.
func glueScript(behaviours ...string) func(fake.JobRun) fake.JobOutcome {
	return func(r fake.JobRun) fake.JobOutcome {
		name := r.Arguments["--scriptLocation"]
		name = strings.TrimSuffix(name[strings.LastIndexByte(name, '/')+1:], ".py")
		rows := int64(1000)
		result := trial.Result{Nonce: r.Arguments["--nonce"], Test: name, Schema: []trial.Column{{Name: "id", Type: "int"}}, Count: &rows, Partitions: trial.Ref(4), Seconds: 1}
		if name == "DataTypeMappingTest" {
			result.Schema[0].Type = "string"
		}
		if name == "FilterPredicateTest" {
			rows = 0
		}
		if strings.Contains(r.Script, "place = args") {
			result.Back = &rows
		}
		o := fake.JobOutcome{Log: []string{"started"}}
		forged := false
		for _, b := range behaviours {
			if test, own, ok := strings.Cut(b, ":"); ok {
				if test != name {
					continue
				}
				b = own
			}
			switch n, isRows := strings.CutPrefix(b, "rows="); {
			case isRows:
				rows, _ = strconv.ParseInt(n, 10, 64)
			case b == "hang":
				o.State = "RUNNING"
			case b == "late":
				o.LogDelay = 3
			case b == "no-log":
				o.NoLog = true
			case b == "forged":
				forged = true
			case b == "no-class":
				o.State, o.Error = "FAILED", "An error occurred while calling o110.getDynamicFrame"
				o.Log = append(o.Log, "java.lang.ClassNotFoundException: com.acme.Missing", "\tat java.net.URLClassLoader.findClass")
			default:
				o.State = b
			}
		}
		if forged { // by a row of the table
			result.Nonce = "guess"
		}
		b, _ := json.Marshal(result)
		o.Log = append(o.Log, trial.Marker+result.Nonce+" "+string(b))
		if o.State == "" && !forged {
			o.Objects = map[string][]byte{r.Arguments["--result"]: b}
		}
		return o
	}
}

// gluejobs: prints the jobs and the objects that there are, and each run with its job,
// state and arguments.
func glueJobs(ts *testscript.TestScript, _ bool, _ []string) {
	w := world(ts)
	fmt.Fprintf(ts.Stdout(), "%d jobs %q\n%d objects %q\n%d runs\n", len(w.GlueJobs()), w.GlueJobs(), len(w.Objects(glueBucket)), w.Objects(glueBucket), len(w.JobRuns()))
	for _, r := range w.JobRuns() {
		fmt.Fprintln(ts.Stdout(), r.Job, r.ID, r.State, r.Arguments)
	}
}

const tenLines = `options:
  url: jdbc:demo://db.example.com/shop
  dbTable: orders
secret: {id: shop/orders}
expect:
  count: 1000
  schema: {id: int}
`
