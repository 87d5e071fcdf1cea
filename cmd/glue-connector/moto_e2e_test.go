//go:build e2e

package main

import (
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

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
	s.readmeOnAWS(t, upstream.String())
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

// readmeOnAWS runs what the README gives for AWS's own command line, and has IAM
// take its policies: those of a role's trust, and those of permissions.
func (s *suite) readmeOnAWS(t *testing.T, endpoint string) {
	t.Helper()
	env := []string{"AWS_ENDPOINT_URL=" + endpoint, "AWS_ACCESS_KEY_ID=x", "AWS_SECRET_ACCESS_KEY=x", "AWS_DEFAULT_REGION=us-east-1", "AWS_PAGER="}
	text := string(read(t, filepath.Join(s.root, "README.md")))
	commands := regexp.MustCompile(`(?m)^aws .*$`).FindAllString(text, -1)
	policies := regexp.MustCompile("(?ms)^```json\n(.*?)^```$").FindAllStringSubmatch(text, -1)
	if len(commands) < 1 || len(policies) < 2 {
		t.Fatalf("the README has %d commands of AWS's and %d policies", len(commands), len(policies))
	}
	for _, c := range commands {
		s.must(t, env, "bash", "-c", c)
	}
	s.must(t, env, "aws", "iam", "create-role", "--role-name", "any", "--assume-role-policy-document", policies[0][1])
	for i, p := range policies {
		name := fmt.Sprintf("policy-%d", i)
		switch {
		case !strings.Contains(p[1], `"Statement"`):
		case strings.Contains(p[1], `"Principal"`):
			s.must(t, env, "aws", "iam", "create-role", "--role-name", name, "--assume-role-policy-document", p[1])
		default:
			s.must(t, env, "aws", "iam", "put-role-policy", "--role-name", "any", "--policy-name", name, "--policy-document", p[1])
		}
	}
}
