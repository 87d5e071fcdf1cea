package action

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"glue-connector/internal/check"
	"glue-connector/internal/connector"
	"glue-connector/internal/report"
)

// annotation is a command of the runner, decoded.
type annotation struct {
	name, message string
	properties    map[string]string
}

// annotations reads a log as the runner does (actions/runner, ActionCommand),
// and fails if a line is not an annotation.
func annotations(t *testing.T, log string) []annotation {
	t.Helper()
	var all []annotation
	if strings.Contains(log, "##[") {
		t.Errorf("the old form of a command in %q", log)
	}
	for _, line := range strings.FieldsFunc(log, func(r rune) bool { return r == '\n' || r == '\r' }) {
		rest, ok := strings.CutPrefix(strings.TrimSpace(line), "::")
		head, message, ok2 := strings.Cut(rest, "::")
		if !ok || !ok2 {
			t.Fatalf("no command: %q", line)
		}
		name, properties, _ := strings.Cut(head, " ")
		c := annotation{name: name, message: unescape(message, "\r", "%0D", "\n", "%0A", "%", "%25"), properties: map[string]string{}}
		for property := range strings.SplitSeq(properties, ",") {
			key, value, ok := strings.Cut(strings.TrimSpace(property), "=")
			if _, twice := c.properties[key]; twice || !ok || key == "" {
				t.Errorf("property %q in %q", property, line)
			}
			c.properties[key] = unescape(value, "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C", "%", "%25")
		}
		all = append(all, c)
	}
	return all
}

// unescape replaces in turn, as the runner does, the percent sign last.
func unescape(s string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		s = strings.ReplaceAll(s, pairs[i+1], pairs[i])
	}
	return s
}

// What others wrote breaks out of no property and no message: the runner reads
// what we said, and nothing besides.
func TestAnnotate(t *testing.T) {
	for _, evil := range []string{
		"lib/a.jar", "a,b.jar", "a,line=9,title=x", "a:b::c", "C:\\x", "100%", "%0A::error::x", "%2C%3A%25", "a\n::set-output name=image::evil\n.jar", "a\r::error::x",
		"a##[set-output name=image]evil.jar", " ::add-mask::a", "\u202e\u2028\x1b[31m", "\xff", "=", "Zürich 🚀.jar",
	} {
		rep := &report.Report{
			Steps: []report.Step{
				{Name: "load", Status: report.Done, Detail: evil},
				{Name: "push", Status: report.Broken, Detail: evil, Hint: evil},
				{Name: "verify", Status: report.Broken, Detail: evil},
			},
			Findings: []check.Finding{
				{Rule: "jar-name", Severity: check.Error, Path: evil, At: connector.Position{Line: 2, Column: 3}, Message: evil, Advice: evil},
				{Rule: "link-name", Severity: check.Warning, Message: evil, Advice: "Do."},
			},
		}
		var b strings.Builder
		annotate(&b, rep)
		line := report.Line(evil)
		want := []annotation{
			{"error", line + " → " + line, map[string]string{"title": "glue-connector: push"}},
			{"error", line, map[string]string{"title": "glue-connector: verify"}},
			{"error", line + " → " + line, map[string]string{"title": "glue-connector: jar-name", "file": line, "line": "2", "col": "3"}},
			{"warning", line + " → Do.", map[string]string{"title": "glue-connector: link-name"}},
		}
		if diff := cmp.Diff(want, annotations(t, b.String()), cmp.AllowUnexported(annotation{})); diff != "" {
			t.Errorf("%+q: %s\n%s", evil, diff, b.String())
		}
	}
}

// Ten of a type are shown one by one or not at all: nine, and how many more.
func TestAnnotateBoundary(t *testing.T) {
	for n, want := range map[int]int{0: 0, 1: 1, 9: 9, 10: 10, 11: 10} {
		rep := &report.Report{Findings: make([]check.Finding, n)}
		for i := range rep.Findings {
			rep.Findings[i] = check.Finding{Rule: "x", Severity: check.Error, Message: "m"}
		}
		var b strings.Builder
		annotate(&b, rep)
		if got := len(annotations(t, b.String())); got != want {
			t.Errorf("%d findings give %d annotations, want %d", n, got, want)
		}
	}
}
