package gluejob_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"glue-connector/internal/fake"
	"glue-connector/internal/gluejob"
	"glue-connector/internal/trial"
)

// Two Glue versions, all tests: each is judged by what its own run brought back.
func TestRun(t *testing.T) {
	w := newWorld(t)
	seen := map[string]fake.JobRun{}
	script := reads(expected(t))
	w.OnJobRun(func(r fake.JobRun) fake.JobOutcome {
		seen[r.GlueVersion+testOf(r)] = r
		if jar, ok := r.Object(strings.Split(r.Arguments["--extra-jars"], ",")[1]); !ok || string(jar) != "jar" {
			t.Errorf("jars %q: %q", r.Arguments["--extra-jars"], jar)
		}
		return script(r)
	})
	r := newRunner(t, w)
	var states []string
	r.Observe = func(e gluejob.Event) {
		if e.Test == "DataSourceTest" && e.Version == "5.0" {
			states = append(states, e.State)
		}
	}
	all := trials(t)
	attempts, err := r.Run(context.Background(), []gluejob.Job{{Version: "4.0", Trials: all}, {Version: "5.0", Trials: all}}, jars())
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for i, version := range []string{"4.0", "5.0"} {
		for k, a := range attempts[i] {
			one := seen[version+all[k].Name]
			if o := trial.Judge(all[k], a); o.Verdict != trial.Passed || a.RunID != one.ID {
				t.Errorf("%s on %s: %+v", all[k].Name, version, o)
			}
			if one.Script != all[k].Script() || one.GlueVersion != version {
				t.Errorf("%s ran as %s on %s", all[k].Name, one.Script, one.GlueVersion)
			}
			wantURL := "https://us-east-1.console.aws.amazon.com/gluestudio/home?region=us-east-1#/job/gcv-1-1-test-" + strings.ReplaceAll(version, ".", "-") + "/run/" + a.RunID
			if a.URL != wantURL || !strings.HasSuffix(a.LogURL, "/log-group/$252Faws-glue$252Fjobs$252Ferror/log-events/"+a.RunID) {
				t.Errorf("URLs %s, %s", a.URL, a.LogURL)
			}
			if a.Seconds != 30 || a.DPUSeconds != 60 {
				t.Errorf("%g s, %g DPU-seconds", a.Seconds, a.DPUSeconds)
			}
			ids[a.RunID] = true
		}
	}
	if len(ids) != 2*len(all) {
		t.Errorf("%d runs of %d tests", len(ids), 2*len(all))
	}
	if want := []string{"STARTING", "RUNNING", "SUCCEEDED"}; !slices.Equal(states, want) {
		t.Errorf("observed %q, want %q", states, want)
	}
	checkNothingLeft(t, w)
}

// A published connector comes by a connection, beside those that lead to the data, and
// without jars.
func TestPublished(t *testing.T) {
	w := newWorld(t)
	script := reads(expected(t))
	var seen []fake.JobRun
	w.OnJobRun(func(r fake.JobRun) fake.JobOutcome {
		seen = append(seen, r)
		return script(r)
	})
	r := newRunner(t, w)
	r.Prefix, r.Connections = "", []string{"vpc"}
	all, _ := plan(t).Trials(trial.Target{Runner: trial.Glue, Published: true})
	if _, err := r.Run(context.Background(), []gluejob.Job{{Version: "5.1", Trials: all, Connections: []string{"shop"}}}, nil); err != nil {
		t.Fatal(err)
	}
	if len(seen) != len(all) {
		t.Fatalf("%d runs of %d trials", len(seen), len(all))
	}
	for _, one := range seen {
		_, jars := one.Arguments["--extra-jars"]
		if !slices.Equal(one.Connections, []string{"vpc", "shop"}) || jars || !strings.Contains(one.Script, `"marketplace.jdbc"`) {
			t.Errorf("%q, %v\n%s", one.Connections, one.Arguments, one.Script)
		}
		if !strings.HasPrefix(one.Arguments["--result"], "s3://our-tests/gcv-1-1-test/out/5.1/") {
			t.Errorf("result at %s", one.Arguments["--result"])
		}
	}
	checkNothingLeft(t, w)
}

// Ten tests with four at a time take no longer than three waves.
func TestThreeWaves(t *testing.T) {
	for _, ticks := range []int{1, 2, 10} {
		t.Run(fmt.Sprint(ticks), func(t *testing.T) {
			w := newWorld(t)
			script := reads(expected(t))
			w.OnJobRun(func(r fake.JobRun) fake.JobOutcome {
				o := script(r)
				o.Ticks = ticks
				return o
			})
			if _, err := newRunner(t, w).Run(context.Background(), []gluejob.Job{{Version: "5.1", Trials: trials(t)[:10]}}, jars()); err != nil {
				t.Fatal(err)
			}
			runs := w.JobRuns()
			if len(runs) != 10 {
				t.Fatalf("%d runs", len(runs))
			}
			last, atOnce := 0, 0
			for _, r := range runs {
				last = max(last, r.Ended)
				n := 0
				for _, other := range runs {
					if other.Began <= r.Began && r.Began < other.Ended {
						n++
					}
				}
				atOnce = max(atOnce, n)
			}
			wave := runs[0].Ended - runs[0].Began
			if last > 3*wave {
				t.Errorf("took %d ticks, more than three waves of %d", last, wave)
			}
			if atOnce != 4 {
				t.Errorf("%d at a time", atOnce)
			}
		})
	}
}

// Runs of others take the account's room: ours wait for it.
func TestNoRoom(t *testing.T) {
	w := newWorld(t)
	w.LimitJobRuns(1)
	attempts, err := newRunner(t, w).Run(context.Background(), []gluejob.Job{{Version: "5.1", Trials: trials(t)}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range attempts[0] {
		if a.State != trial.Succeeded {
			t.Errorf("%+v", a)
		}
	}
	checkNothingLeft(t, w)
}

// However a run ends, the reason is found, and nothing is left.
func TestEnds(t *testing.T) {
	log := func(lines ...string) fake.JobOutcome { return fake.JobOutcome{Log: lines} }
	for name, tc := range map[string]struct {
		script    func(fake.JobRun, trial.Result) fake.JobOutcome
		verdict   trial.Verdict
		why, line string
	}{
		"time-out": {func(fake.JobRun, trial.Result) fake.JobOutcome { return fake.JobOutcome{State: "TIMEOUT"} }, trial.NotPassed, "did not end in time", ""},
		"hangs":    {func(fake.JobRun, trial.Result) fake.JobOutcome { return fake.JobOutcome{State: "RUNNING"} }, trial.NotPassed, "did not end in time", ""},
		"expired":  {func(fake.JobRun, trial.Result) fake.JobOutcome { return fake.JobOutcome{State: "EXPIRED"} }, trial.NotPassed, "did not end in time", ""},
		"stopped":  {func(fake.JobRun, trial.Result) fake.JobOutcome { return fake.JobOutcome{State: "STOPPED"} }, trial.NotPassed, "stopped", ""},
		"error": {func(fake.JobRun, trial.Result) fake.JobOutcome {
			return fake.JobOutcome{State: "ERROR", Error: "LAUNCH ERROR | Error downloading from S3", NoLog: true}
		}, trial.NotPassed, "could not start", "LAUNCH ERROR"},
		"failed": {func(fake.JobRun, trial.Result) fake.JobOutcome {
			o := log("x", "java.lang.ClassNotFoundException: com.example.Driver", "y")
			o.State, o.Error, o.LogDelay = "FAILED", "An error occurred", 3
			return o
		}, trial.NotPassed, "com.example.Driver is not found", "ClassNotFoundException"},
		"long log": {func(fake.JobRun, trial.Result) fake.JobOutcome {
			o := log("java.lang.ClassNotFoundException: com.example.Driver")
			for i := range 1000 {
				o.Log = append(o.Log, fmt.Sprint("line ", i))
			}
			o.State = "FAILED"
			return o
		}, trial.NotPassed, "com.example.Driver is not found", "ClassNotFoundException"},
		"no log": {func(fake.JobRun, trial.Result) fake.JobOutcome { return fake.JobOutcome{State: "FAILED", NoLog: true} }, trial.NotPassed, "without a result", ""},
		"no log, and fine": {func(r fake.JobRun, x trial.Result) fake.JobOutcome {
			return fake.JobOutcome{NoLog: true, Objects: map[string][]byte{r.Arguments["--result"]: result(r, x)}}
		}, trial.Passed, "", ""},
		"result in the log only": {func(r fake.JobRun, x trial.Result) fake.JobOutcome {
			return log(trial.Marker + r.Arguments["--nonce"] + " " + string(result(r, x)))
		}, trial.Passed, "", ""},
		"forged line": {func(r fake.JobRun, x trial.Result) fake.JobOutcome {
			r.Arguments = map[string]string{"--nonce": "guessed"}
			return log(trial.Marker + "guessed " + string(result(r, x)))
		}, trial.NotPassed, "without a result", ""},
		"forged object": {func(r fake.JobRun, x trial.Result) fake.JobOutcome {
			at := r.Arguments["--result"]
			r.Arguments = map[string]string{"--nonce": "guessed"}
			return fake.JobOutcome{Objects: map[string][]byte{at: result(r, x)}}
		}, trial.NotPassed, "another run or test", ""},
		"huge object": {func(r fake.JobRun, x trial.Result) fake.JobOutcome {
			return fake.JobOutcome{Objects: map[string][]byte{r.Arguments["--result"]: []byte(strings.Repeat(" ", 5<<20) + string(result(r, x)))}}
		}, trial.NotPassed, "more than", ""},
		"failed after its result": {func(r fake.JobRun, x trial.Result) fake.JobOutcome {
			o := log("ERROR at the very end")
			o.State, o.Objects = "FAILED", map[string][]byte{r.Arguments["--result"]: result(r, x)}
			return o
		}, trial.NotPassed, "failed all the same", "at the very end"},
		"wrong count": {func(r fake.JobRun, x trial.Result) fake.JobOutcome {
			x.Count = trial.Ref(int64(7))
			return fake.JobOutcome{Objects: map[string][]byte{r.Arguments["--result"]: result(r, x)}}
		}, trial.NotPassed, "1000 rows expected, and 7 rows came", ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			want := expected(t)
			w.OnJobRun(func(r fake.JobRun) fake.JobOutcome { return tc.script(r, want[testOf(r)]) })
			one := trials(t)[:1]
			attempts, err := newRunner(t, w).Run(context.Background(), []gluejob.Job{{Version: "5.1", Trials: one}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			o := trial.Judge(one[0], attempts[0][0])
			if o.Verdict != tc.verdict || !strings.Contains(o.Why, tc.why) || !strings.Contains(o.Line, tc.line) {
				t.Errorf("%+v", o)
			}
			checkNothingLeft(t, w)
		})
	}
}
