//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"glue-connector/internal/action"
	"glue-connector/internal/fake"
)

const (
	ownHost  = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
	westHost = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
	demoName = "my-company/demo"
)

// program is the real one, pushing the demo connector to a world of its own.
type program struct {
	*exec.Cmd
	world   *fake.World
	dir     string
	out     bytes.Buffer
	reached chan struct{} // when the request that is held up has come
}

// startPush starts a push to two repositories in which the requests that match
// are answered by h, or never if h is nil.
func startPush(t *testing.T, match func(*http.Request) bool, h http.HandlerFunc, args ...string) *program {
	t.Helper()
	w, err := fake.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	for _, region := range []string{"us-east-1", "eu-west-1"} {
		w.CreateRepository("123456789012", region, demoName, false)
	}
	p := &program{world: w, dir: t.TempDir(), reached: make(chan struct{}, 100)}
	over := make(chan struct{})
	t.Cleanup(func() { close(over) })
	w.Intercept(func(r *http.Request) http.Handler {
		if !match(r) {
			return nil
		}
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			select {
			case p.reached <- struct{}{}:
			default:
			}
			if h != nil {
				h(rw, r)
				return
			}
			select {
			case <-over:
			case <-r.Context().Done():
			}
			panic(http.ErrAbortHandler)
		})
	})
	args = append([]string{"push", "--config-path", "config.json", "--jars", "demo.jar", "--aws-region", "us-east-1",
		"--repository", demoName, "--additional-repositories", westHost + "/" + demoName, "--report-file", "report.json",
		"--jdbc-url-formats", "password=jdbc:demo://${host}?user=${Username}&password=${Password}", "--jdbc-url-delimiter", "&"}, args...)
	copyDemo(t, p.dir)
	p.Cmd = exec.Command("glue-connector", args...)
	p.Dir, p.Stdout, p.Stderr = p.dir, &p.out, &p.out
	p.Env = append(append(os.Environ(), w.Env()...), "GITHUB_OUTPUT="+filepath.Join(p.dir, "out"), "GITHUB_STEP_SUMMARY="+filepath.Join(p.dir, "summary"))
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Process.Kill() })
	return p
}

// copyDemo puts the demo connector into a folder: config.json and demo.jar.
func copyDemo(t *testing.T, dir string) {
	t.Helper()
	for from, to := range map[string]string{"config.json": "config.json", "jars/demo-jdbc-1.0.0.jar": "demo.jar"} {
		b, err := os.ReadFile(filepath.Join("../../testdata/demo", from))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, to), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func (p *program) awaitReached(t *testing.T) {
	t.Helper()
	select {
	case <-p.reached:
	case <-time.After(30 * time.Second):
		p.Process.Kill()
		p.Wait()
		t.Fatalf("the request never came:\n%s", &p.out)
	}
}

// checkReport checks that people and later steps hear of what happened.
func (p *program) checkReport(t *testing.T, kind, detail string) {
	t.Helper()
	if code := p.ProcessState.ExitCode(); code != 3 {
		t.Errorf("exit code %d, want 3", code)
	}
	if text := p.out.String(); strings.Contains(text, "panic") || strings.Contains(text, "goroutine") || !strings.Contains(text, "\nfailed: ") {
		t.Errorf("printed:\n%s", text)
	}
	b, _ := os.ReadFile(filepath.Join(p.dir, "out"))
	all, err := parseOutputs(string(b))
	if err != nil || len(all) != len(action.Outputs) || !slices.Contains(all, [2]string{"result", "failed"}) {
		t.Errorf("outputs %q, %v", all, err)
	}
	var report struct {
		Result string
		Steps  []struct{ Kind, Detail string }
	}
	b, _ = os.ReadFile(filepath.Join(p.dir, "report.json"))
	if err := json.Unmarshal(b, &report); err != nil || report.Result != "failed" {
		t.Fatalf("report: %s, %v", report.Result, err)
	}
	for _, s := range report.Steps {
		if s.Kind == kind && strings.Contains(s.Detail, detail) {
			return
		}
	}
	t.Errorf("no step is of the kind %s: %+v\n%s", kind, report.Steps, &p.out)
}

// requestOf matches a request to a registry.
func requestOf(method, host, part string) func(*http.Request) bool {
	return func(r *http.Request) bool {
		return r.TLS != nil && r.Method == method && strings.HasPrefix(r.Host, host) && strings.Contains(r.URL.Path, part)
	}
}

func callOf(action string) func(*http.Request) bool {
	return func(r *http.Request) bool { return strings.HasSuffix(r.Header.Get("X-Amz-Target"), "."+action) }
}

// pushRequests are the requests of a push, each of them in turn.
var pushRequests = []struct {
	name  string
	match func(*http.Request) bool
	tags  int // that are there by then, -1 for any
	// beside tells that it is made beside something else, which may be what a
	// signal ends.
	beside bool
}{
	{"STS", func(r *http.Request) bool {
		return r.TLS == nil && r.Method == "POST" && r.Header.Get("X-Amz-Target") == ""
	}, 0, false},
	{"DescribeImages", callOf("DescribeImages"), -1, true},
	{"GetAuthorizationToken", callOf("GetAuthorizationToken"), 0, true},
	{"ping", func(r *http.Request) bool { return r.TLS != nil && r.URL.Path == "/v2/" }, 0, true},
	{"BatchGetImage", callOf("BatchGetImage"), 0, true},
	{"GET tag", requestOf("GET", ownHost, "/manifests/1.0.0"), 0, false},
	{"BatchCheckLayerAvailability", callOf("BatchCheckLayerAvailability"), 0, false},
	{"POST upload", requestOf("POST", ownHost, "/blobs/uploads/"), 0, false},
	{"PUT blob", requestOf("PUT", ownHost, "/blobs/uploads/"), 0, false},
	{"PUT tag", requestOf("PUT", ownHost, "/manifests/1.0.0"), 0, false},
	{"second place", requestOf("PUT", westHost, "/blobs/uploads/"), 1, false},
	{"second place's manifest", requestOf("PUT", westHost, "/manifests/"), 1, false},
}
