package action

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"glue-connector/internal/check"
	"glue-connector/internal/connector"
	"glue-connector/internal/report"
)

// runWith is a run in which every output that can hold the text of others does.
func runWith(a, b string) *run {
	return &run{
		in:     Settings{Repository: connector.Reference{Repository: a, Tag: b}},
		digest: a, reportPath: b,
		report: &report.Report{
			Result:    report.Result(a),
			Connector: report.Connector{Version: a, Type: b, ClassName: a},
			Image:     &report.Image{Reference: b, ByDigest: a, Size: 7},
			Link:      &report.Link{URL: b, UsageInstructions: a},
		},
	}
}

func FuzzOutputs(f *testing.F) {
	for _, s := range []string{"", "1.0.0", "a\nb", "a\r\n\r", "EOF_", "x\nimage<<X\nevil\nX\n", "image=evil", "<<", "a##[set-output name=image]b", "\u2028\u202e\x00", "\xff",
		"19.0\n_GitHubActionsFileCommandDelimeter_\nimage<<X\nevil\nX\nz<<_GitHubActionsFileCommandDelimeter_\nf", strings.Repeat("x", maxOutput), strings.Repeat("\n", maxOutput/2+1)} {
		f.Add(s, "plain")
		f.Add("plain", s)
	}
	path := filepath.Join(f.TempDir(), "outputs")
	const before = "earlier<<E\nkept\nE\n" // by the step itself, before us
	f.Fuzz(func(t *testing.T, a, b string) {
		if err := os.WriteFile(path, []byte(before), 0o600); err != nil {
			t.Fatal(err)
		}
		r := runWith(a, b)
		if err := writeOutputs(path, r.outputs()); err != nil {
			t.Fatalf("writing outputs: %v", err)
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		got, err := parseOutputs(string(raw))
		if err != nil {
			t.Fatalf("the runner refuses the file: %v", err)
		}
		want := [][2]string{{"earlier", "kept"}}
		for _, o := range Outputs {
			value := report.Line(o.value(r))
			if len(value) > maxOutput {
				value = ""
			}
			want = append(want, [2]string{o.Name, value})
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// parseOutputs reads a file of outputs as the runner does (actions/runner,
// FileCommandManager): blank lines are skipped, the first of "=" and "<<"
// decides, a heredoc reads to a line that equals its delimiter.
func parseOutputs(s string) (outputs [][2]string, err error) {
	next := func() (line string, newline, ok bool) {
		if s == "" {
			return "", false, false
		}
		end := strings.IndexAny(s, "\r\n")
		if end < 0 {
			line, s = s, ""
			return line, false, true
		}
		line = s[:end]
		if strings.HasPrefix(s[end:], "\r\n") {
			end++
		}
		s = s[end+1:]
		return line, true, true
	}
	for line, _, ok := next(); ok; line, _, ok = next() {
		equals, heredoc := strings.Index(line, "="), strings.Index(line, "<<")
		switch {
		case line == "":
		case equals >= 0 && (heredoc < 0 || equals < heredoc):
			name, value, _ := strings.Cut(line, "=")
			if name == "" {
				return outputs, fmt.Errorf("no name in %q", line)
			}
			outputs = append(outputs, [2]string{name, value})
		case heredoc >= 0:
			name, delimiter, _ := strings.Cut(line, "<<")
			if name == "" || delimiter == "" {
				return outputs, fmt.Errorf("no name or delimiter in %q", line)
			}
			var value []string
			for {
				v, newline, ok := next()
				if !ok {
					return outputs, fmt.Errorf("%s is not closed", name)
				}
				if v == delimiter {
					break
				}
				if !newline {
					return outputs, fmt.Errorf("%s ends without a newline", name)
				}
				value = append(value, v)
			}
			outputs = append(outputs, [2]string{name, strings.Join(value, "\n")})
		default:
			return outputs, fmt.Errorf("neither = nor << in %q", line)
		}
	}
	return outputs, nil
}

// A value that is no line, which outputs() never makes, is refused before
// anything is written.
func TestWriteOutputsRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "outputs")
	for _, value := range []string{"a\nb", "a\rb"} {
		if err := writeOutputs(path, [][2]string{{"x", "fine"}, {"y", value}}); err == nil {
			t.Errorf("%q was written", value)
		}
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is there: %v", err)
	}
	if err := writeOutputs("", [][2]string{{"x", "y"}}); err != nil {
		t.Errorf("outside of a workflow: %v", err)
	}
}

func TestAppendFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	for _, s := range []string{"a\n", "", "b\n"} {
		if err := appendFile(path, s); err != nil {
			t.Fatal(err)
		}
	}
	if b, err := os.ReadFile(path); string(b) != "a\nb\n" {
		t.Errorf("%q, %v", b, err)
	}
	if err := appendFile(t.TempDir(), "x"); err == nil {
		t.Error("a folder was written to")
	}
	if runtime.GOOS == "linux" {
		if err := writeOutputs("/dev/full", [][2]string{{"x", "y"}}); err == nil {
			t.Error("a full disk is no error")
		}
	}
}

// The most findings that a publisher can cause give a few annotations at once.
func TestAnnotateMany(t *testing.T) {
	wide := strings.Repeat("%\U0001f680:,\n", 2000)
	rep := &report.Report{}
	for i := range 200_000 {
		s := check.Error
		if i%2 == 1 {
			s = check.Warning
		}
		rep.Findings = append(rep.Findings, check.Finding{Rule: "jar-name", Severity: s, Path: "a.jar", Message: wide, Advice: wide})
	}
	for range 1000 {
		rep.Steps = append(rep.Steps, report.Step{Name: "push", Status: report.Broken, Detail: wide, Hint: wide})
	}
	var b strings.Builder
	start := time.Now()
	annotate(&b, rep)
	if d := time.Since(start); d > time.Second {
		t.Errorf("took %v", d)
	}
	count := map[string]int{}
	var last string
	for _, c := range annotations(t, b.String()) {
		count[c.name]++
		if n := utf8.RuneCountInString(c.message); n > 4096 {
			t.Errorf("a message of %d characters", n)
		}
		last = c.message
	}
	if diff := cmp.Diff(map[string]int{"error": 10, "warning": 10}, count); diff != "" {
		t.Error(diff)
	}
	if want := "99991 more, see the job summary"; last != want {
		t.Errorf("the last one says %q, want %q", last, want)
	}
}
