//go:build e2e

package main

import (
	"path/filepath"
	"strings"
	"testing"

	"glue-connector/internal/fake"
)

const (
	ours   = "1111111111111111111111111111111111111111"
	forks  = "2222222222222222222222222222222222222222"
	update = "3333333333333333333333333333333333333333"
)

// job is the runner of a job on a workspace with the PostgreSQL driver, for events
// of octo/demo.
type job struct {
	*runner
	config []byte // sound
	seen   int    // requests so far
}

func (s *suite) newJob(t *testing.T) *job {
	workspace, _ := s.project(t)
	j := &job{runner: s.newRunner(t, workspace), seen: len(s.world.Requests())}
	j.config = read(t, filepath.Join(workspace, "config.json"))
	for _, p := range []fake.PullRequest{
		{Number: 7, HeadBranch: "topic", HeadSHA: ours},
		{Number: 8, HeadRepository: "eve/demo", HeadBranch: "topic", HeadSHA: forks},
		{Number: 9, HeadBranch: "dependabot/maven/org.postgresql-postgresql-42.7.5", HeadSHA: update},
	} {
		p.Repository = "octo/demo"
		s.world.CreatePullRequest(p)
		for _, c := range s.world.Comments(p.Repository, p.Number) {
			s.world.DeleteComment(c.ID) // of another job
		}
	}
	return j
}

// spoil gives config.json an entry class that no jar has; mend undoes it.
func (j *job) spoil(t *testing.T) {
	write(t, filepath.Join(j.workspace, "config.json"), []byte(strings.Replace(string(j.config), "org.postgresql.Driver", "org.postgresql.driver", 1)))
}

func (j *job) mend(t *testing.T) { write(t, filepath.Join(j.workspace, "config.json"), j.config) }

func (j *job) payload(t *testing.T, name string) []byte {
	return read(t, filepath.Join(j.s.root, "testdata/e2e/events", name+".json"))
}

// token is the one of the job: a fork's and Dependabot's may only read.
func (j *job) token(write bool) string { return j.s.world.GitHubToken("github-actions[bot]", write) }

// inputs are those of a workflow, with changes: names and values in turn.
func (j *job) inputs(changes ...string) map[string]string {
	with := map[string]string{"jars": "lib/*.jar", "jdbc-url-formats": linkFlags[1], "jdbc-url-delimiter": "&"}
	for i := 0; i+1 < len(changes); i += 2 {
		with[changes[i]] = changes[i+1]
	}
	return with
}

func (j *job) push() map[string]string {
	return j.inputs("mode", "push", "repository", host+"/my-company/by-event")
}

// comments are the bodies of the comments on a pull request.
func (j *job) comments(number int) (bodies []string) {
	for _, c := range j.s.world.Comments("octo/demo", number) {
		bodies = append(bodies, c.Body)
	}
	return bodies
}

// silent tests that nothing was dialled since the last look.
func (j *job) silent(t *testing.T) {
	t.Helper()
	all := j.s.world.Requests()
	for _, r := range all[j.seen:] {
		t.Errorf("a request: %s %s%s", r.Method, r.Host, r.Path)
	}
}

func (j *job) look() { j.seen = len(j.s.world.Requests()) }

func (o outcome) ends(t *testing.T, code int, result string) {
	t.Helper()
	if o.code != code || o.outputs["result"] != result {
		t.Errorf("exit code %d, result %q; want %d, %q", o.code, o.outputs["result"], code, result)
	}
}

func contains(t *testing.T, where, text string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("the %s lacks %q:\n%s", where, w, text)
		}
	}
}
