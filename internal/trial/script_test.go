package trial_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"glue-connector/internal/trial"
)

var update = flag.Bool("update", false, "write the scripts under testdata/trial")

const scripts = "../../testdata/trial"

func plan(t *testing.T, file string, kind trial.Kind, class string) *trial.Plan {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(scripts, file))
	if err != nil {
		t.Fatal(err)
	}
	p := trial.Parse(file, raw, kind, class)
	for _, problem := range p.Problems {
		t.Errorf("%s:%d:%d: %s", file, problem.At.Line, problem.At.Column, problem.Message)
	}
	return p
}

// The scripts of three plans, as they are and as a published connector's.
func TestScripts(t *testing.T) {
	for _, tt := range []struct {
		name, plan string
		kind       trial.Kind
		class      string
		target     trial.Target
	}{
		{"jdbc", "jdbc.yaml", trial.JDBC, "org.postgresql.Driver", trial.Target{Runner: trial.Local}},
		{"jdbc-marketplace", "jdbc.yaml", trial.JDBC, "org.postgresql.Driver", trial.Target{Runner: trial.Glue, Published: true}},
		{"jdbc-environment", "jdbc.yaml", trial.JDBC, "org.postgresql.Driver", trial.Target{Runner: trial.Local, Environment: true}},
		{"spark", "spark.yaml", trial.Spark, "com.example.spark", trial.Target{Runner: trial.Glue}},
		{"athena", "athena.yaml", trial.Athena, "com.example.athena.Shop", trial.Target{Runner: trial.Local}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := map[string]string{}
			trials, _ := plan(t, tt.plan, tt.kind, tt.class).Trials(tt.target)
			for _, one := range trials {
				got[one.File()] = one.Script()
			}
			golden(t, filepath.Join(scripts, tt.name), got)
		})
	}
}

// golden compares files with those of a folder, all of them.
func golden(t *testing.T, dir string, got map[string]string) {
	t.Helper()
	if *update {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range got {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	want := map[string]string{}
	files, err := filepath.Glob(filepath.Join(dir, "*.py"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		want[filepath.Base(f)] = string(b)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the scripts differ; run go test ./internal/trial -update\n%s", diff)
	}
}

// Whatever a plan says stays a text in the script.
func TestScriptQuotes(t *testing.T) {
	hostile := "\"\"\"\n')+__import__('os').system('id')#\\u{1}\u2028\U0001f600"
	p := &trial.Plan{Kind: trial.Spark, Class: hostile, Options: []trial.Option{
		{Name: hostile, Value: hostile}, {Name: "m", Map: []trial.Option{{Name: hostile, Value: hostile}}}}}
	trials, _ := p.Trials(trial.Target{Runner: trial.Glue})
	for _, one := range trials {
		for line := range strings.Lines(one.Script()) {
			for _, c := range line {
				if c > 126 {
					t.Fatalf("%s: not ASCII: %q", one.Name, line)
				}
			}
			if i := strings.Index(line, "__import__"); i >= 0 && !strings.HasPrefix(line, `    "`) {
				t.Errorf("%s: outside of a text: %q", one.Name, line)
			}
		}
	}
	if len(trials) < 2 {
		t.Fatalf("%d trials", len(trials))
	}
}
