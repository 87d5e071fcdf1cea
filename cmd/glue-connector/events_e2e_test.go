//go:build e2e

package main

import (
	"html"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// Each event as GitHub sends it, on the action's own image.
func (s *suite) testEvents(t *testing.T) {
	j := s.newJob(t)
	s.world.CreateRepository(account, "us-east-1", "my-company/by-event", true)
	t.Run("push", j.testPush)
	t.Run("pull request", j.testPullRequest)
	t.Run("fork", j.testFork)
	t.Run("dependabot", j.testDependabot)
	t.Run("merge group", j.testMergeGroup)
	t.Run("workflow dispatch", j.testDispatch)
	t.Run("broken event", j.testBrokenEvent)
	t.Run("enterprise", j.testEnterprise)
	t.Run("cancelled", j.testCancelled)
}

func (j *job) testPush(t *testing.T) {
	out := j.run(t, step{event: "push", payload: j.payload(t, "push"), token: j.token(true), with: j.push(),
		env: append(j.s.environment(), "SSL_CERT_FILE=/ca.pem", "GITHUB_REF=refs/tags/v42.5.4", "GITHUB_REF_TYPE=tag")})
	out.ends(t, 0, "pushed")
	if _, _, ok := j.s.world.Manifest(host, "my-company/by-event", "42.5.4"); !ok {
		t.Error("nothing in the registry")
	}
	contains(t, "summary", html.UnescapeString(out.summary), out.outputs["digest"], out.outputs["image"])
	if out.outputs["comment-url"] != "" {
		t.Error("a push commented: " + out.outputs["comment-url"])
	}
}

func (j *job) testPullRequest(t *testing.T) {
	s := step{event: "pull_request", payload: j.payload(t, "pull_request"), token: j.token(true), with: j.inputs(), env: []string{"GITHUB_RUN_ATTEMPT=1"}}
	j.spoil(t)
	defer j.mend(t)
	out := j.run(t, s)
	out.ends(t, 1, "failed")
	contains(t, "log", out.log, "::error col=16,file=config.json,line=4,title=glue-connector%3A class-jdbc::")
	line := "https://github.com/octo/demo/blob/" + ours + "/config.json#L4"
	contains(t, "summary", out.summary, line)
	bodies := j.comments(7)
	if len(bodies) != 1 {
		t.Fatalf("%d comments", len(bodies))
	}
	contains(t, "comment", bodies[0], line, "1 error", "https://github.com/octo/demo/actions/runs/21000000008/attempts/1")

	j.mend(t)
	s.env = nil // the re-run
	out = j.run(t, s)
	out.ends(t, 0, "checked")
	contains(t, "output", out.outputs["comment-url"], "https://github.com/octo/demo/pull/7#issuecomment-")
	bodies = j.comments(7)
	if len(bodies) != 1 {
		t.Fatalf("%d comments", len(bodies))
	}
	contains(t, "comment", bodies[0], "nothing is wrong", "/attempts/2")
}

// The run of a fork may not comment; the one after it does, with the fork's report.
func (j *job) testFork(t *testing.T) {
	s := step{event: "pull_request", payload: j.payload(t, "pull_request_fork"), token: j.token(false)}
	j.look()
	s.with = j.push()
	out := j.run(t, s)
	out.ends(t, 2, "failed")
	contains(t, "log", out.log, "push is refused: the content is a fork's")
	for _, r := range j.s.world.Requests()[j.seen:] {
		if !strings.Contains(r.Path, "/issues/8/comments") {
			t.Errorf("a refused push dials: %s %s%s", r.Method, r.Host, r.Path)
		}
	}

	j.spoil(t)
	defer j.mend(t)
	s.with = j.inputs()
	out = j.run(t, s)
	out.ends(t, 1, "failed")
	contains(t, "log", out.log, "::notice title=glue-connector::the pull request has no comment", "::error col=16,file=config.json,line=4,title=glue-connector%3A class-jdbc::")
	contains(t, "summary", out.summary, "https://github.com/octo/demo/blob/"+forks+"/config.json#L4")
	if n := len(j.comments(8)); n != 0 || out.outputs["comment-url"] != "" {
		t.Errorf("%d comments by a token that may not, output %q", n, out.outputs["comment-url"])
	}

	report := "downloads/glue-connector-report.json"
	j.s.must(t, nil, "mkdir", "-p", filepath.Join(j.workspace, "downloads"))
	write(t, filepath.Join(j.workspace, report), read(t, filepath.Join(j.workspace, out.outputs["report"])))
	relay := step{event: "workflow_run", payload: j.payload(t, "workflow_run"), token: j.token(true),
		with: map[string]string{"mode": "comment", "from-report": report}, env: []string{"GITHUB_RUN_ID=21000000009", "GITHUB_RUN_ATTEMPT=1"}}
	out = j.run(t, relay)
	out.ends(t, 0, "commented")
	contains(t, "summary", out.summary, "Commented: the report of another run")
	bodies := j.comments(8)
	if len(bodies) != 1 {
		t.Fatalf("%d comments", len(bodies))
	}
	contains(t, "comment", bodies[0], "1 error", "https://github.com/octo/demo/blob/"+forks+"/config.json#L4",
		"https://github.com/octo/demo/actions/runs/21000000008/attempts/2")

	j.look()
	relay.with = j.push()
	out = j.run(t, relay)
	out.ends(t, 2, "failed")
	contains(t, "log", out.log, "push is refused: the content is a fork's")
	j.silent(t)
}

// Dependabot's branches are the repository's own, but its token is a fork's.
func (j *job) testDependabot(t *testing.T) {
	s := step{event: "pull_request", payload: j.payload(t, "pull_request_dependabot"), token: j.token(false), with: j.inputs(), env: []string{"GITHUB_ACTOR=dependabot[bot]"}}
	out := j.run(t, s)
	out.ends(t, 0, "checked")
	contains(t, "log", out.log, "::notice title=glue-connector::the pull request has no comment")
	s.with = j.inputs("comment", "always")
	j.run(t, s).ends(t, 3, "failed")
	if n := len(j.comments(9)); n != 0 {
		t.Errorf("%d comments", n)
	}
}

func (j *job) testMergeGroup(t *testing.T) {
	j.look()
	out := j.run(t, step{event: "merge_group", payload: j.payload(t, "merge_group"), token: j.token(true), with: j.inputs(), network: "none"})
	out.ends(t, 0, "checked")
	j.silent(t)
}

func (j *job) testDispatch(t *testing.T) {
	j.look()
	out := j.run(t, step{event: "workflow_dispatch", payload: j.payload(t, "workflow_dispatch"), token: j.token(true), network: "none",
		with: j.inputs("mode", "build", "output", "dist/image.tar", "sarif-file", "dist/findings.sarif")})
	out.ends(t, 0, "built")
	j.silent(t)
	j.s.must(t, j.s.docker, "docker", "load", "--quiet", "--input", filepath.Join(j.workspace, "dist/image.tar"))
	contains(t, "SARIF", string(read(t, filepath.Join(j.workspace, "dist/findings.sarif"))), `"version"`)
}

// Without its payload a pull request's run says less, and pushes nothing.
func (j *job) testBrokenEvent(t *testing.T) {
	whole := j.payload(t, "pull_request")
	for name, payload := range map[string][]byte{"missing": nil, "truncated": whole[:len(whole)/2], "empty": {}} {
		t.Run(name, func(t *testing.T) {
			j.look()
			s := step{event: "pull_request", payload: payload, token: j.token(true), with: j.inputs()}
			out := j.run(t, s)
			out.ends(t, 0, "checked")
			contains(t, "log", out.log, "the event names no pull request")
			s.with = j.push()
			out = j.run(t, s)
			out.ends(t, 2, "failed")
			contains(t, "log", out.log, "payload cannot be read")
			j.silent(t)
		})
	}
}

// GitHub Enterprise, with an API below a path, an authority of the company's own
// and a proxy, as a runner of a company has it.
func (j *job) testEnterprise(t *testing.T) {
	j.look()
	out := j.run(t, step{event: "pull_request", payload: j.payload(t, "pull_request"), token: j.token(true), with: j.inputs("comment", "always", "comment-key", "enterprise"),
		env: []string{"GITHUB_API_URL=" + j.s.world.EnterpriseURL(), "GITHUB_SERVER_URL=https://github.example.com", "HTTPS_PROXY=" + j.s.world.ProxyURL(), "SSL_CERT_FILE=/ca.pem"}})
	out.ends(t, 0, "checked")
	if n := len(j.comments(7)); n != 2 {
		t.Errorf("%d comments, want one more with a key of its own", n)
	}
	for _, r := range j.s.world.Requests()[j.seen:] {
		if !strings.HasPrefix(r.Host, "github.example.com") {
			t.Errorf("past the proxy: %s %s%s", r.Method, r.Host, r.Path)
		}
	}
}

// A cancelled push ends before the runner kills it, which would leave the container
// running, and says what became of it.
func (j *job) testCancelled(t *testing.T) {
	j.s.world.CreateRepository(account, "us-east-1", "my-company/cancelled", true)
	uploading := make(chan struct{})
	var once sync.Once
	var since time.Time
	j.s.world.Intercept(func(r *http.Request) http.Handler {
		if !strings.Contains(r.URL.Path, "/my-company/cancelled/blobs/uploads/") || r.Method == http.MethodPost {
			return nil
		}
		return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			once.Do(func() { since = time.Now(); close(uploading) })
			<-r.Context().Done()
			panic(http.ErrAbortHandler)
		})
	})
	out := j.run(t, step{event: "push", payload: j.payload(t, "push"), token: j.token(true), cancel: uploading,
		with: j.inputs("mode", "push", "repository", host+"/my-company/cancelled"), env: append(j.s.environment(), "SSL_CERT_FILE=/ca.pem")})
	out.ends(t, 3, "failed")
	if took := time.Since(since); took > 5*time.Second {
		t.Errorf("it took %v to end; the runner kills after 7.5 s", took)
	}
	contains(t, "report", string(read(t, filepath.Join(j.workspace, out.outputs["report"]))), `"cancelled"`)
	contains(t, "summary", out.summary, "Failed")
	if left := j.s.must(t, j.s.docker, "docker", "ps", "--quiet"); left != "" {
		t.Errorf("a container runs on: %s", left)
	}
}
