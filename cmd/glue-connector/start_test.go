package main

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
)

// What is made at the start is made by every run, and most runs need little of
// it: an expression with large classes, a schema of a service. Times depend on
// the machine, bytes do not.
func TestStart(t *testing.T) {
	const most, mostOfOne = 3 << 20, 600 << 10
	program := filepath.Join(t.TempDir(), "glue-connector") // not the test's own, which has more in it
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	c := exec.Command(program, "--version")
	c.Env = append(c.Environ(), "GODEBUG=inittrace=1")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	lines := regexp.MustCompile(`(?m)^init (\S+) @.* clock, ([0-9]+) bytes`).FindAllStringSubmatch(string(out), -1)
	if len(lines) < 20 {
		t.Fatalf("%d packages only:\n%s", len(lines), out)
	}
	total := 0
	for _, l := range lines {
		n, err := strconv.Atoi(l[2])
		if err != nil {
			t.Fatal(err)
		}
		if total += n; n > mostOfOne {
			t.Errorf("%s makes %d bytes at each start, want at most %d: make them when they are needed", l[1], n, mostOfOne)
		}
	}
	if total > most {
		t.Errorf("%d bytes are made at each start, want at most %d", total, most)
	}
	t.Logf("%d bytes", total)
}
