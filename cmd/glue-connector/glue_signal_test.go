//go:build unix

package main

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"glue-connector/internal/fake"
)

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
