package report

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var update = flag.Bool("update", false, "write the reports in testdata/report")

// cases are the reports that people get to see; testdata/report shows them.
var cases = map[string]func() *Report{
	"push": pushed, "failed": failed, "conflict": conflict, "verify": verified, "hostile": hostile,
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
			golden(t, name+".txt", text(r, Palette{}))
			if name != "hostile" { // that one would hold invisible characters
				golden(t, name+".json", string(b))
			}
		})
	}
}

// text is what a log of the run shows.
func text(r *Report, p Palette) string {
	var b strings.Builder
	b.WriteString(FindingsText(r.Findings, p))
	for _, s := range r.Steps {
		b.WriteString(s.Text(p))
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

// Programs read the report as Go programs would; the schema's name holds as long
// as they can.
func TestJSON(t *testing.T) {
	for name, make := range cases {
		want := make()
		b, err := want.JSON()
		if err != nil || !json.Valid(b) {
			t.Fatal(err)
		}
		if name == "hostile" {
			continue // bytes that are no UTF-8 do not come back
		}
		got := &Report{}
		if err := json.Unmarshal(b, got); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if strings.Contains(string(b), "null") {
			t.Errorf("%s has a null: readers want empty lists\n%s", name, b)
		}
	}
}

// What others wrote gives no line of a log that the runner obeys, and no element
// of HTML but those that a harmless report has.
func TestHostile(t *testing.T) {
	r := hostile()
	if c := commands(text(r, Colours)); c != nil {
		t.Errorf("the runner obeys %q", c)
	}
	if got, want := strings.Count(text(r, Palette{}), "\n"), 4*len(untrusted); got != want {
		t.Errorf("%d lines of text, want %d", got, want)
	}
	out := render(t, r.Markdown())
	ours := map[string]bool{"a": true, "br": true, "code": true, "details": true, "summary": true, "h3": true, "sub": true, "p": true, "strong": true, "ul": true, "li": true,
		"table": true, "thead": true, "tbody": true, "tr": true, "th": true, "td": true}
	tags, _ := split(out)
	hrefs := 0
	for _, tag := range tags {
		name, attributes, _ := strings.Cut(strings.Trim(tag, "</>"), " ")
		if !ours[strings.TrimSpace(name)] {
			t.Errorf("element %s", tag)
		}
		if strings.Contains(attributes, "href") {
			hrefs++
			if !strings.HasPrefix(attributes, `href="https://console.aws.amazon.com/gluestudio/home#/connector/add-connection?`) {
				t.Errorf("link %s", tag)
			}
		}
	}
	if hrefs != 1 {
		t.Errorf("%d links, want the activation link alone", hrefs)
	}
	if l := links(out); l != nil {
		t.Errorf("GitHub makes links of %q", l)
	}
}

// However much was found, the summary stays within what the runner takes, is
// there at once, and still says how the run ended and what else there is.
func TestBounds(t *testing.T) {
	r := huge()
	start := time.Now()
	md := r.Markdown()
	if d := time.Since(start); d > time.Second {
		t.Errorf("took %v", d)
	}
	if len(md) > MaxSummary {
		t.Errorf("%d bytes, more than %d", len(md), MaxSummary)
	}
	if !utf8.ValidString(md) {
		t.Error("not UTF-8")
	}
	if open, closed := strings.Count(md, "<details>"), strings.Count(md, "</details>"); open != closed {
		t.Errorf("%d <details> and %d </details>", open, closed)
	}
	if c := commands(md); c != nil {
		t.Errorf("the runner obeys %q", c)
	}
	for _, want := range []string{"❌", "10000 errors", " more", "each Glue job downloads it", "jars that a Glue job gets"} {
		if !strings.Contains(md, want) {
			t.Errorf("no %q in the summary", want)
		}
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
