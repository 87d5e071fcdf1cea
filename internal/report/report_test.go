package report

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"glue-connector/internal/check"
)

var update = flag.Bool("update", false, "write the reports in testdata/report")

// cases are the reports that people get to see; testdata/report shows them.
var cases = map[string]func() *Report{
	"good": good, "warned": warned, "push": pushed, "publish": published, "failed": failed, "conflict": conflict, "verify": verified, "test": tried, "hostile": hostile,
}

func TestFaces(t *testing.T) {
	for name, make := range cases {
		t.Run(name, func(t *testing.T) {
			r := make()
			b, err := r.JSON()
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name+".md", r.Markdown())
			golden(t, name+".comment.md", r.Comment(origin, MaxComment))
			golden(t, name+".txt", text(r, Palette{}))
			golden(t, name+".json", string(b))
			if len(r.Tests) > 0 {
				golden(t, name+".mail.md", r.TestReport())
			}
			if len(r.Findings) > 0 && name != "hostile" { // which is long enough as it is
				golden(t, name+".sarif", results(t, r))
			}
		})
	}
}

// results is the part of the SARIF that differs from report to report.
func results(t *testing.T, r *Report) string {
	t.Helper()
	b, err := r.SARIF()
	if err != nil {
		t.Fatal(err)
	}
	var log sarifLog
	if err := json.Unmarshal(b, &log); err != nil {
		t.Fatal(err)
	}
	if b, err = json.MarshalIndent(log.Runs[0].Results, "", "  "); err != nil {
		t.Fatal(err)
	}
	return string(b) + "\n"
}

// text is what a log of the run shows.
func text(r *Report, p Palette) string {
	var b strings.Builder
	b.WriteString(FindingsText(r.Findings, p))
	for _, s := range r.Steps {
		b.WriteString(s.Text(p))
	}
	for _, t := range r.Tests {
		b.WriteString(TestsText(t, p))
	}
	return b.String() + r.Verdict(p)
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("../../testdata/report", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s has changed; if it should, run go test ./internal/report -update\n%s", name, diff)
	}
}

// No cut ends in the midst of a character, or hides that bytes are none.
func TestCut(t *testing.T) {
	for _, tt := range []struct {
		in   string
		n    int
		want string
	}{
		{"", 3, ""}, {"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"äöüß", 3, "äö…"}, {"🚀🚀", 1, "…"}, {"\xff\xfe\xfd", 2, "\xff…"}, {"\xff\xfe", 2, "\xff\xfe"},
	} {
		if got := Cut(tt.in, tt.n); got != tt.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", tt.in, tt.n, got, tt.want)
		}
	}
}

func TestBytes(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 B", 999: "999 B", 1000: "1.0 kB", 15480: "15.5 kB", 999_949: "999.9 kB", 999_950: "1.0 MB", 1 << 30: "1.1 GB", 1 << 62: "4611686.0 TB",
	} {
		if got := Bytes(n); got != want {
			t.Errorf("Bytes(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestPlural(t *testing.T) {
	got := fmt.Sprint(Plural(0, "jar"), ", ", Plural(1, "jar"), ", ", Plural(2, "jar"))
	if got != "0 jars, 1 jar, 2 jars" {
		t.Error(got)
	}
}

// The first that is read of the verdicts is the mark.
func TestGlueStep(t *testing.T) {
	verdict := func(version string, loads check.Answer, reasons ...string) check.Verdict {
		return check.Verdict{Glue: version, Loads: loads, Reasons: reasons}
	}
	for want, verdicts := range map[string][]check.Verdict{
		"✓ glue     can load on Glue 4.0, 5.1\n": {verdict("4.0", check.Yes), verdict("5.1", check.Yes)},
		"✗ glue     cannot load on Glue 4.0, 5.1 (no class)\n": {
			verdict("4.0", check.No, "no class"), verdict("5.1", check.No, "no class")},
		"! glue     cannot load on Glue 4.0 (Java 17); can load on Glue 5.1\n": {
			verdict("4.0", check.No, "Java 17"), verdict("5.1", check.Yes)},
		"! glue     can load on Glue 5.1; unknown for Glue 6.0 (an odd jar)\n": {
			verdict("5.1", check.Yes), verdict("6.0", check.Unknown, "an odd jar")},
	} {
		if diff := cmp.Diff(want, GlueStep(verdicts).Text(Palette{})); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}
