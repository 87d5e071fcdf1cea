//go:build e2e

package action

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"glue-connector/internal/connector"
	"glue-connector/internal/image"
)

var soakPushes = flag.Int("soak", 20, "how many pushes TestSoak does")

// TestSoak pushes releases of a connector of 60 jars, one after another, in
// this process, while one in twenty requests meets a fault. Each release has
// another jar; every tenth goes to a repository of its own, whole. Each must be
// there as it was meant, and nothing may pile up: memory, goroutines, files.
//
//	go test -tags e2e -run TestSoak ./internal/action -soak 200
func TestSoak(t *testing.T) {
	upstream := soakWorld(t)
	dir := t.TempDir()
	must(t, "go", "run", "../../testdata/bench/makejars", filepath.Join(dir, "jars"), "60", "100000000")
	must(t, "cp", "../../testdata/demo/jars/demo-jdbc-1.0.0.jar", filepath.Join(dir, "jars"))
	config, err := os.ReadFile("../../testdata/demo/config.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "config.json"), config, 0o644); err != nil {
		t.Fatal(err)
	}
	before := use(t)
	for n := range *soakPushes {
		noise := make([]byte, 1_600_000)
		rand.NewChaCha8([32]byte{byte(n), byte(n >> 8)}).Read(noise)
		changed := append(noise, "PK\x05\x06"+strings.Repeat("\x00", 18)...)
		if err := os.WriteFile(filepath.Join(dir, "jars", fmt.Sprintf("library-%03d-1.0.jar", n%60)), changed, 0o644); err != nil {
			t.Fatal(err)
		}
		repository, tag := "bench/soak", fmt.Sprint("1.0.", n)
		if n%10 == 9 {
			repository = fmt.Sprint("bench/soak", n)
		}
		var out bytes.Buffer
		code := Main(context.Background(), Env{Dir: dir, Environ: os.Environ(), Stdout: &out, Stderr: &out, Args: []string{
			"push", "--jars", "jars", "--repository", repository, "--image-tag", tag, "--create-repository",
			"--jdbc-url-formats", "p=jdbc:x:${Username}${Password}", "--jdbc-url-delimiter", ";"}})
		if code != exitFine {
			t.Fatalf("push %d: exit code %d\n%s", n, code, &out)
		}
		readBack(t, upstream+"/v2/"+repository, tag, expected(t, dir, config), n%10 == 9)
		if now := use(t); n < 10 {
			before.memory = max(before.memory, now.memory) // until everything was needed once
		} else if n%10 == 9 {
			t.Logf("after %d pushes: %+v", n+1, now)
		}
	}
	after := settle(t, before)
	t.Logf("before: %+v, but memory after the first 10 pushes; after %d and a pause: %+v", before, *soakPushes, after)
	if after.goroutines > before.goroutines+2 || after.files > before.files+2 || after.memory > before.memory+8<<10 {
		t.Errorf("something piled up: %+v, then %+v", before, after)
	}
}

// soakWorld starts a registry and, in a process of its own, the fake before it,
// so that what they keep does not count.
func soakWorld(t *testing.T) (upstream string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
	l.Close()
	dir := t.TempDir()
	must(t, "../../testdata/e2e/registry.sh", "start", dir, port)
	t.Cleanup(func() { must(t, "../../testdata/e2e/registry.sh", "stop", dir, port) })
	upstream = "http://127.0.0.1:" + port
	must(t, "go", "build", "-o", dir+"/serve", "../fake/serve")
	serve := exec.Command(dir+"/serve", "-upstream", upstream, "-repository", "123456789012/us-east-1/bench/soak", "-faults", "0.05")
	stdin, err := serve.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := serve.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stdin.Close(); serve.Wait() })
	t.Setenv("AWS_REGION", "us-east-1")
	for lines := bufio.NewScanner(stdout); lines.Scan() && lines.Text() != ""; {
		k, v, _ := strings.Cut(lines.Text(), "=")
		t.Setenv(k, v)
	}
	return upstream
}

func must(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// expected is the digest that the image must have.
func expected(t *testing.T, dir string, config []byte) v1.Hash {
	t.Helper()
	c := &connector.Connector{Config: connector.ParseConfig("config.json", config)}
	files, err := filepath.Glob(filepath.Join(dir, "jars", "*.jar"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			t.Fatal(err)
		}
		c.Jars = append(c.Jars, connector.NewJar(filepath.Base(name), name, info.Size(), f))
	}
	connector.SortJars(c.Jars)
	created, _ := c.Config.Released()
	img, err := image.Build(c, image.Options{Created: created})
	if err != nil {
		t.Fatal(err)
	}
	digest, err := img.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return digest
}

// readBack holds what a tag stands for to a digest, past the faults: the
// manifest, the sizes of its blobs, and, if all is asked for, their bytes.
func readBack(t *testing.T, repository, tag string, want v1.Hash, all bool) {
	t.Helper()
	raw, err := io.ReadAll(get(t, repository+"/manifests/"+tag))
	if err != nil {
		t.Fatal(err)
	}
	if got, _, _ := v1.SHA256(bytes.NewReader(raw)); got != want {
		t.Fatalf("%s:%s is %s, want %s", repository, tag, got, want)
	}
	var m v1.Manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	for _, d := range append(slices.Clone(m.Layers), m.Config) {
		url := repository + "/blobs/" + d.Digest.String()
		if !all {
			resp, err := http.Head(url)
			if err != nil || resp.ContentLength != d.Size {
				t.Fatalf("%s: %+v, %v; want %d bytes", url, resp, err, d.Size)
			}
			continue
		}
		body := get(t, url)
		got, n, err := v1.SHA256(body)
		body.Close()
		if err != nil || got != d.Digest || n != d.Size {
			t.Fatalf("%s holds %d bytes of %s, want %d: %v", url, n, got, d.Size, err)
		}
	}
}

func get(t *testing.T, url string) io.ReadCloser {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "application/vnd.docker.distribution.manifest.v2+json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", url, resp.Status)
	}
	return resp.Body
}

// usage is what a process may let grow.
type usage struct {
	memory            int // KiB, resident
	goroutines, files int
}

func use(t *testing.T) (now usage) {
	t.Helper()
	debug.FreeOSMemory()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	if _, err := fmt.Sscan(rest, &now.memory); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	now.goroutines, now.files = runtime.NumGoroutine(), len(files)
	return now
}

// settle waits until goroutines and files are as few as they were: idle
// connections are kept for 90 seconds.
func settle(t *testing.T, before usage) usage {
	t.Helper()
	http.DefaultClient.CloseIdleConnections()
	for deadline := time.Now().Add(100 * time.Second); ; time.Sleep(time.Second) {
		now := use(t)
		if now.goroutines <= before.goroutines && now.files <= before.files || time.Now().After(deadline) {
			return now
		}
	}
}
