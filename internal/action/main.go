// Package action is the shell: it reads the inputs of a GitHub Action or of a
// command line, runs the steps, and tells people and later steps what came of
// it. It is the only package that knows the runner's environment.
package action

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
)

// Exit codes.
const (
	exitFine     = 0
	exitFindings = 1 // at or above fail-on
	exitInputs   = 2 // bad inputs
	exitFailed   = 3 // something failed
)

// Env is the surroundings of a run.
type Env struct {
	Args    []string // without the program's name
	Environ []string // KEY=value
	Dir     string   // the current directory
	Stdout  io.Writer
	Stderr  io.Writer
	// JSON gets the report, if it is not nil.
	JSON io.Writer
	// Terminal tells that Stdout is one.
	Terminal bool
}

// Getenv returns the value of a variable, "" if it is not set.
func (e Env) Getenv(name string) string {
	for _, kv := range e.Environ {
		if k, v, ok := strings.Cut(kv, "="); ok && k == name {
			return v
		}
	}
	return ""
}

// forJSON parts what is for programs from what is for people, if it is wanted.
func (e Env) forJSON(wanted bool) Env {
	if wanted {
		e.JSON, e.Stdout, e.Terminal = e.Stdout, e.Stderr, false
	}
	return e
}

// inActions tells that a runner of GitHub Actions runs us.
func (e Env) inActions() bool { return e.Getenv("GITHUB_ACTIONS") == "true" }

// Main runs the program and returns its exit code. Without arguments in a
// workflow it is the action; else it is a command line.
func Main(ctx context.Context, env Env) int {
	if len(env.Args) == 0 && env.inActions() {
		return execute(ctx, env, func(name string) string { return env.Getenv(find(name).Env()) }, unknownInputs(env))
	}
	return commandLine(ctx, env)
}

// unknownInputs finds misspelt inputs: the runner passes them on with a
// warning that nobody reads.
func unknownInputs(env Env) []Problem {
	known := map[string]bool{"INPUT_ARGS": true, "INPUT_ENTRYPOINT": true} // the runner's own
	for _, i := range Inputs {
		known[i.Env()] = true
	}
	var problems []Problem
	for _, kv := range env.Environ {
		k, _, _ := strings.Cut(kv, "=")
		if strings.HasPrefix(k, "INPUT_") && !known[k] {
			name := strings.ToLower(strings.TrimPrefix(k, "INPUT_"))
			problems = append(problems, Problem{"inputs", fmt.Sprintf("there is no input %+q", name), "See the list of inputs in the README."})
		}
	}
	return problems
}

// version is a release's, set by the linker.
var version string

// Version is the program's own, from the build.
func Version() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "devel"
	}
	return info.Main.Version
}

// System is the surroundings that the operating system gives.
func System() Env {
	dir, _ := os.Getwd()
	info, err := os.Stdout.Stat()
	return Env{
		Args: os.Args[1:], Environ: os.Environ(), Dir: dir, Stdout: os.Stdout, Stderr: os.Stderr,
		Terminal: err == nil && info.Mode()&os.ModeCharDevice != 0,
	}
}
