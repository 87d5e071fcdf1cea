package workspace

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// Limits of Find, against patterns that would walk for ever.
const (
	MaxPatterns = 50
	MaxVisited  = 20_000 // entries a pattern
	MaxDepth    = 32     // folders below the pattern's fixed part
	MaxFiles    = 1_000
)

// Found is a file that a pattern names.
type Found struct {
	// Path is for Open; Display for people.
	Path, Display string
	// Given tells that the publisher wrote this very path, so that a problem
	// with it is a problem of the input.
	Given bool
}

// Problem is something wrong with one of the patterns.
type Problem struct {
	Pattern string
	Err     error
}

// ErrNoMatch says that a pattern names no file.
var ErrNoMatch = errors.New("no file matches")

// Find lists the files that patterns name: files, folders (their *.jar), and
// globs with ** for folders at any depth; what follows a ! is left out. Each
// file is listed once, in the order of paths. ** enters no folder whose name
// begins with a dot, and nothing follows a symbolic link.
func (w *Workspace) Find(patterns []string) ([]Found, []Problem) {
	if len(patterns) > MaxPatterns {
		return nil, []Problem{{Err: fmt.Errorf("%d patterns are given, and %d are the most", len(patterns), MaxPatterns)}}
	}
	var problems []Problem
	found := map[string]Found{}
	var without []string
	for _, p := range patterns {
		if rest, ok := strings.CutPrefix(p, "!"); ok {
			without = append(without, filepath.ToSlash(w.absolute(strings.TrimSpace(rest))))
			continue
		}
		files, err := w.find(p)
		if err == nil && len(files) == 0 {
			err = ErrNoMatch
		}
		if err != nil {
			problems = append(problems, Problem{p, err})
		}
		for _, f := range files {
			if old, ok := found[f.Path]; !ok || !old.Given {
				found[f.Path] = f
			}
		}
	}
	var all []Found
	for _, f := range found {
		if !excluded(filepath.ToSlash(f.Path), without) {
			all = append(all, f)
		}
	}
	slices.SortFunc(all, func(a, b Found) int { return strings.Compare(a.Path, b.Path) })
	if len(all) > MaxFiles {
		problems = append(problems, Problem{Err: fmt.Errorf("%d files match, and %d are the most", len(all), MaxFiles)})
		all = all[:MaxFiles]
	}
	return all, problems
}

// excluded tells whether a path is named by a pattern, or lies in a folder
// that one names.
func excluded(full string, without []string) bool {
	return slices.ContainsFunc(without, func(p string) bool {
		ok, _ := doublestar.Match(p, full)
		inside, _ := doublestar.Match(p+"/**", full)
		return ok || inside
	})
}

func (w *Workspace) find(pattern string) ([]Found, error) {
	full := w.absolute(pattern)
	if w.Root != "" {
		if rel, err := filepath.Rel(w.Root, full); err != nil || !filepath.IsLocal(rel) {
			return nil, ErrOutside
		}
	}
	// A file may be called a[1].jar: what exists is meant as it is written.
	if info, err := os.Lstat(full); err == nil {
		if info.IsDir() {
			return w.walk(full, "*.[jJ][aA][rR]")
		}
		return []Found{{Path: full, Display: w.Display(full), Given: true}}, nil
	}
	base, rest := doublestar.SplitPattern(filepath.ToSlash(full))
	if !strings.ContainsAny(rest, "*?[{") {
		return nil, errors.New("no such file or folder")
	}
	if !doublestar.ValidatePattern(rest) {
		return nil, errors.New("not a pattern: a bracket or brace is not closed")
	}
	files, err := w.walk(filepath.FromSlash(base), rest)
	if errors.Is(err, fs.ErrNotExist) {
		err = ErrNoMatch
	}
	return files, err
}

// walk lists the files below base whose relative path matches.
func (w *Workspace) walk(base, pattern string) ([]Found, error) {
	if !w.inside(base) {
		return nil, ErrSymlink
	}
	deep := strings.Contains(pattern, "**")
	levels := strings.Count(pattern, "/")
	visited := 0
	var files []Found
	err := filepath.WalkDir(base, func(full string, d fs.DirEntry, err error) error {
		if err != nil || full == base {
			return missing(err)
		}
		if visited++; visited > MaxVisited {
			return fmt.Errorf("more than %d files and folders to look through; name a smaller folder", MaxVisited)
		}
		rel, err := filepath.Rel(base, full)
		if err != nil {
			return err
		}
		depth := strings.Count(rel, string(filepath.Separator))
		if d.IsDir() {
			if depth >= MaxDepth || (!deep && depth >= levels) || (deep && strings.HasPrefix(d.Name(), ".")) {
				return filepath.SkipDir
			}
			return nil
		}
		if ok, _ := doublestar.Match(pattern, filepath.ToSlash(rel)); ok {
			files = append(files, Found{Path: full, Display: w.Display(full)})
		}
		return nil
	})
	return files, err
}

// inside tells whether a folder is where its path says, as far as the
// repository decides that: no element below the root is a link.
func (w *Workspace) inside(dir string) bool {
	if w.Root == "" {
		return true
	}
	root, err := filepath.EvalSymlinks(w.Root)
	if err != nil {
		return false
	}
	rel, err := filepath.Rel(w.Root, dir)
	if err != nil {
		return false
	}
	real, err := filepath.EvalSymlinks(dir)
	return errors.Is(err, fs.ErrNotExist) || err == nil && real == filepath.Join(root, rel)
}
