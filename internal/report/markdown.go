package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"glue-connector/internal/check"
	"glue-connector/internal/connector"
)

// The limits of the two pages: a job summary over 1 MiB is dropped whole by the
// runner, and GitHub refuses a comment over 65,536 characters, of which 1,024
// are left to whoever posts it.
const (
	MaxSummary = 900 << 10 // bytes
	MaxComment = 65_536 - 1024
)

// Markdown is the summary of a run whose origin is not known.
func (r *Report) Markdown() string { return r.Summary(Origin{}) }

// Summary is the report for the job summary, of at most MaxSummary bytes.
func (r *Report) Summary(o Origin) string {
	return page{limit: MaxSummary, measure: bytesOf, run: o.run(), foot: r.footer(o)}.write(r.sections(o, 1000))
}

// Comment is the report for a pull request, of at most limit characters; from
// 500 on, the limit is kept. The verdict comes first, then what is wrong, where
// and what to do; what does not fit is dropped from the end.
func (r *Report) Comment(o Origin, limit int) string {
	return page{limit: limit, measure: units, run: o.run(), foot: r.footer(o)}.write(r.sections(o, 400))
}

// sections are the parts of a page, the most wanted first. Texts are cut to most
// characters.
func (r *Report) sections(o Origin, most int) []section {
	all := []section{r.heading(), r.name()}
	all = append(all, r.glueSections()...)
	all = append(all, r.testSection(), r.failureSection(most), r.findingSection(check.Error, o, most), r.findingSection(check.Warning, o, most),
		r.listingSection(), r.imageSection(), r.changeSection(), r.chartSection())
	all = append(all, r.linkSections()...)
	all = append(append(all, r.jarSection()), r.testSections(most)...)
	all = append(all, r.stepSection(most))
	return slices.DeleteFunc(all, func(s section) bool { return s.head == "" })
}

// anothers is the verdict where that of another run was passed on: what that one
// found is not this one's to count.
const anothers = "the report of another run"

// heading is the verdict in one line, without a word of others.
func (r *Report) heading() section {
	icon, verdict := "✅", map[Result]string{
		Checked: "Checked", Built: "Built", Pushed: "Pushed", AlreadyPublished: "Already published",
		Verified: "Glue can load it", Tested: "Tested", Published: "Published", Publishing: "Being published", DryRun: "Dry run, nothing was written", Commented: "Commented", Failed: "Failed",
	}[r.Result]
	var counts []string
	for _, c := range []struct {
		n     int
		thing string
	}{{len(r.Failures()), "failure"}, {r.Errors(), "error"}, {r.Warnings(), "warning"}} {
		if c.n > 0 {
			counts = append(counts, Plural(c.n, c.thing))
		}
	}
	switch {
	case r.Result == Failed || r.Errors() > 0 || len(r.Failures()) > 0: // whatever fail-on lets pass
		icon = "❌"
	case len(counts) > 0:
		icon = "⚠️"
	case r.Result == Commented:
		counts = []string{anothers}
	default:
		counts = []string{"nothing is wrong"}
	}
	return section{thing: "heading", share: 100, head: fmt.Sprintf("### %s %s: %s\n", icon, verdict, strings.Join(counts, ", "))}
}

// name is what the connector calls itself.
func (r *Report) name() section {
	c := r.Connector
	if c.ClassName == "" {
		return section{}
	}
	head := "**" + Code(Cut(c.ClassName, 200)) + "**"
	if t, known := connector.LinkType(c.Type); known {
		head += " · " + t
	} else if c.Type != "" {
		head += " · " + Code(Cut(c.Type, 50))
	}
	if c.Version != "" {
		head += " · version&nbsp;" + Code(Cut(c.Version, 100))
	}
	return section{thing: "name", share: 50, head: head + "\n"}
}

func (r *Report) failureSection(most int) section {
	failures := r.Failures()
	if len(failures) == 0 {
		return section{}
	}
	return section{
		thing: "failure", share: 25, n: len(failures), more: "- and %d more\n",
		head: "#### ❌ " + Plural(len(failures), "failure") + "\n\n",
		row: func(i int) string {
			s := failures[i]
			return fmt.Sprintf("- **%s**: %s%s\n", cmp.Or(Prose(Cut(s.Name, 100)), "step"), Prose(Cut(s.Detail, most)), line("Do", Cut(s.Hint, most)))
		},
	}
}

// findingSection lists the findings of one severity. Why a rule is there is said
// once.
func (r *Report) findingSection(severity check.Severity, o Origin, most int) section {
	var findings []check.Finding
	first := map[string]int{} // of each rule
	for _, f := range r.Findings {
		if (f.Severity == check.Error) == (severity == check.Error) {
			if _, seen := first[f.Rule]; !seen {
				first[f.Rule] = len(findings)
			}
			findings = append(findings, f)
		}
	}
	icon, beyond := "❌ ", r.omitted().Errors
	if severity != check.Error {
		icon, beyond = "⚠️ ", r.omitted().Warnings
	}
	if len(findings)+beyond == 0 {
		return section{}
	}
	thing := string(severity)
	return section{
		thing: thing, share: 45, n: len(findings), beyond: beyond, more: "- and %d more\n",
		head: "#### " + icon + Plural(len(findings)+beyond, thing) + "\n\n",
		row: func(i int) string {
			f, why := findings[i], ""
			if first[f.Rule] == i {
				why = reason(f.Rule)
			}
			return fmt.Sprintf("- %s%s &#91;%s&#93;%s%s\n", place(f, o, r.Connector.ConfigPath), Prose(Cut(f.Message, most)), Prose(Cut(f.Rule, 100)), line("Why", why), line("Do", Cut(f.Advice, most)))
		},
	}
}

// reason is why there is a rule, "" if there is none of that name.
func reason(id string) string {
	if i := slices.IndexFunc(check.Rules, func(r check.Rule) bool { return r.ID == id }); i >= 0 {
		return check.Rules[i].Why
	}
	return ""
}

// place is where a finding is, with a link to it if it is in the repository: a
// jar, which has no lines, most often is not.
func place(f check.Finding, o Origin, configPath string) string {
	if f.Path == "" {
		return ""
	}
	text := Cut(f.Path, 300)
	if f.At.Line > 0 {
		text += fmt.Sprintf(":%d", f.At.Line)
	}
	shown := Code(text)
	if u := o.file(f.Path, f.At.Line); u != "" && (f.At.Line > 0 || f.Path == configPath) {
		shown = "[" + shown + "](" + u + ")"
	}
	return "**" + shown + "** "
}

// line is one more line of a list's item.
func line(label, s string) string {
	if s == "" {
		return ""
	}
	return "<br>" + label + ": " + Prose(s)
}

// footer says what made the page, of what.
func (r *Report) footer(o Origin) string {
	parts := []string{"glue-connector " + Prose(Cut(r.Version, 100))}
	if o.Home() != "" && commitPattern().MatchString(o.Commit) {
		parts = append(parts, fmt.Sprintf("[%s](%s/commit/%s)", Code(o.Commit[:7]), o.Home(), o.Commit))
	}
	if o.Home() != "" && o.PullRequest > 0 {
		parts = append(parts, fmt.Sprintf("[pull request %d](%s/pull/%d)", o.PullRequest, o.Home(), o.PullRequest))
	}
	if run := o.run(); run != "" {
		parts = append(parts, run)
	}
	if len(parts) == 1 {
		return ""
	}
	return "\n<sub>" + strings.Join(parts, " · ") + "</sub>\n"
}
