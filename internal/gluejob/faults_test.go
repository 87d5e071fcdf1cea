package gluejob_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"glue-connector/internal/fake"
	"glue-connector/internal/gluejob"
	"glue-connector/internal/trial"
)

func job(t *testing.T) []gluejob.Job {
	return []gluejob.Job{{Version: "5.1", Trials: trials(t)[:3]}}
}

// What AWS refuses is said with what to allow, and what was made before is taken away.
func TestDenied(t *testing.T) {
	for action, leaves := range map[string]bool{
		"s3:PutObject": false, "s3:GetObject": false, "s3:DeleteObject": true, "s3:ListBucket": true,
		"glue:CreateJob": false, "glue:TagResource": false, "iam:PassRole": false, "glue:StartJobRun": false, "glue:GetJobRun": false, "glue:DeleteJob": true,
		"logs:GetLogEvents": false,
	} {
		t.Run(action, func(t *testing.T) {
			w := newWorld(t)
			if action == "logs:GetLogEvents" {
				w.OnJobRun(func(fake.JobRun) fake.JobOutcome { return fake.JobOutcome{State: "FAILED"} })
			}
			w.Deny(action)
			r := newRunner(t, w)
			r.Most = 1
			attempts, err := r.Run(context.Background(), job(t), jars())
			var e *gluejob.Error
			if !errors.As(err, &e) || e.Kind != gluejob.Auth || !strings.Contains(e.Hint(), action) {
				t.Fatalf("%v", err)
			}
			if last := attempts[0][2]; action == "logs:GetLogEvents" && last.State != trial.Failed {
				t.Errorf("a log that may not be read keeps other tests from their end: %+v", last)
			}
			if action == "glue:GetJobRun" {
				return // nobody sees the runs stop
			}
			if !leaves {
				checkNothingLeft(t, w)
			} else if !strings.Contains(e.Hint(), "Delete what is left yourself: ") {
				t.Errorf("hint %q", e.Hint())
			}
		})
	}
}

// What the inputs name and AWS does not have.
func TestMissing(t *testing.T) {
	for name, tc := range map[string]struct {
		change  func(*fake.World, *gluejob.Runner)
		message string
		hint    string
	}{
		"bucket":              {func(_ *fake.World, r *gluejob.Runner) { r.Bucket = "other" }, "uploading s3://other/ci/gcv/", "there is no bucket other"},
		"bucket of elsewhere": {func(w *fake.World, r *gluejob.Runner) { w.CreateBucket("far", "eu-west-1"); r.Bucket = "far" }, "uploading", "another region than us-east-1"},
		"role":                {func(_ *fake.World, r *gluejob.Runner) { r.Role += "2" }, "making the Glue job gcv-1-1-test-5-1", "Check glue-role"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			r := newRunner(t, w)
			tc.change(w, r)
			_, err := r.Run(context.Background(), job(t), jars())
			var e *gluejob.Error
			if tc.message == "" {
				if err != nil {
					t.Error(err)
				}
			} else if !errors.As(err, &e) || !strings.Contains(e.Error(), tc.message) || !strings.Contains(e.Hint(), tc.hint) {
				t.Errorf("%v", err)
			}
			checkNothingLeft(t, w)
		})
	}
}

var answers = map[string]http.HandlerFunc{
	"throttled": func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "application/x-amz-json-1.1")
		rw.WriteHeader(400)
		rw.Write([]byte(`{"__type":"ThrottlingException","message":"Rate exceeded"}`))
	},
	"503":   func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(503) },
	"reset": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
}

// Passing faults of every call, also of calls that were done, change nothing: no trial
// runs twice.
func TestPassingFaults(t *testing.T) {
	s3 := func(method string) func(*http.Request) bool {
		return func(r *http.Request) bool { return r.Header.Get("X-Amz-Content-Sha256") != "" && r.Method == method }
	}
	calls := map[string]func(*http.Request) bool{
		"CreateJob": callOf("CreateJob"), "StartJobRun": callOf("StartJobRun"), "GetJobRun": callOf("GetJobRun"), "GetJobRuns": callOf("GetJobRuns"),
		"DeleteJob": callOf("DeleteJob"), "GetLogEvents": callOf("GetLogEvents"), "PUT": s3("PUT"), "GET": s3("GET"), "POST": s3("POST"),
	}
	for call, match := range calls {
		for kind, answer := range answers {
			for _, apply := range []bool{false, true} {
				if apply && kind == "throttled" || strings.ToUpper(call) == call && kind == "throttled" {
					continue // what is refused is not done, and S3 has other words
				}
				name := call + "/" + kind
				if apply {
					name += " after it was done"
				}
				t.Run(name, func(t *testing.T) {
					w := newWorld(t)
					faults(w, 3, apply, match, answer)
					attempts, err := newRunner(t, w).Run(context.Background(), job(t), jars())
					if err != nil {
						t.Fatal(err)
					}
					for i, a := range attempts[0] {
						if o := trial.Judge(job(t)[0].Trials[i], a); o.Verdict != trial.Passed {
							t.Errorf("%+v", o)
						}
					}
					if n := len(w.JobRuns()); n != 3 {
						t.Errorf("%d runs of 3 trials", n)
					}
					checkNothingLeft(t, w)
				})
			}
		}
	}
}

// A call that never works ends the run, and the rest is taken away.
func TestLastingFaults(t *testing.T) {
	for _, action := range []string{"CreateJob", "StartJobRun", "GetJobRun"} {
		t.Run(action, func(t *testing.T) {
			w := newWorld(t)
			faults(w, 1000, false, callOf(action), answers["503"])
			_, err := newRunner(t, w).Run(context.Background(), job(t), jars())
			var e *gluejob.Error
			if !errors.As(err, &e) || e.Kind != gluejob.Remote {
				t.Errorf("%v", err)
			}
			if action != "GetJobRun" { // else nobody sees them stop
				checkNothingLeft(t, w)
			}
		})
	}
}

// When the context ends, runs are stopped and all is taken away in a few seconds.
func TestCutShort(t *testing.T) {
	for _, at := range []string{"PutObject", "CreateJob", "StartJobRun", "GetJobRun"} {
		for how, end := range map[string]func() (context.Context, context.CancelFunc){
			"cancelled": func() (context.Context, context.CancelFunc) { return context.WithCancel(context.Background()) },
			"timed out": func() (context.Context, context.CancelFunc) {
				return context.WithTimeoutCause(context.Background(), 300*time.Millisecond, errors.New("too long"))
			},
		} {
			t.Run(at+"/"+how, func(t *testing.T) {
				w := newWorld(t)
				w.OnJobRun(func(fake.JobRun) fake.JobOutcome { return fake.JobOutcome{State: "RUNNING"} })
				r := newRunner(t, w)
				ctx, cancel := end()
				defer cancel()
				n := 0
				w.Intercept(func(q *http.Request) http.Handler {
					if ctx.Err() != nil || !callOf(at)(q) && (at != "PutObject" || q.Method != "PUT") {
						return nil
					}
					if n++; n < 2 && at != "CreateJob" {
						return nil
					}
					if how == "cancelled" {
						cancel()
						return nil
					}
					return http.HandlerFunc(func(rw http.ResponseWriter, q *http.Request) {
						<-ctx.Done()
						w.ServeHTTP(rw, q)
					})
				})
				start := time.Now()
				_, err := r.Run(ctx, job(t), jars())
				if d := time.Since(start); d > 5*time.Second {
					t.Errorf("took %v", d)
				}
				var during interface{ While() string }
				if err == nil || !errors.Is(err, ctx.Err()) || !errors.As(err, &during) {
					t.Errorf("%v", err)
				}
				checkNothingLeft(t, w)
				if runs := w.JobRuns(); slices.ContainsFunc(runs, func(r fake.RunRecord) bool { return r.State != "STOPPED" }) {
					t.Errorf("%+v", runs)
				}
			})
		}
	}
}

// Runs that take long to stop keep nobody waiting, after a signal and after one that
// comes while all is being taken away for want of time.
func TestSlowStop(t *testing.T) {
	for _, how := range []string{"cancelled", "timed out, and then a signal"} {
		t.Run(how, func(t *testing.T) {
			w := newWorld(t)
			w.OnJobRun(func(fake.JobRun) fake.JobOutcome { return fake.JobOutcome{State: "RUNNING", StopTicks: 1 << 30} })
			r := newRunner(t, w)
			var hurry atomic.Bool
			r.Hurry, r.Timeout = hurry.Load, 7*24*time.Hour
			ctx, cancel := context.WithCancel(context.Background())
			if how != "cancelled" {
				ctx, cancel = context.WithTimeout(context.Background(), 500*time.Millisecond)
			}
			defer cancel()
			w.Intercept(func(q *http.Request) http.Handler {
				if how == "cancelled" && callOf("GetJobRun")(q) {
					cancel()
				}
				if how != "cancelled" && callOf("BatchStopJobRun")(q) {
					time.AfterFunc(300*time.Millisecond, func() { hurry.Store(true) })
				}
				return nil
			})
			start := time.Now()
			if _, err := r.Run(ctx, job(t), jars()); !errors.Is(err, ctx.Err()) {
				t.Error(err)
			}
			if d := time.Since(start); d > 5*time.Second {
				t.Errorf("took %v", d)
			}
			if len(w.Objects(bucket))+len(w.GlueJobs()) > 0 {
				t.Errorf("left %q, %q", w.Objects(bucket), w.GlueJobs())
			}
			for _, one := range w.JobRuns() {
				if one.State != "STOPPING" {
					t.Errorf("%+v", one)
				}
			}
		})
	}
}
