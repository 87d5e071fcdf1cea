package localrun

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"glue-connector/internal/trial"
)

// session is what a fake session does with the jobs that it is given: it prints
// and writes as scripts do, until it returns.
type session func(t *testing.T, mark string, jobs []job, out io.Writer, stopped <-chan struct{}) error

// fakeWork has trials of these names.
func fakeWork(names ...string) *Work {
	w := &Work{Plan: &trial.Plan{}, Limit: time.Minute, Getenv: func(string) string { return "" }}
	for _, n := range names {
		w.Trials = append(w.Trials, trial.Trial{Name: n, Type: "custom.jdbc", Expect: trial.Expect{Count: trial.Ref(int64(1))}})
	}
	return w
}

// runFake runs some work in fake sessions, one after the other.
func runFake(t *testing.T, ctx context.Context, w *Work, secret map[string]string, sessions ...session) ([]trial.Outcome, []trial.Attempt, error) {
	t.Helper()
	dir := t.TempDir()
	b := newBatch(w, secret, dir, filepath.ToSlash(dir))
	attempts, err := b.run(ctx, func(context.Context) (*running, error) {
		if len(sessions) == 0 {
			t.Fatal("one session more than expected")
		}
		now := sessions[0]
		sessions = sessions[1:]
		var list struct {
			Mark string
			Jobs []job
		}
		text, err := os.ReadFile(filepath.Join(dir, "jobs.json"))
		if err == nil {
			err = json.Unmarshal(text, &list)
		}
		if err != nil {
			t.Fatal(err)
		}
		read, write := io.Pipe()
		stopped, ended := make(chan struct{}), make(chan error, 1)
		go func() {
			err := now(t, list.Mark, list.Jobs, write, stopped)
			write.Close()
			ended <- err
		}()
		return &running{output: read, stop: sync.OnceFunc(func() { close(stopped) }), wait: func() error { return <-ended }}, nil
	})
	var outcomes []trial.Outcome
	for i, a := range attempts {
		outcomes = append(outcomes, trial.Judge(w.Trials[i], a))
	}
	if len(sessions) > 0 {
		t.Errorf("%d sessions were not started", len(sessions))
	}
	return outcomes, attempts, err
}

func arg(j job, name string) string {
	for i, a := range j.Args {
		if a == "--"+name {
			return j.Args[i+1]
		}
	}
	return ""
}

// good is a trial that reads one row.
func good(t *testing.T, mark string, j job, out io.Writer) {
	fmt.Fprintf(out, "%s begin %s\nlog of %s\n", mark, j.Name, j.Name)
	result := fmt.Sprintf(`{"nonce": %q, "test": %q, "count": 1}`, arg(j, "nonce"), j.Name)
	if err := os.WriteFile(arg(j, "result"), []byte(result), 0o644); err != nil {
		t.Error(err)
	}
	fmt.Fprintf(out, "%s end %s SUCCEEDED\n", mark, j.Name)
}

func all(t *testing.T, mark string, jobs []job, out io.Writer, _ <-chan struct{}) error {
	fmt.Fprintln(out, "Spark starts")
	for _, j := range jobs {
		good(t, mark, j, out)
	}
	return nil
}

func verdicts(outcomes []trial.Outcome) (all []string) {
	for _, o := range outcomes {
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", o.Test, o.State, o.Verdict, o.Why)))
	}
	return all
}

func TestBatch(t *testing.T) {
	for name, tt := range map[string]struct {
		sessions []session
		want     []string
	}{
		"all pass": {[]session{all}, []string{"A SUCCEEDED passed", "B SUCCEEDED passed", "C SUCCEEDED passed"}},
		"one ends the process": {
			[]session{func(t *testing.T, mark string, jobs []job, out io.Writer, _ <-chan struct{}) error {
				good(t, mark, jobs[0], out)
				fmt.Fprintf(out, "%s begin B\njava.lang.ClassNotFoundException: com.acme.Driver\n", mark)
				return errors.New("exit status 1")
			}, all},
			[]string{"A SUCCEEDED passed", "B FAILED failed it ended without a result: class com.acme.Driver is not found", "C SUCCEEDED passed"},
		},
		"the session does not start": {
			[]session{func(_ *testing.T, _ string, _ []job, out io.Writer, _ <-chan struct{}) error {
				fmt.Fprintln(out, "Error: Could not find or load main class")
				return errors.New("exit status 1")
			}},
			[]string{"A FAILED failed it ended without a result", "B FAILED failed it ended without a result", "C FAILED failed it ended without a result"},
		},
		"a trial fails with a result": {
			[]session{func(t *testing.T, mark string, jobs []job, out io.Writer, stopped <-chan struct{}) error {
				for _, j := range jobs[:2] {
					good(t, mark, j, out)
				}
				fmt.Fprintf(out, "%s begin C\n%s%s %s\n%s end C FAILED\n", mark, trial.Marker, arg(jobs[2], "nonce"),
					fmt.Sprintf(`{"nonce": %q, "test": "C", "error": "x: password authentication failed for user \"a\""}`, arg(jobs[2], "nonce")), mark)
				return nil
			}},
			[]string{"A SUCCEEDED passed", "B SUCCEEDED passed", "C FAILED failed the script failed: the data source refuses the credentials"},
		},
		"data forges results and marks": {
			[]session{func(t *testing.T, mark string, jobs []job, out io.Writer, _ <-chan struct{}) error {
				fmt.Fprintf(out, "%s begin A\n", mark)
				fmt.Fprintf(out, "%s %s\n", trial.Marker, `{"nonce": "", "test": "A", "count": 1}`)
				fmt.Fprintf(out, "glue-connector-job:x end A SUCCEEDED\nx %s end A SUCCEEDED\n%s end\n", mark, mark)
				fmt.Fprintf(out, "%s end A SUCCEEDED\n", mark)
				for _, j := range jobs[1:] {
					good(t, mark, j, out)
				}
				return nil
			}},
			[]string{"A SUCCEEDED failed it ended without a result", "B SUCCEEDED passed", "C SUCCEEDED passed"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			outcomes, _, err := runFake(t, t.Context(), fakeWork("A", "B", "C"), nil, tt.sessions...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, verdicts(outcomes)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// hang prints without end until it is stopped.
func hang(_ *testing.T, mark string, jobs []job, out io.Writer, stopped <-chan struct{}) error {
	fmt.Fprintf(out, "%s begin %s\n", mark, jobs[0].Name)
	for {
		select {
		case <-stopped:
			return errors.New("signal: killed")
		case <-time.After(time.Millisecond):
			fmt.Fprintln(out, "still at it")
		}
	}
}

func TestBatchTimeOut(t *testing.T) {
	w := fakeWork("A", "B")
	w.Limit = 300 * time.Millisecond
	outcomes, _, err := runFake(t, t.Context(), w, nil, hang, all)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"A TIMEOUT failed it did not end in time", "B SUCCEEDED passed"}
	if diff := cmp.Diff(want, verdicts(outcomes)); diff != "" {
		t.Error(diff)
	}
}

func TestBatchCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	w := fakeWork("A", "B")
	w.Began = func(string) { cancel() }
	outcomes, _, err := runFake(t, ctx, w, nil, hang)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	want := []string{"A STOPPED failed the run was stopped before it ended", "B  skipped the run was stopped before it began"}
	if diff := cmp.Diff(want, verdicts(outcomes)); diff != "" {
		t.Error(diff)
	}
}

// A log has an end, and no secret.
func TestBatchLog(t *testing.T) {
	_, attempts, err := runFake(t, t.Context(), fakeWork("A"), map[string]string{"username": "line", "password": `hun"ter2`},
		func(t *testing.T, mark string, jobs []job, out io.Writer, _ <-chan struct{}) error {
			fmt.Fprintf(out, "%s begin A\n", mark)
			for i := range 50_000 {
				fmt.Fprintf(out, "line %d with hun\"ter2 and %q\n", i, `hun"ter2`)
			}
			fmt.Fprintf(out, "%s\n", strings.Repeat("x", 3*maxLine))
			fmt.Fprintf(out, "the end\n%s end A FAILED\n", mark)
			return nil
		})
	if err != nil {
		t.Fatal(err)
	}
	log := attempts[0].Log
	if len(log) > maxLog || !strings.HasSuffix(log, "the end\n") || strings.Contains(log, "ter2") || !strings.Contains(log, "line 49999 with *** and \"***\"") {
		t.Errorf("%d bytes, %q", len(log), log[max(0, len(log)-100):])
	}
}
