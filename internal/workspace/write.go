package workspace

import (
	"io/fs"
	"os"
	"path/filepath"
)

// Write puts a file at a path in one step: readers see the old one or the new
// one, and a link in its place is replaced, not followed.
func (w *Workspace) Write(name string, content []byte) error {
	full, err := w.Target(name)
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(full), ".glue-connector-*")
	if err != nil {
		return missing(err)
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(content)
	if closing := temp.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return missing(err)
	}
	if err := os.Chmod(temp.Name(), 0o644); err != nil {
		return missing(err)
	}
	w.handOver(temp.Name())
	return missing(os.Rename(temp.Name(), full))
}

// Target makes the folder for something to be written, as the owner of the
// workspace's, and gives the full path if that lies in the workspace.
func (w *Workspace) Target(name string) (string, error) {
	full := w.absolute(name)
	if w.Root != "" {
		rel, err := filepath.Rel(w.Root, full)
		if err != nil || !filepath.IsLocal(rel) || rel == "." {
			return "", ErrOutside
		}
		if !w.inside(firstExisting(filepath.Dir(full))) {
			return "", ErrSymlink
		}
	}
	dir := filepath.Dir(full)
	first := firstExisting(dir)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", missing(err)
	}
	for ; dir != first; dir = filepath.Dir(dir) {
		w.handOver(dir)
	}
	return full, nil
}

func firstExisting(dir string) string {
	for {
		if _, err := os.Lstat(dir); err == nil || dir == filepath.Dir(dir) {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}

// HandOver gives what was written to the owner of the workspace: a container
// action runs as root, and later steps of the job do not.
func (w *Workspace) HandOver(full string) {
	_ = filepath.WalkDir(full, func(p string, _ fs.DirEntry, err error) error {
		if err == nil {
			w.handOver(p)
		}
		return nil
	})
}
