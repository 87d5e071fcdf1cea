//go:build unix

package workspace

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// Later steps of the job can delete the folders that were made, too.
func TestFoldersBelongToTheWorkspacesOwner(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root gives files away")
	}
	const owner = 1001
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "old"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(root, owner, owner); err != nil {
		t.Fatal(err)
	}
	w := &Workspace{Root: root, Dir: root}
	if err := w.Write("old/a/b/report.json", []byte("{}")); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]uint32{"old": 0, "old/a": owner, "old/a/b": owner, "old/a/b/report.json": owner} {
		info, err := os.Stat(filepath.Join(root, name))
		if err != nil || info.Sys().(*syscall.Stat_t).Uid != want {
			t.Errorf("%s is not user %d's: %v, %v", name, want, info, err)
		}
	}
}
