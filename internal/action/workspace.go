package action

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"glue-connector/internal/workspace"
)

// openWorkspace finds the folder that paths are relative to. In a workflow no
// path may leave the workspace.
func openWorkspace(env Env, in Settings, problems []Problem) (*workspace.Workspace, []Problem) {
	w := &workspace.Workspace{Dir: env.Dir}
	if root := env.Getenv("GITHUB_WORKSPACE"); env.inActions() && root != "" {
		w.Dir, w.Root = filepath.Clean(root), filepath.Clean(root)
		if _, repository, ok := strings.Cut(env.Getenv("GITHUB_REPOSITORY"), "/"); ok && env.Getenv("RUNNER_WORKSPACE") != "" {
			w.HostRoot = strings.TrimRight(env.Getenv("RUNNER_WORKSPACE"), "/") + "/" + repository
		}
	}
	dir := in.WorkingDirectory
	if rest, ok := strings.CutPrefix(dir+"/", w.HostRoot+"/"); ok && w.HostRoot != "" {
		dir = filepath.Join(w.Root, rest)
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(w.Dir, dir)
	}
	w.Dir = filepath.Clean(dir)
	if w.Root != "" {
		if rel, err := filepath.Rel(w.Root, w.Dir); err != nil || !filepath.IsLocal(rel) {
			w.Dir = w.Root
			problems = append(problems, Problem{"working-directory", "the folder lies outside of the workspace", "Give a path relative to the repository."})
		}
	}
	if info, err := os.Stat(w.Dir); err != nil || !info.IsDir() {
		problems = append(problems, Problem{"working-directory", fmt.Sprintf("%+q is no folder", in.WorkingDirectory), "Give a folder of the repository."})
	}
	return w, problems
}
