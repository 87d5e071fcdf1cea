//go:build unix

package main

import (
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
)

// underPolicy starts a test on Glue whose caller may do what a policy allows.
func underPolicy(t *testing.T, policy string, behaviours ...string) *program {
	t.Helper()
	p := prepareTest(t, callOf("GetJobRun"), "eu-west-1", behaviours...)
	if err := p.world.SetPolicy(policy); err != nil {
		t.Fatalf("%v\n%s", err, policy)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Process.Kill() })
	return p
}

func (p *program) checkNothingLeft(t *testing.T) {
	t.Helper()
	if left := p.world.Objects(glueBucket); len(left) > 0 {
		t.Errorf("left in S3: %q", left)
	}
	if left := p.world.GlueJobs(); len(left) > 0 {
		t.Errorf("left in Glue: %q", left)
	}
	for _, r := range p.world.JobRuns() {
		if r.Ended < 0 {
			t.Errorf("still runs: %+v", r)
		}
	}
}

// What the README allows is enough: where all is well, where a test fails and leaves a
// log, where a start gets no answer, and where a signal comes.
func TestGluePolicy(t *testing.T) {
	_, _, policy := policies(t)
	t.Run("fine", func(t *testing.T) {
		t.Parallel()
		p := underPolicy(t, policy)
		if err := p.Wait(); err != nil {
			t.Errorf("%v\n%s", err, &p.out)
		}
		p.checkNothingLeft(t)
	})
	t.Run("a failure", func(t *testing.T) {
		t.Parallel()
		p := underPolicy(t, policy, "DataSourceTest:no-class")
		if p.Wait(); p.ProcessState.ExitCode() != 1 || !strings.Contains(p.out.String(), "class com.acme.Missing is not found") {
			t.Errorf("%s", &p.out)
		}
		p.checkNothingLeft(t)
	})
	t.Run("no answer", func(t *testing.T) {
		t.Parallel()
		p := prepareTest(t, callOf("GetJobRuns"), "eu-west-1")
		if err := p.world.SetPolicy(policy); err != nil {
			t.Fatal(err)
		}
		var n atomic.Int32
		p.world.Intercept(func(r *http.Request) http.Handler {
			if !callOf("StartJobRun")(r) || n.Add(1) > 1 {
				return nil
			}
			return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				p.world.ServeHTTP(rw, r)
				panic(http.ErrAbortHandler)
			})
		})
		if err := p.Run(); err != nil {
			t.Errorf("%v\n%s", err, &p.out)
		}
		p.awaitReached(t)
		p.checkNothingLeft(t)
		if n := len(p.world.JobRuns()); n != 9 {
			t.Errorf("%d runs of 9 tests", n)
		}
	})
	t.Run("a signal", func(t *testing.T) {
		t.Parallel()
		p := underPolicy(t, policy, "hang")
		p.awaitReached(t)
		p.Process.Signal(syscall.SIGTERM)
		p.Wait()
		p.checkReport(t, "cancelled", "while ")
		p.checkNothingLeft(t)
	})
}

// Without any one of the actions it fails, and says which it needs.
func TestGluePolicyIsLeast(t *testing.T) {
	_, _, policy := policies(t)
	actions := regexp.MustCompile(`"((?:glue|s3|logs):[A-Z]\w+|iam:PassRole)"`).FindAllStringSubmatch(policy, -1)
	if len(actions) != 13 {
		t.Errorf("%d actions", len(actions))
	}
	for _, action := range actions {
		if action[1] == "glue:GetJobRuns" || action[1] == "glue:BatchStopJobRun" {
			continue // of runs whose start got no answer, and of those that are stopped
		}
		t.Run(action[1], func(t *testing.T) {
			t.Parallel()
			p := underPolicy(t, strings.ReplaceAll(policy, `"`+action[1]+`"`, `"sts:Nothing"`), "DataSourceTest:no-class")
			p.Wait()
			if code := p.ProcessState.ExitCode(); code != 3 || !strings.Contains(p.out.String(), "Allow the role "+action[1]) {
				t.Errorf("exit code %d\n%s", code, &p.out)
			}
		})
	}
	t.Run("of another bucket", func(t *testing.T) {
		p := underPolicy(t, strings.ReplaceAll(policy, "our-tests", "their-tests"))
		if p.Wait(); p.ProcessState.ExitCode() != 3 || !strings.Contains(p.out.String(), "Allow the role s3:PutObject on arn:aws:s3:::our-tests/") {
			t.Errorf("%s", &p.out)
		}
	})
}
