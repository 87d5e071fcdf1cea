package unpack_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// oracleScript unpacks each folder of blobs by Python's gzip and GNU tar, and
// prints what lies below jars, or the line that ends Python's traceback.
const oracleScript = `
import gzip, json, os, shutil, subprocess, sys, traceback
results = {}
for case in sorted(os.listdir(sys.argv[1])):
    home = os.path.join(sys.argv[1], case)
    root = os.path.join(home, "root")
    os.mkdir(root)
    found, error = [], ""
    try:
        for n in range(len(os.listdir(home)) - 1):
            plain = os.path.join(home, "plain")
            with gzip.open(os.path.join(home, str(n))) as src, open(plain, "wb") as dst:
                shutil.copyfileobj(src, dst)
            subprocess.run(["tar", "-C", root, "-xf", plain], capture_output=True)
        for folder, _, names in os.walk(os.path.join(root, "jars")):
            found += [os.path.relpath(os.path.join(folder, n), root) for n in names if n.endswith(".jar")]
    except Exception as e:
        error = traceback.format_exception_only(type(e), e)[-1].strip()
    results[case] = {"jars": sorted(found), "error": error}
print(json.dumps(results))
`

// TestOracle holds every case to the programs that Glue runs. Root would pass
// over permissions and create devices, so the programs run as nobody then.
func TestOracle(t *testing.T) {
	python := lookTools(t)
	home, err := os.MkdirTemp("", "unpack")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { removeAll(t, home) })
	for i, c := range allCases {
		folder := filepath.Join(home, fmt.Sprintf("%03d", i))
		check(t, os.Mkdir(folder, 0o755))
		for n, blob := range c.layers {
			check(t, os.WriteFile(filepath.Join(folder, fmt.Sprint(n)), blob, 0o644))
		}
	}
	cmd := exec.Command(python, "-c", oracleScript, home)
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=C"}
	if os.Geteuid() == 0 {
		const nobody = 65534
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		check(t, filepath.WalkDir(home, func(path string, _ os.DirEntry, _ error) error { return os.Chown(path, nobody, nobody) }))
	}
	cmd.Dir = home
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("running the oracle: %v", err)
	}
	var results map[string]struct {
		Jars  []string
		Error string
	}
	check(t, json.Unmarshal(out, &results))
	for i, c := range allCases {
		t.Run(c.name, func(t *testing.T) {
			want, got := results[fmt.Sprintf("%03d", i)], replay(t, c.layers...)
			if diff := cmp.Diff(strings.Join(want.Jars, "\n"), strings.Join(paths(got), "\n")); diff != "" {
				t.Errorf("jars (-tar +replay):\n%s", diff)
			}
			log := ""
			if n := len(got.Problems); n > 0 && got.Problems[n-1].Code.StopsJob() {
				log = got.Problems[n-1].Log
			}
			if (log == "") != (want.Error == "") || !strings.HasPrefix(want.Error, log) {
				t.Errorf("log %q, Python says %q", log, want.Error)
			}
		})
	}
}

// lookTools skips the test without GNU tar and Python. It prefers the system's
// Python, because nobody may not be allowed to run another.
func lookTools(t *testing.T) string {
	t.Helper()
	version, err := exec.Command("tar", "--version").Output()
	if err != nil || !strings.Contains(string(version), "GNU tar") {
		t.Skip("no GNU tar")
	}
	if python, err := exec.LookPath("/usr/bin/python3"); err == nil {
		return python
	}
	python, err := exec.LookPath("python3")
	if err != nil || os.Geteuid() == 0 && strings.HasPrefix(python, "/root") {
		t.Skip("no python3 that everybody may run")
	}
	return python
}

// removeAll gets past directories that a case has closed.
func removeAll(t *testing.T, home string) {
	_ = filepath.WalkDir(home, func(path string, d os.DirEntry, _ error) error {
		if d != nil && d.IsDir() {
			return os.Chmod(path, 0o755)
		}
		return nil
	})
	check(t, os.RemoveAll(home))
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
