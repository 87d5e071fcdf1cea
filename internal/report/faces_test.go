package report

import (
	"html"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"glue-connector/internal/check"
	"glue-connector/internal/connector"
)

// ours are the elements that a page is made of, and the links in it.
var (
	ours = regexp.MustCompile(`^</?(br|code|details|summary|h[34]|sub|p|strong|ul|li|table|thead|tbody|tr|t[hd]( style="text-align:(center|right)")?)( /)?>$`)
	href = regexp.MustCompile(`^(https://console\.aws\.amazon\.com/gluestudio/home#/connector/add-connection\?[A-Za-z0-9._~%&=-]*` +
		`|https://[a-z0-9-]+\.console\.aws\.amazon\.com/(gluestudio/home\?region=[a-z0-9-]+#/job/[A-Za-z0-9._-]+/run/jr_[0-9a-f]+` +
		`|cloudwatch/home\?region=[a-z0-9-]+#logsV2:log-groups/log-group/\$252Faws-glue\$252Fjobs\$252Ferror/log-events/jr_[0-9a-f]+)` +
		`|https://github\.com/example/demo-connector/(commit/[0-9a-f]{40}|pull/7|actions/runs/1234567890/attempts/2|blob/[0-9a-f]{40}/[A-Za-z0-9._~%/-]+(#L[0-9]+)?))$`)
)

// checkFaces holds all faces of a report to what they promise whoever wrote it.
func checkFaces(t *testing.T, r *Report) {
	t.Helper()
	checkPage(t, r.Comment(origin, MaxComment), MaxComment)
	checkPage(t, r.Comment(Origin{}, 3000), 3000)
	checkPage(t, r.Summary(origin), MaxSummary)
	if c := commands(text(r, Colours) + r.TestReport()); c != nil {
		t.Errorf("the runner obeys %q", c)
	}
}

func checkPage(t *testing.T, md string, limit int) {
	t.Helper()
	if n := len(utf16.Encode([]rune(md))); n > limit {
		t.Errorf("%d UTF-16 units, more than %d", n, limit)
	}
	if !utf8.ValidString(md) {
		t.Error("not UTF-8")
	}
	if c := commands(md); c != nil {
		t.Errorf("the runner obeys %q", c)
	}
	out := render(t, md)
	tags, _ := split(out)
	open := map[string]int{}
	for _, tag := range tags {
		name := strings.Fields(strings.Trim(tag, "</>"))[0]
		if strings.HasPrefix(tag, "</") {
			open[name]--
		} else if !strings.HasSuffix(tag, "/>") && tag != "<br>" {
			open[name]++
		}
		if url, ok := strings.CutPrefix(tag, `<a href="`); ok {
			if url = html.UnescapeString(strings.TrimSuffix(url, `">`)); !href.MatchString(url) {
				t.Errorf("link to %s", url)
			}
		} else if tag != "</a>" && !ours.MatchString(tag) {
			t.Errorf("element %s", tag)
		}
	}
	for name, n := range open {
		if n != 0 {
			t.Errorf("%d <%s> left open", n, name)
		}
	}
	if l := links(out); l != nil {
		t.Errorf("GitHub makes links of %q", l)
	}
	// Goldmark closes what is open; in the Markdown itself each fold has its end.
	if a, b := strings.Count(md, "<details>"), strings.Count(md, "</details>"); a != b {
		t.Errorf("%d <details> and %d </details>", a, b)
	}
	for line := range strings.Lines(md) {
		if strings.HasPrefix(line, "|") && !strings.HasSuffix(line, "|\n") || !strings.HasSuffix(line, "\n") {
			t.Errorf("a line is cut: %q", line)
		}
	}
}

// What others wrote gives no line of a log that the runner obeys, and no element
// of HTML but those that a harmless report has.
func TestHostile(t *testing.T) {
	checkFaces(t, hostile())
	if got, want := strings.Count(text(hostile(), Palette{}), "\n"), 8*len(untrusted)+4; got != want {
		t.Errorf("%d lines of text, want %d", got, want)
	}
	for _, s := range untrusted {
		checkFaces(t, whole(s))
	}
	checkFaces(t, whole(strings.Join(untrusted, " ")))
}

// Links are made of what GitHub says of the run, in form; else there is text.
func TestOrigin(t *testing.T) {
	r := failed()
	r.Findings[0].Path = "dir with [x](y)/Zürich #1?.json"
	md := r.Comment(origin, MaxComment)
	want := "](https://github.com/example/demo-connector/blob/0123456789abcdef0123456789abcdef01234567/dir%20with%20%5Bx%5D%28y%29/Z%C3%BCrich%20%231%3F.json#L4)"
	if !strings.Contains(md, want) {
		t.Errorf("no %s in\n%s", want, md)
	}
	checkPage(t, md, MaxComment)
	for _, path := range []string{"/etc/passwd", "../x", "a/../b", "a//b", ".", strings.Repeat("x", 2000)} {
		r.Findings = []check.Finding{{Rule: "x", Severity: check.Error, Path: path, At: connector.Position{Line: 1}}}
		if md := r.Comment(origin, MaxComment); strings.Contains(md, "/blob/") {
			t.Errorf("%s is linked to:\n%s", path, md)
		}
	}
	for name, change := range map[string]func(*Origin){
		"server":     func(o *Origin) { o.Server = "https://github.com)](x" },
		"plain HTTP": func(o *Origin) { o.Server = "http://github.com" },
		"repository": func(o *Origin) { o.Repository = "a/b/../c" },
		"commit":     func(o *Origin) { o.Commit = "main" },
	} {
		o := origin
		change(&o)
		if md := failed().Comment(o, MaxComment); strings.Contains(md, "/blob/") {
			t.Errorf("%s: %s", name, md)
		}
	}
}

// An error is shown as one also where it does not fail the run.
func TestHeading(t *testing.T) {
	r := failed()
	r.Result = Checked
	if want, md := "### ❌ Checked: 4 errors, 1 warning\n", r.Markdown(); !strings.HasPrefix(md, want) {
		t.Errorf("no %q in\n%s", want, md)
	}
}

// However much was found, the pages stay within their limits, say how the run
// ended, and what is left out.
func TestBounds(t *testing.T) {
	r := huge()
	for name, md := range map[string]string{"comment": r.Comment(origin, MaxComment), "summary": r.Summary(origin)} {
		checkPage(t, md, MaxSummary)
		for _, want := range []string{"❌ Failed: 10000 failures, 10000 errors", "and 99", "Not shown for want of room:", " failures, ", " errors, ", "each Glue job downloads it", "jars that a Glue job gets", "/actions/runs/1234567890"} {
			if !strings.Contains(md, want) {
				t.Errorf("%s: no %q", name, want)
			}
		}
	}
	if n := len(r.Summary(origin)); n > MaxSummary {
		t.Errorf("%d bytes of summary, more than %d", n, MaxSummary)
	}
	golden(t, "many.comment.md", many().Comment(origin, 8000))
	// What is hidden is counted to the last: the notice and what is shown add up.
	r = failed()
	for range 500 {
		r.Findings = append(r.Findings, r.Findings[0])
	}
	md := r.Comment(origin, 20_000)
	checkPage(t, md, 20_000)
	shown := strings.Count(md, "has an empty part")
	if want := Plural(504-3-shown, "error"); !strings.Contains(md, want+", ") && !strings.Contains(md, want+".") {
		t.Errorf("%d shown, and no %q in\n%s", shown, want, md)
	}
}

// raced tells whether the race detector is on, which allocates on its own.
var raced bool

// A report has no more faces than memory for them: what is not shown is not made.
func TestAllocations(t *testing.T) {
	if raced {
		t.Skip("the race detector allocates, too")
	}
	r := huge()
	for name, face := range faces(r) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		face()
		runtime.ReadMemStats(&after)
		if n := after.TotalAlloc - before.TotalAlloc; n > 100<<20 {
			t.Errorf("%s allocates %d bytes", name, n)
		}
	}
}

// faces are those that are bounded; a log is not.
func faces(r *Report) map[string]func() {
	return map[string]func(){
		"comment": func() { r.Comment(origin, MaxComment) },
		"summary": func() { r.Summary(origin) },
		"json":    func() { r.JSON() },
		"sarif":   func() { r.SARIF() },
	}
}

func BenchmarkFaces(b *testing.B) {
	r := huge()
	for name, face := range faces(r) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				face()
			}
		})
	}
}

// Any limit from 500 on is kept, and what is left is whole.
func FuzzComment(f *testing.F) {
	for i, s := range untrusted {
		f.Add(i*i*10, i, s)
	}
	f.Fuzz(func(t *testing.T, limit, many int, s string) {
		limit = 500 + int(uint(limit)%20_000)
		r := whole(s)
		for range many & 0x1f {
			r.Findings = append(r.Findings, r.Findings...)[:min(len(r.Findings)*2, 100)]
			r.Steps = append(r.Steps, r.Steps[0])
			r.Unpacked.Jars = append(r.Unpacked.Jars, Jar{Name: s, Size: int64(many)})
		}
		checkPage(t, r.Comment(origin, limit), limit)
	})
}
