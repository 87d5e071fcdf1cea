//go:build e2e

package main

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"go.yaml.in/yaml/v4"
)

// runnerUser owns the workspace and the runner's folders on GitHub's machines;
// the container's user is root.
const runnerUser = 1001

// actionImage builds the action's image from the Dockerfile, once.
func (s *suite) actionImage(t *testing.T) {
	t.Helper()
	if s.built {
		return
	}
	s.must(t, s.docker, s.script("base-images.sh"), "golang", "golang:here", s.root)
	s.must(t, s.docker, "docker", "build", "--quiet", "--network=none", "--build-arg", "BUILDER=golang:here", "--tag", "glue-connector", s.root)
	s.built = true
}

// runner runs the action's image for the steps of one job, with the folders, the
// variables and the names of github.com/actions/runner's ContainerActionHandler.
type runner struct {
	s         *suite
	workspace string
	folders   string            // what else of the runner is mounted, by the name under /github
	defaults  map[string]string // of the inputs in action.yml
}

func (s *suite) newRunner(t *testing.T, workspace string) *runner {
	t.Helper()
	s.actionImage(t)
	r := &runner{s: s, workspace: workspace, folders: t.TempDir(), defaults: map[string]string{}}
	raw, err := os.ReadFile(filepath.Join(s.root, "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var action struct {
		Inputs map[string]struct{ Default string }
	}
	if err := yaml.Unmarshal(raw, &action); err != nil || len(action.Inputs) == 0 {
		t.Fatalf("action.yml has %d inputs: %v", len(action.Inputs), err)
	}
	for name, input := range action.Inputs {
		r.defaults[name] = input.Default
	}
	for _, f := range []string{"home", "workflow", "file_commands", "runner_temp"} {
		if err := os.Mkdir(filepath.Join(r.folders, f), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	r.own(t)
	return r
}

// own gives what is in the workspace and the folders to the runner's user.
func (r *runner) own(t *testing.T) {
	t.Helper()
	for _, dir := range []string{r.workspace, r.folders} {
		err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			return errors.Join(err, os.Lchown(path, runnerUser, runnerUser))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// step is one use of the action.
type step struct {
	event   string            // GITHUB_EVENT_NAME
	payload []byte            // what the runner writes to event.json, nil for no file
	token   string            // github.token
	with    map[string]string // inputs
	env     []string          // more variables, or other values
	network string            // host unless said otherwise

	cancel <-chan struct{} // once closed, the workflow's run is cancelled
}

// outcome is what a step leaves behind.
type outcome struct {
	code    int
	log     string
	outputs map[string]string
	summary string
}

// run runs the action as a step of the job. What holds for every step is tested
// here: the outputs are the declared ones, the log holds no command but
// annotations, and every file belongs to the owner of the workspace.
func (r *runner) run(t *testing.T, s step) outcome {
	t.Helper()
	commands := filepath.Join(r.folders, "file_commands")
	for _, f := range []string{"set_output", "step_summary", "set_env", "add_path", "save_state"} {
		write(t, filepath.Join(commands, f), nil)
	}
	event := filepath.Join(r.folders, "workflow/event.json")
	os.Remove(event)
	if s.payload != nil {
		write(t, event, s.payload)
	}
	r.own(t)

	c := exec.Command("docker", r.arguments(s)...)
	c.Env = append(os.Environ(), r.s.docker...)
	var log bytes.Buffer
	c.Stdout, c.Stderr = &log, &log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if s.cancel != nil {
		go func() {
			<-s.cancel
			c.Process.Signal(os.Interrupt) // as the runner does; seconds later it would kill
		}()
	}
	err := c.Wait()
	exit, failed := errors.AsType[*exec.ExitError](err)
	if err != nil && !failed {
		t.Fatal(err)
	}
	out := outcome{log: log.String(), outputs: readOutputs(t, filepath.Join(commands, "set_output")), summary: string(read(t, filepath.Join(commands, "step_summary")))}
	if failed {
		out.code = exit.ExitCode()
	}
	t.Logf("%s, %v: exit code %d\n%s", s.event, s.with, out.code, out.log)
	r.common(t, out)
	return out
}

func (r *runner) arguments(s step) []string {
	if s.network == "" {
		s.network = "host"
	}
	args := []string{"run", "--rm", "--pull=never", "--network=" + s.network, "--workdir", "/github/workspace",
		"-v", r.workspace + ":/github/workspace", "-v", r.s.world.CAFile() + ":/ca.pem:ro"}
	for _, f := range []string{"home", "workflow", "file_commands", "runner_temp"} {
		args = append(args, "-v", filepath.Join(r.folders, f)+":/github/"+f)
	}
	env := []string{
		"HOME=/github/home", "CI=true", "GITHUB_ACTIONS=true", "GITHUB_ACTION=connector", "GITHUB_JOB=connector", "GITHUB_WORKFLOW=Connector",
		"GITHUB_WORKSPACE=/github/workspace", "GITHUB_EVENT_PATH=/github/workflow/event.json", "GITHUB_EVENT_NAME=" + s.event,
		"GITHUB_OUTPUT=/github/file_commands/set_output", "GITHUB_STEP_SUMMARY=/github/file_commands/step_summary",
		"GITHUB_ENV=/github/file_commands/set_env", "GITHUB_PATH=/github/file_commands/add_path", "GITHUB_STATE=/github/file_commands/save_state",
		"GITHUB_REPOSITORY=octo/demo", "GITHUB_REPOSITORY_OWNER=octo", "GITHUB_SERVER_URL=https://github.com", "GITHUB_API_URL=" + r.s.world.GitHubURL(),
		"GITHUB_SHA=ffffffffffffffffffffffffffffffffffffffff", "GITHUB_RUN_ID=21000000008", "GITHUB_RUN_ATTEMPT=2", "GITHUB_RUN_NUMBER=31",
		"RUNNER_OS=Linux", "RUNNER_ARCH=X64", "RUNNER_NAME=GitHub Actions 1", "RUNNER_ENVIRONMENT=github-hosted", "RUNNER_TEMP=/github/runner_temp",
		"RUNNER_TOOL_CACHE=/opt/hostedtoolcache", "RUNNER_WORKSPACE=/home/runner/work/demo",
		"ACTIONS_RUNTIME_TOKEN=" + canary, "ACTIONS_RESULTS_URL=https://results-receiver.actions.githubusercontent.com/",
	}
	inputs := maps.Clone(r.defaults)
	maps.Copy(inputs, s.with)
	for _, name := range slices.Sorted(maps.Keys(inputs)) {
		value := strings.ReplaceAll(inputs[name], "${{ github.token }}", s.token)
		env = append(env, "INPUT_"+strings.ToUpper(strings.ReplaceAll(name, " ", "_"))+"="+value)
	}
	for _, e := range append(env, s.env...) {
		args = append(args, "-e", e)
	}
	return append(args, "glue-connector")
}

// canary is a secret of the runner that no one may see.
const canary = "canary-5f0c9d1e7b"

// command finds the runner's commands in a log, in their new form at the start of
// a line and in their old one anywhere.
var command = regexp.MustCompile(`(?m)^\s*::([\w-]+).*?::|##\[([\w-]+).*?\]`)

// common is what holds after every step.
func (r *runner) common(t *testing.T, out outcome) {
	t.Helper()
	var declared struct{ Outputs map[string]any }
	if err := yaml.Unmarshal(read(t, filepath.Join(r.s.root, "action.yml")), &declared); err != nil {
		t.Fatal(err)
	}
	if got, want := slices.Sorted(maps.Keys(out.outputs)), slices.Sorted(maps.Keys(declared.Outputs)); !slices.Equal(got, want) {
		t.Errorf("outputs %v, want %v", got, want)
	}
	for _, c := range command.FindAllStringSubmatch(strings.ReplaceAll(out.log, "\r", "\n"), -1) {
		if !slices.Contains([]string{"error", "warning", "notice"}, c[1]) {
			t.Errorf("a command in the log: %q", c[0])
		}
	}
	for _, f := range []string{"set_env", "add_path", "save_state"} {
		if b := read(t, filepath.Join(r.folders, "file_commands", f)); len(b) > 0 {
			t.Errorf("%s holds %q", f, b)
		}
	}
	for _, text := range append(slices.Collect(maps.Values(out.outputs)), out.log, out.summary) {
		if strings.Contains(text, canary) {
			t.Error("a secret of the runner is shown")
		}
	}
	for _, dir := range []string{r.workspace, r.folders} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := d.Info()
			if err == nil && info.Sys().(*syscall.Stat_t).Uid != runnerUser {
				t.Errorf("%s belongs to another user: later steps cannot change it", path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range []string{"home", "runner_temp"} {
		if left, err := os.ReadDir(filepath.Join(r.folders, f)); err != nil || len(left) > 0 {
			t.Errorf("left in %s: %v, %v", f, left, err)
		}
	}
}

func write(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
