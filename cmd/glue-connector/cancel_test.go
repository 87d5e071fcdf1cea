//go:build unix

package main

import (
	"archive/zip"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// busyMachine is what a test may take longer where others use the processors.
const busyMachine = 3 * time.Second

// A signal ends a push within two seconds, wherever it is, and nothing is begun
// after it; outputs and report are whole.
func TestSignals(t *testing.T) {
	busy := func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(503) }
	for i, at := range pushRequests {
		for how, h := range map[string]http.HandlerFunc{"held up": nil, "busy": busy} {
			if h != nil && (i%2 == 0 || strings.HasPrefix(at.name, "Batch")) {
				continue // enough of those that are repeated; in place of ECR's API the registry is asked
			}
			t.Run(at.name+"/"+how, func(t *testing.T) {
				t.Parallel()
				p := startPush(t, at.match, h)
				p.awaitReached(t)
				time.Sleep(300 * time.Millisecond) // into a wait, if it is repeated
				signal := []os.Signal{syscall.SIGINT, syscall.SIGTERM}[i%2]
				start := time.Now()
				if err := p.Process.Signal(signal); err != nil {
					t.Fatal(err)
				}
				p.Wait()
				if d := time.Since(start); d > 2*time.Second+busyMachine {
					t.Errorf("ended after %v", d)
				}
				detail := "while "
				if at.beside {
					detail = "cancelled ("
				}
				p.checkReport(t, "cancelled", detail)
				for _, r := range p.world.Requests() {
					if r.Time.Sub(start) > time.Second {
						t.Errorf("%v after the signal: %s %s", r.Time.Sub(start), r.Method, r.Path)
					}
				}
				tags := len(p.world.Tags(ownHost, demoName)) + len(p.world.Tags(westHost, demoName))
				if tags != at.tags && at.tags >= 0 {
					t.Errorf("%d tags, want %d", tags, at.tags)
				}
			})
		}
	}
}

// The time of a run is over in the midst of a request.
func TestTimeout(t *testing.T) {
	for _, at := range pushRequests {
		if !slices.Contains([]string{"STS", "GET tag", "PUT blob", "second place"}, at.name) {
			continue
		}
		t.Run(at.name, func(t *testing.T) {
			t.Parallel()
			p := startPush(t, at.match, nil, "--timeout-minutes", "0.05")
			p.awaitReached(t)
			start := time.Now()
			p.Wait()
			if d := time.Since(start); d > 5*time.Second {
				t.Errorf("ended after %v", d)
			}
			p.checkReport(t, "timeout", "while ")
			if !strings.Contains(p.out.String(), "timed out after 0.05 minutes while ") || !strings.Contains(p.out.String(), "raise timeout-minutes") {
				t.Errorf("printed:\n%s", &p.out)
			}
		})
	}
}

// A verification is cut short in the midst of a layer.
func TestVerifyCutShort(t *testing.T) {
	t.Parallel()
	p := startPush(t, requestOf("GET", ownHost, "/blobs/"), func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Length", "1000")
		rw.Write([]byte("\x1f\x8b\x08"))
		http.NewResponseController(rw).Flush()
		<-r.Context().Done()
	})
	p.Wait() // a push reads no blob back
	for kind, args := range map[string][]string{"timeout": {"--timeout-minutes", "0.06"}, "cancelled": nil} {
		v := &program{Cmd: exec.Command("glue-connector", append([]string{"verify", "--repository", ownHost + "/" + demoName + ":1.0.0", "--report-file", "report.json"}, args...)...), dir: p.dir}
		v.Dir, v.Env, v.Stdout, v.Stderr = p.Dir, p.Env, &v.out, &v.out
		os.Remove(filepath.Join(p.dir, "out"))
		if err := v.Start(); err != nil {
			t.Fatal(err)
		}
		p.awaitReached(t)
		if kind == "cancelled" {
			v.Process.Signal(syscall.SIGINT)
		}
		start := time.Now()
		v.Wait()
		if d := time.Since(start); d > 6*time.Second {
			t.Errorf("%s: ended after %v", kind, d)
		}
		v.checkReport(t, kind, "while ")
	}
}

// What heeds no signal, such as hashing, keeps nobody waiting: here 3 GB, which
// take no room on the disk.
func TestSignalWhileHashing(t *testing.T) {
	t.Parallel()
	p := &program{dir: t.TempDir()}
	f, err := os.Create(filepath.Join(p.dir, "large.jar"))
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(&sparse{f})
	w, err := z.CreateHeader(&zip.FileHeader{Name: "data", Method: zip.Store})
	for i := 0; err == nil && i < 3<<10; i++ {
		_, err = w.Write(zeros)
	}
	if err := errors.Join(err, z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	copyDemo(t, p.dir)
	p.Cmd = exec.Command("glue-connector", "build", "--jars", "demo.jar,large.jar", "--output", "image.tar", "--report-file", "report.json")
	p.Dir, p.Stdout, p.Stderr = p.dir, &p.out, &p.out
	p.Env = append(os.Environ(), "GITHUB_OUTPUT="+filepath.Join(p.dir, "out"))
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(500 * time.Millisecond)
	start := time.Now()
	p.Process.Signal(syscall.SIGTERM)
	p.Wait()
	if d := time.Since(start); d > 2*time.Second+busyMachine {
		t.Errorf("ended after %v", d)
	}
	p.checkReport(t, "cancelled", "terminated")
}

// sparse leaves holes in a file where zeros are written.
type sparse struct{ *os.File }

var zeros = make([]byte, 1<<20)

func (s *sparse) Write(b []byte) (int, error) {
	if len(b) == len(zeros) {
		_, err := s.Seek(int64(len(b)), io.SeekCurrent)
		return len(b), err
	}
	return s.File.Write(b)
}

// A second signal ends the program at once, whatever holds up its report.
func TestSecondSignal(t *testing.T) {
	t.Parallel()
	p := startPush(t, requestOf("PUT", ownHost, "/blobs/uploads/"), nil)
	if err := syscall.Mkfifo(filepath.Join(p.dir, "summary"), 0o600); err != nil { // that nobody reads
		t.Skip(err)
	}
	p.awaitReached(t)
	ended := make(chan error, 1)
	go func() { ended <- p.Wait() }()
	p.Process.Signal(syscall.SIGTERM)
	select {
	case err := <-ended:
		t.Fatalf("it did not wait for the reader of its summary: %v\n%s", err, &p.out)
	case <-time.After(time.Second):
	}
	p.Process.Signal(syscall.SIGTERM)
	select {
	case err := <-ended:
		exit, ok := errors.AsType[*exec.ExitError](err)
		if status, isUnix := exit.Sys().(syscall.WaitStatus); !ok || !isUnix || !status.Signaled() {
			t.Errorf("ended with %v", err)
		}
	case <-time.After(2 * time.Second):
		t.Error("still there 2 s after the second signal")
	}
}
