//go:build e2e

package main

import (
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The action's own image, built from the Dockerfile, run as the runner runs it.
func (s *suite) testContainer(t *testing.T) {
	s.must(t, s.docker, s.script("base-images.sh"), "golang", "golang:here", s.root)
	s.must(t, s.docker, "docker", "build", "--quiet", "--network=none", "--build-arg", "BUILDER=golang:here", "--tag", "glue-connector", s.root)
	s.world.CreateRepository(account, "us-east-1", "my-company/from-container", true)

	workspace, _ := s.project(t)
	commands := t.TempDir()
	for _, f := range []string{"outputs", "summary"} {
		if err := os.WriteFile(filepath.Join(commands, f), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	// On a runner the workspace belongs to another user than root.
	if err := os.Chown(workspace, 1001, 1001); err != nil {
		t.Fatal(err)
	}
	run := func(network string, env ...string) (string, error) {
		args := []string{"run", "--rm", "--pull=never", "--network=" + network, "--workdir", "/github/workspace",
			"-v", workspace + ":/github/workspace", "-v", commands + ":/github/file_commands", "-v", s.world.CAFile() + ":/ca.pem:ro",
			"-e", "GITHUB_ACTIONS=true", "-e", "GITHUB_WORKSPACE=/github/workspace", "-e", "GITHUB_EVENT_NAME=push",
			"-e", "GITHUB_OUTPUT=/github/file_commands/outputs", "-e", "GITHUB_STEP_SUMMARY=/github/file_commands/summary",
			"-e", "INPUT_JARS=lib/*.jar", "-e", "INPUT_JDBC-URL-FORMATS=" + linkFlags[1], "-e", "INPUT_JDBC-URL-DELIMITER=&"}
		for _, e := range env {
			args = append(args, "-e", e)
		}
		return s.command(s.docker, "docker", append(args, "glue-connector")...)
	}

	// A check needs no network and no credentials.
	if out, err := run("none", "INPUT_MODE=check"); err != nil || !strings.Contains(out, "checked: ") {
		t.Errorf("check: %v\n%s", err, out)
	}
	env := append(s.environment(), "SSL_CERT_FILE=/ca.pem", "INPUT_MODE=push", "INPUT_REPOSITORY="+host+"/my-company/from-container")
	out, err := run("host", env...)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, ok := s.world.Manifest(host, "my-company/from-container", "42.5.4"); !ok {
		t.Errorf("nothing in the registry:\n%s", out)
	}
	all, err := os.ReadFile(filepath.Join(commands, "outputs"))
	if err != nil || !strings.Contains(string(all), "\npushed\n") {
		t.Errorf("outputs %s, %v", all, err)
	}
	summary, err := os.ReadFile(filepath.Join(commands, "summary"))
	if err != nil || !strings.Contains(string(summary), "Glue connector") {
		t.Errorf("summary %s, %v", summary, err)
	}
	info, err := os.Stat(filepath.Join(workspace, "glue-connector-report.json"))
	if err != nil || info.Sys().(*syscall.Stat_t).Uid != 1001 {
		t.Errorf("the report is not the workspace owner's: %v, %v", info, err)
	}
}

// A second opinion about ECR's control plane: moto describes and creates the
// repository, while tokens and the registry stay ours.
func (s *suite) testMoto(t *testing.T) {
	port := freePort(t)
	moto := exec.Command("moto_server", "-H", "127.0.0.1", "-p", port)
	if err := moto.Start(); err != nil {
		t.Fatalf("starting moto: %v; install moto[server]", err)
	}
	defer moto.Wait()
	defer moto.Process.Kill()
	upstream, _ := url.Parse("http://127.0.0.1:" + port)
	for range 100 {
		if _, err := http.Get(upstream.String() + "/moto-api/data.json"); err == nil {
			break
		}
		time.Sleep(200 * time.Millisecond)
	}
	proxy := httputil.NewSingleHostReverseProxy(upstream)
	s.world.Intercept(func(r *http.Request) http.Handler {
		if target := r.Header.Get("X-Amz-Target"); strings.HasSuffix(target, "Repositories") || strings.HasSuffix(target, "CreateRepository") {
			return proxy
		}
		return nil
	})
	dir, _ := s.project(t)
	push := append([]string{"push", "--jars", "lib", "--repository", host + "/my-company/by-moto"}, linkFlags...)
	out, err := s.command(s.environment(), s.bin, append(push, "--working-directory", dir)...)
	if err == nil || !strings.Contains(err.Error(), "the repository does not exist") {
		t.Errorf("without the repository: %v\n%s", err, out)
	}
	s.world.CreateRepository(account, "us-east-1", "my-company/by-moto", true) // the registry's side of it
	if out := s.run(t, dir, append(push, "--create-repository")...); out["result"] != "pushed" {
		t.Errorf("with create-repository: %v", out)
	}
	state, err := s.command(nil, "curl", "-fsS", upstream.String()+"/moto-api/data.json")
	if err != nil || !strings.Contains(state, "my-company/by-moto") {
		t.Errorf("moto knows no repository: %v", err)
	}
	if !strings.Contains(state, "IMMUTABLE") {
		t.Error("the repository that was created takes other images under the same tag")
	}
}
