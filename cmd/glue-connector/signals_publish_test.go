//go:build unix

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A signal while AWS is at work ends the program, not the change set, and later
// steps hear which one it is.
func TestSignalWhilePublishing(t *testing.T) {
	t.Parallel()
	p := newPublication(t)
	p.world.SlowChangeSets(1000, 0)
	var out bytes.Buffer
	c := p.command(&out)
	c.Env = append(c.Env, "GITHUB_OUTPUT="+filepath.Join(p.dir, "out"))
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Process.Kill() })
	for begun := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		polled := false
		for _, r := range p.world.Requests() {
			polled = polled || r.Path == "/DescribeChangeSet" && r.Status == 200
		}
		if polled {
			break
		}
		if time.Since(begun) > 30*time.Second {
			t.Fatalf("nothing was started\n%s", &out)
		}
	}
	time.Sleep(100 * time.Millisecond) // into the wait
	begun := time.Now()
	c.Process.Signal(syscall.SIGTERM)
	c.Wait()
	if d := time.Since(begun); d > 2*time.Second+busyMachine {
		t.Errorf("ended after %v", d)
	}
	if code := c.ProcessState.ExitCode(); code != 3 || !strings.Contains(out.String(), "while waiting for change set 0000000000001") {
		t.Errorf("exit code %d\n%s", code, &out)
	}
	b, _ := os.ReadFile(filepath.Join(p.dir, "out"))
	all, err := parseOutputs(string(b))
	for _, want := range [][2]string{{"result", "failed"}, {"change-set-id", "0000000000001"}, {"change-set-status", "PREPARING"}} {
		if err != nil || !slices.Contains(all, want) {
			t.Errorf("outputs %q, %v", all, err)
		}
	}
	if sets := p.world.ChangeSets(); len(sets) != 1 || sets[0].Status != "PREPARING" {
		t.Errorf("change sets %+v", sets)
	}
}
