package action

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// workflow is what the tests look at of a workflow's file.
type workflow struct {
	On          any
	Permissions map[string]string
	Jobs        map[string]struct {
		Permissions map[string]string
		Steps       []workflowStep
	}
}

type workflowStep struct {
	ID, Uses, Run string
	With          map[string]string
}

// ours tells that a step uses this action.
func (s workflowStep) ours() bool {
	return s.Uses == "./" || strings.HasPrefix(s.Uses, "OWNER/glue-connector@")
}

// workflows are the texts of the workflow files and of the README's YAML blocks:
// what users copy is held to what we hold ourselves to.
func workflows(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	files, err := filepath.Glob("../../.github/workflows/*")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d workflow files: %v", len(files), err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(f)] = string(b)
	}
	readme, err := os.ReadFile(readmeFile)
	if err != nil {
		t.Fatal(err)
	}
	// Other YAML stands there as yml.
	blocks := regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$").FindAllStringSubmatch(string(readme), -1)
	if len(blocks) == 0 {
		t.Fatal("the README has no YAML")
	}
	for i, b := range blocks {
		all[fmt.Sprintf("README block %d", i+1)] = b[1]
	}
	return all
}

func TestWorkflows(t *testing.T) {
	for name, text := range workflows(t) {
		t.Run(name, func(t *testing.T) {
			var w workflow
			if err := yaml.Unmarshal([]byte(text), &w); err != nil {
				t.Fatal(err)
			}
			if w.Permissions == nil || len(w.Permissions) > 0 {
				t.Errorf("permissions are %v: a workflow gives none, and each job what it needs", w.Permissions)
			}
			if strings.Contains(text, "pull_request_target") {
				t.Error("pull_request_target runs with the repository's rights on what others wrote")
			}
			if len(w.Jobs) == 0 {
				t.Error("no jobs")
			}
			for id, job := range w.Jobs {
				if len(job.Permissions) == 0 {
					t.Errorf("job %s names no permissions", id)
				}
				ids := map[string]bool{}
				for _, s := range job.Steps {
					checkStep(t, s)
					if s.ours() && s.ID != "" {
						ids[s.ID] = true
					}
				}
				checkOutputs(t, text, ids)
			}
			checkPins(t, text)
		})
	}
}

func checkStep(t *testing.T, s workflowStep) {
	t.Helper()
	if strings.Contains(s.Run, "${{") {
		t.Errorf("a script holds an expression, whose value would be run: %s", s.Run)
	}
	switch {
	case strings.HasPrefix(s.Uses, "actions/checkout@"):
		if s.With["persist-credentials"] != "false" || s.With["ref"] != "" {
			t.Errorf("a checkout keeps the token, or is of a commit of its own: %v", s.With)
		}
	case s.ours():
		for input := range s.With {
			if !slices.ContainsFunc(Inputs, func(i Input) bool { return i.Name == input }) {
				t.Errorf("there is no input %s", input)
			}
		}
		if mode := Mode(s.With["mode"]); !strings.Contains(string(mode), "${{") {
			get := func(name string) string { return s.With[name] }
			if _, problems := parse(get, func(string) string { return "" }); len(problems) > 0 {
				t.Errorf("inputs %v: %v", s.With, problems)
			}
		}
	}
}

var outputOf = regexp.MustCompile(`steps\.([\w-]+)\.outputs\.([\w-]+)`)

// checkOutputs holds what later steps read of ours to the outputs that there are.
func checkOutputs(t *testing.T, text string, ids map[string]bool) {
	t.Helper()
	for _, m := range outputOf.FindAllStringSubmatch(text, -1) {
		if ids[m[1]] && !slices.ContainsFunc(Outputs, func(o Output) bool { return o.Name == m[2] }) {
			t.Errorf("there is no output %s", m[2])
		}
	}
}

var (
	usesLine = regexp.MustCompile(`(?m)^\s*(?:- )?uses: (.*)$`)
	pinned   = regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
)

// checkPins wants others' actions by commit, with the version for people and
// for Dependabot.
func checkPins(t *testing.T, text string) {
	t.Helper()
	for _, m := range usesLine.FindAllStringSubmatch(text, -1) {
		if (workflowStep{Uses: m[1]}).ours() || strings.HasPrefix(m[1], "./.github/workflows/") {
			continue
		}
		if !pinned.MatchString(m[1]) {
			t.Errorf("not pinned by commit: %s", m[1])
		}
	}
}

// TestPinsAgree wants one version of an action everywhere.
func TestPinsAgree(t *testing.T) {
	seen := map[string]string{}
	for name, text := range workflows(t) {
		for _, m := range usesLine.FindAllStringSubmatch(text, -1) {
			action, version, ok := strings.Cut(m[1], "@")
			if !ok || strings.HasPrefix(m[1], "OWNER/") {
				continue
			}
			if before, ok := seen[action]; ok && before != version {
				t.Errorf("%s: %s is at %s, and elsewhere at %s", name, action, version, before)
			}
			seen[action] = version
		}
	}
}
