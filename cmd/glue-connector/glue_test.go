//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

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

// A signal stops the runs of tests on Glue and takes away what was made for them, within
// the time that a runner gives.
func TestSignalsWhileTesting(t *testing.T) {
	for at, match := range map[string]func(*http.Request) bool{
		"jars":  func(r *http.Request) bool { return r.Method == "PUT" && strings.HasSuffix(r.URL.Path, ".jar") },
		"job":   callOf("CreateJob"),
		"start": callOf("StartJobRun"),
		"wait":  callOf("GetJobRun"),
	} {
		for _, signal := range []os.Signal{syscall.SIGTERM, syscall.SIGINT} {
			t.Run(at+"/"+signal.String(), func(t *testing.T) {
				t.Parallel()
				p := startTest(t, match)
				p.awaitReached(t)
				start := time.Now()
				if err := p.Process.Signal(signal); err != nil {
					t.Fatal(err)
				}
				p.Wait()
				if d := time.Since(start); d > 6*time.Second+busyMachine {
					t.Errorf("ended after %v", d)
				}
				p.checkReport(t, "cancelled", "while ")
				p.checkNothingLeft(t)
				if runs := p.world.JobRuns(); slices.ContainsFunc(runs, func(r fake.RunRecord) bool { return r.State != "STOPPED" }) || at == "wait" && len(runs) == 0 {
					t.Errorf("runs %+v", runs)
				}
			})
		}
	}
}

// startTest starts a test of the demo connector on Glue, whose runs never end.
func startTest(t *testing.T, match func(*http.Request) bool) *program {
	t.Helper()
	p := prepareTest(t, match, "us-east-1", "hang")
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Process.Kill() })
	return p
}

// prepareTest is a test of the demo connector on Glue, not started yet. The requests
// that match are served, and told of.
func prepareTest(t *testing.T, match func(*http.Request) bool, region string, behaviours ...string) *program {
	t.Helper()
	w, err := fake.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	w.CreateGlueRole(glueRole)
	w.CreateBucket(glueBucket, region)
	w.OnJobRun(glueScript(behaviours...))
	p := &program{world: w, dir: t.TempDir(), reached: make(chan struct{}, 100)}
	w.Intercept(func(r *http.Request) http.Handler {
		if match(r) {
			select {
			case p.reached <- struct{}{}:
			default:
			}
		}
		return nil
	})
	copyDemo(t, p.dir)
	if err := os.WriteFile(filepath.Join(p.dir, "glue-tests.yaml"), []byte(tenLines), 0o644); err != nil {
		t.Fatal(err)
	}
	p.Cmd = exec.Command("glue-connector", "test", "--runner", "glue", "--jars", "demo.jar", "--aws-region", region,
		"--glue-role", glueRole, "--test-s3-prefix", "s3://"+glueBucket+"/gcv", "--report-file", "report.json")
	p.Dir, p.Stdout, p.Stderr = p.dir, &p.out, &p.out
	p.Env = append(append(os.Environ(), w.Env()...), "GITHUB_OUTPUT="+filepath.Join(p.dir, "out"))
	return p
}
