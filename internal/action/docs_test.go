package action

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"glue-connector/internal/check"
)

var update = flag.Bool("update", false, "write action.yml and the tables of the README")

const actionFile, readmeFile = "../../action.yml", "../../README.md"

func TestActionYML(t *testing.T) {
	want := actionYML()
	if *update {
		if err := os.WriteFile(actionFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got := readAction(t)
	if diff := gocmp.Diff(want, string(got)); diff != "" {
		t.Errorf("action.yml is not what the tables say; run go test ./internal/action -update\n%s", diff)
	}
}

// readAction reads action.yml as it is between releases: in the sources of one it
// names the image. That main does not is tested by .ci/run.
func readAction(t *testing.T) []byte {
	t.Helper()
	b, err := os.ReadFile(actionFile)
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`(?m)^  image: docker://\S+@sha256:[0-9a-f]{64}$`).ReplaceAll(b, []byte("  image: Dockerfile"))
}

// The file is written as text, so that a parser has to agree with it.
func TestActionYMLParses(t *testing.T) {
	var a struct {
		Name, Description string
		Inputs            map[string]struct {
			Description, Default string
			Required             bool
		}
		Outputs map[string]struct{ Description string }
		Runs    struct{ Using, Image string }
	}
	if err := yaml.Unmarshal(readAction(t), &a); err != nil {
		t.Fatal(err)
	}
	for _, i := range Inputs {
		got, ok := a.Inputs[i.Name]
		if !ok || got.Default != cmp.Or(i.Expression, i.Default) || got.Description != i.Help {
			t.Errorf("input %s is %+v", i.Name, got)
		}
	}
	for _, o := range Outputs {
		if a.Outputs[o.Name].Description != o.Help {
			t.Errorf("output %s is %q", o.Name, a.Outputs[o.Name])
		}
	}
	if len(a.Inputs) != len(Inputs) || len(a.Outputs) != len(Outputs) {
		t.Errorf("%d inputs and %d outputs", len(a.Inputs), len(a.Outputs))
	}
	if a.Runs.Using != "docker" || a.Runs.Image != "Dockerfile" {
		t.Errorf("runs: %+v", a.Runs)
	}
}

func TestREADME(t *testing.T) {
	b, err := os.ReadFile(readmeFile)
	if err != nil {
		t.Fatal(err)
	}
	want := string(b)
	for name, table := range map[string]string{"inputs": inputTable(), "outputs": outputTable(), "rules": ruleTable()} {
		want = replaceBlock(t, want, name, table)
	}
	if *update {
		if err := os.WriteFile(readmeFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := gocmp.Diff(want, string(b)); diff != "" {
		t.Errorf("a table of the README is out of date; run go test ./internal/action -update\n%s", diff)
	}
}

func replaceBlock(t *testing.T, text, name, table string) string {
	t.Helper()
	begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->\n"
	before, rest, ok := strings.Cut(text, begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("the README has no block %s", name)
	}
	return before + begin + table + end + after
}

func inputTable() string {
	var b strings.Builder
	b.WriteString("| input | default | modes | |\n|---|---|---|---|\n")
	for _, i := range Inputs {
		in := "all"
		if i.Modes != nil {
			var names []string
			for _, m := range i.Modes {
				names = append(names, string(m))
			}
			in = strings.Join(names, ", ")
		}
		def := ""
		if text := cmp.Or(i.Expression, i.Default); text != "" {
			def = "`" + text + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", i.Name, def, in, i.Help)
	}
	return b.String()
}

func outputTable() string {
	var b strings.Builder
	b.WriteString("| output | |\n|---|---|\n")
	for _, o := range Outputs {
		fmt.Fprintf(&b, "| `%s` | %s |\n", o.Name, o.Help)
	}
	return b.String()
}

func ruleTable() string {
	var b strings.Builder
	b.WriteString("| rule | severity | what must hold | or else |\n|---|---|---|---|\n")
	for _, r := range check.Rules {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", r.ID, r.Severity, r.Summary, r.Why)
	}
	return b.String()
}

// quoteYAML writes a plain text as a YAML scalar that cannot be misread.
func quoteYAML(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func actionYML() string {
	var b strings.Builder
	b.WriteString(`# Written by go test ./internal/action -update from the tables in internal/action.
name: 'Glue connector'
description: 'Take an AWS Glue connector from a commit to a version in AWS Marketplace: check, build, push, verify, activation link, change set.'
branding:
  icon: package
  color: orange
inputs:
`)
	for _, i := range Inputs {
		fmt.Fprintf(&b, "  %s:\n    description: %s\n    required: false\n", i.Name, quoteYAML(i.Help))
		if def := cmp.Or(i.Expression, i.Default); def != "" {
			fmt.Fprintf(&b, "    default: %s\n", quoteYAML(def))
		}
	}
	b.WriteString("outputs:\n")
	for _, o := range Outputs {
		fmt.Fprintf(&b, "  %s:\n    description: %s\n", o.Name, quoteYAML(o.Help))
	}
	b.WriteString("runs:\n  using: docker\n  image: Dockerfile\n")
	return b.String()
}
