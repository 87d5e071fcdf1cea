//go:build e2e

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"glue-connector/internal/trial"
)

// testImage runs the tests in a container, of an image that is laid out as AWS's.
func (s *sparkRun) testImage(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "e2e-image")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	command := func(env []string, name string, args ...string) string {
		t.Helper()
		c := exec.Command(name, args...)
		c.Env = append(os.Environ(), env...)
		out, err := c.Output()
		if err != nil {
			t.Fatalf("%s %q: %v\n%s", name, args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	script := filepath.Join(root, "testdata/e2e")
	host := command(nil, script+"/engine.sh", "start", dir+"/engine")
	t.Cleanup(func() { command(nil, script+"/engine.sh", "stop", dir+"/engine") })
	command([]string{host}, script+"/glue-image.sh", s.home, filepath.Join(root, "internal/localrun/python/awsglue"), "example/glue:5")

	args := []string{"--local-runtime", "glue-image", "--glue-image", "example/glue:5", "--glue-versions", "5.0"}
	c := setting{kind: "JDBC", class: "org.postgresql.Driver", plan: s.plan("image_copy"), jars: []string{driver}, args: args, env: []string{host}, on: "image example/glue:5, in place of Glue 5.0's"}
	r := s.run(t, c)
	if r.code != 0 || r.tables[0].Count(trial.Passed) != 9 || r.tables[0].Count(trial.NotTested) != 2 || r.tables[0].Glue != "5.0" {
		t.Errorf("exit %d\n%s", r.code, r.output)
	}
	c.class, c.plan = "org.postgresql.driver", s.plan("image_copy2")
	r = s.run(t, c)
	if why := r.why("DataSourceTest"); !strings.Contains(why, "class org.postgresql.driver is not found") {
		t.Errorf("wrong class: %s", why)
	}

	// A run that is stopped takes its container away.
	c.class, c.plan = "org.postgresql.Driver", fmt.Sprintf(`options: {url: 'jdbc:postgresql://127.0.0.1:%s/postgres', query: SELECT pg_sleep(900)::text AS slept}
secret: {env: {username: DB_USER, password: DB_PASSWORD}}
`, s.db.port)
	p := s.prepare(t, c)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	s.db.await(t, "pg_sleep(900)")
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	_ = p.Wait()
	if took := time.Since(began); took > 5*time.Second || p.ProcessState.ExitCode() != 3 {
		t.Errorf("exit %d after %s", p.ProcessState.ExitCode(), took)
	}
	for i := 0; command([]string{host}, "docker", "ps", "-aq") != ""; i++ {
		if time.Sleep(200 * time.Millisecond); i > 50 {
			t.Fatal("the container is still there")
		}
	}
}
