package action

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

var imageDigest = regexp.MustCompile(`image +(sha256:[0-9a-f]{64})`)

// A person's second run takes the sums of the first; a runner's does not, nor
// does anyone if another user may have written them, or the jar has changed. It
// shows in what a run does with a sum that was forged.
func TestMemoryFile(t *testing.T) {
	t.Parallel()
	dir, cache := t.TempDir(), t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../testdata/demo")); err != nil {
		t.Fatal(err)
	}
	jars, err := filepath.Glob(filepath.Join(dir, "jars", "*.jar"))
	if err != nil || len(jars) != 1 {
		t.Fatal(jars, err)
	}
	build := func(environ ...string) string {
		var out bytes.Buffer
		env := Env{Args: []string{"build", "--jars", "jars"}, Dir: dir, Stdout: &out, Stderr: &out,
			Environ: append([]string{"XDG_CACHE_HOME=" + cache}, environ...)}
		if code := Main(t.Context(), env); code != 0 {
			t.Fatalf("exit code %d:\n%s", code, &out)
		}
		m := imageDigest.FindStringSubmatch(out.String())
		if m == nil {
			t.Fatalf("no image:\n%s", &out)
		}
		return m[1]
	}
	file := filepath.Join(cache, memoryName)
	right := build()
	if _, err := os.Stat(file); err == nil {
		t.Error("a jar that was written just now is remembered")
	}
	time.Sleep(2100 * time.Millisecond) // until it has settled
	if got := build(); got != right {
		t.Errorf("%s, want %s", got, right)
	}
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	forged := regexp.MustCompile(`sha256:[0-9a-f]{4}([0-9a-f]{60} [0-9a-f]{8})\n`).ReplaceAllString(string(kept), "sha256:0000$1\n")
	forge := func(mode os.FileMode) {
		if err := os.WriteFile(file, []byte(forged), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
	}
	forge(0o600)
	if got := build(); got == right {
		t.Error("what was remembered is not used")
	}
	if got := build("GITHUB_ACTIONS=true"); got != right {
		t.Errorf("%s on a runner, want %s", got, right)
	}
	forge(0o666)
	if got := build(); got != right {
		t.Errorf("%s from a file that anyone can write, want %s", got, right)
	}
	forge(0o600)
	now := time.Now().Add(-time.Hour)
	if err := os.Chtimes(jars[0], now, now); err != nil { // which moves the other time, too
		t.Fatal(err)
	}
	if got := build(); got != right {
		t.Errorf("%s of a jar that was touched, want %s", got, right)
	}
}
