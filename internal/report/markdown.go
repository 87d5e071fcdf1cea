package report

import (
	"fmt"
	"slices"
	"strings"

	"glue-connector/internal/check"
)

// MaxSummary bounds the Markdown, in bytes: a job summary over 1 MiB is
// dropped whole by the runner.
const MaxSummary = 900 << 10

// Each list is bounded, in rows and in bytes, so that none crowds out another;
// what is left out is counted. A row fits: it takes less than 100 kB at worst.
const (
	maxRows      = 300
	maxFindings  = 300 << 10
	maxOtherList = 100 << 10
)

// Markdown is the report for the job summary: whether it passed, what is wrong
// where and what to do, what came out of it, and folded away how.
func (r *Report) Markdown() string {
	// What is wrong is one list: a blank line in its midst would spread it out.
	wrong := r.markdownFailures() + r.markdownFindings()
	parts := []string{r.heading(), r.markdownGlue(), wrong, r.markdownImage(), r.markdownLink(), r.markdownSteps(), r.markdownJars()}
	parts = slices.DeleteFunc(parts, func(part string) bool { return part == "" })
	return strings.Join(parts, "\n")
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
	counts := Plural(r.Errors(), "error") + ", " + Plural(r.Warnings(), "warning")
	if n := len(r.Failures()); n > 0 {
		counts = Plural(n, "failure") + ", " + counts
	}
	return fmt.Sprintf("### %s %s: %s\n\n**%s**\n", icon, name, verdict, counts)
}

func (r *Report) markdownFailures() string {
	return rows(r.Failures(), maxOtherList, "- %d more failures\n", func(s Step) string {
		return fmt.Sprintf("- ❌ **%s**: %s%s\n", s.Name, Prose(Cut(s.Detail, 1000)), advice(s.Hint))
	})
}

func (r *Report) markdownFindings() string {
	return rows(r.Findings, maxFindings, "- %d more findings\n", func(f check.Finding) string {
		icon, where := "⚠️", ""
		if f.Severity == check.Error {
			icon = "❌"
		}
		if f.Path != "" {
			place := Cut(f.Path, 300)
			if f.At.Line > 0 {
				place += fmt.Sprintf(":%d:%d", f.At.Line, f.At.Column)
			}
			where = "**" + Code(place) + "** "
		}
		return fmt.Sprintf("- %s %s%s%s <sub>%s</sub>\n", icon, where, Prose(Cut(f.Message, 1000)), advice(f.Advice), f.Rule)
	})
}

func advice(s string) string {
	if s == "" {
		return ""
	}
	return "<br>→ " + Prose(Cut(s, 1000))
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
	row("reference", Code(Cut(r.Image.Reference, 500)))
	row("digest", Code(Cut(r.Image.Digest, 500)))
	row("size", fmt.Sprintf("%s in %s: each Glue job downloads it at its start", Bytes(r.Image.Size), Plural(r.Image.Layers, "layer")))
	return b.String()
}

func (r *Report) markdownLink() string {
	if r.Link == nil {
		return ""
	}
	// The link is ASCII letters, digits, -._~ and percent signs behind a
	// constant beginning: the one untrusted text that may be a link.
	url := r.Link.URL
	if len(url) > maxOtherList {
		return "The activation link is too long to be shown.\n"
	}
	return fmt.Sprintf("**[Activate the Glue connector from AWS Glue Studio](%s)**\n\n", url) +
		"| the subscriber's form | |\n|---|---|\n" +
		rows(r.Link.Form, maxOtherList, "| %d more | |\n", func(l FormLine) string {
			return fmt.Sprintf("| %s | %s |\n", Prose(Cut(l.Field, 200)), Code(Cut(l.Value, 2000)))
		})
}

// markdownSteps lists what was done and skipped, but for what stands elsewhere.
func (r *Report) markdownSteps() string {
	steps := slices.DeleteFunc(slices.Clone(r.Steps), func(s Step) bool {
		return s.Status == Broken || s.Status == Done && (s.Name == "jar" || s.Name == "link")
	})
	return details(Plural(len(steps), "step"), "| step | |\n|---|---|\n",
		rows(steps, maxOtherList, "| %d more | |\n", func(s Step) string {
			mark, state := "✅", ""
			if s.Status == Skipped {
				mark, state = "➖", "skipped: "
			}
			return fmt.Sprintf("| %s %s | %s%s%s |\n", mark, s.Name, state, Prose(Cut(s.Detail, 1000)), advice(s.Hint))
		}))
}

func (r *Report) markdownJars() string {
	if r.Unpacked != nil {
		return details(Plural(len(r.Unpacked.Jars), "jar")+" that a Glue job gets", "| jar | size | SHA-256 |\n|---|---:|---|\n",
			rows(r.Unpacked.Jars, maxOtherList, "| %d more | | |\n", func(j Jar) string {
				return fmt.Sprintf("| %s | %s | %s |\n", Code(Cut(j.Name, 300)), Bytes(j.Size), Code(j.SHA256))
			}))
	}
	return details(Plural(len(r.Connector.Jars), "jar"), "| jar | size |\n|---|---:|\n",
		rows(r.Connector.Jars, maxOtherList, "| %d more | |\n", func(j Jar) string {
			return fmt.Sprintf("| %s | %s |\n", Code(Cut(j.Name, 300)), Bytes(j.Size))
		}))
}

// details folds a table away; a table without rows is left out.
func details(summary, head, rows string) string {
	if rows == "" {
		return ""
	}
	return "<details><summary>" + summary + "</summary>\n\n" + head + rows + "\n</details>\n"
}

// rows writes a row for each item until there are too many of them, or of their
// bytes, and then says how many more there are.
func rows[T any](items []T, most int, more string, row func(T) string) string {
	var b strings.Builder
	for i, item := range items {
		text := ""
		if i < maxRows {
			text = row(item)
		}
		if text == "" || b.Len()+len(text) > most {
			fmt.Fprintf(&b, more, len(items)-i)
			break
		}
		b.WriteString(text)
	}
	return b.String()
}
