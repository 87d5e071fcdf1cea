package gluejob_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/config"

	"glue-connector/internal/fake"
	"glue-connector/internal/gluejob"
	"glue-connector/internal/trial"
)

const (
	region = "us-east-1"
	role   = "arn:aws:iam::123456789012:role/gcv-job"
	bucket = "our-tests"
)

// newWorld is one with a role for jobs and a bucket, in which every run reads what its
// test expects.
func newWorld(t *testing.T) *fake.World {
	t.Helper()
	w, err := fake.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	w.CreateGlueRole(role)
	w.CreateBucket(bucket, region)
	w.OnJobRun(reads(expected(t)))
	return w
}

// plan is the one of testdata, for a JDBC connector.
func plan(t *testing.T) *trial.Plan {
	t.Helper()
	const path = "../../testdata/trial/jdbc.yaml"
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	p := trial.Parse(path, b, trial.JDBC, "com.example.Driver")
	if len(p.Problems) > 0 {
		t.Fatalf("problems: %+v", p.Problems)
	}
	return p
}

func trials(t *testing.T) []trial.Trial {
	t.Helper()
	all, _ := plan(t).Trials(trial.Target{Runner: trial.Glue})
	if len(all) < 10 {
		t.Fatalf("%d trials", len(all))
	}
	return all
}

// expected is what each test is to read, by name.
func expected(t *testing.T) map[string]trial.Result {
	all := map[string]trial.Result{}
	for _, one := range trials(t) {
		r := trial.Result{Test: one.Name, Schema: one.Expect.Schema, Count: one.Expect.Count, Partitions: one.Expect.Partitions, Seconds: 1}
		if one.Stored || one.Sink != nil {
			r.Back = r.Count
		}
		all[one.Name] = r
	}
	return all
}

// testOf is the name of the test that a run is of.
func testOf(r fake.JobRun) string {
	at := r.Arguments["--scriptLocation"]
	return strings.TrimSuffix(at[strings.LastIndexByte(at, '/')+1:], ".py")
}

// reads is a script that tells what it read.
func reads(results map[string]trial.Result) func(fake.JobRun) fake.JobOutcome {
	return func(r fake.JobRun) fake.JobOutcome {
		b := result(r, results[testOf(r)])
		return fake.JobOutcome{
			Objects: map[string][]byte{r.Arguments["--result"]: b, r.Arguments["--scratch"] + "/part-0.parquet": []byte("data")},
			Log:     []string{"started", trial.Marker + r.Arguments["--nonce"] + " " + string(b)},
		}
	}
}

func result(r fake.JobRun, what trial.Result) []byte {
	what.Nonce = r.Arguments["--nonce"]
	b, _ := json.Marshal(what)
	return b
}

func settings() gluejob.Settings {
	return gluejob.Settings{Name: "gcv-1-1-test", Role: role, Bucket: bucket, Prefix: "ci/gcv", Most: 4, Timeout: 15 * time.Minute}
}

// newRunner is a runner in a hurry, with the program's own configuration of the SDK
// but for its waits.
func newRunner(t *testing.T, w *fake.World) *gluejob.Runner {
	t.Helper()
	for _, kv := range w.Env() {
		k, v, _ := strings.Cut(kv, "=")
		t.Setenv(k, v)
	}
	cfg, err := config.LoadDefaultConfig(context.Background(), config.WithRegion(region), config.WithRetryer(func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts = 6; o.MaxBackoff = time.Millisecond })
	}))
	if err != nil {
		t.Fatal(err)
	}
	r := gluejob.New(cfg, settings())
	r.Hasten()
	return r
}

func jars() []gluejob.Jar {
	var all []gluejob.Jar
	for _, name := range []string{"demo.jar", "lib one.jar"} {
		all = append(all, gluejob.Jar{Name: name, Size: 3, Content: strings.NewReader("jar")})
	}
	return all
}

// checkNothingLeft checks that S3 and Glue are as they were before.
func checkNothingLeft(t *testing.T, w *fake.World) {
	t.Helper()
	if left := w.Objects(bucket); len(left) > 0 {
		t.Errorf("left in S3: %q", left)
	}
	if left := w.GlueJobs(); len(left) > 0 {
		t.Errorf("left in Glue: %q", left)
	}
	for _, r := range w.JobRuns() {
		if r.Ended < 0 {
			t.Errorf("still runs: %+v", r)
		}
	}
}

// faults answers the first n requests that match by h; if apply, after they were done.
func faults(w *fake.World, n int64, apply bool, match func(*http.Request) bool, h http.HandlerFunc) {
	var left atomic.Int64
	left.Store(n)
	w.Intercept(func(r *http.Request) http.Handler {
		if !match(r) || left.Add(-1) < 0 {
			return nil
		}
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if apply {
				w.ServeHTTP(&void{}, r)
			}
			h(rw, r)
		})
	})
}

type void struct{}

func (*void) Header() http.Header         { return http.Header{} }
func (*void) Write(b []byte) (int, error) { return len(b), nil }
func (*void) WriteHeader(int)             {}

func callOf(action string) func(*http.Request) bool {
	return func(r *http.Request) bool { return strings.HasSuffix(r.Header.Get("X-Amz-Target"), "."+action) }
}
