//go:build unix

package localrun

import (
	"fmt"
	"io"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What a program starts ends with it, and with it the output.
func TestStart(t *testing.T) {
	for name, stopped := range map[string]bool{"sleep 600 & echo $!; exit 3": false, "sleep 600 & echo $!; wait": true} {
		r, err := start(exec.Command("/bin/sh", "-c", name))
		if err != nil {
			t.Fatal(err)
		}
		var child int
		if _, err := fmt.Fscan(r.output, &child); err != nil {
			t.Fatal(err)
		}
		if stopped {
			r.stop()
		}
		rest, err := io.ReadAll(r.output)
		if err != nil || strings.TrimSpace(string(rest)) != "" {
			t.Errorf("%q, %v", rest, err)
		}
		if err := r.wait(); err == nil {
			t.Errorf("%s: ends well", name)
		}
		for i := 0; syscall.Kill(child, 0) == nil; i++ {
			if time.Sleep(20 * time.Millisecond); i > 100 {
				t.Fatalf("%s: the child is still there", name)
			}
		}
	}
}
