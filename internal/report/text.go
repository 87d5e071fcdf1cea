package report

import (
	"fmt"
	"strings"

	"glue-connector/internal/check"
)

// Palette holds the terminal's codes for emphasis; the zero Palette has none.
type Palette struct{ Bold, Red, Yellow, Green, Dim, Reset string }

// Colours is the palette for terminals that show colour.
var Colours = Palette{Bold: "\x1b[1m", Red: "\x1b[31m", Yellow: "\x1b[33m", Green: "\x1b[32m", Dim: "\x1b[2m", Reset: "\x1b[0m"}

// FindingsText lists findings for a terminal or a log. Here and in the other
// texts, no line begins with what a publisher or a registry wrote.
func FindingsText(findings []check.Finding, p Palette) string {
	var b strings.Builder
	for _, f := range findings {
		textFinding(&b, f, p)
	}
	return b.String()
}

// Text is a step for a terminal or a log.
func (s Step) Text(p Palette) string {
	mark, colour := "✓", p.Green
	switch {
	case s.Status == Skipped:
		mark, colour = "-", p.Dim
	case s.Status == Broken, s.Says == check.No:
		mark, colour = "✗", p.Red
	case s.Says == check.Unknown:
		mark, colour = "!", p.Yellow
	}
	text := fmt.Sprintf("%s%s %-8s%s %s\n", colour, mark, Line(s.Name), p.Reset, Line(s.Detail))
	if s.Hint != "" {
		text += fmt.Sprintf("           → %s\n", Line(s.Hint))
	}
	return text
}

// ProgressText says how far a step is.
func ProgressText(name, detail string, p Palette) string {
	return fmt.Sprintf("%s… %-8s%s %s\n", p.Dim, Line(name), p.Reset, Line(detail))
}

func textFinding(b *strings.Builder, f check.Finding, p Palette) {
	colour := p.Yellow
	if f.Severity == check.Error {
		colour = p.Red
	}
	where := ""
	if f.Path != "" {
		where = Line(f.Path)
		if f.At.Line > 0 {
			where = fmt.Sprintf("%s:%d:%d", where, f.At.Line, f.At.Column)
		}
		where += ": "
	}
	fmt.Fprintf(b, "%s%s%s %s%s %s[%s]%s\n", colour, Line(string(f.Severity)), p.Reset, where, Line(f.Message), p.Dim, Line(f.Rule), p.Reset)
	fmt.Fprintf(b, "        → %s\n", Line(f.Advice))
}

// Verdict is the last line of a run.
func (r *Report) Verdict(p Palette) string {
	colour := p.Green
	counts := Plural(r.Errors(), "error") + ", " + Plural(r.Warnings(), "warning")
	switch n := len(r.Failures()); {
	case r.Result == Failed:
		colour = p.Red
	case n > 0: // after a release that stands
		colour, counts = p.Red, counts+", "+Plural(n, "failure")
	}
	if r.Result == Commented {
		counts = anothers
	}
	return fmt.Sprintf("%s%s%s: %s\n", colour+p.Bold, Line(string(r.Result)), p.Reset, counts)
}
