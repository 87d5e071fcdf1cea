// Package workspace opens and writes the publisher's files, and is the only
// package that does. Content of a repository is not trusted: a "jar" that is a
// symbolic link to a token, a pipe or a folder is never opened, wherever it
// points, and nothing is read or written outside of the workspace when a
// runner gives one.
package workspace

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Workspace is a folder that paths are relative to.
type Workspace struct {
	// Dir is the folder of relative paths: the working directory.
	Dir string
	// Root is the folder that no path may leave, "" for a person at a
	// terminal, who may name any file.
	Root string
	// HostRoot is Root as the runner's host calls it, "" if it is the same:
	// inside a container, the runner translates a path only if an input holds
	// nothing else.
	HostRoot string
}

// Why a file is refused.
var (
	ErrOutside    = errors.New("the path leads out of the workspace")
	ErrSymlink    = errors.New("the path is, or leads through, a symbolic link")
	ErrNotRegular = errors.New("not a plain file")
)

// Open opens a plain file. The path may be relative to the workspace's folder,
// with slashes or the system's separators.
func (w *Workspace) Open(name string) (*os.File, fs.FileInfo, error) {
	root, rel, err := w.locate(name)
	if err != nil {
		return nil, nil, err
	}
	return open(root, rel)
}

// Read reads a plain file of at most limit bytes; of a larger one it returns
// one byte more.
func (w *Workspace) Read(name string, limit int64) ([]byte, error) {
	f, _, err := w.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit+1))
}

// locate splits a path into a folder to be trusted and the rest. The folder is
// the root if there is one; else what stands before the last element.
func (w *Workspace) locate(name string) (root, rel string, err error) {
	full := w.absolute(name)
	if w.Root == "" {
		dir, err := filepath.EvalSymlinks(filepath.Dir(full))
		if err != nil {
			return "", "", missing(err)
		}
		return dir, filepath.Base(full), nil
	}
	rel, err = filepath.Rel(w.Root, full)
	if err != nil || !filepath.IsLocal(rel) {
		return "", "", ErrOutside
	}
	return w.Root, rel, nil
}

// Full is the full path of what a publisher wrote.
func (w *Workspace) Full(name string) string { return w.absolute(name) }

func (w *Workspace) absolute(name string) string {
	if rest, ok := strings.CutPrefix(name, w.HostRoot+"/"); ok && w.HostRoot != "" {
		name = filepath.Join(w.Root, rest)
	}
	name = filepath.FromSlash(name)
	if !filepath.IsAbs(name) {
		name = filepath.Join(w.Dir, name)
	}
	return filepath.Clean(name)
}

// Display is how a file is named to people: relative to the workspace, or to
// the working directory at a terminal, with slashes.
func (w *Workspace) Display(full string) string {
	base := w.Root
	if base == "" {
		base = w.Dir
	}
	if rel, err := filepath.Rel(base, full); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return filepath.ToSlash(full)
}

// check makes sure that what was opened is a plain file.
func check(f *os.File) (*os.File, fs.FileInfo, error) {
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = ErrNotRegular
		if info.IsDir() {
			err = fmt.Errorf("%w but a folder", ErrNotRegular)
		}
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

// openPortably opens a file below root where the system cannot refuse links by
// itself: each element is looked at first, and os.Root keeps a link that
// appears in between from leading out.
func openPortably(root, rel string) (*os.File, fs.FileInfo, error) {
	r, err := os.OpenRoot(root)
	if err != nil {
		return nil, nil, missing(err)
	}
	defer r.Close()
	at := ""
	for _, element := range strings.Split(filepath.ToSlash(rel), "/") {
		at = path.Join(at, element)
		info, err := r.Lstat(filepath.FromSlash(at))
		switch {
		case err != nil:
			return nil, nil, missing(err)
		case info.Mode()&fs.ModeSymlink != 0:
			return nil, nil, ErrSymlink
		case !info.IsDir() && !info.Mode().IsRegular():
			return nil, nil, ErrNotRegular // a pipe would block
		}
	}
	f, err := r.Open(rel)
	if err != nil {
		return nil, nil, missing(err)
	}
	return check(f)
}

// missing drops the system's own path from an error: the caller names the path
// as the publisher wrote it.
func missing(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}
