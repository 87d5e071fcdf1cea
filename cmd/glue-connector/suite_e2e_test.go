//go:build e2e

package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ecr"

	"glue-connector/internal/fake"
)

const (
	account = "123456789012"
	host    = account + ".dkr.ecr.us-east-1.amazonaws.com"
)

// suite is the surroundings of the end-to-end tests: a real registry with
// ECR's manners in front, under ECR's own host name, and a real Docker engine.
// .ci/e2e makes the host name point here and then runs it.
type suite struct {
	root, dir, bin string
	registry       string // the real one, without ECR's manners
	world          *fake.World
	docker         []string // environment of the engine's client
	built          bool     // the action's image
}

func start(t *testing.T) *suite {
	if addrs, err := net.LookupHost(host); err != nil || !slices.Equal(addrs, []string{"::1"}) {
		t.Fatalf("%s is %v (%v) and not ::1: run .ci/e2e", host, addrs, err)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "e2e") // t.TempDir is too long for the engine's socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	s := &suite{root: root, dir: dir, bin: filepath.Join(dir, "glue-connector")}
	s.must(t, nil, "go", "build", "-o", s.bin, ".")

	port := freePort(t)
	s.registry = "127.0.0.1:" + port
	s.must(t, nil, s.script("registry.sh"), "start", dir+"/registry", port)
	t.Cleanup(func() { s.must(t, nil, s.script("registry.sh"), "stop", dir+"/registry", port) })
	if s.world, err = fake.New(fake.WithUpstream("http://127.0.0.1:"+port, "")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.world.Close)
	if _, err := s.world.ListenTLS("[::1]:443"); err != nil {
		t.Fatal(err)
	}
	line := s.must(t, []string{"SSL_CERT_FILE=" + s.world.CAFile()}, s.script("engine.sh"), "start", dir+"/engine")
	t.Cleanup(func() { s.must(t, nil, s.script("engine.sh"), "stop", dir+"/engine") })
	s.docker = []string{strings.TrimSpace(line), "DOCKER_CONFIG=" + dir}
	s.must(t, s.docker, "docker", "login", "--username", "AWS", "--password", s.token(t), host)
	return s
}

func (s *suite) script(name string) string { return filepath.Join(s.root, "testdata/e2e", name) }

func freePort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// token logs in as the AWS CLI would.
func (s *suite) token(t *testing.T) string {
	cfg, err := config.LoadDefaultConfig(context.Background(), config.WithRegion("us-east-1"),
		config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(s.env("AWS_ACCESS_KEY_ID"), s.env("AWS_SECRET_ACCESS_KEY"), "")))
	if err != nil {
		t.Fatal(err)
	}
	cfg.BaseEndpoint = aws.String(s.world.AWSURL())
	out, err := ecr.NewFromConfig(cfg).GetAuthorizationToken(context.Background(), &ecr.GetAuthorizationTokenInput{})
	if err != nil {
		t.Fatal(err)
	}
	plain, err := base64.StdEncoding.DecodeString(*out.AuthorizationData[0].AuthorizationToken)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(string(plain), "AWS:")
}

// environment is what the program gets: AWS's endpoint and the CA. The host
// name resolves by itself here, so no proxy is needed.
func (s *suite) environment() []string {
	env := slices.DeleteFunc(s.world.Env(), func(kv string) bool { return strings.HasPrefix(kv, "HTTPS_PROXY=") })
	return append(env, "HTTPS_PROXY=", "AWS_REGION=us-east-1")
}

func (s *suite) env(name string) string {
	for _, kv := range s.world.Env() {
		if v, ok := strings.CutPrefix(kv, name+"="); ok {
			return v
		}
	}
	return ""
}

// command runs a program with more environment and returns its output.
func (s *suite) command(env []string, name string, args ...string) (string, error) {
	var stdout, stderr bytes.Buffer
	c := exec.Command(name, args...)
	c.Env = append(os.Environ(), env...)
	c.Stdout, c.Stderr = &stdout, &stderr
	err := c.Run()
	if err != nil {
		err = fmt.Errorf("%s %s: %w\n%s%s", filepath.Base(name), strings.Join(args, " "), err, stdout.String(), stderr.String())
	}
	return stdout.String(), err
}

func (s *suite) must(t *testing.T, env []string, name string, args ...string) string {
	t.Helper()
	out, err := s.command(env, name, args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// run runs the program in a folder, its outputs going to a file of the runner.
func (s *suite) run(t *testing.T, dir string, args ...string) map[string]string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "outputs")
	env := append(s.environment(), "GITHUB_OUTPUT="+file, "PWD="+dir)
	c := exec.Command(s.bin, args...)
	c.Dir, c.Env = dir, append(os.Environ(), env...)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("glue-connector %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	t.Logf("glue-connector %s\n%s", strings.Join(args, " "), out)
	return readOutputs(t, file)
}

func readOutputs(t *testing.T, file string) map[string]string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	written, err := parseOutputs(string(b))
	if err != nil {
		t.Fatalf("outputs: %v\n%s", err, b)
	}
	all := map[string]string{}
	for _, o := range written {
		if _, twice := all[o[0]]; twice || strings.Contains(o[1], "\n") {
			t.Errorf("output %s is there twice, or has more than one line: %q", o[0], o[1])
		}
		all[o[0]] = o[1]
	}
	return all
}
