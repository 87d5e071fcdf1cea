package report

import (
	"fmt"
	"strings"

	"glue-connector/internal/check"
)

// MaxSummary bounds the Markdown, in bytes: a job summary over 1 MiB is
// dropped whole by the runner.
const MaxSummary = 900 << 10

// maxRows bounds each table; what is left out is counted.
const maxRows = 300

// Markdown is the report for the job summary.
func (r *Report) Markdown() string {
	parts := []string{r.heading(), r.markdownSteps(), r.markdownFindings(), r.markdownImage(), r.markdownLink(), r.markdownJars()}
	var b strings.Builder
	for _, part := range parts {
		if part == "" {
			continue
		}
		if b.Len()+len(part) > MaxSummary {
			b.WriteString("\nThe rest is left out here; the JSON report has it.\n")
			break
		}
		b.WriteString(part + "\n")
	}
	return b.String()
}

func (r *Report) heading() string {
	icon, verdict := "✅", map[Result]string{
		Checked: "checked", Built: "built", Pushed: "pushed", AlreadyPublished: "already published",
		Verified: "Glue can load it", DryRun: "dry run: nothing was written",
	}[r.Result]
	switch {
	case r.Result == Failed:
		icon, verdict = "❌", "failed"
	case r.Warnings() > 0:
		icon = "⚠️"
	}
	name := "Glue connector"
	if r.Connector.ClassName != "" {
		name = "Glue connector " + Code(Cut(r.Connector.ClassName, 200)) + " " + Code(Cut(r.Connector.Version, 100))
	}
	return fmt.Sprintf("### %s %s: %s\n\n%s, %s\n", icon, name, verdict,
		Plural(r.Errors(), "error"), Plural(r.Warnings(), "warning"))
}

func (r *Report) markdownSteps() string {
	if len(r.Steps) == 0 {
		return ""
	}
	marks := map[Status]string{Done: "✅ done", Skipped: "➖ skipped", Broken: "❌ failed"}
	var b strings.Builder
	b.WriteString("| step | | |\n|---|---|---|\n")
	for _, s := range r.Steps {
		detail := Prose(Cut(s.Detail, 2000))
		if s.Hint != "" {
			detail += "<br>→ " + Prose(Cut(s.Hint, 1000))
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", s.Name, marks[s.Status], detail)
	}
	return b.String()
}

func (r *Report) markdownFindings() string {
	if len(r.Findings) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("| severity | where | what | rule |\n|---|---|---|---|\n")
	for i, f := range r.Findings {
		if i == maxRows {
			fmt.Fprintf(&b, "| | | %d more | |\n", len(r.Findings)-maxRows)
			break
		}
		severity := "⚠️ warning"
		if f.Severity == check.Error {
			severity = "❌ error"
		}
		where := Code(Cut(f.Path, 300))
		if f.At.Line > 0 {
			where += fmt.Sprintf(" line %d, column %d", f.At.Line, f.At.Column)
		}
		fmt.Fprintf(&b, "| %s | %s | %s<br>→ %s | %s |\n", severity, where,
			Prose(Cut(f.Message, 1000)), Prose(Cut(f.Advice, 1000)), f.Rule)
	}
	return b.String()
}

func (r *Report) markdownImage() string {
	if r.Image == nil {
		return ""
	}
	var b strings.Builder
	b.WriteString("| image | |\n|---|---|\n")
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "| %s | %s |\n", name, value)
		}
	}
	row("reference", Code(r.Image.Reference))
	row("digest", Code(r.Image.Digest))
	row("size", fmt.Sprintf("%s in %s: each Glue job downloads it at its start", Bytes(r.Image.Size), Plural(r.Image.Layers, "layer")))
	return b.String()
}

func (r *Report) markdownLink() string {
	if r.Link == nil {
		return ""
	}
	var b strings.Builder
	// The link is ASCII letters, digits, -._~ and percent signs behind a
	// constant beginning: the one untrusted text that may be a link.
	fmt.Fprintf(&b, "[Activate the Glue connector from AWS Glue Studio](%s)\n\n", r.Link.URL)
	b.WriteString("| the subscriber's form | |\n|---|---|\n")
	for _, l := range r.Link.Form {
		fmt.Fprintf(&b, "| %s | %s |\n", Prose(Cut(l.Field, 200)), Code(Cut(l.Value, 2000)))
	}
	return b.String()
}

func (r *Report) markdownJars() string {
	title, jars := "jars", r.Connector.Jars
	if r.Unpacked != nil {
		title, jars = "jars that a Glue job gets", r.Unpacked.Jars
	}
	if len(jars) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "<details><summary>%d %s</summary>\n\n| jar | size | SHA-256 |\n|---|---:|---|\n", len(jars), title)
	for i, j := range jars {
		if i == maxRows {
			fmt.Fprintf(&b, "| %d more | | |\n", len(jars)-maxRows)
			break
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", Code(Cut(j.Name, 300)), Bytes(j.Size), Code(j.SHA256))
	}
	b.WriteString("\n</details>\n")
	return b.String()
}
