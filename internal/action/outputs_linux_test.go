package action

import (
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A disk that gets full in the midst of a write: the runner would refuse the
// whole file for half a record, so that none is left.
func TestAppendFileShort(t *testing.T) {
	path := filepath.Join(t.TempDir(), "outputs")
	const before = "a=b\n"
	if err := os.WriteFile(path, []byte(before), 0o600); err != nil {
		t.Fatal(err)
	}
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	small := limit
	small.Cur = uint64(len(before)) + 10
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &small); err != nil {
		t.Skip(err)
	}
	err := appendFile(path, strings.Repeat("c=d\n", 100))
	if restoring := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); restoring != nil {
		t.Fatal(restoring)
	}
	if err == nil {
		t.Error("half a write is no error")
	}
	if b, err := os.ReadFile(path); string(b) != before {
		t.Errorf("the file holds %q, %v", b, err)
	}
}
